"""Pictures of tables: which rows and figures a chart draws, for the macros that write SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledgercli.model.answer import Answer, Chart, Table
from ledgercli.output.chart_rows import line_of, parts_of, series_of
from ledgercli.output.html_bars import bullets, pareto, stacked_bars
from ledgercli.output.html_heat import heat_map
from ledgercli.output.html_marks import Line, Picture, Series
from ledgercli.output.html_plots import curves, stacked_columns
from ledgercli.output.language import _
from ledgercli.output.safe_text import visible


def pictures(answer: Answer, table: Table) -> Iterator[Picture]:
    """Yield the pictures of ``table``, one for each value of the column that splits a chart."""
    for chart in answer.charts:
        if chart.table != table.key:
            continue
        columns = {column.key: column for column in table.columns}
        series = list(series_of(chart.series, columns))
        for part, rows in parts_of(chart, table.rows):
            lines = [line_of(chart, series, row, columns) for row in rows]
            if not any(value for line in lines for value in line.values):
                continue
            title = visible(_(chart.title))
            whole = _("{title}, {part}").format(title=title, part=part) if part else title
            picture = Picture(whole, chart.kind, table.key)
            bounds = list(series_of(chart.band, columns))
            band = [line_of(chart, bounds, row, columns) for row in rows] if bounds else []
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
        case "heat-map":
            heat_map(picture, series, lines)
        case "stacked-columns":
            stacked_columns(picture, chart, series, lines)
        case "line":
            curves(picture, chart, series, lines, band)
