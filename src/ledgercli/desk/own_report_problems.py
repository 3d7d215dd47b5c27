"""What can be told to be wrong with an own report without anything being run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledgercli.books.validation import Problem
from ledgercli.desk.built_in_reports import BUILT_IN
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.catalogue import own_reports as codes
from ledgercli.model.own_report import OwnReport
from ledgercli.reports.own_columns import wrong_columns


def static_problems(report: OwnReport, books: OpenBooks) -> Iterator[Problem]:
    """Yield what is wrong without anything being run."""
    if report.name in BUILT_IN:
        yield Problem(codes.REPORT_NAME, (), {"name": report.name})
    given = [key for key in ("query", "table", "report") if getattr(report, key)]
    if len(given) != 1:
        path = (given[1],) if given else ()
        values = {"count": ", ".join(f"`{key}`" for key in given) or "0"}
        yield Problem(codes.REPORT_SOURCE, path, values, of_key=bool(given))
        return
    if report.report:
        if report.report not in BUILT_IN:
            yield Problem(*unknown_report(("report",), report.report, tuple(BUILT_IN)))
            return
        yield from _option_problems(report)
    if report.table:
        from ledgercli.desk.querying import tables

        known = tables(books, Query())
        if report.table not in known:
            listed = ", ".join(f"`{name}`" for name in known)
            values = {"name": report.table[:60], "known": listed}
            yield Problem(codes.UNKNOWN_TABLE, ("table",), values)
            return
        columns = [key for key, _kind in known[report.table].columns]
        yield from (Problem(*one) for one in wrong_columns(report, columns))


def _option_problems(report: OwnReport) -> Iterator[Problem]:
    options = BUILT_IN[report.report].options
    for name, value in report.options.items():
        if name not in options:
            known = ", ".join(f"`{key}`" for key in options) or "-"
            values = {"report": report.report, "option": name[:60], "known": known}
            yield Problem(codes.REPORT_OPTION, ("options", name), values, of_key=True)
            continue
        try:
            options[name].read(str(value))
        except (ValueError, ArithmeticError):
            values = {"option": name, "value": str(value)[:40], "expected": options[name].expected}
            yield Problem(codes.REPORT_OPTION_VALUE, ("options", name), values)


def unknown_report(
    path: tuple[str | int, ...], name: str, known: tuple[str, ...]
) -> tuple[Any, tuple[str | int, ...], dict[str, str]]:
    """Return code, path and values of a problem: ``name`` is none of the ``known`` reports."""
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    if near:
        values = {"name": name[:60], "suggestion": near[0]}
        return codes.UNKNOWN_REPORT_SIMILAR, path, values
    return codes.UNKNOWN_REPORT, path, {"name": name[:60]}
