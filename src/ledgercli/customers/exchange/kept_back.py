"""Retention money (质保金) in a list of open items: how much is kept back, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from ledgercli.customers.exchange.amounts import parse_day
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.retention_term import RetentionTerm
from ledgercli.model.sentence import WrongValueError


@dataclass(frozen=True, slots=True)
class KeptBack:
    """An amount that is kept back ``until`` a day (ISO) or for a time after an event."""

    amount: Decimal
    until: str


def kept_back(
    amount: Decimal | None, until: str, left: Decimal, dates: tuple[str, ...]
) -> tuple[KeptBack, ...]:
    """Return what a row says is kept back of the ``left`` amount; all of it where none is said.

    ``until`` is a day as ``dates`` write it, or such as ``acceptance + 12 months``. Raise
    ``WrongValueError`` where one is said without the other, or more is kept back than is left.
    """
    if not until and not amount:
        return ()
    if not until:
        raise WrongValueError(N_("it keeps money back, but does not say until when"))
    day = parse_day(until, dates)
    words = day.isoformat() if day else RetentionTerm.parse(until).words
    if amount is None:
        return (KeptBack(left, words),) if left > 0 else ()
    if not 0 <= amount <= max(left, Decimal(0)):
        wrong = N_("it keeps `{amount}` back, and `{open}` is open")
        raise WrongValueError(wrong, amount=f"{amount:f}", open=f"{left:f}")
    return (KeptBack(amount, words),) if amount else ()


def at_most(parts: Iterable[KeptBack], left: Decimal) -> tuple[KeptBack, ...]:
    """Return ``parts`` with those of one day together, and no more in all than is ``left``.

    What was paid is taken from the first of them, as the last are due last.
    """
    sums: dict[str, Decimal] = {}
    for part in parts:
        sums[part.until] = sums.get(part.until, Decimal(0)) + part.amount
    found: list[KeptBack] = []
    for until, amount in reversed(sums.items()):
        part_left = min(amount, left)
        if part_left > 0:
            found.insert(0, KeptBack(part_left, until))
            left -= part_left
    return tuple(found)
