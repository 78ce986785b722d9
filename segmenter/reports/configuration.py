"""What a plan creates or alters around the records, as a table."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text

from segmenter.i18n import _
from segmenter.planning.model import ConfigChange, Json, Plan
from segmenter.reports.colours import chip
from segmenter.reports.tables import table, titled
from segmenter.reports.text import clean
from segmenter.reports.values import Values
from segmenter.spec.model_names import model_name


def configuration(plan: Plan, say: Values) -> RenderableType | None:
    """What is created (+) and what is altered (~); None where there is nothing."""
    if not plan.config:
        return None
    made = table("", _("What"), _("Name"), _("Details"))
    for one in plan.config:
        mark, style = ("+", "green") if one.creates else ("~", "yellow")
        made.add_row(Text(mark, style), model_name(one.model), clean(one.name), _details(one, plan, say))
    return titled(_("Configuration of Odoo"), made)


def _details(one: ConfigChange, plan: Plan, say: Values) -> Text:
    if one.model in ("crm.tag", "res.partner.category"):
        before = [chip(one.before["color"]), Text(" → ")] if "color" in one.before else []
        colour = [*before, chip(one.after["color"])] if "color" in one.after else []
        restored = [Text(_("out of the archive"))] if one.after.get("active") else []
        return Text(" ").join([Text.assemble(*part) for part in (colour, restored) if part])
    if one.model == "ir.model.fields":
        about = [one.after["field_description"], one.after["ttype"], ", ".join(one.after.get("values", ()))]
        return Text(clean("; ".join(str(part) for part in about if part)))
    if one.model == "res.partner":
        shown = [one.after.get(key) for key in ("company_name", "email", "phone")]
        return Text(clean(", ".join(str(part) for part in shown if part)))
    domain = one.after.get("domain")
    return Text("; ".join(_leaf(leaf, plan, say) for leaf in domain) if isinstance(domain, list) else "")


def _leaf(leaf: Json, plan: Plan, say: Values) -> str:
    """A leaf of a favourite's domain, with the names of what the plan itself creates."""
    created = {change.ref: change.name for change in plan.config}
    if not isinstance(leaf, list | tuple) or len(leaf) != 3:
        return clean(leaf)
    values = leaf[2] if isinstance(leaf[2], list | tuple) else [leaf[2]]
    named = ", ".join(clean(created.get(value) or say.value(leaf[0], value)) for value in values)
    return f"{say.field(leaf[0])}: {named}"
