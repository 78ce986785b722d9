from __future__ import annotations

from typing import Any

import pytest

from segmenter.conditions import BoundAll, BoundAny, BoundDomain, BoundLeaf, BoundNot, Field, domain
from segmenter.conditions.domain import MANY_TEXTS, tree_path
from tests.support.conditions_crm import bound


@pytest.mark.parametrize(
    ("data", "positive", "negative"),
    [
        ({"city": "Lima"}, [["city", "=", "Lima"]], [["city", "!=", "Lima"]]),
        (
            {"city": {"empty": True}},
            ["|", ["city", "=", False], ["city", "=", ""]],
            ["&", ["city", "!=", False], ["city", "!=", ""]],
        ),
        (
            {"city": ["A", "B"]},
            ["|", ["city", "=", "A"], ["city", "=", "B"]],
            ["&", ["city", "!=", "A"], ["city", "!=", "B"]],
        ),
        ({"city": {"contains": r"5%_\a"}}, [["city", "ilike", r"5\%\_\\a"]], [["city", "not ilike", r"5\%\_\\a"]]),
        (
            {"city": {"starts_with": "L"}},
            [["city", "=ilike", "L%"]],
            ["|", ["city", "=", False], "!", ["city", "=ilike", "L%"]],
        ),
        (
            {"city": {"ends_with": "L"}},
            [["city", "=ilike", "%L"]],
            ["|", ["city", "=", False], "!", ["city", "=ilike", "%L"]],
        ),
        ({"color": {">": 2}}, [["color", ">", 2]], ["|", ["color", "=", False], ["color", "<=", 2]]),
        ({"color": {">=": 0}}, ["|", ["color", "=", False], ["color", ">=", 0]], [["color", "<", 0]]),
        (
            {"color": 0},
            ["|", ["color", "=", False], ["color", "=", 0]],
            ["&", ["color", "!=", False], ["color", "!=", 0]],
        ),
        (
            {"color": {"empty": False}},
            ["&", ["color", "!=", False], ["color", "!=", 0]],
            ["|", ["color", "=", False], ["color", "=", 0]],
        ),
        (
            {"color": {"between": [1, 3]}},
            ["&", ["color", ">=", 1], ["color", "<=", 3]],
            ["|", ["color", "=", False], "|", ["color", "<", 1], ["color", ">", 3]],
        ),
        ({"id": [4, 7]}, [["id", "in", [4, 7]]], [["id", "not in", [4, 7]]]),
        ({"active": False}, [["active", "=", False]], [["active", "=", True]]),
        ({"priority": {">=": 2}}, [["priority", "in", ["2", "3"]]], [["priority", "not in", ["2", "3"]]]),
        (
            {"priority": ["1", None]},
            ["|", ["priority", "=", False], ["priority", "in", ["1"]]],
            ["&", ["priority", "!=", False], ["priority", "not in", ["1"]]],
        ),
        ({"country_id": "Chile"}, [["country_id", "in", [46]]], [["country_id", "not in", [46]]]),
        ({"country_id": None}, [["country_id", "=", False]], [["country_id", "!=", False]]),
        (
            {"country_id.code": "CL"},
            [["country_id.code", "=", "CL"]],
            ["|", ["country_id", "=", False], ["country_id.code", "!=", "CL"]],
        ),
        (
            {"partner_id.country_id": "Chile"},
            [["partner_id.country_id", "in", [46]]],
            ["|", ["partner_id", "=", False], ["partner_id.country_id", "not in", [46]]],
        ),
        (
            {"tag_ids": {"has_all": ["a_b", "Ñandú"]}},
            ["&", ["tag_ids", "in", [2]], ["tag_ids", "in", [3]]],
            ["|", ["tag_ids", "not in", [2]], ["tag_ids", "not in", [3]]],
        ),
        ({"tag_ids": {"has_none": ["a_b", "Ñandú"]}}, [["tag_ids", "not in", [2, 3]]], [["tag_ids", "in", [2, 3]]]),
        (
            {"date_deadline": {">": "2026-03-01"}},
            [["date_deadline", ">=", "2026-03-02"]],
            ["|", ["date_deadline", "=", False], ["date_deadline", "<", "2026-03-02"]],
        ),
        (
            {"date_conversion": "2026-03-01"},
            ["&", ["date_conversion", ">=", "2026-03-01 03:00:00"], ["date_conversion", "<", "2026-03-02 03:00:00"]],
            [
                "|",
                ["date_conversion", "=", False],
                "|",
                ["date_conversion", "<", "2026-03-01 03:00:00"],
                ["date_conversion", ">=", "2026-03-02 03:00:00"],
            ],
        ),
    ],
)
def test_each_leaf_and_its_complement(data: Any, positive: list[Any], negative: list[Any]) -> None:
    condition = bound(data)
    assert domain(condition) == positive
    assert domain(BoundNot(condition)) == negative


def test_many_texts_are_one_comparison_where_every_version_has_it() -> None:
    names = [f"city {number}" for number in range(MANY_TEXTS + 1)]
    condition = bound({"city": [*names, None]})
    assert domain(condition) == ["|", "|", ["city", "=", False], ["city", "=", ""], ["city", "in", names]]
    assert domain(BoundNot(condition)) == [
        "&",
        "&",
        ["city", "!=", False],
        ["city", "!=", ""],
        ["city", "not in", names],
    ]
    few = domain(bound({"city": names[1:]}))
    assert few.count("|") == MANY_TEXTS - 1
    assert len(domain(bound({"country_id.name": names}))) > MANY_TEXTS, "14 faults on `not in` of a translated field"


def test_under_a_category() -> None:
    condition = bound({"category_id": {"under": "Hotels"}}, "res.partner")
    assert domain(condition) == [["category_id", "child_of", [1]]]
    assert domain(BoundNot(condition)) == ["|", ["category_id", "=", False], "!", ["category_id", "child_of", [1]]]


def test_under_a_contact_is_asked_of_the_id_behind_it() -> None:
    """15 and 16 leave out leads of archived contacts else; raw domains are asked alike."""
    contact = Field("crm.lead", "partner_id", "many2one", "partner_id", "res.partner")
    company = Field("res.partner", "commercial_partner_id", "many2one", "commercial_partner_id", "res.partner")
    assert domain(BoundLeaf((contact,), "under", (7,))) == [["partner_id.id", "child_of", [7]]]
    assert tree_path((contact, company)) == "partner_id.commercial_partner_id"


def test_under_a_parent_leaves_the_top_itself_out() -> None:
    condition = bound({"parent_id": {"under": "Holding"}}, "res.partner")
    assert domain(condition) == ["&", ["id", "child_of", [1]], ["id", "!=", 1]]
    assert domain(BoundNot(condition)) == ["|", "!", ["id", "child_of", [1]], ["id", "=", 1]]


def test_under_a_parent_of_the_company_is_asked_of_the_ids_behind_it() -> None:
    """Odoo from 17 on takes a relation to the same model itself for the tree; the CRM in memory does not."""
    company, parent = (
        Field("res.partner", name, "many2one", name, "res.partner") for name in ("commercial_partner_id", "parent_id")
    )
    assert domain(BoundLeaf((company, parent), "under", (7,))) == [
        *("&", ["commercial_partner_id.id", "child_of", [7]], ["commercial_partner_id", "!=", 7])
    ]


def test_negation_goes_down_to_the_leaves() -> None:
    condition = bound({"not": {"any": [{"city": "A"}, {"all": [{"active": True}, {"not": {"city": "B"}}]}]}})
    assert domain(condition) == ["&", ["city", "!=", "A"], "|", ["active", "=", False], ["city", "=", "B"]]


def test_a_raw_domain_becomes_one_term() -> None:
    leaves = [["city", "=", "A"], "|", ["active", "!=", True], ["color", "=", 3], ["color", "in", [1, 2]]]
    condition = bound({"any": [{"domain": leaves}, {"city": "B"}]})
    assert domain(condition) == [
        "|",
        "&",
        "&",
        *leaves,
        ["city", "=", "B"],
    ]


def test_a_raw_domain_has_no_complement() -> None:
    with pytest.raises(ValueError, match="cannot be negated"):
        domain(BoundNot(BoundDomain((("city", "=", "A"),))))


def test_nothing_to_meet_is_everything_and_nothing_to_choose_is_nothing() -> None:
    assert domain(BoundAll(())) == domain(BoundDomain(())) == [[1, "=", 1]]
    assert domain(BoundAny(())) == [[0, "=", 1]]
