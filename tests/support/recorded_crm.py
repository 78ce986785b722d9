"""What is in the databases that `tests.support.record` records from: people, and a small portfolio for each purpose.

A portfolio is told from the others by what its leads hold in their field "referred".
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from segmenter.odoo.server import Server
from segmenter.odoo.session import connect
from tests.live import servers
from tests.live.servers.odoo import Home
from tests.support import cassettes
from tests.support.versions import groups_field

ANA, LUIS = "ana@viveros.example", "luis@viveros.example"
OWN, ALL = "sales_team.group_sale_salesman", "sales_team.group_sale_salesman_all_leads"
PEOPLE = {cassettes.WORK_USER: ALL, ANA: OWN, LUIS: OWN}
PORTFOLIOS = ("plan", "apply", "conflict", "faults")
STAGES = ("Nueva", "Calificado", "Propuesta")
CITIES = ("Santiago", "Lima", False)
NAMES = (
    *("Hotel Sol", "Ampliación Constructora Andes", "Viñedo Ñuble", "Colegio Belén", "Clínica Ómicron", "Feria 🌱"),
    *("Parque Sur", "Condominio & Cía", "Jardín <Norte>", "Hostal 'El Roble'", "Campo Alto", "Municipio [NO TOCAR]"),
)
"""Of the leads of each portfolio, which is named after them in brackets. The n-th of them, counted from 0, is worth n
thousand; every third one belongs to nobody, the others to Ana and Luis in turn."""
SILENT = {"tracking_disable": True, "lang": "es_CL"}
ENOUGH = "cassettes.enough"


def make_people(admin: Server, key: str) -> dict[str, int]:
    """The work user, who sees all leads and no more, and two salespeople who see their own; all with this key."""
    ids: dict[str, int] = {}
    for login, group in PEOPLE.items():
        values = {
            "name": "Segmentación AsesórateYa" if login == cassettes.WORK_USER else login.split("@")[0].title(),
            "login": login,
            "email": login,
            "password": key,
            groups_field(str(admin.identity.major)): [[6, 0, [_group(admin, "base.group_user"), _group(admin, group)]]],
        }
        context = {"no_reset_password": True, **SILENT}
        ids[login] = admin.execute_kw("res.users", "create", [values], {"context": context})
    return ids


def make_portfolios(admin: Server, people: dict[str, int]) -> None:
    """A dozen leads for each purpose, of one team, in every condition."""
    stages = {row["name"]: row["id"] for row in _call(admin, "crm.stage", "search_read", [], ["name"])}
    if "Nuevo" in stages:  # as 14 calls it
        stages["Nueva"] = stages.pop("Nuevo")
        _call(admin, "crm.stage", "write", [stages["Nueva"]], {"name": "Nueva"})
    holders = (False, people[ANA], people[LUIS])
    team = _call(admin, "crm.team", "create", {"name": "Ventas Cono Sur", "member_ids": [[6, 0, list(holders[1:])]]})
    hand = _call(admin, "crm.tag", "create", {"name": "A mano", "color": 3})
    rows = [
        {
            "name": f"{name} ({purpose})",
            "referred": purpose,
            "type": "opportunity",
            "expected_revenue": 1000 * n,
            "priority": str(n % 3),
            "date_deadline": f"2026-06-{n + 1:02}",
            "city": CITIES[n % 3],
            "stage_id": stages[STAGES[n // 2 % 3]],
            "user_id": holders[n % 3],
            "team_id": team,
            "tag_ids": [[6, 0, [hand] if n % 4 == 0 else []]],
        }
        for purpose in PORTFOLIOS
        for n, name in enumerate(NAMES)
    ]
    _call(admin, "crm.lead", "create", rows)


@contextmanager
def somebody_writing(lead: int, version: str) -> Iterator[None]:
    """While a recording is made, other transactions change this lead one after the other without a gap."""
    if cassettes.recording_url() is None:
        yield
        return
    postgres = Home.of(servers.RECIPES[cassettes.server(version)]).postgres
    # Each change is committed while the next writer waits for it, whose view of the record is then out of date.
    busy = f"""DO $$ BEGIN FOR turn IN 1..600 LOOP
        UPDATE crm_lead SET id = id WHERE id = {lead}; PERFORM pg_sleep(0.1); COMMIT;
        EXIT WHEN EXISTS (SELECT FROM ir_config_parameter WHERE key = '{ENOUGH}');
    END LOOP; END $$"""
    writer = threading.Thread(target=postgres.sql, args=[busy], kwargs={"database": cassettes.DATABASE})
    writer.start()
    begun = f"SELECT pid FROM pg_stat_activity WHERE datname = '{cassettes.DATABASE}' AND wait_event = 'PgSleep'"
    while writer.is_alive() and not postgres.sql(begun):
        time.sleep(0.05)
    try:
        yield
    finally:
        enough = f"INSERT INTO ir_config_parameter (key, value) VALUES ('{ENOUGH}', 'yes')"
        postgres.sql(enough, database=cassettes.DATABASE)
        writer.join()


@contextmanager
def lockout_ends(version: str) -> Iterator[None]:
    """While a recording is made: logins of this address that come after it are answered again, on 14 too."""
    if cassettes.recording_url() is None:
        yield
        return
    about = servers.start(cassettes.server(version)).connection()
    admin = connect(about["url"], cassettes.DATABASE, about["admin_login"], about["admin_password"])
    duration = "base.login_cooldown_duration"
    # From its first call on the server knows this session, and asks for no login that it would refuse.
    _call(admin, "ir.config_parameter", "set_param", duration, "60")
    try:
        yield
    finally:
        _call(admin, "ir.config_parameter", "set_param", duration, "0")


@contextmanager
def escape_in_name(lead: int, version: str) -> Iterator[None]:
    """While a recording is made, the name of this lead holds a control character, as no call could write it."""
    if cassettes.recording_url() is None:
        yield
        return
    postgres = Home.of(servers.RECIPES[cassettes.server(version)]).postgres
    postgres.sql(f"UPDATE crm_lead SET name = chr(27) || name WHERE id = {lead}", database=cassettes.DATABASE)
    try:
        yield
    finally:
        postgres.sql(f"UPDATE crm_lead SET name = substr(name, 2) WHERE id = {lead}", database=cassettes.DATABASE)


def _group(admin: Server, xmlid: str) -> int:
    module, name = xmlid.split(".")
    (row,) = _call(admin, "ir.model.data", "search_read", [["module", "=", module], ["name", "=", name]], ["res_id"])
    return int(row["res_id"])


def _call(admin: Server, model: str, method: str, *args: Any) -> Any:
    """As the administrator, in silence."""
    return admin.execute_kw(model, method, list(args), {"context": SILENT})
