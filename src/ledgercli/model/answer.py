"""The generic answer that every command gives and every formatter prints.

An answer is a JSON document in the making: ``facts`` are its plain keys, ``tables`` its lists of
rows. A table has columns and rows; a row is a mapping from column key to cell. Cells are text,
dates, whole numbers, booleans, ``Money``, percentages (``Decimal``), None, or, in a column of kind
``group``, a mapping from sub-column key to cell, in one of kind ``strings`` a list of texts, in one
of kind ``table`` a list of rows. Formatters know nothing else.

Answers speak no language: labels and titles are message ids (marked with ``N_`` where they are
written), sentences are :class:`Text` with values, enumerations stay what they are in JSON and name
the table of words (``Column.words``) that tells people. The output room translates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, Literal

from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money

#: ``text`` words; ``code`` ids, document numbers, enumerations; ``money``, ``number`` and
#: ``percent`` right-aligned; ``amounts`` a list of money in several currencies, each
#: written with its own; ``strings`` a list of texts; ``group`` a mapping shown as columns side
#: by side (its sub-columns in ``columns``); ``table`` rows within a row (JSON only, unless it is
#: the ``section`` of its table); ``bar`` the shares of the group ``source``, for people only.
ColumnKind = Literal[
    "text",
    "code",
    "date",
    "money",
    "amounts",
    "number",
    "percent",
    "flag",
    "strings",
    "group",
    "table",
    "bar",
]

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence for people: the message id with ``{name}`` for each of ``values``.

    With ``plural`` and ``count`` the message is chosen by number; ``{count}`` stands for it.
    Values may be text, numbers, dates, ``Money``, percentages (``Percent``), durations, lists of
    these, or another ``Text``; they are written as the language has it.
    """

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column: JSON key, heading (a message id), and how its cells are shown.

    ``shown`` False keeps it out of tables for people (it is in JSON and CSV all the same).
    When a table is too wide, ``flexible`` columns are shortened with an ellipsis first; then those
    with ``optional`` above 0 are left out, highest first, and a note says which. ``sparse`` columns
    are for people only where a cell is neither zero nor empty. ``wraps`` lets a flexible column go
    over several lines instead of being shortened.
    ``words`` names the table in ``output/words`` that words an enumeration for people.
    ``source`` is the key of the group whose shares a ``bar`` draws. ``indent`` is the key of the
    whole number that says how many steps a cell is set in, for people.
    """

    key: str
    label: str = ""
    kind: ColumnKind = "text"
    shown: bool = True
    flexible: bool = False
    columns: tuple[Column, ...] = ()
    optional: int = 0
    sparse: bool = False
    wraps: bool = False
    words: str = ""
    source: str = ""
    indent: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A figure of a section, shown for people as a first or last line of its rows.

    ``key`` is the figure in the section's row; ``label`` (a message id) is set into the column
    ``label_under``, the figure into the column ``under``.
    """

    key: str
    label: str
    label_under: str
    under: str
    place: Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under one JSON key. ``title`` heads it for people; ``role`` tells formatters its use.

    ``main`` goes to CSV. ``totals`` are set below the main table, under its columns (for people
    and in JSON). ``sections`` is a main table whose rows each become a titled table of their own
    for people: ``section`` names the column of kind ``table`` to open, ``heading`` is a message id
    with ``{key}`` for cells of the row, ``frames`` are the figures around it; CSV has the opened
    rows, each with the other columns of its section in front. ``extra`` tables are for people and
    JSON, ``data`` tables for CSV and JSON (people see a tree instead); a ``data`` table with a
    ``section`` goes to CSV before the main table, opened. A ``trend`` is rows over
    time beside the main table: as text the small curves of its charts alone. ``empty`` is a
    message id to print instead of a table without rows.
    """

    key: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    title: str = ""
    role: Literal["main", "totals", "sections", "extra", "data", "trend"] = "main"
    section: str = ""
    heading: str = ""
    frames: tuple[Frame, ...] = ()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A line of a tree, for people; ``place`` is ``FILE:LINE``, ``amount`` its figure."""

    text: Text | str
    amount: Money | None = None
    place: str = ""
    children: tuple[Node, ...] = ()


#: ``stacked-bars`` a bar for each row; ``stacked-columns`` the same upright, for months; ``line``
#: a line for each series over the rows; ``bullet`` a percentage of each row against 100; ``pareto``
#: rows by size with the share that they and all larger ones have; ``heat-map`` a cell for each row
#: and series, the darker the more.
ChartKind = Literal["stacked-bars", "stacked-columns", "line", "bullet", "pareto", "heat-map"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a table of the answer, for formats that draw.

    ``table`` is the key of the table, which always stands beside its picture; ``title`` and
    ``axis`` (what is measured) are message ids. The cells of the columns ``category`` name a bar or
    a point; those of ``series`` are drawn, a group standing for its columns: figures of one unit,
    as many as the kind wants (``bullet`` and ``pareto`` one). ``band`` are the columns of the lower
    and the upper bound of a line. ``split`` is the column with a picture for each of its values:
    the currency, since amounts of two currencies share no axis. With ``shares`` every bar has the
    whole width, so that bars of any unit may stand beside each other.
    """

    kind: ChartKind
    title: str
    table: str
    category: tuple[str, ...]
    series: tuple[str, ...]
    axis: str = ""
    split: str = ""
    shares: bool = False
    band: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers. ``notes`` are lines under the figures: the rule, the as-of date.

    ``schema`` is kind and version, such as ``aging/1``. ``facts`` come before the tables in JSON,
    ``closing_facts`` after them. For people, ``tree`` is printed after the tables; ``verbatim`` (a
    diff, a letter) replaces tables and tree. ``details`` are facts for people as lines of label
    and value above the tables. ``warnings`` go to standard error, ``findings`` (what is wrong in
    the user's files, errors of the ledger first of all) too: counted there, and deciding the exit
    code. ``task_findings`` came up in the task itself, so that no check lists them: they are told
    in full, and decide the exit code too. ``charts`` are pictures of the tables.
    """

    schema: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    closing_facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Text | str, ...] = ()
    warnings: tuple[Text | str, ...] = ()
    verbatim: str | None = None
    tree: tuple[Node, ...] = ()
    title: Text | str = ""
    details: tuple[tuple[str, Any], ...] = ()
    findings: tuple[Finding, ...] = ()
    task_findings: tuple[Finding, ...] = ()
    charts: tuple[Chart, ...] = ()

    def table(self, key: str) -> Table:
        """Return the table under ``key``; raise ``KeyError`` where there is none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)
