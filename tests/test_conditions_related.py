"""Conditions on what the records of a list give: for whom they hold, and what is refused."""

from __future__ import annotations

import pytest

from segmenter.conditions import BoundNot, domain
from tests.support.sales import CLP, USD, Shop, asked_anew


@pytest.fixture
def shop() -> Shop:
    """Ana has bought much, Bea little, Eva nothing."""
    shop = Shop()
    for name in ("Ana", "Bea", "Eva"):
        shop.contact(name)
    shop.order("Ana", 300_000, "2026-10-01 12:00:00", lines=3)
    shop.order("Ana", 200_000, "2026-11-01 12:00:00", lines=1)
    shop.order("Ana", 900_000, "2024-01-01 12:00:00", state="draft", lines=2)
    shop.order("Bea", 50_000, "2026-02-01 12:00:00", lines=None)
    return shop


def takes(shop: Shop, text: str, model: str = "res.partner", *, negated: bool = False) -> set[str]:
    """The names of the contacts, or records of the model, that the CRM finds."""
    bound = shop.bound(text, model)
    found = shop.server.take(model, domain(BoundNot(bound) if negated else bound))
    return {str(shop.tables.cell(model, one, "name")) for one in found} - {"Consultant"}


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("{count: true, '>=': 2}", {"Ana"}),
        ("{count: true, '=': 3}", {"Ana"}),
        ("{count: true, '=': [1, 3]}", {"Ana", "Bea"}),
        ("{count: true, not: 3}", {"Bea", "Eva"}),
        ("{count: true, '<': 2}", {"Bea", "Eva"}),
        ("{count: true, between: [0, 1]}", {"Bea", "Eva"}),
        ("{any: true}", {"Ana", "Bea"}),
        ("{none: true}", {"Eva"}),
        ("{sum: amount_total, '>=': 1400000}", {"Ana"}),
        ("{sum: amount_total, '<': 100000}", {"Bea", "Eva"}),
        ("{sum: amount_total, '=': 0}", {"Eva"}),
        ("{avg: lines, '=': 2}", {"Ana"}),
        ("{avg: lines, '<': 5}", {"Ana", "Bea"}),
        ("{avg: lines, not: 2}", {"Bea", "Eva"}),
        ("{min: lines, '=': 0}", {"Bea"}),
        ("{max: amount_total, '>': 800000}", {"Ana"}),
        ("{max: amount_total, '<': 800000}", {"Bea"}),
        ("{max: amount_total, empty: true}", {"Eva"}),
        ("{max: amount_total, empty: false}", {"Ana", "Bea"}),
        ("{last: date_order, within: 60 days}", {"Ana"}),
        ("{last: date_order, older_than: 60 days}", {"Bea"}),
        ("{last: date_order, empty: true}", {"Eva"}),
        ("{first: date_order, '<': 2025-01-01}", {"Ana"}),
        ("{last: validity_date, '<': 2030-01-01}", set()),
    ],
)
def test_for_whom_it_holds(shop: Shop, condition: str, names: set[str]) -> None:
    assert takes(shop, f"sale_order_ids: {condition}") == names
    assert takes(shop, f"sale_order_ids: {condition}", negated=True) == {"Ana", "Bea", "Eva"} - names


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("{state: [sale, done]}", {"Ana", "Bea"}),
        ("{state: draft}", {"Ana"}),
        ("{date_order: {within: 60 days}}", {"Ana"}),
        ("{partner_id.name: Bea}", {"Bea"}),
        ("{any: [{lines: 3}, {amount_total: 50000}]}", {"Ana", "Bea"}),
        ("{not: {state: draft}}", {"Ana", "Bea"}),
        ("{partner_id.sale_order_ids: {count: true, '>=': 2}}", {"Ana"}),
    ],
)
def test_where_says_which_of_the_list_count(shop: Shop, where: str, names: set[str]) -> None:
    assert takes(shop, f"sale_order_ids: {{any: true, where: {where}}}") == names


def test_of_several_comparisons_all_hold(shop: Shop) -> None:
    assert takes(shop, "sale_order_ids: {count: true, '>=': 1, '<': 3}") == {"Bea"}


def test_today_is_the_clients() -> None:
    """The clock says 21 November in Santiago, and 22 November in UTC."""
    shop = Shop()
    shop.contact("Ana")
    shop.contact("Bea")
    shop.order("Ana", on="2026-11-21 02:59:59")  # 23:59:59 on the 20th
    shop.order("Bea", on="2026-11-21 03:00:00")
    assert takes(shop, "sale_order_ids: {last: date_order, within: 0 days}") == {"Bea"}
    assert takes(shop, "sale_order_ids: {any: true, where: {date_order: {within: 0 days}}}") == {"Bea"}


def test_archived_records_of_a_list_count_where_it_asks_for_them(shop: Shop) -> None:
    shop.order("Eva", active=False)
    assert takes(shop, "sale_order_ids: {none: true}") == {"Eva"}
    assert takes(shop, "sale_order_ids: {any: true, where: {active: false}}") == {"Eva"}
    both = "{any: [{active: true}, {active: false}]}"
    assert takes(shop, f"sale_order_ids: {{any: true, where: {both}}}") == {"Ana", "Bea", "Eva"}


def test_whose_list_it_is() -> None:
    shop = Shop()
    shop.contact("Hotel")
    shop.contact("Reception", "Hotel")
    shop.contact("Kitchen", "Hotel")
    shop.contact("Alone")
    shop.order("Hotel", 100)
    shop.order("Kitchen", 300)
    shop.order("Alone", 100)
    of = "sale_order_ids: {sum: amount_total, of: %s, '=': %s}"
    assert takes(shop, of % ("contact", 100)) == {"Hotel", "Alone"}
    assert takes(shop, of % ("contact", 300)) == {"Kitchen"}
    assert takes(shop, of % ("company", 100)) == {"Hotel", "Reception", "Kitchen", "Alone"}
    assert takes(shop, of % ("both", 400)) == {"Hotel", "Reception", "Kitchen"}
    assert takes(shop, of % ("both", 100)) == {"Alone"}
    assert takes(shop, "sale_order_ids: {count: true, of: both, '=': 2}") == {"Hotel", "Reception", "Kitchen"}


def test_a_lead_asks_for_the_list_of_its_contact(shop: Shop) -> None:
    shop.lead("of Ana", "Ana")
    shop.lead("of Eva", "Eva")
    shop.lead("of nobody", None)
    asked = "partner_id.sale_order_ids: {sum: amount_total, where: {state: sale}, '>=': 400000}"
    assert takes(shop, asked, "crm.lead") == {"of Ana"}
    assert takes(shop, asked, "crm.lead", negated=True) == {"of Eva", "of nobody"}
    assert takes(shop, "partner_id.sale_order_ids: {none: true}", "crm.lead") == {"of Eva", "of nobody"}


def test_records_of_another_model_with_the_same_id_are_not_in_the_list(shop: Shop) -> None:
    shop.activity("Ana")
    shop.activity("Bea", "crm.lead")
    assert takes(shop, "activity_ids: {any: true}") == {"Ana"}


def test_the_filter_of_a_list_counts_too(shop: Shop) -> None:
    assert takes(shop, "filtered_ids: {count: true, '=': 2}") == {"Ana"}


def test_tags_are_a_list_as_well(shop: Shop) -> None:
    tags = [
        shop.tables.add("res.partner.category", name=name, active=True, color=color)
        for name, color in (("a", 1), ("b", 5))
    ]
    shop.tables.rows["res.partner"][shop.ids["Ana"]]["category_id"] = tuple(tags)
    shop.tables.rows["res.partner"][shop.ids["Bea"]]["category_id"] = (tags[0],)
    assert takes(shop, "category_id: {count: true, '>=': 2}") == {"Ana"}
    assert takes(shop, "category_id: {none: true}") == {"Eva"}
    assert takes(shop, "category_id: {max: color, '<': 3}") == {"Bea"}
    assert takes(shop, "category_id: {any: true, where: {name: b}}") == {"Ana"}


def test_amounts_in_several_currencies_are_refused_until_one_is_named(shop: Shop) -> None:
    shop.order("Eva", 900, currency_id=USD)
    found, problems = shop.tried("sale_order_ids: {sum: amount_total, '>=': 500}")
    assert found is None
    assert [problem.what for problem in problems] == [
        "amount_total (Total) is in several currencies: CLP and USD. They are never added up or compared"
    ]
    assert "where: {currency_id: CLP}" in problems[0].todo
    assert takes(shop, "sale_order_ids: {sum: amount_total, where: {currency_id: USD}, '>=': 500}") == {"Eva"}
    assert takes(shop, "sale_order_ids: {count: true, '>=': 1}") == {"Ana", "Bea", "Eva"}


def test_a_currency_that_is_used_no_more_is_one_too(shop: Shop) -> None:
    old = shop.tables.add("res.currency", name="ESC", active=False)
    shop.order("Eva", 900, currency_id=old)
    _found, problems = shop.tried("sale_order_ids: {max: amount_total, '>=': 500}")
    assert "in several currencies: CLP and ESC" in problems[0].what


def test_an_amount_of_nothing_is_in_no_currency(shop: Shop) -> None:
    shop.order("Eva", 0, currency_id=USD)
    assert takes(shop, "sale_order_ids: {sum: amount_total, '=': 0}") == {"Eva"}


REFUSED = {
    "sale_order_ids: {sum: amount_total}": "sum of sale_order_ids is compared with nothing",
    "sale_order_ids: {sum: true, '>=': 1}": "sum of sale_order_ids needs a field of these records",
    "sale_order_ids: {count: amount_total, '>=': 1}": "count takes no value",
    "sale_order_ids: {any: true, '>=': 1}": "any stands by itself, without >=",
    "sale_order_ids: {count: true, sum: lines, '>=': 1}": "sale_order_ids asks for count and sum at once",
    "sale_order_ids: {count: true, '>=': 1, of: boss}": "boss does not say whose sale_order_ids is meant",
    "sale_order_ids: {count: true, '>==': 1}": "Unknown operator >==",
    "sale_order_ids: {any: true, where: {}}": "The condition is empty",
    "sale_order_ids: {any: true, where: {nothing: 1}}": "No field nothing on sale.order",
    "sale_order_ids: {sum: date_order, '>=': 1}": ("sum does not go with date_order (Order Date), which is a datetime"),
    "sale_order_ids: {last: lines, '>=': 1}": "last does not go with lines (Lines), which is a integer",
    "sale_order_ids: {sum: count_now, '>=': 1}": "The server cannot search by count_now (Computed) of sale.order",
    "sale_order_ids: {count: true, within: 1 day}": "within does not go with count, which is a integer",
    "sale_order_ids: {sum: amount_total, '>=': 1, in: CLP}": (
        "sum of sale_order_ids is taken in the currency of the records themselves"
    ),
    "sale_order_ids: {count: true, '>=': '3'}": "The value of >= on sale_order_ids is not right",
    "country_id: {any: true}": "country_id (Country) is no list of records",
    "child_ids.category_id: {any: true}": "child_ids holds many: whose list is meant behind it?",
    "computed_ids: {any: true}": (
        "A search by computed_ids (Computed) of res.partner differs between versions of Odoo"
    ),
    "invoice_ids: {any: true}": (
        "invoice_ids of res.partner comes with the Odoo module account, which is not installed here"
    ),
}


@pytest.mark.parametrize(("condition", "what"), REFUSED.items())
def test_what_is_refused(shop: Shop, condition: str, what: str) -> None:
    found, problems = shop.tried(condition)
    assert found is None
    assert [problem.what for problem in problems] == [what]


def test_whose_it_is_is_asked_of_contacts_alone(shop: Shop) -> None:
    _found, problems = shop.tried("tag_ids: {any: true, of: both}", "crm.lead")
    assert [problem.what for problem in problems] == [
        "of: both is asked of contacts, and tag_ids is a list of crm.lead"
    ]


def test_without_the_right_to_read_the_list_it_is_refused_by_name() -> None:
    shop = Shop("mail.activity")
    _found, problems = shop.tried("sale_order_ids: {any: true}")
    assert [(problem.what, problem.todo) for problem in problems] == [
        (
            "The work user may not read orders (sale.order), which sale_order_ids lists",
            "ask an administrator for the right to read sale.order, or leave this condition out",
        )
    ]


def test_one_question_however_many_records_and_comparisons(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    execute = shop.server.execute_kw

    def counted(model: str, method: str, args: list[object], kwargs: dict[str, object]) -> object:
        asked.append((model, method))
        return execute(model, method, args, kwargs)

    shop.bound("sale_order_ids: {any: true}")  # what is asked of fields and rights is known from then on
    monkeypatch.setattr(shop.server, "execute_kw", counted)
    shop.bound("sale_order_ids: {sum: lines, '>=': 1, '<': 9}")
    shop.bound("sale_order_ids: {sum: lines, '>': 2}")
    questions = [method for _model, method in asked if method != "fields_get"]
    assert questions == ["search_count", "formatted_read_group"]


@pytest.mark.parametrize("function", ["sum", "avg", "min", "max"])
def test_one_group_a_record_gives_the_same_where_lists_would_be_too_long(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    def found() -> list[object]:
        asked = (f"sale_order_ids: {{{function}: lines, '>=': {least}}}" for least in (-1, 0, 1, 2, 3, 6, 7))
        return [domain(asked_anew(shop).bound(text)) for text in asked]

    by_lists = found()
    monkeypatch.setattr("segmenter.odoo.lists.MOST_IN_LISTS", 0)
    assert found() == by_lists


def test_ids_alone_are_kept_of_the_answer(shop: Shop) -> None:
    bound = shop.bound("sale_order_ids: {sum: amount_total, '>=': 1400000}")
    assert domain(bound) == [["id", "in", [shop.ids["Ana"]]]]
    (related,) = bound.related()
    assert related.held == {shop.ids["Ana"]: 1_400_000, shop.ids["Bea"]: 50_000}
    assert CLP in {one["currency_id"] for one in shop.tables.rows["sale.order"].values()}
