"""Budget against actual, as Fava has it, and the tax summary."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statement_books import Asker
from stories import Tell

from ledgercli.model.general_ledger import Budget, BudgetInterval
from ledgercli.receivables.metrics.periods import Period, parts_of
from ledgercli.receivables.statements.budget import amount_in

BUDGETS = """
2026-01-01 custom "budget" Expenses:Food "monthly" 310 EUR
2026-01-01 custom "budget" Expenses:Food:Coffee "daily" 1 EUR
2026-02-11 custom "budget" Expenses:Food "weekly" 70 EUR
2026-01-01 custom "budget" Income:Sales "yearly" -3650 EUR
2026-03-01 custom "budget" Expenses:Later "monthly" 5 EUR
2026-01-01 custom "budget" Expenses:Foodless "monthly" 9 USD
2026-01-05 * "Groceries"
  Expenses:Food:Groceries  300 EUR
  Assets:Bank
2026-01-31 * "Coffee"
  Expenses:Food:Coffee  41 EUR
  Assets:Bank
2026-02-01 * "Goods"
  Assets:Bank  500 EUR
  Income:Sales
"""


def _rows(found: dict[str, object], *keys: str) -> list[str]:
    rows = found["rows"]
    assert isinstance(rows, list)
    return [" ".join(str(row[key]) for key in keys) for row in rows]


def test_budget_of_a_month(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    ask = Asker(tell(BUDGETS).root, capsys)
    found = ask("budget", "--from", "2026-01-01", "--to", "2026-01-31")
    keys = ("account", "currency", "actual", "budget", "difference", "used")
    assert _rows(found, *keys) == [
        # With what is below it: 310 + 31 days of coffee.
        "Expenses:Food EUR 341.00 341.00 0.00 100",
        "Expenses:Food:Coffee EUR 41.00 31.00 10.00 132.3",
        "Income:Sales EUR 0.00 310.00 -310.00 0",
        "Expenses:Foodless USD 0.00 9.00 -9.00 0",
    ]


def test_budget_by_month_with_a_new_one_in_between(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = Asker(tell(BUDGETS).root, capsys)
    found = ask("budget", "--to", "2026-03-31", "--by", "month", "--currency", "EUR")
    assert [row for row in _rows(found, "account", "period", "budget") if "Coffee" not in row] == [
        "Expenses:Food 2026-01 341.00",
        # Ten days at 310 ÷ 28, eighteen at 70 ÷ 7, and 28 of coffee.
        "Expenses:Food 2026-02 318.71",
        "Expenses:Food 2026-03 341.00",
        "Expenses:Later 2026-03 5.00",
        "Income:Sales 2026-01 310.00",
        "Income:Sales 2026-02 280.00",
        "Income:Sales 2026-03 310.00",
    ]


def test_a_budget_in_the_wrong_sign_is_told(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    """
    2026-01-01 custom "budget" Income:Sales "monthly" 100 EUR
    """
    said = Asker(tell().root, capsys).table("budget", "--to", "2026-01-31")
    assert any("Below zero: the budget of Income:Sales." in line for line in said)


_STEPS: dict[BudgetInterval, int] = {"day": 1, "week": 7, "fortnight": 14}


def _as_fava(budgets: list[Budget], period: Period) -> Decimal:
    """Return the budget as Fava adds it up: day by day, the last that has begun."""
    total = Decimal(0)
    day = period.start
    while day <= period.end:
        started = [one for one in budgets if one.date <= day]
        if started:
            one = started[-1]
            length = {"month": 1, "quarter": 3, "year": 12}.get(one.interval, 0)
            whole = _STEPS.get(one.interval, 0)
            if length:
                first = day.replace(day=1, month=(day.month - 1) // length * length + 1)
                month = first.month + length
                after = dt.date(first.year + (month > 12), (month - 1) % 12 + 1, 1)
                whole = (after - first).days
            total += one.amount / whole
        day += dt.timedelta(days=1)
    return total


@given(
    st.lists(
        st.tuples(
            st.integers(0, 500),
            st.sampled_from(["day", "week", "fortnight", "month", "quarter", "year"]),
            st.integers(-100, 100),
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one[0],
    ),
    st.integers(0, 400),
    st.integers(0, 200),
)
@settings(max_examples=15)
def test_budgets_are_what_fava_adds_up(
    drawn: list[tuple[int, BudgetInterval, int]], first: int, length: int
) -> None:
    start = dt.date(2023, 11, 15)
    budgets = [
        Budget("A", start + dt.timedelta(days=offset), interval, Decimal(amount), "EUR")
        for offset, interval, amount in sorted(drawn)
    ]
    begins = start + dt.timedelta(days=first)
    period = Period(begins, begins + dt.timedelta(days=length))
    found = amount_in(budgets, period)
    assert abs(found - _as_fava(budgets, period)) < Decimal("1e-18")
    # Told month by month it is the same.
    parts = sum((amount_in(budgets, part) for part in parts_of(period, "month")), Decimal(0))
    assert abs(found - parts) < Decimal("1e-18")


TAXES = """
2025-12-20 * "Sale" ^INV-1
  Assets:Receivable:C1  119 EUR
  Income:Sales  -100 EUR
  Liabilities:VAT:Output  -19 EUR
2026-01-10 * "Sale" ^INV-2
  Assets:Receivable:C1  238 EUR
  Income:Sales  -200 EUR
  Liabilities:VAT:Output  -38 EUR
2026-01-20 * "Credit note" ^CN-1 ^INV-2
  Income:Sales  50 EUR
  Liabilities:VAT:Output  9.50 EUR
  Assets:Receivable:C1
2026-01-25 * "Goods"
  Expenses:Goods  100 EUR
  Liabilities:VAT:Input  19 EUR
  Liabilities:Payable
2026-02-10 * "Tax office, for January"
  Liabilities:VAT:Output  38 EUR
  Liabilities:VAT:Input  -19 EUR
  Assets:Bank
2026-02-20 * "Sale with two rates" ^INV-3
  Assets:Receivable:C1  226 EUR
  Income:Sales  -200 EUR
  Liabilities:VAT:Output  -19 EUR
  Liabilities:VAT:Reduced  -7 EUR
2026-02-28 * "Carried"
  Liabilities:VAT:Reduced  7 EUR
  Liabilities:VAT:Output
"""


def test_taxes_in_full(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    ask = Asker(tell(TAXES).root, capsys)
    found = ask("taxes", "--from", "2026-01-01", "--to", "2026-02-28")
    keys = ("account", "opening", "charged", "deducted", "paid", "carried", "closing")
    assert _rows(found, *keys) == [
        "Liabilities:VAT:Input 0.00 0.00 19.00 -19.00 0.00 0.00",
        "Liabilities:VAT:Output 19.00 57.00 9.50 38.00 7.00 35.50",
        "Liabilities:VAT:Reduced 0.00 7.00 0.00 0.00 -7.00 0.00",
    ]
    # Two rates in one sale: nobody can say which part of it bore which.
    assert _rows(found, "charged_base", "deducted_base") == [
        "0.00 100.00",
        "None 50.00",
        "None 0.00",
    ]
    assert found["tie_out"] is True
    (total,) = found["totals"]
    assert (total["opening"], total["paid"], total["closing"]) == ("19.00", "19.00", "35.50")


def test_taxes_by_month(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    ask = Asker(tell(TAXES).root, capsys)
    found = ask("taxes", "--from", "2026-01-01", "--to", "2026-02-28", "--by", "month")
    assert _rows(found, "name", "period", "opening", "closing", "charged_base") == [
        "VAT:Input 2026-01 0.00 -19.00 0.00",
        "VAT:Input 2026-02 -19.00 0.00 0.00",
        "VAT:Output 2026-01 19.00 47.50 200.00",
        "VAT:Output 2026-02 47.50 35.50 None",
        "VAT:Reduced 2026-02 0.00 0.00 None",
    ]
    # The day before the first sale of the year there is what was there before.
    early = ask("taxes", "--from", "2026-01-01", "--to", "2026-01-09")
    assert _rows(early, "name", "closing") == ["VAT:Output 19.00"]


def test_tax_accounts_of_the_settings(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    ask = Asker(tell(TAXES, settings="receivables: {tax: [Liabilities:VAT:Input]}").root, capsys)
    found = ask("taxes", "--from", "2026-01-01", "--to", "2026-01-31")
    assert found["accounts"] == ["Liabilities:VAT:Input"]
