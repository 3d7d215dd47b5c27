"""Small curves of plain characters: what has become of a figure, in a line of text.

Each curve runs from its lowest to its highest figure, which stand beside it, so that nothing has
to be guessed from the height of a block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from ledgercli.model.answer import Answer, Chart, Table
from ledgercli.model.record import dataclass
from ledgercli.output.chart_rows import line_of, parts_of, series_of
from ledgercli.output.html_marks import Line, Series, above_zero, told_figure
from ledgercli.output.language import _
from ledgercli.output.paper import Paper
from ledgercli.output.safe_text import display_width, pad, shorten, visible
from ledgercli.output.values import percentage

_BLOCKS = "▁▂▃▄▅▆▇█"
_ASCII = "_.:-=+*#"
#: Kinds of charts whose rows follow each other in time.
_OVER_TIME = frozenset({"line", "stacked-columns"})
#: Points of a curve; of more the latest are drawn.
_POINTS_MAX = 36
#: Points below which a curve goes before what it spans.
_POINTS_MIN = 12
_NAME_MAX = 30


@dataclass(frozen=True, slots=True)
class _Curve:
    """A figure over time; ``unit`` is its currency, ``%`` for shares, else empty."""

    part: str
    name: str
    values: tuple[Decimal | None, ...]
    unit: str


def sparkline(values: Sequence[Decimal | None], *, ascii_only: bool) -> str:
    """Return a character for each figure, the lowest to the highest; a space where there is none.

    Figures that are all the same are in the middle.
    """
    ramp = _ASCII if ascii_only else _BLOCKS
    known = [value for value in values if value is not None]
    if not known:
        return " " * len(values)
    low, high = min(known), max(known)
    top = len(ramp) - 1
    return "".join(
        " "
        if value is None
        else ramp[top // 2]
        if low == high
        else ramp[int(((value - low) * top / (high - low)).to_integral_value("ROUND_HALF_UP"))]
        for value in values
    )


def trend_lines(answer: Answer, table: Table, paper: Paper) -> list[str]:
    """Return a line for each figure that a chart draws over time: its curve, and what it spans."""
    curves = [
        curve
        for chart in answer.charts
        if chart.table == table.key and chart.kind in _OVER_TIME
        for curve in _curves(chart, table)
    ]
    # A point alone is no curve.
    curves = [one for one in curves if sum(value is not None for value in one.values) > 1]
    curves.sort(key=lambda curve: curve.part)
    if not curves:
        return []
    parts = max(display_width(curve.part) for curve in curves)
    room = min(_NAME_MAX, max(display_width(curve.name) for curve in curves))
    return [_told(curve, parts, room, paper) for curve in curves]


def _told(curve: _Curve, parts: int, room: int, paper: Paper) -> str:
    known = [value for value in curve.values if value is not None]
    drawn = sparkline(curve.values, ascii_only=paper.ascii_only)
    low, high, last = (_figure(value, curve.unit) for value in (min(known), max(known), known[-1]))
    span = _("{low} to {high}, last {last}").format(low=low, high=high, last=last)
    head = pad(curve.part, parts) + "  " if parts else ""
    name = pad(shorten(curve.name, room, paper.ellipsis), room)
    left = paper.width - display_width(f"{head}{name}    {span}")
    if left < min(len(drawn), _POINTS_MIN):
        span = last
        left = paper.width - display_width(f"{head}{name}    {span}")
    if left < len(drawn):
        # The latest points are what people look for.
        drawn = drawn[len(drawn) - max(left, 1) :]
    return f"{head}{name}  {drawn}  {span}"


def _figure(value: Decimal, unit: str) -> str:
    return percentage(value) if unit == "%" else told_figure(value, unit)


def _curves(chart: Chart, table: Table) -> Iterator[_Curve]:
    columns = {column.key: column for column in table.columns}
    series = list(series_of(chart.series, columns))
    for part, rows in parts_of(chart, table.rows):
        lines = [line_of(chart, series, row, columns) for row in rows][-_POINTS_MAX:]
        if chart.kind == "stacked-columns":
            values = tuple(map(above_zero, lines))
            yield _Curve(part, visible(_(chart.title)), values, _unit(series[0], lines))
            continue
        for place, one in enumerate(series):
            yield _Curve(
                part, one.label, tuple(line.values[place] for line in lines), _unit(one, lines)
            )


def _unit(series: Series, lines: Sequence[Line]) -> str:
    if series.column.kind == "percent":
        return "%"
    if series.column.kind != "money":
        return ""
    return next((line.unit for line in lines if line.unit), "")
