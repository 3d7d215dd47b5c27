"""The plan: who is reminded of what, at which level, and who is not and why.

Selection is by state: what the log says was sent, what is open, and the day. A missed night is
caught up, and a second run on the same day finds nothing more to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ledgercli.model.customer import Customer
from ledgercli.model.event import Event
from ledgercli.model.law import LawProfile, LegalSentence
from ledgercli.model.settings import Level, Policy, Settings
from ledgercli.model.values import Duration, Money
from ledgercli.receivables.position import Item, Position
from ledgercli.receivables.summary import Key
from ledgercli.reminders import claims, legal
from ledgercli.reminders.booked_claims import Booked, booked_claims
from ledgercli.reminders.earlier_claims import Carried, carried_claims, settled_items
from ledgercli.reminders.held import (
    Circumstances,
    Held,
    Obstacle,
    customer_obstacle,
    document_obstacle,
    minimum_obstacle,
    promised_part,
)
from ledgercli.reminders.history import DocumentKey, History, Sent, read_history
from ledgercli.reminders.levels import Step, next_step, policy_for, policy_of
from ledgercli.reminders.recipient import channel_of, unreachable
from ledgercli.reminders.working_days import WorkingCalendar


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


@dataclass(frozen=True, slots=True)
class _Candidate:
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
        return self.item.open - self.disputed - self.promised


def plan(
    position: Position,
    settings: Settings,
    events: Sequence[Event],
    as_of: date,
    *,
    ledger_errors: bool = False,
    customer_errors: Mapping[str, str] | None = None,
    bank_days: Sequence[date] = (),
    laws: Mapping[str, LawProfile] | None = None,
) -> Plan:
    """Return the letters due at the end of ``as_of`` and the documents whose reminder is held.

    ``position`` has to hold what is settled, too: claims on it go on, and booked ones are found.
    ``customer_errors`` says in a few words what is wrong with a customer's records, by id;
    ``bank_days`` are the days with an entry on a bank account. Later events are not seen.
    Raise HolidaysMissingError and HolidaysUnknownError for settings of working days that cannot be
    obeyed.
    """
    history = read_history(events, as_of)
    now = Circumstances(
        as_of=as_of,
        history=history,
        ledger_errors=ledger_errors,
        customer_errors=customer_errors or {},
        last_bank_day=max((day for day in bank_days if day <= as_of), default=None),
        duplicates={
            item.document.customer: item.document.base
            for item in position.items
            if item.document.duplicate
        },
        calendar=WorkingCalendar(settings.reminders.working_days),
    )
    now.calendar.prepare()
    groups: dict[Key, list[Item]] = {}
    for item in position.open_items:
        groups.setdefault((item.document.customer, item.document.currency), []).append(item)
    grounds = Grounds(
        laws or {},
        booked_claims(position.items),
        settled_items(position.items, history),
    )
    letters: list[Letter] = []
    held: list[Held] = []
    for key in sorted(groups):
        letter, rows = _Group(key, groups[key], position, settings, now, grounds).decide()
        letters.extend([letter] if letter else [])
        held.extend(rows)
    return Plan(as_of, tuple(letters), tuple(held))


@dataclass(frozen=True, slots=True)
class Grounds:
    """What claims are counted from, for all letters: laws, claims in the ledger, settled items."""

    laws: Mapping[str, LawProfile]
    booked: Mapping[DocumentKey, tuple[Booked, ...]]
    settled: Mapping[Key, Sequence[Item]]


class _Group:
    """The open documents of one customer in one currency, on their way to one letter or none."""

    def __init__(
        self,
        key: Key,
        items: Iterable[Item],
        position: Position,
        settings: Settings,
        now: Circumstances,
        grounds: Grounds,
    ) -> None:
        self.key = key
        self.grounds = grounds
        self.customer = position.customers.get(key[0]) or Customer(key[0])
        self.currency = key[1]
        self.settings = settings
        self.now = now
        self.policy_name, found = policy_for(settings, self.customer)
        self.obstacle = customer_obstacle(self.customer, self.policy_name, found, now)
        # Without its policy nothing can be timed: the default says what would have been due.
        self.policy = found or policy_of(settings, None)[1] or Policy()
        self.unallocated = position.unallocated.get(key, Decimal(0))
        self.deposits = max(position.deposits.get(key, Decimal(0)), Decimal(0))
        self.candidates = [self._candidate(item) for item in items if covers(self.policy, item)]

    @property
    def history(self) -> History:
        return self.now.history

    def _candidate(self, item: Item) -> _Candidate:
        document = item.document
        # Only a numbered document can be told from others, so nothing is looked up for the rest.
        key = (document.customer, document.currency, document.number)
        reached = self.history.reached(key) if document.numbered else None
        sent = self.history.letters(key) if document.numbered else ()
        step = next_step(self.policy, document.due, self.now.as_of, reached, sent)
        obstacle = self.obstacle or document_obstacle(item, key, self.now)
        if not obstacle and step.state == "changed" and reached:
            values = {"level": str(reached.level), "was": reached.level_name}
            obstacle = Obstacle("policy-changed", values)
        disputed = self.history.disputed(key, item.open)
        promised = min(promised_part(item, key, self.history), item.open - disputed)
        if not obstacle:
            asked = item.open - disputed - promised
            obstacle = minimum_obstacle(self.policy, asked, self.currency)
        return _Candidate(item, key, step, reached, obstacle, disputed, promised)

    def decide(self) -> tuple[Letter | None, list[Held]]:
        """Return the letter, if one is due and nothing holds it, and the rows of what is held."""
        held: dict[str, list[Held]] = {}
        due: list[_Candidate] = []
        for candidate in self.candidates:
            if candidate.step.state == "none":
                continue
            if candidate.obstacle:
                held[candidate.key[2]] = [self._held(candidate, candidate.obstacle)]
            elif candidate.step.state == "final":
                held[candidate.key[2]] = [self._held(candidate, self._final(candidate))]
            else:
                due.append(candidate)
        letter = None
        # A notice gives way to a dunning letter, one letter at a time, but not to one that is held.
        dunning = [candidate for candidate in due if candidate.step.number]
        notices = [candidate for candidate in due if not candidate.step.number]
        for group in filter(None, (dunning, notices)):
            letter = self._letter(max(candidate.step.number for candidate in group), group)
            obstacle = self._letter_obstacle(letter, group)
            if not obstacle:
                held.update((each.key[2], list(self._held_parts(each))) for each in group)
                break
            letter = None
            held.update((each.key[2], [self._held(each, obstacle)]) for each in group)
        order = [candidate.key[2] for candidate in self.candidates]
        return letter, [row for number in order for row in held.get(number, ())]

    def _held(self, candidate: _Candidate, obstacle: Obstacle) -> Held:
        document, step = candidate.item.document, candidate.step
        return Held(
            customer=document.customer,
            currency=document.currency,
            number=document.number,
            level=step.number,
            level_name=step.name,
            reason=obstacle.reason,
            values=obstacle.values,
            item=candidate.item,
        )

    @staticmethod
    def _final(candidate: _Candidate) -> Obstacle:
        sent = candidate.reached.date.isoformat() if candidate.reached else "–"
        return Obstacle("final", {"sent": sent})

    def _held_parts(self, candidate: _Candidate) -> Iterable[Held]:
        """Yield the held rows of a document that is reminded of what is left."""
        promise = self.history.promise(candidate.key)
        if candidate.promised and promise and promise.until:
            amount, until = Money(candidate.promised, self.currency), promise.until.isoformat()
            part = Obstacle("promised-part", {"amount": amount, "until": until})
            yield self._held(candidate, part)
        if candidate.disputed:
            disputed = Money(candidate.disputed, self.currency)
            yield self._held(candidate, Obstacle("disputed", {"amount": disputed}))

    def _returned(self, due: Iterable[_Candidate]) -> tuple[Sent, ...]:
        """Return the last letters of the steps that are due, as far as they came back."""
        return tuple(
            sent
            for candidate in due
            for sent in self.history.returned(
                candidate.key, candidate.step.number, candidate.step.name
            )
        )

    def _letter(self, level: int, due: Sequence[_Candidate]) -> Letter:
        definition = self._definition(level, due)
        raised = {id(candidate) for candidate in due}
        entries = [
            self._document(candidate, level, raised=id(candidate) in raised)
            for candidate in self.candidates
            if id(candidate) in raised or (level and self._also_overdue(candidate))
        ]
        claim = self._claim()
        documents = tuple(claims.with_interest(entry, claim) for entry in entries)
        documents = claims.with_fees(documents, definition.fee, claim)
        per_letter = claims.letter_fee(documents, definition.fee, claim)
        # A notice claims nothing, and repeats no claim.
        settled = self.grounds.settled.get(self.key, ()) if level else ()
        repeated = [entry.item for entry in entries] if level else []
        carried = tuple(carried_claims(repeated, settled, claim))
        channel, email = channel_of(self.customer, definition, self.policy, self._returned(due))
        deadline = definition.deadline or self.policy.deadline
        zero = Decimal(0)
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
            total=sum((entry.open for entry in documents), zero),
            unallocated=self.unallocated,
            deposits=self.deposits,
            fee=sum((entry.fee for entry in documents), per_letter),
            interest=sum((entry.interest or zero for entry in documents), zero),
            deadline=self._deadline(deadline),
            law=claim.ground,
            legal=legal.sentences(
                claim.profile,
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
    def _definition(level: int, due: Sequence[_Candidate]) -> Level:
        """Return the level that words the letter; of several notices the one closest to due."""
        levels = [
            candidate.step.level
            for candidate in due
            if candidate.step.level and candidate.step.number == level
        ]
        return max(levels, key=lambda each: each.after.days)

    def _also_overdue(self, candidate: _Candidate) -> bool:
        return not candidate.obstacle and candidate.item.days_overdue(self.now.as_of) > 0

    def _document(self, candidate: _Candidate, level: int, *, raised: bool) -> LetterDocument:
        step, reached = candidate.step, candidate.reached
        sent = self.history.letters(candidate.key)
        own, name = (reached.level, reached.level_name) if reached else (0, "")
        if raised:
            own, name = step.number, step.name
        return LetterDocument(
            item=candidate.item,
            open=candidate.asked,
            disputed=candidate.disputed,
            days_overdue=candidate.item.days_overdue(self.now.as_of),
            level=own,
            level_name=name or self._name(own),
            raised=raised,
            main=raised and step.number == level,
            fee=Decimal(0),
            interest=Decimal(0),
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
            rates=self.settings.rates,
            history=self.history,
            laws=self.grounds.laws,
            booked=self.grounds.booked,
        )

    def _letter_obstacle(self, letter: Letter, due: Sequence[_Candidate]) -> Obstacle | None:
        """Return what holds this letter as a whole: too soon, covered, too small, no address."""
        last = self._too_soon_after(letter.level)
        if last:
            return Obstacle("wait", {"last": last.isoformat()})
        if letter.requested <= 0:
            credit = Money(letter.unallocated + letter.deposits, self.currency)
            return Obstacle("covered", {"credit": credit})
        small = minimum_obstacle(self.policy, letter.requested, self.currency)
        lost = unreachable(self.customer, "post", self._returned(due))
        if not small and lost and letter.channel == "post":
            return Obstacle("returned", {"back": lost.date.isoformat()})
        return small

    def _too_soon_after(self, level: int) -> date | None:
        """Return the day of the letter that a letter of ``level`` may not follow yet.

        One letter a day about a currency. Dunning letters of other days hold up dunning letters for
        ``wait``, in all currencies; those of one day go together, in one run or in several.
        """
        today, wait = self.now.as_of, self.policy.wait
        if self.history.last_contact.get((self.customer.id, self.currency)) == today:
            return today
        last = self.history.last_letter.get(self.customer.id)
        if level and wait and last and last < today < wait.after(last):
            return last
        return None


def covers(policy: Policy, item: Item) -> bool:
    """Return whether the policy speaks of the account that the document stands on."""
    account = item.document.posting.account
    if policy.accounts and not any(_within(account, root) for root in policy.accounts):
        return False
    return not any(_within(account, root) for root in policy.except_accounts)


def _within(account: str, root: str) -> bool:
    return account == root or account.startswith(root + ":")
