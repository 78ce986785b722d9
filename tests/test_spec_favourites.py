"""Which favourites a spec wants, what they show, and their names."""

from __future__ import annotations

import pytest

from segmenter.errors import SpecError
from segmenter.spec import loads
from segmenter.spec.favourites import IN_BAR, wanted
from segmenter.spec.model import Favourites, Spec

HEAD = "version: 1\nclient: {name: V}\nscope: {model: crm.lead}\n"


def spec(*segmentations: str, filters: str = "shared") -> Spec:
    listed = "".join(f"  - {one}\n" for one in segmentations)
    return loads(f"{HEAD}segmentations:\n{listed}filters: {filters}\n", "v.yaml")


def division(name: str, *segments: str, store: str = "{tags: exclusive}", default: str = "") -> str:
    listed = ", ".join(f"{{{one}, when: {{city: x{n}}}}}" for n, one in enumerate(segments))
    last = f", default: {{{default}}}" if default else ""
    kept = f", store: {store}" if store else ""
    return f"{{name: '{name}'{kept}, segments: [{listed}]{last}}}"


def names(found: Spec) -> list[str]:
    return [one.name for one in wanted(found)]


def test_what_tells_one_from_the_other_comes_first_and_numbers_keep_the_order() -> None:
    found = spec(
        division("Nivel de potencialidad", "name: Medio", "name: Alto", default="name: Sin evaluar"),
        division("Zona", "name: 'Zona: Lima'", "name: Zonal"),
    )
    assert names(found) == [
        "1.1 Medio · Nivel de potencialidad",
        "1.2 Alto · Nivel de potencialidad",
        "1.3 Sin evaluar · Nivel de potencialidad",
        "2.1 Lima · Zona",
        "2.2 Zonal · Zona",
    ]
    assert names(found) == sorted(names(found))


def test_one_segmentation_needs_no_number_of_its_own_and_ten_segments_two_digits() -> None:
    found = spec(division("Zona", *(f"name: Z{n}" for n in range(10))))
    assert names(found)[0] == "01 Z0 · Zona"
    assert names(found) == sorted(names(found))


def test_a_long_name_of_a_segmentation_is_cut_where_the_bar_would_cut_it() -> None:
    (name,) = names(spec(division("Potencial de compra de plantas ornamentales", "name: Muy alto")))
    assert name == "1 Muy alto · Potencial de compra de…"
    assert len(name) <= IN_BAR
    (name,) = names(spec(division("Zona", f"name: {'a' * 60}")))
    assert name == f"1 {'a' * 60}"


def test_names_of_earlier_versions_are_known() -> None:
    found = spec(division("Zona", "name: 'Zona: Lima'", "name: Cusco"))
    assert [one.former for one in wanted(found)] == ["Zona: Lima", "Zona: Cusco"]


def test_what_each_shows() -> None:
    zone = division("Zona", "name: A", "name: B, filter: live", "name: C, filter: none", default="name: D")
    assert [(one.segment.name, one.show) for one in wanted(spec(zone))] == [
        ("A", "holds"), ("B", "live"), ("D", "holds"),
    ]  # fmt: skip
    live = spec(
        zone, division("Prioridad", "name: E, set: {priority: 3}", store=""), filters="{share: shared, show: live}"
    )
    assert [(one.segment.name, one.show, one.position) for one in wanted(live)] == [
        ("A", "live", 0), ("B", "live", 1), ("D", "live", 3), ("E", "live", 0),
    ]  # fmt: skip


def test_without_a_store_nothing_holds_a_segment() -> None:
    assert names(spec(division("Prioridad", "name: E, set: {priority: 3}", store=""))) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("none", None),
        ("shared", Favourites()),
        ("{share: shared}", Favourites()),
        ("{share: shared, show: live}", Favourites((), "live")),
        ("{share: [ana@v.example, Luis], show: live}", Favourites(("ana@v.example", "Luis"), "live")),
    ],
)
def test_forms(written: str, meant: Favourites | None) -> None:
    assert spec(division("Zona", "name: A"), filters=written).filters == meant


@pytest.mark.parametrize(
    ("filters", "problem"),
    [
        ("everybody", 'filters must be none, shared or {share, show}, not "everybody"'),
        ("{show: live}", "filters has no share; add share:"),
        ("{share: all}", 'share must be shared, or a list of at least one person, not "all"'),
        ("{share: shared, show: hold}", 'show must be holds or live, not "hold"; did you mean holds?'),
        ("{share: []}", "share must be shared, or a list of at least one person, not an empty list"),
    ],
)
def test_wrong_forms(filters: str, problem: str) -> None:
    with pytest.raises(SpecError) as raised:
        spec(division("Zona", "name: A"), filters=filters)
    assert problem in str(raised.value)


@pytest.mark.parametrize(
    ("division_", "filters", "problem"),
    [
        (
            division("Z", "name: A, filter: live"),
            "none",
            "says what its favourite shows, and the spec makes no favourites",
        ),
        (division("Z", "name: A, filter: holds, set: {priority: 3}", store=""), "shared", "nothing holds it"),
    ],
)
def test_a_filter_that_means_nothing(division_: str, filters: str, problem: str) -> None:
    with pytest.raises(SpecError) as raised:
        spec(division_, filters=filters)
    assert problem in str(raised.value)


def test_no_favourite_for_a_segment_is_no_problem_where_there_are_none() -> None:
    assert list(wanted(spec(division("Z", "name: A, filter: none"), filters="none"))) == []
