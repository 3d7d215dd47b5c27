"""How old open items are, at the day of every bound."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from stories import Tell, day, short

from ledgercli.model.aging_settings import Basis
from ledgercli.model.values import Duration
from ledgercli.receivables.aging import Buckets, aging

DAYS = tuple(Duration(count) for count in (30, 60, 90))
CALENDAR = tuple(Duration.parse(words) for words in ("1 month", "3 months", "1 year"))

LEDGER = """
2025-12-31 * "Goods" ^INV-1
  due: 2026-01-31
  Assets:Receivable:C1  100 EUR
  Income:Sales
"""


def bucket(tell: Tell, as_of: dt.date, buckets: Buckets) -> str:
    (row,) = aging(tell(LEDGER).at(as_of.isoformat()), buckets)
    (key,) = [key for key, amount in row.amounts.items() if amount]
    assert tuple(row.amounts) == buckets.keys
    return key


@pytest.mark.parametrize(
    ("days", "by_due"),
    [
        (-31, "not_due"),
        (-1, "not_due"),
        (0, "not_due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91+"),
        (9999, "91+"),
    ],
)
def test_by_due_date(tell: Tell, days: int, by_due: str) -> None:
    as_of = day("2026-01-31") + dt.timedelta(days=days)
    assert bucket(tell, as_of, Buckets("due", DAYS)) == by_due


@pytest.mark.parametrize(
    ("days", "by_date"),
    [
        (0, "0-30"),
        (30, "0-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91+"),
    ],
)
def test_by_document_date(tell: Tell, days: int, by_date: str) -> None:
    as_of = day("2025-12-31") + dt.timedelta(days=days)
    assert bucket(tell, as_of, Buckets("date", DAYS)) == by_date


@pytest.mark.parametrize(
    ("basis", "as_of", "key"),
    [
        ("due", "2026-01-31", "not_due"),
        ("due", "2026-02-01", "1-1m"),
        ("due", "2026-02-28", "1-1m"),
        ("due", "2026-03-01", "1m-3m"),
        ("due", "2026-04-30", "1m-3m"),
        ("due", "2026-05-01", "3m-1y"),
        ("due", "2027-01-31", "3m-1y"),
        ("due", "2027-02-01", "1y+"),
        ("date", "2025-12-31", "0-1m"),
        ("date", "2026-01-31", "0-1m"),
        ("date", "2026-02-01", "1m-3m"),
        ("date", "2026-03-31", "1m-3m"),
        ("date", "2026-04-01", "3m-1y"),
        ("date", "2026-12-31", "3m-1y"),
        ("date", "2027-01-01", "1y+"),
    ],
)
def test_calendar_buckets_end_with_their_month(
    tell: Tell, basis: Basis, as_of: str, key: str
) -> None:
    assert bucket(tell, day(as_of), Buckets(basis, CALENDAR)) == key


def test_a_leap_day_ends_a_month() -> None:
    assert Duration(1, "months").after(day("2028-01-31")) == day("2028-02-29")


def test_a_single_bound() -> None:
    assert Buckets("due", (Duration(7),)).keys == ("not_due", "1-7", "8+")
    assert Buckets("date", ()).keys == ("0+",)


def test_rows_by_customer_and_currency_unallocated_apart(tell: Tell) -> None:
    """
    2026-01-01 * "Goods" ^INV-1
      due: 2026-01-31
      Assets:Receivable:C1  100 EUR
      Assets:Receivable:C1  5 USD
      Assets:Receivable:C2  40 EUR
      Income:Sales
    2026-01-02 * "Goods" ^INV-2
      due: 2026-03-31
      Assets:Receivable:C1  30 EUR
      Income:Sales
    2026-01-03 * "Paid" ^INV-9
      Assets:Receivable:C1  -50 EUR
      Assets:Bank
    2026-01-03 * "Paid" ^INV-9
      Assets:Receivable:C2  -7 USD
      Assets:Bank
    2026-01-04 * "Paid" ^INV-1
      Assets:Receivable:C2  -40 EUR
      Assets:Bank
    """
    rows = aging(tell().at("2026-02-10"), Buckets("due", DAYS))
    seen = [
        (
            row.customer,
            row.currency,
            [short(amount) for amount in row.amounts.values()],
            short(row.unallocated),
            short(row.total),
            str(row.oldest_due),
            row.max_days_overdue,
        )
        for row in rows
    ]
    assert seen == [
        ("C1", "EUR", ["30", "100", "0", "0", "0"], "50", "80", "2026-01-31", 10),
        ("C1", "USD", ["0", "5", "0", "0", "0"], "0", "5", "2026-01-31", 10),
        ("C2", "USD", ["0", "0", "0", "0", "0"], "7", "-7", "None", 0),
    ]


def test_what_is_not_due_is_not_overdue(tell: Tell) -> None:
    (row,) = aging(tell(LEDGER).at("2026-01-15"), Buckets("date", DAYS))
    assert (row.max_days_overdue, row.oldest_due) == (0, day("2026-01-31"))
    assert row.amounts["0-30"] == Decimal(100)
