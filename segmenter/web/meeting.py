"""One meeting: the spec that is edited, the CRM in memory that it is measured on, and what both come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock, Thread
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from segmenter.drafting import Draft, draft
from segmenter.editing import Edit, History, SpecDocument, edit, open_document, save
from segmenter.errors import Problem, SegmenterError, SpecError
from segmenter.i18n import _
from segmenter.measuring import Crm, Figures, Measurer
from segmenter.measuring.checking import Difference, differences
from segmenter.measuring.choices import fields
from segmenter.spec.document import decode
from segmenter.spec.load import draft_of
from segmenter.spec.model import Spec
from segmenter.spec.secrets import remove_secrets
from segmenter.web.sources import Sources


@dataclass
class Reading:
    """The CRM being read. ``done`` of ``total`` questions to it; ``failed``: why it stopped, "" while it goes on."""

    done: int = 0
    total: int = 0
    failed: str = ""


@dataclass(frozen=True)
class Data:
    """The CRM in memory, and when it was read. ``differs``: what the server itself selects otherwise."""

    crm: Crm
    measurer: Measurer
    read_at: datetime
    differs: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class State:
    """What the page shows. ``text``: of the spec, kept apart where it is no YAML. ``figures``: None until the CRM is
    read, and of a text that is no YAML."""

    text: str
    spec: Spec | None
    problems: tuple[Problem, ...]
    figures: Figures | None


@dataclass
class Meeting:
    """The state of one meeting page. Whoever reads or changes it holds ``lock``.

    ``start``, ``saved``: the figures when the meeting began, and of the file as it was last saved. ``revision`` grows
    with every change, so that a tab that shows an older one cannot overwrite a newer. ``plans``: the one under review
    and those made in the meeting, by id. ``closed``: what to say once the meeting is kept in the log.
    """

    sources: Sources
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    lock: RLock = field(default_factory=RLock)
    data: Data | None = None
    reading: Reading | None = None
    start: Figures | None = None
    saved: Figures | None = None
    revision: int = 0
    closed: str = ""
    plans: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = self.now()
        self.plans = [self.sources.plan] if self.sources.plan else []
        self.file = Path(self.sources.spec_file)
        self._on_disk = self.file.read_bytes()
        text = self._saved_text = decode(self._on_disk, self.file.name)
        self._history: History | None = None
        self._broken = ""
        self._draft: tuple[int, Data, Draft | SegmenterError] | None = None
        self.state = State(text, None, (), None)
        self._take_text(text)

    # The spec

    @property
    def document(self) -> SpecDocument | None:
        """The spec as it is edited; None while its text is no YAML."""
        return self._history.document if self._history else None

    @property
    def history(self) -> History | None:
        """The edits so far."""
        return self._history

    @property
    def unsaved(self) -> bool:
        """Whether the text differs from the file."""
        return self.state.text != self._saved_text

    def change(self, change: Edit) -> None:
        """Make one edit. Raises `SegmenterError` where it cannot be made; then nothing is changed."""
        assert self._history is not None
        self._take(self._history.edited(change, self.now()))

    def replace(self, text: str) -> None:
        """Take another text over as a whole. Raises SpecError for one that is no YAML."""
        document = open_document(text, self.file.name)
        self._take(self._history.replaced(document, self.now()) if self._history else History(document))
        self.start = self.start or self.state.figures

    def undo(self) -> None:
        """Take the last edit back, where there is one."""
        if self._history is not None and self._history.done:
            self._take(self._history.undo(self.now()))

    def redo(self) -> None:
        """Make the edit again that was taken back last."""
        if self._history is not None and self._history.undone:
            self._take(self._history.redo(self.now()))

    def save(self) -> None:
        """Write the file.

        Raises `SegmenterError` where somebody else changed it, where it cannot be written, or where a secret is in it.
        """
        if self.document is None:
            raise SegmenterError(
                _("The text is no spec yet"), todo=_("mend it first; the problems are listed beside it")
            )
        _data, secrets = remove_secrets(self.document.data, self.document.text, self.document.positions)
        for problem in secrets:
            raise SegmenterError(problem.what, todo=problem.todo)
        self._on_disk = save(self.document, self.file, expected=self._on_disk)
        self._saved_text = self.document.text
        self.saved = self.state.figures
        self.revision += 1

    def preview(self, change: Edit) -> Figures | None:
        """The figures with an edit that is not made: a threshold that is being moved."""
        assert self.document is not None
        return self._state(edit(self.document, change)).figures

    @property
    def zone(self) -> ZoneInfo:
        """The client's time zone; UTC for a name that is none."""
        try:
            return ZoneInfo(self.state.spec.client.timezone if self.state.spec else "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")

    # The CRM

    @property
    def is_reading(self) -> bool:
        """Whether the CRM is being read."""
        return self.reading is not None and not self.reading.failed

    def read(self, *, wait: bool = False) -> None:
        """Begin to read the CRM, beside what goes on; `reading` tells how far it is. ``wait``: until it is read."""
        with self.lock:
            if self.is_reading:
                return
            self.reading = Reading()
            reader = Thread(target=self._read_crm, args=(self.reading,), daemon=True)
        reader.start()
        if wait:
            reader.join()

    def _read_crm(self, reading: Reading) -> None:
        def told(done: int, total: int) -> None:
            reading.done, reading.total = done, total

        try:
            crm = self.sources.read(told)
            measurer = Measurer(crm)
            if self.state.spec is not None:  # what the first edit needs is worked out before there is a board to edit
                fields(crm, measurer.measure(self.state.spec).model)
            differs = self._against_server(crm)
        except SegmenterError as error:
            reading.failed = str(error)
            return
        except Exception as error:
            reading.failed = _("The CRM could not be read: {reason}").format(reason=type(error).__name__)
            self.sources.failed(error)
            return
        with self.lock:
            self.data = Data(crm, measurer, self.now(), differs)
            self.reading = None
            if self._history is None:
                return
            self.state = self._state(self._history.document)
            if self.start is None:
                self.start = self.saved = self.state.figures
            else:
                self.saved = self._of_saved_text()

    def _against_server(self, crm: Crm) -> tuple[Difference, ...]:
        """What the server itself selects otherwise; of an export nobody can be asked."""
        if self.sources.live is None or self.state.spec is None:
            return ()
        live = self.sources.live()
        return differences(self.state.spec, crm, live.reader, live.catalog, live.clock)

    def drafted(self) -> Draft | SegmenterError:
        """The plan of the spec as it is now on the CRM in memory, made once a revision; why there is none."""
        assert self.data is not None
        if self._draft is None or not self.knows_draft:
            self._draft = self.revision, self.data, self._drafted(self.data.crm)
        return self._draft[2]

    @property
    def knows_draft(self) -> bool:
        """Whether `drafted` answers at once."""
        return self._draft is not None and self._draft[0] == self.revision and self._draft[1] is self.data

    def _drafted(self, crm: Crm) -> Draft | SegmenterError:
        if self.state.problems:
            return SpecError(self.state.problems)
        assert self.state.spec is not None
        try:
            return draft(self.state.spec, crm.reader, crm.catalog, crm.clock)
        except SegmenterError as error:
            return error

    # Both together

    def _take_text(self, text: str) -> None:
        try:
            document = open_document(text, self.file.name)
        except SpecError as error:
            self._history, self.state = None, State(text, None, error.problems, None)
            return
        self._take(History(document))

    def _take(self, history: History) -> None:
        """Goes on with a history once its spec is measured: what fails before changes nothing."""
        self.state = self._state(history.document)
        self._history = history
        self.revision += 1

    def _state(self, document: SpecDocument) -> State:
        spec, problems = draft_of(document.as_read, document.text, document.name)
        if self.data is None:
            return State(document.text, spec, tuple(problems), None)
        crm, untold = self.sources.suited(self.data.crm, spec)
        if crm is not self.data.crm:
            self.data = replace(self.data, crm=crm, measurer=Measurer(crm))
        figures = self.data.measurer.measure(spec)
        told = {problem.path for problem in untold}
        others = (problem for problem in figures.problems if problem.path not in told)
        return State(document.text, spec, tuple(dict.fromkeys((*problems, *untold, *others))), figures)

    def _of_saved_text(self) -> Figures | None:
        try:
            return self._state(open_document(self._saved_text, self.file.name)).figures
        except SpecError:
            return None
