# ruff: noqa: S105, S106 - no password of anybody
from __future__ import annotations

import email
import email.policy
import sys
import traceback
from dataclasses import replace
from pathlib import Path

import pytest
from mail_servers import LETTER, certificates, channel, letter, mail_server, settings

from ledgercli.books import files
from ledgercli.model.mail_values import Words
from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.channel import open_channel
from ledgercli.reminders.delivery.email_form import as_email
from ledgercli.reminders.delivery.errors import (
    CertificateFileError,
    DeliveryError,
    NoSenderError,
    PasswordInClearError,
    PasswordMissingError,
    UntrustedChannelError,
    WrongAddressError,
)

PASSWORD = "tulip-nobody-sees"
LOGIN = ("books", PASSWORD)


def failure(mail: Mail, root: Path, environment: dict[str, str] | None = None) -> DeliveryError:
    opened = channel(mail, root, environment)
    with pytest.raises(DeliveryError) as caught:
        opened.deliver(LETTER)
    opened.close()
    return caught.value


def test_what_arrives_is_what_was_made(tmp_path: Path) -> None:
    with mail_server() as (inbox, port):
        opened = channel(settings(port), tmp_path)
        assert opened.deliver(LETTER) == "250 2.0.0 taken"
        opened.close()
    (envelope,) = inbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("books@nordkai.example", ["ap@acme.example"])
    assert envelope.original_content == as_email(LETTER)
    assert inbox.greeted_as == ["nordkai.example"]
    parsed = email.message_from_bytes(as_email(LETTER), policy=email.policy.default)
    assert ".hidden" in parsed.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_one_connection_carries_many_letters(tmp_path: Path) -> None:
    with (
        mail_server() as (inbox, port),
        open_channel("email", settings(port), {}, tmp_path, files=files) as opened,
    ):
        for number in range(20):
            opened.deliver(letter(number))
        assert len(inbox.envelopes) == 20
        assert len(inbox.sessions) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the server sees not the TLS around it
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_and_logged_in(tmp_path: Path, security: str) -> None:
    starttls = certificates().right_name if security == "starttls" else None
    implicit = certificates().right_name if security == "tls" else None
    with mail_server(starttls=starttls, implicit=implicit, login=LOGIN) as (inbox, port):
        mail = settings(
            port,
            security=security,
            ca_file=certificates().file(tmp_path),
            user="books",
            password_env="SMTP_PASSWORD",
        )
        opened = channel(mail, tmp_path, {"SMTP_PASSWORD": PASSWORD})
        assert opened.deliver(LETTER).startswith("250")
        opened.close()
        assert inbox.logins == [b"books"]


def test_the_path_of_certificates_counts_from_the_books(tmp_path: Path) -> None:
    (tmp_path / "our-ca.pem").write_bytes(certificates().authority)
    with mail_server(starttls=certificates().right_name) as (_, port):
        opened = channel(settings(port, security="starttls", ca_file="our-ca.pem"), tmp_path)
        assert opened.deliver(LETTER).startswith("250")
        opened.close()
    with pytest.raises(CertificateFileError, match=r"other\.pem"):
        channel(settings(port, security="starttls", ca_file="other.pem"), tmp_path)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("wrong", ["name", "authority"])
def test_a_wrong_certificate_gets_no_letter(tmp_path: Path, security: str, wrong: str) -> None:
    context = certificates().wrong_name if wrong == "name" else certificates().right_name
    ca_file = certificates().file(tmp_path) if wrong == "name" else ""
    starttls = context if security == "starttls" else None
    implicit = context if security == "tls" else None
    with mail_server(starttls=starttls, implicit=implicit) as (inbox, port):
        error = failure(settings(port, security=security, ca_file=ca_file), tmp_path)
        assert inbox.envelopes == []
        assert str(error).startswith("the certificate of `127.0.0.1` is not trusted: ")
        assert (error.temporary, error.uncertain, error.whole_channel) == (True, False, True)
        unverified = channel(settings(port, security=security, verify=False), tmp_path)
        unverified.deliver(LETTER)
        unverified.close()
        assert len(inbox.envelopes) == 1


def test_a_server_without_encryption_gets_no_letter(tmp_path: Path) -> None:
    with mail_server() as (inbox, port):
        error = failure(settings(port, security="starttls"), tmp_path)
        assert str(error) == "`127.0.0.1` offers no encryption (STARTTLS)"
        assert inbox.envelopes == []


def test_a_refused_login_is_no_fault_of_the_customer(tmp_path: Path) -> None:
    with mail_server(starttls=certificates().right_name, login=LOGIN) as (inbox, port):
        mail = settings(
            port,
            security="starttls",
            ca_file=certificates().file(tmp_path),
            user="books",
            password_env="P",
        )
        error = failure(mail, tmp_path, {"P": "wrong-" + PASSWORD})
        assert str(error).startswith("`127.0.0.1` refused the login of `books`: 535 ")
        assert (error.temporary, error.whole_channel) == (True, True)
        assert PASSWORD not in str(error) + repr(error)
        assert inbox.envelopes == []


def test_a_server_that_wants_a_login(tmp_path: Path) -> None:
    with mail_server(starttls=certificates().right_name, login=LOGIN) as (_, port):
        mail = settings(port, security="starttls", ca_file=certificates().file(tmp_path))
        error = failure(mail, tmp_path)
        assert "530" in str(error)
        assert (error.temporary, error.whole_channel) == (True, True)


def test_the_password_comes_from_a_command(tmp_path: Path) -> None:
    program = f"import os; print(os.environ['VAULT'] + {PASSWORD!r}[3:])"
    with mail_server(starttls=certificates().right_name, login=LOGIN) as (inbox, port):
        mail = settings(
            port,
            security="starttls",
            ca_file=certificates().file(tmp_path),
            user="books",
            password_command=Words((sys.executable, "-c", program)),
        )
        opened = channel(mail, tmp_path, {"VAULT": PASSWORD[:3]})
        opened.deliver(LETTER)
        opened.close()
        assert len(inbox.envelopes) == 1


@pytest.mark.parametrize(
    ("smtp", "reason"),
    [
        ({}, "the settings name neither a variable nor a command"),
        ({"password_env": "NOWHERE"}, "the variable `NOWHERE` is not set"),
        (
            {"password_command": Words((sys.executable, "-c", "print('s3cret'); exit(1)"))},
            f"`{sys.executable}` ended with 1 and printed no password",
        ),
        (
            {"password_command": Words(("no-such-program-anywhere",))},
            "`no-such-program-anywhere` cannot be run: No such file or directory",
        ),
    ],
)
def test_no_password(tmp_path: Path, smtp: dict[str, object], reason: str) -> None:
    with pytest.raises(PasswordMissingError) as caught:
        channel(settings(25, user="books", **smtp), tmp_path)
    assert str(caught.value) == f"there is no password for `books` at `127.0.0.1`: {reason}"
    assert "s3cret" not in str(caught.value)


def test_a_password_never_goes_in_the_clear(tmp_path: Path) -> None:
    mail = settings(25, host="mail.example", user="books", password_env="P")
    with pytest.raises(PasswordInClearError, match=r"mail\.example"):
        channel(mail, tmp_path, {"P": PASSWORD})


def test_settings_that_cannot_work(tmp_path: Path) -> None:
    with pytest.raises(NoSenderError):
        channel(replace(settings(25), sender=" "), tmp_path)
    wrong = [
        ("from", replace(settings(25), sender="Books")),
        ("bcc", replace(settings(25), bcc="a@b.example, c@d.example")),
        ("reply_to", replace(settings(25), reply_to="a@b.example\nc@d.example")),
        ("bounces", replace(settings(25), bounces="nobody")),
    ]
    for key, mail in wrong:
        with pytest.raises(WrongAddressError, match=rf"`mail\.{key}`"):
            channel(mail, tmp_path)
    program = settings(25, user="books", password_command=Words(("pass",)))
    with pytest.raises(UntrustedChannelError):
        open_channel("email", program, {}, tmp_path, files=files, trusted=False)


def test_a_blind_copy_is_in_no_header(tmp_path: Path) -> None:
    with mail_server() as (inbox, port):
        mail = replace(settings(port), bcc="archive@nordkai.example", bounces="b@nordkai.example")
        opened = channel(mail, tmp_path)
        opened.deliver(LETTER)
        opened.close()
    (envelope,) = inbox.envelopes
    assert envelope.rcpt_tos == ["ap@acme.example", "archive@nordkai.example"]
    assert envelope.mail_from == "b@nordkai.example"
    assert b"archive" not in (envelope.original_content or b"")


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b.example, c@d.example", "a@b.example\r\nRCPT TO:<c@d.example>", "a b@c.example",
     "a@" + "b" * 64 + ".example", "<>", "@x.example", "a@-b.example", "a@b..example", "Ute <a@b.example>", "a@b.example\u202e"],
)  # fmt: skip
def test_an_address_that_is_none(tmp_path: Path, address: str) -> None:
    opened = channel(settings(1), tmp_path)
    with pytest.raises(DeliveryError, match="is not one e-mail address") as caught:
        opened.deliver(replace(LETTER, recipient=address))
    assert (caught.value.temporary, caught.value.whole_channel) == (False, False)
    assert "\n" not in str(caught.value)


def test_international_addresses(tmp_path: Path) -> None:
    with mail_server(enable_SMTPUTF8=True) as (inbox, port):
        opened = channel(settings(port), tmp_path)
        opened.deliver(replace(LETTER, recipient="ap@straße.example"))
        opened.deliver(replace(LETTER, recipient="应付@华联.example"))
        opened.deliver(LETTER)
        opened.close()
    known = [envelope.rcpt_tos for envelope in inbox.envelopes]
    assert known == [
        ["ap@xn--strae-oqa.example"],
        ["应付@xn--xkrs16h.example"],
        ["ap@acme.example"],
    ]
    assert [envelope.smtp_utf8 for envelope in inbox.envelopes] == [False, True, False]


def test_a_server_without_international_addresses(tmp_path: Path) -> None:
    with mail_server(enable_SMTPUTF8=False) as (inbox, port):
        opened = channel(settings(port), tmp_path)
        with pytest.raises(DeliveryError, match="SMTPUTF8") as caught:
            opened.deliver(replace(LETTER, recipient="应付@acme.example"))
        assert not caught.value.temporary
        opened.deliver(LETTER)  # the connection still works
        opened.close()
        assert len(inbox.envelopes) == 1


def test_a_letter_larger_than_the_server_takes(tmp_path: Path) -> None:
    with mail_server(data_size_limit=1000) as (inbox, port):
        error = failure(settings(port), tmp_path)
        assert str(error) == f"the letter has {len(as_email(LETTER))} bytes, the server takes 1000"
        assert not error.temporary
        assert inbox.envelopes == []


def test_an_address_of_ours_that_is_none_is_no_fault_of_the_customer(tmp_path: Path) -> None:
    opened = channel(settings(1), tmp_path)
    with pytest.raises(DeliveryError, match="`nobody` is not one e-mail address") as caught:
        opened.deliver(replace(LETTER, reply_to="nobody"))
    assert (caught.value.temporary, caught.value.whole_channel) == (True, True)


def test_the_password_is_in_no_traceback(tmp_path: Path) -> None:
    """Not even in one that shows the values of all variables."""
    with mail_server(starttls=certificates().right_name, login=("books", "another")) as (_, port):
        mail = settings(
            port,
            security="starttls",
            ca_file=certificates().file(tmp_path),
            user="books",
            password_env="P",
        )
        opened = channel(mail, tmp_path, {"P": PASSWORD})
        with pytest.raises(DeliveryError) as caught:
            opened.deliver(LETTER)
        told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
        text = "".join(told.format())
        assert "535" in text
        assert PASSWORD not in text
        assert PASSWORD not in repr(vars(opened))
