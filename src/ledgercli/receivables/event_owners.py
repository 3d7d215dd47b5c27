"""Whose activity it is: an event names a customer as the ledger does, by id, else by alias."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledgercli.model.event import Event
from ledgercli.receivables.identity import Directory


def with_present_customers(events: Sequence[Event], directory: Directory) -> tuple[Event, ...]:
    """Return ``events`` with the ids that their customers have now, as ``directory`` knows them.

    A record that got another id, or took over another record, keeps the old id as an alias: the log
    is append-only, and what stands there goes on to mean that customer. Events of nobody stay.
    """
    present: dict[str, str] = {}
    found = []
    for event in events:
        if event.customer not in present:
            present[event.customer] = directory.by_id_or_alias(event.customer) or event.customer
        now = present[event.customer]
        found.append(event if now == event.customer else replace(event, customer=now))
    return tuple(found)
