"""Names in cells: written twice and meant once, and several in one cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmenter.conditions.near import canonical
from segmenter.embedded import from_export
from segmenter.embedded.export.related import Names, names_of
from segmenter.errors import SegmenterError
from tests.support.exports import read

File = Callable[[str], Path]


@pytest.fixture
def file(tmp_path: Path) -> File:
    def write(text: str) -> Path:
        (tmp_path / "a.csv").write_text(text)
        return tmp_path / "a.csv"

    return write


CELLS: dict[str, tuple[str, set[str], tuple[str, ...]]] = {
    "one": ("Riego", set(), ("Riego",)),
    "none": ("", {"Riego"}, ()),
    "blanks": (" \u00a0", set(), ()),
    "two": ("Riego, VIP", set(), ("Riego", "VIP")),
    "two as Odoo joins them": ("Riego,VIP", set(), ("Riego", "VIP")),
    "one with a comma": ("Riego, goteo", {"Riego, goteo"}, ("Riego, goteo",)),
    "one with a comma among others": ("VIP,Riego, goteo,Feria", {"Riego, goteo"}, ("VIP", "Riego, goteo", "Feria")),
    "the longest that is known": ("a,b,c", {"a", "a,b"}, ("a,b", "c")),
    "a comma too many": ("Riego,,VIP,", set(), ("Riego", "VIP")),
}


@pytest.mark.parametrize("case", CELLS)
def test_the_names_of_a_cell(case: str) -> None:
    cell, known, names = CELLS[case]
    assert Names(apart=False, known=known).of(cell) == names


@given(st.lists(st.sampled_from(["Riego", "Riego, goteo", "VIP", "No llamar, por ahora", "goteo"]), unique=True))
def test_what_odoo_joins_is_parted_again_where_the_names_are_known(names: list[str]) -> None:
    reading = names_of([], ["Riego", "Riego, goteo", "VIP", "No llamar, por ahora", "goteo"], apart=False)
    assert list(reading.of(",".join(names))) == names


def tags(path: Path, spelled: Iterable[str] = ()) -> list[list[str]]:
    server = from_export(path, "crm.lead", spelled=spelled)
    names = {row["id"]: row["name"] for row in server.execute_kw("crm.tag", "search_read", ([], ["name"]), {})}
    return [[names[tag] for tag in found] for (found,) in read(server, "tag_ids")]


def test_where_each_tag_has_its_own_row_no_comma_parts_names(file: File) -> None:
    path = file('Oportunidad,Etiquetas\nUno,VIP\n,"Feria, 2025"\nDos,"Riego, goteo"\n')
    assert tags(path) == [["VIP", "Feria, 2025"], ["Riego, goteo"]]
    assert from_export(path, "crm.lead").notes == ()


def test_a_row_that_may_be_another_record_is_refused(file: File) -> None:
    """Odoo 14 leaves an amount of nothing empty, as it does in the further rows of a record with several tags."""
    with pytest.raises(SegmenterError, match=r"a\.csv:A3: Row 3 may go on with the record above it, or be another one"):
        from_export(file('"Ingreso estimado","Categorías"\n"5.0","VIP"\n"","Feria"\n'), "crm.lead")
    for sure in ("Oportunidad", "Creado en", "Tipo", "ID"):
        cell = {"Creado en": "2026-03-05", "Tipo": "Oportunidad", "ID": "crm.case_1"}.get(sure, "Uno")
        path = file(f"Ingreso estimado,Categorías,{sure}\n5.0,VIP,{cell}\n,Feria,\n")
        assert tags(path) == [["VIP", "Feria"]]


def test_a_tag_that_stands_alone_elsewhere_or_in_the_spec_is_known(file: File) -> None:
    path = file('name,tag_ids\nUno,"VIP,Riego, goteo"\nDos,VIP\n')
    assert tags(path) == [["VIP", "Riego", "goteo"], ["VIP"]]
    assert tags(path, spelled=["Riego, goteo"]) == [["VIP", "Riego, goteo"], ["VIP"]]


def test_names_that_commas_alone_part_are_told(file: File) -> None:
    server = from_export(file('Oportunidad,Etiquetas\nUno,VIP\nDos,"Riego, VIP"\n'), "crm.lead")
    assert server.notes == ("a.csv:B3: commas part the names of Etiquetas: “Riego” and “VIP”",)


def test_where_odoo_joins_names_a_comma_with_a_blank_is_in_one(file: File) -> None:
    path = file('"name","tag_ids"\n"Uno","VIP,Riego, goteo,Feria"\n"Dos","Riego"\n')
    assert tags(path) == [["VIP", "Riego, goteo", "Feria"], ["Riego"]]
    by_hand = file('name,tag_ids\nUno,"VIP,Riego, goteo"\n')
    assert tags(by_hand) == [["VIP", "Riego", "goteo"]]
    (note,) = from_export(by_hand, "crm.lead").notes
    assert note == "a.csv:B2: commas part the names of tag_ids: “VIP”, “Riego” and “goteo”"
    assert from_export(file('name,tag_ids\nUno,"VIP,Riego"\n'), "crm.lead").notes == ()


@pytest.mark.parametrize("mark", [";", "; ", " | ", "\n"])
def test_names_that_something_else_than_commas_parts_are_told(file: File, mark: str) -> None:
    path = file(f'Oportunidad,Etiquetas\nUno,Riego\nDos,"VIP{mark}Riego"\n')
    (note,) = from_export(path, "crm.lead").notes
    assert note.startswith("a.csv:B3: “VIP")
    assert note.endswith("Riego” is taken for one name; names are parted by commas")
    assert from_export(file(f'Oportunidad,Etiquetas\nUno,Feria\nDos,"VIP{mark}Riego"\n'), "crm.lead").notes == ()
    assert from_export(file(f'Oportunidad,Etiquetas\nUno,Riego\n,"VIP{mark}Riego"\n'), "crm.lead").notes == ()


def test_a_name_is_the_same_whatever_nobody_sees_of_it(file: File) -> None:
    same = (
        "Próspero Sur",
        "Pro\u0301spero Sur",
        "Próspero  Sur",
        "Próspero\u00a0Sur",
        " Próspero Sur ",
        "Prós\u00adpero Sur\u200b",
    )
    path = file("name,Etapa\n" + "".join(f"x,{name}\n" for name in same) + "y,PRÓSPERO SUR\n")
    server = from_export(path, "crm.lead", known={"crm.stage": ["Próspero Sur"]})
    assert [stage for (stage,) in read(server, "stage_id")] == ["Próspero Sur"] * 6 + ["PRÓSPERO SUR"]


def test_a_category_is_one_by_its_path_or_its_last_step(file: File) -> None:
    path = file("Nombre,Etiquetas\nHotel,Cliente / Oro\nCasa,Plata\n")
    known = {"res.partner.category": ["Oro", "Cliente / Oro", "Bronce"]}
    server = from_export(path, "res.partner", known=known)
    found = server.execute_kw("res.partner.category", "search_read", ([], ["display_name"]), {"order": "id"})
    assert [row["display_name"] for row in found] == ["Cliente", "Cliente / Oro", "Plata", "Bronce"]


def test_a_company_in_the_export_is_the_company_of_its_contacts_and_no_other_counts(file: File) -> None:
    path = file("Nombre,Empresa relacionada\nAna,Hotel Sol\nHotel Sol,\nLuis,Hotel Luna\n")
    server = from_export(path, "res.partner")
    assert read(server, "name", model="res.partner")[:3] == [["Ana"], ["Hotel Sol"], ["Luis"]]
    assert server.execute_kw("res.partner", "search", ([["parent_id", "=", 3]],), {}) == [2]
    assert server.execute_kw("res.partner", "search", ([["parent_id.name", "=", "Hotel Luna"]],), {}) == [4]
    assert server.execute_kw("res.partner", "search_count", ([],), {}) == 3


@given(st.text())
def test_what_is_canonical_stays_so(name: str) -> None:
    assert canonical(canonical(name)) == canonical(name)
