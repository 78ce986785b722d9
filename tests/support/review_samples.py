"""A ledger with a plan of any size and a run of it, made by hand: what the review is tried on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from segmenter.ledger import Ledger, Outcome, Who
from segmenter.planning.digest import Digest, head
from segmenter.planning.model import Change, Overlap, Plan, Portion, Said, SegmentCount, Tally
from tests.support.report_samples import PLAN

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


@dataclass
class SampleDraft:
    """Changes and a head; tally and digest follow from the changes."""

    changes: Iterable[Change]
    facts: Plan

    def __iter__(self) -> Iterator[Change]:
        f = self.facts
        self._digest = Digest(head(f.server, f.model, f.spec_digest, f.now, f.config))
        self._records, self._changes = set[int](), 0
        for change in self.changes:
            self._digest.add(change)
            self._records.add(change.record)
            self._changes += not change.pin
            yield change

    def plan(self) -> Plan:
        tally = Tally(records=len(self._records), changes=self._changes, overwrites=3)
        return replace(self.facts, digest=self._digest.hexdigest(), tally=tally)


def level(record: int) -> str:
    """The segment that takes a record."""
    return LEVELS[record % 3]


def name(record: int) -> str:
    """Every eleventh record has a hostile name."""
    return HOSTILE[record // 11 % len(HOSTILE)] if record % 11 == 0 else f"Jardín Ñandú {record}"


def changes(records: int) -> Iterator[Change]:
    """A tag and a priority a record; the first nine held the tag of another segment."""
    for record in range(1, records + 1):
        to = level(record)
        before = [TAGS[LEVELS[(record + 1) % 3]]] if record < 10 else []
        yield Change(record, name(record), "tag_ids", before, [TAGS[to]], "Nivel", to)
        yield Change(record, name(record), "priority", "0", str(3 - LEVELS.index(to)), "Nivel", to)


def facts(records: int, **other: object) -> Plan:
    """The head that fits `changes`, with a portion for every segment."""
    taken = {one: sum(level(record) == one for record in range(1, records + 1)) for one in LEVELS}
    segments = tuple(
        SegmentCount(
            *("Nivel", one, one == "Bajo", color, f"Descripción <{one}>", words, ()),
            matched=taken[one] + 7 * (one == "Medio"),
            taken=taken[one],
            changed=taken[one],
            field="tag_ids",
            value=TAGS[one],
            expected="5%..25%" if one == "Alto" else "",
            met=False if one == "Alto" else None,
        )
        for one, color, words in (("Alto", 10, "Ingreso > 5 & más"), ("Medio", 3, "Ingreso > 1"), ("Bajo", 0, ""))
    )
    portions = tuple(
        Portion("Nivel", one, stage, person, taken[one] // 4, 1_000_000.0 * taken[one])
        for one in LEVELS
        for stage in ("Nuevo", "<Propuesta>")
        for person in ("Ana Soto", "")
        if taken[one] // 4
    )
    fitting = replace(
        PLAN,
        segments=segments,
        scope_count=records,
        uncovered={"Nivel": 0},
        overlaps=(Overlap("Nivel", "Alto", "Medio", 7, ((1, name(11)), (2, "Hotel"))),),
        portions=portions,
        currency="CLP",
        protected_sample=((900, "[NO TOCAR] <b>"),),
        said={"es": Said(("Ingreso > 5 y más", "Ingreso > 1", ""), ("Ojo",), ("Odoo lo hace",), ("Es mucho",))},
        value_names={**PLAN.value_names, "tag_ids:4": "Medio", "tag_ids:5": "Bajo", "priority:1": "Media"},
        client_language="es_CL",
    )
    return replace(fitting, **other)  # type: ignore[arg-type]


def save(ledger: Ledger, records: int, **other: object) -> Plan:
    """A plan of ``records`` records, twice as many changes."""
    return ledger.save_plan(SampleDraft(changes(records), facts(records, **other)))


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
