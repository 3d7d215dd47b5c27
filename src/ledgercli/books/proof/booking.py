"""Complete and balance one transaction exactly as Beancount does, without lots.

The rules are those of Beancount's booking, interpolation and `validate_check_transaction_balances`
(version 3.2). All arithmetic is done in Python's default decimal context, in the same order, so
that also what is rounded at the 28th digit comes out alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from ledgercli.books.proof.refusal import TWO_MISSING, UNBALANCED, RefusedError
from ledgercli.books.proof.rules import Tolerances

_ZERO = Decimal()
_ONE = Decimal(1)
_TWO = Decimal(2)
# The tolerance that a price brings is never more.
_TOLERANCE_MAX = Decimal("0.5")
# Longer coefficients are no tolerance that a person wrote.
_TOLERANCE_DIGITS = 5


class Leg(NamedTuple):
    """One posting of a transaction, as written: ``number`` is None where Beancount fills it in.

    ``price`` is per unit. ``metadata`` holds the values of the keys that have a meaning here.
    ``filled`` says that the number was filled in.
    """

    account: str
    number: Decimal | None
    currency: str
    price: Decimal | None
    price_currency: str
    metadata: Mapping[str, object]
    line: int
    filled: bool = False

    @property
    def weight_currency(self) -> str:
        """Return the currency in which the posting balances."""
        return self.currency if self.price is None else self.price_currency

    @property
    def weight(self) -> Decimal:
        """Return what the posting contributes to the balance of its transaction."""
        number = _ZERO if self.number is None else self.number
        return number if self.price is None else self.price * number


def booked(legs: Sequence[Leg], rules: Tolerances, line: int) -> list[Leg]:
    """Return the postings as Beancount books them: by weight currency, completed.

    Raise RefusedError where the transaction does not balance, or leaves two amounts out.
    """
    missing = [leg for leg in legs if leg.number is None]
    if len(missing) > 1:
        raise RefusedError(TWO_MISSING, line)
    currencies = dict.fromkeys(leg.weight_currency for leg in legs if leg.number is not None)
    if not missing:
        complete = (
            list(legs)
            if len(currencies) == 1
            else [leg for name in currencies for leg in legs if leg.weight_currency == name]
        )
    else:
        choose = min if rules.precise else max
        tolerances = _tolerances(legs, rules, choose)
        complete = []
        for currency in currencies:
            complete += _filled_group(legs, currency, tolerances)
    _check_balance(complete, rules, line)
    return complete


def _filled_group(
    legs: Sequence[Leg], currency: str, tolerances: Mapping[str, Decimal]
) -> list[Leg]:
    """Return the postings that balance in ``currency``, with what is left for the one without."""
    residual = _residual(
        leg for leg in legs if leg.number is not None and leg.weight_currency == currency
    )
    weight = -residual.get(currency, _ZERO)
    group = []
    for leg in legs:
        if leg.number is None:
            if weight:
                number = _quantized(weight, tolerances.get(currency, tolerances["*"]))
                group.append(leg._replace(number=number, currency=currency, filled=True))
        elif leg.weight_currency == currency:
            group.append(leg)
    return group


def _quantized(number: Decimal, tolerance: Decimal) -> Decimal:
    if tolerance:
        quantum = (tolerance * _TWO).normalize()
        if len(quantum.as_tuple().digits) < _TOLERANCE_DIGITS:
            return number.quantize(quantum)
    return number


def _residual(legs: Iterable[Leg]) -> dict[str, Decimal]:
    """Return the sum of the weights by currency; what comes to nothing is left out."""
    sums: dict[str, Decimal] = {}
    for leg in legs:
        currency, weight = leg.weight_currency, leg.weight
        before = sums.get(currency)
        total = weight if before is None else before + weight
        if total:
            sums[currency] = total
        elif before is not None:
            del sums[currency]
    return sums


def _check_balance(legs: Sequence[Leg], rules: Tolerances, line: int) -> None:
    residual = _residual(legs)
    if residual:
        tolerances = _tolerances(legs, rules, max)
        for currency, number in residual.items():
            if abs(number) > tolerances.get(currency, tolerances["*"]):
                raise RefusedError(UNBALANCED, line)


def _tolerances(
    legs: Iterable[Leg], rules: Tolerances, choose: Callable[[Decimal, Decimal], Decimal]
) -> dict[str, Decimal]:
    """Return the tolerance by currency; the key ``*`` stands for all others.

    It is half of the last digit given (times the ledger's multiplier), see
    `interpolate.infer_tolerances`.
    """
    stated = [leg for leg in legs if leg.number is not None]
    seen = {leg.currency for leg in stated} | {leg.price_currency for leg in stated if leg.price}
    found = {name: value for name, value in rules.defaults if name == "*" or name in seen}
    from_prices: dict[str, Decimal] = {}
    for leg in stated:
        exponent = 0 if leg.number is None else _exponent(leg.number)
        if leg.filled or exponent >= 0:
            continue
        tolerance = _ONE.scaleb(exponent) * rules.multiplier
        name = leg.currency
        found[name] = choose(tolerance, found[name]) if name in found else tolerance
        if rules.from_cost and leg.price is not None:
            more = min(tolerance * leg.price, _TOLERANCE_MAX)
            from_prices[leg.price_currency] = from_prices.get(leg.price_currency, _ZERO) + more
    for name, tolerance in from_prices.items():
        found[name] = choose(tolerance, found[name]) if name in found else tolerance
    found.setdefault("*", _ZERO)
    return found


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
