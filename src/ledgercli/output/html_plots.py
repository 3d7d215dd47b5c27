"""Pictures over time: upright columns, and curves with the band around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ledgercli.model.answer import Chart
from ledgercli.model.record import dataclass
from ledgercli.output.html_marks import (
    CURVE_WIDTH,
    SHADES,
    Box,
    Curve,
    Line,
    Picture,
    Rule,
    Series,
    Words,
    above_zero,
    percent_of,
    shade,
    shades_legend,
    told_figure,
    trimmed,
)
from ledgercli.output.language import _
from ledgercli.output.safe_text import shorten, visible

_PLOT_TOP, _PLOT_HEIGHT, _PLOT_FOOT = 22, 190, 22
_LABELS_MAX = 6


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


def _axes(picture: Picture, chart: Chart, scale: _Scale, lines: Sequence[Line]) -> None:
    for step in scale.steps:
        y = trimmed(scale.y(step))
        picture.rules.append(Rule("0%", y, "100%", y, "base" if not step else "grid"))
        label = f"{step:,f}"
        if "." in label:
            label = label.rstrip("0").rstrip(".")
        picture.words.append(Words("0%", trimmed(scale.y(step) - 3), label, style="tick"))
    every = -(-len(lines) // _LABELS_MAX)
    foot = str(_PLOT_TOP + _PLOT_HEIGHT + 16)
    for number, line in enumerate(lines):
        # The last one is always named: it is the one that people look for.
        if (len(lines) - 1 - number) % every == 0:
            anchor = "end" if number == len(lines) - 1 and len(lines) > 1 else "middle"
            x = "100%" if anchor == "end" else percent_of(_middle(number, lines), Decimal(1))
            anchor = "start" if number == 0 and len(lines) > 1 else anchor
            x = "0%" if anchor == "start" else x
            # Where there is little room, every second one gives way.
            style = "tick spare" if (len(lines) - 1 - number) // every % 2 else "tick"
            picture.words.append(Words(x, foot, shorten(line.name, 12), anchor, style))
    picture.height = _PLOT_TOP + _PLOT_HEIGHT + _PLOT_FOOT
    if chart.axis:
        picture.words.append(Words("100%", "10", visible(_(chart.axis)), "end", "tick"))


def _middle(number: int, lines: Sequence[Line]) -> Decimal:
    """Return the middle of the place of line ``number``, as a share of the width."""
    return (Decimal(number) + Decimal("0.5")) / len(lines)


def stacked_columns(
    picture: Picture, chart: Chart, series: Sequence[Series], lines: Sequence[Line]
) -> None:
    """Draw a column for each line: the parts above zero one upon the other."""
    scale = _scale(map(above_zero, lines))
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
                    percent_of(number * width + width / 8, Decimal(1)),
                    trimmed(top),
                    percent_of(width * 3 / 4, Decimal(1)),
                    trimmed(bottom - top),
                    f"shade-{shade(place, len(series))}",
                    f"{line.name}, {one.label}: {told_figure(value, line.unit)}",
                )
            )
            reached += value
    picture.legend = shades_legend(series)


def curves(
    picture: Picture,
    chart: Chart,
    series: Sequence[Series],
    lines: Sequence[Line],
    band: Sequence[Line],
) -> None:
    """Draw a curve for each series over the band; where a figure is missing it has a gap."""
    everything = (*lines, *band)
    scale = _scale(value for line in everything for value in line.values if value is not None)
    _axes(picture, chart, scale, lines)
    _band(picture, scale, band)
    for place, one in enumerate(series):
        style = f"curve-{place % SHADES}"
        points: list[str] = []
        for number, line in enumerate(lines):
            value = line.values[place]
            if value is None:
                _end_curve(picture, points, style)
                points = []
                continue
            x, y = _middle(number, lines), scale.y(value)
            points.append(f"{trimmed(x * CURVE_WIDTH)},{trimmed(y)}")
            told = f"{line.name}, {one.label}: {told_figure(value, line.unit)}"
            box = Box(percent_of(x, Decimal(1)), trimmed(y), "", "", f"dot {style}", told)
            picture.boxes.append(box)
        _end_curve(picture, points, style)
        picture.legend.append((style, one.label))


def _band(picture: Picture, scale: _Scale, band: Sequence[Line]) -> None:
    """Draw the area between the two bounds, where both are known."""
    below, above = [], []
    for number, line in enumerate(band):
        low, high = line.values
        if low is not None and high is not None:
            x = trimmed(_middle(number, band) * CURVE_WIDTH)
            below.append(f"{x},{trimmed(scale.y(low))}")
            above.append(f"{x},{trimmed(scale.y(high))}")
    if len(below) > 1:
        picture.curves.append(Curve(" ".join([*below, *reversed(above)]), "band", closed=True))
        picture.legend.append(("band", _("range")))


def _end_curve(picture: Picture, points: Sequence[str], style: str) -> None:
    if len(points) > 1:
        picture.curves.append(Curve(" ".join(points), style))
