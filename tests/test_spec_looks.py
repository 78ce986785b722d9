"""What the client will see and may not like, told of the spec alone."""

from __future__ import annotations

from segmenter.i18n import speaking
from segmenter.reports.notices import sentence
from segmenter.spec import loads
from segmenter.spec.looks import looks
from segmenter.spec.model import Spec

HEAD = "version: 1\nclient: {name: V}\nscope: {model: crm.lead}\n"
LONG = "Clientes que compraron plantas de interior este año"


def spec(segmentations: str, **top: str) -> Spec:
    rest = "".join(f"{key}: {value}\n" for key, value in top.items())
    return loads(f"{HEAD}segmentations:\n{segmentations}{rest}", "v.yaml")


def division(name: str, *segments: str, store: str = "store: {tags: exclusive}, ", default: str = "") -> str:
    listed = ", ".join(f"{{when: {{city: x{n}}}, {one}}}" for n, one in enumerate(segments))
    last = f", default: {{{default}}}" if default else ""
    return f"  - {{name: {name}, {store}segments: [{listed}]{last}}}\n"


def told(found: Spec, version: int = 19) -> list[str]:
    return [sentence(look.notice) for look in looks(found, version)]


def test_a_colour_of_two_segmentations() -> None:
    found = spec(
        division("Nivel", "name: Alto, color: green", "name: Medio, color: red", default="name: Otro, color: grey")
        + division("Zona", "name: Lima, color: verde", "name: Cusco, color: blue", default="name: Resto, color: grey")
    )
    assert told(found) == [
        "Nivel: Alto and Zona: Lima have one colour, green, in different segmentations: a card does not tell them "
        "apart by it"
    ]
    (look,) = looks(found)
    assert look.path == ("segmentations", 1, "segments", 0, "color")


def test_a_colour_twice_in_one_segmentation_or_without_tags_is_nobodys_matter() -> None:
    field = "store: {field: source_id}, "
    assert told(spec(division("Nivel", "name: A, color: 3", "name: B, color: 3"))) == []
    assert (
        told(spec(division("Nivel", "name: A, color: 3") + division("Canal", "name: B, color: 3", store=field))) == []
    )


def test_segments_that_leave_the_stars_beside_some_that_give_them() -> None:
    some = division("Nivel", "name: Alto, set: {priority: 3}", "name: Medio", default="name: Bajo")
    assert told(spec(some)) == [
        "Nivel: Medio and Bajo set no priority, and others do: records keep the stars that they have, and Odoo lists "
        "those with stars first"
    ]
    all_of_them = division("Nivel", "name: Alto, set: {priority: 3}", default="name: Bajo, set: {priority: 0}")
    assert told(spec(all_of_them)) == []
    assert told(spec(division("Nivel", "name: Alto, value: '3'", store="store: {field: priority}, "))) == []


def test_names_that_odoo_cuts() -> None:
    found = spec(
        division("Nivel", f"name: Fieles, value: {LONG}", "name: Muy importante", "name: Alto"), filters="shared"
    )
    assert told(found) == [
        f"Odoo cuts the name of the tag {LONG} on its cards, to some 44 characters: "
        "Clientes que compraron plantas de interior…",
        "Odoo cuts the name of the favourite 2 Muy importante · Nivel in its menu, to some 15 characters: "
        "2 Muy importan…",
    ]
    assert [look.path[-1] for look in looks(found)] == ["value", "name"]
    assert told(found, version=14) == []


def test_in_spanish() -> None:
    found = spec(division("Nivel", "name: Alto, color: green") + division("Zona", "name: Lima, color: green"))
    with speaking("es"):
        assert told(found) == [
            "Nivel: Alto y Zona: Lima tienen el mismo color, verde, en segmentaciones distintas: en una tarjeta no se "
            "distinguen por él"
        ]
