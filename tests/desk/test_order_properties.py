"""No sequence of steps brings the exposure above the limit without an approval on record."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from order_books import BOSS, CLERK, SETTINGS, Shop

from ledgercli.desk.orders import order_splitting, ordering
from ledgercli.model.errors import LedgercliError

LIMIT, CAP = Decimal(1000), Decimal(1100)
#: What the rules approve alone may use up all of the limit, so that little is needed to exceed it.
RULES = SETTINGS.replace("500 EUR", "1000 EUR")
AMOUNTS = st.sampled_from(["600", "1000", "2 x 250.0025", "3 x 333.335", "1100"])
NUMBERED = st.tuples(
    st.sampled_from(
        [
            "approve",
            "self-approve",
            "reject",
            "cancel",
            "close",
            "reopen",
            "deliver",
            "deliver-part",
            "invoice",
            "invoice-part",
            "split",
        ]
    ),
    st.integers(0, 1),
)
ANY = st.lists(
    st.one_of(
        st.tuples(st.just("add"), AMOUNTS),
        NUMBERED,
        st.tuples(st.sampled_from(["pay", "wait"]), st.sampled_from([1, 15, 90])),
    ),
    max_size=12,
)
#: What would be tried to evade the limit: few steps, in every order.
ADD, CLOSE, REOPEN = ("add", "600"), ("close", 0), ("reopen", 0)
DELIVER, INVOICE = ("deliver", 0), ("invoice", 0)
EVASIVE = st.permutations([ADD, CLOSE, REOPEN, DELIVER, INVOICE])
STEPS = (EVASIVE | ANY).map(lambda steps: [("add", "600"), *steps])


def perform(shop: Shop, step: str, value: int | str) -> None:
    """Do a step; what is refused changes nothing."""
    if step == "add":
        shop.add(str(value))
        return
    if step == "wait":
        shop.day += dt.timedelta(days=int(value))
        return
    if step == "pay":
        shop.pay(str(value))
        return
    numbers = sorted(order.id for order in shop.books().orders)
    if not numbers:
        return
    number = numbers[int(value) % len(numbers)]
    shop.who = BOSS if step in {"approve", "reject"} else CLERK
    tasks: dict[str, Callable[[], object]] = {
        "approve": lambda: shop.work(ordering.approve, number, reason="seen"),
        "self-approve": lambda: shop.work(ordering.approve, number),
        "reject": lambda: shop.work(ordering.reject, number, reason="no"),
        "cancel": lambda: shop.work(ordering.cancel, number),
        "close": lambda: shop.work(ordering.close, number),
        "reopen": lambda: shop.work(ordering.reopen_order, number),
        "deliver": lambda: shop.deliver(number),
        "deliver-part": lambda: shop.deliver(number, "1"),
        "invoice": lambda: shop.invoice(number),
        "invoice-part": lambda: shop.invoice(number, "1"),
        "split": lambda: shop.work(order_splitting.split, number, quantities={1: Decimal(1)}),
    }
    tasks[step]()


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
@example([ADD, CLOSE, ADD, REOPEN])
@example([ADD, DELIVER, CLOSE, ADD, INVOICE])
@example([ADD, ("cancel", 0), ADD, REOPEN])
@example([ADD, ("split", 0), ADD])
def test_no_sequence_of_steps_goes_beyond_limit_and_cap(steps: list[tuple[str, int | str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop.make(Path(folder) / "books", RULES)
        for step, value in steps:
            before = {path: path.read_bytes() for path in shop.root.rglob("*.*") if path.is_file()}
            try:
                perform(shop, step, value)
            except LedgercliError:
                after = {p: p.read_bytes() for p in shop.root.rglob("*.*") if p.is_file()}
                assert after == before, "what is refused leaves nothing behind"
            exposure = shop.exposure()
            approved = [
                decision.exposure.amount
                for order in shop.books().orders
                for decision in order.decisions
                if decision.decision == "approved" and decision.by == BOSS and decision.exposure
            ]
            assert exposure <= max([LIMIT, *approved])
            assert exposure <= CAP
        numbers = [row.number for order in shop.books().orders for row in order.invoices]
        years: dict[str, list[str]] = {}
        for number in sorted(numbers):
            years.setdefault(number[:9], []).append(number)
        for prefix, of_year in years.items():
            assert of_year == [f"{prefix}{count:04d}" for count in range(1, len(of_year) + 1)]
