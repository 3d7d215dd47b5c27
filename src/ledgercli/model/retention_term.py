"""Retention money: what the customer keeps back until a day, or for a time after an event."""

from __future__ import annotations

import datetime as dt
import re
from typing import Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.terms import EventName, event_of
from ledgercli.model.values import Duration, Parsed, parse_date, text_of

_AFTER = re.compile(r"([a-z][a-z -]*?)(?: ?\+ ?(\d+ ?[a-z]+))?")
_FROM = re.compile(r"(\d+ ?[a-z]+) from (?:the )?([a-z][a-z -]*)")


@dataclass(frozen=True, slots=True)
class RetentionTerm(Parsed):
    """When retention money is due: on ``day``, or ``period`` after the day of ``event``."""

    words: str
    day: dt.date | None = None
    event: EventName | None = None
    period: Duration | None = None

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the term of ``2027-06-30``, ``acceptance + 12 months`` or ``12 months from …``."""
        words = " ".join(text_of(raw).split())
        text = words.lower()
        if text[:1].isdigit() and " from " not in text:
            return cls(words, parse_date(words))
        if found := _FROM.fullmatch(text):
            period, event = found.groups()
        elif found := _AFTER.fullmatch(text):
            event, period = found.groups()
        else:
            wrong = N_("`{words}` is neither a date nor such as `acceptance + 12 months`")
            raise WrongValueError(wrong, words=words[:60])
        return cls(words, None, event_of(event), Duration.parse(period) if period else None)

    def due(self, happened: dt.date | None) -> dt.date | None:
        """Return the day on which it is due, None as long as its event has not happened."""
        if self.day:
            return self.day
        return self.period.after(happened) if happened and self.period else happened

    def __str__(self) -> str:
        """Return the words the user wrote."""
        return self.words
