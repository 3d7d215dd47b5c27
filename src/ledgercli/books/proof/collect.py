"""Collects what is read of one file, directive by directive, into its summary."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import NamedTuple

from ledgercli.books.account_kinds import BANK, RECEIVABLE, AccountKinds
from ledgercli.books.ledger_values import metadata_value
from ledgercli.books.proof.booking import Leg, booked
from ledgercli.books.proof.refusal import (
    BAD_METADATA,
    LONG_NUMBER,
    OPTION,
    SPLIT_NUMBER,
    RefusedError,
)
from ledgercli.books.proof.rules import Rules, tolerances_of
from ledgercli.books.proof.summary import Facts, FileSummary
from ledgercli.model.ledger import METADATA_KEYS
from ledgercli.model.ledger_rows import PostingRow, TransactionRow, turning_days

KEYS = frozenset(METADATA_KEYS)
#: Sums of ten million such numbers have at most 28 digits, so that nothing is rounded.
DIGITS_BEFORE_POINT = 12
DIGITS_AFTER_POINT = 9
NOTHING: dict[str, str] = {}

_ZERO = Decimal()
_CURRENCY_TOLERANCE = re.compile(r"(\*|[A-Z][A-Z0-9'._-]*):[0-9]{1,6}(\.[0-9]{1,9})?", re.ASCII)
_MULTIPLIER = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?", re.ASCII)
_LEAF = re.compile(r"[A-Z0-9][A-Za-z0-9-]*(:[A-Z0-9][A-Za-z0-9-]*)*", re.ASCII)
_ANYTHING = re.compile(r".*", re.DOTALL)
_BOOKING = re.compile(r"STRICT|STRICT_WITH_SIZE|NONE|AVERAGE|FIFO|LIFO|HIFO")
#: The options that are understood, and the values that Beancount is sure to take.
_OPTIONS = {
    "title": _ANYTHING,
    "operating_currency": _ANYTHING,
    "conversion_currency": _ANYTHING,
    "render_commas": _ANYTHING,
    "insert_pythonpath": _ANYTHING,
    "infer_tolerance_from_cost": _ANYTHING,
    "use_precise_interpolation": _ANYTHING,
    "display_precision": _CURRENCY_TOLERANCE,
    "inferred_tolerance_default": _CURRENCY_TOLERANCE,
    "tolerance_multiplier": _MULTIPLIER,
    "booking_method": _BOOKING,
    **dict.fromkeys(
        (f"name_{root}" for root in ("assets", "liabilities", "equity", "income", "expenses")),
        _ANYTHING,
    ),
    **dict.fromkeys(
        (
            "account_previous_balances",
            "account_previous_earnings",
            "account_previous_conversions",
            "account_current_earnings",
            "account_current_conversions",
            "account_unrealized_gains",
        ),
        _LEAF,
    ),
}


class Head(NamedTuple):
    """What stands before the first posting of a transaction.

    Links and tags are sorted; ``metadata`` are the values of the keys that have a meaning here.
    """

    day: int
    line: int
    flag: str
    payee: str
    narration: str
    links: tuple[str, ...]
    tags: tuple[str, ...]
    metadata: Mapping[str, object]


class Names(dict[str, tuple[int, str]]):
    """What each account is (see ``books.ledger``), and the one text that stands for it."""

    def __init__(self, kinds: AccountKinds) -> None:
        """Begin with none known."""
        super().__init__()
        self.kinds = kinds

    def __missing__(self, account: str) -> tuple[int, str]:
        """Return an account that is named for the first time."""
        # Many files name the same one: interned, all of them share a text.
        found = self[account] = (self.kinds[account], sys.intern(account))
        return found


#: Sums by currency, day and account.
Sums = defaultdict[str, defaultdict[int, dict[str, Decimal]]]


class Collector:
    """Takes the directives of one file in their order; :meth:`summary` returns what they make."""

    def __init__(self, rules: Rules, shown: str, names: Names) -> None:
        """Begin a file under ``rules``; rows tell it as ``shown``. ``names`` may be shared."""
        self.shown = shown
        self.facts = Facts(rules.fingerprint, shown)
        self.rows: list[TransactionRow] = []
        #: Account, currency and day of postings of nothing on accounts that rows are kept of.
        self.nothing: list[tuple[str, str, int]] = []
        self.opposite: set[str] = set()
        self.names = names
        self.tolerances = tolerances_of(rules)
        #: What was posted to accounts that no rows are kept of; has every currency posted in.
        self.sums: Sums = defaultdict(lambda: defaultdict(dict))
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self.last_day = 0

    def currency(self, currency: str) -> str:
        """Return the currency, the first time it is posted in."""
        return currency

    def summary(self, digest: bytes) -> FileSummary:
        """Return the summary of the file whose bytes have the SHA-256 ``digest``."""
        facts = self.facts
        rows, self.rows = self.rows, []
        # Sorting is stable, so that in a file everything but day and line keeps its order. Both are
        # in order mostly: it is quicker one by one.
        rows.sort(key=itemgetter(10))
        rows.sort(key=itemgetter(0))
        self._note_sums()
        self._note_kept(rows)
        last = self._last
        facts.used = {account: (day, last.get(account, 0)) for account, day in self._first.items()}
        facts.opposite = sorted(self.opposite)
        facts.turning_days = turning_days(rows)
        facts.row_count = len(rows)
        facts.first_row = (rows[0][0], rows[0][10]) if rows else None
        return FileSummary(digest, facts, rows)

    def _note_sums(self) -> None:
        """Note what was posted to accounts that no rows are kept of."""
        facts = self.facts
        facts.last_day = self.last_day
        for currency, by_day in self.sums.items():
            facts.kept[currency] = {}
            sums = facts.sums[currency] = {}
            for day, numbers in by_day.items():
                facts.last_day = max(facts.last_day, day)
                for account, number in numbers.items():
                    sums.setdefault(account, {})[day] = str(number)
            for account, days in sums.items():
                self.use(account, min(days))
                self.use(account, max(days))
        self.sums.clear()

    def _note_kept(self, rows: Sequence[TransactionRow]) -> None:
        """Note the accounts that ``rows`` are kept of, which are in the order of their days."""
        facts = self.facts
        # One loop, without a key of currency and account: there are a hundred thousand rows.
        first: dict[str, dict[str, int]] = {currency: {} for currency in facts.kept}
        last: dict[str, dict[str, int]] = {currency: {} for currency in facts.kept}
        for row in rows:
            day = row[0]
            for account, _, currency, _, _, _ in row[11]:
                first[currency].setdefault(account, day)
                last[currency][account] = day
        facts.currencies = sorted(
            currency
            for currency, days in first.items()
            if any(self.names[account][0] == RECEIVABLE for account in days)
        )
        facts.zeros = sorted({account for account, _, _ in self.nothing})
        for account, currency, day in self.nothing:
            first[currency][account] = min(day, first[currency].get(account, day))
            last[currency][account] = max(day, last[currency].get(account, day))
        for currency, days in first.items():
            until = last[currency]
            facts.kept[currency] = {account: (day, until[account]) for account, day in days.items()}

    def use(self, account: str, day: int) -> None:
        """Note that an account, which must be open, is used on ``day``."""
        self.mention(account, day)
        if day > self._last.get(account, 0):
            self._last[account] = day

    def mention(self, account: str, day: int) -> None:
        """Note that an account, which may be closed already, is named on ``day``."""
        first = self._first.get(account)
        if first is None or day < first:
            self._first[account] = day

    def transaction(self, head: Head, legs: Sequence[Leg]) -> None:
        """Take a transaction as written: one amount may be missing, and it need not add up."""
        legs = booked(legs, self.tolerances, head.line)
        for leg in legs:
            checked_number(_ZERO if leg.number is None else leg.number, leg.line)
        self.booked_transaction(
            head,
            [leg.account for leg in legs],
            [_ZERO if leg.number is None else leg.number for leg in legs],
            [leg.currency for leg in legs],
            [leg.metadata for leg in legs],
            [leg.line for leg in legs],
        )

    def booked_transaction(
        self,
        head: Head,
        names: Sequence[str],
        numbers: Sequence[Decimal],
        currencies: Sequence[str],
        metadata: Sequence[Mapping[str, object]],
        lines: Sequence[int],
    ) -> None:
        """Take a transaction that balances, with all its amounts, in Beancount's order."""
        day = head.day
        self.last_day = max(self.last_day, day)
        postings: list[PostingRow] = []
        kinds: dict[str, int] = {}
        for name, number, currency, meta, line in zip(
            names, numbers, currencies, metadata, lines, strict=True
        ):
            kind, account = self.names[name]
            if currency not in self.sums:
                self.currency(currency)
            sums = self.sums[currency][day]
            # As if Beancount had made it, see ``books.ledger``.
            at = head.line if head.flag == "P" else line
            kinds[account] = kind
            if kind <= BANK:
                sums[account] = sums[account] + number if account in sums else number
                continue
            if not number:
                self.nothing.append((account, currency, day))
            else:
                is_receivable = kind == RECEIVABLE
                texts = metadata_texts(meta, at) if meta else None
                amount = str(number)
                postings.append((account, amount, currency, texts or None, at, is_receivable))
        if not kinds or max(kinds.values()) <= BANK:
            return
        only = self._note_opposite(kinds)
        texts = metadata_texts(head.metadata, head.line) if head.metadata else None
        if postings:
            texts_of = (head.flag, head.payee, head.narration, head.links, head.tags, texts or None)
            place = (self.shown, head.line)
            self.rows.append((day, *texts_of, tuple(sorted(kinds)), only, *place, tuple(postings)))

    def _note_opposite(self, kinds: Mapping[str, int]) -> bool:
        """Note what stands opposite to a receivable account; return whether nothing does."""
        values = list(kinds.values())
        if RECEIVABLE in values:
            self.opposite.update(account for account, kind in kinds.items() if kind <= BANK)
        return values.count(RECEIVABLE) == len(values)

    def open(
        self, account: str, day: int, line: int, currencies: Sequence[str], customer: object
    ) -> None:
        """Take an open directive; ``customer`` is its metadata of that name."""
        text = ""
        if self.names[account][0] > BANK:
            text = metadata_texts({"customer": customer}, line).get("customer", "")
        self.facts.opens.append((account, day, line, tuple(currencies), text))

    def option(self, key: str, value: str, line: int) -> None:
        """Take an option of the file; refuse what is not understood."""
        if not is_understood(key, value):
            raise RefusedError(OPTION, line, option=key)
        self.facts.options.append((key, value))


def is_understood(key: str, value: str) -> bool:
    """Return whether an option is one that we know, with a value that Beancount is sure to take."""
    allowed = _OPTIONS.get(key)
    return allowed is not None and allowed.fullmatch(value) is not None


def checked_number(number: Decimal, line: int) -> Decimal:
    """Return the number; refuse one that is too long to add exactly."""
    exponent = number.as_tuple().exponent
    if (
        not isinstance(exponent, int)
        or exponent < -DIGITS_AFTER_POINT
        or exponent > 0
        or number.adjusted() >= DIGITS_BEFORE_POINT
    ):
        raise RefusedError(LONG_NUMBER, line)
    return number


def metadata_texts(values: Mapping[str, object], line: int) -> dict[str, str]:
    """Return the texts of the metadata that has a meaning; refuse what would be a finding."""
    if not values:
        return NOTHING
    texts = {}
    for key, value in values.items():
        if value is None:
            continue
        text = metadata_value(key, value)
        if text is None:
            raise RefusedError(BAD_METADATA, line, key=key)
        if text:
            texts[key] = text
    return texts


def refuse_split_number(links: Sequence[str], tags: Sequence[str], line: int) -> None:
    """Refuse where ``^INV#1`` may have become a link and a tag."""
    if links and any(tag[:1].isdigit() for tag in tags):
        raise RefusedError(SPLIT_NUMBER, line)
