"""Income statement and balance sheet: worked examples, and what must always hold."""

from __future__ import annotations

import datetime as dt
import io
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount.scripts import example
from beanquery import query as bean_query
from hypothesis import given, settings
from hypothesis import strategies as st
from statement_books import Asker, shown
from stories import Tell

from ledgercli.cli import main
from ledgercli.model.general_ledger import AccountKind, BookPosting, BookTransaction, GeneralLedger
from ledgercli.model.statement_settings import YearStart
from ledgercli.model.values import Money
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.statements.balance_sheet import balance_sheet, balances_out
from ledgercli.receivables.statements.income import compared_with

LEDGER = """
2025-03-01 * "Founded"
  Assets:Bank  1000 EUR
  Equity:Capital
2025-06-01 * "Goods" ^INV-1
  Assets:Receivable:C1  400 EUR
  Income:Sales:Tea
2026-01-31 * "Goods" ^INV-2
  Assets:Receivable:C1  300 EUR
  Income:Sales:Tea  -200 EUR
  Income:Sales:Coffee  -100 EUR
2026-02-01 * "Rent"
  Expenses:Rent  120 EUR
  Assets:Bank
2026-02-28 * "Sale in dollars" ^INV-3
  Assets:Receivable:C1  100 USD @ 0.90 EUR
  Income:Sales:Export
2026-03-01 * "Loan"
  Assets:Bank  500 EUR
  Liabilities:Loan
2026-03-31 price USD  0.80 EUR
"""


@pytest.fixture
def ask(tell: Tell, capsys: pytest.CaptureFixture[str]) -> Asker:
    """Return what asks the books of this page."""
    return Asker(tell(LEDGER).root, capsys)


def test_income_statement_of_a_quarter(ask: Asker) -> None:
    found = ask("income", "--from", "2026-01-01", "--to", "2026-03-31", "--compare", "none")
    assert shown(found, "amount") == [
        "EUR income 390.00",
        "EUR · Sales 390.00",
        "EUR · · Coffee 100.00",
        "EUR · · Export 90.00",
        "EUR · · Tea 200.00",
        "EUR expenses 120.00",
        "EUR · Rent 120.00",
        "EUR result 270.00",
    ]
    assert found["months"] == [
        {"currency": "EUR", "month": month, "income": income, "expenses": spent, "result": result}
        for month, income, spent, result in (
            ("2026-01", "300.00", "0.00", "300.00"),
            ("2026-02", "90.00", "120.00", "-30.00"),
            ("2026-03", "0.00", "0.00", "0.00"),
        )
    ]
    assert (found["schema"], found["as_of"]) == ("ledgercli/income/1", "2026-03-31")


def test_the_day_before_and_the_day_of_a_sale(ask: Asker) -> None:
    before = ask("income", "--to", "2026-01-30", "--compare", "none")
    assert before["rows"] == []
    on_it = ask("income", "--from", "2026-01-31", "--to", "2026-01-31", "--depth", "0")
    assert shown(on_it, "amount", "compared") == [
        "EUR income 300.00 0.00",
        "EUR expenses 0.00 0.00",
        "EUR result 300.00 0.00",
    ]
    after = ask("income", "--from", "2026-02-01", "--to", "2026-02-28", "--depth", "0")
    assert shown(after, "amount")[0] == "EUR income 90.00"


def test_income_compared_with_the_period_before(ask: Asker) -> None:
    words = ("--from", "2026-02-01", "--to", "2026-02-28", "--compare", "period", "--depth", "0")
    found = ask("income", *words)
    assert (found["compared_from"], found["compared_to"]) == ("2026-01-01", "2026-01-31")
    assert shown(found, "amount", "compared", "change", "change_percent") == [
        "EUR income 90.00 300.00 -210.00 -70",
        "EUR expenses 120.00 0.00 120.00 None",
        "EUR result -30.00 300.00 -330.00 -110",
    ]


def test_balance_sheet_in_full(ask: Asker) -> None:
    found = ask("balance-sheet", "--as-of", "2026-03-31", "--convert", "EUR", "--compare", "period")
    assert found["tie_out"] is True
    assert found["compared_to"] == "2025-12-31"
    assert shown(found, "amount", "compared", "converted", "rate") == [
        "EUR assets 2080.00 1400.00 2080.00 1",
        "EUR · Bank 1380.00 1000.00 1380.00 1",
        "EUR · Receivable 700.00 400.00 700.00 1",
        "EUR liabilities 500.00 0.00 500.00 1",
        "EUR · Loan 500.00 0.00 500.00 1",
        "EUR equity 1580.00 1400.00 1580.00 1",
        "EUR · Capital 1000.00 1000.00 1000.00 1",
        "EUR · retained-earnings 400.00 0.00 400.00 1",
        "EUR · current-result 270.00 400.00 270.00 1",
        # 100 USD were worth 90 EUR when they were earned, and are worth 80 now: 10 lost.
        "EUR · conversions -90.00 0.00 -90.00 1",
        "EUR liabilities-and-equity 2080.00 1400.00 2080.00 1",
        "USD assets 100.00 0.00 80.00 0.8",
        "USD · Receivable 100.00 0.00 80.00 0.8",
        "USD liabilities 0.00 0.00 0.00 0.8",
        "USD equity 100.00 0.00 80.00 0.8",
        "USD · conversions 100.00 0.00 80.00 0.8",
        "USD liabilities-and-equity 100.00 0.00 80.00 0.8",
    ]
    assert found["converted_total"] == "2160.00"


def test_without_a_price_the_converted_figure_is_unknown(ask: Asker) -> None:
    found = ask("balance-sheet", "--as-of", "2026-03-30", "--convert", "EUR", "--currency", "USD")
    assert {row["converted"] for row in found["rows"]} == {None}
    assert found["converted_total"] is None


def test_a_currency_that_no_account_holds(ask: Asker, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ask.books, "balance-sheet", "--as-of", "2026-03-31", "--currency", "GBP"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Nothing on any account.")
    assert printed.err == "warning: no account holds `GBP`\n"


def test_closing_entries_are_no_income(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    """
    2025-06-01 * "Goods"
      Assets:Bank  400 EUR
      Income:Sales
    2025-12-31 * "Carried over" #closing
      Income:Sales  400 EUR
      Equity:Profit
    2026-06-01 * "Goods"
      Assets:Bank  50 EUR
      Income:Sales
    """
    ask = Asker(tell().root, capsys)
    year = ask("income", "--to", "2025-12-31", "--depth", "0", "--compare", "none")
    assert shown(year, "amount")[-1] == "EUR result 400.00"
    sheet = ask("balance-sheet", "--as-of", "2025-12-31", "--compare", "none")
    assert shown(sheet, "amount")[3:] == [
        "EUR equity 400.00",
        "EUR · Profit 400.00",
        "EUR liabilities-and-equity 400.00",
    ]
    later = ask("balance-sheet", "--as-of", "2026-06-01", "--compare", "none")
    assert shown(later, "amount")[3:6] == [
        "EUR equity 450.00",
        "EUR · Profit 400.00",
        "EUR · current-result 50.00",
    ]


def test_a_financial_year_that_begins_in_april(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    2026-03-31 * "Goods"
      Assets:Bank  1 EUR
      Income:Sales
    2026-04-01 * "Goods"
      Assets:Bank  2 EUR
      Income:Sales
    """
    ask = Asker(tell(settings='statements: {year_begins: "04-01"}').root, capsys)
    for as_of, first, result in (
        ("2026-03-31", "2025-04-01", "1.00"),
        ("2026-04-01", "2026-04-01", "2.00"),
    ):
        found = ask("income", "--as-of", as_of, "--depth", "0", "--compare", "none")
        assert (found["from"], shown(found, "amount")[-1]) == (first, f"EUR result {result}")


@pytest.mark.parametrize("text", ["02-29", "13-01", "4", "--", "0401"])
def test_a_day_that_not_every_year_has(text: str) -> None:
    with pytest.raises(ValueError, match="is not a day of every year"):
        YearStart.parse(text)


def test_a_period_that_ends_before_it_begins(ask: Asker) -> None:
    said = ask.refused("income", "--from", "2026-02-01", "--to", "2026-01-31")
    assert "after its last day, 2026-01-31" in said


@pytest.mark.parametrize(
    ("first", "last", "how", "before"),
    [
        ("2026-01-01", "2026-03-31", "period", "2025-10-01 2025-12-31"),
        ("2026-02-01", "2026-02-28", "year", "2025-02-01 2025-02-28"),
        ("2025-02-01", "2025-02-28", "year", "2024-02-01 2024-02-29"),
        ("2026-02-10", "2026-02-19", "period", "2026-01-31 2026-02-09"),
        ("0001-01-01", "0001-12-31", "year", ""),
        ("0001-01-05", "0001-01-31", "period", ""),
    ],
)
def test_what_a_period_is_compared_with(first: str, last: str, how: str, before: str) -> None:
    found = compared_with(Period(*map(dt.date.fromisoformat, (first, last))), how)
    assert (f"{found.start} {found.end}" if found else "") == before


def test_the_table_on_a_terminal(ask: Asker) -> None:
    assert ask.table("income", "--to", "2026-03-31", "--depth", "1")[:7] == [
        "cur.  account   amount  year before  increase  increase %",
        "─────────────────────────────────────────────────────────",
        "EUR   Income    390.00            –    390.00",
        "EUR     Sales   390.00            –    390.00",
        "EUR   Expenses  120.00            –    120.00",
        "EUR     Rent    120.00            –    120.00",
        "EUR   Result    270.00            –    270.00",
    ]


@pytest.fixture(scope="module")
def example_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write Beancount's own example ledger, of half a year."""
    random.seed(20261121)
    text = io.StringIO()
    days = (dt.date(1980, 5, 12), dt.date(2025, 1, 1), dt.date(2025, 5, 31))
    write: Any = example.write_example_file
    write(*days, reformat=False, file=text)
    path = tmp_path_factory.mktemp("example") / "example.beancount"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def test_beancounts_example_as_bean_query_sums_it(
    example_ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from ledgercli.books.ledger import load_entries

    entries, _, options = load_entries(example_ledger, example_ledger.parent)
    ask = Asker(example_ledger, capsys)
    period = ("--to", "2025-05-31", "--compare", "none", "--depth", "20")
    sheet = ask("balance-sheet", "--as-of", "2025-05-31", "--compare", "none", "--depth", "20")
    assert sheet["tie_out"] is True
    told = {
        (row["account"], row["currency"]): Decimal(row["amount"])
        for row in (*ask("income", *period)["rows"], *sheet["rows"])
        if row["account"]
    }
    where = "date <= 2025-05-31"
    words = f"SELECT account, cost(sum(position)) WHERE {where} GROUP BY account"
    _, rows = bean_query.run_query(entries, options, words)
    checked = 0
    for account, inventory in rows:
        sign = -1 if account.split(":")[0] in {"Income", "Liabilities", "Equity"} else 1
        for position in inventory:
            amount = sign * position.units.number
            assert told[account, position.units.currency] == round(amount, 2)
            checked += 1
    assert checked > 20


_ACCOUNTS: tuple[tuple[str, AccountKind], ...] = (
    ("Assets:Bank", "asset"),
    ("Assets:Receivable:C1", "asset"),
    ("Liabilities:Loan", "liability"),
    ("Equity:Capital", "equity"),
    ("Income:Sales", "income"),
    ("Expenses:Rent", "expense"),
)
_FIRST = dt.date(2025, 11, 1)


@st.composite
def ledgers(draw: st.DrawFn) -> GeneralLedger:
    """Return transactions of two postings in one or two currencies, as the books would have them."""
    postings: list[BookPosting] = []
    for number in range(draw(st.integers(1, 8))):
        day = _FIRST + dt.timedelta(days=draw(st.integers(0, 120)))
        tags = frozenset(draw(st.sampled_from([(), (), ("closing",)])))
        head = BookTransaction(number, day, "*", "", "", tags, frozenset(), None, "f", number)
        cents = draw(st.integers(-500, 500).filter(bool))
        weight = Money(Decimal(cents) / 100, "EUR")
        first, second = (draw(st.sampled_from(_ACCOUNTS)) for _ in range(2))
        booked = weight
        if draw(st.booleans()) and first[1] not in {"income", "expense"}:
            booked = Money(weight.amount / draw(st.sampled_from([2, 3, 7])), "USD")
        postings += [
            BookPosting(
                head,
                *first,
                booked.amount,
                booked.currency,
                weight=None if booked is weight else weight,
            ),
            BookPosting(head, *second, -weight.amount, "EUR"),
        ]
    return GeneralLedger(tuple(postings), dict(_ACCOUNTS))


@given(ledgers(), st.lists(st.integers(-1, 125), min_size=1, max_size=2))
@settings(max_examples=25)
def test_every_balance_sheet_balances(ledger: GeneralLedger, offsets: list[int]) -> None:
    days = [_FIRST + dt.timedelta(days=offset) for offset in offsets]
    lines = list(balance_sheet(ledger, days, YearStart(), depth=2))
    assert balances_out(lines)
    # And it is the ledger's own sum, on each side by itself.
    for column, day in enumerate(days):
        for currency in ("EUR", "USD"):
            assets = sum(
                (
                    row.amount
                    for row in ledger.postings
                    if row.kind == "asset" and row.currency == currency and row.date <= day
                ),
                Decimal(0),
            )
            shown_assets = [
                line.amounts[column]
                for line in lines
                if (line.currency, line.line, line.account) == (currency, "assets", "")
            ]
            assert sum(shown_assets, Decimal(0)) == assets
