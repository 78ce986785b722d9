"""Specs written in Spanish, and numbers as people write them."""

from __future__ import annotations

import pytest

from segmenter.editing.writing import scalar
from segmenter.errors import SpecError
from segmenter.spec import loads
from segmenter.spec.meant import _KEYS, _WORDS, meant_amount
from segmenter.spec.schema import schema_text

SPEC = """\
version: 1
client: {name: X}
scope: {model: crm.lead}
segmentations:
  - name: S
    segments:
      - {name: A, when: CONDITION}
"""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('{expected_revenue: {">=": 3.000.000}}', '{expected_revenue: {">=": 3000000}}'),
        ('{expected_revenue: {"<": "3,000,000"}}', '{expected_revenue: {"<": 3000000}}'),
        ("{expected_revenue: {between: [1.000.000, 5.000.000]}}", "{expected_revenue: {between: [1000000, 5000000]}}"),
        ("{expected_revenue: {not: {between: [1.000.000, 2]}}}", None),
    ],
)
def test_separators_of_thousands_are_taken_where_they_leave_no_doubt(written: str, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(SpecError, match="upside down"):
            loads(SPEC.replace("CONDITION", written), "f")
        return
    taken, plain = (loads(SPEC.replace("CONDITION", text), "f") for text in (written, meant))
    assert taken == plain
    assert taken.digest == plain.digest


@pytest.mark.parametrize("written", ["{vat: 12.345.678}", "{vat: {starts_with: 12.345.678}}", "{vat: [12.345.678]}"])
def test_a_code_with_points_stays_a_text(written: str) -> None:
    assert "'12.345.678'" in repr(loads(SPEC.replace("CONDITION", written), "f").segmentations[0].segments[0].condition)


def test_durations_are_taken_in_spanish() -> None:
    spanish, english = (
        loads(SPEC.replace("CONDITION", f"{{create_date: {{within: {span}}}}}"), "f")
        for span in ("120 días", "120 days")
    )
    assert spanish.segmentations == english.segmentations


@pytest.mark.parametrize(
    ("written", "second"),
    [("{changes: 5.000}", "write 5000 or 5"), ("{changes: 250.000}", "write 250000 or 250")],
)
def test_a_point_before_three_digits_is_refused(written: str, second: str) -> None:
    with pytest.raises(SpecError, match=second) as caught:
        loads(SPEC.replace("CONDITION", "{city: Lima}") + f"limits: {written}\n", "f")
    assert caught.value.problems[0].place == "f:8:19"


@pytest.mark.parametrize("written", ["0.125", "12.3450", "1234.567", "-0.5", "3.0"])
def test_other_decimals_are_numbers(written: str) -> None:
    loads(SPEC.replace("CONDITION", f'{{probability: {{">=": {written}}}}}'), "f")


@pytest.mark.parametrize("number", [12.345, -33.456, 0.125, 1234.567, 1.5])
def test_a_number_is_written_so_that_it_is_read_again(number: float) -> None:
    written = scalar(number, flow=True)
    spec = loads(SPEC.replace("CONDITION", f'{{probability: {{">=": {written}}}}}'), "f")
    assert f"value={number}" in repr(spec.segmentations[0].segments[0].condition)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("400 a 1.500", "400..1500"),
        ("entre 400 y 1500", "400..1500"),
        ("10 %", "10%"),
        ("5% - 25%", "5%..25%"),
        ("5.000", "5000"),
        ("sin límite", "off"),
    ],
)
def test_amounts_and_ranges(written: str, meant: str) -> None:
    assert meant_amount(written) == meant


def test_each_spanish_word_stands_for_one_of_the_language() -> None:
    schema = schema_text()
    assert [word for word in (*_KEYS, *_WORDS) if f'"{word}"' not in schema] == []
