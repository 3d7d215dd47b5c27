"""Queries in Beancount's query language over Beancount's tables and ours.

A table of ours is made when a query asks for it, and Beancount loads the ledger only for a query
over one of its own. Where both have a table of one name ours has it, and Beancount's goes by
`beancount_NAME`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import beanquery
from beanquery import parser
from beanquery.parser import ast
from beanquery.query_compile import EvalColumn
from beanquery.tables import Table as BqlTable

from ledgercli.desk import own_reports, querying
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer, Column, ColumnKind, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.sentence import Sentence

_KINDS: Mapping[type, ColumnKind] = {dt.date: "date", Decimal: "number", int: "number"}
#: Stands for a query within a query, in place of a table.
_SUBQUERY = "()"
_ADDING = frozenset({"sum", "avg"})
_SEVERAL = 2
#: Reports whose rows are in a table of another name.
_REPORTS = {"items": "documents", "payments": "settlements"}
_UNFILTERED = N_("filters of customers and currencies do not reach Beancount's tables")


class QueryError(LedgercliError):
    """A query that cannot be understood or run."""

    message = N_("the query does not work: {reason}")
    hint = N_("`ledgercli query --tables` lists the tables and their columns")


class UnknownTableError(QueryError):
    """A query over a table that neither we nor Beancount have."""

    message = N_("there is no table `{table}`")
    hint = N_("the tables are: {tables}")

    def __init__(self, table: str, tables: Iterable[str], parseinfo: Any) -> None:  # noqa: ANN401
        """Keep the name that means nothing, its place, and say what comes nearest to it."""
        self.parseinfo = parseinfo
        known = sorted(tables)
        near = _REPORTS.get(table) or next(iter(get_close_matches(table, known, n=1)), "")
        if near:
            self.hint = N_("did you mean `{near}`? The tables are: {tables}")
        super().__init__(table=table, near=near, tables=", ".join(known))

    @property
    def reason(self) -> Sentence:
        """Return the message as a finding takes it."""
        return Sentence(self.message, table=self.values["table"])


class _Column(EvalColumn):  # type: ignore[misc]
    def __init__(self, index: int, kind: type) -> None:
        super().__init__(kind)
        self._index = index

    def __call__(self, row: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a value of any kind
        return row[self._index]


class _OwnTable(BqlTable):  # type: ignore[misc]
    """One of our tables; its rows are made when they are first asked for."""

    def __init__(self, table: querying.QueryTable) -> None:
        self.name = table.name
        self.columns = {
            name: _Column(index, kind) for index, (name, kind) in enumerate(table.columns)
        }
        self._table = table

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._table.rows())


def run(books: OpenBooks, query: Query, text: str, *, safe: bool = False) -> Answer:
    """Return the answer to the query ``text``; raise QueryError where it cannot be run."""
    try:
        asked = parser.parse(text)
        connection = _connection(asked, books, query, lambda: querying.entries(books, safe=safe))
        _check_tables(asked, connection)
        cursor = connection.execute(asked)
        description, rows = cursor.description, cursor.fetchall()
        mixed = _currencies_mixed(asked, connection)
    except beanquery.Error as error:
        raise QueryError(reason=_reason(error, text)) from None
    except (ArithmeticError, TypeError, ValueError, AttributeError, KeyError) as error:
        # A function of the language that was given what it cannot work on.
        raise QueryError(reason=f"{type(error).__name__}: {error}") from None
    columns = tuple(
        Column(column.name, column.name, _KINDS.get(column.datatype, "text"), flexible=True)
        for column in description or ()
    )
    names = [column.key for column in columns]
    listed = [dict(zip(names, map(_plain, row), strict=True)) for row in rows]
    own = querying.tables(books, query)
    whole, ours = _asks_beancount(asked, own), any(name in own for name in _table_names(asked))
    notes: tuple[Text | str, ...] = ()
    if ours or not whole:
        notes = (Text(N_("As of {date}, end of day."), {"date": books.as_of(query)}),)
    if whole:
        notes = (*notes, N_("Beancount's tables hold all that is in the ledger, of any day."))
    narrowed = query.filters_customers or query.currencies
    return Answer(
        "query/1",
        facts={"as_of": books.as_of(query)},
        tables=(Table("rows", columns, listed, empty=N_("No rows.")),),
        findings=books.errors,
        warnings=(*((_UNFILTERED,) if whole and narrowed else ()), *mixed),
        notes=notes,
    )


def _currencies_mixed(asked: Any, connection: Any) -> tuple[Text, ...]:  # noqa: ANN401 - parsed
    """Return a warning where a query adds amounts of a table of ours in several currencies."""
    if not isinstance(connection.tables.get(_table_name(asked)), _OwnTable):
        return ()
    nodes = list(asked.walk())
    adds = any(getattr(node, "fname", "").lower() in _ADDING for node in nodes)
    names = {str(node.name).lower() for node in nodes if isinstance(node, ast.Column)}
    columns = connection.tables[_table_name(asked)].columns
    if not adds or "currency" in names or "currency" not in columns:
        return ()
    # The same rows, asked for their currencies.
    target = ast.Target(ast.Column("currency"), None)
    plainly = dict.fromkeys(("group_by", "order_by", "pivot_by", "limit"))
    rows = connection.execute(replace(asked, targets=[target], distinct=True, **plainly)).fetchall()
    found = sorted(str(row[0]) for row in rows if row[0] is not None)
    if len(found) < _SEVERAL:
        return ()
    words = N_("amounts of {currencies} are added: ask for `currency`, and group by it")
    return (Text(words, {"currencies": ", ".join(found)}),)


def columns_of(
    books: OpenBooks, query: Query, text: str
) -> tuple[str, ...] | own_reports.QueryFault:
    """Return the columns that the query ``text`` has, or why it does not work; nothing is run."""
    try:
        asked = parser.parse(text)
        connection = _connection(asked, books, query, querying.no_entries)
        _check_tables(asked, connection)
        compiled = connection.compile(asked)
    except UnknownTableError as error:
        return _fault(error, text, error.reason)
    except beanquery.Error as error:
        return _fault(error, text, _reason(error, text))
    except (ArithmeticError, TypeError, ValueError, AttributeError, KeyError) as error:
        return own_reports.QueryFault(f"{type(error).__name__}: {error}")
    return tuple(target.name for target in compiled.c_targets if target.name is not None)


def _fault(error: Exception, text: str, reason: str) -> own_reports.QueryFault:
    """Return what is wrong with the query ``text``, with the place that ``error`` knows of."""
    place = getattr(error, "parseinfo", None)
    if place is None:
        return own_reports.QueryFault(reason)
    before = text[: place.pos]
    column = len(before) - before.rfind("\n")
    return own_reports.QueryFault(reason, before.count("\n") + 1, column)


def table_list(books: OpenBooks, query: Query) -> Answer:
    """Return our tables with their columns."""
    rows = [
        {"table": table.name, "column": name, "type": kind.__name__}
        for table in querying.tables(books, query).values()
        for name, kind in table.columns
    ]
    columns = (
        Column("table", N_("table"), "code"),
        Column("column", N_("column"), "code"),
        Column("type", N_("type"), "code"),
    )
    note = N_(
        "Beancount's own: postings (the default), entries, transactions, prices, balances, notes,"
        " events, beancount_documents, accounts, commodities."
    )
    return Answer("query-tables/1", tables=(Table("rows", columns, rows),), notes=(note,))


def _connection(
    asked: Any,  # noqa: ANN401 - a parsed query
    books: OpenBooks,
    query: Query,
    ledger: Callable[[], tuple[list[Any], list[Any], Mapping[str, Any]]],
) -> Any:  # noqa: ANN401 - a connection
    """Return a connection with the tables that the parsed query ``asked`` needs.

    ``ledger`` returns Beancount's entries, errors and options, and is asked only where they are.
    """
    own = {name: _OwnTable(table) for name, table in querying.tables(books, query).items()}
    connection = beanquery.Connection()
    if not _asks_beancount(asked, own):
        # Names are looked up among the columns of the default table first.
        first = next((name for name in _table_names(asked) if name in own), "")
        connection.tables = {**connection.tables, **own, None: own.get(first)}
        return connection
    entries, errors, options = ledger()
    connection.attach("beancount:", entries=entries, errors=errors, options=options)
    taken = {name: table for name, table in connection.tables.items() if name in own}
    connection.tables |= {f"beancount_{name}": table for name, table in taken.items()}
    connection.tables |= own
    return connection


def _check_tables(asked: Any, connection: Any) -> None:  # noqa: ANN401 - of the library
    """Raise UnknownTableError for a table that is none.

    `FROM name` may also filter Beancount's default table by one of its columns.
    """
    default = connection.tables.get(None)
    names = {name for name in connection.tables if name} | {_SUBQUERY}
    for select in _selects(asked):
        name = _table_name(select)
        if name and name not in names and name not in getattr(default, "columns", ()):
            clause = select.from_clause
            place = getattr(getattr(clause, "expression", clause), "parseinfo", None)
            raise UnknownTableError(name, names - {_SUBQUERY}, place)


def _table_names(asked: Any) -> list[str]:  # noqa: ANN401 - a parsed query
    """Return the tables that the parts of a query are over."""
    return [_table_name(node) for node in _selects(asked)]


def _selects(asked: Any) -> list[Any]:  # noqa: ANN401 - a parsed query
    """Return the parts of a query that are over a table."""
    return [node for node in asked.walk() if hasattr(node, "from_clause")]


def _asks_beancount(asked: Any, own: Mapping[str, Any]) -> bool:  # noqa: ANN401 - a parsed query
    """Return whether any part of a query is over a table of Beancount's."""
    return not all(name in own or name == _SUBQUERY for name in _table_names(asked))


def _table_name(select: Any) -> str:  # noqa: ANN401 - a node of the parsed query
    """Return the table that a part of a query is over, "" where it may be one of Beancount's."""
    clause = select.from_clause
    if clause is None:
        return ""
    if hasattr(clause, "from_clause"):
        return _SUBQUERY
    expression = getattr(clause, "expression", clause)
    return str(getattr(expression, "name", "") or "")


def _reason(error: Exception, text: str) -> str:
    """Return what the library says, with the place in the query where it tells one."""
    place = getattr(error, "parseinfo", None)
    said = " ".join(str(error).split())
    if place is None:
        return said
    line = text[: place.pos].count("\n") + 1
    near = text[place.pos : place.pos + 20].partition("\n")[0]
    return f"{said} in line {line} at `{near}`" if near else f"{said} at the end"


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of any kind
    """Return a value of a cell as an answer can hold it; Beancount's kinds as text."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if value is None or isinstance(value, str | int | dt.date):
        return value
    if type(value).__module__.startswith("beancount."):
        # An inventory, position or amount, as `bean-query` prints it.
        return str(value).removeprefix("(").removesuffix(")")
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else str(value)
