"""Setting columns side by side within a width, without ever losing a figure silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledgercli.model.record import dataclass
from ledgercli.output.cells import Strip, aligned
from ledgercli.output.safe_text import display_width, shorten, wrap

_INDENT = 4


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to make room: how far flexible columns may shrink, and how far columns stand apart.

    ``least`` is the width in columns below which no flexible column goes, None: in full.
    """

    least: int | None
    broken: bool
    gap: int


_TRIES = (
    _Try(None, broken=False, gap=2),
    _Try(None, broken=True, gap=2),
    _Try(16, broken=True, gap=2),
    _Try(10, broken=True, gap=1),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is printed: its columns with their widths, in one or several lines a row.

    ``dropped`` are the optional columns that found no room.
    """

    lines: tuple[tuple[tuple[Strip, int], ...], ...]
    headings: dict[str, list[str]]
    gap: int
    dropped: tuple[Strip, ...] = ()
    ellipsis: str = "…"

    @property
    def width(self) -> int:
        """Return the columns of the widest line."""
        return max(
            (
                _needed([w for _, w in line], self.gap, index)
                for index, line in enumerate(self.lines)
            ),
            default=0,
        )

    def header(self) -> list[str]:
        """Return the lines of the heading."""
        printed: list[str] = []
        for index, line in enumerate(self.lines):
            height = max((len(self.headings[strip.key]) for strip, _ in line), default=0)
            for row in range(height):
                texts = []
                for strip, width in line:
                    words = self.headings[strip.key]
                    at = row - (height - len(words))
                    texts.append(aligned(words[at] if at >= 0 else "", strip, width))
                printed.append(self._joined(texts, index))
        return printed

    def rows(self, start: int, end: int) -> list[str]:
        """Return the lines of the rows from number ``start`` up to, not with, ``end``."""
        if len(self.lines) > 1 or any(strip.wraps for strip, _ in self.lines[0]):
            return [line for number in range(start, end) for line in self.row(number)]
        # One line a row: columns are filled one after the other, which is ten times as fast.
        columns = [strip.filled(start, end, width, self.ellipsis) for strip, width in self.lines[0]]
        gap = " " * self.gap
        return [gap.join(texts).rstrip() for texts in zip(*columns, strict=True)]

    def row(self, number: int) -> list[str]:
        """Return the lines of row ``number``."""
        printed = []
        for index, line in enumerate(self.lines):
            cells = [self._pieces(strip, number, width) for strip, width in line]
            for level in range(max(map(len, cells), default=0)):
                texts = [
                    aligned(pieces[level] if level < len(pieces) else "", strip, width)
                    for pieces, (strip, width) in zip(cells, line, strict=True)
                ]
                text = self._joined(texts, index)
                if text or index == 0:
                    printed.append(text)
        return printed

    def _pieces(self, strip: Strip, number: int, width: int) -> list[str]:
        """Return the lines of one cell: one, but for columns that wrap."""
        text = strip.cells[number]
        if not strip.flexible:
            return [text]
        pieces = wrap(text, width) if strip.wraps else [text]
        return [shorten(piece, width, self.ellipsis) for piece in pieces]

    def _joined(self, texts: Sequence[str], line: int) -> str:
        indent = " " * _INDENT if line else ""
        return (indent + (" " * self.gap).join(texts)).rstrip()


def _needed(widths: Sequence[int], gap: int, line: int = 0) -> int:
    """Return the columns that a line takes; lines after the first are indented."""
    return (_INDENT if line else 0) + sum(widths) + gap * max(len(widths) - 1, 0)


def lay_out(strips: Sequence[Strip], width: int, ellipsis: str = "…") -> Layout:
    """Return the layout of ``strips`` in ``width`` columns.

    Tried in this order: everything in full; headings broken into two lines; flexible columns
    shortened; optional columns left out; rows of several lines, groups on lines of their own.
    """
    remaining = list(strips)
    dropped: list[Strip] = []
    layout = _one_line(remaining, width)
    while layout is None and (candidates := [strip for strip in remaining if strip.optional]):
        victim = _least_needed(candidates)
        remaining.remove(victim)
        dropped.insert(0, victim)
        layout = _one_line(remaining, width)
    if layout is None:
        layout, dropped = _several_lines(strips, width)
    return replace(layout, dropped=tuple(dropped), ellipsis=ellipsis)


def _least_needed(candidates: Sequence[Strip]) -> Strip:
    """Return the most optional column; of equally optional ones the rightmost."""
    return max(reversed(candidates), key=lambda strip: strip.optional)


def _one_line(strips: Sequence[Strip], width: int) -> Layout | None:
    for attempt in _TRIES:
        headings = {strip.key: _heading(strip, broken=attempt.broken) for strip in strips}
        widths = _widths(strips, headings)
        excess = _needed(widths, attempt.gap) - width
        if excess > 0 and attempt.least is not None:
            excess = _squeeze(strips, widths, headings, excess, attempt.least)
        if excess <= 0:
            return Layout((tuple(zip(strips, widths, strict=True)),), headings, attempt.gap)
    return None


def _widths(strips: Sequence[Strip], headings: dict[str, list[str]]) -> list[int]:
    return [max(strip.width, *map(display_width, headings[strip.key])) for strip in strips]


def _squeeze(
    strips: Sequence[Strip],
    widths: list[int],
    headings: dict[str, list[str]],
    excess: int,
    least: int,
) -> int:
    """Take ``excess`` from the widest flexible columns, and return what could not be taken.

    None goes below ``least`` or its heading.
    """
    floors = [
        max(min(least, width), *map(display_width, headings[strip.key]))
        for strip, width in zip(strips, widths, strict=True)
    ]
    while excess > 0:
        shrinkable = [
            index
            for index, strip in enumerate(strips)
            if strip.flexible and widths[index] > floors[index]
        ]
        if not shrinkable:
            break
        widths[max(shrinkable, key=lambda index: widths[index])] -= 1
        excess -= 1
    return excess


def _heading(strip: Strip, *, broken: bool) -> list[str]:
    """Return the heading in one line, or in the two that make the column narrowest."""
    natural = display_width(strip.heading)
    if broken and natural > strip.width:
        for limit in range(4, natural):
            lines = [line for line in wrap(strip.heading, limit) if line]
            if len(lines) == 2:
                return lines
    return [strip.heading]


def _several_lines(strips: Sequence[Strip], width: int) -> tuple[Layout, list[Strip]]:
    """Return a layout of several lines a row, and the optional columns that it leaves out.

    Single columns come first, then groups. Where single columns need a line alone, optional ones
    are left out; whatever still is too wide goes on over further lines.
    """
    single = [strip for strip in strips if "\0" not in strip.key]
    groups = [strip for strip in strips if "\0" in strip.key]
    dropped: list[Strip] = []
    headings = {strip.key: _heading(strip, broken=True) for strip in strips}
    widths = _widths(single, headings)
    excess = _squeeze(single, widths, headings, _needed(widths, 2) - width, 16)
    while excess > 0 and (candidates := [strip for strip in single if strip.optional]):
        victim = _least_needed(candidates)
        single.remove(victim)
        dropped.insert(0, victim)
        widths = _widths(single, headings)
        excess = _squeeze(single, widths, headings, _needed(widths, 2) - width, 16)
    lines: list[list[tuple[Strip, int]]] = [[]]
    for strip, own in zip(single, widths, strict=True):
        _append(lines, strip, min(own, width - _INDENT) if strip.flexible else own, width)
    if groups:
        lines.append([])
        for strip, own in zip(groups, _widths(groups, headings), strict=True):
            _append(lines, strip, own, width)
    return Layout(tuple(tuple(line) for line in lines if line), headings, 2), dropped


def _append(lines: list[list[tuple[Strip, int]]], strip: Strip, own: int, width: int) -> None:
    """Put a column on the last line, or on a new one where the last is full."""
    needed = _needed([*(w for _, w in lines[-1]), own], 2, len(lines) - 1)
    if lines[-1] and needed > width:
        lines.append([])
    lines[-1].append((strip, own))
