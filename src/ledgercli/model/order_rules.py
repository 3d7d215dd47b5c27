"""How orders are approved, numbered and booked: ``orders:`` in the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from decimal import Decimal
from typing import Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Duration, MoneyList, Parsed, Percent, text_of

_SERIES = re.compile(r"(?:[\w.-]|\{year\})*\{n(?::0?(\d))?\}(?:[\w.-]|\{year\})*")
_COUNTER = re.compile(r"\{n(?::0?(\d))?\}")


@dataclass(frozen=True, slots=True)
class Series(Parsed):
    """A series of numbers such as ``INV-{year}-{n:04}``; with ``{year}`` each year begins at 1."""

    words: str

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the series of letters, digits, ``{year}`` and one ``{n}`` or ``{n:04}``."""
        text = text_of(raw)
        if not _SERIES.fullmatch(text) or text.count("{n") != 1:
            wrong = N_("`{text}` is not a series of numbers such as `{example}`")
            raise WrongValueError(wrong, text=text[:40], example="INV-{year}-{n:04}")
        return cls(text)

    def __str__(self) -> str:
        """Return the series as a user writes it."""
        return self.words

    def number(self, year: int, count: int) -> str:
        """Return the number of the ``count``-th of a year."""
        found = _COUNTER.search(self.words)
        width = int(found[1] or 1) if found else 1
        text = _COUNTER.sub(f"{count:0{width}d}", self.words)
        return text.replace("{year}", f"{year:04d}")

    def next(self, taken: Iterable[str], year: int) -> str:
        """Return the number after the highest of ``taken`` that is of this series and year."""
        parts = [
            f"{year:04d}" if part == "{year}" else r"(\d{1,12})" if part[:2] == "{n" else part
            for part in re.split(r"(\{[^}]*\})", self.words)
        ]
        pattern = "".join(
            part if part.startswith("(") or part.isdigit() else re.escape(part) for part in parts
        )
        counts = [
            int(found[1])
            for number in taken
            if (found := re.fullmatch(pattern, number, re.ASCII | re.IGNORECASE))
        ]
        return self.number(year, max(counts, default=0) + 1)


@dataclass(frozen=True, slots=True)
class Margin(Parsed):
    """How far above the limit: a share of the limit, or an amount for each currency."""

    percent: Percent | None = None
    amounts: MoneyList = field(default_factory=MoneyList)

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the margin of ``10%``, ``2000 EUR``, or a list of amounts."""
        if isinstance(raw, str) and raw.strip().endswith("%"):
            margin = cls(percent=Percent.parse(raw))
        else:
            margin = cls(amounts=MoneyList.parse(raw))
        negative = margin.percent is not None and margin.percent.value < 0
        if negative or any(money.amount < 0 for money in margin.amounts.amounts):
            raise WrongValueError(N_("a margin above the limit cannot be negative"))
        if any(not money.currency for money in margin.amounts.amounts):
            raise WrongValueError(N_("a margin above the limit needs its currency"))
        return margin

    def above(self, limit: Decimal, currency: str) -> Decimal:
        """Return the amount in ``currency`` that may stand above ``limit``, unrounded.

        Zero in a currency that is not named.
        """
        if self.percent is not None:
            return self.percent.of(limit)
        return self.amounts.of(currency) or Decimal(0)

    def __str__(self) -> str:
        """Return the margin as a user writes it."""
        if self.percent is not None:
            return str(self.percent)
        return ", ".join(map(str, self.amounts.amounts)) or "0"


@dataclass(frozen=True, slots=True)
class Approver:
    """Who may approve orders. ``who`` is the name or the address of a git identity.

    ``above_limit`` is how far above the limit this person may go: nothing where it is not set.
    """

    who: str
    above_limit: Margin = field(default_factory=Margin)


@dataclass(frozen=True, slots=True)
class OrderSeries:
    """The numbers that orders and their invoices get."""

    orders: Series = field(default_factory=lambda: Series("SO-{year}-{n:04}"))
    invoices: Series = field(default_factory=lambda: Series("INV-{year}-{n:04}"))


@dataclass(frozen=True, slots=True)
class OrderAccounts:
    """The accounts that invoices are booked on.

    ``receivable`` is for customers who have no account of their own; ``sales`` for lines without
    one. ``tax`` is needed where a line has a tax.
    """

    receivable: str = ""
    sales: str = ""
    tax: str = ""


@dataclass(frozen=True, slots=True)
class OrderSettings:
    """Which orders are approved by themselves, who approves the others, how they are booked.

    ``auto_up_to`` bounds what a customer has open without a person's approval, in each currency
    that it names; without it the credit limit alone does. ``max_days_overdue`` is how long
    something may be overdue. An approval holds up to and including the last
    day of ``expires``, None for ever. ``file`` is where invoices are appended, relative to the
    books and a part of the ledger; empty is the ledger's top file.
    """

    auto_up_to: MoneyList | None = None
    max_days_overdue: int = 30
    approvers: tuple[Approver, ...] = ()
    expires: Duration | None = None
    series: OrderSeries = field(default_factory=OrderSeries)
    accounts: OrderAccounts = field(default_factory=OrderAccounts)
    file: str = ""
