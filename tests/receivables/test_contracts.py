"""Contracts over time: periods, prices, ends and notices, on the day before, of and after."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.model.contract_values import PriceTable, fixed, recurring
from ledgercli.model.customer import Contract
from ledgercli.model.values import Duration, Money, Percent
from ledgercli.receivables.contracts import (
    contract_parts,
    final_day,
    last_day_of,
    notice_by,
    periods,
)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def contract(value: str = "100 EUR per month", **other: Any) -> Contract:  # noqa: ANN401
    given = {"start": day("2026-01-31"), **other}
    return Contract("CT-1", value=value, **given)


@pytest.mark.parametrize(
    ("value", "price", "every"),
    [
        ("1200 EUR per month", "1200 EUR", "1 month"),
        ("1200 EUR a year", "1200 EUR", "1 year"),
        ("EUR 300 every 2 weeks", "300 EUR", "14 days"),
        ("300 EUR per Quarter", "300 EUR", "3 months"),
        ("5 EUR  every 10 days", "5 EUR", "10 days"),
    ],
)
def test_a_price_for_a_time(value: str, price: str, every: str) -> None:
    found = recurring(value)
    assert found is not None
    assert (str(found.price), str(found.every)) == (price, every)
    assert fixed(value) is None


@pytest.mark.parametrize("value", ["", "much", "1200 per month", "1200 EUR", "0 EUR per month"])
def test_what_is_no_price_for_a_time(value: str) -> None:
    assert recurring(value) is None


def contract_amount(asked: Contract, as_of: dt.date) -> Money | None:
    """Return what the parts of a contract come to."""
    parts = [part.price for part in contract_parts(asked, as_of)]
    return (
        Money(sum((part.amount for part in parts), Decimal(0)), parts[0].currency)
        if parts
        else None
    )


def test_an_amount_for_all_of_it() -> None:
    assert fixed("50000 CNY") == Money(Decimal(50000), "CNY")
    assert contract_amount(contract("50000 CNY", tax=Percent(Decimal(13))), day("2026-01-01")) == (
        Money(Decimal(56500), "CNY")
    )


def test_month_ends_are_counted_from_the_first_day() -> None:
    found = [(row.first, row.last) for row in periods(contract(), day("2026-04-30"))]
    assert found == [
        (day("2026-01-31"), day("2026-02-27")),
        (day("2026-02-28"), day("2026-03-30")),
        (day("2026-03-31"), day("2026-04-29")),
        (day("2026-04-30"), day("2026-05-30")),
    ]


@pytest.mark.parametrize(
    ("until", "count"), [("2026-01-30", 0), ("2026-01-31", 1), ("2026-02-27", 1), ("2026-02-28", 2)]
)
def test_a_period_is_due_on_its_first_day(until: str, count: int) -> None:
    assert len(list(periods(contract(), day(until)))) == count


@pytest.mark.parametrize(("until", "count"), [("2026-02-27", 0), ("2026-02-28", 1)])
def test_in_arrears_it_is_due_on_the_day_after(until: str, count: int) -> None:
    assert len(list(periods(contract(arrears=True), day(until)))) == count


def test_a_last_period_that_is_cut_short_costs_its_days() -> None:
    cut = contract(start=day("2026-02-01"), end=day("2026-03-10"))
    found = list(periods(cut, day("2027-01-01")))
    assert [(row.last, row.price.amount) for row in found] == [
        (day("2026-02-28"), Decimal(100)),
        (day("2026-03-10"), Decimal("32.26")),  # 10 of 31 days
    ]
    assert contract_amount(cut, day("2026-01-01")) == Money(Decimal("132.26"), "EUR")


def test_prices_change_by_a_dated_table() -> None:
    table = PriceTable.parse({"2027-01-01": "3%", "2026-07-01": "110 EUR", "2028-01-01": "-1%"})
    base = Money(Decimal(100), "EUR")
    days = ("2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01", "2028-01-01")
    prices = [str(table.price(base, day(text)).amount) for text in days]
    assert prices == ["100", "110", "110", "113.30", "112.17"]


YEARLY: dict[str, Any] = {
    "start": day("2026-01-01"),
    "end": day("2026-12-31"),
    "notice": Duration(3, "months"),
    "renews": Duration(1, "years"),
}


@pytest.mark.parametrize(
    ("as_of", "end"),
    [("2026-12-30", "2026-12-31"), ("2026-12-31", "2026-12-31"), ("2027-01-01", "2027-12-31")],
)
def test_a_contract_renews_after_its_end(as_of: str, end: str) -> None:
    assert last_day_of(contract(**YEARLY), day(as_of)) == day(end)
    assert final_day(contract(**YEARLY)) is None


@pytest.mark.parametrize(
    ("terminated", "end"),
    [
        ("2026-09-29", "2026-12-31"),
        ("2026-09-30", "2026-12-31"),
        ("2026-10-01", "2027-12-31"),
    ],
)
def test_notice_ends_it_where_it_came_in_time(terminated: str, end: str) -> None:
    given = contract(**YEARLY, terminated=day(terminated))
    assert final_day(given) == day(end)
    assert last_day_of(given, day("2030-01-01")) == day(end)
    assert max(row.last for row in periods(given, day("2030-01-01"))) == day(end)
    assert notice_by(given, day("2026-01-01")) is None


def test_the_last_day_to_give_notice() -> None:
    assert notice_by(contract(**YEARLY), day("2026-06-01")) == day("2026-09-30")
    assert notice_by(contract(**YEARLY), day("2027-06-01")) == day("2027-09-30")
    assert notice_by(contract(), day("2026-06-01")) is None


def test_without_a_start_or_an_end_nothing_is_made_up() -> None:
    assert not list(periods(contract(start=None), day("2030-01-01")))
    assert contract_amount(contract(), day("2026-06-01")) is None


@given(
    st.dates(day("2020-01-01"), day("2024-12-31")),
    st.sampled_from(["day", "week", "month", "quarter", "year", "2 months"]),
    st.integers(0, 400),
)
def test_periods_follow_each_other_without_gap(start: dt.date, unit: str, days: int) -> None:
    given = contract(f"10 EUR every {unit}", start=start)
    found = list(periods(given, start + dt.timedelta(days=days)))
    assert found[0].first == start
    for earlier, later in pairwise(found):
        assert later.first == earlier.last + dt.timedelta(days=1)
