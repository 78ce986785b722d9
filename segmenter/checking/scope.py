"""What `check` says of the records that a spec is about: how many are seen, of which kind, and of which teams."""

from __future__ import annotations

from collections.abc import Iterator

from segmenter.checking.findings import Finding
from segmenter.conditions import WITH_ARCHIVED, domain
from segmenter.conditions.money import advice, told
from segmenter.i18n import _, ngettext
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.currencies import mixed
from segmenter.odoo.reader import OdooReader
from segmenter.resolving.mentions import currency_unnamed, leaves
from segmenter.resolving.resolved import Resolved
from segmenter.resolving.rights import sees_own_only
from segmenter.spec.model import Spec


def scope_findings(spec: Spec, resolved: Resolved, reader: OdooReader) -> Iterator[Finding]:
    """How many records of the scope the work user sees, and whether others may be hidden from it."""
    if spec.scope.model == "crm.lead" and sees_own_only(reader):
        yield Finding(
            "warning",
            "hidden",
            _("The work user sees its own documents only: the leads of everybody else are hidden without a word"),
            _("give the work user the group Sales: all documents"),
        )
    if _unresolved(spec, resolved):
        return  # its problems are listed under names
    count = reader.count(spec.scope.model, _domain(resolved), archived=spec.scope.archived)
    sentence = ngettext(
        "The work user sees {count} record in the scope", "The work user sees {count} records in the scope", count
    )
    todo = "" if count else _("check the scope's condition and the work user's rights")
    yield Finding("ok" if count else "warning", "scope", sentence.format(count=count), todo)
    if spec.scope.expect is None and count:
        # Measured on 14 and 19: no work user may read them, nor a manager of Sales.
        yield Finding(
            "note",
            "rules",
            _("A record rule of the client's own may hide more records: only an administrator of Odoo can tell"),
            _("compare the number with what an administrator sees, or write what the client says as scope.expect"),
        )


def currency_findings(spec: Spec, resolved: Resolved, reader: OdooReader, catalog: Catalog) -> Iterator[Finding]:
    """Whether the scope has amounts in several currencies, which no condition tells apart by itself."""
    if _unresolved(spec, resolved):
        return
    archived = WITH_ARCHIVED if spec.scope.archived else []
    currencies = mixed(reader, spec.scope.model, [*archived, *_domain(resolved)], catalog.companies)
    if sentence := told(currencies):
        unnamed = currency_unnamed(spec)
        yield Finding("warning" if unnamed else "note", "currencies", sentence, advice(currencies) if unnamed else "")


def leads_findings(spec: Spec, reader: OdooReader) -> Iterator[Finding]:
    """Whether the scope asks for leads that this Odoo does not have, or takes leads without naming them."""
    if spec.scope.model != "crm.lead":
        return
    of_type = [leaf for leaf, negated in leaves(spec.scope.where) if leaf.field == "type" and not negated]
    wants = any(
        leaf.operator in ("=", "in") and "lead" in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))
        for leaf in of_type
    )
    enabled = reader.has_group("crm.group_use_lead")
    if wants and not enabled:
        yield Finding(
            "warning",
            "leads",
            _("The scope asks for leads, but leads are not enabled in this Odoo: there are opportunities only"),
            _("use type: opportunity, or have Leads enabled in the settings of CRM"),
        )
    elif enabled and not of_type:
        yield Finding(
            "note",
            "leads",
            _("Leads are enabled, and the scope takes leads and opportunities alike"),
            _("say type: lead or type: opportunity in the scope if only one is meant"),
        )


def stages_findings(spec: Spec, resolved: Resolved, reader: OdooReader, catalog: Catalog) -> Iterator[Finding]:
    """A stage that belongs to teams, and records of the scope that are of another team."""
    stages = sorted(resolved.stages())
    teams = catalog.field("crm.stage", "team_ids") if stages else None
    if teams is None or spec.scope.model != "crm.lead" or _unresolved(spec, resolved):
        return
    fits = True
    rows = reader.search_read("crm.stage", [["id", "in", stages]], ["name", teams.name], archived=True)
    for row in rows:
        held = row[teams.name]
        own = held if isinstance(held, list) else [held] if held else []
        if not own:
            continue
        strangers = [*_domain(resolved), ["team_id", "!=", False], ["team_id", "not in", own]]
        count = reader.count(spec.scope.model, strangers, archived=spec.scope.archived)
        if count:
            fits = False
            sentence = ngettext(
                "The stage {stage} is of other teams than {count} record of the scope",
                "The stage {stage} is of other teams than {count} records of the scope",
                count,
            )
            yield Finding(
                "warning",
                "stages",
                sentence.format(stage=row["name"], count=count),
                _("use a stage of that team, or leave its records out of the scope"),
            )
    if fits:
        yield Finding("ok", "stages", _("The stages of the spec fit the teams of the records"))


def _unresolved(spec: Spec, resolved: Resolved) -> bool:
    return spec.scope.where is not None and resolved.scope is None


def _domain(resolved: Resolved) -> list[object]:
    return list(domain(resolved.scope)) if resolved.scope is not None else []
