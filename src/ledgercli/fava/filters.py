"""What Fava's filters ask of the books: the day, the customers, the currency to convert to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from beancount.core.account import has_component
from fava.core.filters import AdvancedFilter, Match, TimeFilter

from ledgercli.desk.hosting import customers_like, customers_named, customers_on
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer
from ledgercli.model.record import dataclass

if TYPE_CHECKING:
    from fava.core import FavaLedger

#: Conversions of Fava that leave a receivable in its own currency: it is held without a cost.
_UNCONVERTED = frozenset({"", "at_cost", "at_value", "units"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: the query, the first day of the time filter, and the filters in words.

    ``end`` is the last day of the time filter. ``is_nobody`` says that no customer is left.
    """

    query: Query
    start: dt.date | None = None
    end: dt.date | None = None
    is_nobody: bool = False
    words: tuple[Text, ...] = ()


def asked_of(
    books: OpenBooks, ledger: FavaLedger, arguments: Mapping[str, str], named: str = ""
) -> Asked:
    """Return what the filters in the ``arguments`` of a request to Fava ask about ``books``.

    The last day of the time filter is the day that figures are as of. The account filter leaves the
    customers with a posting on a receivable account that fits; the filter by tag and payee goes
    over the records of customers, see :func:`subject_of`; ``named`` is a part of an id or a name.
    Raise Fava's own errors for what it does not understand either.
    """
    start, end = _range(ledger, arguments.get("time", ""))
    conversion = arguments.get("conversion", "")
    convert = None if conversion in _UNCONVERTED else conversion.split(",")[0]
    as_of = end or books.today
    chosen: frozenset[str] | None = None
    words = []
    if account := arguments.get("account", "").strip():
        match = Match(account)
        chosen = customers_on(
            books, as_of, lambda name: has_component(name, account) or match(name)
        )
        words.append(Text(N_("Customers with postings on `{filter}`."), {"filter": account}))
    if text := arguments.get("filter", "").strip():
        advanced = AdvancedFilter(text)
        like = customers_like(books, lambda record: bool(advanced.apply([subject_of(record)])))
        chosen = like if chosen is None else chosen & like
        words.append(Text(N_("Customers whose record fits `{filter}`."), {"filter": text}))
    if named:
        found = customers_named(books, named)
        chosen = found if chosen is None else chosen & found
    query = Query(as_of=end, convert=convert, customers=tuple(sorted(chosen or ())))
    return Asked(query, start, end, chosen is not None and not chosen, tuple(words))


def _range(ledger: FavaLedger, value: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day of a time filter, None for each where there is none."""
    if not value:
        return None, None
    found = TimeFilter(ledger.options, ledger.fava_options, value).date_range
    return found.begin, found.end - dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Subject:
    """A customer as Fava's filter sees an entry."""

    payee: str
    narration: str
    tags: frozenset[str]
    links: frozenset[str]
    meta: Mapping[str, str]
    postings: tuple[object, ...] = field(default=())


def subject_of(record: Customer) -> Subject:
    """Return what the filter by tag and payee looks at: `#tag`, `payee:"…"`, `customer:"…"`.

    Also `tier`, `owner`, `status`, `parent`, and each segment by its own name.
    """
    meta = {
        "customer": record.id,
        "tier": record.tier,
        "owner": record.owner,
        "status": record.status,
        "parent": record.parent,
        **record.segments,
    }
    said = {key: value for key, value in meta.items() if value}
    return Subject(record.label, "", frozenset(record.tags), frozenset(), said)
