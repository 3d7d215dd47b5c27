"""Figures with their formula, and what went into them: as a tree for people, as rows in JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from ledgercli.model.answer import Answer, Column, Node, Row, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import CONTEXT
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.receivables.metrics.rounding import rounded
from ledgercli.reports.common import PLACE

#: How many rows are explained where nobody chooses, and how many inputs of a figure are listed.
ROWS_MOST = 12
INPUTS_MOST = 10
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that went into a figure; ``amount`` is what it adds, with its sign.

    ``kind`` is a code: that of a document or settlement, ``posting``, ``open``, ``customer``.
    ``file`` is relative to the books, empty where it stands in no file.
    """

    kind: str
    amount: Decimal
    text: Text | str = ""
    date: date | None = None
    customer: str = ""
    number: str = ""
    file: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a row: ``value`` as printed, the formula with the values put in, and its source.

    The amounts of ``inputs`` add up to the value where there are any, or to ``adds_up_to``, a
    number of the formula; ``unit`` is what they are in: a currency, or empty for numbers.
    """

    key: str
    label: str
    value: Any
    formula: Text
    source: str = ""
    inputs: tuple[Input, ...] = ()
    unit: str = ""
    percent: bool = False
    adds_up_to: Decimal | None = None

    @property
    def whole(self) -> Decimal | None:
        """Return what the inputs add up to; None without inputs."""
        if not self.inputs:
            return None
        if self.adds_up_to is not None:
            return self.adds_up_to
        return self.value.amount if isinstance(self.value, Money) else Decimal(self.value or 0)

    @property
    def total(self) -> Decimal:
        """Return the sum of the inputs."""
        with localcontext(CONTEXT):
            return sum((one.amount for one in self.inputs), ZERO)

    @property
    def ties(self) -> bool | None:
        """Return whether the inputs add up to the whole, as it is rounded; None without inputs."""
        whole = self.whole
        if whole is None:
            return None
        exponent = whole.as_tuple().exponent
        places = exponent if isinstance(exponent, int) else 0
        return self.total.quantize(Decimal(1).scaleb(places), context=CONTEXT) == whole


Explainer = Callable[[Row], Iterable[Figure]]
"""Tells the figures of a row of the main table."""


class Teller:
    """Makes figures of the row of a table: labels and units are those of its columns."""

    def __init__(self, table: Table, row: Row) -> None:
        """Take the table, and one of its rows."""
        self._row = row
        self._columns = {column.key: column for column in table.columns}
        self._unit = str(row.get("currency") or "")

    def label(self, key: str) -> str:
        """Return the heading of the column ``key``."""
        return self._columns[key].label

    def __call__(
        self,
        key: str,
        formula: Text | str,
        inputs: Iterable[Input] = (),
        source: str = "",
        adds_up_to: Decimal | int | None = None,
        unit: str | None = None,
    ) -> Figure:
        """Return the figure in the column ``key``; ``group.key`` for one of a group."""
        outer, _, inner = key.partition(".")
        column, value = self._columns[outer], self._row[outer]
        if inner:
            column = next(one for one in column.columns if one.key == inner)
            value = value[inner]
        told = formula if isinstance(formula, Text) else Text(formula)
        if unit is None:
            unit = self._unit if column.kind == "money" else ""
        whole = None if adds_up_to is None else Decimal(adds_up_to)
        percent = column.kind == "percent"
        return Figure(key, column.label, value, told, source, tuple(inputs), unit, percent, whole)


_COLUMNS = (
    Column("row", N_("row")),
    Column("figure", N_("figure"), "code"),
    Column("value", N_("value")),
    Column("formula", N_("formula")),
    Column("source", N_("source")),
    Column("adds_up_to", N_("sum of what went in")),
    Column("ties", N_("ties"), "flag"),
    Column(
        "inputs",
        N_("inputs"),
        "table",
        columns=(
            Column("kind", N_("kind"), "code"),
            Column("date", N_("date"), "date"),
            Column("customer", N_("customer"), "code"),
            Column("number", N_("number"), "code"),
            Column("text", N_("text")),
            Column("amount", N_("amount"), "number"),
            Column("unit", N_("unit"), "code"),
            *PLACE,
        ),
    ),
)


def chosen_rows(table: Table, words: Sequence[str]) -> list[Row]:
    """Return the rows to explain: those with one of ``words``, else all of a few.

    A word is what a cell says; where none says just that, a part of one will do. Of more than
    :data:`ROWS_MOST` rows, nothing chosen, those of the last period where the rows are of periods,
    else the first ones, which are the largest.
    """
    if words:
        found = [row for word in words for row in _with_word(table, word.casefold())]
        return [row for row in table.rows if any(row is one for one in found)]
    if len(table.rows) <= ROWS_MOST:
        return list(table.rows)
    for key in ("date", "month", "period"):
        if key in table.rows[0]:
            last = max(row[key] for row in table.rows)
            return [row for row in table.rows if row[key] == last][:ROWS_MOST]
    return list(table.rows[:ROWS_MOST])


def _with_word(table: Table, word: str) -> list[Row]:
    exact = [row for row in table.rows if word in _words(row)]
    return exact or [row for row in table.rows if any(word in cell for cell in _words(row))]


def _words(row: Row) -> Iterator[str]:
    for cell in row.values():
        if isinstance(cell, str | date):
            yield str(cell).casefold()


def with_explanation(answer: Answer, rows: Sequence[Row], explainer: Explainer) -> Answer:
    """Return ``answer`` with the figures of ``rows`` explained."""
    table = answer.tables[0]
    told = [(_title(table, row), tuple(explainer(row))) for row in rows]
    data = [_data_row(title, figure) for title, figures in told for figure in figures]
    tree = tuple(
        Node(Text(N_("{row}:"), {"row": title}), children=tuple(map(_node, figures)))
        for title, figures in told
        if figures
    )
    notes = list(answer.notes)
    if len(rows) < len(table.rows):
        words = N_("Explained: {count} of {all} rows; `--explain-row WORD` chooses others.")
        notes.append(Text(words, {"count": len(rows), "all": len(table.rows)}))
    more = Table("explanation", _COLUMNS, data, role="data", section="inputs")
    return replace(
        answer,
        tables=(*answer.tables, more),
        tree=(*answer.tree, *tree),
        notes=tuple(notes),
    )


def _title(table: Table, row: Row) -> Text | str:
    """Return what tells a row from others: its first words and days, up to the first figure."""
    cells: list[Text | str] = []
    for column in table.columns:
        cell = row[column.key]
        if column.kind not in {"text", "code", "date"}:
            if cells:
                break
        elif column.shown and cell is not None and cell != "":
            cells.append(cell if isinstance(cell, Text) else str(cell))
    if not any(isinstance(cell, Text) for cell in cells):
        return " ".join(map(str, cells))
    return _joined(cells)


def _joined(parts: Sequence[Any]) -> Text:
    names = [f"{{part{index}}}" for index in range(len(parts))]
    return Text(" ".join(names), {f"part{index}": part for index, part in enumerate(parts)})


def _node(figure: Figure) -> Node:
    shown = sorted(figure.inputs, key=lambda one: (-abs(one.amount), str(one.date), one.number))
    children = [_input_node(one, figure.unit) for one in shown[:INPUTS_MOST]]
    rest = shown[INPUTS_MOST:]
    if rest:
        with localcontext(CONTEXT):
            left = sum((one.amount for one in rest), ZERO)
        words = Text(N_("… {count} more"), plural=N_("… {count} more"), count=len(rest))
        children.append(_with_amount(words, left, figure.unit))
    if figure.source:
        words = Text(N_("source: {source}"), {"source": Text(figure.source)})
        children.append(Node(words))
    values = {"figure": Text(figure.label), "formula": figure.formula}
    if isinstance(figure.value, Money):
        text = Text(N_("{figure}: {formula}"), values)
        return Node(text, figure.value, children=tuple(children))
    text = Text(N_("{figure}: {formula} = {value}"), {**values, "value": shown_value(figure)})
    return Node(text, children=tuple(children))


def shown_value(figure: Figure) -> Any:  # noqa: ANN401 - a cell
    """Return a value as the table shows it: with its decimals, percentages with their sign."""
    if figure.value is None:
        return Text(N_("unknown"))
    if isinstance(figure.value, Decimal):
        return f"{figure.value:f}{'%' if figure.percent else ''}"
    return figure.value


def _input_node(one: Input, unit: str) -> Node:
    parts = (one.date, one.customer, one.number, one.text)
    text = _joined([part for part in parts if part])
    return _with_amount(text, one.amount, unit, f"{one.file}:{one.line}" if one.file else "")


def _with_amount(text: Text, amount: Decimal, unit: str, place: str = "") -> Node:
    if unit:
        return Node(text, Money(amount, unit), place)
    number = amount if amount == int(amount) else rounded(amount, 2)
    return Node(Text(N_("{text}: {number}"), {"text": text, "number": number}), place=place)


def _data_row(title: Text | str, figure: Figure) -> dict[str, Any]:
    unit = figure.unit
    return {
        "row": title,
        "figure": figure.key,
        "value": figure.value,
        "formula": figure.formula,
        "source": Text(figure.source) if figure.source else None,
        "adds_up_to": None if figure.whole is None else _amount(figure.whole, unit),
        "ties": figure.ties,
        "inputs": [
            {
                "kind": one.kind,
                "date": one.date,
                "customer": one.customer or None,
                "number": one.number or None,
                "text": one.text or None,
                "amount": _amount(one.amount, unit),
                "unit": unit or None,
                "file": one.file or None,
                "line": one.line,
            }
            for one in figure.inputs
        ],
    }


def _amount(amount: Decimal, unit: str) -> Money | Decimal:
    if unit:
        return Money(amount, unit)
    return amount if amount == int(amount) else rounded(amount, 6)


def values(row: Mapping[str, Any], *keys: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return cells of a row as the values of a formula; numbers keep their decimals."""
    found = {key: row[key] for key in keys} | more
    return {
        key: f"{value:f}" if isinstance(value, Decimal) else value for key, value in found.items()
    }
