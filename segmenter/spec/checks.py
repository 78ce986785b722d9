"""Checks a spec of the right form, before any server is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from segmenter.address import HOST
from segmenter.conditions.near import did_you_mean
from segmenter.errors import Path, Problem
from segmenter.i18n import _
from segmenter.plans.expected import Range
from segmenter.spec import consultant
from segmenter.spec.build import TAG_FIELDS
from segmenter.spec.favourites import check_favourites
from segmenter.spec.fields import conversions, custom_fields
from segmenter.spec.model import Assign, Client, Segmentation, Spec
from segmenter.spec.reach import unreachable
from segmenter.spec.writes import clashes

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3}|_\d{3})?(@[a-z]+)?")


def check(spec: Spec) -> list[Problem]:
    """Every problem of meaning. Parts that were left out for their form are skipped."""
    return [
        *client_problems(spec.client),
        *consultant.problems(spec.consultant),
        *_connection(spec),
        *_names(spec),
        *_stores(spec),
        *_contacts(spec),
        *_ranges(spec),
        *_limits(spec),
        *custom_fields(spec),
        *conversions(spec),
        *clashes(spec),
        *unreachable(spec),
        *check_favourites(spec),
    ]


def client_problems(client: Client) -> Iterator[Problem]:
    """What is wrong with a client's time zone and language."""
    zone, language = client.timezone, client.language
    if zone not in _zones():
        what = _("There is no time zone {name}").format(name=zone)
        usual = _("write one such as America/Santiago, America/Lima or Europe/Madrid")
        yield Problem(("client", "timezone"), what, did_you_mean(zone, sorted(_zones()), usual))
    if not _LANGUAGE.fullmatch(language):
        what = _("{name} is not the code of a language").format(name=language)
        yield Problem(("client", "language"), what, _("write it as Odoo does: es_CL, es_PE, es_ES, en_US"))


@cache
def _zones() -> set[str]:
    """The names of all time zones; asking the system takes a while."""
    return available_timezones()


def _connection(spec: Spec) -> Iterator[Problem]:
    if spec.odoo is None or not spec.odoo.url:
        return
    try:
        address = urlsplit(spec.odoo.url)
        sound = address.scheme in ("http", "https") and HOST.fullmatch(address.hostname or "") is not None
        sound = sound and (address.port or 1) > 0
    except ValueError:  # a port that is no number, brackets that do not match
        sound = False
    if not sound:
        yield Problem(("odoo", "url"), _("This is not the address of a server"), _("write it as https://name.example"))


def _names(spec: Spec) -> Iterator[Problem]:
    """Names that are used twice; a difference in capitals does not count."""
    seen: dict[str, Path] = {}
    for segmentation in spec.segmentations:
        if not segmentation.name:
            continue
        if segmentation.name.casefold() in seen:
            what = _("Two segmentations are called {name}").format(name=segmentation.name)
            yield Problem((*segmentation.path, "name"), what, _("give one of them another name"))
        seen[segmentation.name.casefold()] = segmentation.path
    for segmentation in spec.segmentations:
        taken: set[str] = set()
        for segment in segmentation.all_segments:
            if segment.name and segment.name.casefold() in taken:
                what = _("Two segments of {segmentation} are called {name}")
                what = what.format(segmentation=segmentation.name, name=segment.name)
                yield Problem((*segment.path, "name"), what, _("give one of them another name, or join them with any:"))
            taken.add(segment.name.casefold())


def _stores(spec: Spec) -> Iterator[Problem]:
    field = TAG_FIELDS.get(spec.scope.model)
    if field is None:
        return
    word, other = ("tags", "categories") if field == "tag_ids" else ("categories", "tags")
    for segmentation in spec.segmentations:
        store = segmentation.store
        if store is None:
            yield from _values_without_store(segmentation)
            continue
        path = (*segmentation.path, "store", store.kind)
        if store.kind == other:
            what = _("{model} has no {other}").format(model=spec.scope.model, other=other)
            yield Problem(path, what, _("use {word}: in place of {other}:").format(word=word, other=other))
        elif store.property and field != "tag_ids":
            what = _("{model} has no {other}").format(model=spec.scope.model, other=_("properties"))
            yield Problem((*segmentation.path, "store", "property"), what, _("properties are of leads: store a field"))
        elif store.kind == "field" and store.field == field:
            what = _("{field} holds many values, and a store of one field holds one").format(field=field)
            yield Problem(path, what, _("write store: {{{word}: exclusive}} or {{{word}: many}}").format(word=word))
        elif store.kind != "field":
            for segment in segmentation.all_segments:
                if segment.value is not None and (not isinstance(segment.value, str) or not segment.value.strip()):
                    what = _("The value of segment {name} is the name of a tag, so it must be text")
                    yield Problem((*segment.path, "value"), what.format(name=segment.name), _("put it in quotes"))


def _values_without_store(segmentation: Segmentation) -> Iterator[Problem]:
    for segment in segmentation.all_segments:
        if segment.value is not None:
            what = _("Segment {name} has a value, and its segmentation no store to write it to")
            yield Problem(
                (*segment.path, "value"),
                what.format(name=segment.name),
                _("add store: to the segmentation, or use set:"),
            )


def _contacts(spec: Spec) -> Iterator[Problem]:
    """Wrong uses of ``include_contacts``: leads have no contacts, and a company goes to one person."""
    for segmentation in spec.segmentations:
        if not segmentation.include_contacts:
            continue
        path = (*segmentation.path, "include_contacts")
        if spec.scope.model != "res.partner":
            what = _("{model} has no contacts to include").format(model=spec.scope.model)
            yield Problem(path, what, _("delete the key: it is for specs on res.partner"))
        for segment in segmentation.all_segments:
            for action in segment.actions:
                if isinstance(action, Assign) and (len(action.people) > 1 or action.cap):
                    what = _("A company and its contacts could be given to different people")
                    yield Problem(action.path, what, _("name one person without a cap, or leave out include_contacts"))


def _ranges(spec: Spec) -> Iterator[Problem]:
    expected: list[tuple[Path, Range | None]] = [(("scope", "expect"), spec.scope.expect)]
    expected += [
        ((*segment.path, "expect"), segment.expect)
        for segmentation in spec.segmentations
        for segment in segmentation.all_segments
    ]
    for path, found in expected:
        if found is not None:
            yield from _range(path, found)
    scope = spec.scope.expect
    if scope and any(end and end.percent for end in (scope.least, scope.most)):
        what = _("The size of the scope cannot be a percentage, for there is nothing it is part of")
        yield Problem(("scope", "expect"), what, _("write numbers of records: 400..1500"))


def _range(path: Path, found: Range) -> Iterator[Problem]:
    low, high = found.least, found.most
    if any(end and end.percent and end.number > 100 for end in (low, high)):
        yield Problem(path, _("A part cannot be more than 100%"), _("write a percentage up to 100%"))
    elif low and high and low.percent == high.percent and low.number > high.number:
        yield Problem(path, _("The range is upside down"), _("write the lower end first"))


def _limits(spec: Spec) -> Iterator[Problem]:
    for name in ("changes", "overwrites", "removed_tags", "moved_stages", "portfolio", "new_contacts"):
        limit = getattr(spec.limits, name)
        if limit and limit.percent and limit.number > 100:
            what = _("A part cannot be more than 100%")
            yield Problem(("limits", name), what, _("write a percentage up to 100%, or off for no limit"))
