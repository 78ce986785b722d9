"""How each language writes: the facts of real servers, and the law that what it writes is read back or refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.dates import get_day_names, get_month_names
from babel.localedata import exists
from hypothesis import given
from hypothesis import strategies as st

from segmenter.embedded.export.formats import Format, format_of, languages
from segmenter.embedded.export.origin import BadCell, Origin
from segmenter.embedded.export.values import Filled, read_columns
from segmenter.embedded.schema import FieldDef, load
from tests.support.embedded_languages import FACTS
from tests.support.embedded_languages import languages as of_a_server
from tests.support.versions import LIVE

REVENUE, DEADLINE, CREATED = (
    load()["crm.lead"].fields[name] for name in ("expected_revenue", "date_deadline", "create_date")
)


@pytest.mark.parametrize(
    ("code", "decimal", "order", "money"),
    [
        ("es_CL", ",", "dmy", {"CLP"}),
        ("es_AR", ",", "dmy", {"ARS"}),
        ("es_CO", ",", "dmy", {"COP"}),
        ("es_ES", ",", "dmy", {"EUR"}),
        ("es_PE", ".", "dmy", {"PEN"}),
        ("es_MX", ".", "dmy", {"MXN"}),
        ("es_CR", ".", "dmy", {"CRC"}),
        ("es_DO", ".", "dmy", {"DOP"}),
        ("es_GT", ".", "dmy", {"GTQ"}),
        ("es_PA", ".", "", {"PAB", "USD"}),  # Odoo 14 and 19 disagree on its dates
        ("es_419", ",", "dmy", set()),
        ("es_HN", ".", "dmy", {"HNL"}),  # Odoo does not come with it
        ("es_SV", ".", "dmy", {"USD"}),
        ("en_US", ".", "mdy", {"USD"}),
        ("en_GB", ".", "dmy", {"GBP"}),
        ("fr_CA", ",", "ymd", {"CAD"}),
        ("pt_BR", ",", "dmy", {"BRL"}),
        ("es", "", "", set()),
        ("tlh_KX", "", "", set()),
        ("", "", "", set()),
    ],
)
def test_what_a_language_does_by_itself(code: str, decimal: str, order: str, money: set[str]) -> None:
    assert format_of(code) == Format(decimal, order, money=frozenset(money))


def test_lakhs() -> None:
    assert [code for code in languages() if format_of(code).lakhs] == ["en_IN"]


@pytest.mark.parametrize("version", LIVE)
def test_the_table_says_what_a_real_odoo_comes_with(version: str) -> None:
    for row in of_a_server(version):
        for name in FACTS:
            assert (row[name] or "") in languages()[row["code"]][name], (row["code"], name)


def read(field: FieldDef, cells: list[str], language: str, *, odoo: bool = False) -> Any:
    """The values of a column, or the sentence that refuses it."""
    try:
        return read_columns([Filled("x", field, cells)], Origin(language, format_of(language), odoo=odoo), [])[0]
    except BadCell as bad:
        return bad.what


def grouped(digits: str, grouping: list[int], mark: str) -> str:
    """The digits in groups from the right, as ``res.lang`` describes them: a last 0 repeats the group before."""
    groups: list[str] = []
    sizes = [*grouping[:-1], *grouping[-2:-1] * len(digits)] if grouping[-1:] == [0] else grouping
    for size in sizes:
        if len(digits) > size:
            digits, group = digits[:-size], digits[-size:]
            groups.insert(0, group)
        else:
            break
    return mark.join([digits, *groups])


def written(cents: int, decimals: int, facts: dict[str, str]) -> str:
    """The number of so many hundredths as a language writes it."""
    whole, _point, fraction = f"{abs(cents) / 100:.{decimals}f}".partition(".")
    text = grouped(whole, json.loads(facts["grouping"]), facts["thousands_sep"])
    return ("-" if cents < 0 else "") + text + (facts["decimal_point"] + fraction if fraction else "")


FORMATS = [
    (code, {name: values[min(place, len(values) - 1)] for name, values in entry.items()})
    for code, entry in languages().items()
    for place in range(max(map(len, entry.values())))
]
"""Every format that either version comes with, and its language."""

amounts = st.lists(
    st.integers(-(10**12), 10**12) | st.integers(-999_999_00, 999_999_00).map(lambda n: n * 100), min_size=1, max_size=6
)


@given(st.sampled_from(FORMATS), amounts, st.integers(0, 3), st.sampled_from(["es_CL", "es_PE", "en_US", ""]))
def test_what_a_language_writes_is_read_back_or_refused(
    of: tuple[str, dict[str, str]], cents: list[int], decimals: int, client: str
) -> None:
    """By its own language, and by any other: never another number. Only three decimals alone are a thousand elsewhere.

    Groups of ``[3,3]`` leave a rest of any length, which is refused.
    """
    code, facts = of
    cells = [written(number, decimals, facts) for number in cents]
    right = [float(f"{number / 100:.{decimals}f}") for number in cents]
    own, others = read(REVENUE, cells, code), read(REVENUE, cells, client)
    assert own == right or "can be read as" in own or facts["grouping"] not in ("[3,0]", "[3,2,0]")
    assert others == right or isinstance(others, str) or decimals == 3


def spelled(day: date, pattern: str, code: str) -> str:
    """The day by a pattern of ``res.lang``, its words in that language."""
    locale = next(known for known in (code, code.split("_")[0], "en") if exists(known))
    words = {
        "%B": get_month_names("wide", "format", locale)[day.month],
        "%b": get_month_names("abbreviated", "format", locale)[day.month],
        "%A": get_day_names("wide", "format", locale)[day.weekday()],
        "%a": get_day_names("abbreviated", "format", locale)[day.weekday()],
    }
    for mark, word in words.items():
        pattern = pattern.replace(mark, word)
    return day.strftime(pattern)


days = st.lists(st.dates(date(1970, 1, 1), date(2029, 12, 31)), min_size=1, max_size=6)


@given(st.sampled_from(FORMATS), days)
def test_the_days_of_a_language_are_read_back_or_refused(of: tuple[str, dict[str, str]], right: list[date]) -> None:
    code, facts = of
    found = read(DEADLINE, [spelled(day, facts["date_format"], code) for day in right], code)
    assert found == [day.isoformat() for day in right] or (isinstance(found, str) and not _in_digits(code, facts))


def _in_digits(code: str, facts: dict[str, str]) -> bool:
    """A format of digits and plain marks, of a language whose versions agree on the order."""
    return bool(format_of(code).order) and bool(re.fullmatch(r"(%[dmyY][-/. ]*){3}", facts["date_format"]))


@given(
    st.sampled_from(["America/Santiago", "America/Lima", "Europe/Madrid", "UTC", "Asia/Kolkata"]),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M", "%d-%m-%Y %I:%M:%S %p", "%d/%m/%y %H.%M"]),
    st.datetimes(datetime(1971, 1, 2), datetime(2029, 12, 30)).map(
        lambda moment: moment.replace(second=0, microsecond=0)
    ),
)
def test_moments_are_read_back(zone: str, pattern: str, moment: datetime) -> None:
    """Save that the hour which comes twice is taken for the first, and told."""
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    notes: list[str] = []
    origin = Origin("es_CL", format_of("es_CL"), ZoneInfo(zone))
    (found,) = read_columns([Filled("x", CREATED, [local.strftime(pattern)])], origin, notes)
    taken = datetime.fromisoformat(found[0])
    assert taken == moment or (notes and taken == moment - timedelta(hours=1))


_PIECES = [
    "1",
    "25",
    "000",
    "2026",
    "-",
    "\u2212",
    "(",
    ")",
    ".",
    ",",
    "'",
    " ",
    "\u00a0",
    "/",
    ":",
    "e",
    "%",
    "$",
    "S/",
    "Bs.",
]
_WORDS = [
    "CLP",
    "US$",
    "millones",
    "M",
    "de",
    "marzo",
    "mar",
    "T",
    "Z",
    "+00:00",
    "p. m.",
    "24:00",
    "\u0663",
    "\u00b2",
    "x",
]
cells = st.text(max_size=12) | st.lists(st.sampled_from(_PIECES + _WORDS), max_size=8).map("".join)


@given(st.lists(cells, max_size=3), st.sampled_from([REVENUE, DEADLINE, CREATED]), st.sampled_from([*languages(), "x"]))
def test_whatever_a_cell_holds_it_has_a_value_or_a_refusal(texts: list[str], field: FieldDef, language: str) -> None:
    """A value, written as Odoo writes it, is itself again."""
    found = read(field, texts, language)
    if isinstance(found, list):
        as_odoo = ["" if value is None else str(value) for value in found]
        assert read(field, as_odoo, language, odoo=True) == found
