"""A letter as it is handed to a channel."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a letter. ``media_type`` is such as ``application/pdf``."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One letter to one customer, complete.

    ``sender`` and ``reply_to`` are addresses with or without a name (``Books <b@example.com>``),
    ``recipient`` is one bare address, empty for letters that go by post. ``date`` has a time zone.
    ``html`` may be empty. ``letter`` is the path of the letter within the books without its
    language and suffix; it names files and pages. ``facts`` are plain JSON values for ``command:``
    channels.
    """

    message_id: str
    sender: str
    reply_to: str
    recipient: str
    recipient_name: str
    subject: str
    language: str
    date: dt.datetime
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    customer: str
    letter: str
    facts: Mapping[str, object]


def message_id(sender: str, *facts: str) -> str:
    """Return the ``Message-ID`` of a letter: the same for the same facts, at the sender's domain.

    The facts must tell one sending from every other: the customer, the letter, its number, and how
    often it has been sent on purpose. A repeat after a crash is no new sending.
    """
    from ledgercli.reminders.delivery.address import domain_of

    joined = "\0".join(facts).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(joined).hexdigest()[:32]
    return f"<{digest}@{domain_of(sender) or 'ledgercli.invalid'}>"
