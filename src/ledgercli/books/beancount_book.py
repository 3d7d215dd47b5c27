"""Book and balance transactions as Beancount does, without its detour for the plain ones.

A transaction whose postings are all written out, in one currency, without cost or price, comes out
of Beancount's booking as it went in, and balances when its numbers add up to nothing. Most of a
ledger of receivables is like that. All others take Beancount's own way, one by one, so that an
entry it cannot survive is known by its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from beancount.core import data, inventory
from beancount.core.amount import Amount
from beancount.core.interpolate import AUTOMATIC_RESIDUAL
from beancount.core.number import MISSING
from beancount.ops import validation
from beancount.parser import booking, booking_full

from ledgercli.books.beancount_loaded import Entry, Failure


def book(
    entries: Iterable[Entry], options: Mapping[str, Any], *, thorough: bool
) -> tuple[list[Entry], list[Any], list[Failure]]:
    """Return the booked entries in their order, Beancount's errors, and what it died of.

    With ``thorough`` every transaction goes through Beancount: then each has ``__tolerances__`` in
    its metadata, which plugins may ask for. An entry that raises is left out.
    """
    entries = list(entries)
    methods: defaultdict[str, Any] = defaultdict(lambda: options["booking_method"])
    watched: set[str] = set()
    plain: set[int] = set()
    for entry in entries:
        kind = type(entry)
        if kind is data.Transaction:
            if not thorough and _is_plain(entry):
                plain.add(id(entry))
            else:
                watched.update(_accounts_with_lots(entry))
        elif kind is data.Open and entry.booking:
            methods[entry.account] = entry.booking
    balances: defaultdict[str, Any] = defaultdict(inventory.Inventory)
    book_one: Any = booking_full.book
    find_missing: Any = booking.validate_missing_eliminated
    kept: list[Entry] = []
    errors: list[Any] = []
    failures: list[Failure] = []
    for entry in entries:
        if type(entry) is not data.Transaction or (
            id(entry) in plain and not any(posting.account in watched for posting in entry.postings)
        ):
            kept.append(entry)
            continue
        try:
            new_entries, new_errors = book_one([entry], options, methods, balances)
            new_errors += find_missing(new_entries, options)
        except Exception as error:  # noqa: BLE001 - whatever it is, the ledger goes on without
            failures.append((entry, error))
            continue
        errors += new_errors
        kept += new_entries
    return kept, errors, failures


def _is_plain(entry: Entry) -> bool:
    """Return whether booking would leave the postings as they are."""
    currency = None
    for posting in entry.postings:
        units = posting.units
        if (
            posting.cost is not None
            or posting.price is not None
            or type(units) is not Amount
            or type(units.number) is not Decimal
            or type(units.currency) is not str
        ):
            return False
        if currency is None:
            currency = units.currency
        elif units.currency != currency:
            return False
    return True


def _accounts_with_lots(entry: Entry) -> set[str]:
    """Return the accounts whose balance decides how this transaction is booked.

    A posting without any amount is filled from its own transaction, so it needs none.
    """
    return {
        posting.account
        for posting in entry.postings
        if posting.cost is not None
        or posting.price is not None
        or (
            posting.units is not MISSING
            and MISSING in (posting.units.number, posting.units.currency)
        )
    }


def unbalanced(
    entries: Iterable[Entry], options: Mapping[str, Any]
) -> tuple[list[Any], list[Failure]]:
    """Return the errors of ``validate_check_transaction_balances``, and what it died of.

    Beancount is asked only where there is doubt.
    """
    check: Any = validation.validate_check_transaction_balances
    errors: list[Any] = []
    failures: list[Failure] = []
    for entry in entries:
        if isinstance(entry, data.Transaction) and not _adds_up_to_nothing(entry):
            try:
                errors += check([entry], options)
            except Exception as error:  # noqa: BLE001 - the other entries are still looked at
                failures.append((entry, error))
    return errors, failures


def _adds_up_to_nothing(entry: Entry) -> bool:
    """Return whether the postings are of one currency, without cost or price, and sum up to 0."""
    currency = None
    total = Decimal()
    for posting in entry.postings:
        units = posting.units
        meta = posting.meta
        if (
            type(units) is not Amount
            or type(units.number) is not Decimal
            or posting.cost is not None
            or posting.price is not None
            or (meta and AUTOMATIC_RESIDUAL in meta)
        ):
            return False
        if currency is None:
            currency = units.currency
        elif units.currency != currency:
            return False
        total += units.number
    return not total
