"""An answer as tables and lines for people, on a terminal or on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ledgercli.model.answer import Answer, Column, Node, Table
from ledgercli.output.bars import WIDTH as BAR_WIDTH
from ledgercli.output.bars import bars, legend
from ledgercli.output.cells import Strip, label_totals, strips
from ledgercli.output.language import _
from ledgercli.output.layout import Layout, lay_out
from ledgercli.output.paper import Paper
from ledgercli.output.safe_text import display_width, pad, visible, wrap
from ledgercli.output.sections import opened
from ledgercli.output.values import enumeration, heading, money, say, sentence


def render(answer: Answer, paper: Paper) -> str:
    """Return the answer for people; it ends in one line feed unless there is nothing to say."""
    if answer.verbatim is not None:
        # What a program reads (`git apply`) keeps every byte, also the line ends of Windows.
        body = visible(answer.verbatim, keep="\n\t") if paper.terminal else answer.verbatim
        blocks = [body.rstrip("\n").split("\n")] if body.strip() else []
    else:
        blocks = list(_blocks(answer, paper))
    if answer.notes and answer.verbatim is None:
        notes = [line for note in answer.notes for line in wrap(sentence(note), paper.width, "  ")]
        blocks.append(notes)
    lines: list[str] = []
    for block in blocks:
        lines += ["", *block] if lines else block
    return "".join(f"{line}\n" for line in lines)


def _blocks(answer: Answer, paper: Paper) -> Iterator[list[str]]:
    if answer.title:
        yield wrap(sentence(answer.title), paper.width)
    if answer.details:
        yield _details(answer.details, paper)
    totals = [table for table in answer.tables if table.role == "totals"]
    for table in answer.tables:
        match table.role:
            case "main":
                yield _with_title(table, _table(table, totals, paper))
                if paper.terminal and (curves := _curves(answer, table, paper)):
                    yield curves
            case "trend" if curves := _curves(answer, table, paper):
                yield _with_title(table, curves)
            case "sections":
                yield from _sections(table, paper)
            case "extra" if table.rows:
                yield _with_title(table, _table(table, [], paper))
    if answer.tree:
        yield [line for node in answer.tree for line in _tree(node, paper)]


def _curves(answer: Answer, table: Table, paper: Paper) -> list[str]:
    """Return the small curves of what the charts of ``table`` draw over time."""
    if not answer.charts or not table.rows:
        return []
    from ledgercli.output.sparks import trend_lines

    return trend_lines(answer, table, paper)


def _with_title(table: Table, lines: list[str]) -> list[str]:
    return [visible(_(table.title)), "", *lines] if table.title and lines else lines


def _details(details: Sequence[tuple[str, object]], paper: Paper) -> list[str]:
    labels = [visible(_(label)) for label, _value in details]
    width = max(map(display_width, labels)) + 2
    lines: list[str] = []
    for label, (_label, value) in zip(labels, details, strict=True):
        room = max(paper.width - width, 20)
        first, *rest = wrap(say(value), room) or [""]
        lines.append((pad(label, width) + first).rstrip())
        lines += [" " * width + line for line in rest]
    return lines


def _sections(table: Table, paper: Paper) -> Iterator[list[str]]:
    if not table.rows and table.empty:
        yield [_(table.empty)]
    for title, section in opened(table):
        yield [*wrap(title, paper.width), "", *_table(section, [], paper)]


def _table(table: Table, totals: Sequence[Table], paper: Paper) -> list[str]:
    """Return the lines of one table with its totals under it."""
    if not table.rows:
        return [_(table.empty)] if table.empty else []
    total_rows = [row for total in totals for row in total.rows]
    made = strips(table.columns, [*table.rows, *total_rows], paper.ascii_only)
    label_totals(made, len(table.rows), len(total_rows), totals)
    bar_columns = [column for column in table.columns if column.kind == "bar" and column.shown]
    if paper.terminal:
        made += [_bar_strip(column, table, len(total_rows), paper) for column in bar_columns]
    layout = lay_out(made, paper.width, paper.ellipsis)
    rule = paper.rule * min(layout.width, paper.width)
    lines = [*layout.header(), rule]
    lines += layout.rows(0, len(table.rows))
    if total_rows:
        lines += [rule, *layout.rows(len(table.rows), len(table.rows) + len(total_rows))]
    if paper.terminal:
        lines += _bar_lines(table, bar_columns, layout, paper)
    left_out = [strip.heading for strip in layout.dropped if strip.kind != "bar"]
    if left_out:
        words = _("left out for want of width: {columns}; `--format csv` has them")
        lines += ["", *wrap(words.format(columns=enumeration(left_out)), paper.width, "  ")]
    return lines


def _bar_lines(
    table: Table, bar_columns: Sequence[Column], layout: Layout, paper: Paper
) -> Iterator[str]:
    """Yield the legend of the bars, and the bars themselves where the table had no room."""
    dropped = {strip.key for strip in layout.dropped}
    for column in bar_columns:
        yield ""
        if column.key in dropped:
            yield from _bar_block(column, table, paper)
        yield from wrap(legend(column, table.columns, ascii_only=paper.ascii_only), paper.width)


def _bar_block(column: Column, table: Table, paper: Paper) -> Iterator[str]:
    """Yield a line for each row: the columns of words, then the bar in the rest of the width."""
    words = [item for item in table.columns if item.kind in {"text", "code"}]
    layout = lay_out(strips(words, table.rows, paper.ascii_only), paper.width // 2, paper.ellipsis)
    first = replace(layout, lines=layout.lines[:1])
    room = min(max(paper.width - first.width - 2, BAR_WIDTH), 4 * BAR_WIDTH)
    drawn = bars(column, table.columns, table.rows, width=room, ascii_only=paper.ascii_only)
    for number, bar in enumerate(drawn):
        yield f"{pad(first.row(number)[0], first.width)}  {bar}".rstrip()


def _bar_strip(column: Column, table: Table, totals: int, paper: Paper) -> Strip:
    cells = bars(column, table.columns, table.rows, ascii_only=paper.ascii_only)
    return Strip(
        key=column.key,
        heading=heading(column.label),
        optional=column.optional or 1,
        cells=[*cells, *[""] * totals],
        kind="bar",
    )


def _tree(node: Node, paper: Paper, lead: str = "", branch: str = "") -> Iterator[str]:
    """Yield the lines of a node and its children; the amount stands behind its text."""
    tee, end, bar = ("|- ", "`- ", "|  ") if paper.ascii_only else ("├─ ", "└─ ", "│  ")
    parts = [sentence(node.text)]
    if node.amount is not None:
        parts.append(money(node.amount))
    if node.place:
        parts.append(visible(node.place))
    inner = lead
    if branch:
        inner = lead + (bar if branch == tee else "   ")
    hang = inner + (bar if node.children else "   ")
    room = paper.width - display_width(lead + branch)
    first, *rest = wrap("  ".join(parts), max(room, 20))
    yield lead + branch + first
    yield from (hang + line for line in rest)
    for number, child in enumerate(node.children, 1):
        yield from _tree(child, paper, inner, end if number == len(node.children) else tee)
