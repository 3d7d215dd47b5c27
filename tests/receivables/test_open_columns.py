"""Open lines in columns say what lists of them say, to every report that asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgercli.model.aging_settings import Basis
from ledgercli.model.currency import CONTEXT
from ledgercli.model.values import Duration
from ledgercli.receivables.aging import AgingRow, Buckets, aging
from ledgercli.receivables.open_columns import OpenColumns
from ledgercli.receivables.summary import UNKNOWN_DUE, Key, OpenLine, Summary

TODAY = dt.date(2026, 3, 31)
BOUNDS = (
    tuple(Duration(count) for count in (30, 60, 90)),
    tuple(Duration.parse(words) for words in ("1 month", "3 months", "1 year")),
    (Duration(60), Duration(30)),
)
_days = st.integers(-150, 20).map(lambda days: TODAY.toordinal() + days)
_amounts = st.decimals(
    Decimal("-1e4"), Decimal("1e20"), places=5, allow_nan=False, allow_infinity=False
)
# What is open is never nothing; not all of it has as many decimals.
_amounts = _amounts.filter(bool).map(lambda amount: Decimal(f"{amount.normalize():f}"))
_lines = st.tuples(
    st.one_of(_days, st.sampled_from([1, TODAY.toordinal(), UNKNOWN_DUE])),
    _days,
    _amounts,
    st.sampled_from([False, False, False, True]),
)
_accounts = st.dictionaries(
    st.tuples(st.sampled_from(["A", "B", "C", "D"]), st.sampled_from(["EUR", "JPY"])),
    st.lists(_lines, min_size=1, max_size=6).map(sorted),
    max_size=6,
)


def summary(lines: Mapping[Key, Sequence[OpenLine]]) -> Summary:
    """Return a summary with these open lines; D has something unallocated besides."""
    unallocated = {("D", "EUR"): Decimal(7)}
    return Summary(TODAY, lines, {}, {}, unallocated, {}, {}, tie_out=True)


def aged(lines: Mapping[Key, Sequence[OpenLine]], buckets: Buckets) -> tuple[AgingRow, ...]:
    with localcontext(CONTEXT):
        return aging(summary(lines), buckets)


@settings(max_examples=60, deadline=None)
@given(_accounts, st.sampled_from(["due", "date"]), st.sampled_from(BOUNDS))
def test_an_aging_of_columns_is_that_of_lines(
    lines: dict[Key, list[OpenLine]], basis: Basis, bounds: tuple[Duration, ...]
) -> None:
    buckets = Buckets(basis, bounds)
    assert aged(OpenColumns.of(lines), buckets) == aged(lines, buckets)


@settings(max_examples=60, deadline=None)
@given(_accounts)
def test_columns_hold_the_lines_and_are_kept(lines: dict[Key, list[OpenLine]]) -> None:
    columns = OpenColumns.of(lines)
    assert columns == lines
    assert list(columns) == list(lines)
    again = OpenColumns.of_kept(columns.kept())
    # Every amount with the decimals that it had.
    assert repr(again) == repr(lines)
    assert OpenColumns.of(again) is again


@settings(max_examples=60, deadline=None)
@given(_accounts, _accounts, st.sets(st.sampled_from([("A", "EUR"), ("B", "JPY"), ("C", "EUR")])))
def test_accounts_are_replaced_as_in_mappings(
    lines: dict[Key, list[OpenLine]], more: dict[Key, list[OpenLine]], keys: set[Key]
) -> None:
    found = {key: value for key, value in lines.items() if key not in keys}
    found |= {key: more[key] for key in keys if key in more}
    made = OpenColumns.of(lines).replaced(keys, more)
    assert list(made.items()) == sorted(found.items())


@settings(max_examples=40, deadline=None)
@given(_accounts, _accounts, st.sampled_from(["due", "date"]), st.sampled_from(BOUNDS))
def test_columns_without_an_account_in_common_are_put_together(
    lines: dict[Key, list[OpenLine]],
    more: dict[Key, list[OpenLine]],
    basis: Basis,
    bounds: tuple[Duration, ...],
) -> None:
    more = {key: part for key, part in more.items() if key not in lines}
    whole = dict(sorted({**lines, **more}.items()))
    made = OpenColumns.together([OpenColumns.of(lines), OpenColumns.of(more)])
    assert repr(OpenColumns.of_kept(made.kept())) == repr(whole)
    assert aged(made, Buckets(basis, bounds)) == aged(whole, Buckets(basis, bounds))


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "not_due"), (1, "1-30"), (30, "1-30"), (31, "31-60"), (90, "61-90"), (91, "91+")],
)
def test_every_bound_is_inclusive(days: int, expected: str) -> None:
    due = TODAY.toordinal() - days
    columns = OpenColumns.of({("A", "EUR"): [(due, due, Decimal("1.50"), False)]})
    row, _unallocated = aged(columns, Buckets("due", BOUNDS[0]))
    assert {key for key, amount in row.amounts.items() if amount} == {expected}
    assert (row.total, row.max_days_overdue) == (Decimal("1.5"), days)


def test_amounts_beyond_every_column_are_exact() -> None:
    day = TODAY.toordinal() - 5
    amounts = [Decimal("123456789012345678901234.123456789012"), Decimal("0.01")]
    lines = {("A", "EUR"): sorted((day, day, amount, False) for amount in amounts)}
    columns = OpenColumns.of_kept(OpenColumns.of(lines).kept())
    row, _unallocated = aged(columns, Buckets("due", BOUNDS[0]))
    assert row.total == Decimal("123456789012345678901234.133456789012")


def test_columns_of_different_lengths_are_refused() -> None:
    *columns, retained = OpenColumns.of({("A", "EUR"): [(1, 1, Decimal(1), False)]}).kept()
    with pytest.raises(ValueError, match=r"\{1, 2\}"):
        OpenColumns.of_kept((*columns, retained + b"\0"))
