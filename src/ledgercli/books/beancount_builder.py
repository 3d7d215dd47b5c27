"""Beancount's builder of entries, with its busiest steps done the short way.

The parser calls the builder for each account, amount, posting and transaction. For what nearly all
of these are, a shorter way is known that makes the same entry; all others go Beancount's way. Where
an exception came up, Beancount words it by the line of its own source it came from: then the file
has to be built anew by Beancount's own builder, see :attr:`QuickBuilder.in_doubt`.
"""

# What the parser calls, and with what, is its own choice.
# ruff: noqa: ANN401, ARG002, FBT001

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import EMPTY_SET, Posting, Transaction
from beancount.core.number import MISSING
from beancount.parser import grammar

# Beancount's builder has no types.
_Base: Any = grammar.Builder
_Amount: Any = Amount
_Posting: Any = Posting
_Transaction: Any = Transaction
_KeyValue: Any = grammar.KeyValue
# Named tuples are made without the detour of their own, which only takes names for their values.
_new: Any = tuple.__new__


class QuickBuilder(_Base):  # type: ignore[misc]
    """A builder that makes the same entries, errors and options as Beancount's own."""

    def __init__(self, texts: dict[str, str]) -> None:
        """Begin a file; ``texts`` that come again and again are shared by all files."""
        super().__init__()
        self.accounts = self._texts = texts
        #: Whether Beancount's own builder has to be asked instead.
        self.in_doubt = False
        self._valid: dict[str, str] = {}
        self._numbers: defaultdict[str, list[Decimal]] = defaultdict(list)

    def finalize(self) -> tuple[list[Any], list[Any], dict[str, Any]]:
        """Return entries, errors and options; they are worth nothing where ``in_doubt``."""
        for currency, numbers in self._numbers.items():
            self._count(currency, numbers)
        self._numbers.clear()
        entries, errors, options = super().finalize()
        return entries, errors, options

    def _count(self, currency: str, numbers: list[Decimal]) -> None:
        """Tell the display context what it would have been told number by number."""
        if not all(map(Decimal.is_finite, numbers)):
            self.in_doubt = True
            return
        context: Any = self.dcontext.ccontexts[currency]
        # For a zero, too, it is the number of digits plus the exponent.
        digits_before_point = max(map(Decimal.adjusted, numbers)) + 1
        context.integer_max = max(context.integer_max, digits_before_point)
        first = numbers[0]
        counted: Mapping[Any, int]
        if all(map(first.same_quantum, numbers)):
            counted = {first.as_tuple().exponent: len(numbers)}
        else:
            counted = Counter(number.as_tuple().exponent for number in numbers)
        for exponent, times in counted.items():
            context.fractional_dist.hist[-exponent] += times

    def build_grammar_error(self, *details: object) -> None:
        """Note an error of the grammar, or an exception of this builder."""
        if len(details) > 3:
            self.in_doubt = True
        super().build_grammar_error(*details)

    def option(self, filename: str, lineno: int, key: str, value: str) -> None:
        """Set an option; it may change which account names are valid."""
        super().option(filename, lineno, key, value)
        self._valid.clear()

    # The parser looks names up the slow way: found in this class, they are found at once.
    handle_list = _Base.handle_list
    key_value = _Base.key_value
    tag_link_new = _Base.tag_link_new
    tag_link_LINK = _Base.tag_link_LINK  # noqa: N815 - a name of Beancount's

    def account(self, filename: str, lineno: int, account: str) -> str:
        """Return the account; its name is looked at when it is first named."""
        known = self._valid.get(account)
        if known is not None:
            return known
        errors = len(self.errors)
        name: str = super().account(filename, lineno, account)
        if len(self.errors) == errors:
            self._valid[account] = name
        return name

    def _dcupdate(self, number: object, currency: Any) -> None:
        """Remember a number for the display context."""
        if isinstance(number, Decimal) and currency and currency is not MISSING:
            self._numbers[currency].append(number)

    def amount(self, filename: str, lineno: int, number: Any, currency: Any) -> Any:
        """Return an amount; parts of it may be missing."""
        if number.__class__ is Decimal and currency.__class__ is str:
            self._numbers[currency].append(number)
            return _new(_Amount, (number, self._texts.setdefault(currency, currency)))
        self._dcupdate(number, currency)
        return Amount(number, currency)

    def posting(
        self,
        filename: str,
        lineno: int,
        account: str,
        units: Any,
        cost: Any,
        price: Any,
        istotal: bool,
        flag: int,
    ) -> Any:
        """Return a posting; one with a price is looked at by Beancount."""
        if price is None:
            meta = {"filename": filename, "lineno": lineno}
            return _new(_Posting, (account, units, cost, None, chr(flag) if flag else None, meta))
        return super().posting(filename, lineno, account, units, cost, price, istotal, flag)

    def transaction(
        self,
        filename: str,
        lineno: int,
        date: dt.date,
        flag: int,
        txn_strings: list[str] | None,
        tags_links: Any,
        posting_or_kv_list: list[Any] | None,
    ) -> Any:
        """Return a transaction; Beancount makes those of which there is an error to tell."""
        strings = txn_strings or ("",)
        postings: list[Any] = []
        own: dict[str, Any] = {}
        target = own
        added: list[tuple[dict[str, Any], str]] = []
        odd = len(strings) > 2
        for part in posting_or_kv_list or ():
            kind = part.__class__
            if kind is _Posting:
                postings.append(part)
                target = part[5]
            elif kind is _KeyValue and part[0] not in target:
                key, target[key] = part
                added.append((target, key))
            else:
                odd = True
                break
        if odd:
            for target, key in added:
                del target[key]
            return super().transaction(
                filename, lineno, date, flag, txn_strings, tags_links, posting_or_kv_list
            )
        meta = {"filename": filename, "lineno": lineno}
        for key, values in self.meta.items():
            meta[key] = values[-1]
        if own:
            meta.update(own)
        payee = None
        if len(strings) == 2:
            payee = self._texts.setdefault(strings[0], strings[0])
        tags, links = tags_links
        if self.tags:
            tags.update(self.tags)
        return _new(
            _Transaction,
            (
                meta,
                date,
                chr(flag),
                payee,
                strings[-1],
                frozenset(tags) if tags else EMPTY_SET,
                frozenset(links) if links else EMPTY_SET,
                postings,
            ),
        )
