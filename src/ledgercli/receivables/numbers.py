"""Numbers of documents and the names that settlements use: the rules of numbering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from ledgercli.model.ledger import LedgerPosting, Transaction

#: Links that number a settlement or a deposit, never a document.
CREDIT_NOTE, PAYMENT, DEPOSIT = "CN-", "PAY-", "DEP-"
OWN_LINKS = (CREDIT_NOTE, PAYMENT, DEPOSIT)


def document_links(links: Iterable[str]) -> list[str]:
    """Return the links that may name a document, sorted."""
    return sorted(link for link in links if not link.startswith(OWN_LINKS))


def number_of(posting: LedgerPosting, patterns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the number of the document that ``posting`` opens, and the links that compete for it.

    The number is ``invoice:`` of the posting, else of the transaction, else the one link that may
    name a document, of several the one that fits the first of ``patterns`` that any fits. It is
    empty where nothing numbers the document; the links then say why, if they are too many.
    """
    told = (posting.says("invoice") or "").strip()
    if told:
        return told, ()
    links = document_links(posting.transaction.links)
    if len(links) <= 1:
        return (links[0] if links else ""), ()
    for pattern in patterns:
        fitting = [link for link in links if fnmatchcase(link, pattern)]
        if len(fitting) == 1:
            return fitting[0], ()
        if fitting:
            return "", tuple(fitting)
    return "", tuple(links)


def names_of(posting: LedgerPosting, *, posting_level_used: bool) -> tuple[str, ...]:
    """Return the numbers or links that a settlement names, sorted.

    ``invoice:`` of the posting, else of the transaction, else the links, unless some receivable
    posting of the transaction has an ``invoice:`` of its own (``posting_level_used``).
    """
    told = (posting.says("invoice") or "").strip()
    if told:
        return (told,)
    return () if posting_level_used else tuple(document_links(posting.transaction.links))


def own_links(links: Iterable[str]) -> tuple[str, ...]:
    """Return the links that number a settlement or a deposit, sorted."""
    return tuple(sorted(link for link in links if link.startswith(OWN_LINKS)))


def settlement_number(transaction: Transaction, credit_note: str | None) -> str:
    """Return a settlement's own number: ``credit-note:``, else its first CN-, PAY- or DEP- link."""
    if credit_note:
        return credit_note.strip()
    own = own_links(transaction.links)
    return own[0] if own else ""
