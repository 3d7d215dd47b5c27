"""Whole tables as people see them: aligned, within the width, no figure lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from answers import aging, money, statement, tree
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.output import language
from ledgercli.output.bars import marks, shares
from ledgercli.output.cells import Strip
from ledgercli.output.formats import render
from ledgercli.output.safe_text import display_width, pad, shorten


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.install("en")
    yield
    language.install("en")


def table(answer: Answer, width: int = 80, **paper: bool) -> str:
    return render(answer, "table", width=width, **paper)


def test_aging_fits_80_columns() -> None:
    assert (
        table(aging())
        == """\
customer name               cur.  not due   1-30  31-60  61-90      91+    total
────────────────────────────────────────────────────────────────────────────────
C001     Acme GmbH          EUR    100.00      –  25.50      – 1,234.56 1,360.06
K-华联   上海华联商贸有限…  CNY  1,250.00      –      –  88.00        – 1,338.00
C003     Evil␛[31m<U+202E>… JPY  1,100      5         –      –        – 1,105
────────────────────────────────────────────────────────────────────────────────
total                       EUR    100.00 100.00 100.00 100.00   100.00   500.00

left out for want of width: oldest due, days; `--format csv` has them

As of 2026-11-21, end of day.
"""
    )


def test_wide_amounts_go_over_two_lines_and_none_is_lost() -> None:
    assert (
        table(aging(large=True), terminal=True)
        == """\
customer  name                      cur.  unallocated         total  age
         not due    1-30   31-60   61-90           91+
───────────────────────────────────────────────────────────────────────────────
C001      Acme GmbH                 EUR             –      1,360.06  ··▒███████
          100.00       –   25.50       –      1,234.56
K-华联    上海华联商贸有限责任公司  CNY             –      1,338.00  ········▓▓
        1,250.00       –       –   88.00             –
C003      Evil␛[31m<U+202E>Ltd      JPY             –      1,105     ·········░
        1,100       5          –       –             –
C004      Grand                     EUR        -50.00  8,888,838.89  ··████████
    1,234,567.89       –       –       –  7,654,321.00
───────────────────────────────────────────────────────────────────────────────
total                               EUR             –        500.00
          100.00  100.00  100.00  100.00        100.00

· not due  ░ 1-30  ▒ 31-60  ▓ 61-90  █ 91+

left out for want of width: oldest due, days; `--format csv` has them

As of 2026-11-21, end of day.
"""
    )


def test_wide_terminal_shows_everything_with_bars() -> None:
    assert (
        table(aging(), width=140, terminal=True)
        == """\
customer  name                      cur.   not due    1-30   31-60   61-90       91+     total  oldest due  days  age
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
C001      Acme GmbH                 EUR     100.00       –   25.50       –  1,234.56  1,360.06  2026-01-05   320  ··▒███████
K-华联    上海华联商贸有限责任公司  CNY   1,250.00       –       –   88.00         –  1,338.00  2026-01-05   320  ········▓▓
C003      Evil␛[31m<U+202E>Ltd      JPY   1,100       5          –       –         –  1,105     2026-01-05   320  ·········░
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
total                               EUR     100.00  100.00  100.00  100.00    100.00    500.00

· not due  ░ 1-30  ▒ 31-60  ▓ 61-90  █ 91+

As of 2026-11-21, end of day.
"""
    )


def test_chinese_figures_have_a_minus_sign_and_ascii_terminals_none_of_it() -> None:
    language.install("zh")
    assert (
        table(statement())
        == """\
Acme, EUR

日期        单据编号  摘要       借方    余额
─────────────────────────────────────────────
                      期初余额          10.00
2026-11-01  INV-1     =Goods    90.50  100.50
                      期末余额         100.50

Acme, USD

日期  单据编号  摘要      借方   余额
─────────────────────────────────────
                期初余额        −3.00
                期末余额        −3.00
"""
    )
    assert (
        table(statement(), ascii_only=True)
        == """\
Acme, EUR

日期        单据编号  摘要       借方    余额
---------------------------------------------
                      期初余额          10.00
2026-11-01  INV-1     =Goods    90.50  100.50
                      期末余额         100.50

Acme, USD

日期  单据编号  摘要      借方   余额
-------------------------------------
                期初余额        -3.00
                期末余额        -3.00
"""
    )


def test_statement_has_a_table_for_each_section() -> None:
    assert (
        table(statement())
        == """\
Acme, EUR

date        number  text             debit  balance
───────────────────────────────────────────────────
                    opening balance           10.00
2026-11-01  INV-1   =Goods           90.50   100.50
                    closing balance          100.50

Acme, USD

date  number  text             debit  balance
─────────────────────────────────────────────
              opening balance           -3.00
              closing balance           -3.00
"""
    )


def test_tree() -> None:
    assert (
        table(tree())
        == """\
INV-1  100.00 EUR
├─ opened 2026-01-02: Goods  100.00 EUR  main.beancount:12
├─ overdue
│  └─ deep
└─ last
"""
    )
    assert (
        table(tree(), width=34, ascii_only=True)
        == """\
INV-1  100.00 EUR
|- opened 2026-01-02: Goods
|     100.00 EUR  main.beancount:12
|- overdue
|  `- deep
`- last
"""
    )


def test_empty_table_says_so() -> None:
    answer = Answer(
        "x/1", tables=(Table("rows", (), (), empty="Nothing open."),), notes=("A note",)
    )
    assert table(answer) == "Nothing open.\n\nA note\n"


def test_nothing_to_say_is_nothing_printed() -> None:
    assert table(Answer("x/1")) == ""


def test_verbatim_text_stays_to_the_byte_unless_a_terminal_would_obey_it() -> None:
    answer = Answer("x/1", verbatim="--- a\n+\tb\x1b\r\n", notes=("n",))
    assert table(answer) == "--- a\n+\tb\x1b\r\n"
    assert table(answer, terminal=True) == "--- a\n+\tb␛␍\n"


def test_details_are_lines_of_label_and_value() -> None:
    answer = Answer(
        "x/1", details=(("name", "Acme\x07"), ("limit", money("1000")), ("names", ["a", "b"]))
    )
    assert table(answer) == "name   Acme␇\nlimit  1,000.00 EUR\nnames  a, b\n"


def test_amounts_of_different_decimals_stand_point_below_point() -> None:
    columns = (Column("amount", "amount", "money"), Column("currency", "cur.", "code"))
    cells = [("1234.5", "EUR"), ("1100", "JPY"), ("0.125", "EUR"), ("0", "EUR"), ("-3", "KWD")]
    rows = [{"amount": money(amount, currency), "currency": currency} for amount, currency in cells]
    assert (
        table(Answer("x/1", tables=(Table("rows", columns, rows),)))
        == """\
   amount  cur.
───────────────
1,234.50   EUR
1,100      JPY
    0.125  EUR
        –  EUR
   -3.000  KWD
"""
    )


def test_dropped_columns_are_named() -> None:
    columns = (
        Column("a", "first"),
        Column("b", "second", optional=1),
        Column("c", "third", optional=2),
    )
    rows = [{"a": "x" * 30, "b": "y" * 8, "c": "z" * 8}]
    shown = table(Answer("x/1", tables=(Table("rows", columns, rows),)), width=42)
    assert (
        shown
        == """\
first                           second
────────────────────────────────────────
xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  yyyyyyyy

left out for want of width: third;
  `--format csv` has them
"""
    )


def test_wrapping_columns_lose_no_word() -> None:
    columns = (
        Column("a", "number", "code"),
        Column("why", "why", flexible=True, wraps=True),
        Column("n", "days", "number"),
    )
    rows = [{"a": "INV-1", "why": "promised until the end of the month 下个月底之前付清", "n": 3}]
    answer = Answer("x/1", tables=(Table("rows", columns, rows),))
    assert (
        table(answer, width=40)
        == """\
number  why                         days
────────────────────────────────────────
INV-1   promised until the end of      3
        the month 下个月底之前付清
"""
    )


def test_sparse_columns_appear_with_their_first_figure() -> None:
    columns = (Column("a", "a"), Column("held", "held", "money", sparse=True))
    rows = [{"a": "x", "held": money("0")}]
    answer = Answer("x/1", tables=(Table("rows", columns, rows),))
    assert "held" not in table(answer)
    more = replace(answer.tables[0], rows=[*rows, {"a": "y", "held": money("-1")}])
    assert "held" in table(replace(answer, tables=(more,)))


@pytest.mark.parametrize("width", [40, 52, 60, 72, 80, 100, 120, 160])
@pytest.mark.parametrize("terminal", [False, True])
def test_no_line_is_wider_than_the_paper(width: int, terminal: bool) -> None:  # noqa: FBT001
    shown = table(aging(large=True), width=width, terminal=terminal)
    assert max(map(display_width, shown.splitlines())) <= width
    for figure in ("1,234,567.89", "7,654,321.00", "8,888,838.89", "-50.00", "1,234.56", "25.50"):
        assert figure in shown


def test_plural_forms_follow_the_language() -> None:
    def text(count: int) -> Text:
        return Text("{count} error", plural="{count} errors", count=count)

    assert table(Answer("x/1", notes=(text(1), text(2)))) == "1 error\n2 errors\n"
    language.install("zh")
    assert table(Answer("x/1", notes=(text(1), text(2)))) == "1 个错误\n2 个错误\n"


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=8), st.integers(8, 40))
def test_shares_fill_the_bar_and_show_every_amount(amounts: list[object], width: int) -> None:
    lengths = shares(amounts, width)  # type: ignore[arg-type]
    assert sum(lengths) == (width if any(amounts) else 0)
    assert all(
        bool(length) == bool(amount) for length, amount in zip(lengths, amounts, strict=True)
    )


@pytest.mark.parametrize("count", range(1, 12))
@pytest.mark.parametrize("ascii_only", [False, True])
def test_marks_differ_without_colour(count: int, ascii_only: bool) -> None:  # noqa: FBT001
    characters = marks(count, ascii_only=ascii_only)
    assert len(set(characters)) == count
    assert not ascii_only or characters.isascii()


@given(
    cells=st.lists(st.text("aé客–\u0301 ", max_size=9), max_size=6),
    width=st.integers(0, 12),
    right=st.booleans(),
)
def test_a_column_is_filled_as_its_cells_are(cells: list[str], width: int, *, right: bool) -> None:
    strip = Strip("key", "heading", right=right, flexible=True, cells=cells)
    expected = [pad(shorten(cell, width), width, right=right) for cell in cells]
    assert strip.filled(0, len(cells), width, "…") == expected


SEVERAL = Answer(
    "several/1",
    tables=(
        Table(
            "rows",
            (
                Column("customer", "customer", "code"),
                Column("balances", "balances", "amounts"),
            ),
            [
                {"customer": "C1", "balances": [money("1234567.80", "EUR")]},
                {"customer": "C2", "balances": [money("-12", "EUR"), money("1200", "JPY")]},
                {"customer": "C3", "balances": []},
            ],
        ),
    ),
)


def test_amounts_of_several_currencies_in_one_cell() -> None:
    assert (
        table(SEVERAL)
        == """\
customer               balances
───────────────────────────────
C1             1,234,567.80 EUR
C2        -12.00 EUR, 1,200 JPY
C3
"""
    )
    language.install("zh")
    assert "EUR 1,234,567.80\n" in table(SEVERAL)
    assert "EUR −12.00、JPY 1,200\n" in table(SEVERAL)
    rows = json.loads(render(SEVERAL, "json"))["rows"]
    assert [row["balances"] for row in rows] == [
        ["1234567.80 EUR"],
        ["-12.00 EUR", "1200 JPY"],
        [],
    ]
    assert render(SEVERAL, "csv").splitlines()[1:] == [
        "C1,1234567.80 EUR",
        "C2,'-12.00 EUR; 1200 JPY",
        "C3,",
    ]


@pytest.mark.parametrize(("spoken", "sign"), [("en", "-"), ("zh", "−")])
def test_days_and_shares_have_the_minus_sign_of_amounts(spoken: str, sign: str) -> None:
    language.install(spoken)
    columns = (Column("days", "D", "number"), Column("share", "S", "percent"))
    rows = [{"days": -22, "share": Decimal("-1.5")}, {"days": 3, "share": Decimal(2)}]
    shown = table(Answer("x/1", tables=(Table("rows", columns, rows),)))
    assert shown.splitlines()[2:] == [f"{sign}22  {sign}1.5%", "  3   2.0%"]
