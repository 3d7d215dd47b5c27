"""Read the general ledger: all postings of a ledger, by a load of Beancount's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledgercli.books.account_kinds import DEPOSIT, RECEIVABLE, AccountKinds
from ledgercli.books.beancount_errors import Sources, line_of
from ledgercli.books.ledger import read_entries
from ledgercli.books.ledger_values import fits_sums, metadata_text
from ledgercli.books.pause import collection_paused
from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.finding import Finding
from ledgercli.model.general_ledger import (
    QUANTITY_KEYS,
    AccountKind,
    BookPosting,
    BookTransaction,
    Budget,
    BudgetInterval,
    GeneralLedger,
    Role,
)
from ledgercli.model.settings import Settings
from ledgercli.model.values import Money, parse_number

# An entry or posting of Beancount. Plugins put anything into their place.
Entry = Any
#: In the order in which a ledger's options name the roots.
_KINDS: tuple[AccountKind, ...] = ("asset", "liability", "equity", "income", "expense")
_ROLES: Mapping[int, Role] = {RECEIVABLE: "receivable", DEPOSIT: "deposit"}
#: The words of Fava, which takes both kinds.
_INTERVALS: Mapping[str, BudgetInterval] = {
    "day": "day",
    "daily": "day",
    "week": "week",
    "weekly": "week",
    "fortnight": "fortnight",
    "fortnightly": "fortnight",
    "month": "month",
    "monthly": "month",
    "quarter": "quarter",
    "quarterly": "quarter",
    "year": "year",
    "yearly": "year",
}
_NO_META: Mapping[str, Any] = {}


def read_general_ledger(
    path: Path, root: Path, settings: Settings, *, safe: bool = False, within: Path | None = None
) -> GeneralLedger:
    """Return the general ledger that begins in ``path``, places told relative to ``root``.

    ``safe`` and ``within`` are those of :func:`ledgercli.books.ledger.read_ledger`, which also
    tells what is wrong; customers are named, but not yet looked up. Raise LedgerNotFoundError or
    LedgerNotReadableError.
    """
    loaded = read_entries(path, root, safe=safe, within=within)
    return general_ledger_of(loaded.entries, loaded.options, root, settings)


def general_ledger_of(
    entries: Sequence[Entry], options: Mapping[str, Any], root: Path, settings: Settings
) -> GeneralLedger:
    """Return the general ledger that Beancount has loaded as ``entries``."""
    sources = Sources(root)
    sources.name_roots(dict(options))
    with collection_paused():
        return _Reading(sources, options, settings).ledger(entries)


class _Reading:
    """Makes records of entries."""

    def __init__(self, sources: Sources, options: Mapping[str, Any], settings: Settings) -> None:
        self.sources = sources
        self.roles = AccountKinds(settings.receivables, options)
        self.roots = dict(zip(sources.roots, _KINDS, strict=True))
        self.products = settings.statements.products
        self.keys = frozenset(["customer", *self.products, *QUANTITY_KEYS])
        self.accounts: dict[str, AccountKind] = {}
        self.postings: list[BookPosting] = []
        self.budgets: list[Budget] = []
        self.findings: list[Finding] = []

    def ledger(self, entries: Sequence[Entry]) -> GeneralLedger:
        """Return all that ``entries`` post."""
        from beancount.core import data

        number = 0
        for entry in entries:
            if type(entry) is data.Transaction:
                self._add_transaction(entry, number)
                number += 1
            elif type(entry) is data.Open:
                self._kind(entry.account)
            elif type(entry) is data.Custom and entry.type == "budget":
                self._add_budget(entry)
        accounts = dict(sorted(self.accounts.items()))
        found = tuple(self.postings), accounts, tuple(self.budgets), tuple(self.findings)
        return GeneralLedger(*found)

    def _add_budget(self, entry: Entry) -> None:
        """Add a budget, or the finding that it is none."""
        values = [value.value for value in entry.values or ()]
        if len(values) == len(("account", "interval", "amount")):
            account, word, amount = values
            interval = _INTERVALS.get(str(word).lower())
            if interval and isinstance(account, str) and self._kind(account) and fits_sums(amount):
                budget = Budget(account, entry.date, interval, amount.number, amount.currency)
                self.budgets.append(budget)
                return
        place = self.sources.place(entry.meta or _NO_META)
        self.findings.append(Finding(codes.BAD_BUDGET, {}, place))

    def _kind(self, account: str) -> AccountKind | None:
        """Return the kind of an account, None for a root that there is not."""
        kind = self.accounts.get(account)
        if kind is None:
            kind = self.roots.get(account.partition(":")[0])
            if kind:
                self.accounts[account] = kind
        return kind

    def _add_transaction(self, entry: Entry, number: int) -> None:
        meta = self._relevant(entry.meta)
        transaction = BookTransaction(
            number=number,
            date=entry.date,
            flag=str(entry.flag or ""),
            payee=entry.payee or "",
            narration=entry.narration or "",
            tags=frozenset(entry.tags or ()),
            links=frozenset(entry.links or ()),
            customer=metadata_text(meta.get("customer")) or None,
            file=self.sources.relative((entry.meta or _NO_META).get("filename")),
            line=line_of(entry.meta or _NO_META),
        )
        for posting in entry.postings:
            kind = self._kind(posting.account)
            if kind and fits_sums(posting.units) and posting.units.number:
                self.postings.append(self._posting(posting, kind, transaction, meta))

    def _posting(
        self,
        posting: Entry,
        kind: AccountKind,
        transaction: BookTransaction,
        shared: Mapping[str, Any],
    ) -> BookPosting:
        units = Money(posting.units.number, posting.units.currency)
        weight = cost = units
        if posting.cost is not None or posting.price is not None:
            weight, cost = _weight_and_cost(posting, units)
        amount = weight if kind in {"income", "expense"} else cost
        own = self._relevant(posting.meta)
        says = {**shared, **own} if own else shared
        at = line_of(posting.meta or _NO_META) if transaction.flag != "P" else 0
        return BookPosting(
            transaction=transaction,
            account=posting.account,
            kind=kind,
            amount=amount.amount,
            currency=amount.currency,
            role=_ROLES.get(self.roles[posting.account], ""),
            weight=None if weight == amount else weight,
            units=None if units == amount else units,
            named=metadata_text(own.get("customer")) or None,
            product=next((text for key in self.products if (text := _text(says.get(key)))), ""),
            quantity=_quantity(says),
            line=at or transaction.line,
        )

    def _relevant(self, meta: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return the metadata that has a meaning here."""
        # Most have nothing but the file name and the line that Beancount gives them.
        if not meta or len(meta) <= 2:
            return _NO_META
        return {key: meta[key] for key in self.keys.intersection(meta)}


def _weight_and_cost(posting: Entry, units: Money) -> tuple[Money, Money]:
    """Return what a posting adds to the balance of its transaction, and what it costs."""
    from beancount.core import convert

    weight, cost = convert.get_weight(posting), convert.get_cost(posting)  # type: ignore[no-untyped-call]
    found = [Money(one.number, one.currency) if fits_sums(one) else units for one in (weight, cost)]
    return found[0], found[1]


def _text(value: object) -> str:
    """Return a metadata value as a name: text, or what else Beancount reads without quotes."""
    if isinstance(value, str):
        return value.strip()
    return f"{value:f}" if isinstance(value, Decimal) else ""


def _quantity(says: Mapping[str, Any]) -> Decimal | None:
    """Return the quantity that metadata names as a number, an amount, or their text."""
    for key in QUANTITY_KEYS:
        value = getattr(says.get(key), "number", says.get(key))
        if isinstance(value, str):
            try:
                value = parse_number(value.partition(" ")[0])
            except ValueError:
                continue
        if isinstance(value, Decimal) and value.is_finite():
            return value
    return None
