from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from mail_servers import SENDER

from ledgercli.books import files
from ledgercli.books.settings import read_settings
from ledgercli.model.mail_values import Pace, Seconds, Words
from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.channel import CHANNELS, channel_name, open_channel
from ledgercli.reminders.delivery.errors import UnknownChannelError


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("email", "email"),
        ("post", "post"),
        ("maildir:out", "maildir"),
        ("dir:/srv/out", "dir"),
        ("command:send --now 'a:b'", "command"),
    ],
)
def test_specs(spec: str, name: str) -> None:
    assert channel_name(spec) == name


@pytest.mark.parametrize(
    "spec", ["", "fax", "Email", "email:", "post:x", "maildir", "dir: ", "command:", ":x"]
)
def test_specs_that_are_none(spec: str) -> None:
    with pytest.raises(UnknownChannelError):
        channel_name(spec)


def test_the_message_names_the_channels(tmp_path: Path) -> None:
    with pytest.raises(UnknownChannelError) as caught:
        open_channel("fax", Mail(), {}, tmp_path, files=files)
    assert str(caught.value) == "there is no channel `fax`"
    assert (
        caught.value.values["known"]
        == "`email`, `post`, `maildir:PATH`, `dir:PATH`, `command:PROGRAM`"
    )


def test_every_channel_opens_before_anybody_is_asked(tmp_path: Path) -> None:
    """No server, no program and no folder is needed for that."""
    targets = {"maildir": ":out", "dir": ":out", "command": ":no-such-program"}
    for name in CHANNELS:
        with open_channel(
            name + targets.get(name, ""), Mail(sender=SENDER), {}, tmp_path, files=files
        ):
            pass
    assert list(tmp_path.iterdir()) == []


def test_nothing_heavy_is_loaded_before_a_channel_is_opened() -> None:
    program = (
        "import sys, ledgercli.reminders.delivery.channel, ledgercli.reminders.delivery.message;"
        "print(sorted({'smtplib', 'ssl', 'pypdf', 'mailbox', 'idna', 'email'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert ended.stdout == b"[]\n"


SETTINGS = """\
mail:
  from: "Nordkai <books@nordkai.example>"
  reply_to: ap@nordkai.example
  bcc: archive@nordkai.example
  bounces: bounces@nordkai.example
  rate: 30 per minute
  timeout: 2 minutes
  smtp:
    host: mail.nordkai.example
    port: 465
    security: tls
    user: books
    password_command: pass show 'mail/our books'
    ca_file: our-ca.pem
    verify: no
    ehlo: books.nordkai.example
    timeout: 10 seconds
  post: {duplex: yes}
"""


def test_settings(tmp_path: Path) -> None:
    path = tmp_path / "ledgercli.yaml"
    path.write_text(SETTINGS)
    settings, findings = read_settings(path, "ledgercli.yaml")
    assert findings == ()
    mail = settings.mail
    assert (mail.sender, mail.reply_to) == ("Nordkai <books@nordkai.example>", "ap@nordkai.example")
    assert (mail.bcc, mail.bounces) == ("archive@nordkai.example", "bounces@nordkai.example")
    assert (mail.rate, mail.timeout) == (Pace(30, 60), Seconds(120))
    assert mail.rate is not None
    assert mail.rate.interval_seconds == 2.0
    assert mail.smtp.password_command == Words(("pass", "show", "mail/our books"))
    assert (mail.smtp.verify, mail.smtp.timeout) == (False, Seconds(10))
    assert mail.post.duplex
    shown = [str(mail.rate), str(mail.timeout), str(mail.smtp.password_command)]
    assert shown == ["30 per minute", "120 seconds", "pass show 'mail/our books'"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("rate: 0 per minute", "`0 per minute` is not a pace such as `30 per minute`"),
        ("rate: fast", "`fast` is not a pace such as `30 per minute`"),
        ("timeout: 0", "`0` is not a time such as `30 seconds` or `2 minutes`"),
        ("timeout: 3 weeks", "`3 weeks` is not a time such as `30 seconds` or `2 minutes`"),
        (
            'smtp: {password_command: "pass \'x"}',
            "`pass 'x` has a quotation mark without its partner",
        ),
        ('smtp: {password_command: ""}', "expected a program and its arguments"),
        ("smtp: {password_command: [a, {b: c}]}", "expected text"),
    ],
)
def test_settings_that_mean_nothing(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "ledgercli.yaml"
    path.write_text(f"mail:\n  {line}\n")
    _, findings = read_settings(path, "ledgercli.yaml")
    assert [str(finding.values["reason"]) for finding in findings] == [reason]
