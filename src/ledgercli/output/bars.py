"""Aging bars: the shares of buckets as a row of characters, told apart without colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Column, Row
from ledgercli.model.values import Money
from ledgercli.output.values import heading

WIDTH = 10
_BLOCKS = "·░▒▓█"
_ASCII = ".-=*#"
_MANY = "123456789abcdefghijklmnopqrstuvwxyz"


def marks(count: int, *, ascii_only: bool) -> str:
    """Return ``count`` characters, the later the darker; digits from the second on where many."""
    ramp = _ASCII if ascii_only else _BLOCKS
    if count > len(ramp):
        return ramp[0] + _MANY[: count - 1]
    # The last bucket is always the darkest.
    steps = [round(index * (len(ramp) - 1) / max(count - 1, 1)) for index in range(count)]
    return "".join(ramp[step] for step in steps)


def bars(
    column: Column,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    width: int = WIDTH,
    ascii_only: bool,
) -> list[str]:
    """Return the bar of each row for the group that ``column`` draws, ``width`` long."""
    group = next(item for item in columns if item.key == column.source)
    characters = marks(len(group.columns), ascii_only=ascii_only)
    return [_bar(group, row.get(group.key) or {}, characters, width) for row in rows]


def legend(column: Column, columns: Sequence[Column], *, ascii_only: bool) -> str:
    """Return what each character of the bars stands for."""
    group = next(item for item in columns if item.key == column.source)
    characters = marks(len(group.columns), ascii_only=ascii_only)
    pairs = zip(characters, group.columns, strict=False)
    return "  ".join(f"{character} {heading(sub.label)}" for character, sub in pairs)


def _bar(group: Column, cells: Mapping[str, Any], characters: str, width: int) -> str:
    amounts = [_amount(cells.get(sub.key)) for sub in group.columns]
    lengths = shares(amounts, width)
    return "".join(mark * n for mark, n in zip(characters, lengths, strict=False))


def _amount(cell: Any) -> Decimal:  # noqa: ANN401 - a cell of any kind
    return max(cell.amount, Decimal(0)) if isinstance(cell, Money) else Decimal(0)


def shares(amounts: Sequence[Decimal], width: int) -> list[int]:
    """Return how many of ``width`` characters each amount gets; they add up to ``width``.

    Every amount above zero gets one at least, the rest goes by largest remainder. All zero
    where nothing is above zero.
    """
    total = sum(amounts)
    if not total:
        return [0] * len(amounts)
    present = [index for index, amount in enumerate(amounts) if amount]
    lengths = [1 if amount else 0 for amount in amounts]
    room = width - len(present)
    if room <= 0:
        return lengths
    exact = [amount * room / total for amount in amounts]
    lengths = [length + int(part) for length, part in zip(lengths, exact, strict=True)]
    by_rest = sorted(present, key=lambda index: int(exact[index]) - exact[index])
    for index in by_rest[: width - sum(lengths)]:
        lengths[index] += 1
    return lengths
