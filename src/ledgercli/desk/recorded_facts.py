"""What is on file besides ledger and records: the activity log, and the orders."""

from __future__ import annotations

import os
from pathlib import Path

from ledgercli.model.event import Event
from ledgercli.model.finding import Finding
from ledgercli.model.order import Order
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.occurrences import Recorded, recorded


def recorded_of(
    root: Path,
    directory: Directory,
    events: tuple[Event, ...] | None,
    orders: tuple[Order, ...] | None,
) -> Recorded:
    """Return what activity log and orders tell that documents are due from; None is read now."""
    if events is None:
        events, _ = events_of(root, directory)
    if orders is None:
        orders, _ = orders_of(root, directory)
    return recorded(events, orders)


def events_of(root: Path, directory: Directory) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Return the activity log in ``root`` with the ids that customers have, and what is wrong."""
    if not os.path.lexists(root / "activity"):
        return (), ()
    from ledgercli.books.activity import read_events
    from ledgercli.receivables.event_owners import with_present_customers

    events, findings = read_events(root)
    return with_present_customers(events, directory), findings


def orders_of(root: Path, directory: Directory) -> tuple[tuple[Order, ...], tuple[Finding, ...]]:
    """Return the orders in ``root`` with the ids that customers have, and what is wrong."""
    # Books without orders need not load what reads them.
    if not os.path.lexists(root / "orders"):
        return (), ()
    from ledgercli.books.orders import read_orders
    from ledgercli.receivables.order_owners import with_known_customers

    found, problems = read_orders(root)
    orders, strangers = with_known_customers(found, directory)
    return orders, (*problems, *strangers)
