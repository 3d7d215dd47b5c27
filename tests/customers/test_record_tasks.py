"""Merging, numbering and selecting of customers."""

from __future__ import annotations

from typing import Any

import pytest

from ledgercli.customers.merging import merged_values
from ledgercli.customers.numbering import next_id
from ledgercli.customers.selecting import Traits, with_traits
from ledgercli.model.customer import Customer


def merged(target: dict[str, Any], source: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    values, kept = merged_values({"id": "B", **target}, {"id": "A", **source})
    return {".".join(map(str, path)): value for path, value in values}, kept


def test_what_is_missing_is_taken_and_what_differs_stays() -> None:
    assert merged({"tier": "A"}, {"tier": "B", "owner": "wang"}) == (
        {"owner": "wang", "aliases": ["A"]},
        ["tier"],
    )


def test_names_and_ids_become_aliases_once() -> None:
    target = {"name": "Acme", "aliases": ["old"]}
    source = {"name": "ACME Ltd", "aliases": ["Old", "acme", "b", "other"]}
    assert merged(target, source)[0] == {
        "aliases.1": "A",
        "aliases.2": "ACME Ltd",
        "aliases.3": "other",
    }


def test_lists_mappings_and_notes_are_joined() -> None:
    target = {
        "tags": ["x"],
        "ids": {"vat": "1"},
        "contacts": [{"email": "a@b"}],
        "notes": "one\n",
    }
    source = {
        "tags": ["X", "y"],
        "ids": {"vat": "2", "uscc": "3"},
        "contacts": [{"email": "A@b", "name": "Ute"}, {"name": "Max"}],
        "bank": [{"iban": "I"}],
        "notes": "two",
    }
    values, kept = merged(target, source)
    assert values == {
        "ids.uscc": "3",
        "aliases": ["A"],
        "tags.1": "y",
        "contacts.1": {"name": "Max"},
        "bank": [{"iban": "I"}],
        "notes": "one\ntwo",
    }
    assert kept == ["ids.vat"]


@pytest.mark.parametrize(
    ("own", "other", "parent"),
    [
        (None, "P", {"parent": "P"}),
        ("a", "P", {"parent": "P"}),
        ("A", None, {"parent": None}),
        ("A", "b", {"parent": None}),
        ("P", "Q", {}),
        (None, "B", {}),
    ],
)
def test_nobody_becomes_their_own_parent(
    own: str | None, other: str | None, parent: dict[str, Any]
) -> None:
    target = {"parent": own} if own else {}
    source = {"parent": other} if other else {}
    values, kept = merged(target, source)
    del values["aliases"]
    assert values == parent
    assert kept == (["parent"] if (own, other) == ("P", "Q") else [])


@pytest.mark.parametrize(
    ("ids", "following"),
    [
        ([], "C001"),
        (["C1001", "C1009", "K1"], "C1010"),
        (["C099"], "C100"),
        (["C999"], "C1000"),
        (["KH001", "XS001", "KH002"], "KH003"),
        (["A1", "B1"], "A2"),
        (["客户9"], "客户10"),
        (["acme", "beta"], ""),
    ],
)
def test_next_id(ids: list[str], following: str) -> None:
    assert next_id(ids) == following


def test_traits_must_all_fit_and_families_go_down() -> None:
    book = [
        Customer("P", tier="A", owner="Wang"),
        Customer("Q", parent="P", tier="a", status="closed"),
        Customer("R", parent="Q", kind="person"),
        Customer("S", tier="B", owner="wang"),
    ]

    def ids(**traits: tuple[str, ...]) -> str:
        return "".join(record.id for record in with_traits(book, Traits(**traits)))

    assert ids() == "PQRS"
    assert ids(tiers=("A",)) == "PQ"
    assert ids(tiers=("A", "b")) == "PQS"
    assert ids(owners=("WANG",), tiers=("B",)) == "S"
    assert ids(statuses=("closed",)) == "Q"
    assert ids(kinds=("person",)) == "R"
    assert ids(parents=("P",)) == "PQR"
    assert ids(parents=("Q", "S")) == "QRS"
