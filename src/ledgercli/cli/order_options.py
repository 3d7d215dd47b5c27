"""How orders are typed: lines, amounts, quantities."""

from __future__ import annotations

import re
from decimal import Decimal

import typer

from ledgercli.model.order import OrderLine, Quantity
from ledgercli.model.terms import Terms
from ledgercli.model.values import Money, Percent, parse_number
from ledgercli.output.language import _

_TAX = re.compile(r"(.*?)\s*\+\s*(\d{1,3}(?:\.\d{1,4})?\s*%)", re.DOTALL)
_ACCOUNT = re.compile(r"(.*?)\s+@(\S+:\S+)", re.DOTALL)
_TIMES = re.compile(r"(\S+)\s*(?:\sx\s|[×*])\s*(.+)", re.DOTALL)


def parse_line(text: str) -> OrderLine:
    """Return the line of ``[QUANTITY x] PRICE [CURRENCY] [TEXT] [@ACCOUNT] [+TAX%]``.

    Raise ``typer.BadParameter`` for anything else.
    """
    try:
        return _line(text.strip())
    except ValueError as error:
        message = _("`{text}` is not a line such as `10 x 12.50 EUR Bolts +19%`: {reason}")
        raise typer.BadParameter(message.format(text=text[:40], reason=error)) from None


def _line(text: str) -> OrderLine:
    tax = account = None
    quantity = Quantity(Decimal(1))
    if found := _TAX.fullmatch(text):
        text, tax = found[1], Percent.parse(found[2])
    if found := _ACCOUNT.fullmatch(text):
        text, account = found[1], found[2]
    if (found := _TIMES.fullmatch(text)) and found[1].replace(".", "").isdecimal():
        text, quantity = found[2], Quantity.parse(found[1])
    words = text.split()
    price, rest = _price(words)
    if price.amount <= 0:
        raise ValueError(_("a price is above zero"))
    return OrderLine(price, " ".join(rest), quantity, account=account or "", tax=tax)


def _price(words: list[str]) -> tuple[Money, list[str]]:
    """Return the price that begins a line, with its currency where that comes next, and the rest.

    A word in capitals that is no currency, such as the name of a product, has a number before it
    with its currency: ``12.50 EUR M8``.
    """
    if not words:
        raise ValueError(_("it has no price"))
    if len(words) > 1 and re.fullmatch(r"[A-Z]{3}", words[1]):
        return Money.parse(" ".join(words[:2])), words[2:]
    return Money(parse_number(words[0]), ""), words[1:]


def parse_quantities(given: list[str] | None) -> dict[int, Decimal]:
    """Return the quantities of ``LINE=QUANTITY``; raise ``typer.BadParameter`` for others."""
    found: dict[int, Decimal] = {}
    for text in given or ():
        line, equals, quantity = text.partition("=")
        try:
            if not (equals and line.strip().isdecimal()):
                raise ValueError(text)  # noqa: TRY301 - told like a number that is none
            value = Quantity.parse(quantity).value
        except ValueError:
            message = _("`{text}` is not a quantity of a line such as `1=3`").format(text=text[:40])
            raise typer.BadParameter(message, param_hint="--line") from None
        if int(line) in found:
            message = _("`{key}` is given twice").format(key=line.strip())
            raise typer.BadParameter(message, param_hint="--line")
        found[int(line)] = value
    return found


def parse_terms(text: str) -> Terms:
    """Return the terms of ``net 30``; raise ``typer.BadParameter`` for what is none."""
    try:
        return Terms.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
