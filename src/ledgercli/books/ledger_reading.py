"""Takes the rows of receivable and deposit accounts, and what else is wanted, out of a ledger."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from ledgercli.books.account_kinds import BANK, NO_TITLE, OTHER, RECEIVABLE, AccountKinds, unmatched
from ledgercli.books.beancount_errors import Sources, line_of
from ledgercli.books.beancount_loaded import Entry, Loaded
from ledgercli.books.ledger_values import DATE_KEYS, fits_sums, metadata_value, shown
from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import METADATA_KEYS, AccountOpen, LedgerView, Prices
from ledgercli.model.ledger_rows import LedgerRows, PostingRow, TransactionRow
from ledgercli.model.receivables_settings import ReceivablesSettings

_KEYS = frozenset(METADATA_KEYS)
_NOTHING: Mapping[str, str] = {}
_NO_META: Mapping[str, Any] = {}
_SPLIT_NUMBER = re.compile(r"\^([A-Za-z0-9\-_/.]+)#(\d[A-Za-z0-9\-_/.]*)")


class _Shape(NamedTuple):
    """What the accounts of a transaction are: ``kinds`` posting by posting, ``accounts`` sorted."""

    kinds: tuple[int, ...]
    accounts: tuple[str, ...]
    banks: tuple[str, ...]
    is_wanted: bool
    is_receivable: bool
    is_only_receivable: bool

    @classmethod
    def of(cls, named: Sequence[str], kinds: AccountKinds) -> _Shape:
        """Return the shape of a transaction whose postings are on the accounts ``named``."""
        accounts = tuple(sorted(set(named)))
        different = [kinds[account] for account in accounts]
        return cls(
            tuple([kinds[account] for account in named]),
            accounts,
            tuple([name for name, kind in zip(accounts, different, strict=True) if kind == BANK]),
            max(different, default=OTHER) > BANK,
            RECEIVABLE in different,
            different.count(RECEIVABLE) == len(different),
        )


class Reading:
    """Takes out of a loaded ledger what is wanted."""

    def __init__(
        self,
        loaded: Loaded,
        sources: Sources,
        settings: ReceivablesSettings,
        findings: list[Finding],
    ) -> None:
        """Begin with the ``findings`` that there are already."""
        self.loaded = loaded
        self.sources = sources
        self.settings = settings
        self.findings = findings
        self.kinds = AccountKinds(settings, loaded.options)
        self.rows: list[TransactionRow] = []
        self.currencies: set[str] = set()
        self.opens: dict[str, AccountOpen] = {}
        self.prices: dict[tuple[str, str], list[tuple[dt.date, Decimal]]] = {}
        self.days: defaultdict[str, set[dt.date]] = defaultdict(set)
        self.opposite: set[str] = set()
        self.last_day: dt.date | None = None
        self.shapes: dict[tuple[str, ...], _Shape] = {}

    def ledger(self) -> LedgerRows:
        """Return facts and rows; the entries have been walked once."""
        self._walk()
        options = self.loaded.options
        title = str(options.get("title") or "")
        facts = LedgerView(
            roots=tuple(sorted(self.kinds.roots)),
            opens=self.opens,
            unmatched=unmatched(self.kinds, self.settings.accounts),
            prices=Prices({pair: tuple(points) for pair, points in self.prices.items()}),
            bank_days=self._bank_days(),
            last_day=self.last_day,
            operating_currencies=tuple(options.get("operating_currency") or ()),
            title="" if title == NO_TITLE else title,
            currencies=tuple(sorted(self.currencies)),
            findings=tuple(self.findings),
            files=tuple(self.loaded.files),
            inputs=self.loaded.inputs,
        )
        return LedgerRows(facts, self.rows)

    def _walk(self) -> None:
        from beancount.core import data

        kinds, days, shapes = self.kinds, self.days, self.shapes
        # What has been looked at makes room for the rows made of it.
        entries = self.loaded.entries[::-1]
        self.loaded.entries = []
        while entries:
            entry = entries.pop()
            kind_of_entry = type(entry)
            if kind_of_entry is data.Transaction:
                day = self.last_day = entry.date
                named = tuple([posting.account for posting in entry.postings])
                shape = shapes.get(named)
                if shape is None:
                    shape = shapes[named] = _Shape.of(named, kinds)
                for account in shape.banks:
                    days[account].add(day)
                if shape.is_wanted:
                    self._add_transaction(entry, shape)
            elif kind_of_entry is data.Price:
                self._add_price(entry)
            elif kind_of_entry is data.Open:
                self._add_open(entry)
            elif kind_of_entry is data.Balance and kinds[entry.account] == BANK:
                days[entry.account].add(entry.date)

    def _add_transaction(self, entry: Entry, shape: _Shape) -> None:
        """Add the postings of a transaction that touches a receivable or deposit account."""
        meta = entry.meta or _NO_META
        file, line = self.sources.relative(meta.get("filename")), line_of(meta)
        if shape.is_receivable:
            self.opposite.update(shape.banks)
        metadata = self._metadata(meta, file, line)
        # The posting of a pad has the line of the balance; what the user wrote is the pad.
        pad = str(entry.flag or "") == "P"
        postings = []
        for posting, kind in zip(entry.postings, shape.kinds, strict=True):
            if kind > BANK:
                at = (not pad and line_of(posting.meta or _NO_META)) or line
                if row := self._posting_row(posting, kind, file, at):
                    postings.append(row)
        links, tags = entry.links, entry.tags
        if postings:
            self.rows.append(
                (
                    entry.date.toordinal(),
                    str(entry.flag or ""),
                    entry.payee or "",
                    entry.narration or "",
                    _sorted(links) if links else (),
                    _sorted(tags) if tags else (),
                    metadata or None,
                    shape.accounts,
                    shape.is_only_receivable,
                    file,
                    line,
                    tuple(postings),
                )
            )
        if tags and links:
            self._look_for_split_numbers(entry, file, line)

    def _posting_row(self, posting: Entry, kind: int, file: str, line: int) -> PostingRow | None:
        """Return one posting, by its units; None for zero, and what Beancount did not complete."""
        units = posting.units
        number = getattr(units, "number", None)
        currency = getattr(units, "currency", None)
        if not isinstance(number, Decimal) or not isinstance(currency, str) or not number:
            return None
        if not fits_sums(units):
            values = {"account": posting.account}
            self.findings.append(Finding(codes.AMOUNT_TOO_LONG, values, Place(file, line)))
            return None
        metadata = None
        # Most have nothing but the file name and the line that Beancount gives them.
        if (meta := posting.meta) and (len(meta) > 2 or "lineno" not in meta):
            metadata = self._metadata(meta, file, line)
        if kind == RECEIVABLE:
            self.currencies.add(currency)
        return (
            posting.account,
            str(number),
            currency,
            metadata or None,
            line,
            kind == RECEIVABLE,
        )

    def _add_price(self, entry: Entry) -> None:
        amount = entry.amount
        points = self.prices.setdefault((entry.currency, amount.currency), [])
        points.append((entry.date, amount.number))

    def _add_open(self, entry: Entry) -> None:
        if self.kinds[entry.account] <= BANK:
            return
        meta = entry.meta or _NO_META
        file, line = self.sources.relative(meta.get("filename")), line_of(meta)
        own = {"customer": meta["customer"]} if "customer" in meta else _NO_META
        customer = self._metadata(own, file, line).get("customer")
        self.opens.setdefault(
            entry.account, AccountOpen(entry.account, entry.date, customer, file, line)
        )

    def _metadata(self, meta: Mapping[str, Any], file: str, line: int) -> Mapping[str, str]:
        """Return the texts of the keys that have a meaning; what is none is a finding."""
        # Most postings have nothing but the file name and the line that Beancount gives them.
        if len(meta) <= 2 and "lineno" in meta:
            return _NOTHING
        if _KEYS.isdisjoint(meta):
            return _NOTHING
        texts = {}
        # In the order in which they are written.
        for key in filter(_KEYS.__contains__, meta):
            value = meta[key]
            if value is None:
                continue
            text = metadata_value(key, value)
            if text is None:
                kind = codes.BAD_DATE if key in DATE_KEYS else codes.METADATA_NOT_TEXT
                values = {"key": key, "value": shown(value)}
                self.findings.append(Finding(kind, values, Place(file, line)))
            elif text:
                texts[key] = text
        return texts

    def _look_for_split_numbers(self, entry: Entry, file: str, start: int) -> None:
        """Report ``^INV#1``, which Beancount takes as a link and a tag, as the source has it."""
        if not any(tag[:1].isdigit() for tag in entry.tags):
            return
        lines = [line_of(posting.meta or _NO_META) for posting in entry.postings]
        end = min((line for line in lines if line > start), default=start + 1)
        for number in range(start, end):
            line = self.sources.line(entry.meta.get("filename"), number)
            for link, tag in _SPLIT_NUMBER.findall(line.decode("utf-8", "replace")):
                if link in entry.links and tag in entry.tags:
                    values = {"link": link, "tag": tag}
                    place = Place(file, start)
                    self.findings.append(Finding(codes.MISTYPED_NUMBER, values, place))

    def _bank_days(self) -> tuple[dt.date, ...]:
        accounts = self.days if self.settings.banks else self.opposite
        return tuple(sorted(set().union(*(self.days[account] for account in accounts))))


def _sorted(texts: Collection[str]) -> tuple[str, ...]:
    return tuple(texts) if len(texts) == 1 else tuple(sorted(texts))
