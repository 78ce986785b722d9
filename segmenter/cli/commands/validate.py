"""``segmenter validate``: the file by itself, then against the server where one is reachable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmenter.cli.command import argument, connection_options, formats, make_command, option
from segmenter.cli.connection import connection_of, connector, open_crm
from segmenter.cli.consultant import check_consultant
from segmenter.cli.output import as_json, print_json, say
from segmenter.errors import ConnectionFailed, Problem, SegmenterError, SpecError, UsageError
from segmenter.i18n import N_, _, ngettext
from segmenter.reports import findings, notices
from segmenter.resolving.examples import unknown
from segmenter.resolving.labels import is_no_name, named_by, written_as_labels
from segmenter.resolving.resolve import resolve
from segmenter.spec import load, loads_draft, locate
from segmenter.spec.load import text_of
from segmenter.spec.looks import looks
from segmenter.spec.model import Spec
from segmenter.spec.settling import asked_and_written


@make_command(
    "validate",
    N_(
        "Say everything that is wrong with SPEC, each at its line: first the file by itself, then its names and fields "
        "on the server, if one is reachable and a key is at hand."
    ),
    [
        ("segmenter validate viveros.yaml", N_("File and server")),
        ("segmenter validate viveros.yaml --offline", N_("The file alone")),
    ],
)
@argument("spec")
@option("--offline", is_flag=True, help=N_("Ask no server."))
@formats()
@connection_options
def command(spec: str, offline: bool) -> None:
    """Prints the problems. Raises `SpecError` if there are any."""
    unseen = not offline
    try:
        loaded = load(spec)
        check_consultant(loaded)
        unseen = False
        where = "" if offline or loaded.odoo is None else _against_server(loaded)
    except SpecError as error:
        problems = error.problems if offline else _named_by_the_crm(spec, error.problems)
        if as_json():
            print_json("validation", findings.problems(problems))
        raise SpecError((*problems, *_unseen(spec)) if unseen else problems) from None
    seen = (Problem(look.path, notices.sentence(look.notice)) for look in looks(loaded))
    facts = [locate(loaded, fact) for fact in (*asked_and_written(loaded), *seen)]
    if not where:
        facts += written_as_labels(loaded)
    if as_json():
        print_json("validation", findings.problems((), facts))
    for fact in facts:
        say(str(fact), "yellow")
    segments = sum(len(segmentation.all_segments) for segmentation in loaded.segmentations)
    sentence = ngettext(
        "{file} holds ({where}): {number} segment", "{file} holds ({where}): {number} segments", segments
    )
    say(sentence.format(file=spec, where=where or _("the file alone"), number=segments), "green")


def _named_by_the_crm(file: str, problems: Sequence[Problem]) -> Sequence[Problem]:
    """The problems of a file; of keys that are no field names, with the fields that the server calls so.

    It is asked for that alone, where it can be reached.
    """
    if not any(map(is_no_name, problems)):
        return problems
    draft, _same = loads_draft(text_of(file), file)
    try:
        crm = open_crm(draft, connector(connection_of(draft), ask=False)())
        return named_by(problems, draft.scope.model, crm.catalog)
    except SegmenterError:
        return problems


def _unseen(file: str) -> Iterator[Problem]:
    """What a wrong file keeps from being looked at."""
    try:
        draft, _same = loads_draft(text_of(file), file)
    except SegmenterError:
        return
    if draft.odoo is not None:
        what = _("The names in it (stages, tags, people) were not looked up in Odoo yet")
        yield Problem((), what, _("they are once the file itself holds: mend it and validate again"))


def _against_server(spec: Spec) -> str:
    """Resolves every name on the server. Returns what was checked, in words; "" where none was. Raises `SpecError`."""
    try:
        crm = open_crm(spec, connector(connection_of(spec), ask=False)())
    except (ConnectionFailed, UsageError) as error:
        say(_("Not checked against the server: {why}").format(why=error), "yellow")
        return ""
    problems: list[Problem] = []
    try:
        resolve(spec, crm.reader, crm.catalog, crm.clock)
    except SpecError as error:
        problems += error.problems
    problems += unknown(spec, crm.reader, crm.catalog, crm.clock)
    if problems:
        raise SpecError(problems)
    return _("the file, and its names on {url}").format(url=crm.reader.identity.url)
