"""What a shell (command line, plugin) asks of the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from ledgercli.model.record import dataclass

#: Which claims are waived.
WaivedClaims = Literal["all", "fees", "interest"]


@dataclass(frozen=True, slots=True)
class Request:
    """Which books to open, and how.

    ``books`` and ``ledger`` are what the user named, None where nothing; then ``environment``
    (``LEDGERCLI_BOOKS``, ``BEANCOUNT_FILE``) and the folders from ``start`` upwards decide.
    ``receivable`` are accounts to take as receivable instead of the default ones. ``safe`` keeps
    the ledger's plugins and python path from running. ``known_at`` is a git revision to read the
    books from. ``now`` is the moment of the request in UTC: today follows from it by the books'
    time zone. ``cache`` is the folder of the store, None for none; ``verify`` compares the content
    of all files with what was kept of them; without ``proof`` Beancount reads whatever has changed.
    ``later`` takes what has to be waited for before the program ends, so that the answer need not
    wait for it; None where all has to be done when the answer is given.
    """

    start: Path
    now: datetime
    environment: Mapping[str, str] = field(default_factory=dict)
    books: Path | None = None
    ledger: Path | None = None
    receivable: tuple[str, ...] = ()
    safe: bool = False
    known_at: str | None = None
    cache: Path | None = None
    verify: bool = False
    proof: bool = True
    later: Callable[[Callable[[], object]], object] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What a report is about; empty fields do not filter.

    ``as_of`` None is today in the books' time zone. ``customers`` are ids or aliases as typed.
    Customers must have all of ``tags`` and ``segments``, and one of ``tiers``, ``statuses``,
    ``owners`` and ``parents`` where any are named; a parent is that of the whole family below it.
    ``convert`` is a currency to add converted figures in. ``explain`` are the rows of a named
    report to explain, each by a word in it; empty leaves the choice to the report, None explains
    nothing.
    """

    as_of: date | None = None
    customers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    segments: Mapping[str, str] = field(default_factory=dict)
    currencies: tuple[str, ...] = ()
    convert: str | None = None
    tiers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    explain: tuple[str, ...] | None = None

    @property
    def filters_customers(self) -> bool:
        """Return whether not all customers are meant."""
        return bool(
            self.customers
            or self.tags
            or self.segments
            or self.tiers
            or self.statuses
            or self.owners
            or self.parents
        )


@dataclass(frozen=True, slots=True)
class Recording:
    """What is said of every fact that is recorded in the activity log.

    ``as_of`` is the day of recording, None for today; ``day`` that of the fact, None for the same.
    ``environment`` tells who is logged in, where git does not say who records.
    """

    as_of: date | None = None
    day: date | None = None
    text: str = ""
    dry_run: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentChoice:
    """A document's number as typed, and what tells documents of one number apart."""

    number: str
    customer: str = ""
    currency: str = ""


def cache_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder of the store: `$LEDGERCLI_CACHE`, else the user's; None for `off`."""
    named = environment.get("LEDGERCLI_CACHE")
    if named == "off":
        return None
    if named:
        return Path(named).expanduser().absolute()
    from ledgercli.books.store.folder import user_folder

    return user_folder()
