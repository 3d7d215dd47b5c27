"""Sends mails that are no reminders: pages of the morning, digests, surveys; each one once.

What is sent is recorded in the activity log before and after, under a message id made of what the
mail is, so that a run that broke off goes on, and two runs do not send it twice. A second record
outside of the books keeps what a log that got lost no longer tells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import field
from typing import Any, Literal

from ledgercli.books.sent_log import SentLog, SentRecord, State
from ledgercli.desk.locked_log import locked_log
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.messages import moment
from ledgercli.desk.reminders.reminder_errors import NoBooksError
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.reminders.sending import WRITER
from ledgercli.desk.reminders.sendings import stamp
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.event import Event
from ledgercli.model.finding import Finding
from ledgercli.model.record import dataclass
from ledgercli.reminders.delivery.channel import Channel, DeliveryError
from ledgercli.reminders.delivery.message import Attachment, Message, message_id

MailKind = Literal["digest", "survey", "notice"]
MAIL_KINDS: tuple[str, ...] = MailKind.__args__  # type: ignore[attr-defined]
MailState = Literal["sent", "already-sent", "failed", "to-send"]
#: Renders an answer in a format: text, or bytes for a binary one.
Renderer = Callable[[Answer, str], str | bytes]


@dataclass(frozen=True, slots=True)
class Mailing:
    """A mail to one address; ``what`` and ``period`` tell it from every other to that address."""

    kind: MailKind
    to: str
    what: str
    period: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    customer: str = ""
    name: str = ""
    language: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mailed:
    """What became of a mail."""

    mailing: Mailing
    state: MailState
    message: Message
    reason: Text | str = ""


def mail_out(
    books: OpenBooks,
    mailings: Callable[[OpenBooks], Iterable[Mailing]],
    as_of: dt.date,
    options: SendOptions,
    *,
    dry_run: bool,
) -> list[Mailed]:
    """Send what ``mailings`` makes of the books, unless the log says that it was sent.

    All of it happens under the books' lock, with the log as it is then. Raise NoBooksError, what
    opening the channel raises (settings that can never work), and the errors of writing.
    """
    if books.location.bare:
        raise NoBooksError
    with locked_log(books, dry_run=dry_run) as fresh:
        logged = [
            event
            for event in fresh.events
            if event.kind in MAIL_KINDS and event.details.get("status") == "sent"
        ]
        sent = {str(event.details.get("message_id")) for event in logged}
        # The id of a message is made of the customer's id, which may have changed since.
        said = {_facts_of(event) for event in logged}
        record = SentLog(options.state, fresh.root, "mails")
        elsewhere = {line.message_id for line in record.read() if line.state == "sent"}
        results: list[Mailed] = []
        with ExitStack() as stack:
            channel: Channel | None = None
            for mailing in mailings(fresh):
                message = _message(fresh, mailing, as_of)
                if message.message_id in sent or _facts(mailing) in said:
                    results.append(Mailed(mailing, "already-sent", message))
                elif not elsewhere.isdisjoint(_message_ids(fresh, mailing)):
                    words = N_("the log does not have it, the record outside of the books does")
                    reason = Text(words)
                    results.append(Mailed(mailing, "already-sent", message, reason))
                elif dry_run:
                    results.append(Mailed(mailing, "to-send", message))
                else:
                    channel = channel or stack.enter_context(_channel(fresh, options))
                    results.append(_send(_Logs(fresh, record), channel, mailing, message, as_of))
        return results


@dataclass(frozen=True, slots=True)
class _Logs:
    """Where mails are recorded: the log of the books, and the record outside of them."""

    books: OpenBooks
    outside: SentLog

    def write(
        self, mailing: Mailing, message: Message, day: dt.date, state: State, **details: str
    ) -> None:
        """Record a state of a mail in both; the one outside first, as for letters."""
        from ledgercli.books.activity import append_events

        at = stamp(self.books.now)
        # Not whose address it was: what `customer forget` takes away lies in the books.
        letter = f"{mailing.kind}s/{mailing.period}-{mailing.what}"
        line = SentRecord(at, state, message.message_id, letter, mailing.customer, "", documents=())
        self.outside.append([line])
        said = {"to": mailing.to, "what": mailing.what, "period": mailing.period}
        event = Event(
            id="",
            at=at,
            date=day,
            by=WRITER,
            kind=mailing.kind,
            customer=mailing.customer,
            details={
                **said,
                **mailing.details,
                "message_id": message.message_id,
                "status": state,
                **details,
            },
        )
        append_events(self.books.root, [event])


def _send(
    logs: _Logs, channel: Channel, mailing: Mailing, message: Message, day: dt.date
) -> Mailed:
    """Send one mail, recorded before and after."""
    logs.write(mailing, message, day, "sending")
    try:
        receipt = channel.deliver(message)
    except DeliveryError as error:
        reason = str(error.reason)
        logs.write(mailing, message, day, "failed", reason=reason)
        return Mailed(mailing, "failed", message, reason)
    logs.write(mailing, message, day, "sent", receipt=receipt)
    return Mailed(mailing, "sent", message)


def _facts(mailing: Mailing) -> tuple[str, ...]:
    """Return what tells a mail from every other."""
    return mailing.kind, mailing.to, mailing.what, mailing.period, mailing.customer


def _message_ids(books: OpenBooks, mailing: Mailing) -> set[str]:
    """Return the ids that the message has, or had under the ids that its customer had before."""
    record = books.records.get(mailing.customer)
    names = (mailing.customer, *(record.aliases if record else ()))
    *others, _customer = _facts(mailing)
    return {message_id(books.settings.mail.sender, *others, name) for name in names}


def _facts_of(event: Event) -> tuple[str, ...]:
    """Return the same of a mail in the log, by the id that the customer has now."""
    named = (str(event.details.get(key, "")) for key in ("to", "what", "period"))
    return event.kind, *named, event.customer


def _message(books: OpenBooks, mailing: Mailing, day: dt.date) -> Message:
    mail, company = books.settings.mail, books.settings.company
    facts = _facts(mailing)
    path = f"{mailing.kind}s/{mailing.period}-{mailing.what}-{mailing.to.partition('@')[0]}"
    return Message(
        message_id=message_id(mail.sender, *facts),
        sender=mail.sender,
        reply_to=mail.reply_to or (company.email if company.email not in mail.sender else ""),
        recipient=mailing.to,
        recipient_name=mailing.name,
        subject=mailing.subject,
        language=mailing.language or books.settings.language or "en",
        date=moment(books, day),
        text=mailing.text,
        html=mailing.html,
        attachments=mailing.attachments,
        customer=mailing.customer,
        letter=path,
        facts={"what": mailing.what, "period": mailing.period, "customer": mailing.customer},
    )


def _channel(books: OpenBooks, options: SendOptions) -> AbstractContextManager[Channel]:
    from ledgercli.books import files
    from ledgercli.reminders.delivery.channel import open_channel

    spec, mail = books.settings.agenda.channel, books.settings.mail
    if options.opener:
        return options.opener(spec, mail, options.environment, books.root)
    return open_channel(
        spec, mail, options.environment, books.root, files=files, trusted=options.trusted
    )


_COLUMNS = (
    Column("to", N_("to"), "code"),
    Column("customer", N_("customer"), "code", sparse=True),
    Column("what", N_("what"), "code"),
    Column("period", N_("period"), "code"),
    Column("state", N_("sending"), "code", words="send-state"),
    Column("reason", N_("reason"), flexible=True, wraps=True, sparse=True),
    Column("subject", N_("subject"), shown=False),
    Column("message_id", N_("message id"), "code", shown=False),
    Column("text", N_("text"), shown=False),
)


def not_sent(results: Iterable[Mailed]) -> tuple[Finding, ...]:
    """Return a finding for each mail that could not be sent."""
    return tuple(
        Finding(
            codes.LETTER_NOT_SENT,
            {"letter": f"{one.mailing.what} → {one.mailing.to}", "reason": str(one.reason)},
        )
        for one in results
        if one.state == "failed"
    )


def answer_of(
    results: Sequence[Mailed], as_of: dt.date, *, schema: str, empty: str, dry_run: bool
) -> Answer:
    """Return what became of the mails; what was not sent is a finding."""
    rows = [
        {
            "to": one.mailing.to,
            "customer": one.mailing.customer or None,
            "what": one.mailing.what,
            "period": one.mailing.period,
            "state": one.state,
            "reason": one.reason,
            "subject": one.message.subject,
            "message_id": one.message.message_id,
            "text": one.message.text if dry_run else None,
        }
        for one in results
    ]
    notes: tuple[Text | str, ...] = (N_("Dry run: nothing was sent."),) if dry_run else ()
    return Answer(
        schema,
        facts={"as_of": as_of, "dry_run": dry_run},
        tables=(Table("rows", _COLUMNS, rows, empty=empty),),
        notes=notes,
        task_findings=not_sent(results),
    )


class NobodyToMailError(LedgercliError):
    """The settings name nobody that mail could go to."""

    message = N_("the settings name nobody that mail could go to: `{key}` is empty")
    hint = N_("set {example} in `ledgercli.yaml`")
