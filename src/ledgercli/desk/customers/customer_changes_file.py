"""Many changes of customer records from one CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from ledgercli.books.data_edit import Delete, Edit, Put
from ledgercli.books.record_changes import RecordChange
from ledgercli.books.record_keys import parse_key, parse_value
from ledgercli.desk.customers.customer_errors import (
    BadChangesFileError,
    FileNotReadableError,
    NoSuchColumnError,
)
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold
from ledgercli.model.sentence import Sentence

_UNSET = "~"


def read_changes(content: bytes, shown: str) -> Sequence[RecordChange]:
    """Return the changes that a CSV file asks for, in its order.

    The first line names the columns: ``id`` and dotted keys. An empty cell changes nothing, ``~``
    takes the key away. Raise BadChangesFileError, NoSuchColumnError, FileNotReadableError, and
    UnknownKeyError for a column that no record has.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileNotReadableError(file=shown, reason=Sentence(N_("it is not UTF-8"))) from None
    reader = csv.reader(io.StringIO(text, newline=""), dialect=_dialect(text), strict=True)
    changes: list[RecordChange] = []
    seen: dict[str, int] = {}
    try:
        heading = [cell.strip() for cell in next(reader, [])]
        if "id" not in heading:
            raise NoSuchColumnError(file=shown)
        if heading.count("id") > 1:
            raise _bad(shown, reader.line_num, N_("two columns are named `id`"))
        own = heading.index("id")
        paths = [None if at == own else parse_key(key) for at, key in enumerate(heading)]
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            line = reader.line_num
            if len(row) != len(heading):
                reason = N_("{found} cells, and {wanted} columns")
                values = {"found": str(len(row)), "wanted": str(len(heading))}
                raise _bad(shown, line, reason, **values)
            identifier = row[own].strip()
            if not identifier:
                raise _bad(shown, line, N_("the id is empty"))
            if fold(identifier) in seen:
                before = str(seen[fold(identifier)])
                raise _bad(shown, line, N_("the same id as in line {line}"), line=before)
            seen[fold(identifier)] = line
            cells = zip(paths, row, strict=True)
            edits = tuple(
                _edit(path, cell.strip()) for path, cell in cells if path and cell.strip()
            )
            changes.append(RecordChange(identifier, edits))
    except csv.Error as error:
        raise BadChangesFileError(file=shown, line=reader.line_num, reason=error) from None
    return changes


def _bad(shown: str, line_number: int, reason: str, **values: str) -> BadChangesFileError:
    return BadChangesFileError(file=shown, line=line_number, reason=Sentence(reason, **values))


def _edit(path: tuple[str | int, ...], cell: str) -> Edit:
    return Delete(path) if cell == _UNSET else Put(path, parse_value(path, cell))


def _dialect(text: str) -> type[csv.Dialect]:
    """Return the dialect of the first line: commas, semicolons or tabs between columns."""

    class Found(csv.excel):
        delimiter = max(",;\t", key=text.partition("\n")[0].count)

    return Found
