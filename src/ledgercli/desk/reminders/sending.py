"""Sends the letters of a folder: checks each against the books, records, delivers, records again.

For each letter, in this order: the attempt goes into the activity log and into the second record,
both flushed to the disk; the channel takes the letter; its answer goes into both. Whenever the
process ends, what is on the disk says enough to go on: at worst one letter is sent a second time,
under the same message id, and none is lost.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from ledgercli.books.sent_log import SentLog, SentRecord, State
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.letter_facts import Obstacle
from ledgercli.desk.reminders.messages import Written, identifier, message_of
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.reminders.sendings import Sending, SendLog, next_moment, stamp
from ledgercli.model.answer import Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import plain
from ledgercli.model.errors import LedgercliError
from ledgercli.model.event import Event
from ledgercli.model.letter_plan import PlannedLetter
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import Sentence
from ledgercli.reminders.delivery.channel import Channel, DeliveryError
from ledgercli.reminders.delivery.message import Message

#: Who writes events that no person typed.
WRITER = "ledgercli"
#: After so many failures of the channel itself, one after another, the other letters wait.
CHANNEL_FAILURES_MAX = 3

SendState = Literal["sent", "held", "failed", "waiting", "skipped", "to-send", "already-sent"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one letter. ``obstacle`` says why it was not sent."""

    folder: str
    letter: PlannedLetter
    state: SendState
    message_id: str = ""
    obstacle: Obstacle | None = None
    receipt: str = ""
    message: Message | None = None


class Post:
    """Carries letters out, one after another."""

    def __init__(
        self,
        books: OpenBooks,
        log: SendLog,
        second: SentLog,
        day: dt.date,
        options: SendOptions,
        *,
        dry_run: bool,
    ) -> None:
        """Keep where to record; ``day`` is the day that letters are sent on."""
        self.books, self.log, self.second = books, log, second
        self.day, self.options, self.dry_run = day, options, dry_run
        self._last_sent: dict[str, float] = {}

    def send_all(self, letters: Sequence[Written]) -> list[Sent]:
        """Send ``letters`` channel by channel, in their order; return what became of each."""
        results: dict[str, Sent] = {}
        done = 0
        for spec in dict.fromkeys(written.letter.channel for written in letters):
            batch = [written for written in letters if written.letter.channel == spec]
            for result in self._send_batch(spec, batch, done, len(letters)):
                results[f"{result.folder}/{result.letter.letter}"] = result
            done += len(batch)
        return [results[written.path] for written in letters]

    def _send_batch(self, spec: str, batch: Sequence[Written], done: int, total: int) -> list[Sent]:
        if self.dry_run:
            return [self._trial(written) for written in batch]
        results: list[Sent] = []
        failures = 0
        with ExitStack() as stack:
            try:
                channel = stack.enter_context(self._open(spec))
            except (DeliveryError, LedgercliError) as error:
                return [self._waiting(written, error) for written in batch]
            for count, written in enumerate(batch, start=1):
                if failures >= CHANNEL_FAILURES_MAX:
                    results.append(self._waiting(written, None))
                    continue
                result, whole = self._send(channel, written)
                results.append(result)
                failures = failures + 1 if whole else 0
                if self.options.progress:
                    self.options.progress(done + count, total)
            try:
                stack.close()
            except (DeliveryError, LedgercliError) as error:
                # The letters are recorded and taken; what is missing is their common file.
                text = Text("{reason}", {"reason": _reason(error)})
                last = results[-1]
                results[-1] = replace(last, obstacle=Obstacle("unfinished", text))
        return results

    def _open(self, spec: str) -> AbstractContextManager[Channel]:
        mail, environment = self.books.settings.mail, self.options.environment
        if self.options.opener:
            return self.options.opener(spec, mail, environment, self.books.root)
        from ledgercli.books import files
        from ledgercli.reminders.delivery.channel import open_channel

        return open_channel(
            spec,
            mail,
            environment,
            self.books.root,
            files=files,
            trusted=self.options.trusted,
        )

    def _trial(self, written: Written) -> Sent:
        letter = written.letter
        found = self._identifier(written)
        message = message_of(self.books, written, self.day, found)
        return Sent(written.folder, letter, "to-send", found, message=message)

    def _waiting(self, written: Written, error: DeliveryError | LedgercliError | None) -> Sent:
        """Return a letter that was not tried, since its channel takes none."""
        words = N_("the channel does not work: {reason}") if error else N_("the channel is down")
        text = Text(words, {"reason": _reason(error)} if error else {})
        return Sent(written.folder, written.letter, "waiting", obstacle=Obstacle("channel", text))

    def _send(self, channel: Channel, written: Written) -> tuple[Sent, bool]:
        """Send one letter; return what became of it, and whether the whole channel failed."""
        letter, folder = written.letter, written.folder
        message = message_of(self.books, written, self.day, self._identifier(written))
        attempt = self._begin(written, message.message_id)
        self._pause(letter.channel)
        try:
            receipt = _deliver(channel, message)
        except DeliveryError as error:
            self._fail(written, message.message_id, attempt, error)
            text = Text("{reason}", {"reason": error.reason})
            obstacle = Obstacle("temporary" if error.temporary else "permanent", text)
            failed = Sent(folder, letter, "failed", message.message_id, obstacle)
            return failed, error.whole_channel
        self.complete(written, message.message_id, attempt, receipt)
        return Sent(folder, letter, "sent", message.message_id, receipt=receipt), False

    def _identifier(self, written: Written) -> str:
        """Return the message id that the letter was tried under before, else its own."""
        own = identifier(self.books, written.folder, written.letter)
        sending = self.log.sending_of(own, written.path)
        return sending.message_id if sending else own

    def _pause(self, channel: str) -> None:
        """Keep the pace that the settings set for e-mail."""
        pace = self.books.settings.mail.rate
        if pace is None or channel != "email":
            return
        last = self._last_sent.get(channel)
        if last is not None:
            wait = last + pace.interval_seconds - time.monotonic()
            if wait > 0:
                self.options.sleep(wait)
        self._last_sent[channel] = time.monotonic()

    # --- recording ---------------------------------------------------------------------------

    def _begin(self, written: Written, message_id: str) -> int:
        """Record that an attempt begins, in the log and beside it; return its number."""
        letter = written.letter
        sending = self.log.sendings.get(message_id)
        if sending is None:
            sending = Sending(message_id, written.path, *letter.key, raised_by(letter))
            self.log.add(sending)
        attempt = sending.next_attempt
        details = {
            "status": "sending",
            "attempt": attempt,
            **self._address(written, message_id),
            "documents": [
                {"number": number, "level": level, "level_name": name}
                for number, level, name in raised_by(letter)
            ],
        }
        sending.attempts[attempt] = self._append(self._event(letter, "", details))[0]
        self._append_second(written, message_id, attempt, "sending")
        return attempt

    def complete(self, written: Written, message_id: str, attempt: int, receipt: str) -> None:
        """Record that a letter was sent, for each document that the log does not have yet."""
        letter = written.letter
        known = self.log.sendings.get(message_id)
        sent = known.sent if known else {}
        numbers = [number for number, _, _ in raised_by(letter) if number not in sent]
        events = [
            self._sent_event(written, number, message_id, attempt, receipt) for number in numbers
        ]
        for event in self._append(*events):
            if known:
                known.sent[event.number] = event
        self._append_second(written, message_id, attempt, "sent")

    def withdraw(self, result: Sent) -> None:
        """Record that a letter of an earlier day goes out no more, so that it is told once."""
        letter, path = result.letter, f"{result.folder}/{result.letter.letter}"
        details = {
            "status": "withdrawn",
            "reason": result.obstacle.reason if result.obstacle else "",
            "level": letter.level,
            "level_name": letter.level_name,
            "channel": letter.channel,
            "letter": f"{result.folder}/{letter.files[0]}" if letter.files else path,
            "letter_number": letter.number,
        }
        self._append(self._event(letter, "", details))

    def _fail(self, written: Written, message_id: str, attempt: int, error: DeliveryError) -> None:
        again = next_moment(self.books.now, attempt) if error.temporary else None
        details = {
            "status": "failed",
            "attempt": attempt,
            "reason": str(error.reason),
            "temporary": error.temporary,
            "uncertain": error.uncertain,
            "next": stamp(again) if again else None,
            **self._address(written, message_id),
        }
        (event,) = self._append(self._event(written.letter, "", details))
        self.log.sendings[message_id].failures[attempt] = event
        self._append_second(
            written, message_id, attempt, "sending" if error.uncertain else "failed"
        )

    def _address(self, written: Written, message_id: str) -> dict[str, object]:
        letter = written.letter
        return {
            "level": letter.level,
            "level_name": letter.level_name,
            "channel": letter.channel,
            "to": letter.to,
            "message_id": message_id,
            "letter": written.first[0],
            "letter_number": letter.number,
        }

    def _sent_event(
        self, written: Written, number: str, message_id: str, attempt: int, receipt: str
    ) -> Event:
        letter = written.letter
        document = next(each for each in letter.documents if each.number == number)
        path, content = written.first
        of_documents = [each.fee.amount for each in letter.documents if each.fee]
        fee = document.fee.amount if document.fee else Decimal(0)
        if document.level == letter.level:
            fee += letter.amount(letter.fee) - sum(of_documents, Decimal(0))
        details = {
            "status": "sent",
            "policy": letter.policy,
            "level": document.level,
            "level_name": document.level_name,
            "channel": letter.channel,
            "deadline": letter.deadline.isoformat() if letter.deadline else None,
            "amount": plain(document.open.amount, letter.currency),
            "fee": plain(fee, letter.currency),
            "letter": path,
            "letter_number": letter.number,
            "message_id": message_id,
            "attempt": attempt,
            "to": letter.to,
            "receipt": receipt,
            "sha256": content,
            "edited": bool(written.edited),
        }
        return self._event(letter, number, details)

    def _event(self, letter: PlannedLetter, number: str, details: Mapping[str, object]) -> Event:
        return Event(
            id="",
            at=stamp(self.books.now),
            date=self.day,
            by=WRITER,
            kind="reminder",
            customer=letter.customer,
            number=number,
            currency=letter.currency,
            details=details,
        )

    def _append(self, *events: Event) -> tuple[Event, ...]:
        from ledgercli.books.activity import append_events

        return append_events(self.books.root, events)

    def _append_second(self, written: Written, message_id: str, attempt: int, state: State) -> None:
        letter = written.letter
        record = SentRecord(
            at=stamp(self.books.now),
            state=state,
            message_id=message_id,
            letter=written.path,
            customer=letter.customer,
            currency=letter.currency,
            documents=raised_by(letter),
            attempt=attempt,
        )
        self.second.append([record])


def _reason(error: DeliveryError | LedgercliError) -> Sentence:
    """Return why a channel does not work, to be said in any language."""
    if isinstance(error, DeliveryError):
        return error.reason
    return Sentence(error.message, **error.values)


def _deliver(channel: Channel, message: Message) -> str:
    """Return the receipt; whatever goes wrong at the channel is a DeliveryError."""
    try:
        return channel.deliver(message)
    except (LedgercliError, OSError) as error:
        raise DeliveryError(
            Sentence("{reason}", reason=str(error)),
            temporary=True,
            uncertain=True,
            whole_channel=True,
        ) from error


def raised_by(letter: PlannedLetter) -> tuple[tuple[str, int, str], ...]:
    """Return the documents that a letter raises: number, level, level name."""
    return tuple(
        (document.number, document.level, document.level_name)
        for document in letter.documents
        if document.raised
    )
