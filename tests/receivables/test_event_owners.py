"""Activity means the customer that has the id now, or that has it among the aliases."""

from __future__ import annotations

import datetime as dt

from ledgercli.model.customer import Customer
from ledgercli.model.event import Event
from ledgercli.receivables.event_owners import with_present_customers
from ledgercli.receivables.identity import Directory


def owners(names: list[str], *customers: Customer) -> list[str]:
    events = [Event(name, "", dt.date(2026, 1, 1), "", "call", name) for name in names]
    return [event.customer for event in with_present_customers(events, Directory(customers, {}))]


def test_an_id_of_now_goes_before_an_alias() -> None:
    assert owners(["A", "b"], Customer("A", aliases=("B",)), Customer("B")) == ["A", "B"]


def test_an_old_id_means_the_one_who_has_it_as_alias() -> None:
    assert owners(["OLD", "old", "NEW"], Customer("NEW", aliases=("Old",))) == ["NEW"] * 3


def test_what_names_nobody_or_two_stays() -> None:
    two = (Customer("A", aliases=("X",)), Customer("B", aliases=("x",)))
    assert owners(["X", "Y", "?"], *two) == ["X", "Y", "?"]
    assert owners([], *two) == []
