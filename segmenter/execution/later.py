"""What later runs of ours wrote over what a run wrote: to an undo that is no person's edit.

It is left all the same, and named with the run to undo first: what that run gives back is what this one wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from segmenter.execution.cells import Pending
from segmenter.execution.judging import Verdict
from segmenter.execution.rules import Rules
from segmenter.i18n import _
from segmenter.ledger import Applied, Ledger, Left, Run
from segmenter.plans.changes import Change, ConfigChange, Json
from segmenter.plans.plan import Plan


@dataclass(frozen=True)
class Explained:
    """Something that is not written. ``by``: the run of ours that wrote it later, "" where a person did."""

    left: Left
    by: str = ""


Explain = Callable[[Sequence[Verdict], Rules], list[tuple[Verdict, list[Explained]]]]
"""Gives the verdicts, each with what it leaves and why."""


def by_people(verdicts: Sequence[Verdict], rules: Rules) -> list[tuple[Verdict, list[Explained]]]:
    """Whatever is found instead of what we expect is a person's."""
    return [(verdict, list(_explained(verdict, {}, rules))) for verdict in verdicts]


@dataclass(frozen=True)
class _Family:
    """An apply of another plan and its resumes. ``refs``: ids of what it made; ``unknown``: records that it may
    have written: the ledger does not say."""

    root: str
    plan: str
    applied: Applied
    refs: Mapping[int, int]
    unknown: frozenset[int]

    @classmethod
    def of(cls, ledger: Ledger, runs: Sequence[Run]) -> _Family:
        root = runs[0].root
        batches = [batch for run in runs for batch in ledger.unsettled(run.id) if batch.what["kind"] != "config"]
        unknown = frozenset(record for batch in batches for record in batch.unknown)
        return cls(root, runs[0].plan, ledger.applied(root), dict(ledger.config_ids(root)), unknown)

    def wrote(self, record: int, field: str) -> bool:
        """Whether it wrote this field of a record, or may have, and has not taken it back."""
        if record in self.unknown or record in self.applied.altered.get(field, {}):
            return True
        return self.applied.has(record, field)

    def around(self, change: Change, rules: Rules) -> tuple[Json, Json]:
        """What it found, and what it left behind: what it wrote, or what the server made of that."""
        mine = replace(rules, refs=self.refs)
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
        here = (self.plan.identity.server["url"], self.plan.identity.server["database"], self.plan.identity.model)
        same = {plan.id for plan in self.ledger.plans() if (plan.url, plan.database, plan.model) == here}
        families: dict[str, list[Run]] = defaultdict(list)
        for run in self.ledger.runs():
            if run.kind != "undo" and run.plan in same and run.root != self.root:
                families[run.root].append(run)
        later = [runs for runs in families.values() if _number(runs[-1].id) > _number(self.root)]
        later.sort(key=lambda runs: _number(runs[-1].id), reverse=True)
        return [_Family.of(self.ledger, runs) for runs in later]

    def explain(self, verdicts: Sequence[Verdict], rules: Rules) -> list[tuple[Verdict, list[Explained]]]:
        """The verdicts, each with what it leaves, for the person or for the run of ours that wrote it later.

        What a later run happens to have put back is left too: to undo that run would take it away again.
        """
        looked_at = [verdict.record for verdict in verdicts if verdict.differing or verdict.there]
        written = self._written(looked_at)
        judged = [_there_no_more(verdict, written, rules) for verdict in verdicts]
        return [(verdict, list(_explained(verdict, written, rules))) for verdict in judged]

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
        return next((family.root for family in self.families if family.wrote(record, field)), "")

    def _written(self, records: Sequence[int]) -> _Written:
        found: dict[tuple[int, str], list[tuple[_Family, Change]]] = defaultdict(list)
        for family in self.families if records else ():
            for change in self.ledger.changes(family.plan, records=records):
                if not change.pin and family.wrote(change.record, change.field):
                    found[change.record, change.field].append((family, change))
        return found


def undo_first(run: str) -> str:
    """What to do about something that a later run wrote."""
    return _("{run} wrote it; undo {run} first").format(run=run)


def _there_no_more(verdict: Verdict, written: _Written, rules: Rules) -> Verdict:
    """With what a later run put where this undo wants it among what differs."""
    put = [
        change
        for change in verdict.there
        if _over(change, change.after, written.get((verdict.record, change.field), ()), rules)[1]
    ]
    if not put:
        return verdict
    there = tuple(change for change in verdict.there if change not in put)
    return replace(verdict, there=there, differing=(*verdict.differing, *((change, change.after) for change in put)))


def _explained(verdict: Verdict, written: _Written, rules: Rules) -> Iterator[Explained]:
    record, runs = verdict.record, list[str]()
    for change, found in verdict.differing:
        run, ours = _over(change, found, written.get((record, change.field), ()), rules)
        runs.append(run if ours else "")
        left = Left(record, "", change.field, "conflict", change.before, found, "")
        if ours:
            yield Explained(replace(left, outcome="overwritten", detail=undo_first(run)), run)
        elif not change.quiet:
            yield Explained(replace(left, detail=_("and {run} wrote it after that").format(run=run) if run else ""))
    for change, found in verdict.held:
        left = Left(record, "", change.field, "conflict", change.before, found, "")
        if runs and all(runs):
            detail = _("it goes back only together with what {run} wrote; undo {run} first").format(run=runs[0])
            yield Explained(replace(left, outcome="overwritten", detail=detail), runs[0])
        else:
            yield Explained(replace(left, detail=_("it goes back only together with what somebody changed")))


def _over(change: Pending, found: Json, written: Sequence[tuple[_Family, Change]], rules: Rules) -> tuple[str, bool]:
    """The newest run whose value is found ("" if none), and whether runs of ours alone led from our value to it."""
    newest, value = "", found
    for family, later in written:
        before, after = family.around(later, rules)
        if isinstance(value, list):
            # Of tags a run wrote those that it added and took away, and ours looks at its own alone.
            mine = rules.owned[change.field]
            added, gone = (mine.intersection(tags) for tags in (_minus(after, before), _minus(before, after)))
            if not (added or gone) or not added <= set(value) or gone & set(value):
                break
            value = sorted((set(value) - added) | gone)
        elif rules.same(change.field, value, after):
            value = before
        else:
            break
        newest = newest or family.root
        if rules.same(change.field, value, change.before):
            return newest, True
    return newest, False


def _minus(these: Json, those: Json) -> set[int]:
    return set(these or ()) - set(those or ())


def _number(run: str) -> int:
    return int(run[1:])
