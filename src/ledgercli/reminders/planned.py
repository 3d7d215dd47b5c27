"""Letters as they are planned: records of what each asks for, and of what is held."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ledgercli.model.customer import Customer
from ledgercli.model.law import LegalSentence
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Level, Policy
from ledgercli.receivables.position import Item
from ledgercli.reminders.earlier_claims import Carried
from ledgercli.reminders.held import Held
from ledgercli.reminders.history import Sent


@dataclass(frozen=True, slots=True)
class LetterDocument:
    """A document in a letter.

    ``open`` is what the letter asks for: the open amount less ``disputed`` and ``promised``.
    ``level`` is that after this letter (0 before the first), ``raised`` whether this letter brings
    it there, and ``main`` whether it stands in the first table, at the letter's own level.
    ``interest`` is None where a rate is unknown; ``fee`` is claimed for this document alone.
    """

    item: Item
    open: Decimal
    disputed: Decimal
    days_overdue: int
    level: int
    level_name: str
    raised: bool
    main: bool
    fee: Decimal
    interest: Decimal | None
    previous: Sent | None
    promised: Decimal = Decimal(0)

    @property
    def due(self) -> date:
        """Return its due date; a document that has none is in no letter."""
        return self.item.document.due or date.max


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to a customer about one currency, worded by its highest level (0: a notice).

    ``total`` is the sum of what its documents ask for, ``unallocated`` and ``deposits`` the credit
    deducted from it, and ``claimed`` = total − unallocated − deposits + fee + interest + carried.
    ``fee`` is the sum of the documents' fees and of one per letter. Fee and interest are claims:
    they are not in the books until the bookkeeper books them. ``carried`` are claims of earlier
    letters. ``law`` is the ground of the claims, ``legal`` what is said about it.
    """

    customer: Customer
    currency: str
    policy_name: str
    policy: Policy
    level: int
    definition: Level
    channel: str
    email: str
    documents: tuple[LetterDocument, ...]
    total: Decimal
    unallocated: Decimal
    deposits: Decimal
    fee: Decimal
    interest: Decimal
    deadline: date | None
    law: str = ""
    legal: tuple[LegalSentence, ...] = ()
    carried: tuple[Carried, ...] = ()

    @property
    def requested(self) -> Decimal:
        """Return what is owed without claims: total less unallocated credit and deposits."""
        return self.total - self.unallocated - self.deposits

    @property
    def claimed(self) -> Decimal:
        """Return what the letter asks to be paid."""
        return self.requested + self.fee + self.interest + self.carried_total

    @property
    def carried_total(self) -> Decimal:
        """Return the sum of the claims of earlier letters that are claimed again."""
        return sum((row.amount for row in self.carried), Decimal(0))

    @property
    def rate_unknown(self) -> bool:
        """Return whether interest on a document had to be left out for want of a rate."""
        if any(not row.known for row in self.carried):
            return True
        return any(document.interest is None for document in self.documents)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be sent and what is held on ``as_of``, by customer, currency and number."""

    as_of: date
    letters: tuple[Letter, ...]
    held: tuple[Held, ...]
