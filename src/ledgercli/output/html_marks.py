"""The marks that pictures are made of, and how figures become places.

Across, everything is a share of the width, so that a picture fits a telephone and a sheet of paper
alike and its words keep their size; down, everything is pixels. No figure is told by colour alone:
marks carry their figure, and the table stands beside the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from decimal import Decimal

from ledgercli.model.answer import Column
from ledgercli.model.record import dataclass
from ledgercli.output.values import figure

#: Shades and curves that can be told apart.
SHADES = 6
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
    """One picture: its title, its height in pixels, its marks, and what stands for what.

    A picture that needs ``width_min`` pixels is scrolled where there are fewer.
    """

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
    width_min: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A row to be drawn: its name, and a figure for each series, None where there is none."""

    name: str
    values: tuple[Decimal | None, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Series:
    """Figures that belong together: the path to them in a row, their name, their column."""

    key: tuple[str, ...]
    label: str
    column: Column


def above_zero(line: Line) -> Decimal:
    """Return the sum of what is above zero."""
    return sum((value for value in line.values if value and value > 0), Decimal(0))


def told_figure(value: Decimal, unit: str) -> str:
    """Return a figure in words; ``unit`` is its currency, empty for other figures."""
    return figure(value, unit) if unit else f"{value:,f}"


def shades_legend(series: Sequence[Series]) -> list[tuple[str, str]]:
    """Return what the shades of stacked parts stand for."""
    return [(f"shade-{shade(place, len(series))}", one.label) for place, one in enumerate(series)]


def shade(place: int, count: int) -> int:
    """Return one of the shades, the last series always the darkest."""
    return round(place * (SHADES - 1) / max(count - 1, 1)) if count > 1 else SHADES // 2


def percent_of(value: Decimal, whole: Decimal) -> str:
    """Return ``value`` in percent of ``whole``, as SVG writes it."""
    return f"{trimmed(value * 100 / whole)}%" if whole else "0%"


def trimmed(value: Decimal) -> str:
    """Return a coordinate with as few digits as a picture needs."""
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
