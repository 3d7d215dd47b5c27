"""The ledger as the rest of the house sees it: postings on receivable and deposit accounts.

This module and its helpers (``beancount_load``, ``beancount_errors``) are the only ones that know
Beancount. One pass over the entries takes out what is wanted; nothing else of them survives.
"""

# Paths are handled as Beancount does, as text: what it reports must not change its spelling.
# ruff: noqa: PTH100, PTH110, PTH112, PTH113, PTH123

from __future__ import annotations

import datetime as dt
import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledgercli.books.account_kinds import BANK, NO_TITLE, RECEIVABLE, AccountKinds, unmatched
from ledgercli.books.beancount_errors import Sources, findings_of, line_of
from ledgercli.books.pause import collection_paused
from ledgercli.model.catalogue import ledger as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.finding import Finding, Place
from ledgercli.model.ledger import METADATA_KEYS, AccountOpen, LedgerView, Prices
from ledgercli.model.ledger_rows import LedgerRows, PostingRow, TransactionRow
from ledgercli.model.settings import ReceivablesSettings
from ledgercli.model.terms import EVENT_KEYS
from ledgercli.model.values import parse_date

if TYPE_CHECKING:
    from ledgercli.books.beancount_loaded import Loaded

# An entry or posting of Beancount. Plugins put anything into their place.
Entry = Any
_KEYS = frozenset(METADATA_KEYS)
DATE_KEYS = frozenset(["due", "invoice-date", *EVENT_KEYS.values()])
#: Keys of which a date is as good as text.
MIXED_KEYS = frozenset(["retention"])
#: What sums of 60 digits carry exactly, see model.currency: digits before and after the point.
_DIGITS_BEFORE_POINT = 24
_DIGITS_AFTER_POINT = 30
_VALUE_CHARACTERS = 60
_NOTHING: Mapping[str, str] = {}
_NO_META: Mapping[str, Any] = {}

_SPLIT_NUMBER = re.compile(r"\^([A-Za-z0-9\-_/.]+)#(\d[A-Za-z0-9\-_/.]*)")


class LedgerNotFoundError(LedgercliError):
    """The top ledger file does not exist."""

    message = N_("there is no ledger `{path}`")
    hint = N_("name it with `--ledger FILE`, or as `ledger:` in `ledgercli.yaml`")


class LedgerNotReadableError(LedgercliError):
    """The top ledger file is a folder, or may not be read."""

    message = N_("cannot read the ledger `{path}`: {reason}")


def load_ledger(
    path: Path,
    root: Path,
    receivables: ReceivablesSettings,
    *,
    safe: bool = False,
    within: Path | None = None,
) -> LedgerView:
    """Return the view of the ledger that :func:`read_ledger` reads."""
    return read_ledger(path, root, receivables, safe=safe, within=within).view()


def read_ledger(
    path: Path,
    root: Path,
    receivables: ReceivablesSettings,
    *,
    safe: bool = False,
    within: Path | None = None,
) -> LedgerRows:
    """Return the ledger that begins in ``path``, places told relative to the folder ``root``.

    With ``safe`` no code of the ledger runs (plugins, Python path). Files outside of ``within``,
    where given, are not read but reported; it is for the books of another revision.
    Raise LedgerNotFoundError or LedgerNotReadableError where there is nothing to begin with; all
    else that is wrong is in the ``findings`` of the view, Beancount's errors one for one.
    """
    filename = os.path.abspath(path)
    # The folder of another revision is a temporary one, whose name would tell nobody anything.
    _check_readable(filename, Sources(root).relative(filename) if within else filename)
    from ledgercli.books.beancount_load import load

    with collection_paused():
        sources = Sources(root)
        loaded = load(filename, sources, safe=safe, within=within)
        findings = [*findings_of(loaded.errors, sources), *loaded.findings]
        return _Reading(loaded, sources, receivables, findings).ledger()


def load_entries(
    path: Path, root: Path, *, safe: bool = False
) -> tuple[list[Entry], list[Any], Mapping[str, Any]]:
    """Return entries, errors and options of a ledger as Beancount has them, for its own queries.

    Raise LedgerNotFoundError or LedgerNotReadableError.
    """
    loaded = read_entries(path, root, safe=safe)
    return loaded.entries, loaded.errors, loaded.options


def no_entries() -> tuple[list[Entry], list[Any], Mapping[str, Any]]:
    """Return what :func:`load_entries` returns of an empty ledger; no file is read."""
    from beancount.parser.options import OPTIONS_DEFAULTS

    return [], [], dict(OPTIONS_DEFAULTS)


def read_entries(
    path: Path, root: Path, *, safe: bool = False, within: Path | None = None
) -> Loaded:
    """Return what Beancount makes of a ledger; arguments and errors as in :func:`read_ledger`."""
    filename = os.path.abspath(path)
    sources = Sources(root)
    _check_readable(filename, sources.relative(filename) if within else filename)
    from ledgercli.books.beancount_load import load

    with collection_paused():
        return load(filename, sources, safe=safe, within=within)


def rows_of_entries(
    entries: Sequence[Entry],
    options: Mapping[str, Any],
    root: Path,
    receivables: ReceivablesSettings,
) -> LedgerRows:
    """Return the ledger that Beancount has loaded as ``entries``, for its own plugin of ours.

    What Beancount has to say about them it says itself: ``findings`` are ours alone.
    """
    from ledgercli.books.beancount_loaded import Loaded

    files = [str(file) for file in options.get("include") or ()]
    loaded = Loaded(entries=list(entries), options=dict(options), files=files)
    sources = Sources(root)
    sources.name_roots(loaded.options)
    return _Reading(loaded, sources, receivables, []).ledger()


def _check_readable(filename: str, shown: str) -> None:
    try:
        # To open a pipe that nobody writes to would wait for ever.
        known = os.path.isfile(filename) or os.path.isdir(filename)
        if os.path.exists(filename) and not known:
            raise LedgerNotReadableError(path=shown, reason="it is not a file")
        with open(filename, "rb") as file:
            file.read(1)
    except FileNotFoundError:
        raise LedgerNotFoundError(path=shown) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LedgerNotReadableError(path=shown, reason=reason) from None


class _Reading:
    """Takes out of a loaded ledger what is wanted."""

    def __init__(
        self,
        loaded: Loaded,
        sources: Sources,
        settings: ReceivablesSettings,
        findings: list[Finding],
    ) -> None:
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

        kinds, days = self.kinds, self.days
        for entry in self.loaded.entries:
            kind_of_entry = type(entry)
            if kind_of_entry is data.Transaction:
                day = self.last_day = entry.date
                wanted = False
                for posting in entry.postings:
                    kind = kinds[posting.account]
                    if kind == BANK:
                        days[posting.account].add(day)
                    elif kind:
                        wanted = True
                if wanted:
                    self._add_transaction(entry)
            elif kind_of_entry is data.Price:
                self._add_price(entry)
            elif kind_of_entry is data.Open:
                self._add_open(entry)
            elif kind_of_entry is data.Balance and kinds[entry.account] == BANK:
                days[entry.account].add(entry.date)

    def _add_transaction(self, entry: Entry) -> None:
        """Add the postings of a transaction that touches a receivable or deposit account."""
        meta = entry.meta or _NO_META
        file, line = self.sources.relative(meta.get("filename")), line_of(meta)
        accounts = sorted({posting.account for posting in entry.postings})
        kinds = [self.kinds[account] for account in accounts]
        if RECEIVABLE in kinds:
            pairs = zip(accounts, kinds, strict=True)
            self.opposite.update(account for account, kind in pairs if kind == BANK)
        metadata = self._metadata(meta, file, line)
        # The posting of a pad has the line of the balance; what the user wrote is the pad.
        pad = str(entry.flag or "") == "P"
        postings = []
        for posting in entry.postings:
            kind = self.kinds[posting.account]
            if kind > BANK:
                at = (not pad and line_of(posting.meta or _NO_META)) or line
                if row := self._posting_row(posting, kind, Place(file, at)):
                    postings.append(row)
        if postings:
            self.rows.append(
                (
                    entry.date.toordinal(),
                    str(entry.flag or ""),
                    entry.payee or "",
                    entry.narration or "",
                    tuple(sorted(entry.links or ())),
                    tuple(sorted(entry.tags or ())),
                    metadata or None,
                    tuple(accounts),
                    kinds.count(RECEIVABLE) == len(kinds),
                    file,
                    line,
                    tuple(postings),
                )
            )
        if entry.tags and entry.links:
            self._look_for_split_numbers(entry, file, line)

    def _posting_row(self, posting: Entry, kind: int, place: Place) -> PostingRow | None:
        """Return one posting, by its units; None for zero, and what Beancount did not complete."""
        number = getattr(posting.units, "number", None)
        currency = getattr(posting.units, "currency", None)
        if not isinstance(number, Decimal) or not isinstance(currency, str) or not number:
            return None
        if not fits_sums(posting.units):
            values = {"account": posting.account}
            self.findings.append(Finding(codes.AMOUNT_TOO_LONG, values, place))
            return None
        metadata = self._metadata(posting.meta or _NO_META, place.file, place.line)
        if kind == RECEIVABLE:
            self.currencies.add(currency)
        return (
            posting.account,
            str(number),
            currency,
            metadata or None,
            place.line,
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
        keys = _KEYS.intersection(meta)
        if not keys:
            return _NOTHING
        texts = {}
        for key in sorted(keys):
            value = meta[key]
            if value is None:
                continue
            text = metadata_value(key, value)
            if text is None:
                kind = codes.BAD_DATE if key in DATE_KEYS else codes.METADATA_NOT_TEXT
                values = {"key": key, "value": _shown(value)}
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


def fits_sums(amount: Entry) -> bool:
    """Return whether ``amount`` is one whose sums are exact; Beancount completes not every one."""
    number = getattr(amount, "number", None)
    if not isinstance(number, Decimal) or not isinstance(getattr(amount, "currency", None), str):
        return False
    exponent = number.as_tuple().exponent
    return (
        isinstance(exponent, int)  # no finite number: only a plugin can make one
        and number.adjusted() < _DIGITS_BEFORE_POINT
        and exponent >= -_DIGITS_AFTER_POINT
    )


def metadata_value(key: str, value: object) -> str | None:
    """Return the text of what ``key`` says, None where it is not of the kind expected there."""
    if key in DATE_KEYS or (key in MIXED_KEYS and isinstance(value, dt.date)):
        return metadata_date(value)
    return metadata_text(value)


def metadata_text(value: object) -> str | None:
    """Return a metadata value that is text, without spaces around it; None for any other."""
    return value.strip() if isinstance(value, str) else None


def metadata_date(value: object) -> str | None:
    """Return a date as ISO text, nothing for empty text, None for what is no date."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, str):
        return None
    try:
        return parse_date(value).isoformat() if value.strip() else ""
    except ValueError:
        return None


def _shown(value: object) -> str:
    """Return a metadata value as Beancount read it, shortened."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    short = text if len(text) <= _VALUE_CHARACTERS else text[:_VALUE_CHARACTERS] + "…"
    return short.encode("utf-8", "backslashreplace").decode("utf-8")
