"""Properties of leads (Odoo 16 and newer): what each team has its leads tell besides, by what people call it.

A team defines them under names of Odoo's own, so that one label may have another name in another team. Which leads hold
what is read of the leads of the teams that have it, since the versions neither search nor group by them alike.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmenter.conditions import properties
from segmenter.conditions.domain import WITH_ARCHIVED
from segmenter.conditions.model import PROPERTIES, PROPERTY
from segmenter.conditions.near import canonical, did_you_mean
from segmenter.conditions.vocabulary import Field, Property, Unanswerable
from segmenter.errors import CannotSend
from segmenter.i18n import _, all_of, ngettext
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.unsent import DEFINITION, LEADS, TEAMS
from segmenter.odoo.values import Json

_TYPES = {
    **dict.fromkeys(("char", "text"), "char"),
    **dict.fromkeys(("selection", "tags"), "selection"),
    **{type_: type_ for type_ in ("integer", "float", "boolean", "date", "datetime")},
}
"""The type of a property -> that of the field that it is compared as; the others lead to records."""


@dataclass
class _Defined:
    """One label: the types that it has in ``teams``, and its options, key -> what people read."""

    kinds: set[str] = field(default_factory=set)
    options: dict[str, str] = field(default_factory=dict)
    teams: set[int] = field(default_factory=set)


class LeadProperties:
    """The properties that the teams of a CRM define, asked once. Raises `Unanswerable` where there are none."""

    def __init__(self, reader: OdooReader) -> None:
        self._reader = reader
        if PROPERTIES not in reader.fields(LEADS) or DEFINITION not in reader.fields(TEAMS):
            raise Unanswerable(
                _("This Odoo has no properties of leads: they came with version 16"), todo=_("use a field instead")
            )
        self._defined: dict[str, _Defined] = {}
        self._teams = reader.search_read(TEAMS, [], ["name", DEFINITION], archived=True)
        for row in self._teams:
            for one in row[DEFINITION] or ():
                about = self._defined.setdefault(canonical(_label(one)), _Defined())
                about.kinds.add(str(one.get("type")))
                about.options.update(_options(one))
                about.teams.add(row["id"])

    def named(self, label: str) -> Property:
        """The property of that label. Raises `Unanswerable` for none, and for one that is no one thing."""
        about = self._defined.get(canonical(label))
        if self._reader.identity.exported:  # no team tells of any: what is said of it is put in words alone
            return Property(Field(LEADS, PROPERTY, "char", label))
        if about is None:
            known = _("there are {names}").format(names=", ".join(self._defined)) if self._defined else ""
            raise Unanswerable(
                _("No team has a property of leads that is called {label}").format(label=label),
                todo=did_you_mean(label, self._defined, known or _("have it made in the CRM first")),
            )
        if len({(_TYPES.get(kind, kind), kind == "tags") for kind in about.kinds}) > 1:
            types = all_of(sorted(about.kinds))
            raise Unanswerable(
                _("{label} is not the same in all teams: {types}").format(label=label, types=types),
                todo=_("give one of them another label in Odoo"),
            )
        kind = min(about.kinds)
        if kind not in _TYPES:
            raise Unanswerable(
                _("The property {label} leads to records, and no condition can ask for it").format(label=label),
                todo=_("use another property, or a field"),
            )
        options = tuple((option, option) for option in dict.fromkeys(about.options.values()))
        return Property(Field(LEADS, PROPERTY, _TYPES[kind], label, selection=options), many=kind == "tags")

    def entries(self, label: str, value: Json) -> dict[int, list[Json]]:
        """Team -> the entry that holds a value, of each team that has the property (`conditions.properties`).

        ``value``: as `named` has it, an option by its words. Raises `Unanswerable` where a team has no such option.
        """
        about = self._defined.get(canonical(label), _Defined())
        found, without = dict[int, list[Json]](), list[str]()
        for row in self._teams:
            for one in row[DEFINITION] or ():
                if canonical(_label(one)) != canonical(label):
                    continue
                key = next((key for key, words in _options(one).items() if words == value), None)
                if about.options and key is None:
                    without.append(row["name"] or str(row["id"]))
                    continue
                written = value if key is None else [key] if one.get("type") == "tags" else key
                found[row["id"]] = properties.entry(one, written)
        if without:
            raise Unanswerable(
                _("{value} is no option of the property {label} in {teams}").format(
                    value=value, label=label, teams=all_of(without)
                ),
                todo=_("ask an administrator to add it there: segmenter makes no options of properties"),
            )
        return found

    def keys(self, label: str, words: Collection[Json]) -> frozenset[str]:
        """The keys of options, of all teams, that are called so."""
        options = self._defined[canonical(label)].options
        return frozenset(key for key, called in options.items() if called in words)

    def held(self, label: str) -> dict[int, Json]:
        """Lead -> what it holds there, as people read it; several as a tuple. Leads that hold nothing are left out.

        Raises `Unanswerable` where the server cannot send what some hold.
        """
        about = self._defined[canonical(label)]
        leads = self._reader.search(LEADS, [*WITH_ARCHIVED, ("team_id", "in", sorted(about.teams))])
        found, skipped = dict[int, Json](), len(self._reader.unreadable)
        try:
            for row in self._reader.read(LEADS, leads, [PROPERTIES]):
                for _name, value, called, _words in properties.entries(row[PROPERTIES]):
                    if canonical(str(called)) == canonical(label):
                        found[row["id"]] = _read(value, about)
            unsent = [what for _of, _id, what in self._reader.unreadable[skipped:] if what.code == "unreadable.error"]
        except CannotSend as error:
            raise Unanswerable(error.what, todo=error.todo) from None
        if unsent:
            raise Unanswerable(
                ngettext(
                    "Odoo cannot send what {number} lead holds in its properties",
                    "Odoo cannot send what {number} leads hold in their properties",
                    len(unsent),
                ).format(number=len(unsent)),
                todo=_("in Odoo, give each of them a value of the property that their team got last, then try again"),
            )
        return found


def _read(value: Any, about: _Defined) -> Json:
    if "tags" in about.kinds:
        return tuple(about.options.get(key, key) for key in value)
    return about.options.get(value, value) if about.options else value


def _label(one: Mapping[str, Any]) -> str:
    return str(one.get("string") or one["name"])


def _options(one: Mapping[str, Any]) -> dict[str, str]:
    """Key -> what people read, of a selection or of tags."""
    listed: Sequence[Sequence[Any]] = one.get("selection") or one.get("tags") or ()
    return {str(key): str(label) for key, label, *_color in listed}
