"""Which columns a report of the books' own names that what it is made from has not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ledgercli.model.catalogue import own_reports as codes
from ledgercli.model.finding import FindingCode
from ledgercli.model.own_report import OwnReport

_CURRENCY_KEY = "currency"


class Wrong(NamedTuple):
    """What is wrong with the value at a path of the file, or with its key."""

    kind: FindingCode
    path: tuple[str | int, ...]
    values: Mapping[str, str]
    of_key: bool = False


def wrong_columns(report: OwnReport, columns: Iterable[str]) -> Iterator[Wrong]:
    """Yield the columns that the report names and that are not among ``columns``."""
    known = tuple(columns)
    for path, name, of_key in _named_columns(report):
        if name not in known:
            yield _unknown_column(path, name, known, of_key=of_key)
    for name, kind in report.kinds.items():
        if kind == "money" and name in known and _CURRENCY_KEY not in known:
            path = ("kinds", name)
            yield Wrong(codes.REPORT_CURRENCY, path, {"column": name[:60]}, of_key=True)


def _named_columns(report: OwnReport) -> Iterator[tuple[tuple[str | int, ...], str, bool]]:
    for key in ("group", "columns"):
        for index, name in enumerate(getattr(report, key)):
            yield (key, index), name, False
    for index, name in enumerate(report.sort):
        yield ("sort", index), name.removeprefix("-"), False
    for key in ("where", "labels", "kinds"):
        for name in getattr(report, key):
            yield (key, name), name, True
    if report.chart:
        for key in ("category", "series"):
            for index, name in enumerate(getattr(report.chart, key)):
                yield ("chart", key, index), name, False
        if report.chart.split:
            yield ("chart", "split"), report.chart.split, False


def _unknown_column(
    path: tuple[str | int, ...], name: str, known: tuple[str, ...], *, of_key: bool
) -> Wrong:
    import difflib

    near = difflib.get_close_matches(name, known, n=1)
    if near:
        values = {"column": name[:60], "suggestion": near[0]}
        return Wrong(codes.REPORT_COLUMN_SIMILAR, path, values, of_key)
    listed = ", ".join(f"`{column}`" for column in known)
    return Wrong(codes.REPORT_COLUMN, path, {"column": name[:60], "known": listed}, of_key)
