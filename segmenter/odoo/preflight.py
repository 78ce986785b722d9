"""`check`: what stands between a spec and one CRM, line by line, before anything is planned. Reads alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from segmenter.conditions import Clock, domain
from segmenter.errors import SegmenterError
from segmenter.i18n import _, ngettext
from segmenter.odoo.automation import rules
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.custom_fields import may_make, standings, steps
from segmenter.odoo.faults import may_not
from segmenter.odoo.findings import Finding, failed
from segmenter.odoo.needs import Needs, leaves, needs_of
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.versions import KNOWN_VERSIONS
from segmenter.odoo.work_user import sees_own_only, work_user_findings
from segmenter.spec import locate
from segmenter.spec.model import Spec

Check = Callable[[], Iterator[Finding]]


def preflight(spec: Spec, reader: OdooReader, catalog: Catalog, *, forced_reason: str | None = None) -> list[Finding]:
    """Every finding, in the order of the list in the docs. A check that fails is a finding and stops no other.

    ``forced_reason``: why an administrator or portal login is used all the same.
    """
    checks = _Preflight(spec, reader, catalog)
    found: list[Finding] = []

    def run(topic: str, check: Check) -> None:
        try:
            found.extend(check())
        except SegmenterError as error:
            found.append(failed(topic, error))

    run("server", checks.server)
    run("language", checks.language)
    run("user", lambda: work_user_findings(spec, reader, forced_reason))
    run("names", checks.names)
    run("fields", checks.fields)
    run("rights", checks.rights)
    run("people", checks.people)
    run("scope", checks.scope)
    run("leads", checks.leads)
    run("stages", checks.stages)
    run("automation", checks.automation)
    return found


class _Preflight:
    def __init__(self, spec: Spec, reader: OdooReader, catalog: Catalog) -> None:
        self.spec, self.reader, self.catalog = spec, reader, catalog
        self.model = spec.scope.model
        self.needs = Needs()

    def server(self) -> Iterator[Finding]:
        identity = self.reader.identity
        sentence = _("Odoo {version} at {url}, database {database}, as {login} (user {uid})").format(
            version=identity.version,
            url=identity.url,
            database=identity.database,
            login=identity.login,
            uid=identity.uid,
        )
        yield Finding("ok", "server", sentence)
        if identity.major not in KNOWN_VERSIONS:
            yield Finding(
                "warning",
                "server",
                _("This tool has not been tested with Odoo {version}").format(version=identity.version),
                _("try it on a copy of the database first"),
            )

    def language(self) -> Iterator[Finding]:
        wanted, used = self.spec.client.language, self.reader.language
        if wanted == used:
            yield Finding("ok", "language", _("Names are read in {code}").format(code=used))
        else:
            yield Finding(
                "warning",
                "language",
                _("The language {wanted} is not installed on the server: names are read in {code}").format(
                    wanted=wanted, code=used
                ),
                _("have the language installed, or write the names of the spec in {code}").format(code=used),
            )

    def names(self) -> Iterator[Finding]:
        clock = Clock(datetime.now(UTC), ZoneInfo(self.spec.client.timezone))
        self.needs = needs_of(self.spec, self.catalog, clock)
        for problem in dict.fromkeys(self.needs.problems):
            here = locate(self.spec, problem)
            yield Finding("error", "names", f"{here.place}: {here.what}" if here.place else here.what, here.todo)
        if not self.needs.problems:
            yield Finding("ok", "names", _("Every field and name of the spec is known to this Odoo"))

    def fields(self) -> Iterator[Finding]:
        """Of each declared field whether it is there, the plan would make it, or an administrator must."""
        for one in standings(self.spec, self.reader):
            name = one.declared.name
            if one.differs:
                yield Finding("error", "fields", one.differs, _("give it another name, or mend its type"))
            elif one.found is not None and not one.missing:
                yield Finding("ok", "fields", _("The field {field} is there").format(field=name))
            else:
                what = _("The field {field} does not exist").format(field=name)
                if one.found is not None:
                    values = ", ".join(one.missing)
                    what = _("The field {field} has no values {values}").format(field=name, values=values)
                if may_make(one, self.reader):
                    yield Finding("ok", "fields", _("{what}: the plan makes it").format(what=what))
                else:
                    yield Finding("error", "fields", what, steps(one))

    def rights(self) -> Iterator[Finding]:
        for (model, operation), reasons in sorted(self.needs.rights.items()):
            try:
                allowed = self.reader.may(model, operation)
            except SegmenterError as error:
                yield failed("rights", error)
                continue
            what_for = f" ({', '.join(reasons)})" if reasons else ""
            if allowed:
                yield Finding("ok", "rights", _may(operation, model) + what_for)
                if operation == "create" and not self.reader.may(model, "unlink"):
                    sentence = _("An undo leaves what is created in {model}, which the work user may not delete")
                    yield Finding("note", "rights", sentence.format(model=model))
            else:
                sentence = may_not(operation, model)
                yield Finding("error", "rights", sentence + what_for, self._remedy(model, operation))

    def _remedy(self, model: str, operation: str) -> str:
        if model == "crm.stage" and operation == "create":
            return _("create these stages in Odoo by hand, or make the work user an administrator of Sales for it")
        return _("give the work user the group Sales: all documents")

    def people(self) -> Iterator[Finding]:
        for id_, person in self.needs.people.items():
            if self.catalog.archived("res.users", id_):
                yield Finding(
                    "error",
                    "people",
                    _("{person} is archived and can be given no records").format(person=person),
                    _("name somebody else, or have the user restored"),
                )

    def scope(self) -> Iterator[Finding]:
        if self.model == "crm.lead":
            yield from self._hidden()
        if self.spec.scope.where is not None and self.needs.scope is None:
            return  # its problems are listed under names
        count = self.reader.count(self.model, self._scope_domain(), archived=self.spec.scope.archived)
        sentence = ngettext(
            "The work user sees {count} record in the scope", "The work user sees {count} records in the scope", count
        )
        todo = "" if count else _("check the scope's condition and the work user's rights")
        yield Finding("ok" if count else "warning", "scope", sentence.format(count=count), todo)

    def _scope_domain(self) -> list[object]:
        return list(domain(self.needs.scope)) if self.needs.scope is not None else []

    def _hidden(self) -> Iterator[Finding]:
        if sees_own_only(self.reader):
            yield Finding(
                "warning",
                "hidden",
                _("The work user sees its own documents only: the leads of everybody else are hidden without a word"),
                _("give the work user the group Sales: all documents"),
            )

    def leads(self) -> Iterator[Finding]:
        if self.model != "crm.lead":
            return
        said = [leaf for leaf, negated in leaves(self.spec.scope.where) if leaf.field == "type" and not negated]
        wants = any(
            leaf.operator in ("=", "in") and "lead" in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))
            for leaf in said
        )
        enabled = self.reader.has_group("crm.group_use_lead")
        if wants and not enabled:
            yield Finding(
                "warning",
                "leads",
                _("The scope asks for leads, but leads are not enabled in this Odoo: there are opportunities only"),
                _("use type: opportunity, or have Leads enabled in the settings of CRM"),
            )
        elif enabled and not said:
            yield Finding(
                "note",
                "leads",
                _("Leads are enabled, and the scope takes leads and opportunities alike"),
                _("say type: lead or type: opportunity in the scope if only one is meant"),
            )

    def stages(self) -> Iterator[Finding]:
        """A stage that belongs to teams, and records of the scope that are of another team."""
        teams = self.catalog.field("crm.stage", "team_ids") if self.needs.stages else None
        if teams is None or self.model != "crm.lead" or (self.spec.scope.where is not None and not self.needs.scope):
            return
        fits = True
        rows = self.reader.search_read(
            "crm.stage", [["id", "in", sorted(self.needs.stages)]], ["name", teams.name], archived=True
        )
        for row in rows:
            held = row[teams.name]
            own = held if isinstance(held, list) else [held] if held else []
            if not own:
                continue
            strangers = [*self._scope_domain(), ["team_id", "!=", False], ["team_id", "not in", own]]
            count = self.reader.count(self.model, strangers, archived=self.spec.scope.archived)
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

    def automation(self) -> Iterator[Finding]:
        found = rules(self.reader, self.model)
        if found is None:
            yield Finding(
                "note",
                "automation",
                _("Automation rules cannot be seen by the work user; if there are any, they run on every change"),
                _("ask an administrator which automation rules act on {model}").format(model=self.model),
            )
            return
        for name in found:
            yield Finding(
                "warning",
                "automation",
                _("The automation rule “{name}” acts on {model}").format(name=name, model=self.model),
                _("find out what it does to changed records, and have it paused if need be"),
            )
        if not found:
            sentence = _("No active automation rule acts on {model}").format(model=self.model)
            yield Finding("ok", "automation", sentence)


def _may(operation: str, model: str) -> str:
    sentences = {
        "read": _("The work user may read {model}"),
        "write": _("The work user may change {model}"),
        "create": _("The work user may create {model}"),
    }
    return sentences[operation].format(model=model)
