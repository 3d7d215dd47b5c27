"""Mailboxes: the headers of all messages in an mbox file or a Maildir, and their text if wanted."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path
from typing import Any

from ledgercli.books.errors import FileUnreadableError, NotAFileError
from ledgercli.books.foreign.errors import ForeignFileError
from ledgercli.books.mbox import BoxedMail, split_mbox
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import Sentence

_BODY_MAX = 4000
_ADDRESS_HEADERS = ("from", "to", "cc", "bcc", "reply-to", "delivered-to")


@dataclass(frozen=True, slots=True)
class MailboxMessage:
    """A message. ``sender`` and ``others`` are bare addresses in small letters.

    ``message_id`` is made of the headers where the message has none; ``moment`` has a time zone,
    None where the message has no date that can be read. ``number`` counts the messages from 1.
    ``line`` is where it begins in an mbox, 0 in a Maildir, ``is_counted`` says that it is certain
    where it ends, and ``within`` how many mails were forwarded in it as they were.
    """

    number: int
    message_id: str
    moment: dt.datetime | None
    sender: tuple[str, ...]
    others: tuple[str, ...]
    subject: str
    body: str = ""
    line: int = 0
    is_counted: bool = True
    within: int = 0


def is_mailbox(path: Path) -> bool:
    """Return whether ``path`` is a Maildir, or a file that begins as an mbox does."""
    try:
        if path.is_dir():
            return (path / "cur").is_dir() or (path / "new").is_dir()
        with path.open("rb") as file:
            return file.read(5) == b"From "
    except OSError:
        return False


def read_mailbox(path: Path, *, bodies: bool = False) -> Iterator[MailboxMessage]:
    """Yield the messages of an mbox file or a Maildir, in its order; nothing is changed in it.

    Raise NotAFileError, FileUnreadableError, and ForeignFileError for anything else.
    """
    if not path.exists():
        raise NotAFileError(path=path)
    if not is_mailbox(path):
        reason = Sentence(N_("it is neither an mbox file nor a Maildir"))
        raise ForeignFileError(file=path.name, kind="mbox", reason=reason)
    parser = BytesParser(policy=default)
    try:
        for number, mail in enumerate(_contents(path), start=1):
            parsed = parser.parsebytes(mail.content, headersonly=not bodies)
            message = _message(number, parsed, bodies)
            yield replace(message, line=mail.line, is_counted=mail.is_counted, within=mail.within)
    except OSError as error:
        raise FileUnreadableError(path=path, reason=error.strerror or error) from error


def _contents(path: Path) -> Iterator[BoxedMail]:
    """Yield the messages of an mbox in its order, of a Maildir by the names of its files."""
    if path.is_dir():
        import mailbox

        box = mailbox.Maildir(path, create=False)
        for key in sorted(box.keys()):
            yield BoxedMail(box.get_bytes(key), 0, True, 0)
        return
    with path.open("rb") as file:
        yield from split_mbox(file)


def _message(number: int, parsed: Any, bodies: bool) -> MailboxMessage:  # noqa: ANN401, FBT001
    message: EmailMessage = parsed
    found = {name: _addresses(message, name) for name in _ADDRESS_HEADERS}
    others = [address for name in _ADDRESS_HEADERS[1:] for address in found[name]]
    return MailboxMessage(
        number=number,
        message_id=_identifier(message),
        moment=_moment(message),
        sender=found["from"],
        others=tuple(dict.fromkeys(others)),
        subject=_header(message, "subject"),
        body=_body(message) if bodies else "",
    )


def _header(message: EmailMessage, name: str) -> str:
    """Return a header in one line, empty where it is missing or cannot be read."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, LookupError, IndexError, AttributeError):
        return ""


def _addresses(message: EmailMessage, name: str) -> tuple[str, ...]:
    try:
        lines = [str(line) for line in message.get_all(name, [])]
    except (ValueError, LookupError, IndexError, AttributeError):
        return ()
    pairs = getaddresses(lines)
    return tuple(address.strip().casefold() for _name, address in pairs if "@" in address)


def _identifier(message: EmailMessage) -> str:
    stated = _header(message, "message-id")
    if stated:
        return stated[:200]
    lines = "\0".join(_header(message, name) for name in ("date", "from", "to", "subject"))
    digest = hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"<{digest}@no-message-id>"


def _moment(message: EmailMessage) -> dt.datetime | None:
    try:
        found = parsedate_to_datetime(_header(message, "date"))
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _body(message: EmailMessage) -> str:
    """Return the plain text of a message, at most 4000 characters of it."""
    try:
        part = message.get_body(("plain",))
        text = str(part.get_content()) if part else ""
    except (KeyError, LookupError, ValueError, AttributeError):
        return ""
    return text.strip()[:_BODY_MAX]
