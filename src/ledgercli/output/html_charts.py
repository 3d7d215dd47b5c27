"""Pictures of tables: which rows and figures a chart draws, for the macros that write SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Row, Table
from ledgercli.model.values import Money, Percent
from ledgercli.output.cells import cell_text
from ledgercli.output.html_bars import bullets, pareto, stacked_bars
from ledgercli.output.html_marks import Line, Picture, Series
from ledgercli.output.html_plots import curves, stacked_columns
from ledgercli.output.language import _
from ledgercli.output.safe_text import visible
from ledgercli.output.values import heading


def pictures(answer: Answer, table: Table) -> Iterator[Picture]:
    """Yield the pictures of ``table``, one for each value of the column that splits a chart."""
    for chart in answer.charts:
        if chart.table != table.key:
            continue
        columns = {column.key: column for column in table.columns}
        series = list(_series(chart.series, columns))
        for part, rows in _parts(chart, table.rows):
            lines = [_line(chart, series, row, columns) for row in rows]
            if not any(value for line in lines for value in line.values):
                continue
            title = visible(_(chart.title))
            whole = _("{title}, {part}").format(title=title, part=part) if part else title
            picture = Picture(whole, chart.kind, table.key)
            bounds = list(_series(chart.band, columns))
            band = [_line(chart, bounds, row, columns) for row in rows] if bounds else []
            _draw(picture, chart, series, lines, band)
            yield picture


def _draw(
    picture: Picture,
    chart: Chart,
    series: Sequence[Series],
    lines: Sequence[Line],
    band: Sequence[Line],
) -> None:
    match chart.kind:
        case "stacked-bars":
            stacked_bars(picture, series, lines, own_scale=chart.shares)
        case "bullet":
            bullets(picture, lines, chart)
        case "pareto":
            pareto(picture, series, lines)
        case "stacked-columns":
            stacked_columns(picture, chart, series, lines)
        case "line":
            curves(picture, chart, series, lines, band)


def _series(keys: Iterable[str], columns: Mapping[str, Column]) -> Iterator[Series]:
    for key in keys:
        column = columns[key]
        if column.kind == "group":
            for sub in column.columns:
                yield Series((key, sub.key), heading(sub.label), sub)
        else:
            yield Series((key,), heading(column.label), column)


def _parts(chart: Chart, rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
    if not chart.split:
        yield "", rows
        return
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(str(row[chart.split]), []).append(row)
    yield from ((visible(part), parts[part]) for part in sorted(parts))


def _line(chart: Chart, series: Sequence[Series], row: Row, columns: Mapping[str, Column]) -> Line:
    names = [cell_text(columns[key], row[key]) for key in chart.category]
    # A customer without a name of its own is called by its id; once is enough.
    name = " ".join(dict.fromkeys(name for name in names if name))
    cells = [_cell(row, one.key) for one in series]
    unit = next((cell.currency for cell in cells if isinstance(cell, Money)), "")
    return Line(name, tuple(map(_number, cells)), unit)


def _cell(row: Row, path: Sequence[str]) -> Any:  # noqa: ANN401 - a cell of any kind
    cell: Any = row
    for key in path:
        cell = None if cell is None else cell[key]
    return cell


def _number(cell: Any) -> Decimal | None:  # noqa: ANN401 - a cell of any kind
    match cell:
        case Money():
            return cell.amount
        case Percent():
            return cell.value
        case bool():
            return None
        case int() | Decimal():
            return Decimal(cell)
    return None
