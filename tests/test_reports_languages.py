"""The law of languages: whatever a plan or a run was made in, it reads in the language of whoever reads it.

The same job is done twice, by somebody who speaks Spanish and by somebody who speaks English. What is shown of both
afterwards is the same to the letter, in either language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from segmenter.cli import connection
from segmenter.embedded import demo_server
from segmenter.i18n import use_language
from tests.support.command_line import KEY, Desk

LANGUAGES = ("en", "es")
SPEC = """\
version: 1
client: {name: Viveros del Maipo, language: es_CL, timezone: America/Santiago, approver: Paula Rojas}
odoo: {url: "http://127.0.0.1:1", database: viveros, user: segmentacion@asesorateya.example}
scope: {model: crm.lead, where: {type: opportunity}, expect: ..200}
protect:
  - stage_id: [Ganado]
segmentations:
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - name: Alto
        color: green
        when: {expected_revenue: {between: [5000000, 900000000]}, create_date: {older_than: 1 days}}
        set: {priority: 3, user_id: {assign: [ana@viveros.example, luis@viveros.example], cap: 3}}
        expect: 90%..95%
      - name: Medio
        when:
          any:
            - country_id.code: [CL, PE]
            - not: {tag_ids: {has_any: [VIP]}}
            - create_date: {within: 2 weeks}
        set: {stage_id: {to: Calificado, from: [Nuevo]}}
      - name: Nunca
        when: {name: "no hay ninguno así"}
examples:
  - given: {expected_revenue: 9000000}
    expect: {Nivel: Medio}
  - record: No existe
    expect: {Nivel: Alto}
limits: {changes: 5, overwrites: 1%, moved_stages: 2%}
"""
SIMPLE = """\
  - name: Nivel
    store: {tags: exclusive}
    segments:
      - name: Alto
        when: {expected_revenue: {">=": 5000000}}
        set: {priority: 3}
    default: {name: Bajo}
limits: {changes: 5000, overwrites: off, removed_tags: off}
"""


def worked(desk: Desk, language: str) -> Desk:
    """A plan with all that can stand against it, a run that leaves something, and what somebody changed since."""

    def done(*words: str, code: int = 0) -> None:
        desk.done("--lang", language, *words, code=code)

    desk.spec.write_text(SPEC, "utf-8")
    done("plan", "viveros.yaml", code=3)
    head, _segmentations = SPEC.split("  - name: Nivel\n", 1)
    desk.spec.write_text(head.replace(", expect: ..200", "") + SIMPLE, "utf-8")
    done("plan", "viveros.yaml")
    priorities = [one for one in desk.data("show", "P2")["changes"] if one["field"] == "priority"]
    records = [one["record"] for one in priorities]
    desk.write(records[0], priority="1" if priorities[0]["before"] != "1" else "2")
    del desk.server.tables.rows["crm.lead"][records[1]]
    done("apply", "P2", "--yes", code=4)
    desk.write(records[2], priority="2")
    del desk.server.tables.rows["crm.lead"][records[3]]
    return desk


@pytest.fixture
def desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Desk]]:
    monkeypatch.setenv("SEGMENTER_API_KEY", KEY)
    made = []
    for language in LANGUAGES:
        folder = tmp_path / language
        folder.mkdir()
        made.append(at(Desk(folder, demo_server()), monkeypatch))
        worked(made[-1], language)
    yield made
    use_language("en")


def at(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The same desk, sat down at."""
    monkeypatch.chdir(desk.folder)
    monkeypatch.setattr(connection, "connect", lambda *_where, **_how: desk.server)
    return desk


def timeless(text: str) -> str:
    """Without numbers, digests and moments, and with one blank for several: what differs from run to run."""
    text = re.sub(r"\b[0-9a-f]{12,}\b", "DIGEST", text)
    return " ".join(re.sub(r"\d[\d.,:]*\d|\d", "#", text).split())


SHOWN = {
    "a plan": (("show", "P1", "--all"), 0),
    "a plan as JSON": (("show", "P1", "--format", "json"), 0),
    "a run": (("show", "R1"), 0),
    "a run as JSON": (("show", "R1", "--format", "json"), 0),
    "a run as CSV": (("show", "R1", "--format", "csv"), 0),
    "what an undo would do": (("undo", "R1", "--preview"), 0),
    "what an undo would do, as JSON": (("undo", "R1", "--preview", "--format", "json"), 0),
    "a refusal": (("apply", "P1", "--yes"), 3),
    "an approval that cannot be": (("approve", "P1", "--by", "Paula Rojas", "--evidence", "correo"), 3),
}


@pytest.mark.parametrize("reader", LANGUAGES)
def test_what_is_shown_does_not_tell_who_made_it(
    desks: list[Desk], reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for what, (words, code) in SHOWN.items():
        texts = []
        for desk in desks:
            said = at(desk, monkeypatch).done("--lang", reader, *words, code=code)
            texts.append(timeless(said.stdout + said.stderr))
        assert texts[0] == texts[1], what
        other = at(desks[0], monkeypatch).done("--lang", "es" if reader == "en" else "en", *words, code=code)
        assert timeless(other.stdout + other.stderr) != texts[0], what


@pytest.mark.parametrize("reader", LANGUAGES)
@pytest.mark.parametrize("what", ["P1", "P2", "R1"])
def test_nor_does_the_report(desks: list[Desk], what: str, reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = []
    for desk in desks:
        at(desk, monkeypatch).done("--lang", reader, "report", what, "--html", "r.html")
        pages.append(timeless((desk.folder / "r.html").read_text("utf-8")))
    assert pages[0] == pages[1]


def test_nor_does_what_the_client_is_handed(desks: list[Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    bundles = []
    for desk in desks:
        at(desk, monkeypatch).done("handover", "--output", "entrega.zip")
        with ZipFile(desk.folder / "entrega.zip") as zipped:
            names = [name for name in zipped.namelist() if not name.endswith((".xlsx", "manifiesto.json"))]
            bundles.append({name: timeless(zipped.read(name).decode("utf-8-sig")) for name in names})
    assert bundles[0] == bundles[1]
