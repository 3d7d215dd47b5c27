"""Which rows and figures of a table a chart draws, whatever it is drawn with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Chart, Column, Row
from ledgercli.model.values import Money, Percent
from ledgercli.output.cells import cell_text
from ledgercli.output.html_marks import Line, Series
from ledgercli.output.safe_text import visible
from ledgercli.output.values import heading

_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")


def series_of(keys: Iterable[str], columns: Mapping[str, Column]) -> Iterator[Series]:
    """Yield the series that ``keys`` name, each column of a group by itself."""
    for key in keys:
        column = columns[key]
        if column.kind == "group":
            for sub in column.columns:
                yield Series((key, sub.key), heading(sub.label), sub)
        else:
            yield Series((key,), heading(column.label), column)


def parts_of(chart: Chart, rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
    """Yield the rows of each picture with what they have in common, "" where all are one."""
    if not chart.split:
        yield "", rows
        return
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(str(row[chart.split]), []).append(row)
    yield from ((visible(part), parts[part]) for part in sorted(parts))


def line_of(
    chart: Chart, series: Sequence[Series], row: Row, columns: Mapping[str, Column]
) -> Line:
    """Return a row as it is drawn: its name, its figures, and their currency."""
    names = [cell_text(columns[key], row[key]) for key in chart.category]
    # A customer without a name of its own is called by its id; once is enough.
    name = " ".join(dict.fromkeys(name for name in names if name))
    cells = [_cell(row, one.key) for one in series]
    unit = next((cell.currency for cell in cells if isinstance(cell, Money)), "")
    return Line(
        name,
        tuple(_number(cell, one.column) for cell, one in zip(cells, series, strict=True)),
        unit,
    )


def _cell(row: Row, path: Sequence[str]) -> Any:  # noqa: ANN401 - a cell of any kind
    cell: Any = row
    for key in path:
        cell = None if cell is None else cell[key]
    return cell


def _number(cell: Any, column: Column) -> Decimal | None:  # noqa: ANN401 - a cell of any kind
    match cell:
        case str() if column.kind == "number" and _FIGURE.fullmatch(cell):
            # Queries keep the decimals that a figure has.
            return Decimal(cell)
        case Money():
            return cell.amount
        case Percent():
            return cell.value
        case bool():
            return None
        case int() | Decimal():
            return Decimal(cell)
    return None
