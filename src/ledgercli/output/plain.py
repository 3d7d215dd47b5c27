"""Cells and facts as machines read them: what JSON and CSV have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Text
from ledgercli.model.currency import plain
from ledgercli.model.values import Duration, Money, Percent
from ledgercli.output.values import plain_decimal, sentence


def with_currencies(amounts: Iterable[Money]) -> list[str]:
    """Return amounts in plain notation, each with its currency."""
    return [f"{plain(one.amount, one.currency)} {one.currency}" for one in amounts]


def plain_value(value: Any) -> Any:  # noqa: ANN401, C901, PLR0911 - one line a type
    """Return ``value`` as text, integer, boolean, None, list or mapping.

    Amounts are text in plain notation with at least the currency's usual decimals, percentages
    text without a sign for percent, dates ISO.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case Money():
            return plain(value.amount, value.currency)
        case Percent():
            return plain_decimal(value.value)
        case Decimal():
            return plain_decimal(value)
        case dt.date():
            return value.isoformat()
        case Duration():
            return str(value)
        case Text():
            return sentence(value)
        case Mapping():
            return {str(key): plain_value(item) for key, item in value.items()}
        case list() | tuple():
            return [plain_value(item) for item in value]
        case frozenset() | set():
            return sorted(plain_value(item) for item in value)
    msg = f"no plain form for {type(value).__name__}"
    raise TypeError(msg)
