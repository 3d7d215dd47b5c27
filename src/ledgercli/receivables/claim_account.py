"""What is claimed on one document beside what it is for: fees and interest, and how they add up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from ledgercli.model.rates import Interest
from ledgercli.model.record import dataclass
from ledgercli.model.settings import ClaimKind
from ledgercli.receivables.interest import Accrual


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A fee that a letter claimed, or a claim that is in the ledger; ``text`` says which.

    ``text`` is the name of the level or the number of the claim's own document; ``amount`` is
    without tax.
    """

    kind: ClaimKind
    date: dt.date
    text: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ClaimAccount:
    """Fees and interest of a document as of a day.

    ``rule`` is the interest of the policy, ``accrual`` what it makes up to the day whether or not
    it is claimed yet; None where the policy claims none from this debtor. ``level`` is the level
    reached, ``claimed`` whether that is enough for interest. ``interest_left`` and ``fee_left`` are
    what is neither booked nor waived, ``interest_left`` None where a rate is unknown.
    ``interest_waived`` and ``fee_waived`` are the days of the last waivers.
    """

    rule: Interest | None
    accrual: Accrual | None
    level: int
    claimed: bool
    fees: tuple[ClaimEntry, ...]
    booked: tuple[ClaimEntry, ...]
    interest_left: Decimal | None
    fee_left: Decimal
    interest_waived: dt.date | None = None
    fee_waived: dt.date | None = None
