"""What the view of a ledger holds. Docstrings of tests are the ledgers under test."""

from __future__ import annotations

import datetime as dt
import gc
import inspect
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ledgercli.books.ledger import LedgerNotFoundError, LedgerNotReadableError, read_ledger
from ledgercli.model.ledger import LedgerView
from ledgercli.model.receivables_settings import ReceivablesSettings

Load = Callable[..., LedgerView]


@pytest.fixture
def load(request: pytest.FixtureRequest, tmp_path: Path) -> Load:
    text = inspect.cleandoc(request.function.__doc__ or "") + "\n"

    def load_text(**settings: tuple[str, ...]) -> LedgerView:
        path = tmp_path / "main.beancount"
        path.write_text(text, encoding="utf-8")
        return read_ledger(path, tmp_path, ReceivablesSettings(**settings)).view()  # type: ignore[arg-type]

    return load_text


def codes_of(view: LedgerView) -> list[tuple[str, int]]:
    return [(finding.code, finding.place.line) for finding in view.findings]


def test_a_posting_carries_its_transaction(load: Load) -> None:
    """
    option "title" "Shop"
    option "operating_currency" "EUR"
    2026-01-01 open Assets:Receivable:Acme
      customer: "C001"
    2026-01-01 open Income:Sales
    2026-02-03 ! "Acme GmbH" "Goods" ^INV-1 #urgent
      invoice: "INV-1"
      due: 2026-03-05
      other: "not ours"
      Assets:Receivable:Acme  119.00 EUR
        terms: "net 30"
      Income:Sales
    """
    view = load()
    assert codes_of(view) == []
    (posting,) = view.receivables
    transaction = posting.transaction
    assert (posting.account, posting.amount, posting.currency) == (
        "Assets:Receivable:Acme",
        Decimal("119.00"),
        "EUR",
    )
    assert posting.metadata == {"terms": "net 30"}
    assert (posting.file, posting.line) == ("main.beancount", 10)
    assert transaction.metadata == {"invoice": "INV-1", "due": "2026-03-05"}
    assert (transaction.date, transaction.flag) == (dt.date(2026, 2, 3), "!")
    assert (transaction.payee, transaction.narration) == ("Acme GmbH", "Goods")
    assert transaction.links == {"INV-1"}
    assert transaction.tags == {"urgent"}
    assert transaction.accounts == ("Assets:Receivable:Acme", "Income:Sales")
    assert not transaction.only_receivables
    assert transaction.line == 6
    opened = view.opens["Assets:Receivable:Acme"]
    assert (opened.date, opened.customer, opened.line) == (dt.date(2026, 1, 1), "C001", 3)
    assert (view.title, view.operating_currencies) == ("Shop", ("EUR",))
    assert view.last_day == dt.date(2026, 2, 3)
    assert [Path(name).name for name in view.files] == ["main.beancount"]


def test_default_accounts_are_whole_components_under_the_assets_root(load: Load) -> None:
    """
    option "name_assets" "Activa"
    option "name_liabilities" "Passiva"
    2026-01-01 open Activa:Receivable
    2026-01-01 open Activa:Receivables:Acme:Eu
    2026-01-01 open Activa:AccountsReceivable
    2026-01-01 open Activa:1122应收账款:华联
    2026-01-01 open Activa:ReceivableX
    2026-01-01 open Activa:Current:Receivable
    2026-01-01 open Activa:112应收账款
    2026-01-01 open Income:Receivable
    2026-01-01 open Passiva:CustomerDeposits:Acme
    2026-01-01 open Passiva:2203预收账款
    2026-01-01 open Passiva:CustomerDepositsX
    """
    view = load()
    assert codes_of(view) == []
    assert sorted(view.opens) == [
        "Activa:1122应收账款:华联",
        "Activa:AccountsReceivable",
        "Activa:Receivable",
        "Activa:Receivables:Acme:Eu",
        "Passiva:2203预收账款",
        "Passiva:CustomerDeposits:Acme",
    ]
    assert view.roots == (
        "Activa:1122应收账款",
        "Activa:AccountsReceivable",
        "Activa:Receivable",
        "Activa:Receivables",
    )


def test_accounts_of_the_settings_take_the_place_of_the_defaults(load: Load) -> None:
    """
    2026-01-01 open Assets:Receivable
    2026-01-01 open Assets:Debtors:Acme
    2026-01-01 open Assets:DebtorsX
    2026-01-01 open Liabilities:Prepaid:Acme
    2026-01-01 open Liabilities:CustomerDeposits
    2026-01-02 * "Acme" "Deposit"
      Assets:Debtors:Acme        5 EUR
      Liabilities:Prepaid:Acme  -5 EUR
    """
    view = load(accounts=("Assets:Debtors",), deposits=("Liabilities:Prepaid",))
    assert sorted(view.opens) == ["Assets:Debtors:Acme", "Liabilities:Prepaid:Acme"]
    assert view.roots == ("Assets:Debtors",)
    assert [posting.amount for posting in view.receivables] == [5]
    assert [posting.amount for posting in view.deposits] == [-5]
    assert view.receivables[0].transaction is view.deposits[0].transaction


def test_zero_amounts_are_left_out_and_costs_count_by_units(load: Load) -> None:
    """
    2026-01-01 open Assets:Receivable
    2026-01-01 open Income:Sales
    2026-01-02 * "Zero and cost"
      Assets:Receivable   0 EUR
      Assets:Receivable  10 USD {0.90 EUR}
      Income:Sales       -9 EUR
    """
    view = load()
    assert [(p.amount, p.currency, p.line) for p in view.receivables] == [(Decimal(10), "USD", 5)]


def test_only_receivables_and_pads(load: Load) -> None:
    """
    2026-01-01 open Assets:Receivable:A
    2026-01-01 open Assets:Receivable:B
    2026-01-01 open Equity:Opening
    2026-01-02 pad Assets:Receivable:A Equity:Opening
    2026-01-03 balance Assets:Receivable:A  7 EUR
    2026-01-04 * "A pays for B"
      Assets:Receivable:A  -2 EUR
      Assets:Receivable:B   2 EUR
    """
    pad, *others = load().receivables
    assert (pad.amount, pad.transaction.is_pad, pad.line) == (Decimal(7), True, 4)
    assert not pad.transaction.only_receivables
    assert [posting.transaction.only_receivables for posting in others] == [True, True]


def test_metadata_that_is_no_text_is_a_finding_and_left_out(load: Load) -> None:
    """
    2026-01-01 open Assets:Receivable
      customer: 17
    2026-01-01 open Income:Sales
    2026-01-02 * "Arithmetic"
      invoice: 2025-17
      customer: Assets:Receivable
      terms: TRUE
      due: "2026-02-30"
      invoice-date: "2026-1-5"
      Assets:Receivable  1 EUR
        invoice: 2026-01-05
        due: 20260105
        credit-note: 5 EUR
        customer:
        terms: "  "
      Income:Sales
    """
    view = load()
    assert [(f.code, f.values["key"], f.values["value"], f.place.line) for f in view.findings] == [
        ("metadata-not-text", "customer", "17", 1),
        ("metadata-not-text", "invoice", "2008", 4),
        ("metadata-not-text", "terms", "True", 4),
        ("bad-date", "due", "2026-02-30", 4),
        ("metadata-not-text", "invoice", "2026-01-05", 10),
        ("bad-date", "due", "20260105", 10),
        ("metadata-not-text", "credit-note", "5 EUR", 10),
    ]
    (posting,) = view.receivables
    assert posting.metadata == {}
    assert posting.transaction.metadata == {
        "customer": "Assets:Receivable",
        "invoice-date": "2026-01-05",
    }
    assert view.opens["Assets:Receivable"].customer is None


def test_a_link_that_swallowed_a_hash_is_a_warning(load: Load) -> None:
    """
    2026-01-01 open Assets:Receivable
    2026-01-01 open Income:Sales
    2026-01-02 * "Split" ^INV#1
      Assets:Receivable  1 EUR
      Income:Sales
    2026-01-02 * "On the next line"
      ^A/B#2-3 #x
      Assets:Receivable  1 EUR
      Income:Sales
    2026-01-02 * "Apart, so meant" ^INV #1
      Assets:Receivable  1 EUR
      Income:Sales
    2026-01-02 * "A word" ^INV#paid
      Assets:Receivable  1 EUR
      Income:Sales
    """
    view = load()
    assert [(f.code, dict(f.values), f.place.line) for f in view.findings] == [
        ("mistyped-number", {"link": "INV", "tag": "1"}, 3),
        ("mistyped-number", {"link": "A/B", "tag": "2-3"}, 6),
    ]
    assert not any(finding.severity == "error" for finding in view.findings)


def test_bank_days_are_those_of_accounts_opposite_to_receivables(load: Load) -> None:
    """
    2026-01-01 open Assets:Receivable
    2026-01-01 open Assets:Bank:Main
    2026-01-01 open Assets:Cash
    2026-01-01 open Income:Sales
    2026-01-02 * "Invoice"
      Assets:Receivable  5 EUR
      Income:Sales
    2026-01-05 * "Payment"
      Assets:Bank:Main   5 EUR
      Assets:Receivable
    2026-01-07 * "Till"
      Assets:Cash        5 EUR
      Income:Sales
    2026-01-06 * "Wire"
      Assets:Bank:Main   5 EUR
      Income:Sales
    2026-01-09 balance Assets:Bank:Main  10 EUR
    """
    assert load().bank_days == (dt.date(2026, 1, 5), dt.date(2026, 1, 6), dt.date(2026, 1, 9))
    assert load(banks=("Assets:Cash",)).bank_days == (dt.date(2026, 1, 7),)
    assert load(banks=("Assets:Ban",)).bank_days == ()
    assert len(load(banks=("Assets:Bank",)).bank_days) == 3


def test_prices_by_pair_in_order_of_days(load: Load) -> None:
    """
    2026-02-01 price USD  0.91 EUR
    2026-01-01 price USD  0.90 EUR
    2026-01-01 price EUR  7.80 CNY
    """
    prices = load().prices
    assert prices.points == {
        ("USD", "EUR"): (
            (dt.date(2026, 1, 1), Decimal("0.90")),
            (dt.date(2026, 2, 1), Decimal("0.91")),
        ),
        ("EUR", "CNY"): ((dt.date(2026, 1, 1), Decimal("7.80")),),
    }
    assert prices.rate("USD", "EUR", dt.date(2026, 1, 31)) == (
        Decimal("0.90"),
        dt.date(2026, 1, 1),
    )


def test_amounts_with_more_digits_than_money_has_are_kept_out(load: Load) -> None:
    """
    2026-01-01 open Assets:Receivable
    2026-01-01 open Income:Sales
    2026-01-02 * "24 digits"
      Assets:Receivable  999999999999999999999999 EUR
      Income:Sales      -999999999999999999999999 EUR
    2026-01-02 * "25 digits"
      Assets:Receivable  1000000000000000000000000 EUR
      Income:Sales      -1000000000000000000000000 EUR
    """
    view = load()
    assert codes_of(view) == [("amount-too-long", 7)]
    assert [posting.line for posting in view.receivables] == [4]


def test_included_files_have_places_of_their_own(tmp_path: Path) -> None:
    books = tmp_path / "books"
    (books / "year").mkdir(parents=True)
    (tmp_path / "common.beancount").write_text(
        '2026-01-03 * "Outside"\n  Assets:Receivable  1 EUR\n  Income:Sales\n'
    )
    (books / "year" / "a.beancount").write_text(
        '2026-01-02 * "Inside"\n  Assets:Receivable  1 EUR\n  Income:Sales\n'
    )
    main = books / "main.beancount"
    main.write_text(
        'include "year/*.beancount"\ninclude "../common.beancount"\n'
        "2026-01-01 open Assets:Receivable\n2026-01-01 open Income:Sales\n"
    )
    view = read_ledger(main, books, ReceivablesSettings()).view()
    assert [(posting.file, posting.line) for posting in view.receivables] == [
        ("year/a.beancount", 2),
        (str(tmp_path / "common.beancount"), 2),
    ]
    assert view.files == tuple(
        map(str, sorted([main, books / "year/a.beancount", tmp_path / "common.beancount"]))
    )


def test_a_bare_ledger_has_nothing(load: Load) -> None:
    """"""
    view = load()
    nothing = replace(LedgerView(), files=view.files, prices=view.prices, inputs=view.inputs)
    assert view == nothing


def test_nothing_to_begin_with(tmp_path: Path) -> None:
    settings = ReceivablesSettings()
    with pytest.raises(LedgerNotFoundError) as missing:
        read_ledger(tmp_path / "no.beancount", tmp_path, settings)
    assert missing.value.exit_code == 2
    assert "\n" not in str(missing.value)
    with pytest.raises(LedgerNotReadableError, match="Is a directory"):
        read_ledger(tmp_path, tmp_path, settings)
    with pytest.raises(LedgerNotReadableError):
        read_ledger(tmp_path / "nul\0.beancount", tmp_path, settings)
    (tmp_path / "file").touch()
    with pytest.raises(LedgerNotReadableError, match="Not a directory"):
        read_ledger(tmp_path / "file" / "x.beancount", tmp_path, settings)


def test_the_collector_runs_again_afterwards(load: Load) -> None:
    """2026-01-01 open Assets:Receivable"""
    assert gc.isenabled()
    load()
    assert gc.isenabled()
