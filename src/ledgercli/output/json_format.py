"""An answer as a JSON document."""

from __future__ import annotations

import json
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
    return escape_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def rows(table: Table) -> list[dict[str, Any]]:
    """Return the rows of ``table`` with plain cells."""
    return [_row(table.columns, row) for row in table.rows]


def _row(columns: tuple[Column, ...], row: Row) -> dict[str, Any]:
    return {column.key: _cell(column, row[column.key]) for column in columns if _is_data(column)}


def _is_data(column: Column) -> bool:
    return column.kind != "bar"


def _cell(column: Column, cell: Any) -> Any:  # noqa: ANN401 - a cell of any kind
    if cell is None:
        return None
    if column.kind == "group" and column.columns:
        return _row(column.columns, cell)
    if column.kind == "table" and column.columns:
        return [_row(column.columns, row) for row in cell]
    if column.kind == "amounts":
        return with_currencies(cell)
    return plain_value(cell)
