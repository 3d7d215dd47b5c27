"""The summary of a position: what is open by due date, and the sums; no document by itself.

Reports of sums need no more. It stays the same from the last day on which something was posted to
the day before the next, so that it can be kept.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from ledgercli.model.customer import UNKNOWN, Customer
from ledgercli.model.record import dataclass

Value = TypeVar("Value")

Key = tuple[str, str]
"""A customer's id and a currency."""

OpenLine = tuple[int, int, Decimal, bool]
"""Due date (else ``UNKNOWN_DUE``) and document date of an open item, as ordinals, its open amount,
and whether it is retention money."""

#: Stands for the due date of what counts from an event that has not happened yet: after all others.
UNKNOWN_DUE = date.max.toordinal() + 1


class Standing(Protocol):
    """What both a position and its summary tell; see :class:`Summary`."""

    @property
    def as_of(self) -> date: ...  # noqa: D102 - see Summary
    @property
    def open_lines(self) -> Mapping[Key, Sequence[OpenLine]]: ...  # noqa: D102
    @property
    def balances(self) -> Mapping[Key, Decimal]: ...  # noqa: D102
    @property
    def deposits(self) -> Mapping[Key, Decimal]: ...  # noqa: D102
    @property
    def unallocated(self) -> Mapping[Key, Decimal]: ...  # noqa: D102
    @property
    def rounding(self) -> Mapping[Key, Decimal]: ...  # noqa: D102
    @property
    def customers(self) -> Mapping[str, Customer]: ...  # noqa: D102
    @property
    def tie_out(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Summary:
    """The open items and sums at the end of ``as_of``, by customer and currency.

    ``balances`` are the ledger's, ``deposits`` what was paid in advance (positive), ``unallocated``
    what no document took (positive), ``rounding`` the rests that count as settled; keys whose
    amount is zero may be missing. ``tie_out`` is the position's.
    """

    as_of: date
    open_lines: Mapping[Key, Sequence[OpenLine]]
    balances: Mapping[Key, Decimal]
    deposits: Mapping[Key, Decimal]
    unallocated: Mapping[Key, Decimal]
    rounding: Mapping[Key, Decimal]
    customers: Mapping[str, Customer]
    tie_out: bool

    def only(self, customers: frozenset[str] | None, currencies: frozenset[str] | None) -> Summary:
        """Return the part of some customers and currencies; None leaves all of them."""
        if customers is None and currencies is None:
            return self
        return self.where(
            lambda key: (
                (customers is None or key[0] in customers)
                and (currencies is None or key[1] in currencies)
            )
        )

    def where(self, is_wanted: Callable[[Key], bool]) -> Summary:
        """Return the part of the accounts that are wanted."""
        from ledgercli.receivables.open_columns import OpenColumns

        def part(mapping: Mapping[Key, Value]) -> dict[Key, Value]:
            return {key: value for key, value in mapping.items() if is_wanted(key)}

        lines = self.open_lines
        return Summary(
            self.as_of,
            lines.where(is_wanted) if isinstance(lines, OpenColumns) else part(lines),
            part(self.balances),
            part(self.deposits),
            part(self.unallocated),
            part(self.rounding),
            self.customers,
            self.tie_out,
        )


class RecordsById(Mapping[str, Customer]):
    """Records by id as of :func:`records_by_id`, which are read when one of them is asked for.

    Their names are known without.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        customers: Callable[[], Iterable[Customer]],
        one: Callable[[str], Customer | None] | None = None,
    ) -> None:
        """Take the names by id, what gives the records, and what gives one without the others."""
        self._names = names
        self._customers = customers
        self._one = one
        self._opened: dict[str, Customer] = {}

    @functools.cached_property
    def _records(self) -> Mapping[str, Customer]:
        self._one = None
        return records_by_id(self._customers())

    def name_of(self, customer: str) -> str:
        """Return the name of a customer, the id where there is none."""
        return self._names.get(customer, customer)

    def __getitem__(self, customer: str) -> Customer:
        """Return the record of a customer."""
        if self._one is None:
            return self._records[customer]
        if customer not in self._opened:
            found = _nobody() if customer == UNKNOWN else self._one(customer)
            if found is None:
                raise KeyError(customer)
            self._opened[customer] = found
        return self._opened[customer]

    def __iter__(self) -> Iterator[str]:
        """Return the ids."""
        return iter(self._records)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._records)

    def __repr__(self) -> str:
        """Return the records as those of a dictionary."""
        return repr(self._records)


def _nobody() -> Customer:
    return Customer(id=UNKNOWN, name=UNKNOWN)


def records_by_id(customers: Iterable[Customer]) -> dict[str, Customer]:
    """Return the records by id, the first of two with one id, with ``?`` for the unknown one."""
    records: dict[str, Customer] = {}
    for customer in customers:
        records.setdefault(customer.id, customer)
    records[UNKNOWN] = _nobody()
    return records
