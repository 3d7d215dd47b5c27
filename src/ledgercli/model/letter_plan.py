"""What is planned to be sent: the letters of a day as ``letters/DATE/plan.yaml`` keeps them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from ledgercli.model.record import dataclass
from ledgercli.model.values import Money

Review = Literal["required", "none"]


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """A document of a letter: what it asks for, and the level it has after this letter.

    ``raised`` says that this letter brings it there. ``interest`` is None where a rate is unknown.
    """

    number: str
    due: dt.date
    open: Money
    days_overdue: int = 0
    level: int = 0
    level_name: str = ""
    raised: bool = False
    fee: Money | None = None
    interest: Money | None = None


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """One letter. A person may change ``skip``, ``note``, ``channel``, ``to``, ``subject``, files.

    ``letter`` is the name of its files without language and suffix, ``number`` counts the letters
    of the year. The amounts are those the letter says. ``revision`` is that of the books it names:
    with ``+`` where they had changes that were not committed, empty where git does not keep them.
    ``facts`` is a hash of all that it says about the books, and one of its recipient: what was
    written follows from them as long as they give the same. ``proposed`` is a hash of how it was
    to go out, from which is seen what a person has decided otherwise.
    """

    letter: str
    customer: str
    currency: str
    skip: bool = False
    note: str = ""
    channel: str = "post"
    to: str = ""
    subject: str = ""
    files: tuple[str, ...] = ()
    review: Review = "none"
    language: str = ""
    number: int = 0
    policy: str = ""
    level: int = 0
    level_name: str = ""
    deadline: dt.date | None = None
    total: Money | None = None
    unallocated: Money | None = None
    deposits: Money | None = None
    fee: Money | None = None
    interest: Money | None = None
    carried: Money | None = None
    claimed: Money | None = None
    documents: tuple[PlannedDocument, ...] = ()
    revision: str = ""
    facts: str = ""
    proposed: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return the customer's id and the currency; a folder has one letter for each."""
        return self.customer, self.currency

    def amount(self, money: Money | None) -> Decimal:
        """Return the figure of one of the letter's amounts, zero for none."""
        return money.amount if money else Decimal(0)


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """The letters written as of ``date``."""

    date: dt.date
    version: Literal["1"] = "1"
    letters: tuple[PlannedLetter, ...] = ()
