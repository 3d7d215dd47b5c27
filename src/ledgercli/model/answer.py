"""The generic answer that every command gives and every formatter prints.

An answer is a JSON document in the making: ``facts`` are its plain keys, ``tables`` its lists of
rows. A table has columns and rows; a row is a mapping from column key to cell. Cells are text,
dates, whole numbers, booleans, ``Money``, percentages (``Decimal``), None, or, in a column of kind
``group``, a mapping from sub-column key to cell, and in one of kind ``table``, a list of rows.
Formatters know nothing else; labels are translated before they come here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

#: ``text`` words; ``code`` ids, document numbers, enumerations; ``money``, ``number`` right-aligned;
#: ``strings`` a list of texts; ``group`` a mapping shown as columns side by side (its sub-columns
#: in ``columns``); ``table`` rows within a row (not in tables and CSV unless ``section``).
ColumnKind = Literal[
    "text", "code", "date", "money", "number", "percent", "flag", "strings", "group", "table"
]

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: JSON key, heading, and how its cells are shown.

    ``shown`` False keeps it out of tables for people (it is in JSON and CSV all the same).
    ``flexible`` columns give way, shortened with an ellipsis, when a table is too wide.
    """

    key: str
    label: str
    kind: ColumnKind = "text"
    shown: bool = True
    flexible: bool = False
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under one JSON key. ``title`` heads it for people; ``role`` tells formatters its use.

    ``main`` tables go to CSV; ``totals`` are set below the main table, under its columns.
    ``sections`` tables have rows that each become a titled table of their own (``section`` names
    the column of kind ``table`` to open, ``heading`` the format of the line above).
    """

    key: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    title: str = ""
    role: Literal["main", "totals", "sections", "extra"] = "main"
    section: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command answers. ``notes`` are lines under the figures: the rule, the as-of date.

    ``schema`` is kind and version, such as ``aging/1``. ``facts`` come before the tables in JSON,
    ``closing_facts`` after them. ``text`` replaces the tables for people where the answer is a tree
    or a diff; ``warnings`` go to standard error.
    """

    schema: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    closing_facts: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    text: str | None = None
    title: str = ""
