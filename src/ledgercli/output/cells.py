"""The cells of a table for people: text, alignment and width, before they are laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Column, Row, Table
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.output.language import _, language
from ledgercli.output.safe_text import pad, shorten, visible, widths_of
from ledgercli.output.values import NOTHING, enumeration, figure, heading, money, percentage, say
from ledgercli.output.words import word

#: How far a cell is set in for each step.
_STEP = "  "
#: Figures that get the minus sign of amounts in Chinese.
_SIGNED = frozenset({"number", "percent"})
_RIGHT = frozenset({"money", "amounts", "number", "percent"})
_TEXTS = {str}
_NO_FIGURE = frozenset({NOTHING, "-"})


@dataclass(slots=True)
class Strip:
    """A column ready to be printed: heading, one text a row, and how it may give way."""

    key: str
    heading: str
    right: bool = False
    flexible: bool = False
    optional: int = 0
    wraps: bool = False
    cells: list[str] = field(default_factory=list)
    kind: str = "text"
    _measured: tuple[int, list[int] | None] | None = None

    @property
    def width(self) -> int:
        """Return the columns that the widest cell takes; cells do not change any more then."""
        return self._measure()[0]

    def filled(self, start: int, end: int, width: int, ellipsis: str) -> list[str]:
        """Return the cells from number ``start`` up to, not with, ``end``, filled to ``width``.

        Longer ones of a flexible column end in ``ellipsis``.
        """
        most, widths = self._measure()
        cells = self.cells[start:end]
        shortens = self.flexible and most > width
        if widths is not None:
            pairs = [
                (pad(shorten(cell, width, ellipsis), width, right=self.right), "")
                if shortens and own > width
                else (cell, " " * (width - own))
                for cell, own in zip(cells, widths[start:end], strict=True)
            ]
            return [fill + cell if self.right else cell + fill for cell, fill in pairs]
        if shortens:
            cells = [
                cell if len(cell) <= width else shorten(cell, width, ellipsis) for cell in cells
            ]
        # Every character takes one column: the interpreter's own measure is the right one.
        if self.right:
            return [cell.rjust(width) for cell in cells]
        return [cell.ljust(width) for cell in cells]

    def _measure(self) -> tuple[int, list[int] | None]:
        """Return the columns of the widest cell, and of each where some characters take two."""
        if self._measured is None:
            widths = widths_of(self.cells)
            most = max(map(len, self.cells) if widths is None else widths, default=0)
            self._measured = (most, widths)
        return self._measured


def strips(columns: Sequence[Column], rows: Sequence[Row], ascii_only: bool) -> list[Strip]:  # noqa: FBT001
    """Return the visible columns of ``rows``, groups taken apart; bars come empty of cells."""
    made: list[Strip] = []
    for column in columns:
        if not column.shown or column.kind in {"table", "bar"}:
            continue
        if column.sparse and not any(_weighs(row.get(column.key)) for row in rows):
            continue
        if column.kind == "group":
            made += [
                _strip(
                    sub, f"{column.key}\0{sub.key}", _inner(rows, column.key, sub.key), ascii_only
                )
                for sub in column.columns
                if sub.shown
            ]
        else:
            cells = [row.get(column.key) for row in rows]
            strip = _strip(column, column.key, cells, ascii_only)
            if column.indent:
                depths = [int(row.get(column.indent) or 0) for row in rows]
                strip.cells = [
                    _STEP * depth + text for depth, text in zip(depths, strip.cells, strict=True)
                ]
            made.append(strip)
    return made


def _weighs(cell: Any) -> bool:  # noqa: ANN401 - a cell of any kind
    return bool(cell.amount) if isinstance(cell, Money) else bool(cell)


def _inner(rows: Sequence[Row], key: str, sub_key: str) -> list[Any]:
    groups: list[Mapping[str, Any] | None] = [row.get(key) for row in rows]
    return [None if group is None else group.get(sub_key) for group in groups]


def _strip(column: Column, key: str, cells: Sequence[Any], ascii_only: bool) -> Strip:  # noqa: FBT001
    texts = _texts(column, cells)
    if ascii_only:
        texts = [text.replace(NOTHING, "-").replace("−", "-") for text in texts]
    if column.kind == "money":
        texts = _aligned_at_point(texts)
    elif column.kind == "percent":
        texts = same_decimals(texts)
    elif column.kind == "number" and any(isinstance(cell, Decimal) for cell in cells):
        texts = same_decimals(texts, sign="")
    if column.kind in _SIGNED and language() == "zh" and not ascii_only:
        texts = [f"−{text[1:]}" if text[:1] == "-" else text for text in texts]
    return Strip(
        key=key,
        heading=heading(column.label),
        right=column.kind in _RIGHT,
        flexible=column.flexible,
        optional=column.optional,
        wraps=column.wraps,
        cells=texts,
        kind=column.kind,
    )


def _texts(column: Column, cells: Sequence[Any]) -> list[str]:
    """Return the text of each cell; words, which are few, are looked up once."""
    if column.kind == "strings" and not column.words:
        # Tags are few, and most customers have no balance: each list is put into words once.
        keys = [_plain_texts(cell) for cell in cells]
        said = {key: say(key).replace("\n", " ") for key in {*keys} if key}
        return [
            said[key] if key else cell_text(column, cell)
            for key, cell in zip(keys, cells, strict=True)
        ]
    if column.kind == "amounts":
        return [enumeration(map(money, cell or ())) for cell in cells]
    if column.kind == "money":
        return [
            (figure(cell.amount, cell.currency) if cell.amount else NOTHING)
            if type(cell) is Money
            else cell_text(column, cell)
            for cell in cells
        ]
    if not column.words:
        # What is printable already is by far the most, and is what it says.
        return [
            cell if type(cell) is str and cell.isprintable() else cell_text(column, cell)
            for cell in cells
        ]
    codes = {cell for cell in cells if type(cell) is str}
    known = {code: cell_text(column, code) for code in codes}
    return [known[cell] if type(cell) is str else cell_text(column, cell) for cell in cells]


def _plain_texts(cell: object) -> tuple[str, ...]:
    """Return what a list of nothing but texts holds, empty for anything else."""
    if type(cell) is list and {*map(type, cell)} == _TEXTS:
        return tuple(cell)
    return ()


def cell_text(column: Column, cell: Any) -> str:  # noqa: ANN401, PLR0911 - one line a kind
    """Return ``cell`` as people read it in a table, in one line."""
    if cell is None or cell == []:
        return ""
    match cell:
        case str() if column.words:
            return visible(word(column.words, cell))
        case Money() if column.kind == "money":
            return figure(cell.amount, cell.currency) if cell.amount else NOTHING
        case Decimal() if column.kind == "percent":
            return percentage(cell)
        case int() if column.kind == "number" and not isinstance(cell, bool):
            return str(cell)
        case list() | tuple() if column.words:
            return say([word(column.words, str(item)) for item in cell])
        case bool() if column.kind == "flag":
            return say(cell) if cell else ""
    return say(cell).replace("\n", " ")


def _aligned_at_point(texts: Sequence[str]) -> list[str]:
    """Return figures filled on the right so that their decimal points stand below each other."""
    points = [text.find(".") for text in texts]
    tails = {
        len(text) - point if point >= 0 else 0
        for text, point in zip(texts, points, strict=True)
        if text and text not in _NO_FIGURE
    }
    if len(tails) < 2:
        return list(texts)
    longest = max(tails)
    return [
        text + " " * (longest - (len(text) - point if point >= 0 else 0))
        if text and text not in _NO_FIGURE
        else text
        for text, point in zip(texts, points, strict=True)
    ]


def same_decimals(texts: Sequence[str], sign: str = "%") -> list[str]:
    """Return percentages, or figures with another sign, with the decimals of the longest."""
    bare = [text.removesuffix(sign) for text in texts]
    decimals = [len(text.partition(".")[2]) for text in bare]
    longest = max(decimals, default=0)
    return [
        f"{text}{'.' if own == 0 < longest else ''}{'0' * (longest - own)}{sign}" if text else ""
        for text, own in zip(bare, decimals, strict=True)
    ]


def aligned(text: str, strip: Strip, width: int) -> str:
    """Return ``text`` filled to ``width`` on the side that the column wants."""
    return pad(text, width, right=strip.right)


def label_totals(made: list[Strip], rows: int, count: int, totals: Sequence[Table]) -> None:
    """Set the word *total* into the first column of text that the totals leave empty."""
    used = {column.key for total in totals for column in total.columns}
    for strip in made:
        if count and strip.key.split("\0")[0] not in used and not strip.right:
            for number in range(rows, rows + count):
                strip.cells[number] = _("total")
            return
