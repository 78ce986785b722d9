"""`check`: what stands between a spec and one CRM, line by line, before anything is planned. Reads alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from segmenter.checking.automation import automation_findings
from segmenter.checking.findings import Finding, failed
from segmenter.checking.hosts import host_findings, version_findings
from segmenter.checking.rights import fields_findings, rights_findings
from segmenter.checking.scope import currency_findings, leads_findings, scope_findings, stages_findings
from segmenter.checking.work_user import work_user_findings
from segmenter.conditions import Clock
from segmenter.errors import SegmenterError
from segmenter.i18n import _
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.resolving.resolve import survey
from segmenter.resolving.resolved import Resolved
from segmenter.spec.model import Spec

Check = Callable[[], Iterator[Finding]]


def preflight(
    spec: Spec,
    reader: OdooReader,
    catalog: Catalog,
    *,
    forced_reason: str | None = None,
    resolved: Resolved | None = None,
    key_ends: date | None = None,
) -> list[Finding]:
    """Every finding, in the order of the list in the docs. A check that fails is a finding and stops no other.

    ``forced_reason``: why an administrator or portal login is used all the same. ``resolved``: what a survey of the
    spec gave, where that was made already. ``key_ends``: the day on which the client said that the key does.
    """
    checks = _Preflight(spec, reader, catalog, resolved)
    findings: list[Finding] = []

    def run(topic: str, check: Check) -> None:
        try:
            findings.extend(check())
        except SegmenterError as error:
            findings.append(failed(topic, error))

    run("server", checks.server)
    run("language", checks.language)
    run("user", lambda: work_user_findings(spec, reader, forced_reason, key_ends))
    run("names", checks.names)
    run("fields", lambda: fields_findings(checks.resolved, reader))
    run("rights", lambda: rights_findings(checks.resolved, reader))
    run("scope", lambda: scope_findings(spec, checks.resolved, reader))
    run("currencies", lambda: currency_findings(spec, checks.resolved, reader, catalog))
    run("leads", lambda: leads_findings(spec, reader))
    run("stages", lambda: stages_findings(spec, checks.resolved, reader, catalog))
    run("automation", lambda: automation_findings(spec.scope.model, reader))
    return findings


class _Preflight:
    def __init__(self, spec: Spec, reader: OdooReader, catalog: Catalog, resolved: Resolved | None) -> None:
        self.spec, self.reader, self.catalog = spec, reader, catalog
        self.surveyed = resolved
        self.resolved = resolved or Resolved(spec.scope.model)

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
        yield from version_findings(identity)
        yield from host_findings(identity)

    def language(self) -> Iterator[Finding]:
        wanted, used = self.spec.client.language, self.reader.language
        if wanted == used:
            yield Finding("ok", "language", _("Names are read in {code}").format(code=used))
        else:
            yield Finding(
                "warning",
                "language",
                _('The language "{wanted}" is not installed on the server: names are read in {code}').format(
                    wanted=wanted, code=used
                ),
                _("have the language installed, or write the names of the spec in {code}").format(code=used),
            )

    def names(self) -> Iterator[Finding]:
        if self.surveyed is None:
            clock = Clock(datetime.now(UTC), ZoneInfo(self.spec.client.timezone))
            self.resolved = survey(self.spec, self.reader, self.catalog, clock)
        # What is wrong with a declared field has a line of its own.
        of_fields = {field.differs for field in self.resolved.fields}
        problems = [problem for problem in self.resolved.problems if problem.what not in of_fields]
        for problem in problems:
            text = f"{problem.place}: {problem.what}" if problem.place else problem.what
            yield Finding("error", "names", text, problem.todo)
        if not problems:
            yield Finding("ok", "names", _("Every field and name of the spec is known to this Odoo"))
