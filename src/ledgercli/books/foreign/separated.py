"""Files of separated values: CSV in its dialects, and the IIF files of QuickBooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledgercli.books.errors import BooksError
from ledgercli.books.foreign.decoding import decoded_foreign
from ledgercli.books.foreign.errors import ForeignFileError, UnclosedQuoteError
from ledgercli.books.foreign.formulas import guarded, unguarded
from ledgercli.books.foreign.headings import table_of
from ledgercli.model.exchange import ForeignTable, Profile

_DELIMITERS = (",", ";", "\t", "|")
_CELL_MAX = 1 << 20
_LINE_END = "\r\n"
#: No file has this character: it stands for none.
_END = "\U0010fffe"


def read_csv(
    content: bytes,
    profile: Profile,
    file: str,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> ForeignTable:
    """Return the rows of a CSV file; see ``decoding`` for its encoding.

    The delimiter is the one that yields most columns of the profile, unless it is told.
    Raise the errors of ``books/foreign/errors.py``.
    """
    text, found = decoded_foreign(content, profile, file, encoding)
    candidates = (delimiter,) if delimiter else (profile.delimiter, *_DELIMITERS)
    best: ForeignTable | None = None
    chosen = ""
    problem: BooksError | None = None
    for candidate in dict.fromkeys(candidates):
        try:
            table = table_of(_grid(text, candidate, file), profile, file)
        except BooksError as error:
            problem = problem or error
            continue
        if best is None or len(table.columns) > len(best.columns):
            best, chosen = table, candidate
    if best is None:
        assert problem is not None  # noqa: S101 - there is at least one candidate
        raise problem
    return replace(best, encoding=found, delimiter=chosen)


def write_csv(rows: Sequence[Mapping[str, str]], profile: Profile) -> bytes:
    """Return a CSV file of ``rows`` by column, in the profile's encoding and with its delimiter.

    Lines end as RFC 4180 has it. Cells that a spreadsheet would take for a formula are made
    harmless, see ``formulas``.
    """
    written = io.StringIO()
    writer = csv.writer(written, delimiter=profile.delimiter, lineterminator="\r\n")
    writer.writerow(profile.columns)
    for row in rows:
        writer.writerow([guarded(row.get(column, "")) for column in profile.columns])
    return written.getvalue().encode(profile.encoding)


def read_iif(
    content: bytes,
    profile: Profile,
    file: str,
    encoding: str | None = None,
    delimiter: str | None = None,  # noqa: ARG001 - IIF is separated by tabs
) -> ForeignTable:
    """Return the rows of the profile's kind in an IIF file; blocks of other kinds are passed over.

    Raise the errors of ``books/foreign/errors.py``.
    """
    text, found = decoded_foreign(content, profile, file, encoding)
    lines = _grid(text, "\t", file)
    heading, marker = f"!{profile.keyword}", profile.keyword
    block = [line if line and line[0].strip() in {heading, marker} else [] for line in lines]
    table = table_of([line[1:] for line in _from_heading(block, heading)], profile, file)
    skipped = next((index for index, line in enumerate(block) if line[:1] == [heading]), 0)
    rows = tuple(replace(row, number=row.number + skipped) for row in table.rows)
    return replace(table, rows=rows, encoding=found, delimiter="\t")


def write_iif(rows: Sequence[Mapping[str, str]], profile: Profile) -> bytes:
    """Return an IIF file of ``rows`` by column."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter="\t", lineterminator="\r\n")
    writer.writerow([f"!{profile.keyword}", *profile.columns])
    for row in rows:
        cells = (guarded(row.get(column, "")) for column in profile.columns)
        writer.writerow([profile.keyword, *cells])
    return written.getvalue().encode(profile.encoding)


def _from_heading(block: Sequence[list[str]], heading: str) -> list[list[str]]:
    start = next((index for index, line in enumerate(block) if line[:1] == [heading]), len(block))
    return list(block[start:])


def _grid(text: str, delimiter: str, file: str) -> list[list[str]]:
    csv.field_size_limit(_CELL_MAX)
    ended = text.endswith(("\n", "\r"))
    # A line of its own behind the last one comes back as that, unless it stands within a cell.
    closed = f"{text}{'' if ended else _LINE_END}{_END}"
    reader = csv.reader(io.StringIO(closed, newline=""), delimiter=delimiter)
    lines: list[list[str]] = []
    begins = 1
    try:
        for line in reader:
            lines.append([unguarded(cell) for cell in line])
            begins, began = reader.line_num + 1, begins
    except csv.Error as error:
        raise ForeignFileError(file=file, kind="CSV", reason=error) from None
    if lines.pop() != [_END]:
        raise UnclosedQuoteError(file=file, line=began)
    return lines
