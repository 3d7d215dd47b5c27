"""Tables whose rows are tables themselves, opened for people."""

from __future__ import annotations

from collections.abc import Iterator

from ledgercli.model.answer import Row, Table
from ledgercli.output.language import _
from ledgercli.output.values import fill


def opened(table: Table) -> Iterator[tuple[str, Table]]:
    """Yield heading and table of each section, with the figures around its rows as rows."""
    section = next(column for column in table.columns if column.key == table.section)
    for row in table.rows:
        cells = {column.key: row[column.key] for column in table.columns}
        before = [frame for frame in table.frames if frame.place == "before"]
        after = [frame for frame in table.frames if frame.place == "after"]
        lines: list[Row] = [
            *({frame.label_under: _(frame.label), frame.under: row[frame.key]} for frame in before),
            *row[table.section],
            *({frame.label_under: _(frame.label), frame.under: row[frame.key]} for frame in after),
        ]
        yield fill(_(table.heading), cells), Table(section.key, section.columns, lines)
