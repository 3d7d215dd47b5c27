"""A written letter as a message for a channel: its files as they stand now, and its facts."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledgercli.books.files import inside
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.letter_facts import PLAN_EDITED, Obstacle
from ledgercli.desk.reminders.letter_files import (
    Entry,
    LetterFolder,
    digest,
    letter_name,
    read_entries,
)
from ledgercli.model.answer import Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.currency import plain
from ledgercli.model.letter_plan import PlannedLetter
from ledgercli.model.record import dataclass
from ledgercli.model.values import Money
from ledgercli.reminders.delivery.message import Attachment, Message, message_id
from ledgercli.reminders.recipient import address_lines

#: Formats that say the whole letter, and their media types; what else is in the files goes along.
_WHOLE = ("txt", "md", "html", "pdf")
#: What git puts before the first of two texts that it cannot merge.
_CONFLICT = b"<<<<<<< "
_MEDIA_TYPES = {"pdf": "application/pdf", "csv": "text/csv"}


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a letter as they stand: contents by name, and which a person has edited."""

    folder: str
    letter: PlannedLetter
    contents: Mapping[str, bytes]
    edited: frozenset[str]

    @property
    def path(self) -> str:
        """Return the letter's path without language and suffix."""
        return f"{self.folder}/{self.letter.letter}"

    @property
    def digest(self) -> str:
        """Return one hash of what goes out and to whom: that, and no less, is approved.

        It is of all files, of channel, address and subject in the plan, and of the facts that the
        letter says, the recipient's postal address among them.
        """
        letter = self.letter
        lines = [f"{name} {digest(content)}\n" for name, content in sorted(self.contents.items())]
        lines += [
            f"{value!r}\n" for value in (letter.channel, letter.to, letter.subject, letter.facts)
        ]
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def first(self) -> tuple[str, str]:
        """Return the path of the letter's first file, and the hash of its content."""
        name = next(iter(self.contents))
        return f"{self.folder}/{name}", digest(self.contents[name])


class LetterReader:
    """Reads letters of one folder, whose record of what was written is read once."""

    def __init__(self, books: OpenBooks, folder: str, trial: LetterFolder | None = None) -> None:
        """Read the record; raise FileUnreadableError. A ``trial`` has what was not written."""
        self.books, self.folder = books, folder
        self.entries: Mapping[str, Entry] = (
            trial.entries if trial else read_entries(books.root, folder)
        )
        self.unwritten: Mapping[Path, bytes] = trial.unwritten if trial else {}

    def read(self, letter: PlannedLetter) -> Written | Obstacle:
        """Return the files of ``letter``, or why they cannot be sent as they are."""
        contents: dict[str, bytes] = {}
        for name in letter.files:
            path = inside(self.books.root, f"{self.folder}/{name}")
            try:
                contents[name] = self.unwritten.get(path) or path.read_bytes()
            except OSError:
                values = {"file": f"{self.folder}/{name}"}
                missing = N_("`{file}` is not there; write it again, or take it out of the plan")
                return Obstacle("missing", Text(missing, values))
        if not contents:
            return Obstacle("missing", Text(N_("the plan names no file of it")))
        edited = frozenset(
            name
            for name, content in contents.items()
            if name not in self.entries
            or digest(content) not in {self.entries[name].digest, self.entries[name].before}
        )
        wrong = self._misnamed(letter) or next(
            filter(None, (_broken(f"{self.folder}/{n}", contents[n]) for n in sorted(edited))), None
        )
        if wrong:
            return wrong
        # Not what is enclosed, whose names begin otherwise.
        own = {name for name in contents if name.startswith(f"{letter.letter}.")}
        whole = {name for name in own if name.rpartition(".")[2] in _WHOLE}
        if edited & whole and whole - edited:
            values = {
                "edited": ", ".join(sorted(edited & whole)),
                "others": ", ".join(sorted(whole - edited)),
            }
            words = N_("{edited} was edited, {others} was not: take one of them out of the plan")
            return Obstacle("edited-partly", Text(words, values))
        return Written(self.folder, letter, contents, edited)

    def _misnamed(self, letter: PlannedLetter) -> Obstacle | None:
        """Return what in the plan is not as the letter was written: its number, whose files.

        A file that a person has added is not in the record, and may have any name.
        """
        written = [name for name in letter.files if name in self.entries]
        beginnings = (letter.letter, letter_name(letter.customer, letter.currency, ""))
        for name in written:
            if not name.startswith(beginnings):
                words = N_("`{file}` was written for another letter")
                return Obstacle("edited-partly", Text(words, {"file": f"{self.folder}/{name}"}))
        own = f"{letter.letter}."
        numbers = {self.entries[name].sequence for name in written if name.startswith(own)}
        if numbers and letter.number not in numbers:
            return Obstacle("changed", Text(PLAN_EDITED, {"key": "number"}))
        return None


def _broken(path: str, content: bytes) -> Obstacle | None:
    """Return why a file that somebody edited is no letter: it is empty, or half merged."""
    if not content.strip():
        return Obstacle("missing", Text(N_("`{file}` is empty"), {"file": path}))
    if content.startswith(_CONFLICT) or b"\n" + _CONFLICT in content:
        words = N_("`{file}` has marks of a merge that is not finished")
        return Obstacle("edited-partly", Text(words, {"file": path}))
    return None


def identifier(books: OpenBooks, folder: str, letter: PlannedLetter) -> str:
    """Return the message id of a letter, the same however often it is sent."""
    path = f"{folder}/{letter.letter}"
    return message_id(books.settings.mail.sender, letter.customer, path, str(letter.number))


def message_of(books: OpenBooks, written: Written, day: dt.date, message_id: str = "") -> Message:
    """Return the letter for a channel, dated now, or at this time of another ``day``.

    ``message_id`` is that of earlier attempts, if there were any.
    """
    letter = written.letter
    texts: dict[str, str] = {}
    attachments: list[Attachment] = []
    for name, content in written.contents.items():
        kind = name.rpartition(".")[2]
        if kind in {"txt", "md", "html"} and kind not in texts:
            texts[kind] = content.decode("utf-8", "replace")
        elif kind in _MEDIA_TYPES:
            attachments.append(Attachment(name, _MEDIA_TYPES[kind], content))
    mail = books.settings.mail
    company = books.settings.company
    record = next((each for each in books.customers if each.id == letter.customer), None)
    return Message(
        message_id=message_id or identifier(books, written.folder, letter),
        sender=mail.sender,
        reply_to=mail.reply_to or (company.email if company.email not in mail.sender else ""),
        recipient="" if letter.channel == "post" else letter.to,
        recipient_name=record.label if record else letter.customer,
        subject=letter.subject or letter.level_name,
        language=letter.language or books.settings.language or "en",
        date=moment(books, day),
        text=texts.get("txt") or texts.get("md", ""),
        html=texts.get("html", ""),
        attachments=tuple(attachments),
        customer=letter.customer,
        letter=written.path,
        facts=_facts(books, written),
    )


def moment(books: OpenBooks, day: dt.date) -> dt.datetime:
    """Return the time of a message: now, or at this time of another ``day``."""
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(books.settings.timezone) if books.settings.timezone else None
    now = books.now.astimezone(zone)
    return now if now.date() == day else dt.datetime.combine(day, now.timetz())


def _facts(books: OpenBooks, written: Written) -> Mapping[str, Any]:
    """Return what letter services and scripts want to know, as plain JSON values."""
    letter = written.letter
    record = next((each for each in books.customers if each.id == letter.customer), None)
    address = None
    if record:
        address = record.addresses.get("billing") or next(iter(record.addresses.values()), None)
    return {
        "customer": letter.customer,
        "address": list(address_lines(address, letter.language)) if address else [],
        "currency": letter.currency,
        "policy": letter.policy,
        "level": letter.level,
        "level_name": letter.level_name,
        "number": letter.number,
        "deadline": letter.deadline.isoformat() if letter.deadline else None,
        "total": _plain(letter.total),
        "unallocated": _plain(letter.unallocated),
        "deposits": _plain(letter.deposits),
        "fee": _plain(letter.fee),
        "interest": _plain(letter.interest),
        "claimed": _plain(letter.claimed),
        "documents": [
            {
                "number": document.number,
                "due": document.due.isoformat(),
                "open": _plain(document.open),
                "level": document.level,
                "raised": document.raised,
            }
            for document in letter.documents
        ],
        "files": [f"{written.folder}/{name}" for name in written.contents],
    }


def _plain(money: Money | None) -> str | None:
    return plain(money.amount, money.currency) if money else None
