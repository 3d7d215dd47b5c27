"""Heat maps: a cell for each row and series, the darker the more, its figure written in it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ledgercli.output.html_marks import (
    SHADES,
    Box,
    Line,
    Picture,
    Series,
    Words,
    percent_of,
    told_figure,
)
from ledgercli.output.safe_text import shorten
from ledgercli.output.values import percentage

#: Rows of a picture; what comes before them is left to the table.
ROWS_MAX = 36
#: Percent of the width that the names of rows take, and of a picture with many cells.
_NAMES, _NAMES_OF_MANY, _MANY = Decimal(18), Decimal(12), 12
_HEAD, _ROW, _GAP = 20, 26, 2
#: Pixels that a cell with its figure needs; a picture of more cells is scrolled.
_CELL = 42
_NAME_WIDTH = 90


def heat_map(picture: Picture, series: Sequence[Series], lines: Sequence[Line]) -> None:
    """Draw a cell for each figure: percentages against a hundred, others against the largest."""
    lines = lines[-ROWS_MAX:]
    percent = all(one.column.kind == "percent" for one in series)
    known = [value for line in lines for value in line.values if value is not None]
    most = max([Decimal(100) if percent else Decimal(0), *known])
    names = _NAMES if len(series) <= _MANY else _NAMES_OF_MANY
    width = (100 - names) / len(series)
    for place, one in enumerate(series):
        x = percent_of(names + width * place + width / 2, Decimal(100))
        picture.words.append(Words(x, str(_HEAD - 7), one.label, "middle", "tick"))
    for number, line in enumerate(lines):
        top = _HEAD + number * _ROW
        picture.words.append(Words("0%", str(top + 17), shorten(line.name, 14)))
        for column, (one, value) in enumerate(zip(series, line.values, strict=True)):
            if value is None:
                continue
            left = names + width * column
            told = percentage(value) if percent else told_figure(value, line.unit)
            picture.boxes.append(
                Box(
                    percent_of(left, Decimal(100)),
                    str(top),
                    percent_of(width, Decimal(100)),
                    str(_ROW - _GAP),
                    f"heat-{_heat(value, most)}",
                    f"{line.name}, {one.label}: {told}",
                )
            )
            middle = percent_of(left + width / 2, Decimal(100))
            picture.words.append(Words(middle, str(top + 17), told, "middle", "cell"))
    picture.height = _HEAD + len(lines) * _ROW
    picture.width_min = _NAME_WIDTH + len(series) * _CELL
    ends = (Decimal(0), most)
    picture.legend = [
        (style, percentage(end) if percent else told_figure(end, lines[0].unit))
        for style, end in zip(("heat-0", f"heat-{SHADES - 1}"), ends, strict=True)
    ]


def _heat(value: Decimal, most: Decimal) -> int:
    """Return one of the shades, the last one for ``most``."""
    part = max(value, Decimal(0)) * (SHADES - 1) / most if most else Decimal(0)
    return int(part.to_integral_value("ROUND_HALF_UP"))
