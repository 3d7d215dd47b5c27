"""Cash flow and ratios: worked examples, and that the flows are always the change in cash."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statement_books import Asker, shown
from stories import Tell

from ledgercli.model.general_ledger import AccountKind, BookPosting, BookTransaction, GeneralLedger
from ledgercli.model.settings import Settings
from ledgercli.model.values import Money
from ledgercli.receivables.metrics.periods import Period
from ledgercli.receivables.statements.cash_flow import cash_flows
from ledgercli.receivables.statements.classes import Classes

LEDGER = """
2025-12-31 * "Founded"
  Assets:Bank:Euro  1000 EUR
  Equity:Capital
2026-01-05 * "Rent, with tax"
  Expenses:Rent  100 EUR
  Liabilities:VAT:Input  19 EUR
  Assets:Bank:Euro
2026-01-10 * "Goods" ^INV-1
  Assets:Receivable:C1  238 EUR
  Income:Sales  -200 EUR
  Liabilities:VAT:Output  -38 EUR
2026-01-10 * "Cost of them"
  Expenses:COGS  80 EUR
  Assets:Inventory  -80 EUR
2026-01-20 * "Pays" ^INV-1
  Assets:Bank:Euro  138 EUR
  Assets:Receivable:C1
2026-01-21 * "Van, half of it borrowed"
  Assets:Vehicles:Van  400 EUR
  Assets:Bank:Euro  -200 EUR
  Liabilities:Loan:Bank  -200 EUR
2026-01-22 * "Exchanged, with a fee"
  Assets:Bank:Dollar  100 USD @ 0.90 EUR
  Expenses:Bank  1 EUR
  Assets:Bank:Euro  -91 EUR
2026-01-23 * "Paid in dollars"
  Expenses:Rent  18 EUR
  Liabilities:VAT:Input  9 EUR
  Assets:Bank:Dollar  -30 USD @ 0.90 EUR
2026-01-24 * "From one bank to the other"
  Assets:Bank:Other  50 EUR
  Assets:Bank:Euro
2026-01-25 * "Puzzling"
  Assets:Deposits  5 EUR
  Assets:Cash
2026-02-01 * "Later"
  Expenses:Rent  1 EUR
  Assets:Bank:Euro
"""


@pytest.fixture
def ask(tell: Tell, capsys: pytest.CaptureFixture[str]) -> Asker:
    """Return what asks the books of this page."""
    return Asker(tell(LEDGER).root, capsys)


def test_cash_flow_of_a_month_in_full(ask: Asker) -> None:
    words = ("--from", "2026-01-01", "--to", "2026-01-31", "--compare", "none")
    found = ask("cash-flow", *words)
    assert found["tie_out"] is True
    assert found["cash"] == [
        "Assets:Bank:Dollar", "Assets:Bank:Euro", "Assets:Bank:Other", "Assets:Cash",
    ]  # fmt: skip
    assert shown(found, "amount") == [
        "EUR opening-cash 1000.00",
        "EUR operating 18.00",
        "EUR · assets 138.00",
        "EUR · · Receivable 138.00",
        "EUR · expenses -101.00",
        "EUR · · Bank -1.00",
        "EUR · · Rent -100.00",
        "EUR · liabilities -19.00",
        "EUR · · VAT -19.00",
        # Investing is what the van cost, financing what was borrowed for it.
        "EUR investing -400.00",
        "EUR · assets -400.00",
        "EUR · · Vehicles -400.00",
        "EUR financing 200.00",
        "EUR · liabilities 200.00",
        "EUR · · Loan 200.00",
        "EUR unclassified -5.00",
        "EUR · assets -5.00",
        "EUR · · Deposits -5.00",
        "EUR exchanged -90.00",
        "EUR change-in-cash -277.00",
        "EUR closing-cash 723.00",
        "USD opening-cash 0.00",
        # 30 USD for what weighs 18 and 9 EUR.
        "USD operating -30.00",
        "USD · expenses -20.00",
        "USD · · Rent -20.00",
        "USD · liabilities -10.00",
        "USD · · VAT -10.00",
        "USD investing 0.00",
        "USD financing 0.00",
        "USD exchanged 100.00",
        "USD change-in-cash 70.00",
        "USD closing-cash 70.00",
    ]


def test_the_settings_say_what_an_account_is(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    own = "{cash: [Assets:Bank:Euro], current_assets: [Assets:Bank, Assets:Cash, Assets:Deposits]}"
    ask = Asker(tell(LEDGER, settings=f"statements: {own}").root, capsys)
    found = ask("cash-flow", "--to", "2026-01-31", "--compare", "none", "--depth", "2")
    lines = shown(found, "amount")
    # Money to another bank that is no cash is a flow now, and what cash was not in is none.
    assert "EUR · · Bank -140.00" in lines
    assert not [line for line in lines if "unclassified" in line or line.startswith("USD")]
    assert lines[-1] == "EUR closing-cash 678.00"


def test_what_is_listed_as_financing_comes_beside_loans(
    tell: Tell, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = Asker(tell(LEDGER, settings="statements: {financing: [Liabilities:VAT]}").root, capsys)
    found = ask("cash-flow", "--to", "2026-01-31", "--compare", "none", "--currency", "EUR")
    lines = shown(found, "amount")
    start = lines.index("EUR financing 181.00")
    assert lines[start + 2 : start + 4] == ["EUR · · Loan 200.00", "EUR · · VAT -19.00"]


def test_a_ledger_without_cash(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    """
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    """
    said = Asker(tell().root, capsys).table("cash-flow", "--to", "2026-01-31")
    assert said[0] == "No cash on any account."
    assert "No account is known as cash; name yours as `statements.cash`." in said


def _values(found: dict[str, object]) -> list[str]:
    rows = found["rows"]
    assert isinstance(rows, list)
    return [f"{row['ratio']} {row['value'] or row['lack']}" for row in rows]


def test_ratios_of_a_month(tell: Tell, capsys: pytest.CaptureFixture[str]) -> None:
    own = "{current_assets: [Assets:Deposits], long_term_liabilities: [Liabilities:Loan]}"
    ask = Asker(tell(LEDGER, settings=f"statements: {own}").root, capsys)
    found = ask(
        "ratios", "--from", "2026-01-01", "--to", "2026-01-31", "--compare", "none",
        "--currency", "EUR",
    )  # fmt: skip
    assert _values(found) == [
        "gross-margin 60",  # (200 - 80) / 200
        "net-margin 0.5",  # 200 - 80 - 118 - 1
        # 723 cash + 100 receivable - 80 inventory + 5 deposited; VAT 38 - 28
        "current-ratio 74.8",
        "quick-ratio 82.8",
        "debt-ratio 18.29",  # 210 / (748 + 400)
        "equity-ratio 81.71",
        "receivables-turnover 4",  # 200 / ((0 + 100) / 2)
        "receivables-days 7.75",  # 50 / 200 x 31
    ]
    assert [row["unit"] for row in found["rows"]][-2:] == ["times", "days"]


@pytest.mark.parametrize(
    ("paid", "turnover", "days"),
    [
        ("99.98", "10000", "0"),  # 0.01 on average of the two days
        ("100.00", "not-positive", "0"),
        ("100.02", "not-positive", "paid-ahead"),
    ],
)
def test_nobody_waits_less_than_no_day(
    tell: Tell, capsys: pytest.CaptureFixture[str], paid: str, turnover: str, days: str
) -> None:
    ledger = f"""
    2026-01-10 * "Goods" ^INV-1
      Assets:Receivable:C1  100 EUR
      Income:Sales
    2026-01-20 * "Paid" ^INV-1
      Assets:Bank  {paid} EUR
      Assets:Receivable:C1
    """
    ask = Asker(tell(ledger).root, capsys)
    found = ask("ratios", "--from", "2026-01-01", "--to", "2026-01-31", "--compare", "none")
    assert _values(found)[-2:] == [f"receivables-turnover {turnover}", f"receivables-days {days}"]
    assert ask.table("ratios", "--to", "2026-01-31")


def test_what_is_not_known_is_not_invented(ask: Asker) -> None:
    found = ask("ratios", "--to", "2026-01-31", "--compare", "none", "--currency", "EUR")
    assert "current-ratio unclassified" in _values(found)
    lacking = next(row["accounts"] for row in found["rows"] if row["accounts"])
    assert lacking == ["Assets:Deposits", "Liabilities:Loan:Bank"]
    # And in one currency there is no ratio without a price.
    found = ask("ratios", "--to", "2026-01-31", "--compare", "none", "--convert", "EUR")
    assert "debt-ratio no-price" in _values(found)


_ACCOUNTS: tuple[tuple[str, AccountKind], ...] = (
    ("Assets:Bank:A", "asset"),
    ("Assets:Bank:B", "asset"),
    ("Assets:Van", "asset"),
    ("Liabilities:Loan", "liability"),
    ("Equity:Capital", "equity"),
    ("Income:Sales", "income"),
    ("Expenses:Rent", "expense"),
)
_FIRST = dt.date(2026, 1, 1)


@st.composite
def ledgers(draw: st.DrawFn) -> GeneralLedger:
    """Return transactions of up to four postings, each in one of two currencies."""
    postings: list[BookPosting] = []
    for number in range(draw(st.integers(1, 6))):
        day = _FIRST + dt.timedelta(days=draw(st.integers(0, 60)))
        head = BookTransaction(
            number, day, "*", "", "", frozenset(), frozenset(), None, "f", number
        )
        cents = draw(st.lists(st.integers(-500, 500).filter(bool), min_size=1, max_size=3))
        # Sometimes a cent is missing, as tolerances allow.
        rest = -sum(cents) + draw(st.sampled_from([0, 0, 0, 1]))
        for one in (*cents, *([rest] if rest else [])):
            account, kind = draw(st.sampled_from(_ACCOUNTS))
            weight = Money(Decimal(one) / 100, "EUR")
            if kind == "asset" and draw(st.booleans()):
                amount = weight.amount / draw(st.sampled_from([2, 3]))
                postings.append(BookPosting(head, account, kind, amount, "USD", weight=weight))
            else:
                postings.append(BookPosting(head, account, kind, weight.amount, "EUR"))
    return GeneralLedger(tuple(postings), dict(_ACCOUNTS))


@given(ledgers(), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=20)
def test_the_flows_are_always_the_change_in_cash(
    ledger: GeneralLedger, first: int, length: int
) -> None:
    start = _FIRST + dt.timedelta(days=first)
    period = Period(start, start + dt.timedelta(days=length))
    (found,) = cash_flows(ledger, Classes(ledger, Settings()), [period])
    assert found.ties()
    change: dict[str, Decimal] = {}
    for row in ledger.postings:
        if row.account.startswith("Assets:Bank") and period.start <= row.date <= period.end:
            change[row.currency] = change.get(row.currency, Decimal(0)) + row.amount
    for currency, amount in change.items():
        own = found.closing.get(currency, Decimal(0)) - found.opening.get(currency, Decimal(0))
        assert abs(own - amount) < Decimal("1e-20")
