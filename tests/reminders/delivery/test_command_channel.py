from __future__ import annotations

import base64
import json
import shlex
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from mail_servers import LETTER, SENDER

from ledgercli.books import files
from ledgercli.model.mail_values import Seconds
from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.channel import open_channel
from ledgercli.reminders.delivery.errors import DeliveryError, TargetError, UntrustedChannelError
from ledgercli.reminders.delivery.message import Message

#: temporary, uncertain
LATER = (True, False)
NEVER = (False, False)
PERHAPS = (True, True)
MAIL = Mail(sender=SENDER, timeout=Seconds(10))


def deliver(program: str, root: Path, message: Message = LETTER, mail: Mail = MAIL) -> str:
    spec = f"command:{shlex.quote(sys.executable)} -c {shlex.quote(program)}"
    with open_channel(spec, mail, {"SERVICE": "post24"}, root, files=files) as channel:
        return channel.deliver(message)


def test_the_program_gets_the_letter_as_json(tmp_path: Path) -> None:
    program = (
        "import os, sys; open('got.json', 'wb').write(sys.stdin.buffer.read());"
        " print('job 17 at', os.environ['SERVICE']); print('more')"
    )
    message = replace(LETTER, recipient="", subject="催款函 \ud800")
    assert deliver(program, tmp_path, message) == "job 17 at post24"
    got = json.loads((tmp_path / "got.json").read_bytes())
    (attachment,) = got.pop("attachments")
    assert base64.b64decode(attachment.pop("content")) == message.attachments[0].content
    assert attachment == {"name": "letter.pdf", "media_type": "application/pdf"}
    assert got == {
        "schema": "ledgercli/delivery/1",
        "message_id": message.message_id,
        "date": "2026-11-21T08:00:00+00:00",
        "customer": "C001",
        "letter": "letters/2026-11-21/C001-EUR-firm",
        "language": "en",
        "sender": SENDER,
        "reply_to": "",
        "recipient": "",
        "recipient_name": "Ute Maier",
        "subject": "催款函 \ud800",
        "text": message.text,
        "html": message.html,
        "facts": {"total": "100.00", "currency": "EUR"},
    }


@pytest.mark.parametrize(
    ("program", "kind", "reason"),
    [
        ("exit(75)", LATER, "ended with 75 and said nothing"),
        ("import sys; print('no \x1b[31maddress', file=sys.stderr); exit(1)", NEVER, "ended with 1: no [31maddress"),
        ("print('no stamps'); exit(64)", NEVER, "ended with 64: no stamps"),
        ("import os; os.kill(os.getpid(), 9)", PERHAPS, "was ended by signal 9"),
    ],
)  # fmt: skip
def test_how_a_program_ends(
    tmp_path: Path, program: str, kind: tuple[bool, bool], reason: str
) -> None:
    with pytest.raises(DeliveryError) as caught:
        deliver(program, tmp_path)
    assert reason in str(caught.value)
    assert (caught.value.temporary, caught.value.uncertain) == kind


def test_a_program_that_does_not_read(tmp_path: Path) -> None:
    large = replace(LETTER, text="x" * 1_000_000)
    assert deliver("print('bored')", tmp_path, large) == "bored"


def test_a_program_that_does_not_end_is_ended_with_its_children(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys, time;"
        " subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(2); open(\"late\", \"w\")']);"
        " time.sleep(30)"
    )
    began = time.monotonic()
    with pytest.raises(DeliveryError, match="did not end within 1 seconds") as caught:
        deliver(program, tmp_path, mail=replace(MAIL, timeout=Seconds(1)))
    assert (caught.value.temporary, caught.value.uncertain) == (True, True)
    assert time.monotonic() - began < 10
    time.sleep(1.5)
    assert not (tmp_path / "late").exists()


def test_no_shell_sees_the_words(tmp_path: Path) -> None:
    spec = f"command:{shlex.quote(sys.executable)} -c 'import sys; print(sys.argv[1:])' '$(touch x)' ; touch y"
    with open_channel(spec, MAIL, {}, tmp_path, files=files) as channel:
        assert channel.deliver(LETTER) == "['$(touch x)', ';', 'touch', 'y']"
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with open_channel("command:./no-such", MAIL, {}, tmp_path, files=files) as channel:
        with pytest.raises(DeliveryError, match="No such file") as caught:
            channel.deliver(LETTER)
        assert (caught.value.temporary, caught.value.whole_channel) == (True, True)


def test_books_that_nobody_trusts_run_no_program(tmp_path: Path) -> None:
    with pytest.raises(UntrustedChannelError):
        open_channel("command:touch x", MAIL, {}, tmp_path, files=files, trusted=False)


def test_half_a_quotation(tmp_path: Path) -> None:
    with (
        pytest.raises(TargetError, match="a quotation mark has no partner"),
        open_channel("command:touch 'x", MAIL, {}, tmp_path, files=files),
    ):
        pass
