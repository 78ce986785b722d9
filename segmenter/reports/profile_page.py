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
    named,
    notes,
    origin,
    points,
    remaining,
    remarks,
    repeated,
    titled_by,
)
from segmenter.reports.profile_charts import Bar, bars
from segmenter.reports.text import Style, clean


def html(profile: Profile) -> str:
    """The whole file. Its size grows with the fields, not with the records."""
    style = Style(profile.language, profile.timezone)
    return page(
        "profile.html",
        style,
        css=("review.css", "profile.css"),
        profile=profile,
        heading=heading(profile, style),
        title=titled_by(profile, style),
        origin=origin(profile, style),
        telling=[known for known in profile.fields if known.values or known.spread],
        filled=[
            Bar(known.label, known.filled, name=known.name)
            for known in profile.fields
            if not known.values and not known.spread
        ],
        remarks=[clean(sentence) for sentence in remarks(profile, style)],
        figures=list(_figures(profile, style)),
        named=named,
        across=lambda by, label: across(by, label, style),
        remaining=remaining,
        points=points,
        amount=lambda field, value: amount(field, value, style),
        average_head=lambda field: average_head(field, profile),
        repeated=lambda duplicates: repeated(duplicates, style),
        bars=lambda field: bars(field, profile, style),
        notes=lambda field: [clean(note) for note in notes(field, style)],
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
