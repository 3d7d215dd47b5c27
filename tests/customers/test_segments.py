"""Sums by groups: nothing is lost, and a group is the sum of its customers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ledgercli.customers.rfm import ranks
from ledgercli.customers.segments import dimensions, grouped, grouped_limits, groups_by
from ledgercli.model.customer import Customer
from ledgercli.receivables.limits import LimitRow
from ledgercli.receivables.summary import Summary, records_by_id

RECORDS = records_by_id(
    [
        Customer("A", tier="A", tags=("eu", "retail"), owner="wang", segments={"region": "East"}),
        Customer("B", tier="a", tags=(), owner="", segments={"region": "east"}, parent="A"),
        Customer("C", status="closed", segments={"size": "big"}),
    ]
)


def test_groups_of_each_kind() -> None:
    assert groups_by(RECORDS, "tier") == {"?": ("",), "A": ("A",), "B": ("A",), "C": ("",)}
    assert groups_by(RECORDS, "tag") == {"?": ("",), "A": ("eu", "retail"), "B": ("",), "C": ("",)}
    assert groups_by(RECORDS, "owner")["B"] == ("",)
    assert groups_by(RECORDS, "status")["C"] == ("closed",)
    assert groups_by(RECORDS, "parent") == {"?": ("",), "A": ("A",), "B": ("A",), "C": ("C",)}
    assert groups_by(RECORDS, "region") == {"?": ("",), "A": ("East",), "B": ("East",), "C": ("",)}
    assert dimensions(RECORDS.values()) == ("region", "size")


def test_sums_of_groups_are_those_of_their_customers() -> None:
    def amounts(*rows: tuple[str, str, int]) -> dict[tuple[str, str], Decimal]:
        return {(who, currency): Decimal(amount) for who, currency, amount in rows}

    summary = Summary(
        dt.date(2026, 1, 1),
        {
            ("A", "EUR"): [(1, 1, Decimal(5), False)],
            ("B", "EUR"): [(2, 2, Decimal(6), True)],
        },
        amounts(("A", "EUR", 5), ("B", "EUR", 6), ("C", "USD", 7), ("?", "EUR", 8)),
        {},
        amounts(("B", "EUR", 1)),
        {},
        RECORDS,
        tie_out=True,
    )
    found = grouped(summary, groups_by(RECORDS, "region"))
    assert found.balances == amounts(("East", "EUR", 11), ("", "USD", 7), ("", "EUR", 8))
    assert found.unallocated == amounts(("East", "EUR", 1))
    assert found.open_lines["East", "EUR"] == [(1, 1, Decimal(5), False), (2, 2, Decimal(6), True)]
    assert sum(found.balances.values()) == sum(summary.balances.values())


def row(customer: str, limit: int | None, exposure: int | None, status: str) -> LimitRow:
    known = exposure is not None
    return LimitRow(
        customer,
        "EUR",
        None if limit is None else Decimal(limit),
        Decimal(exposure or 0),
        Decimal(0),
        Decimal(0),
        Decimal(exposure or 0) if known else None,
        Decimal(limit - (exposure or 0)) if known and limit is not None else None,
        None,
        status,  # type: ignore[arg-type]
    )


def test_limits_of_a_group_leave_out_who_has_none() -> None:
    groups = {"A": ("g",), "B": ("g",), "C": ("g",)}
    [found] = grouped_limits(
        [row("A", 100, 50, "ok"), row("B", 100, 120, "breach"), row("C", None, 70, "none")], groups
    )
    assert f"{found.limit} {found.exposure} {found.available}" == "200 240 30"
    assert (found.used_percent, found.status) == (Decimal("85.00"), "breach")
    [found] = grouped_limits([row("A", 100, None, "unknown"), row("B", 10, 0, "ok")], groups)
    assert (found.exposure, found.available, found.status) == (None, None, "unknown")
    [found] = grouped_limits([row("C", None, 70, "none")], groups)
    assert (found.limit, found.available, found.status) == (None, None, "none")


def test_ranks_by_fifths_with_ties_and_small_numbers() -> None:
    def of(*figures: int) -> list[int]:
        found = ranks({str(place): Decimal(figure) for place, figure in enumerate(figures)})
        return [found[str(place)] for place in range(len(figures))]

    assert of() == []
    assert of(7) == [3]
    assert of(7, 7, 7) == [3, 3, 3]
    assert of(1, 2) == [2, 4]
    assert of(1, 2, 3, 4, 5) == [1, 2, 3, 4, 5]
    assert of(*range(10)) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    # Nine of ten bought once: none of them is better than another, the tenth is the best.
    assert of(1, 1, 1, 1, 1, 1, 1, 1, 1, 2) == [3] * 9 + [5]
