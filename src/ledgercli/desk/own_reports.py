"""The books' own reports: lists them, runs them, and finds what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from ledgercli.books.discovery import find_books
from ledgercli.books.own_reports import ReportFile, read_reports, report_names, unknown_in_digests
from ledgercli.books.validation import Problem
from ledgercli.desk.built_in_reports import BUILT_IN, DIGEST_OPTIONS
from ledgercli.desk.circumstances import with_circumstances
from ledgercli.desk.customers.record_books import NoRecordsError
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.own_report_problems import static_problems, unknown_report
from ledgercli.desk.request import Query, Request
from ledgercli.model.answer import Answer, Column, ColumnKind, Table, Text
from ledgercli.model.catalogue import own_reports as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.finding import Finding, Place
from ledgercli.model.own_report import OwnReport
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.reports.own import arranged, main_table
from ledgercli.reports.own_columns import wrong_columns

_COLUMN_KINDS: dict[type, ColumnKind] = {Decimal: "money", int: "number", bool: "flag"}
#: Labels of columns whose key is none, and the words of enumerations.
_LABELS = {"currency": N_("cur."), "days_overdue": N_("days")}
_WORDS = {
    ("documents", "status"): "status",
    ("documents", "kind"): "document-kind",
    ("settlements", "kind"): "settlement",
    ("allocations", "rule"): "rule",
}


class OwnReportNotExplainedError(LedgercliError):
    """A report of the books' own was asked how its figures came about."""

    message = N_("the report `{name}` does not explain its figures")
    hint = N_("`ledgercli explain DOCUMENT` and `ledgercli explain CUSTOMER` explain what is open")

    def __init__(self, report: OwnReport) -> None:
        """Keep the report of the program that it is made from, if that explains itself."""
        made_from = BUILT_IN.get(report.report)
        if made_from and made_from.explains:
            self.hint = N_("it is made from `ledgercli report {source}`, which has `--explain`")
        super().__init__(name=report.name, source=report.report)


@dataclass(frozen=True, slots=True)
class QueryFault:
    """Why a query does not work, and where in its text (from 1; 0 where nobody knows)."""

    reason: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Queries:
    """What the shell for BQL does: run a query, and say its columns without running it."""

    run: Callable[[OpenBooks, Query, str], Answer]
    columns: Callable[[OpenBooks, Query, str], tuple[str, ...] | QueryFault]


class OwnReportUnreadError(LedgercliError):
    """The file of a report of the books' own is no report."""

    message = N_("the report `{name}` cannot be read")
    hint = N_("`ledgercli check` says what is wrong with `reports/{name}.yaml`")


class OwnReportWrongError(LedgercliError):
    """A report of the books' own that cannot be run."""

    message = N_("the report `{name}` cannot be run")
    hint = N_("`ledgercli check` says what is wrong with `{file}`")

    def __init__(self, report: OwnReport, findings: Sequence[Finding]) -> None:
        """Keep what is wrong."""
        self.findings = tuple(findings)
        super().__init__(name=report.name, file=report.file)


def root_of(request: Request) -> Path:
    """Return the folder of the books with records; raise NoRecordsError and the errors of finding.

    Nothing in it is read.
    """
    location = find_books(request.books, request.ledger, request.environment, request.start)
    if location.bare:
        raise NoRecordsError
    return location.root


def names(root: Path) -> tuple[str, ...]:
    """Return the names of the own reports of books, without those that the program has."""
    return tuple(name for name in report_names(root) if name not in BUILT_IN)


def captions(root: Path, language: str) -> dict[str, str]:
    """Return what the own reports are about in ``language``, else their titles, by name."""
    found = {}
    for file in read_reports(root)[0]:
        caption = file.report.about or file.report.title
        found[file.report.name] = caption.said(language) if caption else ""
    return found


def file_of(books: OpenBooks, name: str) -> ReportFile:
    """Return the own report ``name``; raise OwnReportUnreadError where its file cannot be read."""
    for file in all_of(books):
        if file.report.name == name:
            return file
    raise OwnReportUnreadError(name=name)


def all_of(books: OpenBooks) -> tuple[ReportFile, ...]:
    """Return the own reports of the books, as they stand in the folder now."""
    return () if books.location.bare else read_reports(books.root)[0]


def run(
    books: OpenBooks, query: Query, file: ReportFile, queries: Queries, *, language: str
) -> Answer:
    """Return the answer of an own report in ``language``.

    The books are to be opened with activity and orders. Raise OwnReportWrongError,
    OwnReportNotExplainedError where the query asks for that, and what the report it is made from
    raises.
    """
    report = file.report
    if query.explain is not None:
        raise OwnReportNotExplainedError(report)
    wrong = file.findings(static_problems(report, books))
    if wrong:
        raise OwnReportWrongError(report, wrong)
    asked = _narrowed(query, report)
    answer = _made(books, asked, report, queries)
    columns = (column.key for column in main_table(answer).columns if column.kind != "table")
    wrong = file.findings(Problem(*one) for one in wrong_columns(report, columns))
    if wrong:
        raise OwnReportWrongError(report, wrong)
    return arranged(answer, report, language)


def _made(books: OpenBooks, query: Query, report: OwnReport, queries: Queries) -> Answer:
    """Return the answer that a report is made from."""
    if report.query:
        return queries.run(books, query, report.query)
    if report.report:
        options = {name: str(value) for name, value in report.options.items()}
        return BUILT_IN[report.report].run(books, query, options)
    return _table_answer(books, query, report.table)


def _table_answer(books: OpenBooks, query: Query, name: str) -> Answer:
    """Return one of the tables for queries as an answer, its amounts as amounts."""
    from ledgercli.desk.querying import tables

    table = tables(books, query)[name]
    columns = tuple(
        Column(
            key,
            _LABELS.get(key, key.replace("_", " ")),
            "date" if kind.__name__ == "date" else _COLUMN_KINDS.get(kind, "text"),
            shown=key not in {"file", "line"},
            flexible=key == "name",
            words=_WORDS.get((name, key), ""),
        )
        for key, kind in table.columns
    )
    keys = [key for key, _kind in table.columns]
    place = keys.index("currency") if "currency" in keys else None
    rows = [
        {
            key: Money(cell, str(row[place]))
            if isinstance(cell, Decimal) and place is not None
            else sorted(cell)
            if isinstance(cell, set)
            else [f"{name}: {value}" for name, value in cell.items()]
            if isinstance(cell, dict)
            else cell
            for key, cell in zip(keys, row, strict=True)
        }
        for row in table.rows()
    ]
    as_of = books.as_of(query)
    answer = Answer(
        "own/1",
        facts={"as_of": as_of},
        tables=(Table("rows", columns, rows, empty=N_("No rows.")),),
        notes=(Text(N_("As of {date}, end of day."), {"date": as_of}),),
    )
    return with_circumstances(books, answer, query)


def _narrowed(query: Query, report: OwnReport) -> Query:
    """Return ``query`` with the report's filter where the command line says nothing."""
    own = report.filter
    return replace(
        query,
        customers=query.customers or own.customers,
        tags=query.tags or own.tags,
        segments=query.segments or own.segments,
        tiers=query.tiers or own.tiers,
        statuses=query.statuses or own.statuses,
        owners=query.owners or own.owners,
        currencies=query.currencies or own.currencies,
    )


def by_name(
    books: OpenBooks, query: Query, name: str, queries: Queries, *, language: str
) -> Answer | tuple[Finding, ...]:
    """Return the answer of an own report or of one of the program, or why there is none."""
    if name in BUILT_IN:
        return BUILT_IN[name].run(books, query, DIGEST_OPTIONS.get(name, {}))
    file = next((one for one in all_of(books) if one.report.name == name), None)
    if file is None:
        known = (*BUILT_IN, *(one.report.name for one in all_of(books)))
        kind, _path, values = unknown_report((), name, known)
        return (Finding(kind, values),)
    try:
        return run(books, query, file, queries, language=language)
    except OwnReportWrongError as error:
        return error.findings
    except LedgercliError as error:
        place = Place(file.report.file)
        return (Finding(codes.REPORT_QUERY, {"reason": str(error)}, place),)


# --- what is wrong -------------------------------------------------------------------------------


def findings(books: OpenBooks) -> tuple[Finding, ...]:
    """Return what is wrong with the own reports and with what the digests name.

    What only running them shows is in :func:`found_by_running`.
    """
    if books.location.bare:
        return ()
    files, found = read_reports(books.root)
    told = list(found)
    for file in files:
        told += file.findings(static_problems(file.report, books))
    known = {*BUILT_IN, *(file.report.name for file in files)}
    problems = [
        Problem(*unknown_report(("digests", place, "reports", index), name, tuple(known)))
        for place, digest in enumerate(books.settings.digests)
        for index, name in enumerate(digest.reports)
        if name not in known
    ]
    told += unknown_in_digests(books.root, books.location.settings_file, problems)
    return tuple(told)


def found_by_running(books: OpenBooks, query: Query, queries: Queries) -> tuple[Finding, ...]:
    """Return what is wrong with queries, and with columns of the program's reports.

    Queries are compiled and not run.
    """
    told: list[Finding] = []
    for file in all_of(books):
        report = file.report
        if list(static_problems(report, books)):
            continue
        if report.query:
            told += _query_findings(books, query, file, queries)
        elif report.report and report.arranges:
            try:
                run(books, query, file, queries, language="")
            except OwnReportWrongError as error:
                told += error.findings
            except LedgercliError as error:
                values = {"reason": str(error)}
                told += file.findings([Problem(codes.REPORT_QUERY, ("options",), values)])
    return tuple(told)


def _query_findings(
    books: OpenBooks, query: Query, file: ReportFile, queries: Queries
) -> list[Finding]:
    columns = queries.columns(books, query, file.report.query)
    if not isinstance(columns, QueryFault):
        return file.findings(Problem(*one) for one in wrong_columns(file.report, columns))
    found = file.findings([Problem(codes.REPORT_QUERY, ("query",), {"reason": columns.reason})])
    if columns.line:
        place = file.query_place(columns.line, columns.column)
        found = [replace(one, place=place) for one in found]
    return found
