"""Pictures of tables: where their marks stand, for the macros that write them as SVG.

Across, everything is a share of the width, so that a picture fits a telephone and a sheet of paper
alike and its words keep their size; down, everything is pixels. No figure is told by colour alone:
marks carry their figure, and the table stands beside the picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Answer, Chart, Column, Row, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.values import Money, Percent
from ledgercli.output.cells import cell_text, same_decimals
from ledgercli.output.language import _, ngettext
from ledgercli.output.safe_text import shorten, visible
from ledgercli.output.values import figure, heading, percentage

#: Bars of a picture; what is beyond them is drawn as one, or told.
BARS_MAX = 25
_LABEL_WIDTH = 38
_SHADES = 6
_ROW = 38
_BAR_TOP, _BAR_HEIGHT = 18, 13
_PLOT_TOP, _PLOT_HEIGHT, _PLOT_FOOT = 22, 190, 22
_LABELS_MAX = 6
#: Curves are drawn in this many units across, whatever the width of the picture.
CURVE_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Box:
    """A filled mark: x and width in percent, y and height in pixels; ``text`` is its figure."""

    x: str
    y: str
    width: str
    height: str
    style: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: x in percent, y in pixels."""

    x1: str
    y1: str
    x2: str
    y2: str
    style: str


@dataclass(frozen=True, slots=True)
class Words:
    """Text at x in percent and y in pixels; ``anchor`` is the side of it that stands there."""

    x: str
    y: str
    text: str
    anchor: str = "start"
    style: str = "label"


@dataclass(frozen=True, slots=True)
class Curve:
    """Points as SVG wants them, x in :data:`CURVE_WIDTH`; ``closed`` ones are an area."""

    points: str
    style: str
    closed: bool = False


@dataclass(slots=True)
class Picture:
    """One picture: its title, its height in pixels, its marks, and what stands for what."""

    title: str
    kind: str
    table: str
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    legend: list[tuple[str, str]] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    """A row to be drawn: its name, and a figure for each series, None where there is none."""

    name: str
    values: tuple[Decimal | None, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class _Series:
    key: tuple[str, ...]
    label: str
    column: Column


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
    series: Sequence[_Series],
    lines: Sequence[_Line],
    band: Sequence[_Line],
) -> None:
    match chart.kind:
        case "stacked-bars":
            _stacked_bars(picture, series, lines, own_scale=chart.shares)
        case "bullet":
            _bullets(picture, lines, chart)
        case "pareto":
            _pareto(picture, series, lines)
        case "stacked-columns":
            _stacked_columns(picture, chart, series, lines)
        case "line":
            _curves(picture, chart, series, lines, band)


def _series(keys: Iterable[str], columns: Mapping[str, Column]) -> Iterator[_Series]:
    for key in keys:
        column = columns[key]
        if column.kind == "group":
            for sub in column.columns:
                yield _Series((key, sub.key), heading(sub.label), sub)
        else:
            yield _Series((key,), heading(column.label), column)


def _parts(chart: Chart, rows: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
    if not chart.split:
        yield "", rows
        return
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(str(row[chart.split]), []).append(row)
    yield from ((visible(part), parts[part]) for part in sorted(parts))


def _line(
    chart: Chart, series: Sequence[_Series], row: Row, columns: Mapping[str, Column]
) -> _Line:
    names = [cell_text(columns[key], row[key]) for key in chart.category]
    # A customer without a name of its own is called by its id; once is enough.
    name = " ".join(dict.fromkeys(name for name in names if name))
    cells = [_cell(row, one.key) for one in series]
    unit = next((cell.currency for cell in cells if isinstance(cell, Money)), "")
    return _Line(name, tuple(map(_number, cells)), unit)


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


def _stacked_bars(
    picture: Picture, series: Sequence[_Series], lines: Sequence[_Line], *, own_scale: bool
) -> None:
    """Draw a bar for each line: the parts above zero one after the other."""
    lines = _with_rest(lines)
    longest = max(map(_above_zero, lines), default=Decimal(0))
    for number, line in enumerate(lines):
        top = number * _ROW
        _head(picture, line, top, _told(sum(filter(None, line.values), Decimal(0)), line.unit))
        scale = _above_zero(line) if own_scale else longest
        reached = Decimal(0)
        for place, (one, value) in enumerate(zip(series, line.values, strict=True)):
            if not value or value < 0:
                continue
            picture.boxes.append(
                Box(
                    _percent(reached, scale),
                    str(top + _BAR_TOP),
                    _percent(value, scale),
                    str(_BAR_HEIGHT),
                    f"shade-{_shade(place, len(series))}",
                    f"{line.name}, {one.label}: {_told(value, line.unit)}",
                )
            )
            reached += value
    picture.height = len(lines) * _ROW
    picture.legend = _legend(series)


def _with_rest(lines: Sequence[_Line]) -> list[_Line]:
    """Return at most :data:`BARS_MAX` lines: the largest in their order, the rest as one."""
    if len(lines) <= BARS_MAX:
        return list(lines)
    by_size = sorted(range(len(lines)), key=lambda place: -_above_zero(lines[place]))
    kept = set(by_size[: BARS_MAX - 1])
    rest = [line for place, line in enumerate(lines) if place not in kept]
    sums = tuple(
        sum((value or Decimal(0) for value in values), Decimal(0))
        for values in zip(*(line.values for line in rest), strict=True)
    )
    words = ngettext("{count} other", "{count} others", len(rest)).format(count=len(rest))
    return [
        *(line for place, line in enumerate(lines) if place in kept),
        _Line(words, sums, rest[0].unit),
    ]


def _above_zero(line: _Line) -> Decimal:
    return sum((value for value in line.values if value and value > 0), Decimal(0))


def _bullets(picture: Picture, lines: Sequence[_Line], chart: Chart) -> None:
    """Draw how much of a hundred each line has, with a mark at the hundred."""
    drawn = [(line, value) for line in lines if (value := line.values[0]) is not None]
    drawn.sort(key=lambda pair: -pair[1])
    left = len(drawn) - BARS_MAX
    drawn = drawn[:BARS_MAX]
    hundred = Decimal(100)
    widest = max([hundred, *(value for _line, value in drawn)]) * Decimal("1.02")
    told = same_decimals([percentage(value) for _line, value in drawn])
    for number, ((line, value), percent) in enumerate(zip(drawn, told, strict=True)):
        top = number * _ROW
        _head(picture, line, top, percent)
        at, height = str(top + _BAR_TOP), str(_BAR_HEIGHT)
        picture.boxes.append(Box("0%", at, _percent(hundred, widest), height, "ground"))
        style = "over" if value > hundred else "measure"
        width = _percent(max(value, Decimal(0)), widest)
        inner = (str(top + _BAR_TOP + 3), str(_BAR_HEIGHT - 6))
        picture.boxes.append(Box("0%", inner[0], width, inner[1], style, f"{line.name}: {percent}"))
        x = _percent(hundred, widest)
        ends = (str(top + _BAR_TOP - 2), str(top + _BAR_TOP + _BAR_HEIGHT + 2))
        picture.rules.append(Rule(x, ends[0], x, ends[1], "mark"))
    picture.height = len(drawn) * _ROW
    picture.legend = [("measure", visible(_(chart.axis or N_("used %")))), ("mark", "100%")]
    if any(value > hundred for _line, value in drawn):
        picture.legend.insert(1, ("over", "> 100%"))
    if left > 0:
        words = _("{count} more in the table.")
        picture.note = words.format(count=left)


def _pareto(picture: Picture, series: Sequence[_Series], lines: Sequence[_Line]) -> None:
    """Draw lines by size as shares of the whole, and the share that all down to each have."""
    sized = sorted((line for line in lines if _above_zero(line)), key=lambda one: -_above_zero(one))
    total = sum(map(_above_zero, sized), Decimal(0))
    reached = Decimal(0)
    points = []
    for number, line in enumerate(_with_rest(sized)):
        value = _above_zero(line)
        reached += value
        top = number * _ROW
        share = percentage((reached * 100 / total).quantize(Decimal("0.1")))
        _head(picture, line, top, f"{_told(value, line.unit)} · {share}")
        width = _percent(value, total)
        told = f"{line.name}: {_told(value, line.unit)}"
        picture.boxes.append(
            Box("0%", str(top + _BAR_TOP), width, str(_BAR_HEIGHT), "measure", told)
        )
        middle = top + _BAR_TOP + _BAR_HEIGHT // 2
        points.append(f"{_trim(reached * CURVE_WIDTH / total)},{middle}")
        picture.height = top + _ROW
    picture.curves.append(Curve(" ".join(points), "curve-1"))
    picture.legend = [("measure", series[0].label), ("curve-1", _("share up to here"))]


def _head(picture: Picture, line: _Line, top: int, told: str) -> None:
    picture.words.append(Words("0%", str(top + 12), shorten(line.name, _LABEL_WIDTH)))
    picture.words.append(Words("100%", str(top + 12), told, "end", "figure"))


@dataclass(frozen=True, slots=True)
class _Scale:
    """The axis of upright pictures, from ``low`` to ``high`` in ``steps``."""

    low: Decimal
    high: Decimal
    steps: tuple[Decimal, ...]

    def y(self, value: Decimal) -> Decimal:
        """Return where ``value`` stands, in pixels from the top."""
        return _PLOT_TOP + (self.high - value) * _PLOT_HEIGHT / (self.high - self.low)


def _scale(values: Iterable[Decimal]) -> _Scale:
    """Return an axis with zero on it, in three to seven steps of 1, 2 or 5 times a power of ten."""
    known = list(values)
    low, high = min([Decimal(0), *known]), max([Decimal(0), *known])
    if low == high:
        high = Decimal(1)
    rough = (high - low) / 4
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * by for by in (1, 2, 5, 10) if power * by >= rough)
    first = int((low / step).to_integral_value("ROUND_FLOOR"))
    last = int((high / step).to_integral_value("ROUND_CEILING"))
    steps = tuple(step * number for number in range(first, last + 1))
    return _Scale(steps[0], steps[-1], steps)


def _axes(picture: Picture, chart: Chart, scale: _Scale, lines: Sequence[_Line]) -> None:
    for step in scale.steps:
        y = _trim(scale.y(step))
        picture.rules.append(Rule("0%", y, "100%", y, "base" if not step else "grid"))
        label = f"{step:,f}"
        if "." in label:
            label = label.rstrip("0").rstrip(".")
        picture.words.append(Words("0%", _trim(scale.y(step) - 3), label, style="tick"))
    every = -(-len(lines) // _LABELS_MAX)
    foot = str(_PLOT_TOP + _PLOT_HEIGHT + 16)
    for number, line in enumerate(lines):
        # The last one is always named: it is the one that people look for.
        if (len(lines) - 1 - number) % every == 0:
            anchor = "end" if number == len(lines) - 1 and len(lines) > 1 else "middle"
            x = "100%" if anchor == "end" else _percent(_middle(number, lines), Decimal(1))
            anchor = "start" if number == 0 and len(lines) > 1 else anchor
            x = "0%" if anchor == "start" else x
            picture.words.append(Words(x, foot, shorten(line.name, 12), anchor, "tick"))
    picture.height = _PLOT_TOP + _PLOT_HEIGHT + _PLOT_FOOT
    if chart.axis:
        picture.words.append(Words("100%", "10", visible(_(chart.axis)), "end", "tick"))


def _middle(number: int, lines: Sequence[_Line]) -> Decimal:
    """Return the middle of the place of line ``number``, as a share of the width."""
    return (Decimal(number) + Decimal("0.5")) / len(lines)


def _stacked_columns(
    picture: Picture, chart: Chart, series: Sequence[_Series], lines: Sequence[_Line]
) -> None:
    scale = _scale(map(_above_zero, lines))
    _axes(picture, chart, scale, lines)
    width = Decimal(1) / len(lines)
    for number, line in enumerate(lines):
        reached = Decimal(0)
        for place, (one, value) in enumerate(zip(series, line.values, strict=True)):
            if not value or value < 0:
                continue
            top, bottom = scale.y(reached + value), scale.y(reached)
            picture.boxes.append(
                Box(
                    _percent(number * width + width / 8, Decimal(1)),
                    _trim(top),
                    _percent(width * 3 / 4, Decimal(1)),
                    _trim(bottom - top),
                    f"shade-{_shade(place, len(series))}",
                    f"{line.name}, {one.label}: {_told(value, line.unit)}",
                )
            )
            reached += value
    picture.legend = _legend(series)


def _curves(
    picture: Picture,
    chart: Chart,
    series: Sequence[_Series],
    lines: Sequence[_Line],
    band: Sequence[_Line],
) -> None:
    """Draw a curve for each series over the band; where a figure is missing it has a gap."""
    everything = (*lines, *band)
    scale = _scale(value for line in everything for value in line.values if value is not None)
    _axes(picture, chart, scale, lines)
    _band(picture, scale, band)
    for place, one in enumerate(series):
        style = f"curve-{place % _SHADES}"
        points: list[str] = []
        for number, line in enumerate(lines):
            value = line.values[place]
            if value is None:
                _end_curve(picture, points, style)
                points = []
                continue
            x, y = _middle(number, lines), scale.y(value)
            points.append(f"{_trim(x * CURVE_WIDTH)},{_trim(y)}")
            told = f"{line.name}, {one.label}: {_told(value, line.unit)}"
            box = Box(_percent(x, Decimal(1)), _trim(y), "", "", f"dot {style}", told)
            picture.boxes.append(box)
        _end_curve(picture, points, style)
        picture.legend.append((style, one.label))


def _band(picture: Picture, scale: _Scale, band: Sequence[_Line]) -> None:
    """Draw the area between the two bounds, where both are known."""
    below, above = [], []
    for number, line in enumerate(band):
        low, high = line.values
        if low is not None and high is not None:
            x = _trim(_middle(number, band) * CURVE_WIDTH)
            below.append(f"{x},{_trim(scale.y(low))}")
            above.append(f"{x},{_trim(scale.y(high))}")
    if len(below) > 1:
        picture.curves.append(Curve(" ".join([*below, *reversed(above)]), "band", closed=True))
        picture.legend.append(("band", _("range")))


def _end_curve(picture: Picture, points: Sequence[str], style: str) -> None:
    if len(points) > 1:
        picture.curves.append(Curve(" ".join(points), style))


def _told(value: Decimal, unit: str) -> str:
    return figure(value, unit) if unit else f"{value:,f}"


def _legend(series: Sequence[_Series]) -> list[tuple[str, str]]:
    return [(f"shade-{_shade(place, len(series))}", one.label) for place, one in enumerate(series)]


def _shade(place: int, count: int) -> int:
    """Return one of the shades, the last series always the darkest."""
    return round(place * (_SHADES - 1) / max(count - 1, 1)) if count > 1 else _SHADES // 2


def _percent(value: Decimal, whole: Decimal) -> str:
    return f"{_trim(value * 100 / whole)}%" if whole else "0%"


def _trim(value: Decimal) -> str:
    """Return a coordinate with as few digits as a picture needs."""
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
