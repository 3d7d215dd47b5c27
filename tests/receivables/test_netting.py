"""What is settled can be left out: nothing that is open, unallocated or owed differs without it."""

from __future__ import annotations

import datetime as dt
import marshal
from itertools import groupby
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from stories import transaction
from test_properties import CUSTOMERS, FIRST, LAST, Entry, days, entries, modes, view_of

from ledgercli.model.ledger import LedgerView
from ledgercli.model.ledger_rows import TransactionRow, with_rows
from ledgercli.model.receivables_settings import AllocationMode, ReceivablesSettings
from ledgercli.model.terms import Terms
from ledgercli.receivables.identity import Directory
from ledgercli.receivables.netting import NEVER, settled_days
from ledgercli.receivables.occurrences import Occurrence
from ledgercli.receivables.open_accounts import OpenAccounts
from ledgercli.receivables.position import Position, position
from ledgercli.receivables.row_owners import RowOwners
from ledgercli.receivables.summary import Standing, records_by_id
from ledgercli.receivables.summing import Summing, summarize
from ledgercli.receivables.summing_days import summarize_days

#: Numbers that may be mistaken for an instalment or a copy of one another, and links of payments.
_NUMBERS = ("INV-1", "INV-2", "INV-1/2", "INV-1~2", "A/1", "A")
_LINKS = st.sampled_from([(), (), (), ("PAY-1",), ("PAY-2",), ("CN-1",)])


def rows_of(view: LedgerView) -> list[TransactionRow]:
    """Return the rows that are read as ``view``."""
    rows: list[TransactionRow] = []
    for _, group in groupby(view.receivables, key=lambda posting: id(posting.transaction)):
        postings = tuple(group)
        head = postings[0].transaction
        rows.append(
            (
                head.date.toordinal(),
                head.flag,
                head.payee,
                head.narration,
                tuple(sorted(head.links)),
                tuple(sorted(head.tags)),
                dict(head.metadata) or None,
                head.accounts,
                head.only_receivables,
                head.file,
                head.line,
                tuple(
                    (
                        posting.account,
                        str(posting.amount),
                        posting.currency,
                        dict(posting.metadata) or None,
                        posting.line,
                        True,
                    )
                    for posting in postings
                ),
            )
        )
    return rows


@st.composite
def plain(draw: st.DrawFn) -> list[Entry]:
    """A document and one or two settlements that name it, by link or metadata, often in full."""
    number = draw(st.sampled_from(_NUMBERS))
    account = f"Assets:Receivable:{draw(st.sampled_from(['C1', 'C2']))}"
    parts = draw(st.sampled_from([(10,), (10,), (4, 6), (4, 5), (10, 1)]))
    how = draw(st.sampled_from(["link", "metadata", "both"]))
    extra = draw(_LINKS)
    metadata = {} if how == "link" else {"invoice": number}
    links = () if how == "metadata" else (number,)
    made = [transaction(draw(days), (account, "10 EUR", metadata), links=links, elsewhere=True)]
    for part in parts:
        line = (account, f"-{part} EUR", metadata)
        made.append(transaction(draw(days), line, links=(*links, *extra), elsewhere=True))
    return made


_LEDGERS = st.tuples(st.lists(plain(), max_size=4), st.lists(entries(), max_size=3)).map(
    lambda parts: [entry for group in parts[0] for entry in group] + parts[1]
)


_TERMS = [Terms.parse("net 2 from delivery"), Terms.parse("50% net 0, 50% net 1 from acceptance")]


def _recorded(_key: Any, number: str, event: str, as_of: dt.date) -> Occurrence | None:  # noqa: ANN401
    """Deliver one document on the third day."""
    day = FIRST + dt.timedelta(days=2)
    known = number == "INV-1" and event == "delivery" and day <= as_of
    return Occurrence(day, "activity", "log:1") if known else None


def _figures(found: Position) -> Any:  # noqa: ANN401 - only compared
    return (
        [
            (
                item.document.key,
                item.document.number,
                item.document.due,
                item.open,
                item.allocated,
                [(row.date, row.amount, row.rule, row.assumed) for row in item.allocations],
            )
            for item in found.open_items
        ],
        [
            (row.settlement.key, row.settlement.date, row.settlement.amount, row.unallocated)
            for row in found.receipts
            if row.unallocated
        ],
        {key: amount for key, amount in found.balances.items() if amount},
        dict(found.unallocated),
        dict(found.rounding),
        found.tie_out,
    )


@settings(max_examples=250)
@given(ledger=_LEDGERS, mode=modes, as_of=days)
@example(ledger=[], mode="legal", as_of=FIRST)
def test_what_is_settled_makes_no_difference(
    ledger: list[Entry], mode: AllocationMode, as_of: dt.date
) -> None:
    rows = rows_of(view_of(ledger))
    directory = Directory(CUSTOMERS, {})
    settled = settled_days(rows, lambda *asked: directory.identify(*asked).customer)
    left = [
        row
        for row, day in zip(rows, settled, strict=True)
        if day == NEVER or day > as_of.toordinal()
    ]
    rules = ReceivablesSettings(allocation=mode)
    whole = position(with_rows(LedgerView(), rows), CUSTOMERS, rules, as_of)
    part = position(with_rows(LedgerView(), left), CUSTOMERS, rules, as_of)
    assert _figures(part) == _figures(whole)


@settings(max_examples=250)
@given(ledger=_LEDGERS, mode=modes, as_of=days, terms=st.sampled_from([None, *_TERMS]))
def test_a_summary_of_rows_is_that_of_their_position(
    ledger: list[Entry], mode: AllocationMode, as_of: dt.date, terms: Terms | None
) -> None:
    rows = rows_of(view_of(ledger))
    rules = ReceivablesSettings(allocation=mode, terms=terms)

    def sort(part: list[TransactionRow]) -> None:
        part.sort(key=rows.index)

    found = summarize(rows, LedgerView(), CUSTOMERS, rules, as_of, sort, _recorded)
    whole = position(with_rows(LedgerView(), rows), CUSTOMERS, rules, as_of, _recorded)
    assert found.tie_out
    assert _sums(found) == _sums(whole)


@settings(max_examples=150)
@given(
    ledger=_LEDGERS,
    mode=modes,
    asked=st.lists(days, min_size=1, max_size=4),
    terms=st.sampled_from([None, *_TERMS]),
)
def test_summaries_of_several_days_are_those_of_each(
    ledger: list[Entry], mode: AllocationMode, asked: list[dt.date], terms: Terms | None
) -> None:
    rows = rows_of(view_of(ledger))
    rules = ReceivablesSettings(allocation=mode, terms=terms)
    records = records_by_id(CUSTOMERS)
    facts, directory = LedgerView(), Directory(CUSTOMERS, {})

    def sort(part: list[TransactionRow]) -> None:
        part.sort(key=rows.index)

    found = summarize_days(rows, facts, records, rules, asked, sort, _recorded, directory)
    assert list(found) == sorted(set(asked))
    for day, summary in found.items():
        whole = position(with_rows(facts, rows), CUSTOMERS, rules, day, _recorded)
        assert (summary.as_of, summary.tie_out) == (day, True)
        assert _sums(summary) == _sums(whole)
        alone = summarize(rows, facts, CUSTOMERS, rules, day, sort, _recorded)
        assert repr(summary) == repr(alone)


@settings(max_examples=120)
@given(ledger=_LEDGERS, mode=modes, as_of=days, terms=st.sampled_from([None, *_TERMS]))
def test_kept_accounts_and_all_other_rows_have_the_summary_of_any_day(
    ledger: list[Entry], mode: AllocationMode, as_of: dt.date, terms: Terms | None
) -> None:
    rows = rows_of(view_of(ledger))
    rules = ReceivablesSettings(allocation=mode, terms=terms)
    directory = Directory(CUSTOMERS, {})
    owners = RowOwners(lambda *asked: directory.identify(*asked).customer)
    settled = settled_days(rows, lambda *asked: directory.identify(*asked).customer)
    lasting = [
        row
        for row, day in zip(rows, settled, strict=True)
        if day == NEVER and len(owners.keys(row)) == 1
    ]
    others = [
        row
        for row, day in zip(rows, settled, strict=True)
        if row not in lasting and (day == NEVER or day > as_of.toordinal())
    ]

    def sort(part: list[TransactionRow]) -> None:
        part.sort(key=rows.index)

    begun = Summing.of(LedgerView(), CUSTOMERS, rules, LAST, _recorded)
    begun.take(lasting)
    summing = Summing.of(LedgerView(), CUSTOMERS, rules, as_of, _recorded)
    for part in begun.open_accounts(lambda customer: customer).values():
        plain_values: Any = tuple(part)
        summing.resume(OpenAccounts(*marshal.loads(marshal.dumps(plain_values))))  # noqa: S302
    summing.take(others)
    found = summing.summary(sort, lambda _: lasting)
    whole = position(with_rows(LedgerView(), rows), CUSTOMERS, rules, as_of, _recorded)
    assert found.tie_out
    assert _sums(found) == _sums(whole)


def _sums(found: Standing) -> Any:  # noqa: ANN401 - only compared
    return (
        {key: sorted(lines) for key, lines in found.open_lines.items()},
        {key: amount for key, amount in found.balances.items() if amount},
        dict(found.deposits),
        dict(found.unallocated),
        dict(found.rounding),
        dict(found.customers),
    )


def _settled(*made: Entry) -> list[int]:
    rows = rows_of(view_of(list(made)))
    directory = Directory(CUSTOMERS, {})
    found = settled_days(rows, lambda *asked: directory.identify(*asked).customer)
    return [day and day - FIRST.toordinal() for day in found]


def _entry(day: int, money: str, *links: str, tags: tuple[str, ...] = ()) -> Entry:
    line: tuple[str, str, dict[str, str]] = ("Assets:Receivable:C1", money, {})
    day_of = FIRST + dt.timedelta(days=day)
    return transaction(day_of, line, links=links, tags=tags, elsewhere=True)


def test_settled_from_the_day_of_the_last_payment_on() -> None:
    invoice = _entry(0, "10 EUR", "INV-1")
    assert _settled(invoice, _entry(2, "-4 EUR", "INV-1"), _entry(5, "-6 EUR", "INV-1")) == [5] * 3
    assert _settled(invoice, _entry(2, "-4 EUR", "INV-1", "PAY-7"), _entry(5, "-5 EUR", "INV-1"))[
        0
    ] == (NEVER)


def test_a_number_that_is_a_link_too_settles_as_well() -> None:
    said = {"invoice": "INV-1"}

    def entry(day: int, money: str, *links: str) -> Entry:
        line = ("Assets:Receivable:C1", money, said)
        return transaction(FIRST + dt.timedelta(days=day), line, links=links, elsewhere=True)

    paid = entry(3, "-10 EUR", "INV-1")
    assert _settled(entry(0, "10 EUR", "INV-1"), paid) == [3, 3]
    assert _settled(entry(0, "10 EUR"), paid) == [3, 3]
    # Another link is a second name, by which something else may pay it.
    assert _settled(entry(0, "10 EUR", "INV-1", "ORDER-1"), paid) == [NEVER] * 2
    assert _settled(entry(0, "10 EUR", "ORDER-1"), paid) == [NEVER] * 2


def test_a_refund_keeps_the_whole_account() -> None:
    settled = _settled(
        _entry(0, "10 EUR", "INV-1"),
        _entry(2, "-10 EUR", "INV-1"),
        _entry(3, "10 EUR", "INV-2", tags=("refund",)),
    )
    assert settled == [NEVER] * 3


def test_a_payment_in_another_currency_settles_nothing() -> None:
    assert _settled(_entry(0, "10 EUR", "INV-1"), _entry(2, "-10 JPY", "INV-1")) == [NEVER] * 2


def test_a_number_of_two_documents_settles_nothing() -> None:
    assert (
        _settled(
            _entry(0, "10 EUR", "INV-1"),
            _entry(1, "10 EUR", "INV-1"),
            _entry(2, "-20 EUR", "INV-1"),
        )
        == [NEVER] * 3
    )


def test_a_payment_whose_own_number_is_a_link_of_another_document_settles_nothing() -> None:
    settled = _settled(
        _entry(0, "10 EUR", "INV-1"),
        _entry(1, "10 EUR", "INV-2", "PAY-1"),
        _entry(2, "-10 EUR", "INV-1", "PAY-1"),
    )
    assert settled == [NEVER] * 3


def test_nobody_pays_for_the_unknown_customer_without_naming() -> None:
    line = ("Assets:Receivable:Nobody", "10 EUR", dict[str, str]())
    paid = ("Assets:Receivable:Nobody", "-10 EUR", dict[str, str]())
    ledger = [
        transaction(FIRST, line, links=("INV-1",), elsewhere=True),
        transaction(FIRST, paid, elsewhere=True),
    ]
    rows = rows_of(view_of(ledger))
    rules = ReceivablesSettings()
    found = summarize(rows, LedgerView(), CUSTOMERS, rules, FIRST, lambda _: None)
    whole = position(with_rows(LedgerView(), rows), CUSTOMERS, rules, FIRST)
    assert _sums(found) == _sums(whole)
    assert found.unallocated == {("?", "EUR"): 10}
