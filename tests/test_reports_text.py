from __future__ import annotations

import pytest

from segmenter.i18n import locale_of, money, use_language
from segmenter.reports.text import Style, clean, listing, shortened


@pytest.mark.parametrize("nasty", ["\x1b[2J", "a\rb", "\x00", "\x9b31m", "invoice\u202efdp.exe", "\u2066x\u2069"])
def test_nothing_in_a_name_can_steer_a_terminal(nasty: str) -> None:
    assert "�" in clean(nasty)
    assert clean(nasty).replace("�", "").isprintable()


def test_letters_of_every_language_stay() -> None:
    assert clean("Ñuñoa «Jardín» 日本\nlínea\tdos") == "Ñuñoa «Jardín» 日本\nlínea\tdos"
    assert clean("\ufeffIngreso estimado") == "Ingreso estimado"


@pytest.mark.parametrize(
    ("messages", "client", "number", "share"),
    [
        ("en", "es_CL", "1,234,567.5", "22.4 %"),
        ("es", "es_CL", "1.234.567,5", "22,4 %"),
        ("es", "es_PE", "1,234,567.5", "22.4 %"),
        ("es", "not a language", "1.234.567,5", "22,4 %"),
    ],
)
def test_numbers_are_written_as_in_the_country_of_whoever_reads(
    messages: str, client: str, number: str, share: str
) -> None:
    use_language(messages)
    style = Style(client)
    assert style.number(1234567.5) == number
    assert style.share(224, 1000) == share


def test_a_share_of_nothing_is_no_number() -> None:
    assert Style().share(0, 0) == "—"


def test_moments_are_told_in_the_zone() -> None:
    assert Style("", "America/Santiago").moment("2026-11-22T02:30:00Z") == "Nov 21, 2026 23:30"
    assert Style("", "UTC").moment("2026-11-22T02:30:00.123+00:00") == "Nov 22, 2026 02:30"


@pytest.mark.parametrize("spoken", ["es", "en"])
@pytest.mark.parametrize("client", ["es_CL", "es_MX", "es_CO", "es_PE", "es_VE", "es_419", "en_US", "pt_BR", ""])
@pytest.mark.parametrize(("at", "shown"), [("08:05:59", "08:05"), ("16:05:00", "16:05"), ("00:00:30", "00:00")])
def test_hours_are_24_in_every_country(spoken: str, client: str, at: str, shown: str) -> None:
    use_language(spoken)
    assert Style(client, "UTC").moment(f"2026-11-22T{at}Z").endswith(f" {shown}")


def test_a_long_list_is_cut() -> None:
    assert listing(["a", "b"]) == "a, b"
    assert listing(list("abcdefg"), 3) == "a, b, c and 4 more"


def test_a_threshold_keeps_its_cents() -> None:
    assert [money(value, "USD", locale_of("en_US")) for value in (1234, 1234.5)] == ["$1,234", "$1,234.50"]


def test_a_day_without_a_time_stands_like_one_with() -> None:
    use_language("es")
    style = Style("es_CL", "America/Santiago")
    assert style.moment("2026-11-05T13:40:00Z").startswith("05-11-2026 10:40")
    assert style.moment("2026-11-05") == "05-11-2026"


@pytest.mark.parametrize(
    ("spoken", "client", "sum_", "day", "month"),
    [
        ("es", "es_CL", "$1.234.568", "22 de noviembre de 2026", "nov 2026"),
        ("en", "es_CL", "CLP\N{NO-BREAK SPACE}1,234,568", "November 22, 2026", "Nov 2026"),
    ],
)
def test_money_and_dates_as_the_client_writes_them(spoken: str, client: str, sum_: str, day: str, month: str) -> None:
    use_language(spoken)
    style = Style(client, "America/Santiago")
    assert style.money(1234567.8, "CLP") == sum_
    assert style.money(1234567.8) == sum_[-9:]
    assert style.day("2026-11-23T02:00:00Z") == style.day("2026-11-22") == day
    assert style.month("2026-11-22") == style.month("2026-11-22T10:00:00Z") == month


def test_a_long_text_is_cut_where_it_says_so() -> None:
    assert [shortened("abcde", most) for most in (6, 5, 4)] == ["abcde", "abcde", "abc…"]
