"""Small values that users write as words: money, percentages, durations.

Each class has ``parse``, which takes the text as it stands in a YAML file (a scalar, or the lists
and mappings of scalars that the value allows) and raises ``WrongValueError``.
The reader of records finds ``parse`` by the type of the field, so that a record is defined once.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError

# What Beancount takes as a currency: a capital first, a capital or digit last, 24 at most.
CURRENCY = re.compile(r"[A-Z](?:[A-Z0-9'._-]{0,22}[A-Z0-9])?")
# 24 digits before the point are more than any book needs, and bound the cost of arithmetic.
NUMBER = re.compile(r"[+-]?\d{1,24}(?:\.\d{1,12})?", re.ASCII)


class Parsed:
    """A value with its own ``parse``, usable as a field type of a validated record."""

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the value that ``raw`` spells; raise ``ValueError`` if it spells none."""
        raise NotImplementedError


def text_of(raw: object) -> str:
    """Return ``raw`` stripped if it is text; raise ``ValueError`` otherwise."""
    if not isinstance(raw, str):
        raise WrongValueError(N_("expected text"))
    return raw.strip()


def parse_number(text: str) -> Decimal:
    """Return the decimal number ``text``: plain digits and a point, no thousands separator."""
    if not NUMBER.fullmatch(text):
        if "," in text:
            comma = N_("`{text}` has a comma; write the number with digits and a point only")
            raise WrongValueError(comma, text=text[:40])
        raise WrongValueError(N_("`{text}` is not a number"), text=text[:40])
    return Decimal(text)


def check_currency(text: str) -> str:
    """Return ``text`` if Beancount would take it as a currency; raise ``ValueError`` otherwise."""
    if CURRENCY.fullmatch(text):
        return text
    if CURRENCY.fullmatch(text.upper()):
        capitals = N_("currency `{text}` must be written in capitals: `{capitals}`")
        raise WrongValueError(capitals, text=text[:24], capitals=text.upper()[:24])
    raise WrongValueError(N_("`{text}` is not a currency"), text=text[:24])


@dataclass(frozen=True, slots=True, order=True)
class Money(Parsed):
    """An amount of one currency; ``currency`` is empty where the file names none."""

    amount: Decimal
    currency: str

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the money of ``10000 EUR``, ``EUR 10000`` or ``10000`` (no currency)."""
        words = text_of(raw).split()
        match words:
            case [number]:
                return cls(parse_number(number), "")
            case [first, second] if first[:1].isalpha() and not second[:1].isalpha():
                return cls(parse_number(second), check_currency(first))
            case [first, second]:
                return cls(parse_number(first), check_currency(second))
        wrong = N_("`{text}` is not an amount such as `100.00 EUR`")
        raise WrongValueError(wrong, text=text_of(raw)[:40])

    def __str__(self) -> str:
        """Return the plain notation, amount before currency."""
        return f"{self.amount:f} {self.currency}".rstrip()


@dataclass(frozen=True, slots=True)
class MoneyList(Parsed):
    """Amounts in different currencies, at most one of each."""

    amounts: tuple[Money, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return one amount, or a list of amounts of different currencies."""
        amounts = tuple(Money.parse(item) for item in (raw if isinstance(raw, list) else [raw]))
        currencies = [money.currency for money in amounts]
        if len(set(currencies)) < len(currencies):
            raise WrongValueError(N_("two amounts in the same currency"))
        return cls(amounts)

    def of(self, currency: str) -> Decimal | None:
        """Return the amount in ``currency``, or None where none is given."""
        return next((m.amount for m in self.amounts if m.currency == currency), None)


@dataclass(frozen=True, slots=True, order=True)
class Percent(Parsed):
    """A percentage; ``value`` 80 means 80 %."""

    value: Decimal

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the percentage of ``80%`` or ``2.15 %``; the sign may not be left out."""
        text = text_of(raw)
        if not text.endswith("%"):
            wrong = N_("`{text}` is not a percentage such as `80%`")
            raise WrongValueError(wrong, text=text[:40])
        return cls(parse_number(text[:-1].rstrip()))

    def of(self, amount: Decimal) -> Decimal:
        """Return this share of ``amount``, unrounded."""
        return amount * self.value / 100

    def __str__(self) -> str:
        """Return the percentage as a user writes it."""
        return f"{self.value:f}%"


Unit = Literal["days", "months", "years"]
_DURATION = re.compile(r"([+-]?\d{1,6})\s*(d|days?|m|months?|y|years?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration(Parsed):
    """A number of days, calendar months or calendar years."""

    count: int
    unit: Unit = "days"

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the duration of ``30``, ``30 days``, ``3 months`` or ``1 year``."""
        found = _DURATION.fullmatch(text_of(raw))
        if not found:
            wrong = N_("`{text}` is not a duration such as `30 days` or `3 months`")
            raise WrongValueError(wrong, text=text_of(raw)[:40])
        letter = (found[2] or "d")[0]
        unit: Unit = {"d": "days", "m": "months", "y": "years"}[letter]  # type: ignore[assignment]
        return cls(int(found[1]), unit)

    def after(self, start: date) -> date:
        """Return the day this long after ``start`` (see :func:`add_months` for month ends)."""
        if self.unit == "days":
            return add_days(start, self.count)
        return add_months(start, self.count * (12 if self.unit == "years" else 1))

    @property
    def rough_days(self) -> int:
        """Return the length in days with months of 30 and years of 365 days, for ordering only."""
        return self.count * {"days": 1, "months": 30, "years": 365}[self.unit]

    def __str__(self) -> str:
        """Return the duration as a user writes it, in the singular for one."""
        return f"{self.count} {self.unit[:-1] if abs(self.count) == 1 else self.unit}"


def add_days(start: date, days: int) -> date:
    """Return ``start`` plus ``days``, held within the years that ``date`` can express."""
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def days_in_month(year: int, month: int) -> int:
    """Return the number of days of a Gregorian month."""
    first = date(year, month, 1)
    return (add_months(first, 1) - first).days if (year, month) != (9999, 12) else 31


def add_months(start: date, months: int) -> date:
    """Return the same day ``months`` later, or the last of that month if it has no such day."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    for day in range(start.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, start.day)


def month_end(day: date) -> date:
    """Return the last day of the month of ``day``."""
    return day.replace(day=days_in_month(day.year, day.month))


_ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)


def parse_date(raw: object) -> date:
    """Return the calendar date ``YYYY-MM-DD``; raise ``ValueError`` for anything else."""
    text = text_of(raw)
    found = _ISO_DATE.fullmatch(text)
    if not found:
        raise WrongValueError(N_("`{text}` is not a date such as 2026-11-21"), text=text[:40])
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise WrongValueError(N_("`{text}` is a day that does not exist"), text=text) from None
