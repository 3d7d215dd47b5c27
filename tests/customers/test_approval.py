"""Who may let an order through: the cent below, at and above; the day before, of and after."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ledgercli.customers.approval import (
    Risk,
    approver_of,
    held_reasons,
    last_day,
    may_approve,
    standing,
)
from ledgercli.model.order import Decision, Order, OrderLine
from ledgercli.model.order_rules import Approver, Margin, OrderSettings, Series
from ledgercli.model.values import Duration, Money, MoneyList

DAY = dt.date(2026, 11, 21)
RULES = OrderSettings(
    auto_up_to=MoneyList.parse("5000 EUR"),
    approvers=(
        Approver("wang@example.com", Margin.parse("10%")),
        Approver("Chief", Margin.parse(["2000 EUR", "900 USD"])),
        Approver("clerk@example.com"),
    ),
    expires=Duration(14),
)


def risk(exposure: str | None = "100", limit: str | None = "1000", **other: Any) -> Risk:  # noqa: ANN401
    return Risk(
        currency=other.get("currency", "EUR"),
        limit=None if limit is None else Decimal(limit),
        exposure=None if exposure is None else Decimal(exposure),
        automatic=Decimal(other.get("automatic", "1")),
        days_overdue=other.get("days", 0),
    )


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        (risk("999.99"), []),
        (risk("1000.00"), []),
        (risk("1000.01"), ["over-limit"]),
        (risk("0.01", "0"), ["over-limit"]),
        (risk("-5", "0"), []),
        (risk("9999999", None), []),
        (risk(None), ["unknown-exposure"]),
        (risk(None, None), []),
        (risk(days=30), []),
        (risk(days=31), ["overdue"]),
        (risk(automatic="4999.99"), []),
        (risk(automatic="5000.00"), []),
        (risk(automatic="5000.01"), ["above-automatic"]),
        (risk("1000.01", automatic="6000", days=99), ["over-limit", "overdue", "above-automatic"]),
    ],
)
def test_what_the_rules_let_through(given: Risk, reasons: list[str]) -> None:
    assert held_reasons(given, RULES, "EUR") == reasons


def test_a_currency_without_an_automatic_amount_is_never_automatic() -> None:
    assert held_reasons(risk(), RULES, "USD") == ["no-automatic-amount"]


def test_without_an_automatic_amount_the_limit_alone_decides() -> None:
    assert held_reasons(risk(automatic="999999"), OrderSettings(), "USD") == []


@pytest.mark.parametrize(
    ("identity", "who"),
    [
        ("Wang Min <WANG@example.com>", "wang@example.com"),
        ("Chief <other@example.com>", "Chief"),
        ("chief", "Chief"),
        ("Wang Min <wang@example.com.evil>", None),
        ("wang@example.com.evil <x@example.com>", None),
        ("", None),
        ("<>", None),
    ],
)
def test_an_approver_is_known_by_name_or_address(identity: str, who: str | None) -> None:
    found = approver_of(RULES, identity)
    assert (found.who if found else None) == who


@pytest.mark.parametrize(
    ("who", "given", "allowed"),
    [
        ("wang@example.com", risk("1100.00"), True),
        ("wang@example.com", risk("1100.01"), False),
        ("Chief", risk("3000.00"), True),
        ("Chief", risk("3000.01"), False),
        ("Chief", risk("1900", currency="USD"), True),
        ("Chief", risk("1000.01", currency="CNY"), False),
        ("clerk@example.com", risk("1000.00"), True),
        ("clerk@example.com", risk("1000.01"), False),
        ("wang@example.com", risk("0.01", "0"), False),
        ("clerk@example.com", risk("99999", None), True),
        ("Chief", risk(None), False),
    ],
)
def test_how_far_above_the_limit_a_person_may_go(who: str, given: Risk, *, allowed: bool) -> None:
    found = approver_of(RULES, who if "@" not in who else f"X <{who}>")
    assert found is not None
    assert may_approve(found, given) is allowed


def order(kind: str, amount: str = "100", **other: Any) -> Order:  # noqa: ANN401
    decision = Decision(
        date=DAY,
        decision=kind,  # type: ignore[arg-type]
        amount=Money(Decimal(amount), "EUR"),
        by=other.get("by", "Wang <wang@example.com>"),
        exposure=Money(Decimal(other.get("exposure", "1050")), "EUR"),
        limit=Money(Decimal(other.get("limit", "1000")), "EUR"),
        expires=other.get("expires", last_day(RULES, DAY)),
    )
    line = OrderLine(Money(Decimal(100), "EUR"))
    return Order("SO-1", "C1", DAY, "EUR", (line,), decisions=(decision,))


@pytest.mark.parametrize(
    ("days", "found"), [(0, "approved"), (13, "approved"), (14, "approved"), (15, "expired")]
)
def test_an_approval_holds_up_to_its_last_day(days: int, found: str) -> None:
    day = DAY + dt.timedelta(days=days)
    assert standing(order("approved"), Decimal(100), risk("1050"), RULES, day) == found


@pytest.mark.parametrize(
    ("total", "found"), [("99.99", "approved"), ("100.00", "approved"), ("100.01", "raised")]
)
def test_an_order_worth_more_than_was_approved_waits(total: str, found: str) -> None:
    assert standing(order("approved"), Decimal(total), risk("1050"), RULES, DAY) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (risk("1050"), "approved"),  # as it was
        (risk("1099.99"), "approved"),  # more, and still within the cap of who approved
        (risk("1100.00"), "approved"),
        (risk("1100.01"), "outgrown"),
        (risk("1050", "990"), "approved"),  # a lower limit: 60 above it, 99 allowed
        (risk("1050", "900"), "outgrown"),
        (risk(None), "outgrown"),
        (risk("5000", None), "approved"),
    ],
)
def test_an_approval_is_judged_anew_when_the_exposure_has_changed(given: Risk, found: str) -> None:
    assert standing(order("approved"), Decimal(100), given, RULES, DAY) == found


def test_who_may_approve_nothing_any_more_has_approved_what_was_seen_then() -> None:
    gone = order("approved", by="Gone <gone@example.com>")
    assert standing(gone, Decimal(100), risk("1050"), RULES, DAY) == "approved"
    assert standing(gone, Decimal(100), risk("1050.01"), RULES, DAY) == "outgrown"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (risk("1000"), "approved"),
        (risk("1000.01"), "outgrown"),
        (risk("900", days=30), "approved"),
        (risk("900", days=31), "outgrown"),
        (risk("900", automatic="9999"), "approved"),  # what came later does not undo it
    ],
)
def test_what_the_rules_approved_holds_while_the_rules_do(given: Risk, found: str) -> None:
    assert standing(order("automatic"), Decimal(100), given, RULES, DAY) == found


def test_other_decisions_let_nothing_through() -> None:
    assert standing(order("held"), Decimal(1), risk(), RULES, DAY) == "held"
    assert standing(order("rejected"), Decimal(1), risk(), RULES, DAY) == "rejected"
    early = DAY - dt.timedelta(days=1)
    assert standing(order("approved"), Decimal(1), risk(), RULES, early) == "held"


@pytest.mark.parametrize(
    ("words", "taken", "year", "number"),
    [
        ("INV-{year}-{n:04}", [], 2026, "INV-2026-0001"),
        ("INV-{year}-{n:04}", ["INV-2026-0009", "INV-2025-0700", "X-1"], 2026, "INV-2026-0010"),
        ("INV-{year}-{n:04}", ["inv-2026-0009", "INV-2026-99999"], 2026, "INV-2026-100000"),
        ("INV-{year}-{n:04}", ["INV-2026-0009/1", "INV-2026-0009~2"], 2026, "INV-2026-0001"),
        ("INV.{n}", ["INV.7", "INVX9"], 2026, "INV.8"),
        ("销{year}{n:03}", ["销2026012"], 2026, "销2026013"),
    ],
)
def test_the_next_number_of_a_series(words: str, taken: list[str], year: int, number: str) -> None:
    assert Series.parse(words).next(taken, year) == number


@pytest.mark.parametrize("words", ["INV", "{n}-{n}", "INV {n}", "{m}", "a/{n}", "{year}"])
def test_what_is_no_series(words: str) -> None:
    with pytest.raises(ValueError, match="series"):
        Series.parse(words)


@pytest.mark.parametrize("words", ["-1%", "-1 EUR", "100"])
def test_what_is_no_margin(words: str) -> None:
    with pytest.raises(ValueError, match="margin"):
        Margin.parse(words)
