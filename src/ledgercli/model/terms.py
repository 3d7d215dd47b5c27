"""Payment terms: the words a user writes and the due dates they give.

Grammar (case is ignored)::

    terms      = instalment ("," instalment)*        two or more with shares, or one without
    instalment = [PERCENT] term
    term       = [PERCENT "/" N] base ["from" event] early-payment discount within N days
    event      = "delivery" | "acceptance" | "tax-invoice"
    base       = "net" N | N "days"
               | N "days end of month"               end of the month of (date + N)
               | "end of month" ["+" N "days"]
               | "end of next month"
               | N "days then the" D                 first day D of a month on or after date + N

A month without a day D is passed over: ``then the 31st`` waits for a month that has one.
With an event, days count from the day it happened, discounts too; until then nothing is due.
Chinese words say the same: ``月结30天`` is ``30 days end of month``, ``票到30天`` is ``net 30 from
tax-invoice``; see ``_CHINESE``. Signs of full width count as those of half width.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import (
    Parsed,
    Percent,
    add_days,
    add_months,
    days_in_month,
    month_end,
    text_of,
)

#: What terms may count from besides the document's date, with the metadata that tells its day.
EventName = Literal["delivery", "acceptance", "tax-invoice"]
EVENT_KEYS: dict[EventName, str] = {
    "delivery": "delivered",
    "acceptance": "accepted",
    "tax-invoice": "tax-invoiced",
}
#: How people call them.
EVENT_NAMES: dict[Any, str] = {
    "delivery": N_("delivery"),
    "acceptance": N_("acceptance"),
    "tax-invoice": N_("tax invoice"),
}
Base = Literal["net", "days-end-of-month", "end-of-month", "end-of-next-month", "then-day"]

# Texts, which are compiled when the first of them is looked for: most commands need none.
_DISCOUNT = r"(\d{1,2}(?:\.\d{1,4})?)\s*%?\s*/\s*(\d{1,4})[\s,]\s*(.+)"
_EVENT = r"(.+?) from (?:the )?(\S.*)"
_SHARE = r"(\d{1,3}(?:\.\d{1,4})?)\s*%(?:\s+|(?=\d*[\u4e00-\u9fff]))(.+)"
_BASES: tuple[tuple[str, Base], ...] = (
    (r"(?:net|n/)\s*(\d{1,4})(?: days?)?", "net"),
    (r"(\d{1,4}) days?", "net"),
    (r"(?:net )?(\d{1,4}) days? end of month", "days-end-of-month"),
    (r"end of month(?: ?\+ ?(\d{1,4}) days?)?", "end-of-month"),
    (r"end of next month", "end-of-next-month"),
    (r"(\d{1,4}) days? then the (\d{1,2})(?:st|nd|rd|th)?", "then-day"),
)
#: How Chinese customers' terms are written, and what they are in the words of the grammar.
_CHINESE: tuple[tuple[str, str], ...] = (
    (r"月结\s*(\d{1,4})\s*天", r"\1 days end of month"),
    (r"月结", "end of month"),
    (r"(?:账期\s*)?(\d{1,4})\s*天内?", r"net \1"),
    (r"货到后?\s*(\d{1,4})\s*天内?", r"net \1 from delivery"),
    (r"货到付款", "net 0 from delivery"),
    (r"票到后?\s*(\d{1,4})\s*天内?", r"net \1 from tax-invoice"),
    (r"票到付款", "net 0 from tax-invoice"),
    (r"验收后?\s*(\d{1,4})\s*天内?", r"net \1 from acceptance"),
    (r"验收后?付款", "net 0 from acceptance"),
    (r"现结|现款", "net 0"),
)
_HALF_WIDTH = str.maketrans("，％", ",%")


@dataclass(frozen=True, slots=True)
class Term:
    """One due date counted from a document's date, with its share of the amount in percent."""

    base: Base
    days: int = 0
    day_of_month: int = 0
    share: Decimal = Decimal(100)
    discount: Percent | None = None
    discount_days: int = 0
    event: EventName | None = None

    def due(self, start: date) -> date:
        """Return the due date for a document dated ``start``, or whose event was then."""
        match self.base:
            case "net":
                return add_days(start, self.days)
            case "days-end-of-month":
                return month_end(add_days(start, self.days))
            case "end-of-month":
                return add_days(month_end(start), self.days)
            case "end-of-next-month":
                return month_end(add_months(start.replace(day=1), 1))
            case "then-day":
                return _first_day_of_month(add_days(start, self.days), self.day_of_month)

    def discount_until(self, start: date) -> date | None:
        """Return the last day on which the discount may be taken, None without a discount."""
        return add_days(start, self.discount_days) if self.discount else None


@dataclass(frozen=True, slots=True)
class Terms(Parsed):
    """Payment terms: ``words`` as written, and one term, or one for each instalment."""

    words: str
    parts: tuple[Term, ...]

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the terms of one of the forms in this module's grammar."""
        words = " ".join(text_of(raw).split())
        plain = words.translate(_HALF_WIDTH)
        pieces = [piece.strip() for piece in re.split(r",(?!\s*(?:n/|net)\s*\d+\s*$)", plain)]
        if len(pieces) == 1 and not re.fullmatch(_SHARE, pieces[0].lower()):
            return cls(words, (_parse_term(pieces[0].lower(), words),))
        parts = tuple(_parse_instalment(piece.lower(), words) for piece in _instalments(plain))
        if sum(part.share for part in parts) != 100:
            uneven = N_("the shares of `{words}` do not add up to 100 %")
            raise WrongValueError(uneven, words=words[:60])
        return cls(words, parts)

    def __str__(self) -> str:
        """Return the words the user wrote."""
        return self.words


def _instalments(words: str) -> list[str]:
    return [
        piece.strip()
        for piece in re.split(r",(?=\s*\d{1,3}(?:\.\d+)?\s*%(?:\s|\d*[\u4e00-\u9fff]))", words)
    ]


def _parse_instalment(text: str, words: str) -> Term:
    found = re.fullmatch(_SHARE, text)
    if not found:
        unshared = N_("instalment `{text}` has no share such as `30% net 30`")
        raise WrongValueError(unshared, text=text[:40])
    term = _parse_term(found[2], words)
    share = Decimal(found[1])
    if not 0 < share <= 100:
        excessive = N_("the share `{share}%` is not between 0 and 100 %")
        raise WrongValueError(excessive, share=found[1])
    return replace(term, share=share)


def _parse_term(text: str, words: str) -> Term:
    discount: Percent | None = None
    discount_days = 0
    event: EventName | None = None
    found = re.fullmatch(_DISCOUNT, text)
    if found:
        discount, discount_days = Percent(Decimal(found[1])), int(found[2])
        text = found[3].strip()
    text = _in_english(text)
    found = re.fullmatch(_EVENT, text)
    if found:
        event, text = event_of(found[2]), found[1]
    for pattern, base in _BASES:
        matched = re.fullmatch(pattern, text)
        if not matched:
            continue
        numbers = [int(group) for group in matched.groups() if group is not None]
        day = numbers[1] if base == "then-day" else 0
        if base == "then-day" and not 1 <= day <= 31:
            raise WrongValueError(N_("`{day}` is not a day of a month"), day=str(day))
        days = numbers[0] if numbers else 0
        return Term(base, days, day, discount=discount, discount_days=discount_days, event=event)
    unknown = N_("`{words}` are not payment terms such as `net 30` or `30 days end of month`")
    raise WrongValueError(unknown, words=words[:60])


def _in_english(text: str) -> str:
    """Return Chinese terms in the words of the grammar, all other text as it is."""
    if text.isascii():
        return text
    for pattern, words in _CHINESE:
        found = re.fullmatch(pattern, text)
        if found:
            return found.expand(words)
    return text


def event_of(word: str) -> EventName:
    """Return the event that ``word`` names; raise WrongValueError for any other word."""
    for event in EVENT_KEYS:
        if word.replace(" ", "-") == event:
            return event
    unknown = N_("terms count from delivery, acceptance or tax-invoice, not from `{word}`")
    raise WrongValueError(unknown, word=word[:40])


def _first_day_of_month(start: date, day: int) -> date:
    """Return the first date on or after ``start`` that is day ``day`` of its month."""
    month = start.replace(day=1)
    while day < start.day or day > days_in_month(month.year, month.month):
        start, month = date.min, add_months(month, 1)
    return month.replace(day=day)
