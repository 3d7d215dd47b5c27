"""XLSX workbooks, read as the text that a person sees in their cells, and written as text."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from ledgercli.books.foreign.errors import (
    ForeignFileError,
    NoHeadingsError,
    WorkbookLibraryMissingError,
)
from ledgercli.books.foreign.headings import table_of
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.exchange import ForeignTable, Profile
from ledgercli.model.sentence import Sentence

_UNPACKED_MAX = 512 * 1024 * 1024
_ONLY_ZEROS = re.compile(r"0{2,}")
#: What no cell of a workbook may hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_xlsx(
    content: bytes,
    profile: Profile,
    file: str,
    encoding: str | None = None,  # noqa: ARG001 - a workbook knows its own
    delimiter: str | None = None,  # noqa: ARG001
) -> ForeignTable:
    """Return the rows of the first sheet that has headings of the profile.

    Formulas give the value they had when the file was saved. Raise the errors of
    ``books/foreign/errors.py``.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise WorkbookLibraryMissingError from error

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        too_large = unpacked > _UNPACKED_MAX
        book = (
            None
            if too_large
            else openpyxl.load_workbook(io.BytesIO(content), data_only=True, read_only=True)
        )
    except zipfile.BadZipFile:
        reason = Sentence(N_("it is not a workbook, or only a part of one"))
        raise ForeignFileError(file=file, kind="XLSX", reason=reason) from None
    except Exception as error:  # noqa: BLE001 - whatever the broken part led the library into
        raise ForeignFileError(file=file, kind="XLSX", reason=error) from None
    if book is None:
        reason = Sentence(N_("it unpacks to more than {limit} MiB"), limit="512")
        raise ForeignFileError(file=file, kind="XLSX", reason=reason)
    try:
        return _first_with_headings(book, profile, file)
    finally:
        book.close()


def _first_with_headings(book: Any, profile: Profile, file: str) -> ForeignTable:  # noqa: ANN401
    missing: NoHeadingsError | None = None
    for sheet in book.worksheets:
        grid = [[_text(cell) for cell in line] for line in sheet.iter_rows()]
        try:
            return table_of(grid, profile, file)
        except NoHeadingsError as error:
            missing = missing or error
    raise missing or ForeignFileError(file=file, kind="XLSX", reason="no sheet")


def write_xlsx(rows: Sequence[Mapping[str, str]], profile: Profile) -> bytes:
    """Return a workbook of ``rows`` by column; every cell is text, so that nothing is computed."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise WorkbookLibraryMissingError from error

    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True, "strings_to_urls": False})
    # Files of the same rows are the same bytes.
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - no moment is meant
    text = book.add_format({"num_format": "@"})
    heading = book.add_format({"bold": True, "num_format": "@"})
    sheet = book.add_worksheet(profile.sheet or None)
    for place, column in enumerate(profile.columns):
        sheet.write_string(0, place, column, heading)
        sheet.set_column(place, place, 18, text)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(profile.columns):
            if cell := row.get(column, ""):
                sheet.write_string(number, place, _UNWRITABLE.sub(" ", cell), text)
    sheet.freeze_panes(1, 0)
    book.close()
    return packed.getvalue()


def _text(cell: Any) -> str:  # noqa: ANN401 - a cell of openpyxl
    """Return what stands in a cell: leading zeros of the number format, dates as ISO dates."""
    value = cell.value
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case dt.datetime() if value.time() == dt.time():
            text = value.date().isoformat()
        case dt.datetime():
            text = value.isoformat(sep=" ")
        case float() if value.is_integer():
            text = _padded(str(int(value)), cell)
        case float():
            text = _decimal(value)
        case int():
            text = _padded(str(value), cell)
        case _:
            text = str(value)  # a date as ISO date
    return text


def _decimal(value: float) -> str:
    """Return the shortest digits that mean the number; 15 are what a spreadsheet keeps."""
    text = f"{value:.15g}"
    if "e" in text:
        from decimal import Decimal

        return f"{Decimal(text):f}"
    return text


def _padded(digits: str, cell: Any) -> str:  # noqa: ANN401 - a cell of openpyxl
    form = str(getattr(cell, "number_format", "") or "")
    return digits.zfill(len(form)) if _ONLY_ZEROS.fullmatch(form) else digits
