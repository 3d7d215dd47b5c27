"""Takes activity from elsewhere: mails with customers from a mailbox, contacts from a table.

Nothing is taken twice: a mail is known by its message id, a row by its ``ref`` or all it says.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, Literal

from ledgercli.desk.activity.mail_order import MailOrder
from ledgercli.desk.author import author
from ledgercli.desk.errors import CustomerNotFoundError
from ledgercli.desk.locked_log import locked_log
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.reminder_errors import NoBooksError
from ledgercli.desk.request import Recording
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue import exchange as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.event import CONTACT_KINDS, Event
from ledgercli.model.exchange import FieldName, ForeignRow, Profile
from ledgercli.model.finding import Finding, Place
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import Sentence
from ledgercli.model.values import parse_date

_COLUMNS_OF_TABLE = ("date", "kind", "customer", "text", "score", "follow_up", "ref")
#: The headings and kinds of Chinese sheets.
_ALSO: Mapping[str, tuple[str, ...]] = {
    "date": ("日期",),
    "kind": ("类型",),
    "customer": ("客户",),
    "text": ("内容",),
    "score": ("评分",),
    "follow_up": ("跟进日期",),
    "ref": ("编号",),
}
_KIND_WORDS: Mapping[str, str] = {
    "电话": "call",
    "邮件": "mail",
    "会议": "meeting",
    "拜访": "visit",
    "投诉": "complaint",
    "服务": "service",
    "反馈": "feedback",
    "备注": "note",
}
_SCORE_MAX = 10
Action = Literal["new", "unchanged", "rejected"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A row or message: what becomes of it, and the entry, None where it was rejected."""

    number: int
    action: Action
    event: Event | None = None
    reason: Sentence | None = None
    subject: str = ""


def import_activity(books: OpenBooks, recording: Recording, path: Path, *, bodies: bool) -> Answer:
    """Append an entry for each mail with a known address, or each row of a table; all or nothing.

    ``bodies`` keeps the text of mails, too. Raise NoBooksError, the errors of reading foreign
    files, and those of writing.
    """
    from ledgercli.books.activity import append_events
    from ledgercli.books.mailbox import is_mailbox

    if books.location.bare:
        raise NoBooksError
    today = recording.as_of or books.today
    writer = author(books.root, recording.environment)
    with locked_log(books, dry_run=recording.dry_run) as fresh:
        maker = _Maker(fresh, writer, today)
        if path.is_dir() or is_mailbox(path):
            taken = list(_mails(fresh, maker, path, bodies=bodies))
        else:
            taken = list(_rows(fresh, maker, path))
        new = [one.event for one in taken if one.action == "new" and one.event]
        if not recording.dry_run:
            append_events(fresh.root, new)
    return _answer(taken, path.name, maker, dry_run=recording.dry_run)


@dataclass(slots=True)
class _Maker:
    """Makes entries, and knows which are in the log."""

    books: OpenBooks
    writer: str
    today: dt.date
    strangers: int = 0
    order: MailOrder = field(default_factory=MailOrder)
    known: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Gather what was taken before; what was retracted stays taken."""
        for event in self.books.events:
            source = event.details.get("source") or event.details.get("message_id")
            if source:
                self.known.add((event.customer, str(source)))

    def take(self, number: int, event: Event, source: str) -> Taken:
        """Return the entry as new, or as one that the log has."""
        from ledgercli.books.text import REPLACEMENT, UNWANTED

        subject = str(event.details.get("text") or "")
        if event.date > self.today:
            reason = Sentence(N_("{date} is in the future"), date=event.date.isoformat())
            return Taken(number, "rejected", reason=reason, subject=subject)
        clean = UNWANTED.sub(REPLACEMENT, " ".join(subject.split()))
        details = {**event.details, "source": source, **({"text": clean} if clean else {})}
        key = (event.customer, source)
        action: Action = "unchanged" if key in self.known else "new"
        self.known.add(key)
        return Taken(number, action, replace(event, details=details), subject=clean)

    def event(self, kind: str, customer: str, day: dt.date, details: Mapping[str, Any]) -> Event:
        """Return an entry written now."""
        at = self.books.now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return Event("", at, day, self.writer, kind, customer, details=details)


def _mails(books: OpenBooks, maker: _Maker, path: Path, *, bodies: bool) -> Iterator[Taken]:
    """Yield the mails from and to customers; one to several is an entry for each of them."""
    from zoneinfo import ZoneInfo

    from ledgercli.books.mailbox import read_mailbox

    zone = ZoneInfo(books.settings.timezone) if books.settings.timezone else None
    addresses: dict[str, str] = {}
    for record in books.customers:
        for contact in record.contacts:
            if contact.email:
                addresses.setdefault(contact.email.strip().casefold(), record.id)
    for message in read_mailbox(path, bodies=bodies):
        maker.order.look(message)
        senders = dict.fromkeys(addresses[one] for one in message.sender if one in addresses)
        others = dict.fromkeys(addresses[one] for one in message.others if one in addresses)
        customers = {**dict.fromkeys(others, "out"), **dict.fromkeys(senders, "in")}
        if not customers:
            maker.strangers += 1
            continue
        if message.moment is None:
            reason = Sentence(N_("the message has no date"))
            yield Taken(message.number, "rejected", reason=reason, subject=message.subject)
            continue
        day = message.moment.astimezone(zone).date()
        for customer, direction in customers.items():
            details = {"direction": direction, "text": message.subject}
            if message.body:
                details["body"] = message.body
            event = maker.event("mail", customer, day, details)
            yield maker.take(message.number, event, message.message_id)


def _rows(books: OpenBooks, maker: _Maker, path: Path) -> Iterator[Taken]:
    """Yield the rows of a table with the columns date, kind, customer, text and so on."""
    from ledgercli.books.foreign.registry import Reading, kind_of, read_file, read_foreign

    columns = {name: FieldName(name) for name in _COLUMNS_OF_TABLE}
    profile = Profile(columns, title="activity", name="activity", also=_ALSO)
    kind = kind_of(profile, path)
    table = read_foreign(read_file(path), profile, kind, path.name, Reading())
    for row in table.rows:
        if not any(row.cells.values()):
            continue
        try:
            event, source = _event_of(books, maker, row)
        except _RowError as error:
            subject = row.cells.get("text", "")
            yield Taken(row.number, "rejected", reason=error.reason, subject=subject)
        else:
            yield maker.take(row.number, event, source)


class _RowError(Exception):
    """A row that is no entry."""

    def __init__(self, message: str, **values: str) -> None:
        """Keep the reason: a message id and its values, or what another room has said."""
        self.reason = message if isinstance(message, Sentence) else Sentence(message, **values)
        super().__init__(message)


def _event_of(books: OpenBooks, maker: _Maker, row: ForeignRow) -> tuple[Event, str]:
    """Return the entry of a row and what it is known by; raise _RowError."""
    if row.fault:
        raise _RowError(row.fault)
    cells = {name: row.cells.get(name, "").strip() for name in _COLUMNS_OF_TABLE}
    kind = cells["kind"].casefold() or "note"
    kind = _KIND_WORDS.get(kind, kind)
    if kind not in CONTACT_KINDS:
        raise _RowError(N_("the kind `{kind}` is not known"), kind=kind[:40])
    try:
        customer = books.customer_id(cells["customer"])
    except CustomerNotFoundError:
        unknown = cells["customer"][:60]
        raise _RowError(N_("no customer `{customer}`"), customer=unknown) from None
    details: dict[str, Any] = {"text": cells["text"]}
    if kind in {"complaint", "service"}:
        details["status"] = "open"
    if score := cells["score"]:
        if not (score.isascii() and score.isdigit() and len(score) < 3) or int(score) > _SCORE_MAX:
            raise _RowError(N_("`{text}` is not a score from 0 to 10"), text=score[:40])
        details["score"] = int(score)
    elif not cells["text"]:
        raise _RowError(N_("the row says nothing"))
    day = _day(cells["date"])
    if cells["follow_up"]:
        details["follow_up"] = _day(cells["follow_up"]).isoformat()
    joined = "\0".join([customer, *(cells[name] for name in _COLUMNS_OF_TABLE)])
    digest = hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return maker.event(kind, customer, day, details), cells["ref"] or f"row:{digest}"


def _day(text: str) -> dt.date:
    try:
        return parse_date(text)
    except ValueError:
        raise _RowError(N_("`{text}` is not a date such as 2026-11-21"), text=text[:40]) from None


_COLUMNS = (
    Column("row", N_("row"), "number"),
    Column("action", N_("action"), "code", words="exchange-action"),
    Column("date", N_("date"), "date"),
    Column("kind", N_("kind"), "code", words="event"),
    Column("customer", N_("customer"), "code"),
    Column("text", N_("what"), flexible=True),
    Column("source", N_("source"), "code", shown=False),
)


def _answer(taken: Iterable[Taken], file: str, maker: _Maker, *, dry_run: bool) -> Answer:
    """Return what became of each row; those that stay as they are are only counted for people."""
    listed = list(taken)
    counts = {
        action: sum(1 for one in listed if one.action == action)
        for action in ("new", "unchanged", "rejected")
    }
    rows = [
        {
            "row": one.number,
            "action": one.action,
            "date": one.event.date if one.event else None,
            "kind": one.event.kind if one.event else None,
            "customer": one.event.customer if one.event else None,
            "text": one.subject,
            "source": str(one.event.details.get("source")) if one.event else None,
        }
        for one in listed
        if one.action != "unchanged"
    ]
    words = N_("{new} new, {unchanged} in the log before, {rejected} rejected.")
    notes: list[Text | str] = [Text(words, counts)]
    if strangers := maker.strangers:
        notes.append(
            Text(
                N_("{count} message is neither from nor to a customer."),
                {},
                N_("{count} messages are neither from nor to a customer."),
                strangers,
            )
        )
    if within := maker.order.within:
        notes.append(
            Text(
                N_("{count} mail that was forwarded as it was stays part of the mail around it."),
                {},
                N_(
                    "{count} mails that were forwarded as they were stay part of those around them."
                ),
                within,
            )
        )
    if dry_run:
        notes.append(N_("Dry run: nothing was written."))
    findings = tuple(
        Finding(codes.ROW_REJECTED, {"reason": one.reason}, Place(file, one.number))
        for one in listed
        if one.reason
    )
    days = {one.number: one.event.date for one in listed if one.action == "new" and one.event}
    findings += tuple(
        Finding(
            codes.MAIL_OF_DOUBT, {"date": days[mail.number].isoformat()}, Place(file, mail.line)
        )
        for mail in maker.order.doubtful()
        if mail.number in days
    )
    return Answer(
        "activity-import/1",
        facts={"dry_run": dry_run, **counts, "strangers": strangers},
        tables=(Table("rows", _COLUMNS, rows, empty=N_("Nothing new.")),),
        notes=tuple(notes),
        task_findings=findings,
    )
