"""A small plan, its changes and a run of it, made by hand: what reports are tried on."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType

from segmenter.cli.output import SafeConsole
from segmenter.ledger import Run, Who
from segmenter.notice import Notice, as_written
from segmenter.plans.changes import Change, ConfigChange
from segmenter.plans.expected import Amount, Period, Range
from segmenter.plans.plan import Condition, ExampleResult, Overlap, SegmentCount, Tally, Violation
from tests.support.heads import altered, head_of

WHO = Who("ana", "laptop", "segmentacion@asesorateya.example", 5, "0.1.0")
RUN = Run("R1", "apply", "P1", "R1", WHO, "", "2026-11-22T10:00:00+00:00", "2026-11-22T10:00:02+00:00", "done")
CHANGES = (
    Change(7, "Hotel Sol", "tag_ids", [3], [-1], "Nivel", "Alto"),
    Change(7, "Hotel Sol", "priority", "0", "3", "Nivel", "Alto"),
    Change(7, "Hotel Sol", "team_id", 2, 2, "Nivel", "Alto"),
    Change(9, "=cmd()", "expected_revenue", 1234567.5, 0, "Nivel", "Bajo"),
)


def written(sentence: str, **languages: str) -> Condition:
    """A condition of an older plan, which is a sentence."""
    return {"as_written": {"sentence": sentence, **languages}}


def _count(segment: str, **about: Any) -> SegmentCount:
    basic = {"is_default": False, "color": None, "description": "", "condition": None, "domain": ()}
    return SegmentCount("Nivel", segment, **{**basic, "matched": 0, "taken": 0, **about})  # type: ignore[arg-type]


PLAN = head_of(
    id="P1",
    made_at="2026-11-22T10:00:00Z",
    model="crm.lead",
    server={"url": "https://v.example", "database": "viveros", "version": "19.0", "login": "s@v.example", "uid": 5},
    spec_name="Viveros del Maipo",
    spec_file="viveros.yaml",
    spec_text="version: 1\n",
    spec_digest="d" * 64,
    now="2026-11-22T10:00:00Z",
    timezone="America/Santiago",
    language="es_CL",
    scope_domain=(),
    scope_count=1500,
    protected=12,
    uncovered={"Nivel": 40},
    segments=(
        _count(
            "Alto",
            color=10,
            condition=written("Revenue is at least 5"),
            matched=300,
            taken=300,
            expected=Range(None, Amount(10, percent=True)),
            met=False,
        ),
        _count("Medio", color=3, condition=written("Revenue is at least 1"), matched=500, taken=260, changed=4),
        _count("Bajo", is_default=True, taken=900),
    ),
    overlaps=(Overlap("Nivel", "Alto", "Medio", 240),),
    config=(
        ConfigChange(-1, "crm.tag", "Alto", {"name": "Alto", "color": 10}),
        ConfigChange(-2, "crm.tag", "Medio", {"color": 3}, {"color": 1}, 4),
        ConfigChange(-3, "ir.filters", "Nivel: Alto", {"name": "Nivel: Alto", "domain": [["tag_ids", "in", [-1]]]}),
    ),
    periods=(Period("create_date", "within", 90, "days", "2026-08-24", None),),
    examples=(
        ExampleResult("Hotel Sol", {"Nivel": "Alto"}, {"Nivel": "Alto"}),
        ExampleResult("Hotel Luna", {"Nivel": "Alto"}, {"Nivel": "Bajo"}),
    ),
    warnings=(Notice("placement.empty", names={"segmentation": "Nivel", "segment": "Nada"}),),
    side_effects=(as_written("Odoo may recompute the probability", {"es": "Odoo puede recalcular la probabilidad"}),),
    labels={"tag_ids": "Etiquetas", "priority": "Prioridad", "expected_revenue": "Ingreso", "team_id": "Equipo"},
    field_types={
        "tag_ids": "many2many",
        "priority": "selection",
        "expected_revenue": "monetary",
        "team_id": "many2one",
    },
    value_names={
        "tag_ids:3": "VIP",
        "tag_ids:-1": "Alto",
        "priority:0": "Baja",
        "priority:3": "Muy alta",
        "team_id:2": "Ventas",
    },
    owned={"tag_ids": (3,)},
    workload={"Ana Soto": (10, 14)},
    tally=Tally(records=2, changes=3, overwrites=1, removed_tags=1),
    violations=(
        Violation(
            *("expect", 300, 150),
            Notice("expectation.unmet", {"most_percent": 10}, {"segmentation": "Nivel", "segment": "Alto"}),
        ),
    ),
    digest="a" * 64,
)
NOTHING = altered(PLAN, config=(), tally=Tally(), violations=(), examples=(), warnings=(), side_effects=(), workload={})


def printed(what: RenderableType, width: int = 200) -> str:
    """As on a terminal without colours, without the spaces at line ends."""
    console = SafeConsole(width=width, markup=False, highlight=False, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(what)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())
