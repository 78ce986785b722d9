"""The rights that a spec needs: which the work user has, what it cannot do without the others, and who helps."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from segmenter.errors import Problem, SegmenterError
from segmenter.i18n import _, some_of
from segmenter.odoo.by_hand import steps
from segmenter.odoo.custom_fields import may_make, standings
from segmenter.odoo.faults import may_not
from segmenter.odoo.findings import Finding, failed
from segmenter.odoo.needs import Needs
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.work_user import sees_own_only
from segmenter.spec.model import Spec
from segmenter.spec.model_names import plural_name

MOST_NAMES = 30
"""Names in one sentence."""
SALES = frozenset(
    {"crm.lead", "crm.stage", "crm.tag", "ir.filters", "res.partner", "res.partner.category"}
    | {"crm.lost.reason", "crm.team", "res.country", "res.country.state", "res.users"}
    | {"utm.campaign", "utm.medium", "utm.source"}
)
"""Models on which the group Sales: all documents has all the rights that a spec can need, but for stages to create
(measured, 14 and 19)."""


def rights_findings(model: str, needs: Needs, reader: OdooReader) -> Iterator[Finding]:
    """A line for each right that a spec on ``model`` needs, and for what an undo would leave without another one."""
    for (of, operation), reasons in sorted(needs.rights.items()):
        try:
            allowed = reader.may(of, operation)
        except SegmenterError as error:
            yield failed("rights", error)
            continue
        if not allowed:
            yield _error(lacking(of, operation, reasons))
            continue
        yield Finding("ok", "rights", _may(operation, of) + _what_for(reasons))
        if operation == "create" and not reader.may(of, "unlink"):
            yield Finding("note", "rights", undeletable(of, reasons))
    if problem := out_of_sight(model, needs.receivers, reader):
        yield _error(problem)


def fields_findings(spec: Spec, reader: OdooReader) -> Iterator[Finding]:
    """Of each declared field whether it is there, the plan would make it, or an administrator must."""
    for one in standings(spec, reader):
        name = one.declared.name
        if one.differs:
            yield Finding(
                "error", "fields", one.differs, _("give it another name, or have the field in Odoo put right")
            )
        elif one.found is not None and not one.missing:
            yield Finding("ok", "fields", _("The field {field} is there").format(field=name))
        else:
            what = _("The field {field} does not exist").format(field=name)
            if one.found is not None:
                values = ", ".join(one.missing)
                what = _("The field {field} has no values {values}").format(field=name, values=values)
            if may_make(one, reader):
                yield Finding("ok", "fields", _("{what}: the plan makes it").format(what=what))
            else:
                yield Finding("error", "fields", what, steps(one, reader.identity.major))


def lacking(model: str, operation: str, reasons: Sequence[str] = ()) -> Problem:
    """A right that the work user has not: what it is needed for, and what to do about it."""
    return Problem((), may_not(operation, model) + _what_for(reasons), _remedy(model, operation))


def out_of_sight(model: str, receivers: Collection[int], reader: OdooReader) -> Problem | None:
    """Whether a user who sees its own leads alone gives some to others: they would be hidden from it from then on.

    ``receivers``: everybody who can get one. Measured: Odoo 14 does it, and then no undo can; Odoo 19 refuses it.
    """
    if model != "crm.lead" or not set(receivers) - {reader.identity.uid} or not sees_own_only(reader):
        return None
    what = _(
        "The work user sees its own documents only: what it gives to somebody else it cannot see, check or give back"
    )
    return Problem((), what, _("give the work user the group Sales: all documents"))


def undeletable(model: str, names: Sequence[str]) -> str:
    """What an undo leaves behind of what a plan creates: salespeople may create tags, not delete them."""
    sentence = _("An undo leaves these, which the work user may not delete: {records}")
    return sentence.format(records=plural_name(model) + _what_for(names))


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


def _what_for(names: Sequence[str]) -> str:
    return f" ({some_of(names[:MOST_NAMES], len(names))})" if names else ""


def _error(problem: Problem) -> Finding:
    return Finding("error", "rights", problem.what, problem.todo)
