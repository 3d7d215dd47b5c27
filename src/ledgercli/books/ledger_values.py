"""What the values of a ledger, amounts and metadata, are to us."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ledgercli.model.terms import EVENT_KEYS
from ledgercli.model.values import parse_date

# An amount of Beancount. Plugins put anything into its place.
Amount = Any
DATE_KEYS = frozenset(["due", "invoice-date", *EVENT_KEYS.values()])
#: Keys of which a date is as good as text.
MIXED_KEYS = frozenset(["retention"])
#: What sums of 60 digits carry exactly, see model.currency: digits before and after the point.
_DIGITS_BEFORE_POINT = 24
_DIGITS_AFTER_POINT = 30
_CENT = Decimal("0.01")
_VALUE_CHARACTERS = 60


def fits_sums(amount: Amount) -> bool:
    """Return whether ``amount`` is one whose sums are exact; Beancount completes not every one."""
    number = getattr(amount, "number", None)
    if not isinstance(number, Decimal) or not isinstance(getattr(amount, "currency", None), str):
        return False
    if number.same_quantum(_CENT):  # as nearly all are
        return number.adjusted() < _DIGITS_BEFORE_POINT
    exponent = number.as_tuple().exponent
    return (
        isinstance(exponent, int)  # no finite number: only a plugin can make one
        and number.adjusted() < _DIGITS_BEFORE_POINT
        and exponent >= -_DIGITS_AFTER_POINT
    )


def metadata_value(key: str, value: object) -> str | None:
    """Return the text of what ``key`` says, None where it is not of the kind expected there."""
    if key in DATE_KEYS or (key in MIXED_KEYS and isinstance(value, dt.date)):
        return metadata_date(value)
    return metadata_text(value)


def metadata_text(value: object) -> str | None:
    """Return a metadata value that is text, without spaces around it; None for any other."""
    return value.strip() if isinstance(value, str) else None


def metadata_date(value: object) -> str | None:
    """Return a date as ISO text, nothing for empty text, None for what is no date."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if not isinstance(value, str):
        return None
    try:
        return parse_date(value).isoformat() if value.strip() else ""
    except ValueError:
        return None


def shown(value: object) -> str:
    """Return a metadata value as Beancount read it, shortened."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    short = text if len(text) <= _VALUE_CHARACTERS else text[:_VALUE_CHARACTERS] + "…"
    return short.encode("utf-8", "backslashreplace").decode("utf-8")
