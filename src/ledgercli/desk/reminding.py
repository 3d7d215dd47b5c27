"""Reminders: plan them, write the letters, record what was sent, adopt what happened before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from ledgercli.desk import reminder_answers as answers
from ledgercli.desk.checking import all_findings
from ledgercli.desk.errors import SubjectNotFoundError
from ledgercli.desk.letter_files import FileStatus, LetterFolder, file_name, last_sequence
from ledgercli.desk.opening import OpenBooks
from ledgercli.desk.request import Query
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import plain
from ledgercli.model.errors import LedgercliError
from ledgercli.model.event import Event
from ledgercli.model.finding import Finding, Place
from ledgercli.model.position import Document
from ledgercli.model.settings import Policy
from ledgercli.receivables.position import Position
from ledgercli.reminders import plan as planning
from ledgercli.reminders.history import read_history
from ledgercli.reminders.letter_context import letter_context
from ledgercli.reminders.letters import KINDS, Choice, LetterKind, TemplateText, choose, render
from ledgercli.reminders.levels import policy_of
from ledgercli.reminders.plan import Letter, Plan

#: Who writes events that no person typed.
WRITER = "ledgercli"


class LetterTypeError(LedgercliError):
    """A letter was asked for in a format that does not exist."""

    message = N_("letters are written as txt, md or html, not as `{kind}`")


class RunInThePastError(LedgercliError):
    """A run is dated before a reminder that was already sent."""

    message = N_("the last reminder was sent on {last}, after {day}")
    hint = N_("a run must not be dated before it; `remind plan --as-of` looks back")


class NoBooksError(LedgercliError):
    """A bare ledger has no place for letters and for the activity log."""

    message = N_("there are no books to write to, only a ledger")
    hint = N_("`ledgercli init --from-ledger` makes books from it")


class LevelNotFoundError(LedgercliError):
    """No policy of the customers concerned has a level of that name or number."""

    message = N_("no reminder policy has a level `{level}`")
    hint = N_("levels have names and, from the first that is no notice, numbers from 1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a planned letter. ``state`` is that of its files, or why there is none."""

    letter: Letter
    sequence: int
    files: tuple[str, ...]
    state: FileStatus | str
    recorded: bool = False


def plan(books: OpenBooks, query: Query) -> Answer:
    """Return who would be reminded as of the day, at which level, and who not and why."""
    return answers.plan_answer(_plan(books, query, books.events), _findings(books))


def write(books: OpenBooks, query: Query, *, types: tuple[str, ...], dry_run: bool) -> Answer:
    """Write the letters that are due, in each of ``types`` (txt if none); record nothing as sent.

    Raise LetterTypeError, NoBooksError, and the errors of writing.
    """
    kinds = _kinds(books, types)
    with nullcontext() if dry_run else _lock(books.root):
        planned = _plan(books, query, books.events)
        outcomes, findings = _write_letters(books, planned, kinds, dry_run=dry_run)
    found = (*_findings(books), *findings)
    return answers.letters_answer("remind-write", planned, outcomes, found, dry_run=dry_run)


def run(books: OpenBooks, query: Query, *, types: tuple[str, ...], dry_run: bool) -> Answer:
    """Write the letters that are due and record those that go by post as sent.

    The log is read again under the lock, so that two runs at once do not send a letter twice.
    Letters by e-mail are written and wait for delivery. Raise RunInThePastError besides what
    :func:`write` raises.
    """
    from ledgercli.books.activity import append_events, read_events

    kinds = _kinds(books, types)
    as_of = books.as_of(query)
    with nullcontext() if dry_run else _lock(books.root):
        events, event_findings = read_events(books.root)
        fresh = replace(books, events=events, event_findings=event_findings)
        last = max((event.date for event in events if _is_sent(event)), default=as_of)
        if last > as_of:
            raise RunInThePastError(last=last, day=as_of)
        planned = _plan(fresh, query, events)
        outcomes, findings = _write_letters(fresh, planned, kinds, dry_run=dry_run)
        outcomes = [
            replace(outcome, recorded=bool(outcome.files) and outcome.letter.channel == "post")
            for outcome in outcomes
        ]
        sent = [
            event
            for outcome in outcomes
            if outcome.recorded
            for event in _sent_events(fresh, outcome, as_of)
        ]
        if not dry_run:
            append_events(books.root, sent)
    found = (*_findings(fresh), *findings)
    return answers.letters_answer("remind-run", planned, outcomes, found, dry_run=dry_run)


def history(books: OpenBooks, query: Query) -> Answer:
    """Return the reminders in the log by the end of the day, oldest first."""
    chosen, as_of = books.chosen(query), books.as_of(query)
    events = [
        event
        for event in books.events
        if event.kind == "reminder"
        and event.date <= as_of
        and (chosen is None or event.customer in chosen)
        and (not query.currencies or event.currency in query.currencies)
    ]
    events.sort(key=lambda event: (event.date, event.at, event.customer, event.number))
    return answers.history_answer(events, as_of, books.event_findings)


def adopt(
    books: OpenBooks,
    query: Query,
    *,
    level: str,
    sent: dt.date | None,
    documents: tuple[str, ...],
    dry_run: bool,
) -> Answer:
    """Record that overdue documents had reached ``level`` (a name or number) on the day ``sent``.

    ``documents`` are numbers; without any, all overdue documents that ``query`` leaves. What the
    log has at that level or a higher one is left out. Raise LevelNotFoundError,
    SubjectNotFoundError for a number that is not open, NoBooksError, and the errors of writing.
    """
    from ledgercli.books.activity import append_events, read_events

    if books.location.bare:
        raise NoBooksError
    as_of = books.as_of(query)
    day = sent or as_of
    with nullcontext() if dry_run else _lock(books.root):
        fresh = replace(books, events=read_events(books.root)[0])
        found = _adopted(fresh, books.selected(query), level, documents, as_of)
        events = [_adopted_event(fresh, document, step, day) for document, step in found]
        if not dry_run:
            append_events(books.root, events)
    return answers.adopt_answer(events, as_of, dry_run=dry_run)


# --- planning ----------------------------------------------------------------------------------


def _plan(books: OpenBooks, query: Query, events: Sequence[Event]) -> Plan:
    as_of = books.as_of(query)
    return planning.plan(
        books.selected(query),
        books.settings,
        events,
        as_of,
        ledger_errors=any(finding.severity == "error" for finding in _findings(books)),
        customer_errors=_customer_errors(books, as_of),
        bank_days=books.view.bank_days,
    )


def _findings(books: OpenBooks) -> tuple[Finding, ...]:
    """Return the errors that hold every letter: of the ledger, the settings, the activity log.

    A settings file that was not understood may have meant another policy, and a line of the log
    that cannot be read may be a letter that was sent.
    """
    file = books.location.settings_file
    in_settings = (
        finding
        for finding in books.record_findings
        if file and not finding.customer and finding.place.file == file.name
    )
    everything = (*books.ledger_errors, *in_settings, *books.event_findings)
    return tuple(finding for finding in everything if finding.severity == "error")


def _customer_errors(books: OpenBooks, as_of: dt.date) -> Mapping[str, str]:
    """Return the codes of the errors about each customer."""
    found: dict[str, set[str]] = {}
    for finding in all_findings(books, as_of):
        if finding.severity == "error" and finding.customer:
            found.setdefault(finding.customer, set()).add(finding.code)
    return {customer: ", ".join(sorted(names)) for customer, names in found.items()}


# --- letters -----------------------------------------------------------------------------------


def _kinds(books: OpenBooks, types: tuple[str, ...]) -> tuple[LetterKind, ...]:
    if books.location.bare:
        raise NoBooksError
    for name in types:
        if name not in KINDS:
            raise LetterTypeError(kind=name)
    return tuple(kind for kind in KINDS if kind in types) or ("txt",)


def _lock(root: Path):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a context manager
    from ledgercli.books.files import books_lock

    return books_lock(root)


def _templates(books: OpenBooks) -> tuple[dict[str, TemplateText], tuple[Finding, ...]]:
    from ledgercli.books.templates import template_texts

    texts, findings = template_texts(books.root)
    return {name: TemplateText(text.text, text.file) for name, text in texts.items()}, findings


def _write_letters(
    books: OpenBooks, planned: Plan, kinds: Sequence[LetterKind], *, dry_run: bool
) -> tuple[list[Outcome], list[Finding]]:
    from ledgercli.books.revision import books_revision

    texts, broken = _templates(books)
    folder = LetterFolder.of(books.root, planned.as_of, dry_run=dry_run)
    sequence = last_sequence(books.root, planned.as_of.year)
    sequence = max(sequence, _last_recorded(books.events, planned.as_of.year))
    revision = books_revision(books.root) or ""
    outcomes: list[Outcome] = []
    findings: list[Finding] = list(broken)
    taken: set[str] = set()
    for letter in planned.letters:
        maker = _Maker(books, letter, planned.as_of, texts, kinds, taken)
        outcome, found = maker.write(folder, sequence + 1, revision)
        sequence = max(sequence, outcome.sequence)
        outcomes.append(outcome)
        findings += found
        findings += _rate_findings(letter, planned.as_of)
    folder.save()
    return outcomes, findings


def _last_recorded(events: Sequence[Event], year: int) -> int:
    numbers = (event.details.get("letter_number") for event in events if event.date.year == year)
    return max((number for number in numbers if isinstance(number, int)), default=0)


def _rate_findings(letter: Letter, as_of: dt.date) -> list[Finding]:
    rule = letter.policy.interest
    if not letter.rate_unknown or rule is None:
        return []
    values = {"table": rule.above, "day": as_of.isoformat()}
    return [Finding(codes.RATE_UNKNOWN, values, customer=letter.customer.id)]


class _Maker:
    """Makes the files of one letter: all of its formats, or none when a template fails."""

    def __init__(
        self,
        books: OpenBooks,
        letter: Letter,
        day: dt.date,
        texts: Mapping[str, TemplateText],
        kinds: Sequence[LetterKind],
        taken: set[str],
    ) -> None:
        self.books, self.letter, self.day = books, letter, day
        self.texts, self.kinds, self.taken = texts, kinds, taken
        own = letter.customer.language or books.settings.language
        self.languages = [own, books.settings.language]

    def write(
        self, folder: LetterFolder, sequence: int, revision: str
    ) -> tuple[Outcome, list[Finding]]:
        """Write the files; return what became of them and what is wrong or was edited."""
        names: list[tuple[LetterKind, str]] = []
        for kind in self.kinds:
            _, choice, findings = self._render(kind, sequence, revision)
            if findings:
                return Outcome(self.letter, sequence, (), "failed"), list(findings)
            names.append((kind, self._name(kind, choice)))
        known = [folder.entries[name].sequence for _, name in names if name in folder.entries]
        sequence = known[0] if known else sequence
        states: list[FileStatus] = []
        found: list[Finding] = []
        for kind, name in names:

            def make(number: int, named: str, kind: LetterKind = kind) -> str:
                return self._render(kind, number, named)[0]

            state = folder.put(name, sequence, revision, make)
            states.append(state)
            if state == "edited":
                path = f"{folder.relative}/{name}"
                values = {"path": path}
                found.append(
                    Finding(codes.LETTER_EDITED, values, Place(path), self.letter.customer.id)
                )
        files = tuple(f"{folder.relative}/{name}" for _, name in names)
        order: tuple[FileStatus, ...] = ("edited", "written", "unchanged")
        state = next(each for each in order if each in states)
        return Outcome(self.letter, sequence, files, state), found

    def _render(
        self, kind: LetterKind, sequence: int, revision: str
    ) -> tuple[str, Choice | None, tuple[Finding, ...]]:
        template = self.letter.definition.template
        choice = choose(template, self.languages, kind, self.texts)
        context = letter_context(
            self.letter,
            self.books.settings,
            self.day,
            language=choice.wording if choice else "en",
            sequence=sequence,
            revision=revision,
        )
        return render(context, self.languages, kind, self.texts)

    def _name(self, kind: LetterKind, choice: Choice | None) -> str:
        """Return the file name; two customers whose names fold to one get numbers."""
        language = choice.wording if choice else "en"
        level = self.letter.definition.name
        customer, currency = self.letter.customer.id, self.letter.currency
        name = file_name(customer, currency, level, language, kind)
        number = 2
        while name.casefold() in self.taken:
            name = file_name(f"{customer}-{number}", currency, level, language, kind)
            number += 1
        self.taken.add(name.casefold())
        return name


# --- recording ---------------------------------------------------------------------------------


def _is_sent(event: Event) -> bool:
    return event.kind == "reminder" and event.details.get("status") == "sent"


def _sent_events(books: OpenBooks, outcome: Outcome, day: dt.date) -> Iterator[Event]:
    """Yield an event for each document that the letter raises, at the document's own level."""
    letter = outcome.letter
    per_letter = letter.fee - sum(document.fee for document in letter.documents)
    for document in letter.documents:
        if not document.raised:
            continue
        record = document.item.document
        fee = document.fee + (per_letter if document.main else 0)
        details = {
            "status": "sent",
            "policy": letter.policy_name,
            "level": document.level,
            "level_name": document.level_name,
            "channel": letter.channel,
            "deadline": letter.deadline.isoformat() if letter.deadline else None,
            "amount": plain(document.open, letter.currency),
            "fee": plain(fee, letter.currency),
            "letter": outcome.files[0],
            "letter_number": outcome.sequence,
        }
        yield _event(books, day, record, details)


def _event(
    books: OpenBooks, day: dt.date, document: Document, details: Mapping[str, object]
) -> Event:
    return Event(
        id="",
        at=books.now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        date=day,
        by=WRITER,
        kind="reminder",
        customer=document.customer,
        number=document.number,
        currency=document.currency,
        details=details,
    )


# --- adopting ----------------------------------------------------------------------------------

Step = tuple[str, int, str]
"""A policy's name, a level's number (0 for a notice) and name."""


def _adopted(
    books: OpenBooks,
    position: Position,
    level: str,
    numbers: tuple[str, ...],
    as_of: dt.date,
) -> list[tuple[Document, Step]]:
    items = [
        item
        for item in position.open_items
        if item.document.numbered
        and (item.document.number in numbers if numbers else item.days_overdue(as_of) > 0)
    ]
    for number in numbers:
        if all(item.document.number != number for item in items):
            raise SubjectNotFoundError(subject=number, date=as_of)
    log = read_history(books.events, dt.date.max)
    known = any(_step(name, policy, level) for name, policy in _policies(books).items())
    if not known:
        raise LevelNotFoundError(level=level)
    adopted: list[tuple[Document, Step]] = []
    for item in items:
        document = item.document
        customer = position.customers.get(document.customer)
        name, policy = policy_of(books.settings, customer.reminders.policy if customer else None)
        step = _step(name, policy, level) if policy else None
        if step is None:
            continue
        key = (document.customer, document.currency, document.number)
        reached = log.reached(key)
        if (reached and reached.level >= step[1]) or (
            step[1] == 0 and any(sent.level_name == step[2] for sent in log.letters(key))
        ):
            continue
        adopted.append((document, step))
    return adopted


def _policies(books: OpenBooks) -> Mapping[str, Policy]:
    name, default = policy_of(books.settings, None)
    return books.settings.reminders.policies or ({name: default} if default else {})


def _step(name: str, policy: Policy, level: str) -> Step | None:
    """Return the level of ``policy`` with that name, or that number among the dunning levels."""
    for number, entry in enumerate(policy.dunning, start=1):
        if level in {entry.name, str(number)}:
            return name, number, entry.name
    return next(((name, 0, entry.name) for entry in policy.notices if entry.name == level), None)


def _adopted_event(books: OpenBooks, document: Document, step: Step, day: dt.date) -> Event:
    policy, number, name = step
    details = {
        "status": "sent",
        "policy": policy,
        "level": number,
        "level_name": name,
        "channel": "",
        "deadline": None,
        "adopted": True,
    }
    return _event(books, day, document, details)
