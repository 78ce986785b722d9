"""Which of the rights that a spec needs the work user has, in words; and whether the declared fields are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segmenter.checking.by_hand import steps
from segmenter.checking.findings import Finding, failed
from segmenter.errors import Problem, SegmenterError
from segmenter.i18n import _, some_of
from segmenter.model_names import plural_name
from segmenter.notice import Notice
from segmenter.odoo.faults import may_not
from segmenter.odoo.reader import OdooReader
from segmenter.resolving import custom_fields, rights
from segmenter.resolving.custom_fields import cannot_make, may_make
from segmenter.resolving.resolved import Resolved
from segmenter.resolving.rights import MOST_NAMES, lacking, left_behind, out_of_sight, receivers

SALES = frozenset(
    {"crm.lead", "crm.stage", "crm.tag", "ir.filters", "res.partner", "res.partner.category"}
    | {"crm.lost.reason", "crm.team", "res.country", "res.country.state", "res.users"}
    | {"utm.campaign", "utm.medium", "utm.source"}
)
"""Models on which the group Sales: all documents has all the rights that a spec can need, but for stages to create
(measured, 14 and 19)."""


WORDED = (
    rights.LACKING,
    rights.OUT_OF_SIGHT,
    rights.UNDELETABLE,
    custom_fields.CANNOT_MAKE,
    custom_fields.CANNOT_ADD,
)
"""Codes of the notices that `in_words` words."""


def in_words(notice: Notice) -> Problem:
    """What the work user may not do or take back, and what to do about it: a notice of `resolving`."""
    match notice.code:
        case rights.LACKING:
            model, operation = notice.name("model"), notice.name("operation")
            what = may_not(operation, model) + _what_for(notice.all_names("records"), notice.number())
            return Problem((), what, _remedy(model, operation))
        case rights.OUT_OF_SIGHT:
            what = _(
                "The work user sees its own documents only: "
                "what it gives to somebody else it cannot see, check or give back"
            )
            return Problem((), what, _("give the work user the group Sales: all documents"))
        case rights.UNDELETABLE:
            records = plural_name(notice.name("model")) + _what_for(notice.all_names("records"), notice.number())
            sentence = _("An undo leaves these, which the work user may not delete: {records}")
            return Problem((), sentence.format(records=records))
        case custom_fields.CANNOT_MAKE:
            what = _("The work user may not make the field {field}").format(field=notice.name("field"))
            return Problem((), f"{what}: {steps(notice)}")
        case custom_fields.CANNOT_ADD:
            what = _("The work user may not add values to the field {field}").format(field=notice.name("field"))
            return Problem((), f"{what}: {steps(notice)}")
    raise ValueError(notice.code)


def rights_findings(resolved: Resolved, reader: OdooReader) -> Iterator[Finding]:
    """A line for each right that the spec needs, and for what an undo would leave without another one."""
    for (model, operation), names in sorted(resolved.rights.items()):
        try:
            allowed = reader.may(model, operation)
        except SegmenterError as error:
            yield failed("rights", error)
            continue
        if not allowed:
            yield _error(lacking(model, operation, names))
            continue
        yield Finding("ok", "rights", _may(operation, model) + _what_for(names[:MOST_NAMES], len(names)))
        if operation == "create" and not reader.may(model, "unlink"):
            yield Finding("note", "rights", in_words(left_behind(model, names)).what)
    for notice in out_of_sight(resolved.model, receivers(resolved.effects()), reader):
        yield _error(notice)


def fields_findings(resolved: Resolved, reader: OdooReader) -> Iterator[Finding]:
    """Of each declared field whether it is there, the plan would make it, or an administrator must."""
    for field in resolved.fields:
        name = field.declared.name
        if field.differs:
            yield Finding(
                "error", "fields", field.differs, _("give it another name, or have the field in Odoo put right")
            )
        elif field.complete:
            yield Finding("ok", "fields", _("The field {field} is there").format(field=name))
        else:
            what = _("The field {field} does not exist").format(field=name)
            if field.existing is not None:
                values = ", ".join(field.missing)
                what = _("The field {field} has no values {values}").format(field=name, values=values)
            if may_make(field, reader):
                yield Finding("ok", "fields", _("{what}: the plan makes it").format(what=what))
            else:
                yield Finding("error", "fields", what, steps(cannot_make(field, reader.identity.major)))


def _remedy(model: str, operation: str) -> str:
    if model == "crm.stage" and operation == "create":
        return _("create these stages in Odoo by hand, or make the work user an administrator of Sales for it")
    if model in SALES:
        return _("give the work user the group Sales: all documents")
    return _("ask the client's administrator for that right, or leave what needs it out of the spec")


def _may(operation: str, model: str) -> str:
    sentences = {
        "read": _("The work user may read {records}"),
        "write": _("The work user may change {records}"),
        "create": _("The work user may create {records}"),
    }
    return sentences[operation].format(records=plural_name(model))


def _what_for(names: Sequence[str], number: int) -> str:
    return f" ({some_of(names, number)})" if names else ""


def _error(notice: Notice) -> Finding:
    problem = in_words(notice)
    return Finding("error", "rights", problem.what, problem.todo)
