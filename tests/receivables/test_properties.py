"""What must hold for every ledger, on random postings made as records."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import transaction

from ledgercli.model.aging_settings import AgingSettings
from ledgercli.model.currency import half_unit
from ledgercli.model.customer import Customer
from ledgercli.model.ledger import LedgerPosting, LedgerView
from ledgercli.model.receivables_settings import AllocationMode, ReceivablesSettings
from ledgercli.model.terms import EVENT_KEYS, Terms
from ledgercli.receivables.aging import Buckets, aging
from ledgercli.receivables.position import Position, position
from ledgercli.receivables.statement import statements

CUSTOMERS = (Customer("C1"), Customer("C2", terms=Terms.parse("40% net 0, 60% net 3")))
FIRST = dt.date(2026, 1, 1)
LAST = FIRST + dt.timedelta(days=7)

Entry = list[LedgerPosting]

days = st.integers(0, 7).map(lambda count: FIRST + dt.timedelta(days=count))
amounts = st.one_of(
    st.sampled_from([1, 2, 3, 5, 10]).map(Decimal),
    st.integers(1, 1200).map(lambda cents: Decimal(cents).scaleb(-2)),
    st.sampled_from(["0.004", "0.005", "9.996", "10.004"]).map(Decimal),
)
numbers = st.sampled_from(["INV-1", "INV-2", "INV-3", "INT-1", "FEE-1", "INV-9", "X"])
accounts = st.sampled_from([f"Assets:Receivable:{name}" for name in ("C1", "C1", "C2", "Nobody")])
currencies = st.sampled_from(["EUR", "EUR", "EUR", "JPY"])
nothing: dict[str, str] = {}
own = st.one_of(
    st.just(nothing),
    st.just(nothing),
    numbers.map(lambda number: {"invoice": number}),
    days.map(lambda due: {"due": due.isoformat()}),
    st.sampled_from(
        [
            {"terms": "net 1 from acceptance"},
            {"terms": "1/2 net 4 from delivery", "delivered": "2026-01-04"},
            {"terms": "50% net 0, 50% net 2 from acceptance", "accepted": "2026-01-05"},
            {"retention": "2026-01-06"},
            {"retention": "acceptance + 1 day", "accepted": "2026-01-03"},
        ]
    ),
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """A transaction: a document, a settlement, a mix, a refund or a move among receivables."""
    rows = [
        (account, f"{draw(st.sampled_from([1, 1, -1, -1])) * amount} {currency}", draw(own))
        for account, amount, currency in draw(
            st.lists(st.tuples(accounts, amounts, currencies), min_size=1, max_size=3)
        )
    ]
    tags = draw(st.sampled_from([(), (), (), ("refund",), ("write-off",), ("discount",)]))
    moves = draw(st.integers(0, 3)) == 0
    if moves:
        account, money, _ = rows[0]
        amount, currency = money.split()
        amount = amount.lstrip("-")
        rows = [
            (account, f"{amount} {currency}", draw(own)),
            (account, f"-{amount} {currency}", draw(own)),
        ]
    return transaction(
        draw(days),
        *rows,
        links=draw(st.lists(numbers, max_size=2)),
        tags=tags,
        elsewhere=not moves,
    )


ledgers = st.lists(entries(), min_size=1, max_size=9)
modes = st.sampled_from(AllocationMode.__args__)  # type: ignore[attr-defined]


def view_of(ledger: Sequence[Entry], file: str = "main.beancount") -> LedgerView:
    """Return a view with ``ledger`` in Beancount's order, each entry on lines of its own."""
    postings: Entry = []
    for index, entry in enumerate(sorted(ledger, key=lambda rows: rows[0].transaction.date)):
        head = replace(entry[0].transaction, line=10 * index + 1, file=file)
        postings.extend(
            replace(posting, transaction=head, line=head.line + line)
            for line, posting in enumerate(entry, start=1)
        )
    return LedgerView(receivables=tuple(postings))


def at(view: LedgerView, mode: AllocationMode, as_of: dt.date = LAST) -> Position:
    return position(view, CUSTOMERS, ReceivablesSettings(allocation=mode), as_of)


def figures(found: Position) -> Any:  # noqa: ANN401 - only compared
    """Return all figures of a position; documents without a number have none here."""
    names = {
        id(item.document): item.document.number if item.document.numbered else "-"
        for item in found.items
    }
    return (
        sorted(
            (
                item.document.key,
                names[id(item.document)],
                item.document.date,
                str(item.document.due),
                item.document.amount,
                item.open,
                sorted((row.date, row.amount, row.rule) for row in item.allocations),
            )
            for item in found.items
        ),
        sorted(
            (
                row.settlement.key,
                row.settlement.date,
                row.settlement.kind,
                row.settlement.names,
                row.settlement.amount,
                row.used,
                row.unallocated,
                sorted((one.amount, names[id(one.document)]) for one in row.allocations),
            )
            for row in found.receipts
        ),
        sorted(found.rounding.items()),
        sorted(finding.code for finding in found.findings),
    )


@settings(max_examples=200)
@given(ledger=ledgers, mode=modes, as_of=days)
def test_figures_tie_and_nothing_is_paid_twice(
    ledger: list[Entry], mode: AllocationMode, as_of: dt.date
) -> None:
    found = at(view_of(ledger), mode, as_of)
    assert found.tie_out
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for item in found.items:
        document = item.document
        assert item.allocated == sum(row.amount for row in item.allocations)
        assert item.allocated + item.open + item.rounding == document.amount
        assert 0 <= item.allocated <= document.amount
        assert item.open == 0 or item.open >= half_unit(document.currency)
        assert 0 <= item.rounding < half_unit(document.currency)
        assert all(document.date <= row.date <= as_of for row in item.allocations)
        assert all(row.posting.transaction.date <= row.date for row in item.allocations)
        assert all(row.posting.currency == document.currency for row in item.allocations)
        sums[document.key] += item.open + item.rounding
    for receipt in found.receipts:
        settlement = receipt.settlement
        assert receipt.unallocated >= 0
        assert receipt.used == sum(row.amount for row in receipt.uses)
        assert receipt.allocated == sum(row.amount for row in receipt.allocations)
        assert receipt.allocated + receipt.used + receipt.unallocated == settlement.amount
        assert all(row.document.key == settlement.key for row in receipt.allocations)
        assert all(row.amount > 0 for row in receipt.allocations)
        if settlement.customer == "?" or mode == "explicit":
            assert settlement.names or not any(
                row.rule in {"oldest-due", "equal-amount"} for row in receipt.allocations
            )
        sums[settlement.key] -= receipt.unallocated
    ledger_sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in ledger:
        for posting in entry:
            if posting.transaction.date <= as_of:
                name = posting.account.rpartition(":")[2]
                key = ("?" if name == "Nobody" else name, posting.currency)
                ledger_sums[key] += posting.amount
    assert {key: total for key, total in sums.items() if total} == {
        key: total for key, total in ledger_sums.items() if total
    }


@settings(max_examples=200)
@given(ledger=ledgers, mode=modes, as_of=days)
def test_no_day_looks_ahead(ledger: list[Entry], mode: AllocationMode, as_of: dt.date) -> None:
    known = [_told_by(entry, as_of) for entry in ledger if entry[0].transaction.date <= as_of]
    assert figures(at(view_of(ledger), mode, as_of)) == figures(at(view_of(known), mode, LAST))


def _told_by(entry: Entry, as_of: dt.date) -> Entry:
    """Return a transaction without the deliveries and acceptances of later days."""
    events = frozenset(EVENT_KEYS.values())
    return [
        replace(
            line,
            metadata={
                key: text
                for key, text in line.metadata.items()
                if key not in events or text <= as_of.isoformat()
            },
        )
        for line in entry
    ]


@settings(max_examples=200)
@given(ledger=ledgers, mode=modes, data=st.data())
def test_the_order_of_files_and_lines_is_irrelevant(
    ledger: list[Entry], mode: AllocationMode, data: st.DataObject
) -> None:
    shuffled = [data.draw(st.permutations(entry)) for entry in data.draw(st.permutations(ledger))]
    one = at(view_of(ledger), mode)
    other = at(view_of(shuffled, file="zzz.beancount"), mode)
    assert figures(one) == figures(other)


@settings(max_examples=150)
@given(ledger=ledgers, mode=modes)
def test_aging_and_statements_add_up_to_the_balances(
    ledger: list[Entry], mode: AllocationMode
) -> None:
    found = at(view_of(ledger), mode)
    balances = {key: total for key, total in found.balances.items() if total}
    for basis in ("due", "date"):
        totals: dict[tuple[str, str], Decimal] = defaultdict(Decimal, found.rounding)
        for row in aging(found, Buckets(basis, AgingSettings().buckets)):
            shown = sum(row.amounts.values()) + row.retention + row.due_unknown
            assert row.total == shown - row.unallocated
            assert basis == "due" or row.retention == row.due_unknown == 0
            totals[row.customer, row.currency] += row.total
        assert {key: total for key, total in totals.items() if total} == balances
    closing = {(one.customer, one.currency): one.closing for one in statements(found, None)}
    assert {key: total for key, total in closing.items() if total} == balances
    for one in statements(found, FIRST + dt.timedelta(days=3)):
        moved = sum((row.debit - row.credit for row in one.rows), Decimal(0))
        assert one.opening + moved == one.closing


@pytest.mark.parametrize("mode", AllocationMode.__args__)  # type: ignore[attr-defined]
def test_an_empty_ledger_has_an_empty_position(mode: AllocationMode) -> None:
    found = at(LedgerView(), mode)
    assert (found.items, found.receipts, found.balances, found.tie_out) == ((), (), {}, True)
