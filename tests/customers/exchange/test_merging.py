"""Ours, theirs, and what the last import brought."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgercli.customers.exchange.merging import merged, places, same
from ledgercli.customers.exchange.reading import RowValues
from ledgercli.model.exchange import Side


def merge(
    ours: str | None, base: str | None, theirs: str | None, take: Side | None = None
) -> tuple[list[Any], list[Any], Any]:
    record = {} if ours is None else {"tier": ours}
    row = RowValues({} if theirs is None else {"tier": theirs}, frozenset(["tier"]))
    found = merged(record, {} if base is None else {"tier": base}, row, take)
    changes = [(change.before, change.after) for change in found.changes]
    conflicts = [(conflict.ours, conflict.theirs) for conflict in found.conflicts]
    return changes, conflicts, found.remembered.get("tier")


@pytest.mark.parametrize(
    ("ours", "base", "theirs", "changes", "conflicts", "remembered"),
    [
        ("A", "A", "A", [], [], "A"),
        ("A", "A", "B", [("A", "B")], [], "B"),
        ("B", "A", "A", [], [], "A"),  # newer here
        ("B", "A", "B", [], [], "B"),  # the same on both sides
        ("B", "A", "C", [], [("B", "C")], "A"),
        (None, None, "A", [(None, "A")], [], "A"),
        ("A", None, "A", [], [], "A"),
        ("A", None, "B", [], [("A", "B")], None),  # nobody knows which is newer
        ("A", None, None, [], [], None),  # an empty cell says nothing at first
        ("A", "A", None, [("A", None)], [], None),  # taken away there
        ("B", "A", None, [], [("B", None)], "A"),
        (None, "A", "A", [], [], "A"),  # taken away here
        (None, "A", "B", [], [(None, "B")], "A"),
        (None, "A", None, [], [], None),
    ],
)
def test_the_side_that_changed_counts(
    ours: str | None,
    base: str | None,
    theirs: str | None,
    changes: list[Any],
    conflicts: list[Any],
    remembered: str | None,
) -> None:
    assert merge(ours, base, theirs) == (changes, conflicts, remembered)


def test_a_conflict_is_settled_for_either_side() -> None:
    assert merge("B", "A", "C", "theirs") == ([("B", "C")], [], "C")
    assert merge("B", "A", "C", "ours") == ([], [], "C")
    # Settled for ours, it is not told again.
    assert merge("B", "C", "C") == ([], [], "C")


@given(*[st.sampled_from([None, "A", "B", "C"])] * 3, st.sampled_from([None, "ours", "theirs"]))
def test_twice_changes_nothing(
    ours: str | None, base: str | None, theirs: str | None, take: Side | None
) -> None:
    changes, conflicts, remembered = merge(ours, base, theirs, take)
    after = changes[0][1] if changes else ours
    assert merge(after, remembered, theirs, take) == ([], conflicts, remembered)
    # Nothing newer of ours is lost without being asked for.
    if take != "theirs" and ours not in {base, theirs} and ours is not None:
        assert after == ours


@pytest.mark.parametrize(
    ("ours", "base", "theirs", "after"),
    [
        (["a"], [], ["b"], ["a", "b"]),
        (["a", "b"], ["a"], [], ["b"]),
        (["own"], ["a"], ["a", "b"], ["own", "b"]),  # what was taken away here stays away
        (["A"], [], ["a"], None),
        (["a"], ["a"], None, []),
        ([], [], ["a"], ["a"]),
    ],
)
def test_lists_take_what_is_new_and_lose_what_went(
    ours: list[str], base: list[str], theirs: list[str] | None, after: list[str] | None
) -> None:
    row = RowValues({"tags": theirs} if theirs else {}, frozenset(["tags"]))
    found = merged({"tags": ours}, {"tags": base} if base else {}, row, None)
    changed = [change.after for change in found.changes]
    assert changed == ([] if after is None else [after or None])
    assert found.conflicts == ()


@pytest.mark.parametrize(
    ("path", "first", "second", "equal"),
    [
        ("credit.limit", "10 EUR", "10.00 EUR", True),
        ("credit.limit", "EUR 10", "10 EUR", True),
        ("credit.limit", "10 EUR", "10 USD", False),
        ("credit.limit", ["1 EUR", "2 USD"], ["2.0 USD", "1 EUR"], True),
        ("terms", "net 30", "Net 30", True),
        ("terms", "30 days", "net 30", True),
        ("terms", "net 30", "net 31", False),
        ("terms", "nonsense", "nonsense ", True),
        ("name", "a", "A", False),
        ("addresses.billing.lines", ["a", "b", "c"], ["a", "b, c"], True),
        ("addresses.billing.lines", ["a", "b"], ["b", "a"], False),
        ("name", None, None, True),
        ("name", None, "a", False),
    ],
)
def test_values_that_mean_the_same(path: str, first: object, second: object, equal: bool) -> None:  # noqa: FBT001
    assert same(path, first, second) is equal
    assert same(path, second, first) is equal


def test_contacts_beyond_the_end_come_behind_it() -> None:
    data = {"contacts": [{"name": "A"}]}
    assert places(
        data, ["contacts.1.name", "contacts.3.email", "contacts.3.name", "contacts.2.name"]
    ) == {
        "contacts.1.name": ("contacts", 0, "name"),
        "contacts.2.name": ("contacts", 1, "name"),
        "contacts.3.email": ("contacts", 2, "email"),
        "contacts.3.name": ("contacts", 2, "name"),
    }
    assert places({}, ["bank.2.iban"]) == {"bank.2.iban": ("bank", 0, "iban")}
