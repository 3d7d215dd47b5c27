"""One letter, made from the documents of a customer in a currency that are due for a reminder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal

from ledgercli.model.customer import Customer
from ledgercli.model.law import LawProfile
from ledgercli.model.rates import RateTable
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Level, Policy
from ledgercli.model.values import Duration
from ledgercli.receivables.booked_claims import Booked
from ledgercli.receivables.position import Item
from ledgercli.receivables.summary import Key
from ledgercli.reminders import claims, legal
from ledgercli.reminders.earlier_claims import carried_claims
from ledgercli.reminders.held import Circumstances, Obstacle
from ledgercli.reminders.history import DocumentKey, Sent
from ledgercli.reminders.levels import Step
from ledgercli.reminders.planned import Letter, LetterDocument
from ledgercli.reminders.recipient import channel_of

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open document with its next step and what stands against it."""

    item: Item
    key: DocumentKey
    step: Step
    reached: Sent | None
    obstacle: Obstacle | None
    disputed: Decimal
    promised: Decimal

    @property
    def asked(self) -> Decimal:
        """Return what a letter asks for: what is open, not disputed and not promised."""
        return self.item.open - self.disputed - self.promised


@dataclass(frozen=True, slots=True)
class Grounds:
    """What claims are counted from, for all letters: laws, claims in the ledger, settled items."""

    laws: Mapping[str, LawProfile]
    booked: Mapping[DocumentKey, tuple[Booked, ...]]
    settled: Mapping[Key, Sequence[Item]]
    sentences: legal.Sentences = field(default_factory=legal.Sentences)


@dataclass(frozen=True, slots=True)
class Composer:
    """What a letter to one customer about one currency is made from, besides its documents.

    ``unallocated`` and ``deposits`` are the credit that it deducts.
    """

    customer: Customer
    currency: str
    policy_name: str
    policy: Policy
    unallocated: Decimal
    deposits: Decimal
    rates: Mapping[str, RateTable]
    now: Circumstances
    grounds: Grounds

    def returned(self, due: Iterable[Candidate]) -> tuple[Sent, ...]:
        """Return the last letters of the steps that are due, as far as they came back."""
        if not self.now.history.came_back:
            return ()
        return tuple(
            sent
            for candidate in due
            for sent in self.now.history.returned(
                candidate.key, candidate.step.number, candidate.step.name
            )
        )

    def letter(
        self, level: int, due: Sequence[Candidate], candidates: Sequence[Candidate]
    ) -> Letter:
        """Return the letter of ``level`` (0: a notice) that raises ``due``.

        A dunning letter also lists what else of ``candidates`` is overdue and not held.
        """
        definition = self._definition(level, due)
        raised = {id(candidate) for candidate in due}
        claim = self._claim()
        entries = tuple(
            self._document(candidate, level, claim, raised=id(candidate) in raised)
            for candidate in candidates
            if id(candidate) in raised or (level and self._also_overdue(candidate))
        )
        documents = claims.with_fees(entries, definition.fee, claim)
        per_letter = claims.letter_fee(documents, definition.fee, claim)
        # A notice claims nothing, and repeats no claim.
        settled = self.grounds.settled.get((self.customer.id, self.currency), ()) if level else ()
        repeated = [entry.item for entry in entries] if level else []
        carried = tuple(carried_claims(repeated, settled, claim))
        channel, email = channel_of(self.customer, definition, self.policy, self.returned(due))
        deadline = definition.deadline or self.policy.deadline
        total = interest = _NOTHING
        fee = per_letter
        for entry in documents:
            total += entry.open
            interest += entry.interest or _NOTHING
            fee += entry.fee
        law = claim.law
        return Letter(
            customer=self.customer,
            currency=self.currency,
            policy_name=self.policy_name,
            policy=self.policy,
            level=level,
            definition=definition,
            channel=channel,
            email=email,
            documents=documents,
            total=total,
            unallocated=self.unallocated,
            deposits=self.deposits,
            fee=fee,
            interest=interest,
            deadline=self._deadline(deadline),
            law=law if claim.says_which else "",
            legal=self.grounds.sentences.of(
                claim.laws.get(law),
                self.policy,
                claim.debtor,
                fee=bool(per_letter)
                or any(entry.fee for entry in documents)
                or any(row.kind == "fee" for row in carried),
                interest=any(entry.interest for entry in documents)
                or any(row.kind == "interest" and row.amount for row in carried),
                dunning=level > 0,
            ),
            carried=carried,
        )

    def _deadline(self, period: Duration | None) -> date | None:
        """Return the day to pay by, which is a working day; None where none is set."""
        if period is None:
            return None
        return self.now.calendar.on_or_after(period.after(self.now.as_of))

    @staticmethod
    def _definition(level: int, due: Sequence[Candidate]) -> Level:
        """Return the level that words the letter; of several notices the one closest to due."""
        levels = [
            candidate.step.level
            for candidate in due
            if candidate.step.level and candidate.step.number == level
        ]
        return max(levels, key=lambda each: each.after.days)

    def _also_overdue(self, candidate: Candidate) -> bool:
        return not candidate.obstacle and candidate.item.is_overdue(self.now.as_of)

    def _document(
        self, candidate: Candidate, level: int, claim: claims.Claim, *, raised: bool
    ) -> LetterDocument:
        step, reached = candidate.step, candidate.reached
        sent = self.now.history.letters(candidate.key)
        own, name = (reached.level, reached.level_name) if reached else (0, "")
        if raised:
            own, name = step.number, step.name
        return LetterDocument(
            item=candidate.item,
            open=candidate.asked,
            disputed=candidate.disputed,
            days_overdue=candidate.item.days_overdue(self.now.as_of) or 0,
            level=own,
            level_name=name or self._name(own),
            raised=raised,
            main=raised and step.number == level,
            fee=_NOTHING,
            interest=claims.interest_left(candidate.item, claim, own, candidate.disputed),
            previous=sent[-1] if sent else None,
            promised=candidate.promised,
        )

    def _name(self, level: int) -> str:
        return self.policy.dunning[level - 1].name if level else ""

    def _claim(self) -> claims.Claim:
        return claims.Claim(
            policy=self.policy,
            customer=self.customer,
            currency=self.currency,
            as_of=self.now.as_of,
            rates=self.rates,
            history=self.now.history,
            laws=self.grounds.laws,
            booked=self.grounds.booked,
        )
