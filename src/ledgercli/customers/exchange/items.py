"""Rows of a list of open items: what each customer owes by document, elsewhere."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ledgercli.customers.exchange.amounts import parse_amount, parse_day
from ledgercli.customers.exchange.kept_back import KeptBack, at_most, kept_back
from ledgercli.customers.exchange.reading import cleaned_cells
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer, fold
from ledgercli.model.exchange import ForeignRow, Profile
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import check_currency

#: What stands where a customer should be in lines that only add others up.
_SUMS = ("合计", "小计", "总计", "本页", "summe", "gesamt", "total", "subtotal")
_CREDIT = frozenset(["贷", "贷方", "h", "haben", "c", "cr", "credit"])
_NONE = frozenset(["平"])


@dataclass(frozen=True, slots=True)
class ForeignItem:
    """A document that is open elsewhere, or what is to a customer's credit (``open`` negative).

    ``number`` is empty where the list has none. ``amount`` is the document's, None if not told.
    ``due`` None leaves it to the terms. ``kept`` is retention money, a part of ``open``. ``rows``
    are the lines of the list that it is of. ``balance`` says that it is no document but all that a
    customer owes.
    """

    customer: str
    number: str
    date: dt.date
    due: dt.date | None
    currency: str
    open: Decimal
    amount: Decimal | None
    text: str
    rows: tuple[int, ...]
    balance: bool = False
    kept: tuple[KeptBack, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """Return customer, currency and number."""
        return self.customer, self.currency, self.number

    @property
    def mark(self) -> str:
        """Return what an item is known by in the ledger: its number, else a hash of all it says.

        A customer has one balance to open with, whatever it is.
        """
        if self.number or self.balance:
            return f"{self.customer}/{self.currency}/{self.number or 'balance'}"
        said = f"{self.date}|{self.due}|{self.open.normalize():f}|{self.text}"
        said += "".join(f"|{part.amount.normalize():f} {part.until}" for part in self.kept)
        digest = hashlib.sha256(said.encode()).hexdigest()[:12]
        return f"{self.customer}/{self.currency}/{digest}"


@dataclass(frozen=True, slots=True)
class Defaults:
    """What applies where a row says nothing: its day (None is a fault) and its currency."""

    day: dt.date | None
    currency: str


@dataclass(frozen=True, slots=True)
class ItemList:
    """The items of a list in its order, and the rows that could not be taken with the reason.

    ``unknown`` are sums by (customer as the list has it, currency) of rows without a customer here.
    ``cleaned`` are columns of rows with characters that were taken out, and these. ``uncounted`` is
    how many of the rejected rows are in no sum.
    """

    items: tuple[ForeignItem, ...]
    rejected: tuple[tuple[ForeignRow, str], ...]
    unknown: Mapping[tuple[str, str], Decimal]
    cleaned: tuple[tuple[ForeignRow, str, str], ...] = ()
    uncounted: int = 0


class Names:
    """Looks up the customer that a list means: by id, alias, number elsewhere, then name."""

    def __init__(self, customers: Iterable[Customer]) -> None:
        """Index ``customers``."""
        self._steps: tuple[dict[str, set[str]], ...] = ({}, {}, {}, {})
        for customer in customers:
            texts = ((customer.id,), customer.aliases, customer.ids.values(), (customer.name,))
            for index, values in zip(self._steps, texts, strict=True):
                for value in values:
                    if value:
                        index.setdefault(fold(value), set()).add(customer.id)

    def find(self, *texts: str) -> str:
        """Return the id that the first of ``texts`` that fits means, empty where none does.

        Raise ``WrongValueError`` where one fits several customers.
        """
        for text in filter(None, texts):
            for index in self._steps:
                found = index.get(fold(text), set())
                if len(found) == 1:
                    return next(iter(found))
                if found:
                    several = ", ".join(f"`{identifier}`" for identifier in sorted(found))
                    raise WrongValueError(N_("it may be any of {customers}"), customers=several)
        return ""


def read_items(
    rows: Sequence[ForeignRow], profile: Profile, names: Names, defaults: Defaults
) -> ItemList:
    """Return the items of ``rows``; lines of one document are one item, settled ones left out.

    A line of a document that repeats another in all columns is rejected: added up, what stands
    twice by mistake would be owed twice.
    """
    found: dict[tuple[str, str, str] | int, ForeignItem] = {}
    rejected: list[tuple[ForeignRow, str]] = []
    unknown: dict[tuple[str, str], Decimal] = {}
    cleaned: list[tuple[ForeignRow, str, str]] = []
    uncounted = 0
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for row in rows:
        clean, taken_out = cleaned_cells(row.cells)
        cleaned += [(row, column, signs) for column, signs in taken_out]
        cells = _by_field(clean, profile)
        if _is_sum(cells):
            continue
        if row.fault:
            rejected.append((row, row.fault))
            uncounted += 1
            continue
        try:
            item = _item(row, cells, profile, names, defaults)
            _check_new(item, seen.setdefault(tuple(sorted(clean.items())), row.number), row)
        except _UnknownCustomerError as error:
            rejected.append((row, error.reason))
            if error.amount:
                key = (error.customer, error.currency)
                unknown[key] = unknown.get(key, Decimal(0)) + error.amount
            continue
        except WrongValueError as error:
            rejected.append((row, error.reason))
            uncounted += 1
            continue
        place = item.key if item.number else row.number
        found[place] = _together(found[place], item) if place in found else item
    items = tuple(
        replace(item, kept=at_most(item.kept, item.open)) if item.kept else item
        for item in found.values()
        if item.open
    )
    return ItemList(items, tuple(rejected), unknown, tuple(cleaned), uncounted)


def _check_new(item: ForeignItem, first: int, row: ForeignRow) -> None:
    """Raise ``WrongValueError`` where ``row`` says of a document what row ``first`` said."""
    if item.number and first != row.number:
        raise WrongValueError(N_("it says the same as row {row}"), row=str(first))


class _UnknownCustomerError(WrongValueError):
    """A row is about somebody who is no customer here; what it says counts all the same."""

    def __init__(self, customer: str, currency: str, amount: Decimal) -> None:
        if customer.strip():
            super().__init__(N_("no customer `{customer}`"), customer=customer[:80])
        else:
            super().__init__(N_("it names no customer"))
        self.customer = customer
        self.currency = currency
        self.amount = amount


def _by_field(clean: Mapping[str, str], profile: Profile) -> dict[str, str]:
    cells: dict[str, str] = {}
    for column, field in profile.columns.items():
        if text := " ".join(clean.get(column, "").split()):
            words = {fold(theirs): ours for theirs, ours in _words(profile, field.name).items()}
            cells.setdefault(field.name, words.get(fold(text), text))
    return cells


def _words(profile: Profile, name: str) -> Mapping[str, str]:
    return profile.values.get(name, {})


def _is_sum(cells: Mapping[str, str]) -> bool:
    names = (cells.get("item.customer", ""), cells.get("item.name", ""))
    return any(name.casefold().startswith(_SUMS) for name in names if name) or not any(
        name in cells for name in ("item.customer", "item.name", "item.number")
    )


def _item(
    row: ForeignRow, cells: Mapping[str, str], profile: Profile, names: Names, defaults: Defaults
) -> ForeignItem:
    currency = _currency(cells, defaults)
    amount = _open_amount(cells, profile)
    theirs = (cells.get("item.customer", ""), cells.get("item.name", ""))
    customer = names.find(*theirs)
    if not customer:
        raise _UnknownCustomerError(" ".join(filter(None, theirs)), currency, amount)
    told = _day(cells, "item.date", profile)
    date = told or defaults.day
    if date is None:
        raise WrongValueError(N_("it has no date"))
    number = cells.get("item.number", "")
    total, kept = cells.get("item.amount"), cells.get("item.retention")
    until = cells.get("item.retention-until", "")
    return ForeignItem(
        customer=customer,
        number=number,
        date=date,
        due=_day(cells, "item.due", profile),
        currency=currency,
        open=amount,
        amount=_amount(total, profile) if total else None,
        text=cells.get("item.text", ""),
        rows=(row.number,),
        balance=not number and told is None,
        kept=kept_back(_amount(kept, profile) if kept else None, until, amount, profile.dates),
    )


def _currency(cells: Mapping[str, str], defaults: Defaults) -> str:
    currency = cells.get("item.currency", defaults.currency).upper()
    if not currency:
        raise WrongValueError(N_("its currency is not known"))
    return check_currency(currency)


def _open_amount(cells: Mapping[str, str], profile: Profile) -> Decimal:
    """Return what is open: the open amount, else debit less credit, else the balance or amount."""
    side = cells.get("item.side", "").casefold()
    if side in _NONE:
        return Decimal(0)
    sign = -1 if side in _CREDIT else 1
    if text := cells.get("item.open"):
        return sign * _amount(text, profile)
    if "item.debit" in cells or "item.credit" in cells:
        debit, credit = (
            _amount(cells[name], profile) if name in cells else Decimal(0)
            for name in ("item.debit", "item.credit")
        )
        return debit - credit
    if text := cells.get("item.balance") or cells.get("item.amount"):
        return sign * _amount(text, profile)
    raise WrongValueError(N_("it has no amount"))


def _amount(text: str, profile: Profile) -> Decimal:
    amount = parse_amount(text, profile.decimal)
    if amount is None:
        wrong = N_("`{text}` is no amount with the decimal sign `{sign}`")
        raise WrongValueError(wrong, text=text[:40], sign=profile.decimal)
    return amount


def _day(cells: Mapping[str, str], name: str, profile: Profile) -> dt.date | None:
    text = cells.get(name)
    if not text:
        return None
    day = parse_day(text, profile.dates)
    if day is None:
        raise WrongValueError(N_("`{text}` is not a date"), text=text[:40])
    return day


def _together(first: ForeignItem, other: ForeignItem) -> ForeignItem:
    """Return two lines of one document: what is left of it; its dates are those of the debit."""
    head = other if first.open < 0 <= other.open else first
    amounts = [amount for amount in (first.amount, other.amount) if amount is not None]
    return replace(
        head,
        open=first.open + other.open,
        amount=max(amounts) if amounts else None,
        rows=(*first.rows, *other.rows),
        kept=(*first.kept, *other.kept),
    )


@dataclass(frozen=True, slots=True)
class Total:
    """What the list and the books say of a customer; ``customer`` is empty for one unknown here."""

    customer: str
    name: str
    currency: str
    theirs: Decimal
    ours: Decimal

    @property
    def difference(self) -> Decimal:
        """Return by how much the books have more than the list."""
        return self.ours - self.theirs


def compared(
    listed: ItemList,
    balances: Mapping[tuple[str, str], Decimal],
    name_of: Callable[[str], str],
) -> tuple[Total, ...]:
    """Return the totals of the list beside ``balances`` by customer and currency, sorted.

    Customers without anything on either side are left out.
    """
    theirs: dict[tuple[str, str], Decimal] = {}
    for item in listed.items:
        key = (item.customer, item.currency)
        theirs[key] = theirs.get(key, Decimal(0)) + item.open
    keys = sorted({*theirs, *(key for key, amount in balances.items() if amount)})
    rows = [
        Total(
            customer,
            name_of(customer),
            currency,
            theirs.get((customer, currency), Decimal(0)),
            balances.get((customer, currency), Decimal(0)),
        )
        for customer, currency in keys
    ]
    rows += [
        Total("", name, currency, amount, Decimal(0))
        for (name, currency), amount in sorted(listed.unknown.items())
        if amount
    ]
    return tuple(rows)
