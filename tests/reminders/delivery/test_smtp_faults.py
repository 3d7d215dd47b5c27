from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from mail_servers import (
    DROP,
    HOST,
    LETTER,
    SILENCE,
    FaultyServer,
    channel,
    circumstances,
    letter,
    settings,
)

from ledgercli.model.mail_values import Seconds
from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.errors import DeliveryError
from ledgercli.reminders.delivery.message import Attachment
from ledgercli.reminders.delivery.smtp import PAUSE_SECONDS, SmtpChannel

Kind = tuple[bool, bool, bool]
#: temporary, uncertain, whole channel
LATER: Kind = (True, False, False)
NEVER: Kind = (False, False, False)
PERHAPS: Kind = (True, True, False)
NOT_THE_CUSTOMER: Kind = (True, False, True)


def failure(mail: Mail, root: Path) -> tuple[str, Kind]:
    opened = channel(mail, root)
    with pytest.raises(DeliveryError) as caught:
        opened.deliver(LETTER)
    opened.close()
    error = caught.value
    return str(error), (error.temporary, error.uncertain, error.whole_channel)


@pytest.mark.parametrize(
    ("stage", "fault", "kind", "reason"),
    [
        ("CONNECT", "421 busy", NOT_THE_CUSTOMER, "421 busy"),
        ("CONNECT", "554 go away", NOT_THE_CUSTOMER, "554 go away"),
        ("CONNECT", "what is this", NOT_THE_CUSTOMER, "no connection"),
        ("EHLO", "421 busy", NOT_THE_CUSTOMER, "no connection"),
        ("MAIL", "451 greylisted", LATER, "451 greylisted"),
        ("MAIL", "530 log in first", NOT_THE_CUSTOMER, "530 log in first"),
        ("MAIL", "550 unknown sender", NOT_THE_CUSTOMER, "550 unknown sender"),
        ("MAIL", "552 too large", NEVER, "552 too large"),
        ("RCPT", "450 mailbox busy", LATER, "450 mailbox busy"),
        ("RCPT", "421 too many errors", LATER, "421 too many errors"),
        ("RCPT", "550 no such user", NEVER, "550 no such user"),
        ("RCPT", "530 log in first", NOT_THE_CUSTOMER, "530 log in first"),
        ("DATA", "451 disk full", LATER, "451 disk full"),
        ("DATA", "554 no valid recipients", NEVER, "554 no valid recipients"),
        ("DOT", "452 disk full", LATER, "452 disk full"),
        ("DOT", "554 spam", NEVER, "554 spam"),
        ("DOT", "421 shutting down", LATER, "421 shutting down"),
        ("DOT", "nonsense", PERHAPS, "the server answered the whole letter with -1"),
        ("CONNECT", DROP, NOT_THE_CUSTOMER, "no connection"),
        ("EHLO", DROP, NOT_THE_CUSTOMER, "no connection"),
        ("MAIL", DROP, LATER, "broke"),
        ("RCPT", DROP, LATER, "broke"),
        ("DATA", DROP, LATER, "broke"),
        ("DOT", DROP, PERHAPS, "after the whole letter was sent"),
        ("CONNECT", SILENCE, NOT_THE_CUSTOMER, "timed out"),
        ("EHLO", SILENCE, NOT_THE_CUSTOMER, "timed out"),
        ("MAIL", SILENCE, LATER, "timed out"),
        ("RCPT", SILENCE, LATER, "timed out"),
        ("DATA", SILENCE, LATER, "timed out"),
        ("DOT", SILENCE, PERHAPS, "timed out"),
    ],
)
def test_what_a_fault_means(
    tmp_path: Path, stage: str, fault: str, kind: Kind, reason: str
) -> None:
    with FaultyServer(stage, fault) as server:
        text, known = failure(settings(server.port, timeout=Seconds(1)), tmp_path)
        assert known == kind, text
        assert reason in text
        # Only where nobody knows may the server have the letter.
        assert bool(server.taken) == (kind == PERHAPS and fault != "nonsense")


def test_a_drop_within_a_large_letter(tmp_path: Path) -> None:
    """The server hangs up while content is still being sent, so it has no final dot."""
    large = Attachment("large.pdf", "application/pdf", bytes(12_000_000))
    with FaultyServer("CONTENT", DROP) as server:
        opened = channel(settings(server.port, timeout=Seconds(2)), tmp_path)
        with pytest.raises(DeliveryError) as caught:
            opened.deliver(letter(1, attachments=(large,)))
        assert (caught.value.temporary, caught.value.uncertain) == (True, False)
        assert server.taken == []


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    text, kind = failure(settings(port), tmp_path)
    assert text == f"no connection to `127.0.0.1`, port {port}: Connection refused"
    assert kind == NOT_THE_CUSTOMER


@pytest.mark.parametrize(("stage", "fault"), [("MAIL", DROP), ("MAIL", "421 idle"), ("RCPT", DROP)])
def test_a_connection_that_the_server_ended_is_made_anew(
    tmp_path: Path, stage: str, fault: str
) -> None:
    with FaultyServer(stage, fault, times=0) as server:
        opened = channel(settings(server.port), tmp_path)
        opened.deliver(letter(1))
        server.left = 1
        opened.deliver(letter(2))
        opened.close()
        assert server.connections == 2
        assert len(server.taken) == 2


def test_an_unanswered_letter_is_never_repeated_by_the_channel(tmp_path: Path) -> None:
    with FaultyServer("DOT", DROP, times=0) as server:
        opened = channel(settings(server.port), tmp_path)
        opened.deliver(letter(1))
        server.left = 1
        with pytest.raises(DeliveryError):
            opened.deliver(letter(2))
        assert len(server.taken) == 2
        opened.deliver(letter(3))
        opened.close()
        assert len(server.taken) == 3


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("fault", ["450 later", "550 never"])
def test_one_refusal_does_not_keep_back_the_next_letter(
    tmp_path: Path, stage: str, fault: str
) -> None:
    with FaultyServer(stage, fault, times=1) as server:
        opened = channel(settings(server.port), tmp_path)
        with pytest.raises(DeliveryError):
            opened.deliver(letter(1))
        opened.deliver(letter(2))
        opened.close()
        assert len(server.taken) == 1
        assert server.connections == 1


def test_a_server_that_is_down_is_not_asked_for_every_letter(tmp_path: Path) -> None:
    now = 0.0
    with FaultyServer("CONNECT", "421 busy") as server:
        opened = SmtpChannel(circumstances(settings(server.port), tmp_path), clock=lambda: now)
        for number in range(10):
            with pytest.raises(DeliveryError):
                opened.deliver(letter(number))
        assert server.connections == 1
        now = PAUSE_SECONDS + 1.0
        server.left = 0
        opened.deliver(letter(11))
        opened.close()
        assert len(server.taken) == 1


def test_a_refused_copy_does_not_keep_the_letter_back(tmp_path: Path) -> None:
    class OneRecipient(FaultyServer):
        """Takes the first recipient only."""

        def _answer(self, connection: socket.socket, verb: str) -> bool:
            goes_on = super()._answer(connection, verb)
            if verb == "RCPT":
                self.stage = "RCPT"
            return goes_on

    with OneRecipient("", "550 no archive") as server:
        mail = replace(settings(server.port), bcc="archive@nordkai.example")
        opened = channel(mail, tmp_path)
        receipt = opened.deliver(LETTER)
        opened.close()
    assert receipt == "250 taken (no copy to archive@nordkai.example: 550 no archive)"
    assert len(server.taken) == 1
