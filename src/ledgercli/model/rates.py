"""Rates of interest as users write them, and dated tables that they are counted from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Debtor
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Parsed, Percent, add_days, parse_date, text_of

#: How days become years: actual days over 365, over the length of each year, or months of 30 days.
DayCount = Literal["act/365", "act/act", "30/360"]
#: Tables of rates that come with the program; the books' own ``rates:`` go before their rows.
SHIPPED_RATES = ("ecb-refinancing", "base-rate-bgb", "boe-statutory", "lpr-1y")

_PERCENT = r"[+-]?\d{1,6}(?:\.\d{1,9})?\s*%"
_RATE = re.compile(
    rf"(?P<percent>{_PERCENT})(?:\s*(?:(?P<day>per day|a day)|per year|a year))?"
    rf"|(?P<points>{_PERCENT})\s*above\s+(?P<above>\S+)"
    r"|(?P<table>\S+?)\s*(?:\s[x×*]|[×*])\s*(?P<factor>\d{1,4}(?:\.\d{1,9})?)",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class InterestRate(Parsed):
    """A rate of interest: ``value`` percent a year, or a day; on top of ``table``, or times it.

    With a table and no ``factor``, ``value`` are points above it; with a factor the rate is that
    many times the table's, and ``value`` is zero.
    """

    value: Decimal
    table: str = ""
    factor: Decimal | None = None
    per_day: bool = False

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the rate of ``8%``, ``0.05% per day``, ``9% above TABLE`` or ``TABLE × 1.5``."""
        text = " ".join(text_of(raw).split())
        found = _RATE.fullmatch(text)
        if not found:
            wrong = N_(
                "`{text}` is not a rate such as `8%`, `0.05% per day`, `9% above base-rate-bgb` or"
                " `lpr-1y × 1.5`"
            )
            raise WrongValueError(wrong, text=text[:40])
        if found["table"]:
            return cls(Decimal(0), found["table"], Decimal(found["factor"]))
        percent = Percent.parse(found["percent"] or found["points"])
        return cls(percent.value, found["above"] or "", per_day=bool(found["day"]))

    @property
    def is_yearly(self) -> bool:
        """Return whether the rate is said in full by percent a year and the table below it."""
        return self.factor is None and not self.per_day

    def __str__(self) -> str:
        """Return the rate as a user writes it."""
        if self.factor is not None:
            return f"{self.table} × {self.factor:f}"
        words = f"{self.value:f}%"
        if self.table:
            return f"{words} above {self.table}"
        return f"{words} per day" if self.per_day else words


@dataclass(frozen=True, slots=True)
class Interest:
    """A rate of interest, on top of the dated table ``above`` where one is named.

    ``above`` may stand within the rate as well (``9% above TABLE``).
    """

    rate: InterestRate
    above: str = ""
    from_level: int = 1
    debtor: Debtor | None = None
    day_count: DayCount = "act/365"

    @property
    def table(self) -> str:
        """Return the name of the table that the rate is counted from, empty where there is none."""
        return self.rate.table or self.above

    @property
    def words(self) -> str:
        """Return the rate as a user writes it, with its table."""
        if self.above and not self.rate.table:
            return f"{self.rate} above {self.above}"
        return str(self.rate)


@dataclass(frozen=True, slots=True)
class RateTable(Parsed):
    """Yearly rates in percent by their first day, earliest first.

    ``sources`` say where a rate was found, ``ends`` the last day of rates that are known no
    longer, both by the first day of the rate. With ``fixed`` the rate of the first day of arrears
    holds as long as they last. ``names`` are what letters call it, by language.
    """

    rates: tuple[tuple[date, Decimal], ...]
    sources: Mapping[date, str] = field(default_factory=dict)
    ends: Mapping[date, date] = field(default_factory=dict)
    fixed: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the table of a mapping from dates to percentages.

        A rate may carry its source, ``{rate: 2.15%, source: …}``. ``until: DATE`` is the last day
        on which the last rate is known to hold; without it, it holds until another one is written.
        ``names`` has what letters call the table, by language.
        """
        if not isinstance(raw, dict):
            wrong = N_("expected dates with percentages, such as `{example}`")
            raise WrongValueError(wrong, example="{2025-06-11: 2.15%}")
        rates: dict[date, Decimal] = {}
        sources: dict[date, str] = {}
        for day, value in raw.items():
            if day in {"until", "fixed", "names"}:
                continue
            first, entry = parse_date(day), value
            if isinstance(value, dict):
                if unknown := value.keys() - {"rate", "source"}:
                    wrong = N_("a rate has `rate` and `source`, not `{key}`")
                    raise WrongValueError(wrong, key=str(min(unknown))[:40])
                entry = value.get("rate")
                if source := value.get("source"):
                    sources[first] = text_of(source)
            rates[first] = Percent.parse(entry).value
        ends: dict[date, date] = {}
        if rates and raw.get("until") is not None:
            ends[max(rates)] = parse_date(raw["until"])
        fixed = text_of(raw.get("fixed") or "no").casefold() in {"yes", "true", "on"}
        named = raw.get("names") or {}
        if not isinstance(named, dict):
            wrong = N_("expected names by language, such as `{example}`")
            raise WrongValueError(wrong, example="{en: base rate}")
        names = {text_of(language): text_of(name) for language, name in named.items()}
        return cls(tuple(sorted(rates.items())), sources, ends, fixed, names)

    def name(self, language: str) -> str:
        """Return what letters in ``language`` call the table, empty where it has no name."""
        return self.names.get(language) or self.names.get(language.partition("-")[0], "")

    def over(self, base: RateTable) -> RateTable:
        """Return ``base`` with the rates of this table set over it."""
        rates = dict(base.rates) | dict(self.rates)
        kept = {day: source for day, source in base.sources.items() if day not in dict(self.rates)}
        ends = {day: last for day, last in base.ends.items() if day not in dict(self.rates)}
        return RateTable(
            tuple(sorted(rates.items())),
            kept | dict(self.sources),
            ends | dict(self.ends),
            self.fixed or base.fixed,
            {**base.names, **self.names},
        )

    def row(self, day: date) -> tuple[date, Decimal] | None:
        """Return the first day and the rate of what is in force on ``day``, None if not known."""
        found = max((row for row in self.rates if row[0] <= day), default=None)
        if found is None or self.ends.get(found[0], day) < day:
            return None
        return found

    def at(self, day: date) -> Decimal | None:
        """Return the rate in force on ``day``, None before the first and where none is known."""
        found = self.row(day)
        return found[1] if found else None

    def changes(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days after ``first`` up to ``last`` on which another rate, or none, begins."""
        if self.fixed:
            return ()
        beyond = {add_days(end, 1) for end in self.ends.values()}
        days = {day for day, _ in self.rates} | beyond
        return tuple(sorted(day for day in days if first < day <= last))
