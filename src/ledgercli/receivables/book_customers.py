"""Whose a posting of the general ledger is: what it says, else whom its transaction is owed by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from ledgercli.model.customer import UNKNOWN
from ledgercli.model.general_ledger import BookPosting
from ledgercli.receivables.identity import Directory


def with_customers(postings: Iterable[BookPosting], directory: Directory) -> Iterator[BookPosting]:
    """Yield ``postings``, those of a transaction side by side, with the customer of each.

    Postings to receivables and deposits follow the rule of identity. Every other one is of the
    customer that its own `customer:` names, else that of the transaction, each an id or an alias;
    else of the one whose receivable or deposit the transaction posts to. Of nobody where these are
    several; of ``?`` where a name fits nobody.
    """
    known: dict[tuple[str | None, str | None, str, str], str] = {}

    def owner(posting: BookPosting) -> str:
        shared, payee = posting.transaction.customer, posting.transaction.payee
        said = (posting.named, shared, posting.account, payee)
        customer = known.get(said)
        if customer is None:
            customer = known[said] = directory.identify(*said).customer
        return customer

    for _, group in groupby(postings, attrgetter("transaction.number")):
        rows = list(group)
        owners = [owner(posting) for posting in rows if posting.role]
        only = owners[0] if len(set(owners)) == 1 else ""
        remaining = iter(owners)
        for posting in rows:
            customer = next(remaining) if posting.role else _named(posting, directory, only)
            yield posting.of(customer) if customer else posting


def _named(posting: BookPosting, directory: Directory, only: str) -> str:
    """Return the customer of a posting that is no receivable; ``only`` is the one it may be of."""
    if not (posting.named or posting.transaction.customer):
        return only
    texts = [text for text in (posting.named, posting.transaction.customer) if text]
    found = next((one for text in texts if (one := directory.by_id_or_alias(text))), None)
    return found or only or UNKNOWN
