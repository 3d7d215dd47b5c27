"""Whose posting it is: the rule of identity.

First hit wins: ``customer:`` of the posting, of the transaction, of the account's open directive
(each an id, else an alias); ``accounts:`` of a record, the longest match; the last component of the
account (id or alias); the payee (name or alias; an assumption).
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Literal, Protocol

from ledgercli.model.customer import UNKNOWN, Customer, fold
from ledgercli.model.ledger import AccountOpen, LedgerPosting
from ledgercli.model.record import dataclass

Evidence = Literal["posting", "transaction", "open", "account", "component", "payee", "none"]


@dataclass(frozen=True, slots=True)
class Match:
    """The customer of a posting and what told it.

    ``unresolved`` are ``customer:`` texts that fit nobody, though a later rule may have found one.
    """

    customer: str
    evidence: Evidence
    unresolved: tuple[str, ...] = ()

    @property
    def assumed(self) -> bool:
        """Return whether the match rests on the payee's name only."""
        return self.evidence == "payee"

    @property
    def of_account(self) -> bool:
        """Return whether the account alone told it, whoever the payee is."""
        return self.evidence in {"open", "account", "component"}


Ids = Mapping[str, tuple[str, ...]]
"""The ids of customers, sorted, by a text that each of them has."""


class Lookup(Protocol):
    """What customers are looked up by: ``ids``, ``aliases`` and ``names`` folded, ``accounts``."""

    @property
    def ids(self) -> Mapping[str, str]: ...  # noqa: D102 - see the class
    @property
    def accounts(self) -> Ids: ...  # noqa: D102
    @property
    def aliases(self) -> Ids: ...  # noqa: D102
    @property
    def names(self) -> Ids: ...  # noqa: D102


class RecordLookup:
    """A lookup made of records, each part of it when it is first asked for.

    Most postings are told by their account: names and aliases are looked through when one is not.
    """

    def __init__(self, customers: Iterable[Customer]) -> None:
        """Take the customers; of two with one id the first counts."""
        self._customers = customers

    @functools.cached_property
    def _indexed(self) -> tuple[dict[str, str], list[Customer]]:
        ids: dict[str, str] = {}
        return ids, [
            customer
            for customer in self._customers
            if ids.setdefault(fold(customer.id), customer.id) == customer.id
        ]

    @property
    def ids(self) -> Mapping[str, str]:
        """Return the ids by themselves, folded."""
        return self._indexed[0]

    @functools.cached_property
    def accounts(self) -> Ids:
        """Return whose the accounts are that records name."""
        return self._by(lambda customer: customer.accounts)

    @functools.cached_property
    def aliases(self) -> Ids:
        """Return whose the aliases are, folded."""
        return self._by(lambda customer: map(fold, customer.aliases))

    @functools.cached_property
    def names(self) -> Ids:
        """Return whose the names are, folded."""
        return self._by(lambda customer: (fold(customer.label),))

    def _by(self, texts: Callable[[Customer], Iterable[str]]) -> Ids:
        found: dict[str, set[str]] = defaultdict(set)
        for customer in self._indexed[1]:
            for text in texts(customer):
                found[text].add(customer.id)
        return {text: tuple(sorted(ids)) for text, ids in found.items()}


class Directory:
    """Looks customers up by id, alias, name and account; case and Unicode form are ignored."""

    def __init__(self, customers: Iterable[Customer], opens: Mapping[str, AccountOpen]) -> None:
        """Index ``customers``; of two with one id the first counts, names of two fit nobody."""
        self._lookup: Lookup = RecordLookup(customers)
        self._opens = opens
        self._matches: dict[tuple[str | None, str | None, str, str], Match] = {}

    @classmethod
    def of(cls, lookup: Lookup, opens: Mapping[str, AccountOpen]) -> Directory:
        """Return the directory of a lookup that is there already."""
        found = cls((), opens)
        found._lookup = lookup
        return found

    def match(self, posting: LedgerPosting) -> Match:
        """Return the customer of ``posting``, ``?`` where no rule tells it."""
        own = posting.metadata.get("customer")
        shared = posting.transaction.metadata.get("customer")
        return self.identify(own, shared, posting.account, posting.transaction.payee)

    def identify(self, own: str | None, shared: str | None, account: str, payee: str) -> Match:
        """Return the customer of a posting by its `customer:`, its transaction's, and the rest."""
        key = (own, shared, account, payee)
        found = self._matches.get(key)
        if found is None:
            found = self._matches[key] = self._match(*key)
        return found

    def by_id_or_alias(self, text: str) -> str | None:
        """Return the id that ``text`` names, None where it names nobody or two customers."""
        folded = fold(text)
        return self._lookup.ids.get(folded) or _only(self._lookup.aliases.get(folded, ()))

    def by_id(self, text: str) -> str | None:
        """Return the id that ``text`` is when case is ignored, None where it is none."""
        return self._lookup.ids.get(fold(text))

    def shared_aliases(self) -> dict[str, tuple[str, ...]]:
        """Return aliases, folded, that fit two customers or one's alias and another's id."""
        ids = self._lookup.ids
        shared = {}
        for alias, owners in self._lookup.aliases.items():
            everyone = {*owners, ids[alias]} if alias in ids else {*owners}
            if len(everyone) > 1:
                shared[alias] = tuple(sorted(everyone))
        return shared

    def shared_accounts(self) -> dict[str, tuple[str, ...]]:
        """Return accounts that two records claim."""
        return {name: ids for name, ids in self._lookup.accounts.items() if len(ids) > 1}

    def _match(self, own: str | None, shared: str | None, account: str, payee: str) -> Match:
        opened = self._opens.get(account)
        unresolved: list[str] = []
        named: tuple[tuple[Evidence, str | None], ...] = (
            ("posting", own),
            ("transaction", shared),
            ("open", opened.customer if opened else None),
        )
        for evidence, text in named:
            if text is None:
                continue
            if customer := self.by_id_or_alias(text):
                return Match(customer, evidence, tuple(unresolved))
            unresolved.append(text)
        missing = tuple(unresolved)
        if customer := self._by_account(account):
            return Match(customer, "account", missing)
        if customer := self.by_id_or_alias(account.rpartition(":")[2]):
            return Match(customer, "component", missing)
        if payee and (customer := self.by_payee(payee)):
            return Match(customer, "payee", missing)
        return Match(UNKNOWN, "none", missing)

    def _by_account(self, account: str) -> str | None:
        accounts = self._lookup.accounts
        while account:
            if account in accounts:
                return _only(accounts[account])
            account = account.rpartition(":")[0]
        return None

    def by_payee(self, payee: str) -> str | None:
        """Return the id of the one customer whose name or alias is ``payee``."""
        folded = fold(payee)
        lookup = self._lookup
        return _only({*lookup.names.get(folded, ()), *lookup.aliases.get(folded, ())})


def _only(ids: Collection[str]) -> str | None:
    return next(iter(ids)) if len(ids) == 1 else None
