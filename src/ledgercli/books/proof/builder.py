"""Read a file that is not all plain lines with Beancount's own parser."""

from __future__ import annotations

import decimal
import io
import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from beancount.core import data
from beancount.core.number import MISSING
from beancount.parser import _parser, grammar  # type: ignore[attr-defined]

from ledgercli.books.proof.booking import Leg
from ledgercli.books.proof.collect import (
    KEYS,
    Collector,
    Head,
    Names,
    checked_number,
    refuse_split_number,
)
from ledgercli.books.proof.refusal import (
    COST,
    INCOMPLETE,
    LONG_NUMBER,
    REPEATED_METADATA,
    SYNTAX,
    RefusedError,
)
from ledgercli.books.proof.rules import Rules

Entry = Any
# Beancount's builder has no types.
_Base: Any = grammar.Builder
_ARITHMETIC = (decimal.DivisionByZero, decimal.InvalidOperation, decimal.Overflow)
# What is never added up may be longer than what is.
_PRICE_DIGITS = 28


class _Builder(_Base):  # type: ignore[misc]
    """Beancount's builder, which also keeps the options as written and skips what only prints."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[tuple[str, str, int]] = []

    def option(self, filename: str, lineno: int, key: str, value: str) -> None:
        self.written.append((key, value, lineno))
        super().option(filename, lineno, key, value)

    def _dcupdate(self, number: object, currency: object) -> None:
        """Leave out the statistics of how numbers are printed."""


def collect_parsed(content: bytes, filename: str, rules: Rules, shown: str) -> Collector:
    """Return what Beancount's parser makes of a file's bytes; raise RefusedError for any error."""
    entries, builder = _parse(content, filename)
    collector = Collector(rules, shown, Names(rules.kinds()))
    for key, value, line in builder.written:
        collector.option(key, value, line)
    options: Mapping[str, Any] = builder.options
    collector.facts.includes.extend(options["include"])
    collector.facts.plugins.extend(name for name, _ in options["plugin"])
    for entry in entries:
        line = entry.meta["lineno"]
        if entry.meta["filename"] != filename or not isinstance(line, int):
            raise RefusedError(REPEATED_METADATA)
        _TAKERS[type(entry)](collector, entry, entry.date.toordinal(), line)
    return collector


def _parse(content: bytes, filename: str) -> tuple[list[Entry], _Builder]:
    builder = _Builder()
    context = decimal.getcontext()
    # Beancount's grammar does not expect arithmetic to raise: with these traps set it crashes.
    context.clear_flags()
    traps = {signal: context.traps[signal] for signal in _ARITHMETIC}
    try:
        for signal in _ARITHMETIC:
            context.traps[signal] = False
        _parser.Parser(builder).parse(io.BytesIO(content), filename=filename, lineno=1)
        entries, errors, _ = builder.finalize()
    except Exception:  # noqa: BLE001 - whatever it is, Beancount words it better
        raise RefusedError(SYNTAX) from None
    finally:
        for signal, was in traps.items():
            context.traps[signal] = was
    if errors or any(context.flags[signal] for signal in _ARITHMETIC):
        line = errors[0].source["lineno"] if errors else 0
        raise RefusedError(SYNTAX, line if isinstance(line, int) else 0)
    return entries, builder


def _ours(meta: Mapping[str, Any] | None) -> dict[str, object]:
    """Return the metadata that has a meaning here, in the order in which it is written."""
    return {key: value for key, value in meta.items() if key in KEYS} if meta else {}


def _number(number: object, line: int) -> Decimal:
    if not isinstance(number, Decimal):
        raise RefusedError(INCOMPLETE, line)
    return checked_number(number, line)


def _leg(posting: Entry) -> Leg:
    meta = posting.meta
    line = meta["lineno"]
    units, price = posting.units, posting.price
    if posting.cost is not None:
        raise RefusedError(COST, line)
    if units is MISSING:
        if price is not None:
            raise RefusedError(INCOMPLETE, line)
        return Leg(posting.account, None, "", None, "", _ours(meta), line)
    number = _number(units.number, line)
    if not isinstance(units.currency, str):
        raise RefusedError(INCOMPLETE, line)
    if price is None:
        return Leg(posting.account, number, units.currency, None, "", _ours(meta), line)
    if not (
        isinstance(price.number, Decimal)
        and price.number.is_finite()
        and isinstance(price.currency, str)
    ):
        raise RefusedError(INCOMPLETE, line)
    more = (price.number, price.currency, _ours(meta), line)
    return Leg(posting.account, number, units.currency, *more)


def _transaction(collector: Collector, entry: Entry, day: int, line: int) -> None:
    links, tags = sorted(entry.links), sorted(entry.tags)
    refuse_split_number(links, tags, line)
    legs = [_leg(posting) for posting in entry.postings]
    texts = (entry.flag, entry.payee or "", entry.narration or "")
    head = Head(day, line, *texts, tuple(links), tuple(tags), _ours(entry.meta))
    collector.transaction(head, legs)


def _open(collector: Collector, entry: Entry, day: int, line: int) -> None:
    customer = entry.meta.get("customer")
    collector.open(entry.account, day, line, entry.currencies or (), customer)


def _close(collector: Collector, entry: Entry, day: int, _: int) -> None:
    collector.facts.closes.append((entry.account, day))


def _commodity(collector: Collector, entry: Entry, _: int, __: int) -> None:
    collector.facts.commodities.append(entry.currency)


def _pad(collector: Collector, entry: Entry, day: int, line: int) -> None:
    collector.use(entry.account, day)
    collector.use(entry.source_account, day)
    marked = bool(_ours(entry.meta))
    collector.facts.pads.append((entry.account, day, line, entry.source_account, marked))


def _balance(collector: Collector, entry: Entry, day: int, line: int) -> None:
    number = str(_number(entry.amount.number, line))
    tolerance = "" if entry.tolerance is None else str(_number(entry.tolerance, line))
    collector.mention(entry.account, day)
    more = (entry.amount.currency, bool(_ours(entry.meta)))
    collector.facts.balances.append((entry.account, day, line, number, tolerance, *more))


def _price(collector: Collector, entry: Entry, day: int, line: int) -> None:
    number = entry.amount.number
    if not number.is_finite() or len(number.as_tuple().digits) > _PRICE_DIGITS:
        raise RefusedError(LONG_NUMBER, line)
    row = (day, line, entry.currency, str(number), entry.amount.currency)
    collector.facts.prices.append(row)


def _note(collector: Collector, entry: Entry, day: int, _: int) -> None:
    collector.mention(entry.account, day)


def _document(collector: Collector, entry: Entry, day: int, _: int) -> None:
    collector.mention(entry.account, day)
    collector.facts.documents.append(os.fspath(entry.filename))


def _custom(_: Collector, entry: Entry, __: int, line: int) -> None:
    if not entry.values:  # Beancount's own plugin for pads stumbles over it
        raise RefusedError(SYNTAX, line)


def _nothing(_: Collector, __: Entry, ___: int, ____: int) -> None:
    """Take a directive that nothing is asked of."""


_TAKERS = {
    data.Transaction: _transaction,
    data.Open: _open,
    data.Close: _close,
    data.Commodity: _commodity,
    data.Pad: _pad,
    data.Balance: _balance,
    data.Price: _price,
    data.Note: _note,
    data.Document: _document,
    data.Event: _nothing,
    data.Query: _nothing,
    data.Custom: _custom,
}
