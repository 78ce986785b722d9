from __future__ import annotations

import ast
import inspect
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click import core, decorators, exceptions, formatting, parser, termui, types

from segmenter import i18n
from segmenter.cli.command import CLICK
from segmenter.i18n import _, all_of, joined, language, ngettext, one_of, use_language
from segmenter.reports.text import Style
from tests.support import catalogue
from tests.support.catalogue import ROOT, fields, forms
from tests.support.spoken import outside_the_catalogue

SOURCES = sorted((ROOT / "segmenter").rglob("*.py"))
LOCALES = ("SEGMENTER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


# The catalogue is whole. `python -m tests.support.catalogue` brings it up to date.


def test_every_sentence_of_the_code_is_in_spanish() -> None:
    stored = catalogue.stored()
    missing = [sentence for sentence in catalogue.extracted() if sentence not in stored]
    untranslated = [one.id for one in stored.values() if not all(forms(one.string))]
    assert (missing, untranslated) == ([], [])


def test_nothing_is_kept_that_the_code_no_longer_says() -> None:
    assert set(catalogue.stored()) - set(catalogue.extracted()) == set()
    assert "#~" not in catalogue.PO.read_text("utf-8")


def test_nothing_is_guessed() -> None:
    assert [one.id for one in catalogue.stored().values() if one.fuzzy] == []


def test_plurals_have_both_forms() -> None:
    assert [one.id for one in catalogue.stored().values() if len(forms(one.id)) != len(forms(one.string))] == []


def test_the_same_fields_in_both_languages() -> None:
    wrong = []
    for one in catalogue.stored().values():
        for position, (english, spanish) in enumerate(zip(forms(one.id), forms(one.string), strict=True)):
            lost, invented = fields(english) - fields(spanish), fields(spanish) - fields(english)
            if len(forms(one.id)) == 2 and position == 0:
                lost -= {"number"}  # «el último mes» is one
            if lost or invented or conversions(english) != conversions(spanish):
                wrong.append((english, spanish))
    assert wrong == []


def conversions(text: str) -> set[str]:
    return set(re.findall(r"\{\w+([!:][^{} ]+)\}", text))


def test_spaces_and_full_stops_at_the_ends_are_the_same() -> None:
    def ends(text: str) -> tuple[bool, bool, bool]:
        return text[0].isspace(), text[-1].isspace(), text.endswith(".")

    pairs = [pair for one in catalogue.stored().values() for pair in zip(forms(one.id), forms(one.string), strict=True)]
    assert [pair for pair in pairs if ends(pair[0]) != ends(pair[1])] == []


def test_spanish_has_no_english_quotes() -> None:
    texts = [text for one in catalogue.stored().values() for text in forms(one.string)]
    assert [text for text in texts if "“" in text or "”" in text] == []


def test_an_update_without_news_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = catalogue.updated()
    monkeypatch.setattr(catalogue, "PO", tmp_path / "once.po")
    catalogue.PO.write_text(once, "utf-8")
    assert catalogue.updated() == once
    assert str(ROOT) not in once
    assert "Creation-Date" not in once


def test_an_update_brings_the_new_and_takes_the_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "PO", tmp_path / "old.po")
    old = 'msgid "Usage:"\nmsgstr "Modo de uso:"\n\nmsgid "Usages:"\nmsgstr "Usos:"\n'
    catalogue.PO.write_text(catalogue.HEADER + old, "utf-8")
    catalogue.PO.write_text(catalogue.updated(), "utf-8")
    stored = catalogue.stored()
    assert stored.keys() == catalogue.extracted().keys()
    assert {one.id: one.string for one in stored.values() if any(forms(one.string))} == {"Usage:": "Modo de uso:"}


def test_what_is_said_inside_an_f_string_is_extracted() -> None:
    assert "undone since" in catalogue.extracted()


def test_what_is_translated_of_click_is_what_click_says() -> None:
    modules = (core, decorators, exceptions, formatting, parser, termui, types)
    nodes = [node for module in modules for node in ast.walk(ast.parse(inspect.getsource(module)))]
    said = {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert [sentence for sentence in CLICK if not said.issuperset(forms(sentence))] == []


# No sentence goes around it.


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_goes_around_the_catalogue(source: Path) -> None:
    assert outside_the_catalogue(source.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("raise errors.UsageError('No such thing')", ["No such thing"]),
        ("raise LedgerError(f'{a} is broken')", [" is broken"]),
        ("raise SegmenterError(_('Known'), todo='wait a little')", ["wait a little"]),
        ("Problem(path, 'Wrong' if a else _('Known'), 'do' + ' this')", [" this", "Wrong"]),
        ("def f():\n    what = 'Wrong {a}'.format(a=1)\n    Problem((), what, '')", ["Wrong {a}"]),
        ("click.echo('Done')", ["Done"]),
        ("option('--all', help='Every one')", ["Every one"]),
        ("made('demo', N_('Known'), [('segmenter demo', 'Watch it')])", ["Watch it"]),
        ("table('Field', _('Known'))", ["Field"]),
        ("Problem(path, _('Known').format(a='text'), ngettext('a one', 'many', 2))", []),
        ("raise ValueError('a bug, which nobody sees')", []),
    ],
)
def test_what_counts_as_going_around_it(code: str, found: list[str]) -> None:
    assert sorted(text for _line, text in outside_the_catalogue(code)) == sorted(found)


# Which language.


@pytest.fixture
def _no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LOCALES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(i18n.locale, "getlocale", lambda: (None, None))
    use_language(None)


@pytest.mark.usefixtures("_no_locale")
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "es_CL.UTF-8"}, "es"),
        ({"LANG": "es_CL.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "es_ES"}, "es"),
        ({"LC_ALL": "en_US.UTF-8", "SEGMENTER_LANG": "es"}, "es"),
        ({"LC_ALL": "es_PE.UTF-8", "SEGMENTER_LANG": "en"}, "en"),
        ({"LANG": "es_CL.UTF-8", "SEGMENTER_LANG": ""}, "es"),
        ({"SEGMENTER_LANG": "ES"}, "es"),
        ({"LANG": "pt_BR.UTF-8"}, "en"),
    ],
)
def test_the_environment_chooses(environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


def test_the_command_line_overrules_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGMENTER_LANG", "en")
    use_language("es_CL")
    assert (language(), _("Usage:")) == ("es", "Uso:")
    use_language("en_US")
    assert (language(), _("Usage:")) == ("en", "Usage:")


def test_both_numbers_in_both_languages() -> None:
    said = {}
    for code in ("en", "es"):
        use_language(code)
        said[code] = [ngettext("{number} record", "{number} records", n).format(number=n) for n in (0, 1, 2)]
    assert said == {"en": ["0 records", "1 record", "2 records"], "es": ["0 registros", "1 registro", "2 registros"]}


# What a language does to numbers, dates and lists.


def test_numbers_and_dates_are_the_readers() -> None:
    at = datetime(2026, 3, 9, 15, 4, tzinfo=UTC).isoformat()
    use_language("es")
    chile, spain = Style("es_CL", "America/Santiago"), Style("es_ES", "Europe/Madrid")
    assert (chile.number(12345.5), chile.share(1, 8)) == ("12.345,5", "12,5 %")
    assert chile.moment(at).startswith("09-03-2026 12:04")
    assert spain.moment(at) == "9 mar 2026 16:04"
    use_language("en")
    assert Style("es_CL", "UTC").number(12345.5) == "12,345.5"


@pytest.mark.parametrize(
    ("names", "one", "every"),
    [
        (["A"], "A", "A"),
        (["A", "B"], "A o B", "A y B"),
        (["A", "B", "C"], "A, B o C", "A, B y C"),
        (["Lima", "Ovalle"], "Lima u Ovalle", "Lima y Ovalle"),
        (["Lima", "«Ica»"], "Lima o «Ica»", "Lima e «Ica»"),
        (["Lima", "Hijuelas"], "Lima o Hijuelas", "Lima e Hijuelas"),
        (["agua", "hielo"], "agua o hielo", "agua y hielo"),
        (["7", "8"], "7 u 8", "7 y 8"),
        (["10", "11"], "10 u 11", "10 y 11"),
        (["109", "110"], "109 o 110", "109 y 110"),
        (["-7", "-8"], "-7 o -8", "-7 y -8"),
    ],
)
def test_lists_sound_right_in_spanish(names: list[str], one: str, every: str) -> None:
    use_language("es")
    assert (one_of(names), all_of(names)) == (one, every)


def test_only_our_own_words_change_before_a_vowel() -> None:
    use_language("es")
    assert joined("{a} y {b}", a="x y Irene", b="«y Inés o Olga»") == "x y Irene y «y Inés o Olga»"
    use_language("en")
    assert one_of(["Lima", "Ovalle"]) == "Lima or Ovalle"
