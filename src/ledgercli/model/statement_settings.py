"""What the financial statements have to know of accounts: ``statements:`` in the settings."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date
from typing import Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Parsed, text_of

_MONTH_AND_DAY = re.compile(r"(\d{1,2})-(\d{1,2})", re.ASCII)
#: A year without 29 February, so that every start is in every year.
_COMMON_YEAR = 2001


@dataclass(frozen=True, slots=True)
class YearStart(Parsed):
    """The day on which financial years begin."""

    month: int = 1
    day: int = 1

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the day of ``04-01``; raise ``ValueError`` for none that every year has."""
        text = text_of(raw)
        wrong = N_("`{text}` is not a day of every year such as `04-01`")
        found = _MONTH_AND_DAY.fullmatch(text)
        try:
            day = date(_COMMON_YEAR, int(found[1]), int(found[2])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise WrongValueError(wrong, text=text[:40])
        return cls(day.month, day.day)

    def of(self, day: date) -> date:
        """Return the first day of the financial year that ``day`` is in."""
        begins = date(day.year, self.month, self.day)
        if begins > day and day.year > date.min.year:
            begins = date(day.year - 1, self.month, self.day)
        return min(begins, day)

    def __str__(self) -> str:
        """Return the day as a user writes it."""
        return f"{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class StatementSettings:
    """Which accounts mean what in financial statements, and where products are named.

    An account stands for its sub-accounts; of several that fit the longest counts. Accounts that
    are in no list go by their names where these are the usual ones, but for ``cash``, ``revenue``
    and ``cost_of_sales``: such a list is the whole of it. ``products`` are
    the metadata keys of a posting or transaction that name a product; the first that is there
    counts.
    """

    year_begins: YearStart = field(default_factory=YearStart)
    cash: tuple[str, ...] = ()
    inventory: tuple[str, ...] = ()
    current_assets: tuple[str, ...] = ()
    fixed_assets: tuple[str, ...] = ()
    current_liabilities: tuple[str, ...] = ()
    long_term_liabilities: tuple[str, ...] = ()
    financing: tuple[str, ...] = ()
    revenue: tuple[str, ...] = ()
    cost_of_sales: tuple[str, ...] = ()
    products: tuple[str, ...] = ("product", "item", "sku")
