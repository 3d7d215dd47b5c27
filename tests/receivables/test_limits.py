"""Exposure against limits, a cent below, at and above."""

from __future__ import annotations

from decimal import Decimal

import pytest
from stories import Story, Tell, short

from ledgercli.model.customer import Customer
from ledgercli.model.settings import LimitSettings
from ledgercli.model.values import Money, Percent
from ledgercli.receivables.limits import (
    LimitRow,
    family_tops,
    limit_status,
    limits,
    with_extra,
)

EIGHTY = Percent(Decimal(80))


def rows_of(
    story: Story,
    as_of: str = "2026-12-31",
    orders: dict[tuple[str, str], Decimal] | None = None,
    *,
    families: bool = False,
    settings: LimitSettings | None = None,
) -> dict[str, LimitRow]:
    rows = limits(
        story.at(as_of),
        settings or story.books.settings.limits,
        story.books.view.prices,
        orders or {},
        families=families,
    )
    assert len({(row.customer, row.currency) for row in rows}) == len(rows)
    return {f"{row.customer} {row.currency}": row for row in rows}


def statuses(rows: dict[str, LimitRow]) -> dict[str, str]:
    return {key: row.status for key, row in rows.items()}


@pytest.mark.parametrize(
    ("exposure", "limit", "status"),
    [
        ("79.99", "100", "ok"),
        ("80.00", "100", "warning"),
        ("100.00", "100", "warning"),
        ("100.01", "100", "breach"),
        ("-5", "100", "ok"),
        ("0", "100", "ok"),
        ("0.01", "0", "breach"),
        ("0", "0", "ok"),
        ("-0.01", "0", "ok"),
        ("1000000", None, "none"),
        ("-1", None, "none"),
    ],
)
def test_status_to_the_cent(exposure: str, limit: str | None, status: str) -> None:
    known = None if limit is None else Decimal(limit)
    assert limit_status(Decimal(exposure), known, EIGHTY) == status


def test_exposure_is_balance_and_orders_less_deposits(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  90 EUR
      Income:Sales
    2026-01-02 * "In advance"
      Liabilities:CustomerDeposits:C1  -15 EUR
      Assets:Bank
    """
    story = tell(customers="{id: C1, credit: {limit: 100 EUR}}")
    row = rows_of(story, orders={("C1", "EUR"): Decimal(20)})["C1 EUR"]
    amounts = [row.limit, row.balance, row.orders, row.deposits, row.exposure, row.available]
    assert amounts == [Decimal(value) for value in (100, 90, 20, 15, 95, 5)]
    assert str(row.used_percent) == "95.00"
    assert row.status == "warning"
    without = rows_of(
        story, orders={("C1", "EUR"): Decimal(20)}, settings=LimitSettings(count_orders=False)
    )
    assert without["C1 EUR"].orders == 0
    assert without["C1 EUR"].exposure == 75


def test_whoever_has_a_limit_a_balance_or_an_order_has_a_row(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:BALANCE  90 EUR
      Assets:Receivable:NOTHING  90 EUR
      Income:Sales
    2026-01-02 * "Paid" ^INV-1
      Assets:Receivable:NOTHING  -90 EUR
      Assets:Bank
    2026-01-02 * "In advance"
      Liabilities:CustomerDeposits:DEPOSIT  -90 EUR
      Assets:Bank
    """
    story = tell(
        customers="[{id: BALANCE}, {id: NOTHING}, {id: DEPOSIT}, {id: ORDER},"
        " {id: LIMIT, credit: {limit: 0 EUR}}, {id: NULL, credit: {limit: null}}]"
    )
    rows = rows_of(story, orders={("ORDER", "USD"): Decimal(1)})
    assert statuses(rows) == {"BALANCE EUR": "none", "LIMIT EUR": "ok", "ORDER USD": "none"}
    assert rows["BALANCE EUR"].limit is None
    assert rows["BALANCE EUR"].available is None
    assert rows["LIMIT EUR"].used_percent is None
    assert rows["LIMIT EUR"].limit == 0


def test_the_customers_own_warning_goes_before_the_settings(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  50 EUR
      Assets:Receivable:C2  50 EUR
      Assets:Receivable:C3  49.99 EUR
      Income:Sales
    """
    story = tell(
        customers="[{id: C1, credit: {limit: 100 EUR, warn_at: 51%}},"
        " {id: C2, credit: {limit: 100 EUR}}, {id: C3, credit: {limit: 100 EUR}}]",
        settings="limits: {warn_at: 50%}",
    )
    assert statuses(rows_of(story)) == {"C1 EUR": "ok", "C2 EUR": "warning", "C3 EUR": "ok"}


def test_dated_limits_from_their_day_on(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      Assets:Receivable:C1  50 EUR
      Income:Sales
    """
    record = "{id: C1, credit: {limit: {2026-02-01: 40 EUR, 2026-03-01: 60 EUR, 2026-04-01: null}}}"
    story = tell(customers=record)
    days = ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")
    assert [rows_of(story, date)["C1 EUR"].status for date in days] == [
        "none",
        "breach",
        "breach",
        "warning",
        "warning",
        "none",
    ]


CURRENCIES = """
2026-01-01 * "Goods" ^INV-1
  Assets:Receivable:C1  50 EUR
  Assets:Receivable:C1  30 USD
  Income:Sales
2026-01-01 price USD 0.9 EUR
2026-02-01 price USD 1.1 EUR
"""


def test_a_list_of_limits_covers_each_its_currency(tell: Tell) -> None:
    story = tell(CURRENCIES, customers="{id: C1, credit: {limit: [100 EUR, 29 USD, 5 CHF]}}")
    assert statuses(rows_of(story)) == {"C1 CHF": "ok", "C1 EUR": "ok", "C1 USD": "breach"}


def test_a_currency_without_a_limit_in_the_list_has_none(tell: Tell) -> None:
    story = tell(CURRENCIES, customers="{id: C1, credit: {limit: [100 EUR, 5 CHF]}}")
    assert statuses(rows_of(story))["C1 USD"] == "none"


def test_a_single_limit_converts_at_the_last_price(tell: Tell) -> None:
    story = tell(CURRENCIES, customers="{id: C1, credit: {limit: 80 EUR}}")
    assert short(rows_of(story, "2026-01-31")["C1 EUR"].exposure or Decimal(0)) == "77"
    row = rows_of(story, "2026-02-01")["C1 EUR"]
    assert (short(row.balance or Decimal(0)), row.status) == ("83", "breach")
    assert set(rows_of(story)) == {"C1 EUR"}


def test_without_a_price_the_exposure_is_unknown(tell: Tell) -> None:
    story = tell(CURRENCIES, customers="{id: C1, credit: {limit: 80 CHF}}")
    row = rows_of(story)["C1 CHF"]
    assert (row.balance, row.exposure, row.available, row.used_percent) == (None,) * 4
    assert (row.status, row.missing_price, row.orders) == ("unknown", "EUR", Decimal(0))
    (finding,) = [row for row in story.findings() if row.code == "no-price"]
    assert finding.values == {"currency": "EUR", "limit_currency": "CHF", "customer": "C1"}
    assert finding.place.file == "customers/all.yaml"


def test_nothing_in_a_currency_needs_no_price(tell: Tell) -> None:
    text = CURRENCIES + (
        '2026-01-02 * "Paid" ^INV-1\n  Assets:Receivable:C1  -30 USD\n  Assets:Bank\n'
    )
    text = "\n".join(line for line in text.splitlines() if " price " not in line)
    story = tell(text, customers="{id: C1, credit: {limit: 80 EUR}}")
    assert statuses(rows_of(story)) == {"C1 EUR": "ok"}


FAMILY = """
2026-01-01 * "Goods" ^INV-1
  Assets:Receivable:TOP  40 EUR
  Assets:Receivable:MID  30 EUR
  Assets:Receivable:LOW  31 EUR
  Assets:Receivable:ALONE  5 EUR
  Income:Sales
"""


def test_a_family_is_compared_with_the_limit_of_its_top(tell: Tell) -> None:
    story = tell(
        FAMILY,
        customers="[{id: TOP, credit: {limit: 100 EUR}}, {id: ALONE},"
        " {id: MID, parent: TOP, credit: {limit: 1 EUR}}, {id: LOW, parent: MID}]",
    )
    rows = rows_of(story, families=True)
    assert statuses(rows) == {"ALONE EUR": "none", "TOP EUR": "breach"}
    assert rows["TOP EUR"].exposure == 101
    assert statuses(rows_of(story))["TOP EUR"] == "ok"


def test_a_circle_of_parents_is_one_family_that_does_not_vanish(tell: Tell) -> None:
    records = [
        Customer("B", parent="C"),
        Customer("C", parent="A"),
        Customer("A", parent="B"),
        Customer("TAIL", parent="C"),
        Customer("SELF", parent="SELF"),
        Customer("ORPHAN", parent="GONE"),
    ]
    tops = {"A": "A", "B": "A", "C": "A", "TAIL": "A", "SELF": "SELF", "ORPHAN": "ORPHAN"}
    assert family_tops(records) == tops
    assert family_tops(reversed(records)) == tops


def test_as_if_more_were_ordered() -> None:
    orders = {("C1", "EUR"): Decimal(5), ("C2", "USD"): Decimal(1)}
    assert with_extra(orders, ["C1", "C2", "?"], Money(Decimal(500), "EUR")) == {
        ("C1", "EUR"): 505,
        ("C2", "EUR"): 500,
        ("C2", "USD"): 1,
    }
    assert orders == {("C1", "EUR"): 5, ("C2", "USD"): 1}
