"""Amounts and dates as other systems write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ledgercli.customers.exchange.amounts import parse_amount, parse_day


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("1234.56", ".", "1234.56"),
        ("1,234.56", ".", "1234.56"),
        ("1,234", ".", "1234"),
        ("12,34", ".", None),
        ("1,2345", ".", None),
        ("1.234,56", ",", "1234.56"),
        ("1.234", ",", "1234"),
        ("1,5", ",", "1.5"),
        ("1.5", ",", None),
        ("1 234,56", ",", "1234.56"),
        ("1\u202f234,56 €", ",", "1234.56"),
        ("1'234.50", ".", "1234.50"),
        ("¥1,234.00", ".", "1234.00"),
        ("(5.00)", ".", "-5.00"),
        ("5.00-", ".", "-5.00"),
        ("-5", ".", "-5"),
        ("\u22125", ".", "-5"),
        ("+5", ".", "5"),
        (".5", ".", "0.5"),
        ("100,00 H", ",", "-100.00"),
        ("100,00 S", ",", "100.00"),
        ("500贷", ".", "-500"),
        ("", ".", None),
        ("-", ".", None),
        ("n/a", ".", None),
        ("1e5", ".", None),
        ("NaN", ".", None),
        ("٣", ".", None),
        ("9" * 25, ".", None),
    ],
)
def test_amounts(text: str, decimal: str, amount: str | None) -> None:
    assert parse_amount(text, decimal) == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-21", dt.date(2026, 11, 21)),
        ("2026/1/2", dt.date(2026, 1, 2)),
        ("2026.11.21", dt.date(2026, 11, 21)),
        ("20261121", dt.date(2026, 11, 21)),
        ("2026年11月21日", dt.date(2026, 11, 21)),
        ("2026-11-21 00:00:00", dt.date(2026, 11, 21)),
        ("2026-11-21T08:30:00", dt.date(2026, 11, 21)),
        ("21.11.2026", None),
        ("2026-02-29", None),
        ("", None),
    ],
)
def test_dates_with_the_year_first(text: str, day: dt.date | None) -> None:
    assert parse_day(text) == day


def test_other_forms_of_dates_are_told_by_the_profile() -> None:
    assert parse_day("21.11.26", ("%d.%m.%Y", "%d.%m.%y")) == dt.date(2026, 11, 21)
    assert parse_day("11/21/2026", ("%m/%d/%Y",)) == dt.date(2026, 11, 21)
