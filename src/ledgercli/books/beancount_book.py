"""Book and balance transactions as Beancount does, without its detour for the plain ones.

A transaction whose postings all weigh in one currency, without cost, comes out of Beancount's
booking as it went in; where one posting has no amount, it gets what the others come to. It balances
when its numbers add up to nothing. Most of a ledger of receivables is like that. All others take
Beancount's own way, one by one, so that an entry it cannot survive is known by its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from beancount.core import data, inventory
from beancount.core.amount import Amount
from beancount.core.interpolate import AUTOMATIC_META
from beancount.core.number import MISSING
from beancount.parser import booking, booking_full

from ledgercli.books.beancount_loaded import Entry, Failure

# How a transaction is booked: by Beancount, as it is (and whether it balances without a doubt), or
# by adding up what one posting leaves out.
_BY_BEANCOUNT, _AS_IT_IS, BALANCED, _ONE_LEFT_OUT = range(4)
_HALF = Decimal("0.5")


class Booked(NamedTuple):
    """The booked ``entries`` in their order, Beancount's ``errors``, and what it died of.

    ``sound`` are those transactions among the entries, in their order, that no later check of
    Beancount's can find fault with, as long as their accounts are open and take their currency.
    """

    entries: list[Entry]
    errors: list[Any]
    failures: list[Failure]
    sound: list[Entry]


def book(entries: Iterable[Entry], options: Mapping[str, Any], *, thorough: bool) -> Booked:
    """Return the booked entries, and what was wrong with them.

    With ``thorough`` every transaction goes through Beancount: then each has ``__tolerances__`` in
    its metadata, which plugins may ask for. An entry that raises is left out.
    """
    entries = list(entries)
    booking_of = _Booking(options)
    ways = booking_of.ways(entries, thorough=thorough)
    for entry, way in zip(entries, ways, strict=True):
        booking_of.take(entry, way)
    return booking_of.booked


class _Booking:
    """Books entry by entry; the balances of accounts are those of lots alone."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.booked = Booked([], [], [], [])
        self._options = options
        self._quanta = _Quanta(options)
        self._methods: defaultdict[str, Any] = defaultdict(lambda: options["booking_method"])
        self._watched: set[str] = set()
        self._balances: defaultdict[str, Any] = defaultdict(inventory.Inventory)

    def ways(self, entries: Iterable[Entry], *, thorough: bool) -> list[int]:
        """Return how each entry is booked, and learn which accounts have lots."""
        ways = []
        for entry in entries:
            way = _AS_IT_IS
            kind = type(entry)
            if kind is data.Transaction:
                way = _BY_BEANCOUNT if thorough else way_of(entry.postings)
                if not way:
                    self._watched.update(_accounts_with_lots(entry))
            elif kind is data.Open and entry.booking:
                self._methods[entry.account] = entry.booking
            ways.append(way)
        return ways

    def take(self, entry: Entry, way: int) -> None:
        """Book an entry; where it touches an account with lots, they have to be counted."""
        watched, booked = self._watched, self.booked
        if (
            watched
            and type(entry) is data.Transaction
            and not watched.isdisjoint([posting.account for posting in entry.postings])
        ):
            self._by_beancount(entry)
        elif way == BALANCED:
            booked.sound.append(entry)
            booked.entries.append(entry)
        elif way == _AS_IT_IS:
            booked.entries.append(entry)
        elif way == _ONE_LEFT_OUT and (completed := self._quanta.completed(entry)) is not None:
            booked.entries.append(completed)
            if way_of(completed.postings) == BALANCED:
                booked.sound.append(completed)
        else:
            self._by_beancount(entry)

    def _by_beancount(self, entry: Entry) -> None:
        book_one: Any = booking_full.book
        find_missing: Any = booking.validate_missing_eliminated
        try:
            entries, errors = book_one([entry], self._options, self._methods, self._balances)
            errors += find_missing(entries, self._options)
        except Exception as error:  # noqa: BLE001 - whatever it is, the ledger goes on without
            self.booked.failures.append((entry, error))
            return
        self.booked.errors.extend(errors)
        self.booked.entries.extend(entries)


def way_of(postings: Iterable[Entry]) -> int:
    """Return how a transaction with these postings, made by the parser, is booked."""
    try:
        return _way(postings)
    except ArithmeticError:  # numbers beyond all measure: let Beancount stumble over them
        return _BY_BEANCOUNT


def _way(postings: Iterable[Entry]) -> int:
    weighed = None
    total: Any = None
    left_out = priced = False
    for _, units, cost, price, _, _ in postings:
        if units.__class__ is not Amount:
            if left_out or units is not MISSING or price is not None:
                return _BY_BEANCOUNT
            left_out = True
            continue
        number, currency = units
        if cost is not None or number.__class__ is not Decimal or currency.__class__ is not str:
            return _BY_BEANCOUNT
        if price is not None:
            rate, currency = price
            if rate.__class__ is not Decimal or currency.__class__ is not str:
                return _BY_BEANCOUNT
            priced = True
            number = rate * number
        # Beancount forgets a sum that comes to nothing: what is added next is not rounded.
        if weighed is None:
            weighed = currency
            total = number
        elif currency != weighed:
            return _BY_BEANCOUNT
        else:
            total = total + number if total else number
    if left_out:
        return _ONE_LEFT_OUT if total and not priced else _BY_BEANCOUNT
    return _AS_IT_IS if total else BALANCED


class _Quanta:
    """Fills in what a posting leaves out, with as many decimals as Beancount would give it."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._usual = (
            options["tolerance_multiplier"] == _HALF and not options["inferred_tolerance_default"]
        )
        self._choose = min if options["use_precise_interpolation"] else max
        self._quanta: dict[int, Decimal] = {}

    def completed(self, entry: Entry) -> Entry | None:
        """Return a transaction with the amount that one of its postings leaves out.

        Return None where Beancount has to be asked.
        """
        if not self._usual:
            return None
        total: Any = None
        numbers = []
        currency = ""
        missing = 0
        postings = list(entry.postings)
        for index, posting in enumerate(postings):
            if posting.units is MISSING:
                missing = index
            else:
                number, currency = posting.units
                numbers.append(number)
                total = total + number if total else number
        try:
            number = self._rounded(-total, numbers)
        except ArithmeticError:
            return None
        posting = postings[missing]
        posting.meta[AUTOMATIC_META] = True
        postings[missing] = posting._replace(units=Amount(number, currency))
        return entry._replace(postings=postings)

    def _rounded(self, number: Decimal, others: Iterable[Decimal]) -> Decimal:
        """Return ``number`` with the decimals of the ``others``; as it is where they have none."""
        exponents: list[Any] = [other.as_tuple().exponent for other in others]
        exponents = [exponent for exponent in exponents if exponent < 0]
        if not exponents:
            return number
        exponent: int = self._choose(exponents)
        quantum = self._quanta.get(exponent)
        if quantum is None:
            quantum = self._quanta[exponent] = Decimal((0, (1,), exponent))
        return number.quantize(quantum)


def _accounts_with_lots(entry: Entry) -> set[str]:
    """Return the accounts whose balance decides how this transaction is booked.

    A posting without any amount is filled from its own transaction, so it needs none; nor does one
    without cost that is complete.
    """
    return {
        posting.account
        for posting in entry.postings
        if posting.cost is not None
        or (posting.price is not None and MISSING in posting.price)
        or (posting.units is not MISSING and MISSING in posting.units)
    }
