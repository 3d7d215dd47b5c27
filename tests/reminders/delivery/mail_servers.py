"""Mail servers on loopback: a real one with TLS and login, and one that fails where it is told."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Self

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from ledgercli.books import files
from ledgercli.model.mail_values import Seconds
from ledgercli.model.settings import Mail, Smtp
from ledgercli.reminders.delivery.channel import Circumstances
from ledgercli.reminders.delivery.message import Attachment, Message, message_id
from ledgercli.reminders.delivery.smtp import SmtpChannel

HOST = "127.0.0.1"
SENDER = "Nordkai Handels GmbH <books@nordkai.example>"
LETTER = Message(
    message_id=message_id(SENDER, "C001", "letters/2026-11-21/C001-EUR-firm", "1"),
    sender=SENDER,
    reply_to="",
    recipient="ap@acme.example",
    recipient_name="Ute Maier",
    subject="Reminder",
    language="en",
    date=dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC),
    text="Dear Ms Maier,\n\n.hidden\nplease pay.\n",
    html="<p>Dear Ms Maier</p>\n",
    attachments=(Attachment("letter.pdf", "application/pdf", b"%PDF-1.7\n\x00\xff"),),
    customer="C001",
    letter="letters/2026-11-21/C001-EUR-firm",
    facts={"total": "100.00", "currency": "EUR"},
)


def letter(number: int = 1, **changes: object) -> Message:
    """Return a letter that differs from all others in its id."""
    other = replace(LETTER, message_id=message_id(SENDER, "C001", str(number)))
    return replace(other, **changes)  # type: ignore[arg-type]


def circumstances(
    mail: Mail, root: Path, environment: Mapping[str, str] | None = None
) -> Circumstances:
    return Circumstances(mail, environment or {}, root, files)


def settings(port: int, **smtp: object) -> Mail:
    """Return settings for a server without encryption, where ``smtp`` does not say otherwise."""
    values: dict[str, object] = {
        "host": HOST,
        "port": port,
        "security": "none",
        "timeout": Seconds(5),
    }
    return Mail(sender=SENDER, smtp=Smtp(**(values | smtp)))  # type: ignore[arg-type]


def channel(mail: Mail, root: Path, environment: Mapping[str, str] | None = None) -> SmtpChannel:
    return SmtpChannel(circumstances(mail, root, environment))


@dataclass
class Inbox:
    """What the real server took."""

    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    sessions: set[object] = field(default_factory=set)
    greeted_as: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server
        assert session.peer is not None
        self.sessions.add(session.peer)
        self.greeted_as.append(str(session.host_name))
        self.envelopes.append(envelope)
        return "250 2.0.0 taken"


class _Controller(Controller):
    """Takes the TLS context for STARTTLS apart from that of implicit TLS."""

    def __init__(self, inbox: Inbox, *, implicit: ssl.SSLContext | None, **options: Any) -> None:  # noqa: ANN401 - those of the library
        self._options = options
        super().__init__(inbox, hostname=HOST, port=0, ssl_context=implicit)

    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="mail.example", **self._options)

    def _trigger_server(self) -> None:
        # It would connect to port 0, of which only the system knows the true number.
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextlib.contextmanager
def mail_server(
    *,
    starttls: ssl.SSLContext | None = None,
    implicit: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
    **options: Any,  # noqa: ANN401 - those of the library
) -> Iterator[tuple[Inbox, int]]:
    """Run a server that keeps what it gets; yield that, and its port."""
    inbox = Inbox()
    if starttls:
        options |= {"tls_context": starttls, "require_starttls": True}
    if login:

        def authenticator(
            _server: object, _session: object, _envelope: object, _mechanism: str, data: object
        ) -> AuthResult:
            assert isinstance(data, LoginPassword)
            inbox.logins.append(data.login)
            known = (data.login.decode(), data.password.decode()) == login
            return AuthResult(success=known, handled=False)

        options |= {
            "authenticator": authenticator,
            "auth_required": True,
            "auth_require_tls": starttls is not None,
        }
    controller = _Controller(inbox, implicit=implicit, **options)
    controller.start()
    try:
        yield inbox, controller.port
    finally:
        controller.stop()


@dataclass(frozen=True)
class Certificates:
    """An authority of our own, and servers' contexts with certificates that it signed."""

    authority: bytes
    right_name: ssl.SSLContext
    wrong_name: ssl.SSLContext

    def file(self, folder: Path) -> str:
        """Write the authority's certificate into ``folder``; return the path."""
        path = folder / "authority.pem"
        path.write_bytes(self.authority)
        return str(path)


@functools.cache
def certificates() -> Certificates:
    """Return certificates that are made once in a run of the tests."""
    authority = trustme.CA()
    contexts = []
    for name in (HOST, "other.example"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        contexts.append(context)
    return Certificates(authority.cert_pem.bytes(), *contexts)


#: The stages of a conversation, by the first word of the client.
STAGES = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "CONTENT", "DOT")
_REPLIES = {
    "CONNECT": "220 mail.example",
    "EHLO": "250-mail.example\r\n250 8BITMIME",
    "HELO": "250 mail.example",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "DOT": "250 taken",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}
#: Faults that are no reply.
DROP = "drop"
SILENCE = "silence"


class FaultyServer:
    """Speaks just enough SMTP to fail at one stage, ``times`` times; counts what it took whole."""

    def __init__(self, stage: str, fault: str, times: int = 1000) -> None:
        self.stage, self.fault, self.left = stage, fault, times
        self.taken: list[bytes] = []
        self.connections = 0
        self._failed = ""
        self._socket = socket.create_server((HOST, 0))
        self.port: int = self._socket.getsockname()[1]
        self._ended = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in (self._listener, *self._threads):
            thread.join(5)

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as lines:
            if not self._answer(connection, "CONNECT"):
                return
            for line in lines:
                verb = line.split()[0].decode().upper()
                if not self._answer(connection, verb):
                    return
                if verb == "QUIT":
                    return
                if verb == self._failed or verb != "DATA":
                    continue
                if not self._content(connection, lines):
                    return

    def _content(self, connection: socket.socket, lines: BinaryIO) -> bool:
        content = b""
        for line in lines:
            if self.stage == "CONTENT" and self.left > 0:
                self.left -= 1
                return self._fail(connection)
            if line == b".\r\n":
                if self.stage != "DOT" or self.left <= 0 or self.fault in {DROP, SILENCE}:
                    self.taken.append(content)
                return self._answer(connection, "DOT")
            content += line
        return False

    def _answer(self, connection: socket.socket, verb: str) -> bool:
        """Answer; return whether the conversation goes on."""
        self._failed = ""
        if verb == self.stage and self.left > 0:
            self.left -= 1
            self._failed = verb
            return self._fail(connection)
        connection.sendall(f"{_REPLIES.get(verb, '502 what')}\r\n".encode())
        return True

    def _fail(self, connection: socket.socket) -> bool:
        if self.fault == DROP:
            return False
        if self.fault == SILENCE:
            self._ended.wait(10)
            return False
        connection.sendall(f"{self.fault}\r\n".encode())
        return not self.fault.startswith("421")
