"""Names that a spec asks an export for and no cell holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmenter.resolving.exported import exported
from segmenter.spec import load

SPEC = """version: 1
client: {name: Huerta Clara, language: es_CL, timezone: America/Santiago}
scope: {model: crm.lead}
protect:
  - PROTECT
segmentations:
  - name: Avance
    store: {tags: many}
    segments:
      - name: Cerca
        when: WHEN
        set: SET
"""
EXPORT = """Oportunidad,Etapa,Etiquetas,Comercial,País,Ciudad
Uno,Propuesta,VIP,Ana Soto,Chile,Arica
,,"Riego, goteo",,,
Dos,Ganado,VIP,Luis Pardo,Perú,Lima
"""
TOLD = {
    ("stage_id: [Propueta]", 'in stage_id; did you mean Propuesta?'),
    ("stage_id: {not_in: [ganado]}", "in stage_id; did you mean Ganado?"),
    ("stage_id: {not: Perdido}", "in stage_id; correct the name, unless such records are yet to come"),
    ("tag_ids: {has_any: [Vip]}", "in tag_ids; did you mean VIP?"),
    ("tag_ids: {has_none: [VIP, 'Riego,goteo']}", "in tag_ids; did you mean Riego, goteo?"),
    ("user_id: [Ana Sot]", "in user_id; did you mean Ana Soto?"),
    ("country_id: [Peru]", "in country_id; did you mean Perú?"),
    ("stage_id.name: Propueta", "in stage_id.name; did you mean Propuesta?"),
    ("user_id.name: {in: [Rosa Vera]}", "in user_id.name; correct the name, unless such records are yet to come"),
    ("domain: [['stage_id.name', '=', 'Propueta']]", "in stage_id.name; did you mean Propuesta?"),
    ("domain: [['stage_id', 'not in', ['Gannado']]]", "in stage_id; did you mean Ganado?"),
    ("city: Aricca", "in city; did you mean Arica?"),
    ("any: [{stage_id: Propuesta}, {not: {stage_id: Gannado}}]", "in stage_id; did you mean Ganado?"),
}  # fmt: skip
QUIET = {
    "stage_id: [Propuesta, Ganado]",
    "tag_ids: {has_any: [VIP, 'Riego, goteo']}",
    "tag_ids: {has_none: [Cerca]}",
    "user_id: {in: ['Ana  Soto']}",
    "city: Iquique",
    "stage_id.name: Propuesta",
    "domain: [['stage_id.name', 'ilike', 'Propueta'], ['tag_ids', 'in', ['Cerca']]]",
    "name: {contains: Propueta}",
}


def notes(folder: Path, protect: str = "name: x", when: str = "name: y", set: str = "{priority: 1}") -> tuple[str, ...]:
    (folder / "a.csv").write_text(EXPORT)
    text = SPEC.replace("PROTECT", protect).replace("WHEN", f"{{{when}}}").replace("SET", set)
    (folder / "s.yaml").write_text(text)
    server = exported(load(folder / "s.yaml"), str(folder / "a.csv"))
    return tuple(note for note in server.notes if "No record" in note)


@pytest.mark.parametrize(("condition", "told"), sorted(TOLD))
def test_a_name_that_no_cell_holds_is_told_with_its_place(tmp_path: Path, condition: str, told: str) -> None:
    (note,) = notes(tmp_path, protect=condition)
    assert note.startswith(f"{tmp_path / 's.yaml'}:5:")
    assert note.endswith(told)
    (note,) = notes(tmp_path, when=condition)
    assert note.startswith(f"{tmp_path / 's.yaml'}:11:")
    assert note.endswith(told)


@pytest.mark.parametrize("condition", sorted(QUIET))
def test_names_that_are_there_and_texts_are_not(tmp_path: Path, condition: str) -> None:
    assert notes(tmp_path, protect=condition) == notes(tmp_path, when=condition) == ()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{stage_id: {to: Ganado, from: [Propueta]}}", ["“Propueta” in stage_id; did you mean Propuesta?"]),
        ("{stage_id: {to: Gannado}}", ["“Gannado” in stage_id; did you mean Ganado?"]),
        ("{stage_id: {to: Negociación, from: [Propuesta]}}", []),
        ("{user_id: {assign: [Ana Sotto, Rosa Vera]}}", ["“Ana Sotto” in user_id; did you mean Ana Soto?"]),
    ],
)
def test_what_is_written_is_told_where_it_looks_like_a_slip(tmp_path: Path, written: str, told: list[str]) -> None:
    found = notes(tmp_path, set=written)
    assert [note.partition("No record of the export has ")[2] for note in found] == told
