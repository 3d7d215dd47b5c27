"""A plan needs little of what is settled: it is the same without the rest."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from reminder_books import day, event, sent, with_fee
from reminder_books import settings as usual_settings

from ledgercli.checks.run import Joined, run_checks
from ledgercli.model.customer import Customer
from ledgercli.model.event import Event
from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import TransactionRow, with_rows
from ledgercli.model.rates import Interest, InterestRate
from ledgercli.model.receivables_settings import ReceivablesSettings
from ledgercli.model.terms import Terms
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.netting import NEVER, settled_days
from ledgercli.receivables.position import Position, position
from ledgercli.receivables.settled_rows import telling_rows
from ledgercli.reminders.plan import plan

CUSTOMERS = (Customer("C1", terms=Terms.parse("net 3")), Customer("C2"))
NUMBERS = ["INV-1", "INV-2", "INV-1/2", "INV-3", "FEE-1", "INT-1"]
#: What a document may say besides its number: what can be read, what cannot, what it is about.
METADATA: list[dict[str, str]] = [
    {},
    {},
    {},
    {"terms": "50% net 0, 50% net 9"},
    {"terms": "soon"},
    {"retention": "2026-05-01"},
    {"retention": "one day"},
    {"claim-for": "INV-1"},
    {"claim-for": "INV-2", "claim-amount": "2 EUR"},
]
days = st.integers(-30, 60).map(day)
numbers = st.sampled_from(NUMBERS)


def row(on: dt.date, amount: str, customer: str, number: str, **said: str) -> TransactionRow:
    account = f"Assets:Receivable:{customer}"
    links = (number,) if number else ()
    tags: tuple[str, ...] = ("refund",) if said.pop("refund", "") else ()
    line = (account, amount, "EUR", dict(said) or None, 1, True)
    accounts = (account, "Income:Sales")
    head = (on.toordinal(), "*", "", "", links, tags, None, accounts, False, "main.beancount")
    return (*head, 1, (line,))


@st.composite
def groups(draw: st.DrawFn) -> list[TransactionRow]:
    """A document with what pays it, often in full, or something that stands alone."""
    customer, number = draw(st.sampled_from(["C1", "C1", "C2"])), draw(numbers)
    parts = draw(st.sampled_from([("-10",), ("-10",), ("-4", "-6"), ("-4",), ()]))
    made = [row(draw(days), "10", customer, number, **draw(st.sampled_from(METADATA)))]
    made += [row(draw(days), part, customer, number) for part in parts]
    alone = draw(st.integers(0, 9))
    if alone == 0:
        made.append(row(draw(days), "-10", customer, ""))
    elif alone == 1:
        made.append(row(draw(days), "3", customer, number, refund="yes"))
    return made


@st.composite
def notes(draw: st.DrawFn) -> Event:
    """A letter that was sent about a document or its first instalment, or a promise or waiver."""
    number = draw(st.sampled_from([*NUMBERS, "INV-1/1", "INV-2/2"]))
    kind, on = draw(st.sampled_from(["reminder", "reminder", "promise", "waiver"])), draw(days)
    if kind == "reminder":
        return sent(draw(st.integers(0, 3)), on, number, fee=draw(st.sampled_from([None, "5"])))
    return event(kind, on, number, until=(on + dt.timedelta(days=9)).isoformat())


def reduced(
    rows: list[TransactionRow], events: list[Event], as_of: dt.date
) -> list[TransactionRow]:
    """Return the rows that a plan is made of."""
    directory = Directory(CUSTOMERS, {})
    until = settled_days(rows, lambda *asked: directory.identify(*asked).customer)
    settled = [one for one, on in zip(rows, until, strict=True) if NEVER < on <= as_of.toordinal()]
    asked = {one.number for one in events if one.kind == "reminder"}
    told = {id(one) for one in telling_rows(settled, asked)}
    out = {id(one) for one in settled} - told
    return [one for one in rows if id(one) not in out]


def errors(found: Position) -> Any:  # noqa: ANN401 - only compared
    joined = Joined(usual_settings(), CUSTOMERS, LedgerView(), found)
    return sorted(
        {
            (finding.code, finding.customer)
            for finding in run_checks(joined)
            if finding.severity == "error" and finding.customer
        }
    )


BAD_WORDS = [row(day(-9), "10", "C1", "INV-1", terms="soon"), row(day(0), "-10", "C1", "INV-1")]
PAID_LATE = [row(day(-9), "10", "C1", "INV-1"), row(day(9), "-10", "C1", "INV-1")]
IN_PARTS = [row(day(-9), "10", "C1", "INV-1", terms=METADATA[3]["terms"]), PAID_LATE[1]]
STILL_OPEN = [row(day(-9), "10", "C1", "INV-2")]


@settings(max_examples=150, deadline=None)
@given(st.lists(groups(), max_size=5), st.lists(notes(), max_size=4), days)
@example([BAD_WORDS], [], day(30))
@example([PAID_LATE, STILL_OPEN], [sent(1, day(5), "INV-1", fee="5")], day(30))
@example([IN_PARTS, STILL_OPEN], [sent(1, day(12), "INV-1/2", fee="5")], day(30))
def test_the_plan_of_less_is_the_plan_of_all(
    made: list[list[TransactionRow]], events: list[Event], as_of: dt.date
) -> None:
    rows = sorted((one for group in made for one in group), key=lambda one: one[0])
    rows = [(*one[:10], line, one[11]) for line, one in enumerate(rows, start=1)]
    charged = with_fee("5 EUR", level="friendly")
    rules = usual_settings(replace(charged, interest=Interest(InterestRate.parse("8%"))))
    whole, part = (
        position(with_rows(LedgerView(), some), CUSTOMERS, ReceivablesSettings(), as_of)
        for some in (rows, reduced(rows, events, as_of))
    )
    less, everything = (
        plan(some, rules, events, as_of, addresses_known=False) for some in (part, whole)
    )
    assert repr(less) == repr(everything)
    assert errors(part) == errors(whole)
