"""Pictures of lying bars, one for each row: stacked, bullet, Pareto."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ledgercli.model.answer import Chart
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.cells import same_decimals
from ledgercli.output.html_marks import (
    CURVE_WIDTH,
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
from ledgercli.output.language import _, ngettext
from ledgercli.output.safe_text import shorten, visible
from ledgercli.output.values import percentage

#: Bars of a picture; what is beyond them is drawn as one, or told.
BARS_MAX = 25
_LABEL_WIDTH = 38
_ROW = 38
_BAR_TOP, _BAR_HEIGHT = 18, 13


def _with_rest(lines: Sequence[Line]) -> list[Line]:
    """Return at most :data:`BARS_MAX` lines: the largest in their order, the rest as one."""
    if len(lines) <= BARS_MAX:
        return list(lines)
    by_size = sorted(range(len(lines)), key=lambda place: -above_zero(lines[place]))
    kept = set(by_size[: BARS_MAX - 1])
    rest = [line for place, line in enumerate(lines) if place not in kept]
    sums = tuple(
        sum((value or Decimal(0) for value in values), Decimal(0))
        for values in zip(*(line.values for line in rest), strict=True)
    )
    words = ngettext("{count} other", "{count} others", len(rest)).format(count=len(rest))
    return [
        *(line for place, line in enumerate(lines) if place in kept),
        Line(words, sums, rest[0].unit),
    ]


def stacked_bars(
    picture: Picture, series: Sequence[Series], lines: Sequence[Line], *, own_scale: bool
) -> None:
    """Draw a bar for each line: the parts above zero one after the other."""
    lines = _with_rest(lines)
    longest = max(map(above_zero, lines), default=Decimal(0))
    for number, line in enumerate(lines):
        top = number * _ROW
        _head(
            picture, line, top, told_figure(sum(filter(None, line.values), Decimal(0)), line.unit)
        )
        scale = above_zero(line) if own_scale else longest
        reached = Decimal(0)
        for place, (one, value) in enumerate(zip(series, line.values, strict=True)):
            if not value or value < 0:
                continue
            picture.boxes.append(
                Box(
                    percent_of(reached, scale),
                    str(top + _BAR_TOP),
                    percent_of(value, scale),
                    str(_BAR_HEIGHT),
                    f"shade-{shade(place, len(series))}",
                    f"{line.name}, {one.label}: {told_figure(value, line.unit)}",
                )
            )
            reached += value
    picture.height = len(lines) * _ROW
    picture.legend = shades_legend(series)


def bullets(picture: Picture, lines: Sequence[Line], chart: Chart) -> None:
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
        picture.boxes.append(Box("0%", at, percent_of(hundred, widest), height, "ground"))
        style = "over" if value > hundred else "measure"
        width = percent_of(max(value, Decimal(0)), widest)
        inner = (str(top + _BAR_TOP + 3), str(_BAR_HEIGHT - 6))
        picture.boxes.append(Box("0%", inner[0], width, inner[1], style, f"{line.name}: {percent}"))
        x = percent_of(hundred, widest)
        ends = (str(top + _BAR_TOP - 2), str(top + _BAR_TOP + _BAR_HEIGHT + 2))
        picture.rules.append(Rule(x, ends[0], x, ends[1], "mark"))
    picture.height = len(drawn) * _ROW
    picture.legend = [("measure", visible(_(chart.axis or N_("used %")))), ("mark", "100%")]
    if any(value > hundred for _line, value in drawn):
        picture.legend.insert(1, ("over", "> 100%"))
    if left > 0:
        words = _("{count} more in the table.")
        picture.note = words.format(count=left)


def pareto(picture: Picture, series: Sequence[Series], lines: Sequence[Line]) -> None:
    """Draw lines by size as shares of the whole, and the share that all down to each have."""
    sized = sorted((line for line in lines if above_zero(line)), key=lambda one: -above_zero(one))
    total = sum(map(above_zero, sized), Decimal(0))
    reached = Decimal(0)
    points = []
    for number, line in enumerate(_with_rest(sized)):
        value = above_zero(line)
        reached += value
        top = number * _ROW
        share = percentage((reached * 100 / total).quantize(Decimal("0.1")))
        _head(picture, line, top, f"{told_figure(value, line.unit)} · {share}")
        width = percent_of(value, total)
        told = f"{line.name}: {told_figure(value, line.unit)}"
        picture.boxes.append(
            Box("0%", str(top + _BAR_TOP), width, str(_BAR_HEIGHT), "measure", told)
        )
        middle = top + _BAR_TOP + _BAR_HEIGHT // 2
        points.append(f"{trimmed(reached * CURVE_WIDTH / total)},{middle}")
        picture.height = top + _ROW
    picture.curves.append(Curve(" ".join(points), "curve-1"))
    picture.legend = [("measure", series[0].label), ("curve-1", _("share up to here"))]


def _head(picture: Picture, line: Line, top: int, told: str) -> None:
    picture.words.append(Words("0%", str(top + 12), shorten(line.name, _LABEL_WIDTH)))
    picture.words.append(Words("100%", str(top + 12), told, "end", "figure"))
