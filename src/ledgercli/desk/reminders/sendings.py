"""What the log knows about letters on their way: attempts, failures, approvals, by message id.

Before an attempt the log gets an entry ``sending`` with all that would be needed to complete it,
and afterwards one for each document (``sent``) or one that says why not (``failed``). An attempt
without either was cut off: the letter may have gone out. Attempts are counted, not timed, so that
a clock which was set back confuses nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from ledgercli.desk.reminders.letter_facts import Obstacle, obstacle_of
from ledgercli.model.event import Event
from ledgercli.model.record import dataclass

#: After how many attempts that may have reached the customer nobody but a person goes on.
UNCERTAIN_MAX = 2
_FIRST_WAIT = dt.timedelta(minutes=15)
_LONGEST_WAIT = dt.timedelta(hours=24)
_AT = "%Y-%m-%dT%H:%M:%SZ"

Raised = tuple[str, int, str]
"""A document that a letter raises: number, level, level name."""


@dataclass(slots=True)
class Sending:
    """All attempts to send one letter, under one message id.

    ``letter`` is its path without language and suffix. ``attempts`` are by their number.
    """

    message_id: str
    letter: str
    customer: str
    currency: str
    documents: tuple[Raised, ...]
    attempts: dict[int, Event] = field(default_factory=dict)
    failures: dict[int, Event] = field(default_factory=dict)
    sent: dict[str, Event] = field(default_factory=dict)

    @property
    def uncertain(self) -> int:
        """Return how many attempts may have reached the customer, as far as the log knows."""
        return sum(
            1
            for number in self.attempts
            if number not in self.failures or self.failures[number].details.get("uncertain") is True
        )

    @property
    def next_attempt(self) -> int:
        """Return the number of the next attempt, from 1."""
        return max((*self.attempts, *self.failures, 0)) + 1

    @property
    def last_failure(self) -> Event | None:
        """Return the failure of the last attempt, None where it was cut off or there was none."""
        return self.failures.get(self.next_attempt - 1)

    def obstacle(self, now: dt.datetime, channel: str, to: str) -> Obstacle | None:
        """Return why the letter is not sent (again) now over ``channel`` to the address ``to``."""
        if self.uncertain >= UNCERTAIN_MAX:
            values = {"count": str(self.uncertain), "letter": self.letter}
            return obstacle_of("uncertain", **values)
        failure = self.last_failure
        if failure is None:
            return None
        reason = str(failure.details.get("reason", ""))
        if failure.details.get("temporary") is not True:
            known = (failure.details.get("channel"), failure.details.get("to"))
            if known == (channel, to):
                return obstacle_of("undeliverable", failure=reason)
            return None
        due = _moment(failure.details.get("next"))
        # A clock that was set back must not hold a letter for ever.
        if due and now < due <= now + _LONGEST_WAIT:
            later = due.strftime("%Y-%m-%d %H:%M UTC")
            return obstacle_of("retry-later", next=later, failure=reason)
        return None


@dataclass(slots=True)
class SendLog:
    """The sendings of a log by message id; what was approved and withdrawn by the letter's path."""

    sendings: dict[str, Sending] = field(default_factory=dict)
    approvals: dict[str, list[Event]] = field(default_factory=dict)
    withdrawn: dict[str, Event] = field(default_factory=dict)
    _by_letter: dict[str, list[Sending]] = field(default_factory=dict)
    _by_key: dict[tuple[str, str], list[Sending]] = field(default_factory=dict)

    def add(self, sending: Sending) -> None:
        """Add a sending whose message id is new."""
        self.sendings[sending.message_id] = sending
        self._by_letter.setdefault(sending.letter, []).append(sending)
        self._by_key.setdefault((sending.customer, sending.currency), []).append(sending)

    def of_letter(self, letter: str) -> Sequence[Sending]:
        """Return the sendings of the letter with that path."""
        return self._by_letter.get(letter, ())

    def of_key(self, key: tuple[str, str]) -> Sequence[Sending]:
        """Return the sendings to a customer about a currency."""
        return self._by_key.get(key, ())

    def sending_of(self, identifier: str, letter: str) -> Sending | None:
        """Return the sending of a letter by its message id, else by its path.

        The id has the sender's domain and the letter's number in it, which people may change.
        """
        return self.sendings.get(identifier) or next(iter(self.of_letter(letter)), None)

    def same_elsewhere(
        self, letter: str, key: tuple[str, str], documents: Sequence[Raised]
    ) -> Sending | None:
        """Return a sending of the same folder that may have raised one of ``documents`` there.

        It is one under another name than ``letter``: an entry of the plan was copied or renamed.
        """
        folder = letter.rpartition("/")[0]
        for sending in self.of_key(key):
            tried = sending.sent or sending.uncertain
            there = sending.letter != letter and sending.letter.rpartition("/")[0] == folder
            if tried and there and set(documents) & set(sending.documents):
                return sending
        return None

    def approved(self, letter: str, digest: str) -> Event | None:
        """Return who approved the letter as it is now, None where nobody did."""
        for event in self.approvals.get(letter, ()):
            if event.details.get("sha256") == digest:
                return event
        return None


def read_sendings(events: Iterable[Event]) -> SendLog:
    """Return what ``events`` say about sending; what was taken back does not count."""
    log = SendLog()
    for event in events:
        if event.kind != "reminder" or not event.in_force(dt.date.max):
            continue
        details = event.details
        letter = letter_path(str(details.get("letter") or ""))
        if details.get("status") == "approved":
            log.approvals.setdefault(letter, []).append(event)
            continue
        if details.get("status") == "withdrawn":
            log.withdrawn[letter] = event
            continue
        identifier = str(details.get("message_id") or "")
        if not identifier:
            continue
        sending = log.sendings.get(identifier)
        if sending is None:
            sending = Sending(identifier, letter, event.customer, event.currency, ())
            log.add(sending)
        _note(sending, event, details)
    return log


def _note(sending: Sending, event: Event, details: Mapping[str, Any]) -> None:
    number = details.get("attempt")
    attempt = number if isinstance(number, int) else 1
    match details.get("status"):
        case "sending":
            sending.attempts[attempt] = event
            sending.documents = raised_of(details.get("documents"))
        case "failed":
            sending.failures[attempt] = event
        case "sent":
            sending.sent[event.number] = event


def raised_of(raw: object) -> tuple[Raised, ...]:
    """Return the documents of a ``sending`` entry; what is none is left out."""
    found: list[Raised] = []
    for row in raw if isinstance(raw, list | tuple) else ():
        match row:
            case {"number": str(number), "level": int(level), "level_name": str(name)}:
                found.append((number, level, name))
    return tuple(found)


def letter_path(file: str) -> str:
    """Return the path of a letter without ``.LANG.EXT``, as ``sending`` entries have it."""
    folder, slash, name = file.rpartition("/")
    parts = name.rsplit(".", 2)
    stem = parts[0] if len(parts) == 3 and parts[2] in _SUFFIXES else name
    return f"{folder}{slash}{stem}"


_SUFFIXES = frozenset(["txt", "md", "html", "pdf", "eml", "csv"])


def next_moment(now: dt.datetime, attempt: int) -> dt.datetime:
    """Return when to try again after ``attempt`` failed: 15 minutes, doubled, a day at most."""
    wait = _FIRST_WAIT * (1 << min(max(attempt - 1, 0), 10))
    return now + min(wait, _LONGEST_WAIT)


def stamp(moment: dt.datetime) -> str:
    """Return a moment as the log writes it, in UTC."""
    return moment.astimezone(dt.UTC).strftime(_AT)


def _moment(raw: object) -> dt.datetime | None:
    try:
        moment: dt.datetime = dt.datetime.strptime(str(raw), _AT)  # noqa: DTZ007 - it is in UTC, see below
    except ValueError:
        return None
    return moment.replace(tzinfo=dt.UTC)


def reached_in(
    events: Sequence[Event], as_of: dt.date, *, adopted: bool = False
) -> Mapping[tuple[str, str, str], int]:
    """Return the highest dunning level that the log knows as sent and not come back, by document.

    ``adopted``: only what a person said was sent.
    """
    back = {event.details.get("returns") for event in events if event.in_force(as_of)}
    reached: dict[tuple[str, str, str], int] = {}
    for event in events:
        level = event.details.get("level")
        sent = event.kind == "reminder" and event.details.get("status") == "sent"
        wanted = sent and (not adopted or event.details.get("adopted") is True)
        wanted = wanted and event.in_force(as_of) and event.id not in back
        if wanted and isinstance(level, int):
            key = (event.customer, event.currency, event.number)
            reached[key] = max(level, reached.get(key, 0))
    return reached
