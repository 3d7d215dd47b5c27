"""A letter as an e-mail: RFC 5322 headers, RFC 2045 parts, the same bytes for the same letter."""

from __future__ import annotations

import hashlib
import re
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.sentence import Sentence
from ledgercli.reminders.delivery.address import Address, AddressError, bare_address, parse_address
from ledgercli.reminders.delivery.errors import DeliveryError
from ledgercli.reminders.delivery.message import Attachment, Message
from ledgercli.reminders.delivery.plain import clean_text, one_line

#: Lines of text that a server need not cut or refuse; longer ones are encoded.
LINE_MAX = 78
SUBJECT_MAX = 400
#: Seven bits pass everywhere, and the same bytes arrive that were sent: what a signature needs.
_POLICY = SMTP.clone(cte_type="7bit", max_line_length=LINE_MAX)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MESSAGE_ID = re.compile(r"<[^<>\s@]+@[^<>\s@]+>", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+", re.ASCII)


def as_email(message: Message) -> bytes:
    """Return ``message`` in the form of RFC 5322 with CRLF, the same bytes for equal messages.

    Text and HTML are alternatives, attachments follow both. Control and bidi characters are left
    out, so that no value can add a header or a recipient. Only addresses whose local part is not
    ASCII make headers that are not; then the bytes are UTF-8. Raise AddressError for an address
    that is none, ValueError for a message id that is none.
    """
    if not _MESSAGE_ID.fullmatch(message.message_id):
        msg = f"no message id: {message.message_id!r}"
        raise ValueError(msg)
    content = _content(message)
    return "".join(_headers(message)).encode() + content


def email_of(message: Message) -> bytes:
    """Return :func:`as_email`; raise DeliveryError for an address that is none.

    That of the recipient is final. Those of the sender are no fault of the customer.
    """
    wrong = N_("`{address}` is not one e-mail address")
    try:
        bare_address(message.recipient)
    except AddressError as error:
        raise DeliveryError(Sentence(wrong, address=one_line(str(error))[:80])) from None
    try:
        return as_email(message)
    except AddressError as error:
        reason = Sentence(wrong, address=one_line(str(error))[:80])
        raise DeliveryError(reason, temporary=True, whole_channel=True) from None


def _headers(message: Message) -> list[str]:
    recipient = bare_address(message.recipient)
    to = Address(recipient.local, recipient.domain, one_line(message.recipient_name))
    sender = parse_address(message.sender)
    lines = [
        f"Date: {format_datetime(message.date)}\r\n",
        _mailbox("From", sender),
        _mailbox("To", to),
        _words("Subject", one_line(message.subject)[:SUBJECT_MAX]),
        f"Message-ID: {message.message_id}\r\n",
    ]
    if message.reply_to.strip():
        lines.append(_mailbox("Reply-To", parse_address(message.reply_to)))
    if _LANGUAGE.fullmatch(message.language):
        lines.append(f"Content-Language: {message.language}\r\n")
    # RFC 3834: no out-of-office answers, please, and no answer by a machine to this machine.
    lines.append("Auto-Submitted: auto-generated\r\n")
    lines.append("X-Auto-Response-Suppress: OOF, AutoReply\r\n")
    return lines


def _words(name: str, text: str) -> str:
    """Return a header of free text, folded; beyond ASCII as encoded words (RFC 2047)."""
    return f"{name}: {_encoded(name, text)}\r\n"


def _encoded(name: str, text: str) -> str:
    plain = text.isascii() and "=?" not in text and len(name) + 2 + len(text) <= LINE_MAX
    if plain:
        return text
    return Header(text, "utf-8", LINE_MAX - 2, name).encode(linesep="\r\n")


def _mailbox(name: str, address: Address) -> str:
    """Return a header with one address and its display name, where it has one."""
    bare = f"<{address.address}>" if address.name else address.address
    shown = address.name
    if shown and not _PLAIN_NAME.fullmatch(shown) and shown.isascii():
        shown = '"' + re.sub(r'(["\\])', r"\\\1", shown) + '"'
    if shown and ("=?" in shown or not shown.isascii() or len(shown) > LINE_MAX - len(name) - 2):
        shown = Header(address.name, "utf-8", LINE_MAX - 2, name).encode(linesep="\r\n")
    last = f"{name}: {shown}".rpartition("\r\n")[2]
    fits = len(last) + 1 + len(bare) <= LINE_MAX
    gap = "" if not shown else " " if fits else "\r\n "
    if not shown and len(name) + 2 + len(bare) > LINE_MAX:
        gap = "\r\n "
    return f"{name}: {shown}{gap}{bare}\r\n"


def _content(message: Message) -> bytes:
    """Return the MIME headers, an empty line and the body."""
    mail = EmailMessage(_POLICY)
    mail.set_content(clean_text(message.text))
    if message.html:
        mail.add_alternative(clean_text(message.html), subtype="html")
    for attachment in message.attachments:
        _attach(mail, attachment)
    for part in mail.walk():
        if part is not mail:
            del part["MIME-Version"]  # it belongs at the top alone
    parts = [part for part in mail.walk() if part.is_multipart()]
    if parts:
        # Made from the content too: what a customer's name says cannot contain a hash of itself.
        digest = hashlib.sha256(message.message_id.encode())
        digest.update(clean_text(message.text).encode())
        digest.update(clean_text(message.html).encode())
        for number, part in enumerate(parts):
            part.set_boundary(f"=_{number}_{digest.hexdigest()[:40]}")
    return mail.as_bytes()


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    media_type = attachment.media_type
    if not _MEDIA_TYPE.fullmatch(media_type) or media_type.startswith(("multipart/", "message/")):
        media_type = "application/octet-stream"
    main, _, sub = media_type.partition("/")
    # A path in a name would be a wish to be written somewhere.
    name = one_line(attachment.name).replace("\\", "/").rpartition("/")[2]
    mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name or "file")


def is_international(message: Message) -> bool:
    """Return whether only servers with SMTPUTF8 can take ``message``."""
    addresses = (message.sender, message.recipient, message.reply_to)
    try:
        return any(parse_address(text).is_international for text in addresses if text.strip())
    except AddressError:
        return False
