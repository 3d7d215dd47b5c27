"""Whose posting it is: the rule of identity.

First hit wins: ``customer:`` of the posting, of the transaction, of the account's open directive
(each an id, else an alias); ``accounts:`` of a record, the longest match; the last component of the
account (id or alias); the payee (name or alias; an assumption).
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal

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


class Directory:
    """Looks customers up by id, alias, name and account; case and Unicode form are ignored."""

    def __init__(self, customers: Iterable[Customer], opens: Mapping[str, AccountOpen]) -> None:
        """Index ``customers``; of two with one id the first counts, names of two fit nobody."""
        self._opens = opens
        self._ids: dict[str, str] = {}
        self._accounts: dict[str, set[str]] = defaultdict(set)
        self._matches: dict[tuple[str | None, str | None, str, str], Match] = {}
        self._indexed: list[Customer] = []
        for customer in customers:
            if self._ids.setdefault(fold(customer.id), customer.id) != customer.id:
                continue
            self._indexed.append(customer)
            for account in customer.accounts:
                self._accounts[account].add(customer.id)

    # Most postings are told by their account: names and aliases are looked through when one is not.
    @functools.cached_property
    def _aliases(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for customer in self._indexed:
            for alias in customer.aliases:
                found[fold(alias)].add(customer.id)
        return found

    @functools.cached_property
    def _names(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for customer in self._indexed:
            found[fold(customer.label)].add(customer.id)
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
        return self._ids.get(folded) or _only(self._aliases.get(folded))

    def shared_aliases(self) -> dict[str, tuple[str, ...]]:
        """Return aliases, folded, that fit two customers or one's alias and another's id."""
        shared = {}
        for alias, ids in self._aliases.items():
            everyone = ids | ({self._ids[alias]} if alias in self._ids else set())
            if len(everyone) > 1:
                shared[alias] = tuple(sorted(everyone))
        return shared

    def shared_accounts(self) -> dict[str, tuple[str, ...]]:
        """Return accounts that two records claim."""
        return {name: tuple(sorted(ids)) for name, ids in self._accounts.items() if len(ids) > 1}

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
        while account:
            if account in self._accounts:
                return _only(self._accounts[account])
            account = account.rpartition(":")[0]
        return None

    def by_payee(self, payee: str) -> str | None:
        """Return the id of the one customer whose name or alias is ``payee``."""
        folded = fold(payee)
        return _only(self._names.get(folded, set()) | self._aliases.get(folded, set()))


def _only(ids: set[str] | None) -> str | None:
    return next(iter(ids)) if ids is not None and len(ids) == 1 else None
