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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from ledgercli.model.answer import Answer, Column, Node, Row, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import plain
from ledgercli.model.errors import LedgercliError
from ledgercli.model.values import Money, Percent
from ledgercli.output import wording
from ledgercli.output.csv_format import opened_rows
from ledgercli.output.language import _
from ledgercli.output.safe_text import display_width, shorten, visible
from ledgercli.output.titles import title_of
from ledgercli.output.values import heading, say, sentence

#: What a cell holds at most, by the rules of the format.
_TEXT_MAX = 32_767
_SHEET_NAME_MAX = 31
_NARROWEST, _WIDEST = 8, 60
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
#: What XML cannot hold and :func:`visible` leaves alone.
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
#: Days before this one are no days to a spreadsheet.
_FIRST_DAY = dt.date(1900, 3, 1)
_SCALARS_OF_ROWS = frozenset({"text", "code", "date"})


class SpreadsheetLibraryMissingError(LedgercliError):
    """The extra that writes workbooks is not installed."""

    message = N_("XLSX files need the extra `xlsx`, which is not installed")
    hint = N_("`pip install 'ledgercli[xlsx]'` adds it")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet to be written: its name before it fits, its columns, its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]


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
    for sheet in _sheets(answer):
        writer.write(sheet)
    book.close()
    return packed.getvalue()


def _sheets(answer: Answer) -> Iterator[_Sheet]:
    """Yield the tables in their order, the tables within their rows after each, then the rest."""
    main = title_of(answer)
    for table in answer.tables:
        if table.role == "totals":
            name = _("Totals")
        elif table.title:
            name = _(table.title).removesuffix(":")
        else:
            name = main if table.role in {"main", "sections"} else _named(table.key)
        yield _Sheet(name, table.columns, table.rows)
        yield from _inner_sheets(table, name)
    if answer.tree:
        yield _Sheet(_("Explanation"), _TREE_COLUMNS, list(_tree_rows(answer.tree)))
    yield _Sheet(_("Notes"), _NOTE_COLUMNS, list(_notes(answer)))


def _inner_sheets(table: Table, name: str) -> Iterator[_Sheet]:
    """Yield what stands in tables within the rows, each line with what names its row."""
    for column in table.columns:
        if column.kind == "table" and column.columns:
            naming = tuple(
                outer
                for outer in table.columns
                if outer is column or (outer.kind in _SCALARS_OF_ROWS and outer.shown)
            )
            inner = opened_rows(replace(table, columns=naming, section=column.key))
            label = heading(column.label) or _named(column.key)
            yield _Sheet(f"{shorten(name, 15)} - {label}", inner.columns, inner.rows)


def _named(key: str) -> str:
    return key.replace("_", " ").capitalize()


_TREE_COLUMNS = (
    Column("level", N_("level"), "number"),
    Column("text", N_("text")),
    Column("amount", N_("amount"), "money"),
    Column("currency", N_("cur."), "code"),
    Column("place", N_("place"), "code"),
)


def _tree_rows(nodes: Iterable[Node], level: int = 1) -> Iterator[Row]:
    for node in nodes:
        yield {
            "level": level,
            "text": sentence(node.text),
            "amount": node.amount,
            "currency": node.amount.currency if node.amount else None,
            "place": node.place or None,
        }
        yield from _tree_rows(node.children, level + 1)


_NOTE_COLUMNS = (Column("about", N_("about"), "code"), Column("text", N_("text")))


def _notes(answer: Answer) -> Iterator[Row]:
    """Yield all that stands around the tables of a page, a line each."""
    if answer.verbatim is not None:
        yield from ({"about": None, "text": line} for line in answer.verbatim.splitlines())
    yield from ({"about": _(label), "text": say(value)} for label, value in answer.details)
    yield from ({"about": _("warning"), "text": sentence(text)} for text in answer.warnings)
    for finding in (*answer.task_findings, *answer.findings):
        about = wording.word("severity", finding.severity)
        yield {"about": about, "text": "\n".join(wording.finding_lines(finding))}
    yield from ({"about": None, "text": sentence(note)} for note in answer.notes)


@dataclass(frozen=True, slots=True)
class _Field:
    """A column of a sheet: where its cells are in a row, and what kind they have."""

    path: tuple[str, ...]
    column: Column

    @property
    def heading(self) -> str:
        """Return the head of the column, its key where it has no name for people."""
        return heading(self.column.label) or visible(self.path[-1].rpartition("\0")[2])

    def cell(self, row: Row) -> Any:  # noqa: ANN401 - a cell of any kind
        """Return the cell of ``row``."""
        cell: Any = row
        for key in self.path:
            cell = None if cell is None else cell.get(key)
        return cell


def _fields(columns: Iterable[Column]) -> Iterator[_Field]:
    for column in columns:
        if column.kind == "group":
            yield from (_Field((column.key, sub.key), sub) for sub in column.columns)
        elif column.kind not in {"table", "bar"}:
            yield _Field((column.key,), column)


class _Writer:
    """A workbook in the making, with its formats and the names that its sheets have."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - a workbook of the library
        self._book = book
        self._formats: dict[str, Any] = {}
        self._names: set[str] = set()

    def write(self, sheet: _Sheet) -> None:
        """Add a sheet with its head frozen, its columns wide enough, and filters."""
        made = self._book.add_worksheet(self._name(sheet.name))
        fields = list(_fields(sheet.columns))
        head = self._format("@", bold=True, text_wrap=False, bottom=1)
        for place, field in enumerate(fields):
            made.write_string(0, place, _fitting(field.heading), head)
            widths = [display_width(field.heading) + 3]
            for number, row in enumerate(sheet.rows, start=1):
                widths.append(self._cell(made, number, place, field.column, field.cell(row)))
            width = min(max([*widths, _NARROWEST]), _WIDEST)
            made.set_column(place, place, width)
        made.freeze_panes(1, 0)
        if fields:
            made.autofilter(0, 0, len(sheet.rows), len(fields) - 1)
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

    def _cell(self, sheet: Any, row: int, place: int, column: Column, cell: Any) -> int:  # noqa: ANN401, PLR0911 - one line a kind
        """Write one cell and return the width it wants."""
        match cell:
            case None:
                return 0
            case bool():
                sheet.write_boolean(row, place, cell, self._format("General"))
                return 6
            case Money():
                text = plain(cell.amount, cell.currency)
                return self._number(sheet, row, place, cell.amount, _grouped(text), text)
            case Percent():
                return self._percent(sheet, row, place, cell.value)
            case Decimal() if column.kind == "percent":
                return self._percent(sheet, row, place, cell)
            case int() | Decimal():
                text = f"{cell:f}"
                return self._number(sheet, row, place, Decimal(cell), _ungrouped(text), text)
            case dt.date() if cell >= _FIRST_DAY:
                day = dt.date(cell.year, cell.month, cell.day)
                sheet.write_datetime(row, place, day, self._format("yyyy-mm-dd"))
                return 11
            case str() if column.kind == "number" and (number := _decimal(cell)) is not None:
                return self._number(sheet, row, place, number, _ungrouped(cell), cell)
        return self._text(sheet, row, place, _said(column, cell))

    def _number(
        self,
        sheet: Any,  # noqa: ANN401 - a sheet of the library
        row: int,
        place: int,
        value: Decimal,
        number_format: str,
        text: str,
    ) -> int:
        """Write a number, or its digits as text where a workbook would lose some."""
        if not _is_exact(value):
            return self._text(sheet, row, place, text, align="right")
        sheet.write_number(row, place, float(value), self._format(number_format))
        return len(f"{text}{',' * (len(text) // 3)}") + 1

    def _percent(self, sheet: Any, row: int, place: int, value: Decimal) -> int:  # noqa: ANN401
        text = f"{value:f}"
        decimals = len(text.partition(".")[2].rstrip("0"))
        number_format = f"0{'.' if decimals else ''}{'0' * decimals}%"
        return self._number(sheet, row, place, value / 100, number_format, f"{text}%")

    def _text(self, sheet: Any, row: int, place: int, text: str, **look: Any) -> int:  # noqa: ANN401
        text = _fitting(text)
        if "\n" in text:
            look["text_wrap"] = True
        if text:
            sheet.write_string(row, place, text, self._format("@", **look))
        return max(map(display_width, text.split("\n"))) + 2


def _said(column: Column, cell: Any) -> str:  # noqa: ANN401 - a cell of any kind
    """Return a cell of words as people read it; enumerations in the language spoken now."""
    if column.words and isinstance(cell, str):
        return wording.word(column.words, cell)
    if column.words and isinstance(cell, list | tuple):
        return say([wording.word(column.words, str(item)) for item in cell])
    if isinstance(cell, Mapping):
        return say(cell)
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
    """Return whether a workbook, which writes fifteen or sixteen digits, keeps ``value``."""
    return Decimal(f"{float(value):.16G}") == value


def _grouped(text: str) -> str:
    return "#,##0" + _ungrouped(text)[1:]


def _ungrouped(text: str) -> str:
    """Return the number format with as many decimals as ``text`` has."""
    decimals = len(text.partition(".")[2])
    return f"0{'.' if decimals else ''}{'0' * decimals}"
