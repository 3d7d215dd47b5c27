"""An answer as a JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring as quoted
from typing import Any

from ledgercli.model.answer import Answer, Column, Row, Table
from ledgercli.output.plain import plain_value, with_currencies
from ledgercli.output.safe_text import escape_json


def render(answer: Answer, _paper: object = None) -> str:
    """Return the document: schema, facts, tables, closing facts, in this order.

    Keys stand in the order of the columns, whatever order the rows have; UTF-8 text is not escaped
    but for control and bidi characters. It ends in one line feed.
    """
    document: dict[str, Any] = {"schema": f"ledgercli/{answer.schema}"}
    document |= {key: plain_value(value) for key, value in answer.facts.items()}
    document |= {table.key: rows(table) for table in answer.tables}
    document |= {key: plain_value(value) for key, value in answer.closing_facts.items()}
    return escape_json(_written(document, "\n")) + "\n"


_WORDS = {None: "null", True: "true", False: "false"}


def _written(value: Any, line: str) -> str:  # noqa: ANN401 - what JSON can say
    """Return ``value`` as ``json.dumps`` indents it by two; ``line`` begins its last line.

    The standard library does so in Python, with a step of a generator for each key and value: for
    thousands of rows this takes three fifths of the time, cells and all.
    """
    kind = type(value)
    if kind is str:
        return quoted(value)
    if kind is int or value is None or kind is bool:
        return str(value) if kind is int else _WORDS[value]
    inner = f"{line}  "
    if kind is dict and value and all(type(key) is str for key in value):
        entries = [f"{quoted(key)}: {_written(entry, inner)}" for key, entry in value.items()]
        return f"{{{inner}{f',{inner}'.join(entries)}{line}}}"
    if kind is list and value:
        entries = [_written(entry, inner) for entry in value]
        return f"[{inner}{f',{inner}'.join(entries)}{line}]"
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", line)


def rows(table: Table) -> list[dict[str, Any]]:
    """Return the rows of ``table`` with plain cells."""
    columns = _data_of(table.columns)
    return [_row(columns, row) for row in table.rows]


#: What stands in a document as it stands in a row, whatever column it is in.
_PLAIN = frozenset([str, int, bool, type(None)])


def _row(columns: Sequence[Column], row: Row) -> dict[str, Any]:
    return {
        column.key: cell if type(cell := row[column.key]) in _PLAIN else _cell(column, cell)
        for column in columns
    }


def _data_of(columns: Iterable[Column]) -> list[Column]:
    return [column for column in columns if column.kind != "bar"]


def _cell(column: Column, cell: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    if column.kind == "group" and column.columns:
        return _row(_data_of(column.columns), cell)
    if column.kind == "table" and column.columns:
        columns = _data_of(column.columns)
        return [_row(columns, row) for row in cell]
    if column.kind == "amounts":
        return with_currencies(cell)
    return plain_value(cell)
