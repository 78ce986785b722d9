"""A ledger with a plan of any size and a run of it, made by hand: what the review is tried on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from segmenter.ledger import Ledger, Outcome, Who
from segmenter.plans.changes import Change
from segmenter.plans.expected import Amount, Range
from segmenter.plans.plan import Members, Overlap, Plan, Portion, SegmentCount, Tally
from segmenter.plans.roster import Roster
from segmenter.record_set import RecordSet
from tests.support.heads import altered
from tests.support.ledgers import Made
from tests.support.report_samples import PLAN, written
from tests.support.sets import as_sets

HOSTILE = (
    "<script>document.title = 'owned'</script>",
    "</script><img src=x onerror=\"document.title = 'owned'\">",
    "\"'&<b>bold</b>",
    "factura \u202egpj.exe",
    "=cmd|'/c calc'!A1",
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1)",
    "\x1b[2Jcleared",
    "<!--<script>",
    "no-space-" * 40,
)
"""Names that a CRM may hold and that must come out as the text they are."""
WHO = Who("ana", "laptop", "segmentacion@asesorateya.example", 5, "0.1.0")
LEVELS = ("Alto", "Medio", "Bajo")
TAGS = {"Alto": -1, "Medio": 4, "Bajo": 5}


def plan_of(changes: Iterable[Change], facts: Plan) -> Made:
    """Changes and a head; the tally follows from the changes."""
    sets, names = as_sets(changes)
    written = sum(len(one.records) for one in sets if not one.pin)
    return altered(facts, tally=Tally(records=len(names), changes=written, overwrites=3)), sets, names


def level(record: int) -> str:
    """The segment that takes a record."""
    return LEVELS[record % 3]


def name(record: int) -> str:
    """Every eleventh record has a hostile name."""
    return HOSTILE[record // 11 % len(HOSTILE)] if record % 11 == 0 else f"Jardín Ñandú {record}"


def changes(records: int) -> Iterator[Change]:
    """A tag and a priority a record; the first nine held the tag of another segment, and three have a star."""
    for record in range(1, records + 1):
        to = level(record)
        before = [TAGS[LEVELS[(record + 1) % 3]]] if record < 10 else []
        yield Change(record, name(record), "tag_ids", before, [TAGS[to]], "Nivel", to)
        yield Change(
            record,
            name(record),
            "priority",
            "1" if record in (1, 3, 4) else "0",
            str(3 - LEVELS.index(to)),
            "Nivel",
            to,
        )


def facts(records: int, **other: object) -> Plan:
    """The head that fits `changes`, with a portion for every segment."""
    taken = {one: sum(level(record) == one for record in range(1, records + 1)) for one in LEVELS}
    segments = tuple(
        SegmentCount(
            *("Nivel", one, one == "Bajo", color, f"Descripción <{one}>", condition, ()),
            matched=taken[one] + 7 * (one == "Medio"),
            taken=taken[one],
            changed=taken[one],
            field="tag_ids",
            value=TAGS[one],
            expected=Range(Amount(5, percent=True), Amount(25, percent=True)) if one == "Alto" else None,
            met=False if one == "Alto" else None,
        )
        for one, color, condition in (
            ("Alto", 10, written("Ingreso > 5 & más", es="Ingreso > 5 y más")),
            ("Medio", 3, written("Ingreso > 1")),
            ("Bajo", 0, None),
        )
    )
    portions = tuple(
        Portion("Nivel", one, stage, person, taken[one] // 4, 1_000_000.0 * taken[one])
        for one in LEVELS
        for stage in ("Nuevo", "<Propuesta>")
        for person in ("Ana Soto", "")
        if taken[one] // 4
    )
    fitting = altered(
        PLAN,
        segments=segments,
        scope_count=records,
        uncovered={"Nivel": 0},
        overlaps=(Overlap("Nivel", "Alto", "Medio", 7, ((1, name(11)), (2, "Hotel"))),),
        portions=portions,
        currency="CLP",
        protected_sample=((900, "[NO TOCAR] <b>"),),
        value_names={**PLAN.names.value_names, "tag_ids:4": "Medio", "tag_ids:5": "Bajo", "priority:1": "Media"},
        client_language="es_CL",
    )
    return altered(fitting, **other)


def save(ledger: Ledger, records: int, **other: object) -> Plan:
    """A plan of ``records`` records, twice as many changes."""
    return ledger.save_plan(*plan_of(changes(records), facts(records, **other)), members(records), roster(records))


def members(records: int) -> Members:
    """Who belongs where in the plan of `facts`."""
    scope = RecordSet(range(1, records + 1))
    taken = (RecordSet(record for record in scope if level(record) == one) for one in LEVELS)
    return Members(scope, RecordSet([900]), tuple(taken))


def roster(records: int) -> Roster:
    """Every other record is Ana's, the others nobody's; the first ones are worth most, and of one city in two."""
    scope = range(1, records + 1)
    return Roster(
        held={
            "user_id": {7: RecordSet(scope[::2]), None: RecordSet(scope[1::2])},
            "stage_id": {1: RecordSet(scope)},
        },
        labels={"user_id:7": "Ana <Soto>", "stage_id:1": "Nuevo"},
        revenue={record: 1000.0 * (records - record // 2) for record in scope},
        moved={record: f"2026-03-01 02:00:{record % 60:02}" for record in scope},
        told={
            "city": dict.fromkeys(scope[::2], "Viña del Mar"),
            "phone": {record: f"+56 9 {record}" for record in scope},
            "email": {record: f"cliente{record}@example.com" for record in scope},
        },
    )


def run(ledger: Ledger, plan: Plan, *, conflicts: Iterable[int] = ()) -> str:
    """An apply that wrote everything but the priority of ``conflicts``; its id."""
    left = set(conflicts)
    started = ledger.start_run("apply", plan.id, WHO)
    records = [change.record for change in ledger.changes(plan.id) if change.field == "tag_ids"]
    ledger.intend(started.id, 1, {"kind": "records", "records": records, "values": {}})
    outcomes = [
        Outcome(one, "priority", "conflict", found="2") if one in left else Outcome(one, "", "applied")
        for one in records
    ]
    ledger.settle(started.id, 1, outcomes)
    counts = {"applied": len(records) - len(left)} | ({"conflict": len(left)} if left else {})
    ledger.finish_run(started.id, "conflicts" if left else "done", {"counts": counts})
    return started.id


def undo(ledger: Ledger, plan: Plan, root: str) -> str:
    """An undo of all that `run` wrote; its id."""
    started = ledger.start_run("undo", plan.id, WHO, root)
    records = sorted(ledger.applied(root).records)
    ledger.intend(started.id, 1, {"kind": "records", "records": records, "values": {}})
    ledger.settle(started.id, 1, [Outcome(one, "", "applied") for one in records])
    ledger.finish_run(started.id, "done", {"counts": {"applied": len(records)}})
    return started.id
