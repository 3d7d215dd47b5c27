"""The main table of an answer as CSV.

RFC 4180 with one header line of the JSON keys, in UTF-8 without a byte order mark. Lines end in a
line feed alone: every reader takes it, and ``awk`` or ``cut`` do not find a carriage return in the
last column. Groups become columns of their own, named by the sub-key; lists of texts are joined by
``; ``, mappings are ``key: value; …``; tables within rows are left out, they are in JSON. An
explanation of figures goes before the main table, a line for each thing that went in.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from ledgercli.model.answer import Answer, Column, Row, Table
from ledgercli.output.plain import plain_value, with_currencies
from ledgercli.output.safe_text import visible

# What a spreadsheet takes as the beginning of a formula, in its full-width forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def render(answer: Answer, _paper: object = None) -> str:
    """Return the CSV text of the main table, empty where the answer has none."""
    explained = (t for t in answer.tables if t.role == "data" and t.section)
    ordinary = (t for t in answer.tables if t.role in {"main", "sections", "data"})
    table = next(chain(explained, ordinary), None)
    if table is None:
        return ""
    if table.section:
        table = opened_rows(table)
    fields = list(_fields(table.columns))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(_names(fields))
    writer.writerows([_cell(field, row) for field in fields] for row in table.rows)
    return written.getvalue()


def opened_rows(table: Table) -> Table:
    """Return the rows of all sections as one table, the section's own cells in front."""
    section = next(column for column in table.columns if column.key == table.section)
    outer = tuple(column for column in table.columns if column.key != table.section)
    inner = tuple(replace(column, key=f"{section.key}\0{column.key}") for column in section.columns)
    rows: list[Row] = [
        {**row, **{f"{section.key}\0{key}": cell for key, cell in line.items()}}
        for row in table.rows
        for line in row[table.section] or _without(table, inner)
    ]
    return Table(table.key, outer + inner, rows)


def _without(table: Table, inner: Sequence[Column]) -> tuple[Row, ...]:
    """Return what stands for a section without rows: nothing, or an empty line of data."""
    if table.role != "data":
        return ()
    return ({column.key.partition("\0")[2]: None for column in inner},)


Field = tuple[Column, Column | None]
"""A column, and the sub-column where the column is a group."""


def _fields(columns: Sequence[Column]) -> Iterator[Field]:
    for column in columns:
        if column.kind == "group":
            yield from ((column, sub) for sub in column.columns)
        elif column.kind not in {"table", "bar"}:
            yield column, None


def _names(fields: Sequence[Field]) -> list[str]:
    """Return the header: plain keys, ``group.key`` or ``section.key`` where two would be equal."""
    paths = [[*column.key.split("\0"), *([sub.key] if sub else [])] for column, sub in fields]
    short = Counter(path[-1] for path in paths)
    return [visible(path[-1] if short[path[-1]] == 1 else ".".join(path)) for path in paths]


def _cell(field: Field, row: Row) -> Any:  # noqa: ANN401, PLR0911 - one line a kind
    column, sub = field
    cell = row[column.key]
    if sub is not None:
        cell = None if cell is None else cell[sub.key]
        column = sub
    value = with_currencies(cell) if column.kind == "amounts" and cell else plain_value(cell)
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return _text("; ".join(map(str, value)))
        case dict():
            return _text("; ".join(f"{key}: {item}" for key, item in value.items()))
        case str() if column.kind in {"money", "number", "percent", "date"}:
            return value
        case str():
            return _text(value)
    return value


def _text(text: str) -> str:
    """Return a cell of text that no spreadsheet takes for a formula."""
    return visible(f"'{text}" if text.startswith(_FORMULA) else text)
