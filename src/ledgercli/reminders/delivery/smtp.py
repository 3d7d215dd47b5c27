"""The channel ``email``: letters handed to a mail server, one connection for many.

What a failure means depends on when it comes. Before the final dot of a letter the server does not
have it; once the dot has gone out and no answer comes back, nobody knows (RFC 5321, 4.2.5). So the
dot is sent apart from the letter.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.sentence import Sentence
from ledgercli.reminders.delivery.address import Address, bare_address
from ledgercli.reminders.delivery.channel import Circumstances
from ledgercli.reminders.delivery.email_form import email_of, is_international
from ledgercli.reminders.delivery.errors import DeliveryError
from ledgercli.reminders.delivery.message import Message
from ledgercli.reminders.delivery.reply import shown_error, shown_reply
from ledgercli.reminders.delivery.sender import sender_of, setting
from ledgercli.reminders.delivery.smtp_connection import Connector

#: After a failed connection the letters that follow do not each wait for it again.
PAUSE_SECONDS = 20
#: Replies to MAIL or RCPT that are about the login, not about an address (RFC 4954).
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_SERVER_GONE = 421
_TOO_LARGE = 552


@contextmanager
def open_smtp(_target: str, circumstances: Circumstances) -> Iterator[SmtpChannel]:
    """Yield the channel; leaving it says goodbye to the server."""
    channel = SmtpChannel(circumstances)
    try:
        yield channel
    finally:
        channel.close()


class SmtpChannel:
    """Hands letters to the server of the settings."""

    def __init__(
        self, circumstances: Circumstances, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Check the settings; raise a ChannelError where they cannot work."""
        mail = circumstances.mail
        sender = sender_of(mail)
        self._envelope = setting("mail.bounces", mail.bounces) if mail.bounces else sender
        self._copy = setting("mail.bcc", mail.bcc) if mail.bcc else None
        self._connector = Connector(circumstances, ehlo=sender.domain)
        self._clock = clock
        self._server: smtplib.SMTP | None = None
        self._failed: tuple[float, DeliveryError] | None = None

    def deliver(self, message: Message) -> str:
        """Hand over ``message``; return the server's answer."""
        content = email_of(message)
        recipient = bare_address(message.recipient)
        international = is_international(message) or self._envelope.is_international
        reused = self._server is not None
        try:
            return self._attempt(recipient, content, international=international)
        except _GoneError as gone:
            # A server may end a connection after some letters or some time. It has nothing of this
            # one, so that a new connection is no repeat.
            self.close()
            if not reused:
                raise gone.error from None
        try:
            return self._attempt(recipient, content, international=international)
        except _GoneError as gone:
            self.close()
            raise gone.error from None

    def close(self) -> None:
        """End the connection. What goes wrong with that no longer matters."""
        server, self._server = self._server, None
        if server is None:
            return
        with contextlib.suppress(smtplib.SMTPException, OSError, ValueError):
            if server.sock is not None:
                server.sock.settimeout(5)
            server.quit()
        with contextlib.suppress(OSError):
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        if self._failed and self._clock() < self._failed[0] + PAUSE_SECONDS:
            raise self._failed[1]
        try:
            self._server = self._connector.connect()
        except DeliveryError as error:
            self._failed = (self._clock(), error)
            raise
        self._failed = None
        return self._server

    def _attempt(self, recipient: Address, content: bytes, *, international: bool) -> str:
        server = self._connected()
        try:
            return self._transaction(server, recipient, content, international=international)
        except DeliveryError as error:
            if error.uncertain or server.sock is None:
                self.close()
            else:
                self._reset(server)
            raise

    def _reset(self, server: smtplib.SMTP) -> None:
        """Forget the letter that was refused; a connection that cannot is of no more use."""
        try:
            forgotten = server.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            forgotten = False
        if not forgotten:
            self.close()

    def _transaction(
        self, server: smtplib.SMTP, recipient: Address, content: bytes, *, international: bool
    ) -> str:
        options = self._options(server, len(content), international=international)
        with _before_content():
            _expect(server.mail(self._envelope.address, options), sender=True)
            _expect(server.rcpt(recipient.address))
            left_out = self._rcpt_copy(server)
            _expect(server.docmd("DATA"), wanted=354)
        reply = _send_content(server, content)
        return " ".join(filter(None, [reply, left_out]))

    def _options(self, server: smtplib.SMTP, size: int, *, international: bool) -> list[str]:
        """Return the options of MAIL; raise where the server could not take the letter."""
        options: list[str] = []
        if server.has_extn("size"):
            limit = server.esmtp_features["size"].strip()
            if limit.isdecimal() and 0 < int(limit) < size:
                wrong = N_("the letter has {size} bytes, the server takes {limit}")
                raise DeliveryError(Sentence(wrong, size=str(size), limit=limit))
            options.append(f"SIZE={size}")
        if international:
            if not server.has_extn("smtputf8"):
                wrong = N_("the server takes no addresses with letters beyond ASCII (SMTPUTF8)")
                raise DeliveryError(Sentence(wrong))
            options += ["SMTPUTF8", "BODY=8BITMIME"]
            server.command_encoding = "utf-8"
        else:
            server.command_encoding = "ascii"
        return options

    def _rcpt_copy(self, server: smtplib.SMTP) -> str:
        """Ask for the blind copy; a refusal is told, and does not keep the letter back."""
        if self._copy is None:
            return ""
        code, text = server.rcpt(self._copy.address)
        if code == _SERVER_GONE:
            _expect((code, text))
        if code in {250, 251, 252}:
            return ""
        return f"(no copy to {self._copy.address}: {code} {shown_reply(text)})"


class _GoneError(Exception):
    """The server ended the connection before it had the letter."""

    def __init__(self, error: DeliveryError) -> None:
        super().__init__(error.reason)
        self.error = error


def _send_content(server: smtplib.SMTP, content: bytes) -> str:
    """Send the letter, then the dot that makes the server responsible; return its answer."""
    quoted = re.sub(rb"(?m)^\.", b"..", content)
    if not quoted.endswith(b"\r\n"):
        quoted += b"\r\n"
    with _before_content():
        server.send(quoted)
    try:
        server.send(b".\r\n")
        code, text = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        lost = N_("the connection broke after the whole letter was sent: {reason}")
        raise DeliveryError(
            Sentence(lost, reason=shown_error(error)), temporary=True, uncertain=True
        ) from None
    if code // 100 in {4, 5}:
        raise _refusal(code, text)
    if code // 100 != 2:  # no answer of the protocol
        odd = N_("the server answered the whole letter with {code} {text}")
        reason = Sentence(odd, code=str(code), text=shown_reply(text))
        raise DeliveryError(reason, temporary=True, uncertain=True)
    return f"{code} {shown_reply(text)}"


@contextmanager
def _before_content() -> Iterator[None]:
    """Turn what happens before the final dot into a temporary failure of the connection."""
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        broken = N_("the connection to the server broke: {reason}")
        raise _GoneError(
            DeliveryError(Sentence(broken, reason=shown_error(error)), temporary=True)
        ) from None
    except UnicodeError:  # an address that the server's alphabet does not have
        wrong = N_("the server takes no addresses with letters beyond ASCII (SMTPUTF8)")
        raise DeliveryError(Sentence(wrong)) from None


def _expect(reply: tuple[int, bytes], *, wanted: int = 250, sender: bool = False) -> None:
    """Raise unless ``reply`` is what the protocol wants; ``sender`` says that it is about us."""
    code, text = reply
    if code == wanted or (wanted == 250 and code in {251, 252}):
        return
    error = _refusal(code, text, whole_channel=code in _LOGIN_CODES)
    if sender and code != _TOO_LARGE and not error.temporary:
        error = _refusal(code, text, whole_channel=True)
    if code == _SERVER_GONE:
        raise _GoneError(error)
    raise error


def _refusal(code: int, text: bytes, *, whole_channel: bool = False) -> DeliveryError:
    """Return the error of a reply: 4xx is temporary, all else final.

    What is no fault of the recipient may be put right, and is temporary too.
    """
    refused = N_("the server refused: {code} {text}")
    temporary = 400 <= code < 500 or whole_channel
    reason = Sentence(refused, code=str(code), text=shown_reply(text))
    return DeliveryError(reason, temporary=temporary, whole_channel=whole_channel)
