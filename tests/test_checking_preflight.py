"""`check`, line by line, for each kind of work user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xmlrpc.client import Fault
from zoneinfo import ZoneInfo

import pytest

from segmenter import spec as specs
from segmenter.checking.findings import Finding
from segmenter.checking.hosts import ASSUMED, host_findings
from segmenter.checking.preflight import preflight
from segmenter.conditions import Clock
from segmenter.embedded import EmbeddedServer, demo_server
from segmenter.errors import SpecError
from segmenter.odoo.calls import READING
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.odoo.server import Server, ServerIdentity
from segmenter.resolving.resolve import resolve
from segmenter.spec.model import Spec
from tests.support.fakes import Recording
from tests.support.version_facts import UNASKED

WORK, OWN, MANAGER, ADMIN = (
    "segmentacion@asesorateya.example",
    "ana@viveros.example",
    "carmen@viveros.example",
    "admin@viveros.example",
)
SPEC = """
version: 1
client: {name: Viveros, approver: "Paula <paula@viveros.example>", language: es_CL, timezone: America/Santiago}
odoo: {url: "https://viveros.example", database: viveros, user: segmentacion@asesorateya.example}
scope: {model: crm.lead, where: {type: opportunity}}
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - name: Alto
        color: green
        when: {expected_revenue: {">=": 5000000}, country_id.code: [CL, PE], source_id: [Referido]}
        set:
          stage_id: {to: Calificado, from: [Nuevo]}
          user_id: {assign: [luis@viveros.example]}
    default: {name: Sin evaluar}
filters: shared
"""


class Overriding(Recording):
    """The embedded CRM, but for some calls: ``answers`` maps ``model.method`` to a value or an error."""

    def __init__(self, server: Server, answers: Mapping[str, object], version: str = "19.0") -> None:
        super().__init__(server)
        self.answers, self.version = answers, version

    @property
    def identity(self) -> ServerIdentity:
        here = self.server.identity
        return ServerIdentity(here.url, here.database, self.version, here.login, here.uid)

    def execute_kw(self, model: str, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        if f"{model}.{method}" in self.answers:
            answer = self.answers[f"{model}.{method}"]
            if isinstance(answer, Exception):
                raise answer
            return answer(args) if callable(answer) else answer
        return super().execute_kw(model, method, args, kwargs)


@pytest.fixture(scope="module")
def crm() -> EmbeddedServer:
    return demo_server(date(2026, 11, 22))


def spec_of(text: str = SPEC, *changes: tuple[str, str]) -> Spec:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return specs.loads(text, "viveros.yaml")


def check(server: Server, spec: Spec, *, language: str = "es_CL", reason: str | None = None) -> list[Finding]:
    reader = OdooReader(server, language=language, timezone="America/Santiago", sleep=lambda _seconds: None)
    return preflight(spec, reader, Catalog(reader), forced_reason=reason)


def about(found: list[Finding], topic: str) -> list[tuple[str, str]]:
    return [(one.level, one.text) for one in found if one.topic == topic]


def errors(found: list[Finding]) -> list[str]:
    return [one.text for one in found if one.level == "error"]


def test_a_good_work_user_has_no_error_and_every_topic_a_line(crm: EmbeddedServer) -> None:
    server = Recording(crm.as_user(WORK))
    found = check(server, spec_of())
    assert errors(found) == []
    topics = [one.topic for one in found if one.topic not in ("rights", "leads")]
    assert topics == [
        "server",
        "language",
        "privileges",
        "dedicated",
        "keys",
        "names",
        "scope",
        "rules",
        "stages",
        "automation",
    ]
    assert about(found, "server")[0][1].startswith("Odoo 19.0 at embedded:, database ")
    assert about(found, "privileges") == [("ok", "The work user is neither an administrator nor a portal user")]
    assert {method for _model, method, _args, _options in server.calls} <= READING


def test_each_right_that_is_needed_has_a_line_with_what_for(crm: EmbeddedServer) -> None:
    found = about(check(crm.as_user(WORK), spec_of()), "rights")
    assert {level for level, _text in found} == {"ok", "note"}
    texts = [text for _level, text in found]
    notes = [text for level, text in found if level == "note"]
    assert notes == ["An undo leaves these, which the work user may not delete: tags (Alto, Sin evaluar)"]
    for text in (
        "The work user may read leads and opportunities",
        "The work user may change leads and opportunities",
        "The work user may create tags (Alto, Sin evaluar)",
        "The work user may create shared favourites",
        "The work user may read countries (country_id)",
        "The work user may read sources (source_id)",
        "The work user may read users (user_id)",
    ):
        assert text in texts


def test_a_stage_to_create_needs_a_manager(crm: EmbeddedServer) -> None:
    spec = spec_of(SPEC, ("to: Calificado", "to: Visita en terreno"))
    found = check(crm.as_user(WORK), spec)
    assert errors(found) == ["The work user may not create stages (Visita en terreno)"]
    [finding] = [one for one in found if one.level == "error"]
    assert finding.todo.startswith("create these stages in Odoo by hand")
    as_manager = check(crm.as_user(MANAGER), spec)
    assert errors(as_manager) == []
    assert about(as_manager, "privileges")[0][0] == "note"


def test_a_tag_that_is_there_and_has_a_colour_in_the_spec_may_have_to_be_changed(crm: EmbeddedServer) -> None:
    coloured = spec_of(SPEC, ("name: Alto\n", "name: VIP\n"))
    plain = spec_of(SPEC, ("name: Alto\n", "name: VIP\n"), ("        color: green\n", ""))
    changed = [
        [text for _level, text in about(check(crm.as_user(WORK), spec), "rights") if "change tags" in text]
        for spec in (coloured, plain, spec_of())
    ]
    assert changed == [["The work user may change tags (VIP)"], [], []]


def test_an_administrator_is_refused_unless_forced_with_a_reason(crm: EmbeddedServer) -> None:
    found = check(crm.as_user(ADMIN), spec_of())
    said = f"The login {ADMIN} is an administrator: far more than this work needs"
    assert about(found, "privileges") == [("error", said)]
    forced = check(crm.as_user(ADMIN), spec_of(), reason="migration weekend")
    assert about(forced, "privileges") == [("warning", said)]
    assert [one.todo for one in forced if one.topic == "privileges"] == ["forced: migration weekend"]
    assert errors(forced) == []


def test_a_portal_user_is_refused(crm: EmbeddedServer) -> None:
    found = check(Overriding(crm.as_user(WORK), {"res.users.has_group": False}), spec_of())
    assert about(found, "privileges") == [("error", f"The login {WORK} is a portal user, not an internal one")]


@pytest.mark.parametrize(
    "gives",
    ["user_id: {assign: [luis@viveros.example]}", "user_id: luis@viveros.example"],
)
def test_what_would_be_given_out_of_sight_is_an_error(crm: EmbeddedServer, gives: str) -> None:
    spec = spec_of(SPEC, ("user_id: {assign: [luis@viveros.example]}", gives))
    said = "The work user sees its own documents only: what it gives to somebody else it cannot see, check or give back"
    found = check(crm.as_user(OWN), spec)
    assert errors(found) == [said]
    assert [one.todo for one in found if one.text == said] == ["give the work user the group Sales: all documents"]
    assert errors(check(crm.as_user(WORK), spec)) == []
    to_itself = spec_of(SPEC, ("[luis@viveros.example]", f"[{OWN}]"))
    assert errors(check(crm.as_user(OWN), to_itself)) == []


def test_own_documents_only_is_warned_about(crm: EmbeddedServer) -> None:
    assert about(check(crm.as_user(WORK), spec_of()), "hidden") == []
    [(level, text)] = about(check(crm.as_user(OWN), spec_of()), "hidden")
    assert level == "warning"
    assert text.startswith("The work user sees its own documents only")


def test_a_persons_own_login_is_noticed(crm: EmbeddedServer) -> None:
    spec = spec_of(SPEC, ("luis@viveros", "ana@viveros"), ("Paula <paula@", "Ana <ana@"))
    [(level, text)] = about(check(crm.as_user(OWN), spec), "dedicated")
    assert level == "warning"
    for sign in ("of whoever approves the result", "the spec gives it records", "records are assigned to it"):
        assert sign in text


def test_every_name_that_does_not_resolve_is_listed_with_its_place(crm: EmbeddedServer) -> None:
    spec = spec_of(
        SPEC,
        ("expected_revenue", "expectd_revenue"),
        ("[Referido]", "[Referidos]"),
        ("from: [Nuevo]", "from: [Nueva]"),
        ("luis@viveros", "luisa@viveros"),
    )
    found = check(crm.as_user(WORK), spec)
    names = errors(found)
    assert len(names) == 4
    for wrong, line in (("expectd_revenue", 12), ("Referidos", 12), ("Nueva", 14), ("luisa@viveros.example", 15)):
        assert any(wrong in text and f":{line}:" in text for text in names)
    assert about(found, "automation")


def test_a_computed_field_cannot_be_set(crm: EmbeddedServer) -> None:
    spec = spec_of(SPEC, ("user_id: {assign: [luis@viveros.example]}", "display_name: x"))
    assert "display_name is computed by Odoo and cannot be written" in errors(check(crm.as_user(WORK), spec))[0]


@pytest.mark.parametrize("gives", ["user_id: {assign: [luis@viveros.example]}", "user_id: luis@viveros.example"])
@pytest.mark.parametrize(
    ("about_him", "said"),
    [
        ({"active": False}, "is archived and can be given no records"),
        ({"share": True}, "is a portal user, who does not see the CRM, and can be given no records"),
    ],
)
def test_who_can_be_given_nothing_is_said_once_at_its_line(
    crm: EmbeddedServer, about_him: Mapping[str, bool], said: str, gives: str
) -> None:
    person = {"id": 90, "name": "Luis", "display_name": "Luis", "login": "luis@viveros.example"}
    about_all = {"active": True, "share": False}
    server = Overriding(crm.as_user(WORK), {"res.users.search_read": [{**person, **about_all, **about_him}]})
    spec = spec_of(SPEC, ("user_id: {assign: [luis@viveros.example]}", gives))
    (text,) = errors(check(server, spec))
    assert text.startswith("viveros.yaml:15:")
    assert text.endswith(f": luis@viveros.example {said}")
    reader = OdooReader(server, language="es_CL")
    with pytest.raises(SpecError) as refused:
        resolve(spec, reader, Catalog(reader), Clock(datetime(2026, 11, 22, tzinfo=UTC), ZoneInfo("UTC")))
    assert [f"{one.place}: {one.what}" for one in refused.value.problems] == [text]


def test_who_is_archived_or_of_the_portal_costs_no_call(crm: EmbeddedServer) -> None:
    server = Recording(crm.as_user(WORK))
    check(server, spec_of())
    assert sum((model, method) == ("res.users", "search_read") for model, method, _args, _options in server.calls) == 1


def test_the_language_that_is_not_the_clients(crm: EmbeddedServer) -> None:
    [(level, text)] = about(check(crm.as_user(WORK), spec_of(), language="es_ES"), "language")
    assert (level, text) == (
        "warning",
        'The language "es_CL" is not installed on the server: names are read in es_ES',
    )


def test_an_empty_scope_is_a_warning(crm: EmbeddedServer) -> None:
    spec = spec_of(SPEC, ("where: {type: opportunity}", "where: {name: no such thing}"))
    assert about(check(crm.as_user(WORK), spec), "scope") == [("warning", "The work user sees 0 records in the scope")]


@pytest.mark.parametrize(
    ("where", "enabled", "expected"),
    [
        ("{type: lead}", False, "warning"),
        ("{type: lead}", True, None),
        ("{type: [lead, opportunity]}", False, "warning"),
        ("{not: {type: lead}}", False, None),
        ("{type: opportunity}", True, None),
        ("{active: true}", True, "note"),
        ("{active: true}", False, None),
    ],
)
def test_leads_that_are_not_enabled(crm: EmbeddedServer, where: str, enabled: bool, expected: str | None) -> None:
    def has_group(args: Sequence[Any]) -> bool:
        group = args[-1]
        return enabled if group == "crm.group_use_lead" else group == "base.group_user"

    spec = spec_of(SPEC, ("where: {type: opportunity}", f"where: {where}"))
    found = check(Overriding(crm.as_user(WORK), {"res.users.has_group": has_group}), spec)
    assert [level for level, _text in about(found, "leads")] == ([expected] if expected else [])


def stage_of(teams: list[int]) -> dict[str, object]:
    row = {"id": 2, "name": "Calificado", "display_name": "Calificado", "team_ids": teams}
    return {"crm.stage.search_read": [row]}


def test_a_stage_of_another_team_than_the_records(crm: EmbeddedServer) -> None:
    spec = spec_of(SPEC, (", from: [Nuevo]", ""))
    [team] = crm.execute_kw("crm.team", "search", [[]], {"limit": 1})
    scope = [["type", "=", "opportunity"], ["team_id", "!=", False]]
    count = crm.execute_kw("crm.lead", "search_count", [scope], {})
    assert count > 1
    found = check(Overriding(crm.as_user(WORK), stage_of([team + 50])), spec)
    expected = f"The stage Calificado is of other teams than {count} records of the scope"
    assert about(found, "stages") == [("warning", expected)]
    every = crm.execute_kw("crm.team", "search", [[]], {})
    for teams in (every, []):
        found = check(Overriding(crm.as_user(WORK), stage_of(teams)), spec)
        assert about(found, "stages") == [("ok", "The stages of the spec fit the teams of the records")]


def rule_server(crm: EmbeddedServer, answers: Mapping[str, object]) -> Overriding:
    return Overriding(crm.as_user(WORK), answers)


def test_automation_rules_are_listed_where_they_can_be_read(crm: EmbeddedServer) -> None:
    fields = {"name": {"type": "char"}, "model_id": {"type": "many2one", "relation": "ir.model"}}
    readable = {"base.automation.check_access_rights": True, "base.automation.fields_get": fields}
    rules = {**readable, "base.automation.search_read": [{"id": 1, "name": "Mail on stage"}]}
    assert about(check(rule_server(crm, rules), spec_of()), "automation") == [
        ("warning", "The automation rule “Mail on stage” acts on leads and opportunities")
    ]
    none = {**readable, "base.automation.search_read": []}
    assert about(check(rule_server(crm, none), spec_of()), "automation") == [
        ("ok", "No active automation rule acts on leads and opportunities")
    ]


@pytest.mark.parametrize(
    ("answer", "level"),
    [(False, "note"), (Fault(4, "no"), "note"), (Fault(2, "Object base.automation doesn't exist"), "ok")],
)
def test_automation_rules_that_cannot_be_read(crm: EmbeddedServer, answer: object, level: str) -> None:
    found = check(rule_server(crm, {"base.automation.check_access_rights": answer}), spec_of())
    assert [one for one, _text in about(found, "automation")] == [level]


def test_keys_that_expire(crm: EmbeddedServer) -> None:
    fields = {name: {"type": "char"} for name in ("name", "expiration_date")} | {"user_id": {"type": "many2one"}}
    keys = [
        {"id": 1, "name": "a", "expiration_date": "2027-02-01 10:00:00"},
        {"id": 2, "name": "b", "expiration_date": False},
    ]
    visible = {"res.users.apikeys.fields_get": fields, "res.users.apikeys.search_read": keys}
    for days, level in ((31, "note"), (29, "warning"), (-1, "warning")):
        ends = datetime.now(UTC) + timedelta(days=days)
        keys[0]["expiration_date"] = f"{ends:%Y-%m-%d} 10:00:00"
        assert about(check(rule_server(crm, visible), spec_of()), "keys") == [
            (level, f"The work user's API keys expire; the first on {ends:%Y-%m-%d}")
        ]
    hidden = {"res.users.apikeys.fields_get": Fault(4, "no")}
    assert about(check(rule_server(crm, hidden), spec_of()), "keys")[0][1].startswith("API keys of this version expire")


def test_a_version_that_nobody_tested(crm: EmbeddedServer) -> None:
    found = check(Overriding(crm.as_user(WORK), {}, version="22.0"), spec_of())
    assert ("warning", "This tool has not been tested with Odoo 22.0") in about(found, "server")
    assumed = [text for _level, text in about(found, "assumed")]
    assert "Assumed, as on Odoo 19: an archived lead that goes to a won stage comes out of the archive" in assumed
    assert len(assumed) == len(UNASKED)
    assert about(check(crm.as_user(WORK), spec_of()), "assumed") == []


def test_all_that_goes_by_the_number_of_the_version_is_told_of_a_newer_one() -> None:
    assert set(ASSUMED) == set(UNASKED)


@pytest.mark.parametrize(
    ("url", "database", "level", "said"),
    [
        ("https://viveros.odoo.com", "viveros", "note", "By its name this is Odoo Online"),
        ("https://viveros.odoo.com", "viveros-main-123456", "note", "By its name this is Odoo.sh"),
        ("https://viveros-x-12.dev.odoo.com", "viveros-x-123456", "warning", "a build of Odoo.sh, a copy"),
        ("https://viveros.example", "viveros", "ok", "By its name a host of its own"),
    ],
)
def test_what_a_host_is_by_its_name(url: str, database: str, level: str, said: str) -> None:
    ((found, text),) = [
        (one.level, one.text) for one in host_findings(ServerIdentity(url, database, "19.0", "work", 7))
    ]
    assert (found, said in text) == (level, True)


def test_a_crm_in_memory_is_no_host(crm: EmbeddedServer) -> None:
    assert list(host_findings(crm.as_user(WORK).identity)) == []


def test_the_list_is_complete_even_when_everything_fails(crm: EmbeddedServer) -> None:
    class Failing:
        identity = crm.as_user(WORK).identity

        def execute_kw(self, *_call: object) -> object:
            raise Fault(4, "no")

    found = check(Failing(), spec_of())
    assert {one.topic for one in found} >= {"server", "user", "names", "rights", "scope", "leads", "automation"}
    assert len(errors(found)) >= 4


def test_a_partner_spec_needs_rights_on_categories(crm: EmbeddedServer) -> None:
    spec = spec_of(
        """
version: 1
client: {name: Viveros, language: es_CL, timezone: America/Santiago}
odoo: {url: "https://viveros.example", database: viveros, user: segmentacion@asesorateya.example}
scope: {model: res.partner}
segmentations:
  - name: Nivel
    store: {categories: exclusive}
    segments:
      - {name: Oro, when: {name: {contains: a}}}
"""
    )
    found = check(crm.as_user(WORK), spec)
    assert ("ok", "The work user may create contact tags (Oro)") in about(found, "rights")
    archived = {"id": 9, "name": "Oro", "display_name": "Oro", "active": False}
    server = Overriding(crm.as_user(WORK), {"res.partner.category.search_read": [archived]})
    assert ("ok", "The work user may change contact tags (Oro)") in about(check(server, spec), "rights")
    assert about(found, "hidden") == about(found, "leads") == []
