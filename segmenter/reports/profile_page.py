"""A profile as one HTML file for the definition meeting: on a shared screen, on paper, from an e-mail attachment."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter import __version__
from segmenter.i18n import _, ngettext
from segmenter.profiling.model import Profile
from segmenter.reports.pages import page
from segmenter.reports.profile import (
    across,
    amount,
    average_head,
    heading,
    most_of,
    named,
    origin,
    points,
    remaining,
    remarks,
    repeated,
)
from segmenter.reports.text import Style, clean

VALUES = 20
"""Values of a field in its chart."""


def html(profile: Profile) -> str:
    """The whole file. Its size grows with the fields, not with the records."""
    style = Style(profile.language, profile.timezone)
    return page(
        "profile.html",
        style,
        css=("review.css", "profile.css"),
        profile=profile,
        heading=heading(profile, style),
        origin=origin(profile, style),
        telling=[one for one in profile.fields if one.values or one.spread],
        filled=[one for one in profile.fields if not one.values and not one.spread],
        remarks=[clean(sentence) for sentence in remarks(profile, style)],
        figures=list(_figures(profile, style)),
        named=named,
        across=lambda by, label: across(by, label, style),
        remaining=remaining,
        points=points,
        amount=lambda field, value: amount(field, value, style),
        average_head=lambda field: average_head(field, profile),
        repeated=lambda one: repeated(one, style),
        most_of=most_of,
        most=VALUES,
        version=__version__,
    )


def _figures(profile: Profile, style: Style) -> Iterator[tuple[str, str, str]]:
    """Number, label and note of the figures at the top."""
    archived = ngettext("{number} more is archived", "{number} more are archived", profile.archived or 0)
    note = archived.format(number=style.number(profile.archived)) if profile.archived else ""
    yield style.number(profile.records), _("Records"), note
    if profile.without_owner is not None:
        yield (
            style.number(profile.without_owner),
            _("Without a salesperson"),
            _share(profile.without_owner, profile, style),
        )
    if profile.stale:
        stale = profile.stale[0]
        label = _("Open, and untouched for more than {days} days").format(days=stale.days)
        share = _("{share} of the open ones").format(share=style.share(stale.records, stale.opened))
        yield style.number(stale.records), label, share if stale.opened else ""
    if profile.duplicates:
        twice = profile.duplicates[0]
        label = _("With a repeated value: {field}").format(field=twice.label)
        yield style.number(twice.records), label, _share(twice.records, profile, style)


def _share(part: int, profile: Profile, style: Style) -> str:
    return style.share(part, profile.records) if profile.records else ""
