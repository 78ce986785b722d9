"""`check`: what stands between a spec and one CRM, line by line, before anything is planned. Reads alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from segmenter.conditions import Clock
from segmenter.errors import SegmenterError
from segmenter.i18n import _
from segmenter.odoo.automation import rules
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.findings import Finding, failed
from segmenter.odoo.needs import Needs, needs_of
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.rights import fields_findings, rights_findings
from segmenter.odoo.scope import currency_findings, leads_findings, scope_findings, stages_findings
from segmenter.odoo.versions import KNOWN_VERSIONS
from segmenter.odoo.work_user import work_user_findings
from segmenter.spec import locate
from segmenter.spec.model import Spec
from segmenter.spec.model_names import plural_name

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
    run("fields", lambda: fields_findings(spec, reader))
    run("rights", lambda: rights_findings(spec.scope.model, checks.needs, reader))
    run("scope", lambda: scope_findings(spec, checks.needs, reader))
    run("currencies", lambda: currency_findings(spec, checks.needs, reader, catalog))
    run("leads", lambda: leads_findings(spec, reader))
    run("stages", lambda: stages_findings(spec, checks.needs, reader, catalog))
    run("automation", checks.automation)
    return found


class _Preflight:
    def __init__(self, spec: Spec, reader: OdooReader, catalog: Catalog) -> None:
        self.spec, self.reader, self.catalog = spec, reader, catalog
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

    def automation(self) -> Iterator[Finding]:
        model = self.spec.scope.model
        found, records = rules(self.reader, model), plural_name(model)
        if found is None:
            yield Finding(
                "note",
                "automation",
                _("Automation rules cannot be seen by the work user; if there are any, they run on every change"),
                _("ask an administrator which automation rules act on {records}").format(records=records),
            )
            return
        for name in found:
            yield Finding(
                "warning",
                "automation",
                _("The automation rule “{name}” acts on {records}").format(name=name, records=records),
                _("find out what it does to changed records, and have it paused if need be"),
            )
        if not found:
            sentence = _("No active automation rule acts on {records}").format(records=records)
            yield Finding("ok", "automation", sentence)
