"""Five segmentations at once, as engagements have them: two of exclusive tags, one of many, a priority, a custom field.

Conditions with dotted paths and dates, people in turn and by load, a stage that only new leads reach, leads that are
protected, out of scope or archived, and values of every kind before: none, the right one, another one, tags of people.

Inside the server each value is written by itself to all that lack it, in portions of leads: with five segmentations the
leads that need the very same writes are too few for a batch.
"""

from __future__ import annotations

from benchmarks.portfolio import Portfolio

SPEC = """
scope: {model: crm.lead, where: {type: opportunity}}
protect:
  - name: {contains: "[KEEP]"}
segmentations:
  - name: Potential
    store: {tags: exclusive}
    segments:
      - name: "Potential: high"
        when:
          expected_revenue: {">=": 6000000}
          any:
            - partner_id.country_id.code: [CL, PE]
            - create_date: {within: 90 days}
        set:
          stage_id: {to: Qualified, from: [New]}
          user_id: {assign: [seller0, seller1, seller2], by: least_loaded}
      - name: "Potential: medium"
        when: {expected_revenue: {between: [1500000, 9000000]}}
        set:
          user_id: {assign: [seller3, seller4], by: round_robin}
      - name: "Potential: low"
        when: {expected_revenue: {">": 0}}
    default: {name: "Potential: not evaluated"}
  - name: Sector
    store: {tags: exclusive}
    segments:
      - name: "Sector: hotels"
        when:
          any:
            - partner_id.category_id: {has_any: [Hotels]}
            - name: {contains: hotel}
      - name: "Sector: retail"
        when: {partner_id.category_id: {has_any: [Retail]}}
      - name: "Sector: public"
        when: {email_from: {ends_with: ".gob.example"}}
  - name: Campaigns
    store: {tags: many}
    segments:
      - name: "Campaign: fair"
        when: {source_id: [Fair, Referral]}
      - name: "Campaign: closing soon"
        when: {date_deadline: {next: 30 days}}
      - name: "Campaign: asleep"
        when: {create_date: {older_than: 180 days}}
        set: {medium_id: Letter}
      - name: "Campaign: abroad"
        when: {partner_id.country_id.code: [PE, ES]}
  - name: Urgency
    store: {field: priority}
    segments:
      - {name: At once, value: 3, when: {date_deadline: {next: 14 days}}}
      - {name: Soon, value: 2, when: {date_deadline: {next: 60 days}, expected_revenue: {">=": 3000000}}}
      - {name: Some day, value: 1, when: {date_deadline: {next: 365 days}}}
    default: {name: No date, value: 0}
  - name: Zone
    store: {field: x_zone}
    segments:
      - {name: north, when: {city: [City 1, City 2, City 3, City 4, City 5, City 6]}}
      - {name: south, when: {any: [{city: [City 7, City 8, City 9]}, {partner_id.city: [City 7, City 8, City 9]}]}}
      - {name: abroad, when: {partner_id.country_id.code: {not_in: [CL]}, partner_id: {empty: false}}}
    default: {name: centre}
"""
CREATE = """
rng = random.Random(20261130)
sellers = env["res.users"].browse([user(f"Seller {n}", f"seller{n}").id for n in range(6)])
model = env["ir.model"]._get("crm.lead")
env["ir.model.fields"].create({
    "model_id": model.id, "name": "x_zone", "field_description": "Zone", "ttype": "selection",
    "selection_ids": [(0, 0, {"value": zone, "name": zone, "sequence": n})
                      for n, zone in enumerate(["north", "south", "centre", "abroad"])]})
env.cr.commit()
Lead = env["crm.lead"].with_context(**silent)
tags = env["crm.tag"].create([{"name": name} for name in settings["tags"]])
hand = env["crm.tag"].create([{"name": f"By hand {n}"} for n in range(5)])
stages = env["crm.stage"].search([])
teams = env["crm.team"].search([])
sources = env["utm.source"].create([{"name": name} for name in ["Fair", "Referral", "Web", "Cold call"]])
mediums = env["utm.medium"].create([{"name": name} for name in ["Letter", "Visit"]])
hotels, retail, industry = env["res.partner.category"].create([{"name": n} for n in ["Hotels", "Retail", "Industry"]])
countries = env["res.country"].search([("code", "in", ["CL", "PE", "ES"])])
companies = env["res.partner"].with_context(**silent).create([{
    "name": f"Company {n}", "city": f"City {n % 20}", "country_id": rng.choice(countries).id,
    "category_id": [(6, 0, rng.sample((hotels + retail + industry).ids, n % 3))],
} for n in range(600)])
env.cr.commit()
today = date.today()
maybe = lambda share, value: value if rng.random() < share else False
for start in range(0, settings["created"], 1000):
    Lead.create([{
        "name": f"{rng.choice(['Prospect', 'Hotel', 'Shop', 'Extension'])} {n}" + (" [KEEP]" if n % 97 == 0 else ""),
        "type": "lead" if n % 12 == 0 else "opportunity",
        "active": n % 31 != 0,
        "stage_id": stages[rng.choice([0, 0, 0, 1, 2])].id,
        "user_id": maybe(0.6, rng.choice(sellers).id),
        "team_id": maybe(0.9, rng.choice(teams).id),
        "expected_revenue": round(rng.uniform(0, 1.2e7), 2) if n % 9 else 0,
        "partner_id": maybe(0.7, rng.choice(companies).id),
        "city": maybe(0.8, f"City {rng.randrange(20)}"),
        "email_from": maybe(0.6, f"p{n}@" + rng.choice(["example.com", "min.gob.example", "shop.example"])),
        "source_id": maybe(0.6, rng.choice(sources).id),
        "medium_id": maybe(0.3, rng.choice(mediums).id),
        "priority": rng.choice("000123"),
        "date_deadline": maybe(0.5, str(today + timedelta(rng.randrange(-60, 200)))),
        "x_zone": maybe(0.3, rng.choice(["north", "south", "centre", "abroad"])),
        "tag_ids": [(6, 0, rng.sample(hand.ids, n % 3) + rng.sample(tags.ids, rng.choice([0, 0, 0, 1])))],
    } for n in range(start, min(start + 1000, settings["created"]))])
    env.cr.commit()
env.cr.execute("UPDATE crm_lead SET create_date = create_date - (id * 7919 % 400) * '1 day'::interval")
"""
INSIDE = """
tags = dict(env["crm.tag"].search([]).mapped(lambda tag: (tag.name, tag.id)))
source = dict(env["utm.source"].search([]).mapped(lambda one: (one.name, one.id)))
letter = env["utm.medium"].search([("name", "=", "Letter")]).id
category = dict(env["res.partner.category"].search([]).mapped(lambda one: (one.name, one.id)))
new, qualified = env["crm.stage"].search([]).ids[:2]
login = dict(env["res.users"].search([]).mapped(lambda one: (one.login, one.id)))
today = datetime.utcnow().date()
day = lambda n: str(today + timedelta(n))
midnight = lambda n: day(n) + " 00:00:00"
scope = [("type", "=", "opportunity"), ("name", "not ilike", "[KEEP]")]
country, cities = "partner_id.country_id.code", lambda *numbers: [f"City {n}" for n in numbers]

potential = [
    ("high", [("expected_revenue", ">=", 6000000), "|", (country, "in", ["CL", "PE"]),
              "&", ("create_date", ">=", midnight(-90)), ("create_date", "<", midnight(1))]),
    ("medium", [("expected_revenue", ">=", 1500000), ("expected_revenue", "<=", 9000000)]),
    ("low", [("expected_revenue", ">", 0)]),
]
sector = [
    ("hotels", ["|", ("partner_id.category_id", "in", [category["Hotels"]]), ("name", "ilike", "hotel")]),
    ("retail", [("partner_id.category_id", "in", [category["Retail"]])]),
    ("public", [("email_from", "=ilike", "%.gob.example")]),
]
campaigns = [
    ("fair", [("source_id", "in", [source["Fair"], source["Referral"]])]),
    ("closing soon", [("date_deadline", ">=", day(0)), ("date_deadline", "<=", day(30))]),
    ("asleep", [("create_date", "<", midnight(-180))]),
    ("abroad", [(country, "in", ["PE", "ES"])]),
]
urgency = [
    ("3", [("date_deadline", ">=", day(0)), ("date_deadline", "<=", day(14))]),
    ("2", [("date_deadline", ">=", day(0)), ("date_deadline", "<=", day(60)), ("expected_revenue", ">=", 3000000)]),
    ("1", [("date_deadline", ">=", day(0)), ("date_deadline", "<=", day(365))]),
]
zone = [
    ("north", [("city", "in", cities(1, 2, 3, 4, 5, 6))]),
    ("south", ["|", ("city", "in", cities(7, 8, 9)), ("partner_id.city", "in", cities(7, 8, 9))]),
    ("abroad", [("partner_id", "!=", False), "|", ("partner_id.country_id", "=", False), (country, "not in", ["CL"])]),
]

def first_match(segments, rest=None):
    left, placed = set(everything), {}
    for name, domain in segments:
        members = left.intersection(Lead.search(scope + domain).ids)
        placed.update(dict.fromkeys(members, name))
        left -= members
    if rest is not None:
        placed.update(dict.fromkeys(left, rest))
    return placed

everything = Lead.search(scope, order="id").ids
potential_of, sector_of = first_match(potential, "not evaluated"), first_match(sector)
urgency_of, zone_of = first_match(urgency, "0"), first_match(zone, "centre")
campaigns_of = {name: set(Lead.search(scope + domain).ids) for name, domain in campaigns}
groups = [["Potential: " + name for name in ("high", "medium", "low", "not evaluated")],
          ["Sector: " + name for name in ("hotels", "retail", "public")],
          ["Campaign: " + name for name in ("fair", "closing soon", "asleep", "abroad")]]
ours = {tags[name] for group in groups for name in group}
people = [login[f"seller{n}"] for n in range(3)]
pair, turn = [login["seller3"], login["seller4"]], 0
still_open = ["|", ("stage_id", "=", False), ("stage_id.is_won", "=", False)]
load = {one: Lead.search_count([("user_id", "=", one)] + still_open) for one in people + pair}
fields = ["tag_ids", "priority", "x_zone", "stage_id", "user_id", "team_id", "medium_id"]
changed = 0
for start in range(0, len(everything), 20000):
    writes, touched = {}, set()
    def write(id, **values):
        touched.add(id)
        writes.setdefault(tuple(values.items()), []).append(id)
    for row in Lead.browse(everything[start:start + 20000]).read(fields, load=None):
        id, held = row["id"], set(row["tag_ids"])
        wanted = {tags["Campaign: " + name] for name, members in campaigns_of.items() if id in members}
        wanted.add(tags["Potential: " + potential_of[id]])
        if id in sector_of:
            wanted.add(tags["Sector: " + sector_of[id]])
        for tag in wanted - held:
            write(id, tag_ids=(4, tag))
        for tag in (held & ours) - wanted:
            write(id, tag_ids=(3, tag))
        if row["priority"] != urgency_of[id]:
            write(id, priority=urgency_of[id])
        if row["x_zone"] != zone_of[id]:
            write(id, x_zone=zone_of[id])
        if id in campaigns_of["asleep"] and row["medium_id"] != letter:
            write(id, medium_id=letter)
        if potential_of[id] == "high" and row["stage_id"] == new:
            write(id, stage_id=qualified)
        if not row["user_id"] and potential_of[id] in ("high", "medium"):
            if potential_of[id] == "high":
                chosen = min(people, key=lambda one: (load[one], people.index(one)))
            else:
                chosen, turn = pair[turn % 2], turn + 1
            load[chosen] += 1
            # Odoo would give the lead to a team of its new salesperson.
            write(id, user_id=chosen, team_id=row["team_id"])
    for values, ids in writes.items():
        Lead.browse(ids).write({field: [value] if field == "tag_ids" else value for field, value in values})
    env.flush_all() if hasattr(env, "flush_all") else Lead.flush()
    env.cr.commit()
    env.invalidate_all() if hasattr(env, "invalidate_all") else Lead.invalidate_cache()
    changed += len(touched)
"""
TAGS = (
    *("Potential: high", "Potential: medium", "Potential: low", "Potential: not evaluated"),
    *("Sector: hotels", "Sector: retail", "Sector: public"),
    *("Campaign: fair", "Campaign: closing soon", "Campaign: asleep", "Campaign: abroad"),
)
PORTFOLIO = Portfolio(
    name="realistic",
    create=CREATE,
    inside=INSIDE,
    spec=SPEC,
    written=("priority", "stage_id", "user_id", "team_id", "medium_id", "x_zone", "active", "type"),
    settings={"tags": TAGS},
)
