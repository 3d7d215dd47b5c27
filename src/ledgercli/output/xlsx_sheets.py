"""What the sheets of a workbook hold: the tables of an answer, and what is said beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from ledgercli.model.answer import Answer, Column, Node, Row, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.output import wording
from ledgercli.output.csv_format import opened_rows
from ledgercli.output.language import _
from ledgercli.output.safe_text import shorten, visible
from ledgercli.output.titles import title_of
from ledgercli.output.values import heading, say, sentence
from ledgercli.output.words import word

_NAMING = frozenset({"text", "code", "date"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to be written: its name before it fits, its columns, its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]


def sheets(answer: Answer) -> Iterator[Sheet]:
    """Yield the tables in their order, the tables within their rows after each, then the rest.

    Tables beside the main one that have no rows are left out.
    """
    main = title_of(answer)
    for table in answer.tables:
        if not table.rows and table.role not in {"main", "sections"}:
            continue
        if table.role == "totals":
            name = _("Totals")
        elif table.title:
            name = _(table.title).removesuffix(":")
        else:
            name = main if table.role in {"main", "sections"} else _named(table.key)
        yield Sheet(name, table.columns, table.rows)
        yield from _inner_sheets(table, name)
    if answer.tree:
        rows = list(_tree_rows(answer.tree))
        yield Sheet(_("Explanation"), _TREE_COLUMNS, rows)
    yield Sheet(_("Notes"), _NOTE_COLUMNS, list(_notes(answer)))


def _inner_sheets(table: Table, name: str) -> Iterator[Sheet]:
    """Yield what stands in tables within the rows, each line with what names its row."""
    for column in table.columns:
        if column.kind == "table" and column.columns:
            naming = tuple(
                outer
                for outer in table.columns
                if outer is column or (outer.kind in _NAMING and outer.shown)
            )
            inner = opened_rows(replace(table, columns=naming, section=column.key))
            label = heading(column.label) or _named(column.key)
            if inner.rows:
                yield Sheet(f"{shorten(name, 15)} - {label}", inner.columns, inner.rows)


def _named(key: str) -> str:
    return key.replace("_", " ").capitalize()


_TREE_COLUMNS = (
    Column("depth", N_("depth"), "number"),
    Column("text", N_("explanation"), indent="depth"),
    Column("amount", N_("amount"), "money"),
    Column("currency", N_("cur."), "code"),
    Column("place", N_("place"), "code"),
)


def _tree_rows(nodes: Iterable[Node], depth: int = 0) -> Iterator[Row]:
    for node in nodes:
        yield {
            "depth": depth,
            "text": sentence(node.text),
            "amount": node.amount,
            "currency": node.amount.currency if node.amount else None,
            "place": node.place or None,
        }
        yield from _tree_rows(node.children, depth + 1)


_NOTE_COLUMNS = (Column("about", N_("about"), "code"), Column("text", N_("remark")))


def _notes(answer: Answer) -> Iterator[Row]:
    """Yield all that stands around the tables of a page, a line each."""
    if answer.verbatim is not None:
        yield from ({"about": None, "text": line} for line in answer.verbatim.splitlines())
    yield from ({"about": _(label), "text": say(value)} for label, value in answer.details)
    yield from ({"about": _("warning"), "text": sentence(text)} for text in answer.warnings)
    listed = any(table.key == "findings" for table in answer.tables)
    for finding in (*answer.task_findings, *(() if listed else answer.findings)):
        about = word("severity", finding.severity)
        yield {"about": about, "text": "\n".join(wording.finding_lines(finding))}
    yield from ({"about": None, "text": sentence(note)} for note in answer.notes)


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a sheet: where its cells are in a row, and what kind they have."""

    path: tuple[str, ...]
    column: Column

    @property
    def heading(self) -> str:
        """Return the head of the column, its key where it has no name for people."""
        return heading(self.column.label) or visible(self.path[-1].rpartition("\0")[2])

    def cell(self, row: Row) -> Any:  # noqa: ANN401 - a cell of any kind
        """Return the cell of ``row``."""
        cell: Any = row
        for key in self.path:
            cell = None if cell is None else cell.get(key)
        return cell


def fields(columns: Iterable[Column]) -> Iterator[Field]:
    """Yield the columns that a sheet has, groups taken apart, tables within rows left out."""
    for column in columns:
        if column.kind == "group":
            yield from (Field((column.key, sub.key), sub) for sub in column.columns)
        elif column.kind not in {"table", "bar"}:
            yield Field((column.key,), column)
