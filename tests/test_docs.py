"""The documentation is held to the code: operators, keys, examples, defaults, links, and the tests it names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from segmenter.conditions import Clock, Field, bind, parse
from segmenter.conditions.operators import FUNCTIONS, SHAPES, operators_of
from segmenter.embedded import demo_server
from segmenter.errors import Problem
from segmenter.odoo.catalog import Catalog
from segmenter.odoo.reader import OdooReader
from segmenter.resolving.resolve import resolve
from segmenter.spec import loads, schema_text
from segmenter.spec.document import read
from segmenter.spec.model import COLORS
from tests.support.sales import Shop

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
SPEC = (ROOT / "docs" / "spec.md").read_text("utf-8")
CLOCK = Clock(datetime(2026, 11, 22, 15, tzinfo=UTC), ZoneInfo("America/Santiago"))
KINDS = {
    # Heading of a table of operators -> Odoo types that it speaks of.
    "Text": ("char", "text"),
    "Markup": ("html",),
    "Numbers": ("integer", "float", "monetary"),
    "Dates": ("date", "datetime"),
    "Yes or no": ("boolean",),
    "Selections": ("selection",),
    "One record": ("many2one",),
    "Many records": ("many2many", "one2many"),
}
BASE = """\
version: 1
client: {name: X}
scope: {model: crm.lead}
segmentations: [{name: S, store: {tags: exclusive}, segments: [{name: A, when: {city: Lima}}]}]
"""


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```yaml {kind}\n(.*?)^```$", SPEC, re.DOTALL | re.MULTILINE)


def section(heading: str) -> str:
    return SPEC.split(f"\n### {heading}\n", 1)[1].split("\n#", 1)[0]


def rows(heading: str) -> list[list[str]]:
    """The cells of a section's table, its head left out."""
    lines = [line for line in section(heading).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def operator_rows() -> list[tuple[str, str, str]]:
    return [(kind, row[0].strip("`"), row[1].strip("`")) for kind in KINDS for row in rows(kind)]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(OdooReader(demo_server(CLOCK.now.date()), language="es_CL", timezone="America/Santiago"))


def problems_of(text: str, catalog: Catalog) -> list[Problem]:
    """What is wrong with a condition on the demo's CRM."""
    problems: list[Problem] = []
    condition = parse(read(text, "docs/spec.md").data, (), problems)
    if condition is not None:
        bind(condition, "res.partner" if "category_id" in text else "crm.lead", catalog, CLOCK, problems)
    return problems


@pytest.mark.parametrize("kind", KINDS)
def test_each_type_has_a_table_of_its_operators(kind: str) -> None:
    numbers = (("0", "Low"), ("1", "High"))
    for type_ in KINDS[kind]:
        field = Field("m", "f", type_, "F", selection=numbers if type_ == "selection" else ())
        assert {name for of, name, _example in operator_rows() if of == kind} == set(operators_of(field))


def test_every_operator_is_there() -> None:
    assert {name for _kind, name, _example in operator_rows()} == set(SHAPES)


@pytest.mark.parametrize(("kind", "operator", "example"), operator_rows())
def test_each_operators_example_holds(kind: str, operator: str, example: str, catalog: Catalog) -> None:
    if not example:  # the table says that it is refused
        assert problems_of(f"tag_ids: {{{operator}: riego}}", catalog)
        return
    assert problems_of(example, catalog) == []
    (field, value), *more = read(example, "docs/spec.md").data.items()  # type: ignore[union-attr]
    assert not more
    bare = "in" if isinstance(value, list) else "="
    assert operator in (value if isinstance(value, dict) else [bare])
    name = field.split(".")[0]
    model = "res.partner" if "category_id" in example else "crm.lead"
    found = catalog.field(model, name)
    assert found is not None
    assert found.type in KINDS[kind]


def test_what_the_tables_say_is_refused_is_refused(catalog: Catalog) -> None:
    for text in (
        "country_id: {not: {starts_with: C}}",
        "not: {domain: [[name, ilike, hotel]]}",
        "tag_ids.name: {not: VIP}",
        "tag_ids.create_date: {within: 90 days}",
        "partner_id.category_id.name: {empty: true}",
        "country_id: {not: {ends_with: e}}",
        "type: {'>': 2}",
        "name: {contains: ''}",
        "any: []",
        "expected_revenue: {between: [5, 1]}",
        "create_date: {within: 201 years}",
        "country_id: cl",
    ):
        assert problems_of(text, catalog), text


LISTS = "What people bought and did: lists"


@pytest.mark.parametrize("text", [*blocks("list"), *(row[1].strip("`") for row in rows(LISTS))])
def test_every_condition_on_a_list_holds(text: str) -> None:
    assert Shop().tried(text)[1] == []


def test_every_function_of_a_list_is_there_with_its_example() -> None:
    table = {row[0].strip("`"): row[1].strip("`") for row in rows(LISTS)}
    assert set(table) == set(FUNCTIONS)
    assert all(f"{function}:" in example for function, example in table.items())


def with_properties() -> Shop:
    """A CRM in which a team has the properties of the page."""
    shop = Shop()
    options = [["h", "Hotel"], ["v", "Vivero"]]
    defined = [
        {"name": "a", "string": "Rubro", "type": "selection", "selection": options},
        {"name": "b", "string": "Hectáreas", "type": "float"},
    ]
    shop.tables.add("crm.team", name="S", active=True, lead_properties_definition=defined)
    return shop


@pytest.mark.parametrize("text", blocks("property"))
def test_every_condition_on_properties_holds(text: str) -> None:
    assert with_properties().tried(text, "crm.lead")[1] == []


@pytest.mark.parametrize("text", blocks("store of a property"))
def test_every_store_of_a_property_resolves(text: str) -> None:
    shop = with_properties()
    spec = loads("\n".join([*BASE.splitlines()[:3], text]), "docs/spec.md")
    assert resolve(spec, shop.reader, shop.catalog, CLOCK).segmentations[0].segments[0].effects


@pytest.mark.parametrize("text", blocks("condition"))
def test_every_condition_holds(text: str, catalog: Catalog) -> None:
    assert problems_of(text, catalog) == []


@pytest.mark.parametrize("text", [*blocks("spec"), *blocks("part")])
def test_every_spec_loads_and_is_known_to_the_demos_crm(text: str, catalog: Catalog) -> None:
    own = re.findall(r"(?m)^(\w+):", text)  # a part stands for a spec with everything else as it is in BASE
    missing = [line for line in BASE.splitlines() if line.split(":")[0] not in own]
    spec = loads("\n".join([*missing, text]), "docs/spec.md")
    forbidden = resolve(spec, catalog.reader, catalog, CLOCK).forbidden
    assert len(forbidden) == len(spec.fields), "the work user may do everything but make fields"


def test_there_are_examples() -> None:
    assert len(blocks("spec")) >= 1
    assert len(blocks("part")) >= 8
    assert len(blocks("condition")) >= 3
    assert SPEC.count("```yaml ") == sum(
        len(blocks(kind)) for kind in ("spec", "part", "condition", "list", "property", "store of a property")
    )


def keys_of(schema: Any) -> Iterator[str]:
    """Every key that a schema lets somebody write."""
    if isinstance(schema, dict):
        for name, inner in schema.items():
            if name == "properties":
                yield from inner
            if name not in ("examples", "default", "enum", "const"):
                yield from keys_of(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys_of(inner)


def test_every_key_of_the_schema_is_there() -> None:
    keys = set(keys_of(json.loads(schema_text())))
    assert {"segmentations", "only_if_empty", "portfolio"} <= keys
    written = SPEC.replace('"', "")
    assert [key for key in sorted(keys) if f"`{key}`" not in written and f"{key}:" not in written] == []


def test_defaults_of_limits_and_of_the_client_are_the_codes() -> None:
    definitions = json.loads(schema_text())["$defs"]
    for part in ("limits", "client"):
        for key, about in definitions[part]["properties"].items():
            if "default" in about:
                default = about["default"]
                said = default if isinstance(default, str) else json.dumps(default)
                assert f"| `{key}` | `{said}` |" in SPEC


def test_every_colour_is_there_with_its_number() -> None:
    said = {name: int(number) for number, names in rows("Colours") for name in re.findall(r"`(\S+)`", names)}
    assert said == COLORS


def outline(text: str) -> list[str]:
    """What a page and its translation have in common: levels of headings, examples, and what tables name in code."""
    kept: list[str] = []
    for part in re.split(r"(?ms)(^```.*?^```$)", text):
        if part.startswith("```"):
            kept.append(part)
            continue
        for line in part.splitlines():
            if heading := re.match(r"(#+) (`\w+`)?", line):
                kept.append(f"{heading[1]} {heading[2] or ''}")
            elif line.startswith("| "):
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                kept.append(" | ".join(cell for cell in cells[:2] if re.fullmatch(r"(`[^`]+`(, )?)+", cell)))
    return kept


def test_the_spanish_page_says_what_the_english_page_says() -> None:
    spanish = (ROOT / "docs" / "spec.es.md").read_text("utf-8")
    assert outline(spanish) == outline(SPEC), "docs/spec.es.md has each example and each row of docs/spec.md"
    written = spanish.replace('"', "")
    keys = sorted(set(keys_of(json.loads(schema_text()))))
    assert [key for key in keys if f"`{key}`" not in written and f"{key}:" not in written] == []


def anchor(heading: str) -> str:
    """As GitHub makes it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _hash, part = target.partition("#")
        other = document.parent / name if name else document
        assert other.exists(), target
        if part:
            headings = re.findall(r"(?m)^#+ (.*)$", other.read_text("utf-8"))
            assert part in map(anchor, headings), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_files_and_tests_it_names_are_there(document: Path) -> None:
    text = document.read_text("utf-8")
    folders = "segmenter|tests|benchmarks|criteria|docs|cassettes"
    for name, test in re.findall(rf"`((?:{folders})/[\w./]+)(?:::(\w+))?`", text):
        assert (ROOT / name).exists(), name
        if test:
            assert f"def {test}(" in (ROOT / name).read_text("utf-8"), f"{name}::{test}"


def test_the_architecture_has_a_section_a_package_and_names_modules_that_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    said = text.split("\n## The packages\n", 1)[1].split("\n## ", 1)[0]
    sections = dict(part.split("\n", 1) for part in said.split("\n### ")[1:])
    packages = {path.parent.name for path in (ROOT / "segmenter").glob("*/__init__.py")}
    assert packages <= {name for heading in sections for name in re.findall(r"`(\w+)`", heading)}
    for heading, body in sections.items():
        folder = ROOT / "segmenter" / re.findall(r"`(\w+)`", heading)[0]
        for module in re.findall(r"`(\w+\.(?:py|json))`", body):
            assert (folder / module).exists(), f"{heading}: {module}"
