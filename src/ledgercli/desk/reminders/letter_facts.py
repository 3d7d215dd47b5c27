"""What a letter says about the books, and whether the books still say it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ledgercli.model.answer import Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.letter_plan import PlannedDocument, PlannedLetter
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Settings
from ledgercli.model.values import Money
from ledgercli.receivables.position import Item, Position
from ledgercli.reminders.held import REASONS, Reason
from ledgercli.reminders.letter_context import LetterContext, letter_context
from ledgercli.reminders.letter_parties import Recipient
from ledgercli.reminders.planned import Letter, LetterDocument, Plan
from ledgercli.reminders.record_texts import changed


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a letter is not sent now: a code for JSON, and the sentence for people."""

    reason: str
    text: Text


def obstacle_of(reason: Reason, **values: str) -> Obstacle:
    """Return an obstacle that holds in the plan, too, with its sentence."""
    return Obstacle(reason, Text(REASONS[reason], values))


def context_of(letter: Letter, settings: Settings, day: dt.date, language: str) -> LetterContext:
    """Return what the letter's templates see, but for its number and revision."""
    return letter_context(letter, settings, day, language=language, sequence=0, revision="")


def language_of(letter: Letter, settings: Settings) -> str:
    """Return the language that the customer is written to in, if there are templates in it."""
    return letter.customer.language or settings.language or "en"


def facts_of(letter: Letter, context: LetterContext) -> str:
    """Return two hashes, of all that ``context`` says and of whom the letter goes to.

    How it goes out is in neither: that is for the plan of sending, where a person may change it.
    """
    recipient = context.recipient
    if letter.email and letter.email != recipient.email:
        recipient = changed(recipient, email=letter.email)
    nobody = Recipient("", "", "", ("",) * len(recipient.lines))
    about = changed(context, recipient=nobody, channel="")
    return f"{_hash(about)}-{_hash(recipient)}"


def decided(letter: PlannedLetter) -> str:
    """Return a hash of what a person may decide: how the letter goes out, with which files."""
    return decided_hash(letter.channel, letter.to, letter.subject, letter.files)


def decided_hash(channel: str, to: str, subject: str, files: tuple[str, ...]) -> str:
    """Return the same of a letter that is not made yet."""
    return _hash((channel, to, subject, files))


def _hash(record: object) -> str:
    return hashlib.sha256(repr(record).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def said_by(
    letter: Letter,
    settings: Settings,
    name: str = "",
    **other: Any,  # noqa: ANN401 - of fields
) -> PlannedLetter:
    """Return what the plan of sending keeps of what ``letter`` says, under its ``name``.

    How it goes out, and whatever else it does not say, is in ``other``.
    """
    currency = letter.currency
    return PlannedLetter(
        letter=name,
        customer=letter.customer.id,
        currency=currency,
        review=letter.definition.review,
        language=language_of(letter, settings),
        policy=letter.policy_name,
        level=letter.level,
        level_name=letter.definition.name,
        deadline=letter.deadline,
        total=Money(letter.total, currency),
        unallocated=Money(letter.unallocated, currency),
        deposits=Money(letter.deposits, currency),
        fee=Money(letter.fee, currency),
        interest=Money(letter.interest, currency),
        carried=Money(letter.carried_total, currency),
        claimed=Money(letter.claimed, currency),
        documents=tuple([planned_document(document) for document in letter.documents]),
        **other,
    )


PLAN_EDITED = N_("`{key}` in the plan is not what the letter was written with")
#: What nobody may change in the plan: it is in the letter, or decides who may send it.
_SAID = (
    "review",
    "language",
    "policy",
    "level",
    "level_name",
    "deadline",
    "total",
    "unallocated",
    "deposits",
    "fee",
    "interest",
    "carried",
    "claimed",
    "documents",
)


def planned_document(document: LetterDocument) -> PlannedDocument:
    """Return what the plan keeps of a document of a letter."""
    record = document.item.document
    currency = record.currency
    return PlannedDocument(
        number=record.number,
        due=document.due,
        open=Money(document.open, currency),
        days_overdue=document.days_overdue,
        level=document.level,
        level_name=document.level_name,
        raised=document.raised,
        fee=Money(document.fee, currency),
        interest=None if document.interest is None else Money(document.interest, currency),
    )


def _as_far(wanted: PlannedDocument, now: LetterDocument) -> bool:
    """Return whether a document that was to be raised still is, to the same level."""
    return not wanted.raised or (now.raised and now.level == wanted.level)


class Comparison:
    """Letters that were written beside what the books say of a day now."""

    def __init__(self, plan: Plan, position: Position, settings: Settings) -> None:
        """Keep the plan and the position of one and the same day."""
        self.plan, self.settings = plan, settings
        self.letters = {(letter.customer.id, letter.currency): letter for letter in plan.letters}
        self.items: Mapping[tuple[str, str, str], Item] = {
            (item.document.customer, item.document.currency, item.document.number): item
            for item in position.items
        }
        self.position = position

    def letter(self, planned: PlannedLetter) -> Letter | None:
        """Return the letter that would be written now, None where none would be."""
        return self.letters.get(planned.key)

    def obstacle(self, planned: PlannedLetter, *, exact: bool) -> Obstacle | None:
        """Return why ``planned`` does not follow from the books, None where it does.

        ``exact``: everything it says must be as on the day it is dated; else, on a later day, its
        documents must be open and due as they were, with no more credit to deduct.
        """
        letter = self.letter(planned)
        documents = {each.item.document.number: each for each in letter.documents} if letter else {}
        for wanted in planned.documents:
            found = self._document_obstacle(planned, wanted, documents.get(wanted.number))
            if found:
                return found
        if letter is None:
            return Obstacle("changed", Text(N_("nothing in it is due any more")))
        for name, was, now in (
            (N_("unallocated credit"), planned.unallocated, letter.unallocated),
            (N_("deposits"), planned.deposits, letter.deposits),
        ):
            if planned.amount(was) != now:
                values = {
                    "what": Text(name),
                    "was": Money(planned.amount(was), planned.currency),
                    "now": Money(now, planned.currency),
                }
                return Obstacle("changed", Text(N_("{what}: {was} then, {now} now"), values))
        return self._exact_obstacle(planned, letter) if exact else None

    def _document_obstacle(
        self, planned: PlannedLetter, wanted: PlannedDocument, now: LetterDocument | None
    ) -> Obstacle | None:
        values = {"number": wanted.number}
        item = self.items.get((*planned.key, wanted.number))
        open_now = item.open if item else Decimal(0)
        if item is None:
            return Obstacle("changed", Text(N_("`{number}` is not in the ledger any more"), values))
        if not open_now:
            return Obstacle("settled", Text(N_("`{number}` has been settled"), values))
        if now and now.open == wanted.open.amount and _as_far(wanted, now):
            return None
        for row in self.plan.held:
            if (row.customer, row.currency, row.number) == (*planned.key, wanted.number):
                return Obstacle(row.reason, Text(row.text, row.values))
        if now is None or now.open == wanted.open.amount:
            same = N_("`{number}` is not due for this level any more")
            return Obstacle("changed", Text(same, values))
        amounts = {"was": wanted.open, "now": Money(now.open, planned.currency)}
        words = N_("`{number}`: {was} was open then, {now} is now")
        return Obstacle("changed", Text(words, values | amounts))

    def _exact_obstacle(self, planned: PlannedLetter, letter: Letter) -> Obstacle | None:
        facts = facts_of(
            letter,
            context_of(letter, self.settings, self.plan.as_of, language_of(letter, self.settings)),
        )
        if facts == planned.facts:
            said = said_by(letter, self.settings)
            for key in _SAID:
                if getattr(said, key) != getattr(planned, key):
                    return Obstacle("changed", Text(PLAN_EDITED, {"key": key}))
            return None
        if planned.facts.partition("-")[0] == facts.partition("-")[0]:
            words = N_("the recipient's name, contact or address has changed")
            return Obstacle("changed", Text(words))
        words = N_("the books have changed: what it says would be worded otherwise now")
        return Obstacle("changed", Text(words))
