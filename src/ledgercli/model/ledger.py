"""What the rest of the house sees of a ledger: postings on receivable accounts and a few facts."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import field
from decimal import Context, Decimal

from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass

#: The metadata keys that have a meaning here; others are not carried along.
METADATA_KEYS = (
    "customer",
    "invoice",
    "due",
    "terms",
    "invoice-date",
    "credit-note",
    "claim-for",
    "claim-amount",
    "delivered",
    "accepted",
    "tax-invoiced",
    "retention",
)
# A rate is shown in full, and 28 digits are more than any is known to.
_RATES = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction that touches a receivable or deposit account.

    ``metadata`` holds the texts of :data:`METADATA_KEYS` only (dates as ISO text). ``accounts`` are
    all accounts posted to, sorted, without repeats. ``only_receivables`` says that no posting is
    elsewhere. ``file`` is relative to the books.
    """

    date: dt.date
    flag: str
    payee: str
    narration: str
    links: frozenset[str]
    tags: frozenset[str]
    metadata: Mapping[str, str]
    accounts: tuple[str, ...]
    only_receivables: bool
    file: str
    line: int

    @property
    def is_pad(self) -> bool:
        """Return whether Beancount made this transaction to fill a pad directive."""
        return self.flag == "P"


@dataclass(frozen=True, slots=True, eq=False)
class LedgerPosting:
    """One posting on a receivable or deposit account; amounts as posted, debit positive."""

    transaction: Transaction
    account: str
    amount: Decimal
    currency: str
    metadata: Mapping[str, str]
    line: int

    @property
    def file(self) -> str:
        """Return the file of the posting, relative to the books."""
        return self.transaction.file

    def says(self, key: str) -> str | None:
        """Return the metadata ``key`` of the posting, else of its transaction."""
        own = self.metadata.get(key)
        return own if own is not None else self.transaction.metadata.get(key)


@dataclass(frozen=True, slots=True)
class AccountOpen:
    """The open directive of a receivable or deposit account; ``customer`` is its metadata."""

    account: str
    date: dt.date
    customer: str | None
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by (base, quote), each a list of (day, rate) by day; the last of a day counts."""

    points: Mapping[tuple[str, str], tuple[tuple[dt.date, Decimal], ...]] = field(
        default_factory=dict
    )

    def rate(self, base: str, quote: str, as_of: dt.date) -> tuple[Decimal, dt.date] | None:
        """Return the last rate of ``base`` in ``quote`` on or before ``as_of``, and its day.

        A price stated the other way round is inverted where no direct one is as new.
        """
        if base == quote:
            return Decimal(1), as_of
        direct = self._last((base, quote), as_of)
        inverse = self._last((quote, base), as_of)
        if inverse and inverse[1] and (direct is None or inverse[0] > direct[0]):
            return _RATES.divide(Decimal(1), inverse[1]), inverse[0]
        return (direct[1], direct[0]) if direct else None

    def _last(self, pair: tuple[str, str], as_of: dt.date) -> tuple[dt.date, Decimal] | None:
        points = self.points.get(pair, ())
        index = bisect_right(points, as_of, key=lambda point: point[0])
        return points[index - 1] if index else None


@dataclass(frozen=True, slots=True)
class LedgerInputs:
    """All that a ledger was read from, as absolute paths: while none changes, nor does the ledger.

    ``files`` were read, ``patterns`` were expanded to find them, of ``existing`` it was asked
    whether they are there, ``modules`` are the sources of plugins that ran. ``unwatched`` says in a
    word what else the ledger may depend on (a folder of documents), empty where nothing.
    """

    files: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    unwatched: str = ""


@dataclass(frozen=True, slots=True)
class LedgerView:
    """A ledger, seen from receivables.

    ``receivables`` and ``deposits`` are the postings on those accounts in Beancount's order;
    ``roots`` the account names that were taken as receivable (sub-accounts belong to them);
    ``opens`` the opened accounts among both. ``unmatched`` are the accounts that the settings name
    as receivable and the ledger has not, each with the nearest one it has, or "". ``bank_days`` are
    the days with an entry on a bank account, ascending; ``last_day`` is the date of the last
    transaction. ``currencies`` are those of the receivable postings, sorted. ``files`` are absolute
    paths of what was read, ``inputs`` all that the answer depends on.
    """

    receivables: tuple[LedgerPosting, ...] = ()
    deposits: tuple[LedgerPosting, ...] = ()
    roots: tuple[str, ...] = ()
    opens: Mapping[str, AccountOpen] = field(default_factory=dict)
    unmatched: Mapping[str, str] = field(default_factory=dict)
    prices: Prices = field(default_factory=Prices)
    bank_days: tuple[dt.date, ...] = ()
    last_day: dt.date | None = None
    operating_currencies: tuple[str, ...] = ()
    title: str = ""
    currencies: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    inputs: LedgerInputs = field(default_factory=LedgerInputs)
