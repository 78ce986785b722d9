"""What is in the databases that `tests.support.record` records from: people, and a small portfolio for each purpose.

A portfolio is told from the others by what its leads hold in their field "referred".
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from segmenter.odoo.server import Server
from tests.live import servers
from tests.support import cassettes
from tests.support.versions import groups_field

ANA, LUIS = "ana@viveros.example", "luis@viveros.example"
OWN, ALL = "sales_team.group_sale_salesman", "sales_team.group_sale_salesman_all_leads"
PEOPLE = {cassettes.WORK_USER: ALL, ANA: OWN, LUIS: OWN}
PORTFOLIOS = ("plan", "apply", "conflict", "faults")
STAGES = {"New": "Nueva", "Qualified": "Calificado", "Proposition": "Propuesta"}
CITIES = ("Santiago", "Lima", False)
NAMES = (
    *("Hotel Sol", "Ampliación Constructora Andes", "Viñedo Ñuble", "Colegio Belén", "Clínica Ómicron", "Feria 🌱"),
    *("Parque Sur", "Condominio & Cía", "Jardín <Norte>", "Hostal 'El Roble'", "Campo Alto", "Municipio [NO TOCAR]"),
)
"""Of the leads of each portfolio, which is named after them in brackets. The n-th of them, counted from 0, is worth n
thousand; every third one belongs to nobody, the others to Ana and Luis in turn."""
SILENT = {"tracking_disable": True, "lang": "es_CL"}
BEGUN, ENOUGH = "cassettes.begun", "cassettes.enough"


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
    english = _call(admin, "crm.stage", "search_read", [], ["name"], lang="en_US")
    stages = {STAGES[row["name"]]: row["id"] for row in english if row["name"] in STAGES}
    for name, stage in stages.items():  # the versions translate them differently
        _call(admin, "crm.stage", "write", [stage], {"name": name})
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
            "stage_id": stages[[*STAGES.values()][n // 2 % 3]],
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
    admin = Administrator(version)
    # Each change is committed while the next writer waits for it, whose view of the record is then out of date.
    busy = f"""
for turn in range(600):
    env.cr.commit()
    env.cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    env.cr.execute("UPDATE crm_lead SET id = id WHERE id = {lead}")
    if not turn:
        env["ir.config_parameter"].create({{"key": "{BEGUN}.WRITER", "value": "yes"}})
    env.cr.execute("SELECT FROM ir_config_parameter WHERE key = '{ENOUGH}'")
    if env.cr.rowcount:
        break
    env.cr.execute("SELECT pg_sleep(0.1)")
action = {{"type": "ir.actions.act_window_close"}}
"""
    writers = [threading.Thread(target=admin.runs, args=[busy.replace("WRITER", str(n))]) for n in range(2)]
    for writer in writers:
        writer.start()
    begun = [["key", "like", f"{BEGUN}."]]
    while all(one.is_alive() for one in writers) and admin.call("ir.config_parameter", "search_count", begun) < 2:
        time.sleep(0.05)
    try:
        yield
    finally:
        admin.call("ir.config_parameter", "set_param", ENOUGH, "yes")
        for writer in writers:
            writer.join()


@contextmanager
def lockout_ends(version: str) -> Iterator[None]:
    """While a recording is made: logins of this address that come after it are answered again, on 14 too."""
    if cassettes.recording_url() is None:
        yield
        return
    admin = Administrator(version)
    duration = "base.login_cooldown_duration"
    # From its first call on the server knows this person, and asks for no login that it would refuse.
    admin.call("ir.config_parameter", "set_param", duration, "60")
    try:
        yield
    finally:
        admin.call("ir.config_parameter", "set_param", duration, "0")


@contextmanager
def escape_in_name(lead: int, version: str) -> Iterator[None]:
    """While a recording is made, the name of this lead holds a control character, which XML-RPC could not write."""
    if cassettes.recording_url() is None:
        yield
        return
    admin = Administrator(version)
    ((row),) = admin.call("crm.lead", "read", [lead], ["name"])
    admin.call("crm.lead", "write", [lead], {"name": f"\x1b{row['name']}"})
    try:
        yield
    finally:
        admin.call("crm.lead", "write", [lead], {"name": row["name"]})


class Administrator:
    """Calls of the recorded server's administrator that no recording is to hold.

    vcrpy replaces the connections that `http.client` has, not those that were taken from it before. In JSON they can
    say what XML-RPC cannot: a control character, and None.
    """

    def __init__(self, version: str) -> None:
        server = servers.running(cassettes.server(version))  # `start` would ask it, and be recorded
        assert server is not None
        self._about = server.connection()
        login = [cassettes.DATABASE, self._about["admin_login"], self._about["admin_password"]]
        self._uid = self._ask("common", "login", *login)

    def call(self, model: str, method: str, *args: Any) -> Any:
        """In silence."""
        who = [cassettes.DATABASE, self._uid, self._about["admin_password"]]
        return self._ask("object", "execute_kw", *who, model, method, args, {"context": SILENT})

    def runs(self, code: str) -> None:
        """Python on the server, by an action that stays."""
        (model,) = self.call("ir.model", "search", [["model", "=", "crm.lead"]])
        values = {"name": "cassettes", "model_id": model, "state": "code", "code": code}
        self.call("ir.actions.server", "run", [self.call("ir.actions.server", "create", values)])

    def _ask(self, service: str, method: str, *args: Any) -> Any:
        url = urlsplit(self._about["url"])
        asked = {"jsonrpc": "2.0", "method": "call", "params": {"service": service, "method": method, "args": args}}
        with closing((HTTPSConnection if url.scheme == "https" else HTTPConnection)(url.netloc, timeout=120)) as line:
            line.request("POST", f"{url.path}/jsonrpc", json.dumps(asked), {"Content-Type": "application/json"})
            answer = json.load(line.getresponse())
        assert "error" not in answer, answer
        return answer["result"]


def _group(admin: Server, xmlid: str) -> int:
    module, name = xmlid.split(".")
    (row,) = _call(admin, "ir.model.data", "search_read", [["module", "=", module], ["name", "=", name]], ["res_id"])
    return int(row["res_id"])


def _call(admin: Server, model: str, method: str, *args: Any, **context: str) -> Any:
    """As the administrator, in silence."""
    return admin.execute_kw(model, method, list(args), {"context": {**SILENT, **context}})
