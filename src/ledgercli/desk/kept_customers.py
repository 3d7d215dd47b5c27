"""Records of customers as they are kept: in parts, so that one of them is had without the others.

What tells whose a posting is lies beside them as tables, made when it is first asked for.
"""

from __future__ import annotations

import functools
import marshal
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ledgercli.books.store.records import dump, load

if TYPE_CHECKING:
    from ledgercli.books.store.database import Store
    from ledgercli.desk.book_records import Records
    from ledgercli.model.customer import Customer
    from ledgercli.model.ledger import LedgerView
    from ledgercli.receivables.identity import Directory, Ids, Lookup

#: So many records are opened together.
_PART = 100


def parts_of(customers: Sequence[Customer]) -> tuple[bytes, ...]:
    """Return the records as they are kept."""
    return tuple(
        dump(customers[first : first + _PART]) for first in range(0, len(customers), _PART)
    )


class KeptCustomers:
    """The records in ``parts``; ``names`` are those of all of them by id, after that of nobody."""

    def __init__(self, parts: Sequence[bytes], names: Mapping[str, str]) -> None:
        """Take the records as :func:`parts_of` returned them."""
        self._parts = parts
        self._names = names

    @functools.cached_property
    def _all(self) -> tuple[Customer, ...]:
        return tuple(record for part in self._parts for record in load(part))

    def all(self) -> tuple[Customer, ...]:
        """Return all records."""
        return self._all

    def one(self, identifier: str) -> Customer | None:
        """Return the record with this id, None where there is none."""
        if identifier not in self._names:
            return None
        # The first name is that of nobody.
        number, within = divmod(list(self._names).index(identifier) - 1, _PART)
        if 0 <= number < len(self._parts):
            found: Customer = load(self._parts[number])[within]
            if found.id == identifier:
                return found
        return next((record for record in self._all if record.id == identifier), None)


class _KeptLookup:
    """What customers are looked up by, each table unpacked when it is first asked for."""

    def __init__(self, packed: Callable[[], Sequence[bytes]]) -> None:
        self._source = packed

    @functools.cached_property
    def _packed(self) -> Sequence[bytes]:
        return self._source()

    @functools.cached_property
    def ids(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self._table(0)
        return found

    @functools.cached_property
    def accounts(self) -> Ids:
        return self._lists(1)

    @functools.cached_property
    def aliases(self) -> Ids:
        return self._lists(2)

    @functools.cached_property
    def names(self) -> Ids:
        return self._lists(3)

    def _lists(self, place: int) -> Ids:
        found: Ids = self._table(place)
        return found

    def _table(self, place: int) -> Any:  # noqa: ANN401 - as it was packed
        return marshal.loads(self._packed[place])  # noqa: S302 - our own, private file


def directory_of(
    records: Records, facts: LedgerView, kept_in: tuple[Store, bytes] | None
) -> Directory:
    """Return what tells whose a posting is, by what is kept where the records are kept, too."""
    from ledgercli.receivables.identity import Directory

    if kept_in is None or records.customer_source is None:
        return Directory(records.customers, facts.opens)
    from ledgercli.desk.kept_lists import kept_list

    keep = functools.partial(kept_list, *kept_in)
    return Directory.of(kept_lookup(keep, records.customers_source), facts.opens)


def kept_lookup(
    keep: Callable[[str, Callable[[], Any]], Any], customers: Callable[[], Sequence[Customer]]
) -> Lookup:
    """Return what ``customers`` are looked up by, as ``keep`` has it under the name of `lookup`.

    ``keep`` takes what makes it where it has none, as :func:`ledgercli.desk.kept_lists.kept_list`.
    """

    def made() -> tuple[bytes, ...]:
        from ledgercli.receivables.identity import RecordLookup

        lookup = RecordLookup(customers())
        tables: tuple[Any, ...] = (lookup.ids, lookup.accounts, lookup.aliases, lookup.names)
        return tuple(marshal.dumps(table) for table in tables)

    return _KeptLookup(lambda: keep("lookup", made))
