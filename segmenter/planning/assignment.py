"""Who gets a record: in turn, or whoever has fewest open ones, nobody above the cap. Deterministic, in order of id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from segmenter.i18n import _, ngettext
from segmenter.odoo.reader import OdooReader
from segmenter.planning.effects import Effect, Give


class Assignment:
    """Keeps each person's load while a plan is made. ``before`` and ``load``: person -> open records.

    ``strangers``: person -> name, of whom nobody can say how many records they hold.
    """

    def __init__(self, before: dict[int, int], strangers: Mapping[int, str] | None = None) -> None:
        self.before, self.strangers = before, strangers or {}
        self.load = dict(before)
        self.unplaced = 0
        self._turn: dict[tuple[int, ...], int] = {}

    def give(self, effect: Give, holder: int | None, *, weighed: bool = True, weighs: bool = True) -> int | None:
        """The person to hold a record that ``holder`` holds now; ``holder`` again when everybody is at the cap.

        ``weighed``: whether it is open now, so part of the holder's load; ``weighs``: whether it will be.
        """
        free = effect.cap is None or not weighs
        people = [one for one in effect.people if free or self.load.get(one, 0) < (effect.cap or 0)]
        if not people:
            self.unplaced += 1
            return holder
        if effect.by == "least_loaded":
            chosen = min(people, key=lambda one: (self.load.get(one, 0), effect.people.index(one)))
        else:
            chosen = self._next(effect.people, people)
        if holder in self.load:
            self.load[holder] -= weighed
        self.load[chosen] = self.load.get(chosen, 0) + weighs
        return chosen

    def reweigh(self, holder: int | None, *, weighed: bool, weighs: bool) -> None:
        """A record that stays with ``holder`` is closed or reopened."""
        if holder in self.load:
            self.load[holder] += weighs - weighed

    def workload(self, reader: OdooReader) -> dict[str, tuple[int, int]]:
        """Person -> open records before and after, by name; strangers are left out."""
        known = {one: before for one, before in self.before.items() if one not in self.strangers}
        names = reader.names("res.users", list(known)) if known else {}
        return {names.get(one, str(one)): (before, self.load[one]) for one, before in known.items()}

    def warnings(self) -> Iterator[str]:
        """Strangers, and records that nobody could be given."""
        for name in self.strangers.values():
            yield _(
                "The exported file does not say who {name} is; how many records each person would hold is seen with "
                "the server"
            ).format(name=name)
        if self.unplaced:
            yield ngettext(
                "{number} record stays as it is because everybody is at the cap",
                "{number} records stay as they are because everybody is at the cap",
                self.unplaced,
            ).format(number=self.unplaced)

    def _next(self, everybody: tuple[int, ...], free: list[int]) -> int:
        turn = self._turn.get(everybody, 0)
        while everybody[turn % len(everybody)] not in free:
            turn += 1
        self._turn[everybody] = turn + 1
        return everybody[turn % len(everybody)]


def loads(effects: Iterable[Effect], model: str, reader: OdooReader) -> dict[int, int]:
    """Open records of everybody whom one of these effects may give records to."""
    found: dict[int, int] = {}
    for give in effects:
        if isinstance(give, Give):
            found |= open_load(reader, model, give.field.name, set(give.people) - set(found))
    return found


def strangers(effects: Iterable[Effect], model: str, reader: OdooReader) -> dict[int, str]:
    """Person -> name, of those who may be given records and hold none at all.

    On a server they are new; an export may know them by another name, as it shows names where a spec says logins.
    """
    found: dict[int, None] = {}
    for give in effects:
        if isinstance(give, Give):
            held = (one for one in give.people if not reader.count(model, [(give.field.name, "=", one)]))
            found |= dict.fromkeys(held)
    return reader.names("res.users", list(found)) if found else {}


def open_load(reader: OdooReader, model: str, field: str, people: Iterable[int]) -> dict[int, int]:
    """Open records of each person: of leads those not won (archived, so lost, ones never count). One count a person."""
    still_open = ["|", ("stage_id", "=", False), ("stage_id.is_won", "=", False)] if model == "crm.lead" else []
    return {one: reader.count(model, [(field, "=", one), *still_open]) for one in people}
