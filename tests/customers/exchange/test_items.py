"""Lists of open items, and the ledger text they become."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ledgercli.books.foreign.profiles import read_profile
from ledgercli.customers.exchange.item_ledger import ledger_text, marks, read_accounts
from ledgercli.customers.exchange.items import Defaults, ItemList, Names, compared, read_items
from ledgercli.model.customer import Customer
from ledgercli.model.exchange import ForeignRow

DAY = dt.date(2026, 10, 31)
CUSTOMERS = (
    Customer("C1", name="Acme GmbH", ids={"datev": "10001"}, aliases=("ACME",)),
    Customer("C2", name="华联"),
    Customer("C3", name="Twin"),
    Customer("C4", name="Twin"),
)


def read(
    profile: str, *rows: dict[str, str], day: dt.date | None = DAY, currency: str = "EUR"
) -> ItemList:
    lines = [ForeignRow(number, cells) for number, cells in enumerate(rows, start=2)]
    return read_items(
        lines, read_profile(None, profile)[0], Names(CUSTOMERS), Defaults(day, currency)
    )


def short(listed: ItemList) -> list[tuple[str, str, str, str]]:
    return [(item.customer, item.number, str(item.open), str(item.date)) for item in listed.items]


def test_lines_of_one_number_are_one_document_with_the_dates_of_its_debit() -> None:
    listed = read(
        "datev-opos",
        {"Konto": "10001", "Rechnungsnummer": "R1", "Datum": "20.10.2026", "Habenbetrag": "34,56"},
        {
            "Konto": "10001",
            "Rechnungsnummer": "R1",
            "Datum": "05.10.2026",
            "Fälligkeit": "04.11.2026",
            "Sollbetrag": "1.234,56",
            "Saldo": "9.999,00",
        },
        {"Konto": "10001", "Rechnungsnummer": "R2", "Datum": "06.10.2026", "Sollbetrag": "5,00"},
        {"Konto": "10001", "Rechnungsnummer": "R2", "Datum": "07.10.2026", "Habenbetrag": "5,00"},
        {
            "Konto": "10001",
            "Rechnungsnummer": "R3",
            "Datum": "08.10.26",
            "Saldo": "7,00",
            "S/H": "H",
        },
        {"Konto": "Summe", "Sollbetrag": "1.239,56"},
    )
    assert short(listed) == [
        ("C1", "R1", "1200.00", "2026-10-05"),
        ("C1", "R3", "-7.00", "2026-10-08"),
    ]
    assert listed.items[0].due == dt.date(2026, 11, 4)
    assert listed.items[0].rows == (2, 3)
    assert listed.rejected == ()


KEPT = {"customer": "C1", "number": "R1", "date": "2026-10-05", "open": "100.00"}


@pytest.mark.parametrize(
    ("retention", "until", "expected"),
    [
        ("", "", []),
        ("0", "", []),
        ("0.00", "2027-06-30", []),
        ("5.00", "2027/6/30", ["5.00 2027-06-30"]),
        ("100.00", "2027-06-30", ["100.00 2027-06-30"]),
        ("", "acceptance  + 12 months", ["100.00 acceptance + 12 months"]),
        ("5.00", "", "it keeps money back, but does not say until when"),
        ("100.01", "2027-06-30", "it keeps `100.01` back, and `100.00` is open"),
        ("-1", "2027-06-30", "it keeps `-1` back, and `100.00` is open"),
        ("5", "soon enough", None),
    ],
)
def test_retention_money_of_a_row(
    retention: str, until: str, expected: list[str] | str | None
) -> None:
    listed = read("csv-items", KEPT | {"retention": retention, "retention until": until})
    if isinstance(expected, list):
        (item,) = listed.items
        assert [f"{part.amount} {part.until}" for part in item.kept] == expected
    else:
        assert listed.items == ()
        ((_, reason),) = listed.rejected
        assert expected is None or str(reason) == expected


def test_of_retention_money_no_more_is_kept_back_than_is_left() -> None:
    rows = [
        KEPT | {"retention": "10", "retention until": "2027-06-30"},
        KEPT | {"open": "50", "retention": "20", "retention until": "2028-06-30"},
        KEPT | {"open": "5", "retention until": "2027-06-30"},
    ]

    def kept(*more: dict[str, str]) -> list[str]:
        (item,) = read("csv-items", *rows, *more).items
        return [f"{part.amount} {part.until}" for part in item.kept]

    assert kept() == ["15 2027-06-30", "20 2028-06-30"]
    assert kept(KEPT | {"open": "-120"}) == ["15 2027-06-30", "20 2028-06-30"]
    assert kept(KEPT | {"open": "-121"}) == ["14.00 2027-06-30", "20 2028-06-30"]
    assert kept(KEPT | {"open": "-154"}) == ["1.00 2028-06-30"]


def test_retention_money_in_chinese_lists() -> None:
    row = {"客户编码": "C1", "单据编号": "R1", "单据日期": "2026-03-01", "余额": "100.00"}
    listed = read(
        "yingshou", row | {"质保金": "5.00", "质保金到期日": "2027-03-01"}, currency="CNY"
    )
    assert [(str(part.amount), part.until) for part in listed.items[0].kept] == [
        ("5.00", "2027-03-01")
    ]


def test_a_line_that_stands_twice_is_owed_once() -> None:
    line = {"customer": "C1", "number": "R1", "date": "2026-10-05", "amount": "100.00"}
    listed = read("csv-items", line, line | {"amount": "20.00"}, line)
    assert short(listed) == [("C1", "R1", "120.00", "2026-10-05")]
    assert [(row.number, str(reason)) for row, reason in listed.rejected] == [
        (4, "it says the same as row 2")
    ]
    assert listed.uncounted == 1
    unnumbered = {"customer": "C1", "date": "2026-10-05", "amount": "1.00"}
    assert len(read("csv-items", unnumbered, unnumbered).items) == 2


def test_a_row_whose_cells_have_moved_is_in_no_sum() -> None:
    cells = {"customer": "C1", "number": "R1", "date": "2026-10-05", "open": "1"}
    row = ForeignRow(2, cells, fault="it has 5 cells below 4 headings")
    defaults = Defaults(DAY, "EUR")
    listed = read_items([row], read_profile(None, "csv-items")[0], Names(CUSTOMERS), defaults)
    assert (listed.items, listed.rejected, listed.uncounted) == ((), ((row, row.fault),), 1)


def test_balances_have_a_side() -> None:
    listed = read(
        "yuebiao",
        {"客户编码": "C2", "客户名称": "x", "方向": "借", "期末余额": "1,000.00"},
        {"客户名称": "Acme GmbH", "方向": "贷", "期末余额": "50"},
        {"客户编码": "C3", "方向": "平", "期末余额": "0"},
        {"客户编码": "C4", "期末借方": "3", "期末贷方": "1", "币种": "美元"},
        {"客户编码": "合计", "期末余额": "1050"},
        {"期末余额": "1"},
    )
    assert short(listed) == [
        ("C2", "", "1000.00", "2026-10-31"),
        ("C1", "", "-50", "2026-10-31"),
        ("C4", "", "2", "2026-10-31"),
    ]
    assert [item.mark for item in listed.items] == [
        "C2/EUR/balance",
        "C1/EUR/balance",
        "C4/USD/balance",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"customer": "Twin", "open": "1"}, "it may be any of `C3`, `C4`"),
        ({"customer": "NN", "open": "1"}, "no customer `NN`"),
        ({"customer": "C1"}, "it has no amount"),
        ({"customer": "C1", "open": "1,5"}, "`1,5` is no amount with the decimal sign `.`"),
        ({"customer": "C1", "open": "1", "date": "31.10.2026"}, "`31.10.2026` is not a date"),
        ({"customer": "C1", "open": "1", "currency": "E"}, ""),
        ({"customer": "C1", "open": "1", "currency": "?"}, "`?` is not a currency"),
    ],
)
def test_rows_that_cannot_be_taken(row: dict[str, str], reason: str) -> None:
    listed = read("csv-items", row)
    assert [str(why) for _, why in listed.rejected] == ([reason] if reason else [])


def test_without_a_day_or_a_currency_there_is_no_item() -> None:
    row = {"customer": "C1", "open": "1"}
    assert [str(why) for _, why in read("csv-items", row, day=None).rejected] == ["it has no date"]
    assert [str(why) for _, why in read("csv-items", row, currency="").rejected] == [
        "its currency is not known"
    ]


def test_totals_tie_also_for_customers_unknown_here() -> None:
    listed = read(
        "csv-items",
        {"customer": "C1", "open": "1"},
        {"customer": "NN", "open": "5"},
        {"customer": "NN", "open": "2"},
    )
    balances = {("C1", "EUR"): Decimal(1), ("C2", "CNY"): Decimal(3), ("C3", "EUR"): Decimal(0)}
    assert [
        (row.customer, row.name, row.currency, str(row.theirs), str(row.difference))
        for row in compared(listed, balances, str.lower)
    ] == [
        ("C1", "c1", "EUR", "1", "0"),
        ("C2", "c2", "CNY", "0", "3"),
        ("", "NN", "EUR", "7", "-7"),
    ]


OPENS = """\
2026-01-01 open Assets:Receivable:Acme  EUR, USD  ; note
2026-01-01 open Equity:Opening-Balances
2026-13-01 open Assets:Impossible
"""


def text_of(listed: ItemList, account: str = "Assets:Receivable:Acme") -> str:
    accounts = read_accounts([OPENS])
    names = {"C1": 'Acme "quoted" \\ GmbH'}
    return ledger_text(
        listed.items, accounts, lambda _: account, "Equity:Opening-Balances", names, "de"
    )


def test_a_transaction_for_each_item() -> None:
    listed = read(
        "csv-items",
        {
            "customer": "C1",
            "number": "R 1/ä",
            "date": "2026-02-01",
            "due": "2026-03-01",
            "amount": "10",
            "open": "4.5",
        },
        {
            "customer": "C1",
            "number": "G-1",
            "date": "2026-02-02",
            "open": "-1",
            "text": "Gutschrift",
        },
        {"customer": "C1", "number": "R-2", "date": "2026-01-01", "open": "2"},
        {"customer": "C1", "date": "", "open": "3"},
    )
    text = text_of(listed)
    assert (
        text
        == """\
2026-01-01 * "Acme \\"quoted\\" \\\\ GmbH" "R-2" ^R-2
  opening-item: "C1/EUR/R-2"
  Assets:Receivable:Acme  2.00 EUR
    customer: "C1"
    invoice: "R-2"
  Equity:Opening-Balances  -2.00 EUR

2026-02-01 * "Acme \\"quoted\\" \\\\ GmbH" "R 1/ä"
  opening-item: "C1/EUR/R 1/ä"
  original-amount: "10.00 EUR"
  Assets:Receivable:Acme  4.50 EUR
    customer: "C1"
    invoice: "R 1/ä"
    due: 2026-03-01
  Equity:Opening-Balances  -4.50 EUR

2026-02-02 * "Acme \\"quoted\\" \\\\ GmbH" "Gutschrift" ^CN-G-1
  opening-item: "C1/EUR/G-1"
  Assets:Receivable:Acme  -1.00 EUR
    customer: "C1"
  Equity:Opening-Balances  1.00 EUR

2026-10-31 * "Acme \\"quoted\\" \\\\ GmbH" "Anfangsbestand"
  opening-item: "C1/EUR/balance"
  Assets:Receivable:Acme  3.00 EUR
    customer: "C1"
  Equity:Opening-Balances  -3.00 EUR
"""
    )
    assert marks(text) == {"C1/EUR/R-2", "C1/EUR/R 1/ä", "C1/EUR/G-1", "C1/EUR/balance"}


@pytest.mark.parametrize(
    ("day", "currency", "account", "opened"),
    [
        ("2026-01-01", "EUR", "Assets:Receivable:Acme", []),
        (
            "2025-12-31",
            "EUR",
            "Assets:Receivable:Acme:Opening",
            [
                "2024-01-01 open Assets:Receivable:Acme:Opening",
                "2024-01-01 open Equity:Opening-Balances:Opening",
            ],
        ),
        (
            "2026-01-01",
            "CNY",
            "Assets:Receivable:Acme:Opening",
            ["2025-01-01 open Assets:Receivable:Acme:Opening"],
        ),
    ],
)
def test_an_account_below_is_opened_where_the_own_is_not_open_yet(
    day: str, currency: str, account: str, opened: list[str]
) -> None:
    listed = read(
        "csv-items",
        {"customer": "C1", "number": "1", "date": day, "open": "1", "currency": currency},
    )
    lines = text_of(listed).splitlines()
    assert [line for line in lines if " open " in line] == opened
    assert f"  {account}  1.00 {currency}" in lines


def test_nothing_to_write_is_no_text() -> None:
    assert text_of(read("csv-items")) == ""
