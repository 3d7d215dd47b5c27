"""What Beancount does to every ledger, documents, pads and balance assertions, for less.

Each function gives what Beancount's of the same name gives, entries sorted as they came: it is
asked only about the transactions that touch an account in question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from beancount.core import account, data
from beancount.ops import balance, documents, pad

from ledgercli.books.beancount_loaded import Entries, Entry, Options

Pass = Callable[[Entries, Options], tuple[Entries, list[Any]]]

_find_documents: Any = documents.process_documents
_verify_documents: Any = documents.verify_document_files_exist
_pad: Any = pad.pad
_check: Any = balance.check


def _documents(entries: Entries, options: Options) -> tuple[Entries, list[Any]]:
    """Add documents from folders; without a folder there is nothing to do."""
    if not options["documents"]:
        return entries, []
    found: tuple[Entries, list[Any]] = _find_documents(entries, options)
    return found


def _pads(entries: Entries, options: Options) -> tuple[Entries, list[Any]]:
    """Insert the transactions of pads, each after its pad."""
    padded = {entry.account for entry in entries if type(entry) is data.Pad}
    if not padded:
        # Beancount looks at these all the same, and stumbles over one without values.
        _pad([entry for entry in entries if type(entry) is data.Custom], options)
        return entries, []
    given = _touching(entries, padded)
    some, errors = _pad(given, options)
    inserted: dict[int, Entries] = {}
    of_pad: Entries = []
    upcoming = iter(given)
    awaited = next(upcoming)
    for entry in some:
        if entry is not awaited:
            of_pad.append(entry)
            continue
        awaited = next(upcoming, None)
        if type(entry) is data.Pad:
            of_pad = inserted.setdefault(id(entry), [])
    whole = []
    for entry in entries:
        whole.append(entry)
        if type(entry) is data.Pad:
            whole += inserted[id(entry)]
    return whole, errors


def _assertions(entries: Entries, options: Options) -> tuple[Entries, list[Any]]:
    """Check balance assertions; those that fail are replaced by ones that say by how much."""
    asserted = {entry.account for entry in entries if type(entry) is data.Balance}
    if not asserted:
        return entries, []
    some = _touching(entries, asserted)
    checked, errors = _check(some, options)
    failing = {id(old): new for old, new in zip(some, checked, strict=True) if old is not new}
    if failing:
        entries = [failing.get(id(entry), entry) for entry in entries]
    return entries, errors


def _touching(entries: Iterable[Entry], accounts: set[str]) -> Entries:
    """Return the transactions on these accounts and their sub-accounts, and all other entries."""
    wanted = _Wanted(accounts)
    some = []
    for entry in entries:
        if type(entry) is data.Transaction:
            for posting in entry.postings:
                if wanted[posting.account]:
                    some.append(entry)
                    break
        else:
            some.append(entry)
    return some


class _Wanted(dict[str, bool]):
    """Whether an account is one of those, or under one of them."""

    def __init__(self, accounts: set[str]) -> None:
        super().__init__()
        self._accounts = accounts

    def __missing__(self, name: str) -> bool:
        wanted = self[name] = any(parent in self._accounts for parent in account.parents(name))
        return wanted


#: The short way of each function of Beancount's that has one; the last one is short itself.
PASSES: dict[Any, Pass] = {
    _find_documents: _documents,
    _pad: _pads,
    _check: _assertions,
    _verify_documents: _verify_documents,
}
