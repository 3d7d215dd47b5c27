"""An answer as a workbook: a sheet for each of its tables, and one for what is said beside them.

Amounts are numbers with the decimals of their currency, days are days, percentages are
percentages; text is text, whatever it begins with, so that nothing in a name is ever computed. A
workbook keeps fifteen digits of a number: an amount of more is written as text, so that none is
lost. Files of the same answer are the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from ledgercli.model.answer import Answer, Column
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT, plain
from ledgercli.model.errors import MissingExtraError
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money, Percent
from ledgercli.output.safe_text import display_width, visible
from ledgercli.output.titles import title_of
from ledgercli.output.values import percentage, plain_decimal, say
from ledgercli.output.words import word
from ledgercli.output.xlsx_sheets import Sheet, fields, sheets

#: What a cell holds at most, by the rules of the format.
_TEXT_MAX = 32_767
_SHEET_NAME_MAX = 31
_NARROWEST, _WIDEST = 8, 60
_INDENT_MAX = 15
_DIGITS_MAX = 15
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
#: What XML cannot hold and :func:`visible` leaves alone.
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
#: Days before this one are no days to a spreadsheet.
_FIRST_DAY = dt.date(1900, 3, 1)


class SpreadsheetLibraryMissingError(MissingExtraError):
    """The extra that writes workbooks is not installed."""

    message = N_("XLSX files need the extra `xlsx`, which is not installed")
    extra = "xlsx"


def render(answer: Answer, _paper: object = None) -> bytes:
    """Return the workbook; raise :class:`SpreadsheetLibraryMissingError`."""
    try:
        import xlsxwriter
    except ImportError:
        raise SpreadsheetLibraryMissingError from None

    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True, "strings_to_urls": False})
    # No moment is meant: the same answer is the same file.
    book.set_properties({"title": title_of(answer), "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001
    writer = _Writer(book)
    for sheet in sheets(answer):
        writer.write(sheet)
    book.close()
    return packed.getvalue()


@dataclass(frozen=True, slots=True)
class _Look:
    """How the cells of a column look."""

    column: Column
    percent_decimals: int = 0
    indent: int = 0


@dataclass(frozen=True, slots=True)
class _At:
    """Where a cell is written."""

    sheet: Any
    row: int
    place: int


def _percent_decimals(column: Column, cells: Iterable[Any]) -> int:
    """Return the decimals of the longest percentage, so that all of a column have as many."""
    values = (cell.value if isinstance(cell, Percent) else cell for cell in cells)
    return max(
        (
            len(plain_decimal(value).partition(".")[2])
            for value in values
            if isinstance(value, Decimal) and column.kind == "percent"
        ),
        default=0,
    )


class _Writer:
    """A workbook in the making, with its formats and the names that its sheets have."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - a workbook of the library
        self._book = book
        self._formats: dict[str, Any] = {}
        self._names: set[str] = set()

    def write(self, sheet: Sheet) -> None:
        """Add a sheet with its head frozen, its columns wide enough, and filters."""
        made = self._book.add_worksheet(self._name(sheet.name))
        columns = list(fields(sheet.columns))
        head = self._format("@", bold=True, bottom=1)
        for place, field in enumerate(columns):
            made.write_string(0, place, _fitting(field.heading), head)
            cells = [field.cell(row) for row in sheet.rows]
            look = _Look(field.column, _percent_decimals(field.column, cells))
            widths = [display_width(field.heading) + 3, _NARROWEST]
            for number, cell in enumerate(cells, start=1):
                if field.column.indent:
                    depth = min(sheet.rows[number - 1][field.column.indent] or 0, _INDENT_MAX)
                    look = replace(look, indent=depth)
                widths.append(self._cell(made, number, place, look, cell))
            made.set_column(place, place, min(max(widths), _WIDEST))
        made.freeze_panes(1, 0)
        if columns:
            made.autofilter(0, 0, len(sheet.rows), len(columns) - 1)
        made.repeat_rows(0)
        made.set_paper(9)  # A4
        made.fit_to_pages(1, 0)

    def _name(self, wanted: str) -> str:
        """Return a name that a sheet may have and none has yet."""
        plain_name = _FORBIDDEN_IN_NAMES.sub(" ", _fitting(wanted)).strip(" '") or "-"
        name, number = plain_name[:_SHEET_NAME_MAX], 1
        # The name "History" belongs to the spreadsheet itself.
        while name.casefold() in self._names or name.casefold() == "history":
            number += 1
            end = f" {number}"
            name = plain_name[: _SHEET_NAME_MAX - len(end)] + end
        self._names.add(name.casefold())
        return name

    def _format(self, number_format: str, **more: Any) -> Any:  # noqa: ANN401 - the library's
        key = f"{number_format}\0{sorted(more.items())}"
        if key not in self._formats:
            values = {"num_format": number_format, "valign": "top", **more}
            self._formats[key] = self._book.add_format(values)
        return self._formats[key]

    def _cell(self, sheet: Any, row: int, place: int, look: _Look, cell: Any) -> int:  # noqa: ANN401, PLR0911 - one line a kind
        """Write one cell and return the width it wants."""
        at = _At(sheet, row, place)
        match cell:
            case None:
                return 0
            case bool():
                sheet.write_boolean(row, place, cell, self._format("General"))
                return 6
            case Money():
                text = plain(cell.amount, cell.currency)
                return self._number(at, cell.amount, f"#,##{_number_format(text)}", text)
            case Percent():
                return self._percent(at, cell.value, look.percent_decimals)
            case Decimal() if look.column.kind == "percent":
                return self._percent(at, cell, look.percent_decimals)
            case int() | Decimal():
                text = plain_decimal(Decimal(cell))
                return self._number(at, Decimal(cell), _number_format(text), text)
            case dt.date() if cell >= _FIRST_DAY:
                sheet.write_datetime(row, place, cell, self._format("yyyy-mm-dd"))
                return 12
            case str() if look.column.kind == "number" and (number := _decimal(cell)) is not None:
                return self._number(at, number, _number_format(cell), cell)
        return self._text(at, _said(look.column, cell), indent=look.indent)

    def _number(self, at: _At, value: Decimal, number_format: str, text: str) -> int:
        """Write a number, or its digits as text where a workbook would lose some."""
        if not _is_exact(value):
            return self._text(at, text, align="right")
        at.sheet.write_number(at.row, at.place, _Number(value), self._format(number_format))
        return len(text) * 4 // 3 + 2

    def _percent(self, at: _At, value: Decimal, decimals: int) -> int:
        number_format = f"0{'.' if decimals else ''}{'0' * decimals}%"
        return self._number(at, value.scaleb(-2), number_format, percentage(value))

    def _text(self, at: _At, text: str, **look: Any) -> int:  # noqa: ANN401 - the library's
        text = _fitting(text)
        if "\n" in text:
            look["text_wrap"] = True
        if text:
            at.sheet.write_string(at.row, at.place, text, self._format("@", **look))
        return max(map(display_width, text.split("\n"))) + 2


def _said(column: Column, cell: Any) -> str:  # noqa: ANN401 - a cell of any kind
    """Return a cell of words as people read it; enumerations in the language spoken now."""
    if column.words and isinstance(cell, str):
        return word(column.words, cell)
    if column.words and isinstance(cell, list | tuple):
        return say([word(column.words, str(item)) for item in cell])
    return cell if isinstance(cell, str) else say(cell)


def _fitting(text: str) -> str:
    """Return ``text`` as a cell can hold it, with what nobody sees made visible."""
    text = _NO_CHARACTER.sub("\ufffd", visible(text, keep="\n"))
    return text if len(text) <= _TEXT_MAX else f"{text[: _TEXT_MAX - 1]}…"


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _is_exact(value: Decimal) -> bool:
    """Return whether a spreadsheet, which knows fifteen digits of a number, keeps ``value``."""
    return len(value.normalize(CONTEXT).as_tuple().digits) <= _DIGITS_MAX


class _Number(float):
    """A number that is written in its shortest form; the library would write sixteen digits.

    Of 8888838.89 these are 8888838.890000001, and a reader might get another number back.
    """

    __slots__ = ()

    def __format__(self, _form: str) -> str:
        return repr(float(self)).removesuffix(".0")


def _number_format(text: str) -> str:
    """Return the number format with as many decimals as ``text`` has."""
    decimals = len(text.partition(".")[2])
    return f"0{'.' if decimals else ''}{'0' * decimals}"
