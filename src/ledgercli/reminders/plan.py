"""The plan: who is reminded of what, at which level, and who is not and why.

Selection is by state: what the log says was sent, what is open, and the day. A missed night is
caught up, and a second run on the same day finds nothing more to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from ledgercli.model.customer import Customer
from ledgercli.model.event import Event
from ledgercli.model.law import LawProfile
from ledgercli.model.settings import Policy, Settings
from ledgercli.model.values import Money
from ledgercli.receivables.booked_claims import booked_claims
from ledgercli.receivables.position import Item, Position
from ledgercli.receivables.summary import Key
from ledgercli.reminders.composing import Candidate, Composer, Grounds
from ledgercli.reminders.earlier_claims import settled_items
from ledgercli.reminders.held import (
    Circumstances,
    Held,
    Obstacle,
    customer_obstacle,
    document_obstacle,
    minimum_obstacle,
    promised_part,
)
from ledgercli.reminders.history import History, read_history
from ledgercli.reminders.levels import Steps, policy_for, policy_of
from ledgercli.reminders.planned import Letter, Plan
from ledgercli.reminders.recipient import address_remedy, has_postal_address, unreachable
from ledgercli.reminders.working_days import WorkingCalendar

_NOTHING = Decimal(0)


def plan(  # noqa: PLR0913 - all that a plan follows from
    position: Position,
    settings: Settings,
    events: Sequence[Event],
    as_of: date,
    *,
    ledger_errors: bool = False,
    customer_errors: Mapping[str, str] | None = None,
    bank_days: Sequence[date] = (),
    laws: Mapping[str, LawProfile] | None = None,
    addresses_known: bool = True,
) -> Plan:
    """Return the letters due at the end of ``as_of`` and the documents whose reminder is held.

    ``position`` has to hold what is settled, too: claims on it go on, and booked ones are found.
    ``customer_errors`` says in a few words what is wrong with a customer's records, by id;
    ``bank_days`` are the days with an entry on a bank account; ``addresses_known`` says that there
    are records of customers, so that who has no address there has none. Later events are not seen.
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
        addresses_known=addresses_known,
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
    steps = Steps(as_of)
    letters: list[Letter] = []
    held: list[Held] = []
    for key in sorted(groups):
        letter, rows = _Group(key, groups[key], position, settings, now, grounds, steps).decide()
        letters.extend([letter] if letter else [])
        held.extend(rows)
    return Plan(as_of, tuple(letters), tuple(held))


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
        steps: Steps,
    ) -> None:
        self.key, self.steps = key, steps
        self.customer = position.customers.get(key[0]) or Customer(key[0])
        self.currency = key[1]
        self.now = now
        self.policy_name, found = policy_for(settings, self.customer)
        self.obstacle = customer_obstacle(self.customer, self.policy_name, found, now)
        # Without its policy nothing can be timed: the default says what would have been due.
        self.policy = found or policy_of(settings, None)[1] or Policy()
        self.composer = Composer(
            customer=self.customer,
            currency=self.currency,
            policy_name=self.policy_name,
            policy=self.policy,
            unallocated=position.unallocated.get(key, Decimal(0)),
            deposits=max(position.deposits.get(key, Decimal(0)), Decimal(0)),
            rates=settings.rates,
            now=now,
            grounds=grounds,
        )
        self.has_minimum = self.policy.minimum.of(self.currency) is not None
        everything = not (self.policy.accounts or self.policy.except_accounts)
        self.candidates = [
            self._candidate(item) for item in items if everything or covers(self.policy, item)
        ]

    @property
    def history(self) -> History:
        return self.now.history

    def _candidate(self, item: Item) -> Candidate:
        document = item.document
        # Only a numbered document can be told from others, so nothing is looked up for the rest.
        key = (document.customer, document.currency, document.number)
        reached = self.history.reached(key) if document.numbered else None
        sent = self.history.letters(key) if document.numbered else ()
        step = self.steps.next(self.policy, document.due, reached, sent)
        obstacle = self.obstacle or document_obstacle(item, key, self.now)
        if not obstacle and step.state == "changed" and reached:
            values = {"level": str(reached.level), "was": reached.level_name}
            obstacle = Obstacle("policy-changed", values)
        disputed = promised = _NOTHING
        if document.customer in self.history.spoken_of:
            disputed = self.history.disputed(key, item.open)
            promised = min(promised_part(item, key, self.history), item.open - disputed)
        if self.has_minimum and not obstacle:
            asked = item.open - disputed - promised
            obstacle = minimum_obstacle(self.policy, asked, self.currency)
        return Candidate(item, key, step, reached, obstacle, disputed, promised)

    def decide(self) -> tuple[Letter | None, list[Held]]:
        """Return the letter, if one is due and nothing holds it, and the rows of what is held."""
        held: dict[str, list[Held]] = {}
        due: list[Candidate] = []
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
            level = max(candidate.step.number for candidate in group)
            letter = self.composer.letter(level, group, self.candidates)
            obstacle = self._letter_obstacle(letter, group)
            if not obstacle:
                for each in group:
                    parts = each.disputed or each.promised
                    held[each.key[2]] = list(self._held_parts(each)) if parts else []
                break
            letter = None
            held.update((each.key[2], [self._held(each, obstacle)]) for each in group)
        if not any(held.values()):
            return letter, []
        order = [candidate.key[2] for candidate in self.candidates]
        return letter, [row for number in order for row in held.get(number, ())]

    def _held(self, candidate: Candidate, obstacle: Obstacle) -> Held:
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
    def _final(candidate: Candidate) -> Obstacle:
        sent = candidate.reached.date.isoformat() if candidate.reached else "–"
        return Obstacle("final", {"sent": sent})

    def _held_parts(self, candidate: Candidate) -> Iterable[Held]:
        """Yield the held rows of a document that is reminded of what is left."""
        promise = self.history.promise(candidate.key)
        if candidate.promised and promise and promise.until:
            amount, until = Money(candidate.promised, self.currency), promise.until.isoformat()
            part = Obstacle("promised-part", {"amount": amount, "until": until})
            yield self._held(candidate, part)
        if candidate.disputed:
            disputed = Money(candidate.disputed, self.currency)
            yield self._held(candidate, Obstacle("disputed", {"amount": disputed}))

    def _letter_obstacle(self, letter: Letter, due: Sequence[Candidate]) -> Obstacle | None:
        """Return what holds this letter as a whole: too soon, covered, too small, no address."""
        last = self._too_soon_after(letter.level)
        if last:
            return Obstacle("wait", {"last": last.isoformat()})
        if letter.requested <= 0:
            credit = Money(letter.unallocated + letter.deposits, self.currency)
            return Obstacle("covered", {"credit": credit})
        small = minimum_obstacle(self.policy, letter.requested, self.currency)
        lost = unreachable(self.customer, "post", self.composer.returned(due))
        if not small and lost and letter.channel == "post":
            return Obstacle("returned", {"back": lost.date.isoformat()})
        nowhere = self.now.addresses_known and not has_postal_address(self.customer)
        if not small and letter.channel == "post" and nowhere:
            remedy = address_remedy(self.customer, letter.definition, self.policy)
            return Obstacle("no-address", {"remedy": remedy})
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
