"""How the values of options are read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection
from itertools import pairwise

from ledgercli.cli.parameters import wrong_value
from ledgercli.model.values import Duration, Money, check_currency
from ledgercli.output.language import _


def parse_day(text: str) -> dt.date | None:
    """Return the date ``YYYY-MM-DD``, None for ``today``; raise ``typer.BadParameter`` else."""
    if text == "today":
        return None
    if not (text.isascii() and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)):
        raise wrong_value(_("`{text}` is not a date such as 2026-11-21").format(text=text[:40]))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise wrong_value(_("`{text}` is a day that does not exist").format(text=text)) from None


def parse_exact_day(text: str) -> dt.date:
    """Return the date ``YYYY-MM-DD``; raise ``typer.BadParameter`` for ``today``, too."""
    day = parse_day(text)
    if day is None:
        raise wrong_value(_("`{text}` is not a date such as 2026-11-21").format(text=text))
    return day


def parse_currency(text: str) -> str:
    """Return the currency ``text``, in capitals; raise ``typer.BadParameter`` else."""
    try:
        return check_currency(text.upper())
    except ValueError:
        raise wrong_value(_("`{text}` is not a currency").format(text=text[:24])) from None


def parse_money(text: str) -> Money:
    """Return the amount of ``500 EUR``; raise ``typer.BadParameter`` for anything else."""
    try:
        value = Money.parse(text)
    except ValueError:
        value = None
    if value is None or not value.currency:
        raise wrong_value(_("`{text}` is not an amount such as `500 EUR`").format(text=text[:40]))
    return value


def parse_buckets(text: str) -> tuple[Duration, ...]:
    """Return the bounds of ``30,60,90`` or ``3 months,1 year``, ascending.

    Raise ``typer.BadParameter`` for anything else.
    """
    try:
        bounds = tuple(Duration.parse(part) for part in text.split(","))
    except ValueError:
        bounds = ()
    sizes = [bound.rough_days for bound in bounds]
    ascending = all(low < high for low, high in pairwise(sizes))
    if not bounds or sizes[0] < 0 or not ascending:
        raise wrong_value(
            _("`{text}` are not ascending bounds such as `30,60,90` or `3 months,1 year`").format(
                text=text[:40]
            )
        )
    return bounds


def one_of(choices: Collection[str]) -> Callable[[str], str]:
    """Return a parser that takes one of ``choices`` and suggests the nearest for others.

    Its attribute ``choices`` has them, for the completion of shells.
    """

    def parse(text: str) -> str:
        if text in choices:
            return text
        from difflib import get_close_matches

        near = get_close_matches(text, choices, 1)
        message = _("`{text}` is none of: {choices}").format(
            text=text[:40], choices=", ".join(choices)
        )
        if near:
            message += _("; did you mean `{near}`?").format(near=near[0])
        raise wrong_value(message)

    parse.choices = choices  # type: ignore[attr-defined]
    return parse
