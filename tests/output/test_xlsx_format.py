"""The workbook: what is read back from it is what JSON says, and nothing in it is computed."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from answers import aging, money, statement, tree
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.model.answer import Answer, Column, ColumnKind, Row, Table
from ledgercli.model.catalogue.everything import CATALOGUE
from ledgercli.model.finding import Finding, Place
from ledgercli.model.values import Money
from ledgercli.output import language
from ledgercli.output.formats import file_content, of_suffix, render
from ledgercli.output.safe_text import visible
from ledgercli.output.xlsx_format import SpreadsheetLibraryMissingError


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    language.install("en")
    yield
    language.install("en")


def book_of(answer: Answer) -> Any:  # noqa: ANN401 - a workbook of the library
    content = file_content(answer, "xlsx")
    assert isinstance(content, bytes)
    return openpyxl.load_workbook(io.BytesIO(content))


def values(sheet: Any) -> list[list[Any]]:  # noqa: ANN401 - a sheet of the library
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


def plain_days(lines: list[list[Any]]) -> list[list[Any]]:
    """Return what was read with dates as JSON has them; openpyxl reads all as moments."""
    return [
        [value.date().isoformat() if isinstance(value, dt.datetime) else value for value in line]
        for line in lines
    ]


def test_a_sheet_for_each_table_and_one_for_the_rest() -> None:
    book = book_of(aging())
    assert book.sheetnames == ["Aging", "Totals", "Notes"]
    assert values(book["Notes"]) == [["about", "remark"], [None, "As of 2026-11-21, end of day."]]


def test_the_rows_are_those_of_json() -> None:
    answer = aging(large=True)
    read = plain_days(values(book_of(answer)["Aging"]))
    assert read[0] == [
        *("customer", "name", "cur.", "not due", "1-30", "31-60", "61-90", "91+"),
        *("unallocated", "total", "oldest due", "days"),
    ]
    for line, row in zip(read[1:], json.loads(render(answer, "json"))["rows"], strict=True):
        amounts = [*row["amounts"].values(), row["unallocated"], row["total"]]
        assert line[:3] == [visible(row[key]) for key in ("customer", "name", "currency")]
        assert [Decimal(repr(value)) for value in line[3:10]] == [Decimal(a) for a in amounts]
        assert line[10:] == [row["oldest_due"], row["max_days_overdue"]]


def test_figures_look_as_their_currency_wants() -> None:
    sheet = book_of(aging())["Aging"]
    assert [sheet.cell(line, 4).number_format for line in (2, 3, 4)] == [
        "#,##0.00",
        "#,##0.00",
        "#,##0",
    ]
    assert sheet["K2"].number_format == "yyyy-mm-dd"
    assert sheet["L2"].number_format == "0"
    assert sheet["A2"].number_format == "@"


def test_heads_stay_in_sight_and_filter() -> None:
    sheet = book_of(aging())["Aging"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:L4"
    assert all(cell.font.bold for cell in sheet[1])
    widths = {letter: sheet.column_dimensions[letter].width for letter in "AB"}
    assert widths["B"] > widths["A"] >= 8


def test_sections_are_a_sheet_of_heads_and_one_of_lines() -> None:
    book = book_of(statement())
    assert book.sheetnames == ["Statement of account", "Statement of a… - rows", "Notes"]
    heads, lines = map(plain_days, (values(sheet) for sheet in book.worksheets[:2]))
    assert heads[1:] == [["EUR", 10, 100.5], ["USD", -3, -3]]
    assert lines == [
        ["cur.", "date", "number", "text", "debit", "balance", "file"],
        ["EUR", "2026-11-01", "INV-1", "=Goods", 90.5, 100.5, "main.beancount"],
    ]


def test_a_tree_is_a_sheet_of_indented_lines() -> None:
    code = next(code for code in CATALOGUE.values() if code.severity == "error")
    found = Finding(code, {}, Place("main.beancount", 3))
    answer = replace(
        tree(), findings=(found,), warnings=("Careful.",), details=(("terms", "net 30"),)
    )
    book = book_of(answer)
    sheet = book["Explanation"]
    assert values(sheet)[1:4] == [
        [0, "INV-1", 100, "EUR", None],
        [1, "opened 2026-01-02: Goods", 100, "EUR", "main.beancount:12"],
        [1, "overdue", None, None, None],
    ]
    assert [sheet.cell(line, 2).alignment.indent for line in (2, 3, 5)] == [0, 1, 2]
    notes = values(book["Notes"])
    assert notes[1] == ["terms", "net 30"]
    assert notes[2] == ["warning", "Careful."]
    assert notes[3][0] == "error"
    assert notes[3][1].startswith(f"main.beancount:3: error[{code.code}]")


def test_percentages_are_percentages_with_as_many_decimals_each() -> None:
    columns = (Column("used", "used %", "percent"),)
    rows: list[Row] = [
        {"used": Decimal("112.5")},
        {"used": Decimal(40)},
        {"used": None},
        {"used": Decimal(0)},
    ]
    sheet = book_of(Answer("limits/1", tables=(Table("rows", columns, rows),))).worksheets[0]
    assert values(sheet)[1:] == [[1.125], [0.4], [None], [0]]
    assert {sheet["A2"].number_format, sheet["A3"].number_format} == {"0.0%"}


def test_words_are_words_and_flags_flags() -> None:
    columns = (
        Column("status", "status", "code", words="limit-status"),
        Column("assumed", "assumed", "flag"),
        Column("names", "names", "strings"),
        Column("rate", "rate", "number"),
    )
    rows = [{"status": "breach", "assumed": True, "names": ["a", "b"], "rate": "1.0850"}]
    sheet = book_of(Answer("limits/1", tables=(Table("rows", columns, rows),))).worksheets[0]
    assert values(sheet)[1] == ["over the limit", True, "a, b", 1.085]
    assert sheet["D2"].number_format == "0.0000"


def one_cell(cell: object, kind: ColumnKind = "text") -> Any:  # noqa: ANN401 - a cell of the library
    column = Column("cell", "cell", kind)
    book = book_of(Answer("query/1", tables=(Table("rows", (column,), [{"cell": cell}]),)))
    return book.worksheets[0]["A2"]


@pytest.mark.parametrize(
    ("amount", "read"),
    [
        ("999999999999.99", 999999999999.99),
        ("0.1", 0.1),
        ("-1234567890123.45", -1234567890123.45),
        ("8888838.89", 8888838.89),
        ("100000000000000000", 100000000000000000),
        ("12345678901234567.89", "12345678901234567.89"),
        ("0.12345678901234567", "0.12345678901234567"),
    ],
)
def test_no_digit_of_an_amount_is_lost(amount: str, read: object) -> None:
    assert one_cell(money(amount), "money").value == read


@given(st.decimals(-(10**15), 10**15, places=2))
def test_amounts_come_back_as_they_were(amount: Decimal) -> None:
    read = one_cell(Money(amount, "EUR"), "money").value
    assert Decimal(str(read)) == amount


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "{=1}", "http://a.b/"])
def test_text_is_never_a_formula_or_a_link(text: str) -> None:
    cell = one_cell(text)
    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", visible(text), None)
    assert cell.number_format == "@"


@given(st.text(min_size=1))
def test_text_comes_back_as_it_is_shown(text: str) -> None:
    shown = visible(text, keep="\n").replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert one_cell(text).value == shown


def test_a_text_that_no_cell_holds_is_cut_with_a_mark() -> None:
    assert one_cell("x" * 32_767).value == "x" * 32_767
    assert one_cell("x" * 32_768).value == "x" * 32_766 + "…"


def test_days_before_those_of_spreadsheets_are_text() -> None:
    assert one_cell(dt.date(1900, 2, 28), "date").value == "1900-02-28"
    assert one_cell(dt.date(1900, 3, 1), "date").value == dt.datetime(1900, 3, 1)


def test_names_of_sheets_are_such_as_spreadsheets_take() -> None:
    columns = (Column("a", "a"),)
    titles = ("'[a]/b:c*?'", "History", "x" * 40, "X" * 40, "账龄" * 20, "''")
    tables = tuple(
        Table(f"t{number}", columns, [{"a": "1"}], title=title, role="extra")
        for number, title in enumerate(titles)
    )
    names = book_of(Answer("query/1", tables=tables)).sheetnames[:-1]
    assert names[:4] == ["a  b c", "History 2", "x" * 31, "X" * 29 + " 2"]
    assert names[4:] == [("账龄" * 20)[:31], "-"]


def test_tables_beside_the_main_one_are_left_out_where_empty() -> None:
    columns = (Column("a", "a"),)
    tables = (Table("rows", columns, []), Table("more", columns, [], title="More", role="extra"))
    book = book_of(Answer("items/1", tables=tables))
    assert book.sheetnames == ["Open items", "Notes"]
    assert values(book["Open items"]) == [["a"]]


def test_the_same_answer_is_the_same_file() -> None:
    first = file_content(aging(), "xlsx")
    assert first == file_content(aging(), "xlsx")
    assert isinstance(first, bytes)
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert b"2000-01-01" in packed.read("docProps/core.xml")
        assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_chinese_books_have_chinese_heads() -> None:
    language.install("zh")
    sheet = book_of(aging()).worksheets[0]
    assert sheet["A1"].value == "客户"
    assert sheet["B3"].value == "上海华联商贸有限责任公司"


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(SpreadsheetLibraryMissingError) as caught:
        file_content(aging(), "xlsx")
    assert caught.value.extra == "xlsx"


def test_a_workbook_is_no_text() -> None:
    assert of_suffix(Path("a.XLSX")) == "xlsx"
    with pytest.raises(TypeError):
        render(aging(), "xlsx")
