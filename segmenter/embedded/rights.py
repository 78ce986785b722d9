"""The access rights and record rules of base, utm, sales_team and crm in Odoo 19."""

from __future__ import annotations

from collections.abc import Callable

from segmenter.embedded.faults import AccessError
from segmenter.embedded.tables import Tables

USER = "base.group_user"
OWN = "sales_team.group_sale_salesman"
ALL = "sales_team.group_sale_salesman_all_leads"
MANAGER = "sales_team.group_sale_manager"
PORTAL = "base.group_portal"
ERP, SYSTEM, PARTNERS = "base.group_erp_manager", "base.group_system", "base.group_partner_manager"

SALESMAN_OWN = frozenset({USER, OWN})
"""A salesman who sees leads of their own and unassigned ones."""
SALESMAN = SALESMAN_OWN | {ALL}
"""A salesman who sees all leads: the least that segmenting needs."""
SALES_MANAGER = SALESMAN | {MANAGER}
ADMINISTRATOR = SALES_MANAGER | {ERP, SYSTEM, PARTNERS}
NOBODY: frozenset[str] = frozenset()

_ACCESS = {
    "crm.lead": {OWN: "rwc", MANAGER: "rwcu"},
    "crm.stage": {USER: "r", MANAGER: "rwcu"},
    "crm.tag": {OWN: "rwc", MANAGER: "rwcu"},
    "crm.team": {USER: "r", MANAGER: "rwcu"},
    "crm.lost.reason": {USER: "r", MANAGER: "rwcu"},
    "res.partner": {USER: "r", OWN: "rwc", PARTNERS: "rwcu"},
    "res.partner.category": {USER: "r", OWN: "rwc", PARTNERS: "rwcu"},
    "res.users": {PORTAL: "r", USER: "r", ERP: "rwcu"},
    "res.country": {PORTAL: "r", USER: "r", SYSTEM: "rwcu"},
    "res.country.state": {PORTAL: "r", USER: "r", PARTNERS: "rwcu"},
    "res.company": {USER: "r", ERP: "rwcu"},
    "res.currency": {PORTAL: "r", USER: "r", SYSTEM: "rwcu"},
    "res.lang": {PORTAL: "r", USER: "r", SYSTEM: "rwcu"},
    "utm.source": {USER: "rwc", SYSTEM: "rwcu"},
    "utm.medium": {USER: "rwc", SYSTEM: "rwcu"},
    "utm.campaign": {USER: "rwc", SYSTEM: "rwcu"},
    "ir.filters": {USER: "rwcu"},
    "mail.followers": {USER: "r", SYSTEM: "rwcu"},
    "mail.message": {USER: "r", SYSTEM: "rwcu"},
    "mail.message.subtype": {USER: "r", SYSTEM: "rwcu"},
    "mail.notification": {USER: "r", SYSTEM: "rwcu"},
    "ir.model": {ERP: "rwcu", SYSTEM: "rwcu"},
    "ir.model.fields": {ERP: "rwcu", SYSTEM: "rwcu"},
    "ir.model.fields.selection": {ERP: "rwcu", SYSTEM: "rwcu"},
}
"""By model and group: read, write, create, unlink."""

OPERATIONS = ("read", "write", "create", "unlink")
CLOSED = frozenset(
    {
        "base.automation",
        "ir.actions.server",
        "ir.config_parameter",
        "ir.model.data",
        "ir.module.module",
        "mail.mail",
    }
)
"""Models of a real server that no salesman may read; there are no tables of them here."""


def allowed(tables: Tables, uid: int, model: str, operation: str) -> bool:
    """Whether a user may ``read``, ``write``, ``create`` or ``unlink`` at all."""
    if tables.access is not None:
        return operation in tables.access.get(model, ())
    groups = tables.groups.get(uid, NOBODY)
    return any(operation[0] in rights for group, rights in _ACCESS.get(model, {}).items() if group in groups)


def require(tables: Tables, uid: int, model: str, operation: str) -> None:
    """Raises AccessError (Fault 4) if the user does not have the right."""
    if not allowed(tables, uid, model, operation):
        verb = {"read": "access", "write": "modify", "create": "create", "unlink": "delete"}[operation]
        raise AccessError(
            f"You are not allowed to {verb} '{model}' records.\n\n"
            "Contact your administrator to request access if necessary."
        )


def ruled(tables: Tables, uid: int, model: str) -> bool:
    """Whether a record rule keeps records of the model from the user."""
    groups = tables.groups.get(uid, NOBODY)
    restricted = (model == "crm.lead" and ALL not in groups) or (model == "ir.filters" and ERP not in groups)
    return restricted and tables.access is None


def rule(tables: Tables, uid: int, model: str) -> Callable[[int], bool]:
    """The record rules of a user on a model, as a function of a record."""
    if not ruled(tables, uid, model):
        return lambda _record: True
    if model == "crm.lead":
        return lambda record: tables.cell("crm.lead", record, "user_id") in (None, uid)
    return lambda record: not (owners := tables.cell("ir.filters", record, "user_ids")) or uid in owners
