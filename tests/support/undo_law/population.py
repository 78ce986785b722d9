"""The leads and contacts of the law, as people left them."""

from __future__ import annotations

from segmenter.ledger import Ledger
from tests.support.engagement import ANA, Crm, Engagement
from tests.support.undo_law.portfolio import (
    ANYBODYS_TEAM,
    BRANCH_TEAM,
    CITIES,
    HAND,
    KINDS,
    LEVEL,
    LEVELS,
    MAIN_TEAM,
    REASONS,
    VISITS,
    Portfolio,
    Row,
    portfolio_of,
    reason_field,
)


def populated(crm: Crm, ledger: Ledger, mark: str) -> Portfolio:
    """All its records have the mark: leads in "referred", contacts in "ref"."""
    e = Engagement(crm, ledger, mark=mark)
    _lists(crm)
    _fields(crm)
    _branch(crm)
    companies, people = _contacts(crm, mark)
    _leads(e, companies, people)
    crm.write("res.partner.category", crm.ids("res.partner.category", [["name", "=", "viejo"]]), active=False)
    return portfolio_of(e)


def _lists(crm: Crm) -> None:
    """What people chose names for."""
    _named(crm, "crm.tag", *({"name": name, "color": 3} for name in HAND))
    _named(crm, "crm.lost.reason", *({"name": name} for name in REASONS))
    _named(crm, "utm.source", {"name": "Feria"}, {"name": "Referido"})
    _named(crm, "utm.medium", {"name": "Terreno"})
    (top,) = _named(crm, "res.partner.category", {"name": "Cliente", "color": 1})
    _named(crm, "res.partner.category", {"name": "Oro", "parent_id": top}, {"name": "viejo"})
    _named(crm, "res.partner.category", *({"name": name, "color": 2} for name in KINDS[:2]))


def _named(crm: Crm, model: str, *rows: Row) -> list[int]:
    """The records of these names: those that are there, and else new ones."""
    there = {name: crm.ids(model, [["name", "=", name]]) for name in (row["name"] for row in rows)}
    return [(there[row["name"]] or crm.create(model, row))[0] for row in rows]


def _fields(crm: Crm) -> None:
    """A selection and a number that were added to leads."""
    (model,) = crm.ids("ir.model", [["model", "=", "crm.lead"]])
    own = {"model_id": model, "state": "manual"}
    offered = [[0, 0, {"value": value, "name": value, "sequence": n}] for n, value in enumerate(LEVELS)]
    level = {"name": LEVEL, "field_description": "Nivel", "ttype": "selection", "selection_ids": offered}
    visits = {"name": VISITS, "field_description": "Visitas", "ttype": "integer"}
    for about in (level, visits):
        crm.create("ir.model.fields", {**own, **about})


def _branch(crm: Crm) -> None:
    """Another company of the client's, with a team of its own; everybody works in both."""
    (main,) = crm.find("res.company", [], ["currency_id"])
    (partner,) = crm.create("res.partner", {"name": "Sucursal", "is_company": True})
    about = {"name": "Sucursal", "partner_id": partner, "currency_id": main["currency_id"]}
    (branch,) = crm.create("res.company", about)
    if "company_ids" in crm.call("res.users", "fields_get", [], ["type"]):
        crm.write("res.users", [2, *crm.people.values()], company_ids=[[6, 0, [main["id"], branch]]])
    for team, company in ((BRANCH_TEAM, branch), (MAIN_TEAM, main["id"]), (ANYBODYS_TEAM, False)):
        (crm.teams[team],) = crm.create("crm.team", {"name": team, "company_id": company})


def _contacts(crm: Crm, mark: str) -> tuple[list[int], list[int]]:
    """Companies, and people of them or of none."""
    top, oro, viejo = (
        crm.ids("res.partner.category", [["name", "=", name]])[0] for name in ("Cliente", "Oro", "viejo")
    )
    companies = crm.create(
        "res.partner",
        *(
            {
                "name": f"Empresa {n}",
                "ref": mark,
                "is_company": True,
                "city": CITIES[n % 4],
                "street": (False, f"Calle {n}")[n % 2],
                "phone": (f"+56 2 2000 {n:04}", False)[n % 2],
                "user_id": (False, crm.people[ANA])[n % 2],
                "active": n != 7,
            }
            for n in range(10)
        ),
    )
    people = crm.create(
        "res.partner",
        *(
            {
                "name": f"Persona {n}",
                "ref": mark,
                "parent_id": (False, companies[n % 10])[n % 2],
                "type": "delivery" if n % 6 == 5 else "contact",
                # As its company has it, or else its own; an odd number is of an odd company.
                "city": CITIES[n % 10 % 4],
                "street": (False, f"Puerta {n}" if n % 6 == 5 else f"Calle {n % 10}")[n % 2],
                "function": (False, "Gerencia")[n % 2],
                "email": (f"persona{n}@ley.example", False)[n % 3 == 2],
                "phone": (f"+56 9 3000 {n:04}", False)[n % 4 == 3],
                "category_id": [[6, 0, ([], [oro], [viejo], [top])[n % 4]]],
                "user_id": (False, False, crm.people[ANA])[n % 3],
                "active": n != 11,
            }
            for n in range(20)
        ),
    )
    return companies, people


def _leads(e: Engagement, companies: list[int], people: list[int]) -> None:
    crm = e.crm
    tags = [crm.ids("crm.tag", [["name", "=", name]])[0] for name in HAND]
    held: list[list[int]] = [[], tags[:1], tags[:2], []]
    e.make_leads(
        44,
        city=lambda n: CITIES[n % 4],
        type=lambda n: "lead" if n % 5 == 3 else "opportunity",
        tag_ids=lambda n: [[6, 0, held[n % 4]]],
        function=lambda n: (False, "Gerencia", "Compras")[n % 3],
        date_deadline=lambda n: (False, "2027-03-01")[n % 2],
    )
    # A contact has several leads, and some of those are archived; it was told of none of them.
    for n, lead in enumerate(e.leads):
        if n % 4 == 1:
            crm.write("crm.lead", [lead], partner_id=people[n % 3])
        elif n in (2, 14):
            crm.write("crm.lead", [lead], partner_id=people[4])
        elif n in (6, 10):
            crm.write("crm.lead", [lead], partner_id=companies[3])
        elif n % 11 == 4:
            crm.write("crm.lead", [lead], partner_id=companies[n % 3])
        elif n % 5 == 3:
            own = {"email_from": f"persona{n % 9}@ley.example", "contact_name": f"Nadia {n}"} if n % 2 else {}
            crm.write("crm.lead", [lead], phone=f"+56 9 4000 {n:04}", **own)
    crm.write("crm.lead", e.leads[7::10], team_id=False)
    _companies(e)
    crm.write("crm.lead", [e.leads[n] for n in (9, 22, 30)], stage_id=crm.stages["Ganado"])
    crm.write("crm.lead", e.leads[:13:4], probability=37.0)  # a probability that somebody set by hand
    lost = [e.leads[n] for n in (5, 12, 19, 26)]
    crm.write("crm.lead", lost, active=False, probability=0)
    (reason, _other) = crm.ids("crm.lost.reason", [["name", "in", list(REASONS)]])
    crm.write("crm.lead", lost[:3], **{reason_field(crm): reason})
    crm.write("crm.lead", [e.leads[n] for n in (4, 6, 13, 20, 30, 41)], active=False)  # away, and nothing else is said


def _companies(e: Engagement) -> None:
    """Nobody's leads, of which somebody chose the company; one of the branch's team, and one of no company."""
    (main, *_branch) = e.crm.ids("res.company", [])
    alone, of_all, of_branch, of_main, of_none = (e.leads[n] for n in (8, 16, 24, 32, 40))
    e.crm.write("crm.lead", [alone], team_id=False, company_id=main)
    e.crm.write("crm.lead", [of_all], team_id=e.crm.teams[ANYBODYS_TEAM], company_id=main)
    e.crm.write("crm.lead", [of_branch], team_id=e.crm.teams[BRANCH_TEAM])
    e.crm.write("crm.lead", [of_main], team_id=e.crm.teams[MAIN_TEAM])
    e.crm.write("crm.lead", [of_none, e.leads[21]], team_id=e.crm.teams[ANYBODYS_TEAM], company_id=False)
