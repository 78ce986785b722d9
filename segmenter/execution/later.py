"""What later runs of ours wrote over what a run wrote: to an undo that is no person's edit.

It is left all the same, and named with the run to undo first: what that run gives back is what this one wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from segmenter.execution.steps import Terms, Verdict
from segmenter.i18n import _
from segmenter.ledger import Applied, Ledger, Left, Run
from segmenter.planning.model import Change, ConfigChange, Json, Plan


@dataclass(frozen=True)
class Explained:
    """Something that is not written. ``by``: the run of ours that wrote it later, "" where a person did."""

    left: Left
    by: str = ""


Explain = Callable[[Sequence[Verdict], Terms], list[tuple[Verdict, list[Explained]]]]
"""Gives the verdicts, each with what it leaves and why."""


def by_people(verdicts: Sequence[Verdict], terms: Terms) -> list[tuple[Verdict, list[Explained]]]:
    """Whatever is found instead of what we expect is a person's."""
    return [(one, list(_explained(one, {}, terms))) for one in verdicts]


@dataclass(frozen=True)
class _Family:
    """An apply of another plan and its resumes. ``refs``: ids of what it made; ``doubtful``: records of which nobody
    knows whether it wrote them."""

    root: str
    plan: str
    applied: Applied
    refs: Mapping[int, int]
    doubtful: frozenset[int]

    @classmethod
    def of(cls, ledger: Ledger, runs: Sequence[Run]) -> _Family:
        root = runs[0].root
        batches = [batch for run in runs for batch in ledger.unsettled(run.id) if batch.what["kind"] != "config"]
        doubtful = frozenset(record for batch in batches for record in batch.unknown)
        return cls(root, runs[0].plan, ledger.applied(root), dict(ledger.config_ids(root)), doubtful)

    def wrote(self, change: Change) -> bool:
        """Whether it wrote this change, or may have, and has not taken it back."""
        if change.record in self.doubtful or change.record in self.applied.altered.get(change.field, {}):
            return True
        return self.applied.has(change.record, change.field)

    def around(self, change: Change, terms: Terms) -> tuple[Json, Json]:
        """What it found, and what it left behind: what it wrote, or what the server made of that."""
        mine = replace(terms, refs=self.refs)
        after = self.applied.altered.get(change.field, {}).get(change.record, change.after)
        return mine.value(change.field, change.before), mine.value(change.field, after)


_Written = Mapping[tuple[int, str], Sequence[tuple[_Family, Change]]]
"""What later families wrote, by record and field, the newest first."""


@dataclass(frozen=True)
class LaterRuns:
    """The runs after those of one family, on the same database and model, as far as they still stand."""

    ledger: Ledger
    plan: Plan
    root: str

    @cached_property
    def families(self) -> list[_Family]:
        """The newest first: the order in which they are to be undone."""
        here = (self.plan.server["url"], self.plan.server["database"], self.plan.model)
        same = {one.id for one in self.ledger.plans() if (one.url, one.database, one.model) == here}
        families: dict[str, list[Run]] = defaultdict(list)
        for run in self.ledger.runs():
            if run.kind != "undo" and run.plan in same and run.root != self.root:
                families[run.root].append(run)
        later = [runs for runs in families.values() if _number(runs[-1].id) > _number(self.root)]
        later.sort(key=lambda runs: _number(runs[-1].id), reverse=True)
        return [_Family.of(self.ledger, runs) for runs in later]

    def explain(self, verdicts: Sequence[Verdict], terms: Terms) -> list[tuple[Verdict, list[Explained]]]:
        """The verdicts, each with what it leaves, for the person or for the run of ours that wrote it later.

        What a later run happens to have put back is left too: to undo that run would take it away again.
        """
        doubtful = [one.step.record for one in verdicts if one.differing or one.there]
        written = self._written(doubtful)
        judged = [_there_no_more(one, written, terms) for one in verdicts]
        return [(one, list(_explained(one, written, terms))) for one in judged]

    def altered(self, change: ConfigChange, id: int) -> str:
        """The newest run that altered what this change is about; "" where none did."""
        for family in self.families:
            made = self.ledger.created(family.root)
            for other in self.ledger.plan(family.plan).config:
                if other.ref in made and (other.model, other.id) == (change.model, id):
                    return family.root
        return ""

    def holder(self, record: int, field: str) -> str:
        """The newest of them that wrote this field of a record and was not undone; "" for none."""
        change = Change(record, "", field, None, None, "", "")
        return next((family.root for family in self.families if family.wrote(change)), "")

    def _written(self, records: Sequence[int]) -> _Written:
        found: dict[tuple[int, str], list[tuple[_Family, Change]]] = defaultdict(list)
        for family in self.families if records else ():
            for change in self.ledger.changes(family.plan, records=records):
                if not change.pin and family.wrote(change):
                    found[change.record, change.field].append((family, change))
        return found


def undo_first(run: str) -> str:
    """What to do about something that a later run wrote."""
    return _("{run} wrote it; undo {run} first").format(run=run)


def _there_no_more(verdict: Verdict, written: _Written, terms: Terms) -> Verdict:
    """With what a later run put where this undo wants it among what differs."""
    put = [
        change
        for change in verdict.there
        if _over(change, change.after, written.get((change.record, change.field), ()), terms)[1]
    ]
    if not put:
        return verdict
    there = tuple(change for change in verdict.there if change not in put)
    return replace(verdict, there=there, differing=(*verdict.differing, *((one, one.after) for one in put)))


def _explained(verdict: Verdict, written: _Written, terms: Terms) -> Iterator[Explained]:
    step, runs = verdict.step, list[str]()
    for change, found in verdict.differing:
        run, ours = _over(change, found, written.get((step.record, change.field), ()), terms)
        runs.append(run if ours else "")
        left = Left(step.record, step.name, change.field, "conflict", change.before, found, "")
        if ours:
            yield Explained(replace(left, outcome="overwritten", detail=undo_first(run)), run)
        elif change.field not in step.quiet:
            yield Explained(replace(left, detail=_("and {run} wrote it after that").format(run=run) if run else ""))
    for change, found in verdict.held:
        left = Left(step.record, step.name, change.field, "conflict", change.before, found, "")
        if runs and all(runs):
            detail = _("it goes back only together with what {run} wrote; undo {run} first").format(run=runs[0])
            yield Explained(replace(left, outcome="overwritten", detail=detail), runs[0])
        else:
            yield Explained(replace(left, detail=_("it goes back only together with what somebody changed")))


def _over(change: Change, found: Json, written: Sequence[tuple[_Family, Change]], terms: Terms) -> tuple[str, bool]:
    """The newest run whose value is found ("" if none), and whether runs of ours alone led from our value to it."""
    newest, value = "", found
    for family, later in written:
        before, after = family.around(later, terms)
        if isinstance(value, list):
            # Of tags a run wrote those that it added and took away, and ours looks at its own alone.
            mine = terms.owned[change.field]
            added, gone = (mine.intersection(one) for one in (_minus(after, before), _minus(before, after)))
            if not (added or gone) or not added <= set(value) or gone & set(value):
                break
            value = sorted((set(value) - added) | gone)
        elif terms.same(change.field, value, after):
            value = before
        else:
            break
        newest = newest or family.root
        if terms.same(change.field, value, change.before):
            return newest, True
    return newest, False


def _minus(these: Json, those: Json) -> set[int]:
    return set(these or ()) - set(those or ())


def _number(run: str) -> int:
    return int(run[1:])
