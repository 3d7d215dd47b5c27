"""Amounts and dates as people and other systems write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

_SYMBOLS = re.compile("[\u00a0\u202f\u2009 '\u2019]|[€$£¥￥元]")
_PLAIN = re.compile(r"\d{1,24}(?:\.\d{1,12})?|\.\d{1,12}", re.ASCII)
_GROUPS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,12})?", re.ASCII)
_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日")


def parse_amount(text: str, decimal: str = ".") -> Decimal | None:
    """Return the number of ``1,234.56``, ``1.234,56``, ``(5.00)``, ``5.00-``; None for no number.

    ``decimal`` is the decimal sign; the other one parts thousands and must stand where these end.
    Spaces, apostrophes and signs of currencies are passed over; ``H`` and ``贷`` behind a number
    are credits, ``S`` and ``借`` debits.
    """
    plain = _SYMBOLS.sub("", text.strip())
    sign = 1
    if plain.startswith("(") and plain.endswith(")"):
        plain, sign = plain[1:-1], -1
    if plain[-1:] in {"H", "贷", "S", "借"}:
        sign = -sign if plain[-1] in {"H", "贷"} else sign
        plain = plain[:-1]
    if plain.endswith("-"):
        plain, sign = plain[:-1], -sign
    elif plain[:1] in {"-", "\u2212", "+"}:
        sign = sign if plain[0] == "+" else -sign
        plain = plain[1:]
    if decimal == ",":
        plain = plain.translate(str.maketrans(",.", ".,"))
    if _GROUPS.fullmatch(plain):
        plain = plain.replace(",", "")
    return sign * Decimal(plain) if _PLAIN.fullmatch(plain) else None


def parse_day(text: str, forms: Sequence[str] = ()) -> dt.date | None:
    """Return the date of ``text``: of ``forms`` as ``strptime`` has them, or year first.

    None for anything else. A time behind the date is passed over.
    """
    plain = text.strip().partition("T" if "T" in text else " ")[0]
    for form in (*forms, *_FORMS):
        try:
            # A day is read, not a moment: there is no time zone to it.
            return dt.datetime.strptime(plain, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
