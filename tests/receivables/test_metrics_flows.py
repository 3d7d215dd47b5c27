"""What moved the receivables ties to the ledger, day by day and month by month."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from stories import Tell, day, short
from test_properties import FIRST, Entry, at, days, ledgers, modes, view_of

from ledgercli.model.receivables_settings import AllocationMode
from ledgercli.receivables.metrics.collection import effectiveness_index
from ledgercli.receivables.metrics.flows import flows
from ledgercli.receivables.metrics.payment_times import paid_invoices, payment_times
from ledgercli.receivables.metrics.periods import months_until
from ledgercli.receivables.metrics.roll_forward import LINES, roll_forward
from ledgercli.receivables.metrics.standings import month_ends


@settings(max_examples=300)
@given(ledger=ledgers, mode=modes, as_of=days)
def test_flows_are_the_postings_of_every_day(
    ledger: list[Entry], mode: AllocationMode, as_of: dt.date
) -> None:
    found = at(view_of(ledger), mode, as_of)
    sums: dict[tuple[str, str, dt.date], Decimal] = defaultdict(Decimal)
    for flow in flows(found):
        sums[flow.customer, flow.currency, flow.date] += flow.amount
    for (customer, currency), rows in found.postings.items():
        for posting in rows:
            sums[customer, currency, posting.transaction.date] -= posting.amount
    assert not any(sums.values())


@settings(max_examples=100)
@given(ledger=ledgers, mode=modes, shift=st.integers(0, 60))
def test_roll_forward_ties_for_every_month_and_currency(
    ledger: list[Entry], mode: AllocationMode, shift: int
) -> None:
    view = view_of(ledger)
    as_of = FIRST + dt.timedelta(days=shift)
    standings = {period: at(view, mode, period.end) for period in months_until(as_of, 3)}
    moved = list(flows(at(view, mode, as_of)))
    rows = roll_forward(moved, standings)
    assert {row.currency for row in rows} == {flow.currency for flow in moved}
    for row in rows:
        assert row.ties
        assert row.opening + sum(row.lines.values()) == row.closing
    for end in month_ends(moved, standings, 12):
        index = effectiveness_index(end.opening, end.billed, end.balance, end.current)
        # Above 100 % only where customers have paid more than they owe.
        assert index is None or index >= 0
        assert index is None or index <= 100 or end.balance < 0


STORY = """
2025-12-31 pad Assets:Receivable:C1 Equity:Opening
2026-01-01 balance Assets:Receivable:C1  70.00 EUR
2026-01-10 * "Goods" ^INV-1
  due: 2026-02-09
  Assets:Receivable:C1  100.00 EUR
  Income:Sales
2026-01-31 * "Goods" ^INV-2
  due: 2026-02-28
  Assets:Receivable:C1  200.00 EUR
  Income:Sales
2026-02-01 * "Credit" ^INV-2 #credit-note
  Income:Sales  20.00 EUR
  Assets:Receivable:C1
2026-02-10 * "Pays" ^INV-1
  Assets:Bank  98.00 EUR
  Assets:Receivable:C1
2026-02-10 * "Discount" ^INV-1 #discount
  Expenses:Discounts  2.00 EUR
  Assets:Receivable:C1
2026-02-12 * "Bounced"
  Assets:Receivable:C1  98.00 EUR
    invoice: "INV-1"
  Assets:Bank
2026-02-20 * "Interest" ^INT-1
  due: 2026-03-20
  Assets:Receivable:C1  5.00 EUR
  Income:Interest
2026-03-01 * "Pays again" ^INV-1
  Assets:Bank  98.00 EUR
  Assets:Receivable:C1
2026-03-31 * "Lost" ^INV-2 #write-off
  Expenses:BadDebt  180.00 EUR
  Assets:Receivable:C1
2026-03-31 * "Dollars" ^INV-3
  due: 2026-04-30
  Assets:Receivable:C2  10.00 USD
  Income:Sales
"""


def test_roll_forward_in_full(tell: Tell) -> None:
    story = tell(STORY)
    periods = months_until(day("2026-03-31"), 3)
    standings = {period: story.books.summary(period.end) for period in periods}
    rows = roll_forward(flows(story.at("2026-03-31")), standings)
    told = [
        " ".join(
            [
                row.currency,
                row.period.label,
                *map(short, (row.opening, *row.lines.values(), row.closing, row.ledger)),
            ]
        )
        for row in rows
    ]
    assert list(LINES) == ["invoices", "charges", "reversals", "payments", "credit_notes", "discounts", "write_offs"]  # fmt: skip
    assert told == [
        "EUR 2026-01 70 300 0 0 0 0 0 0 370 370",
        "EUR 2026-02 370 0 5 98 -98 -20 -2 0 353 353",
        "EUR 2026-03 353 0 0 0 -98 0 0 -180 75 75",
        "USD 2026-01 0 0 0 0 0 0 0 0 0 0",
        "USD 2026-02 0 0 0 0 0 0 0 0 0 0",
        "USD 2026-03 0 10 0 0 0 0 0 0 10 10",
    ]


def test_a_balance_that_the_flows_do_not_make_is_seen(tell: Tell) -> None:
    story = tell(STORY)
    (period,) = months_until(day("2026-03-31"), 1)
    standings = {period: story.books.summary(day("2026-03-30"))}
    euro, dollar = roll_forward(flows(story.at("2026-03-31")), standings)
    assert (euro.ties, euro.closing, euro.ledger) == (False, Decimal(75), Decimal(255))
    assert not dollar.ties


def test_month_ends_see_each_day_as_it_was(tell: Tell) -> None:
    story = tell(STORY)
    periods = months_until(day("2026-03-31"), 3)
    standings = {period: story.books.summary(period.end) for period in periods}
    ends = month_ends(flows(story.at("2026-03-31")), standings, 3)
    told = [
        " ".join(
            [
                end.period.label,
                *map(short, (end.opening, end.billed, end.received, end.balance, end.current)),
            ]
        )
        for end in ends
        if end.currency == "EUR"
    ]
    assert told == [
        # Due on the last day of February is not overdue on that day.
        "2026-01 70 300 0 370 300",
        "2026-02 370 83 98 353 185",
        "2026-03 353 0 98 75 0",
    ]
    last = next(
        end for end in ends if end.currency == "EUR" and end.period.end == day("2026-03-31")
    )
    # Months are looked at back to the first in the books, credit notes taken from their month.
    sold = [(short(sales), length) for sales, length in last.earlier]
    assert sold == [("0", 31), ("-20", 28), ("300", 31)]
    assert last.sales_over(2) == (Decimal(-20), 59)


def test_days_to_pay_as_published(tell: Tell) -> None:
    """
    2026-01-01 * "Ten dollars in five days" ^INV-1
      due: 2026-01-06
      Assets:Receivable:C1  10.00 USD
      Income:Sales
    2026-01-01 * "A hundred in ten" ^INV-2
      due: 2026-01-10
      Assets:Receivable:C1  100.00 USD
      Income:Sales
    2026-01-06 * "Pays" ^INV-1
      Assets:Bank  10.00 USD
      Assets:Receivable:C1
    2026-01-08 * "Pays a part" ^INV-2
      Assets:Bank  60.00 USD
      Assets:Receivable:C1
    2026-01-11 * "Pays the rest" ^INV-2
      Assets:Bank  40.00 USD
      Assets:Receivable:C1
    """
    # An example of Microsoft Dynamics users: 7.5 days unweighted, 9.55 weighted.
    paid = list(paid_invoices(tell().at("2026-01-31")))
    (times,) = payment_times(paid, lambda one: one.document.customer).values()
    assert (times.count, times.late, times.amount) == (2, 1, Decimal(110))
    assert times.days_to_pay == Decimal("7.5")
    assert round(times.weighted_days_to_pay, 2) == Decimal("9.55")
    assert times.days_late == Decimal("0.5")
    assert round(times.weighted_days_late, 2) == Decimal("0.91")
    assert [(one.document.number, one.days_to_pay, one.days_late) for one in paid] == [
        ("INV-1", 5, 0),
        ("INV-2", 10, 1),
    ]


def test_what_was_paid_is_told_by_payments_alone(tell: Tell) -> None:
    story = tell(STORY)
    # The bounced payment counts with the day on which it was made good; the write-off not at all.
    assert [
        (one.document.number, str(one.paid_on)) for one in paid_invoices(story.at("2026-03-31"))
    ] == [("INV-1", "2026-03-01")]
    assert list(paid_invoices(story.at("2026-02-28"))) == []
    assert [str(one.paid_on) for one in paid_invoices(story.at("2026-02-11"))] == ["2026-02-10"]
