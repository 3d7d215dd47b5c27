"""The short way of booking plain transactions gives what Beancount's own way gives."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

ACCOUNTS = ("Assets:Receivable", "Assets:Bank", "Assets:Stock", "Income:Sales")
OPENS = "".join(f"2020-01-01 open {account}\n" for account in ACCOUNTS)
AMOUNTS = ("1 EUR", "-1 EUR", "2.50 EUR", "-2.504 EUR", "1 USD", "-1 USD", "0 EUR", "")
LOTS = (
    "1 ACME {2 EUR}",
    "-1 ACME {2 EUR}",
    "-1 ACME {}",
    "1 ACME",
    "-1 ACME @ 3 EUR",
    "1",
    "1 @ 2",
)

posting = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(AMOUNTS))
lot_posting = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(AMOUNTS + LOTS))
transactions = st.lists(
    st.lists(posting, max_size=3) | st.lists(lot_posting, max_size=3), max_size=8
)


def entries_of(postings: list[list[tuple[str, str]]]) -> tuple[list[Any], dict[str, Any]]:
    from beancount.parser import parser

    lines = [OPENS]
    for day, transaction in enumerate(postings, 2):
        lines.append(f'2020-01-{day:02d} * "x"\n')
        lines += [f"  {account}  {amount}\n" for account, amount in transaction]
    entries, _, options = parser.parse_string("".join(lines), "main.beancount")
    return entries, options


def without_tolerances(entries: list[Any]) -> list[Any]:
    for entry in entries:
        entry.meta.pop("__tolerances__", None)
    return entries


@settings(max_examples=150, deadline=None)
@given(transactions)
def test_same_entries_and_errors(postings: list[list[tuple[str, str]]]) -> None:
    from beancount.ops import validation
    from beancount.parser import booking

    from ledgercli.books.beancount_book import book
    from ledgercli.books.beancount_checks import unbalanced

    entries, options = entries_of(postings)
    theirs, their_errors = booking.book(entries, options)  # type: ignore[no-untyped-call]
    ours, our_errors, failures, sound = book(entries_of(postings)[0], options, thorough=False)
    assert failures == []
    assert without_tolerances(ours) == without_tolerances(theirs)
    assert sorted(error.message for error in our_errors) == sorted(
        error.message for error in their_errors
    )
    balance_errors = validation.validate_check_transaction_balances(theirs, options)  # type: ignore[no-untyped-call]
    assert unbalanced(ours, options) == (balance_errors, [])
    of_sound: Any = validation.validate_check_transaction_balances(sound, options)  # type: ignore[no-untyped-call]
    assert of_sound == []
