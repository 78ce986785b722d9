"""The agreement as one HTML page that prints on A4, as a text for a mail, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segmenter.i18n import _
from segmenter.reports import jsons
from segmenter.reports.acta_content import Acta, AgreedSegment
from segmenter.reports.pages import page
from segmenter.reports.text import Style


def html(agreed: Acta) -> str:
    """The whole file."""
    segments = [segment for one in agreed.segmentations for segment in one.segments]
    return page(
        "acta.html",
        _style(agreed),
        css=("review.css", "acta.css"),
        acta=agreed,
        title=_title(),
        counted=any(segment.records is not None for segment in segments),
        revenue=any(segment.revenue is not None for segment in segments),
        criterion=_criterion,
        today=_today(agreed, _style(agreed)),
        signers=[agreed.approver or agreed.client, agreed.consultant or _("The consultant")],
    )


def text(agreed: Acta) -> str:
    """As it is pasted into a mail."""
    return "\n".join(_lines(agreed)).strip() + "\n"


def document(agreed: Acta) -> dict[str, Any]:
    """``{"kind": "acta", ...}``, the rest as `acta.Acta`."""
    return dict(jsons.plain(agreed))


def subject(agreed: Acta) -> str:
    """What the mail is about: ``Viveros del Maipo: what we agreed on November 30, 2026``."""
    return _("{client}: what we agreed on {day}").format(client=agreed.client, day=_style(agreed).day(agreed.at))


def _style(agreed: Acta) -> Style:
    return Style(agreed.language, agreed.timezone)


def _title() -> str:
    return _("What we agreed")


def _criterion(segment: AgreedSegment) -> str:
    if segment.criterion is None:
        return _("Still to be agreed")
    return segment.criterion or _("Everything that no other segment takes.").rstrip(".")


def _lines(agreed: Acta) -> Iterator[str]:
    style = _style(agreed)
    yield subject(agreed)
    if agreed.approver:
        yield f"{_('Approves')}: {agreed.approver}"
    if agreed.consultant:
        yield f"{_('Consultant')}: {agreed.consultant}"
    yield from _block(_("Which records"), _scope(agreed, style))
    if agreed.protect:
        yield from _block(_("Never touched"), agreed.protect)
    for one in agreed.segmentations:
        yield from ("", one.name.upper())
        yield from filter(None, (one.description, one.order))
        for number, segment in enumerate(one.segments, 1):
            yield f"{number}. {segment.name} – {_criterion(segment)}{_measured(segment, agreed, style)}"
            if segment.does:
                yield f"   → {'; '.join(segment.does)}"
    if agreed.examples:
        yield from _block(_("Your own examples"), _examples(agreed))
    if agreed.limits:
        yield from _block(_("If more than this would change, nothing is written until you agree"), agreed.limits)
    if agreed.new:
        yield from _block(_("What is new in Odoo"), agreed.new)
    if agreed.open:
        yield from _block(_("Still open"), agreed.open)


def _block(title: str, lines: tuple[str, ...] | Iterator[str]) -> Iterator[str]:
    yield from ("", title.upper(), *(f"- {line}" for line in lines))


def _scope(agreed: Acta, style: Style) -> Iterator[str]:
    yield agreed.scope
    if agreed.scope_count is not None:
        yield _today(agreed, style)
    if agreed.scope_expected:
        yield f"{_('You expected')}: {agreed.scope_expected}"


def _today(agreed: Acta, style: Style) -> str:
    """How many records there are, those that are never touched told apart."""
    number = style.number(agreed.scope_count or 0)
    if not agreed.protected:
        return _("Today there are {number}").format(number=number)
    sentence = _("Today there are {number}, without the {protected} that are never touched")
    return sentence.format(number=number, protected=style.number(agreed.protected))


def _measured(segment: AgreedSegment, agreed: Acta, style: Style) -> str:
    """``(43 opportunities, $ 9.000.000)``, behind a blank."""
    if segment.records is None:
        return ""
    told = [f"{style.number(segment.records)} {agreed.records}"]
    if segment.revenue:
        told.append(style.money(segment.revenue, agreed.currency))
    return f" ({', '.join(told)})"


def _examples(agreed: Acta) -> Iterator[str]:
    for one in agreed.examples:
        about = f"{one.name} ({one.about})" if one.about else one.name
        yield f"{about} → {'; '.join(one.expected)}"
