"""Long lists a page at a time, for whoever shows them to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ledgercli.model.answer import Answer, Table
from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a list: which rows of how many, as counted from 1; ``first`` is 0 of an empty one.

    ``number`` is that of the page, of so many ``pages``; there is always one.
    """

    rows: Sequence[Any]
    first: int
    last: int
    count: int
    number: int
    pages: int


def part_of(rows: Sequence[Any], number: int, size: int) -> Part:
    """Return page ``number`` of ``rows``, ``size`` to a page; the nearest one where there is none.

    A last page of less than a tenth is none: its rows stand on the page before it.
    """
    pages = max(1, -(-(len(rows) - size // 10) // size))
    number = min(max(number, 1), pages)
    start = (number - 1) * size
    stop = len(rows) if number == pages else start + size
    shown = rows[start:stop]
    return Part(shown, start + 1 if shown else 0, start + len(shown), len(rows), number, pages)


def table_part(answer: Answer, key: str, number: int, size: int) -> tuple[Answer, Part]:
    """Return ``answer`` with one page of its table ``key``, and which page that is.

    Totals stay those of all rows.
    """
    part = part_of(answer.table(key).rows, number, size)

    def shortened(table: Table) -> Table:
        return replace(table, rows=part.rows) if table.key == key else table

    return replace(answer, tables=tuple(map(shortened, answer.tables))), part
