"""Send letters through Debian's Postfix and read them back from the Maildir it delivers to.

``python tests/real/postfix.py`` runs a Postfix of its own: with its own configuration, queue, ports
and certificates in a folder of its own; nothing of the system's Postfix is read or changed. It needs
root, because Postfix does, and installs the package where it is missing.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import trustme

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "reminders" / "delivery"))

from mail_servers import LETTER, SENDER, letter  # noqa: E402 - the path comes first

from ledgercli.books import files  # noqa: E402
from ledgercli.model.mail_values import Seconds  # noqa: E402
from ledgercli.model.settings import Mail, Smtp  # noqa: E402
from ledgercli.reminders.delivery.channel import open_channel  # noqa: E402
from ledgercli.reminders.delivery.email_form import as_email  # noqa: E402
from ledgercli.reminders.delivery.errors import DeliveryError  # noqa: E402
from ledgercli.reminders.delivery.message import Attachment, Message  # noqa: E402

LETTERS = 200
DAY = "2026-11-21"
SECONDS_MAX = 30
SIZE_MAX = 300_000
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.acme.example
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = acme.example
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = regexp:{folder}/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{group}
virtual_mailbox_limit = 0
message_size_limit = {size_max}
smtputf8_enable = yes
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {folder}/server.pem
"""
MASTER = """\
127.0.0.1:{starttls} inet n - n - - smtpd
127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
MAILBOXES = """\
/^ap-[0-9]+@acme\\.example$/ ap/
/^customer-[0-9]+@acme\\.example$/ customers/
/^应付@acme\\.example$/ chinese/
"""


@dataclass(frozen=True)
class Server:
    """A running Postfix."""

    folder: Path
    starttls: int
    tls: int

    def mail(self, security: str) -> Mail:
        port = self.starttls if security == "starttls" else self.tls
        return Mail(
            sender=SENDER,
            smtp=Smtp(
                host="localhost",
                port=port,
                security="starttls" if security == "starttls" else "tls",
                ca_file=str(self.folder / "authority.pem"),
                timeout=Seconds(10),
            ),
        )

    def stored(self, box: str) -> list[bytes]:
        new = self.folder / "mail" / box / "new"
        return [path.read_bytes() for path in new.iterdir()] if new.is_dir() else []


def say(text: str) -> None:
    sys.stdout.write(f"postfix: {text}\n")


def stop(text: str) -> None:
    sys.stderr.write(f"postfix: {text}\n")
    sys.exit(1)


def program() -> str:
    """Return where Postfix is; install it where it is not."""
    if os.geteuid() != 0:
        stop("Postfix starts as root only; run this as root")
    if found := shutil.which("postfix", path=PATH):
        return found
    apt = shutil.which("apt-get", path=PATH)
    if apt is None:
        stop("there is no Postfix, and no apt-get to install it with")
    assert apt
    environment = {"PATH": PATH, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    choice = "postfix postfix/main_mailer_type select No configuration\n"
    with contextlib.suppress(OSError):
        subprocess.run(
            ["debconf-set-selections"], input=choice.encode(), env=environment, check=False
        )
    for arguments in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "postfix"]):
        ended = subprocess.run(
            [apt, "-y", *arguments], env=environment, capture_output=True, check=False
        )
        if ended.returncode:
            stop(f"cannot install Postfix: {ended.stderr.decode(errors='replace').strip()}")
    found = shutil.which("postfix", path=PATH)
    if found is None:
        stop("Postfix was installed, but is not there")
    assert found
    return found


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)
        ]
        return [each.getsockname()[1] for each in sockets]


def configure(folder: Path) -> Server:
    starttls, tls = free_ports(2)
    owner = pwd.getpwnam("nobody")
    names = {"folder": folder, "owner": owner.pw_uid, "group": owner.pw_gid, "size_max": SIZE_MAX}
    (folder / "main.cf").write_text(MAIN.format(**names))
    (folder / "master.cf").write_text(MASTER.format(starttls=starttls, tls=tls))
    (folder / "mailboxes").write_text(MAILBOXES, encoding="utf-8")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    authority.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
        folder / "server.pem"
    )
    (folder / "server.pem").chmod(0o600)
    for name, user in (("queue", "root"), ("data", "postfix"), ("mail", "nobody")):
        (folder / name).mkdir()
        shutil.chown(folder / name, user)
    folder.chmod(0o755)
    return Server(folder, starttls, tls)


@contextlib.contextmanager
def running(command: str) -> Iterator[Server]:
    # Sockets need a short path.
    with tempfile.TemporaryDirectory(prefix="postfix-", dir="/tmp") as name:
        server = configure(Path(name))
        with (Path(name) / "errors").open("wb") as errors:
            process = subprocess.Popen(
                [command, "-c", name, "start-fg"],
                env={"PATH": PATH, "LC_ALL": "C.UTF-8"},
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        try:
            wait_for(server, process)
            yield server
        except BaseException:
            for log in ("errors", "log"):
                if (path := Path(name) / log).exists():
                    sys.stderr.write(path.read_text(errors="replace")[-4000:])
            raise
        finally:
            end(command, server, process)


def end(command: str, server: Server, process: subprocess.Popen[bytes]) -> None:
    """End what was started: Postfix detaches itself, so that only its own command finds it."""
    subprocess.run(
        [command, "-c", server.folder, "stop"],
        env={"PATH": PATH, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
        timeout=SECONDS_MAX,
    )
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.tls), 1):
            return
        time.sleep(0.05)
    message = f"Postfix did not start within {SECONDS_MAX} s"
    raise RuntimeError(message)


def arrived(server: Server, box: str, count: int) -> list[bytes]:
    """Return what is in a mailbox once there are ``count`` letters; a queue takes its time."""
    until = time.monotonic() + SECONDS_MAX
    while len(found := server.stored(box)) < count and time.monotonic() < until:
        time.sleep(0.05)
    assert len(found) == count, f"{len(found)} of {count} letters arrived in {box}"
    return found


def message_id_of(content: bytes) -> str:
    return str(email.message_from_bytes(content, policy=email.policy.default)["Message-ID"])


def check_many(server: Server) -> None:
    """Every letter arrives once, with the bytes that were made, over STARTTLS and over TLS."""
    pdf = Attachment("催款函-上海华东.pdf", "application/pdf", bytes(range(256)) * 100)
    letters: list[Message] = []
    for number in range(LETTERS):
        text = (
            "上海华东贸易有限公司:\n.隐藏\n..\n.\nFrom here on\n"
            if number % 2
            else "Dear Ute,\n.\nFrom you\n"
        )
        letters.append(
            letter(
                number,
                recipient=f"ap-{number}@acme.example",
                recipient_name="上海华东贸易有限公司" if number % 2 else "Maier, Ute",
                subject=f"催款函 催字〔2026〕{number:03d}号"
                if number % 2
                else f"Reminder {number}",
                text=text,
                attachments=(pdf,) if number % 2 else (),
            )
        )
    began = time.monotonic()
    for security, half in (("starttls", letters[::2]), ("tls", letters[1::2])):
        with open_channel(
            "email", server.mail(security), {}, server.folder, files=files
        ) as channel:
            for each in half:
                assert channel.deliver(each).startswith("250 ")
    seconds = time.monotonic() - began
    stored = {message_id_of(content): content for content in arrived(server, "ap", LETTERS)}
    for each in letters:
        sent = as_email(each).replace(b"\r\n", b"\n")
        assert stored[each.message_id].endswith(b"\n" + sent), each.subject
    say(f"{LETTERS} letters arrived byte for byte; handed over at {LETTERS / seconds:.0f}/s")


def check_refusals(server: Server) -> None:
    """What Postfix refuses is told apart, and keeps back nothing else."""
    large = Attachment("large.pdf", "application/pdf", bytes(SIZE_MAX))
    with open_channel("email", server.mail("starttls"), {}, server.folder, files=files) as channel:
        for refused, reason in (
            (replace(LETTER, recipient="nobody@acme.example"), "550 5.1.1"),
            (replace(LETTER, recipient="ap@elsewhere.example"), "554 5.7.1"),
            (replace(LETTER, attachments=(large,)), f"the server takes {SIZE_MAX}"),
        ):
            with pytest.raises(DeliveryError) as caught:
                channel.deliver(refused)
            error = caught.value
            assert reason in str(error), str(error)
            kind = (error.temporary, error.uncertain, error.whole_channel)
            assert kind == (False, False, False), str(error)
        channel.deliver(replace(LETTER, recipient="应付@acme.example"))
    (content,) = arrived(server, "chinese", 1)
    assert "To: Ute Maier <应付@acme.example>".encode() in content
    untrusting = server.mail("starttls")
    untrusting = replace(untrusting, smtp=replace(untrusting.smtp, ca_file=""))
    with open_channel("email", untrusting, {}, server.folder, files=files) as channel:
        with pytest.raises(DeliveryError, match="is not trusted") as caught:
            channel.deliver(LETTER)
        assert caught.value.whole_channel
    say("refusals are told apart: unknown recipient, no relay, too large, unknown certificate")


def check_run(server: Server) -> None:
    """A run over the example books sends each letter that is due, and another run sends none."""
    books = server.folder / "books"
    shutil.copytree(ROOT / "examples" / "trading-cn", books)
    for number, record in enumerate(sorted((books / "customers").glob("*.yaml"))):
        text = record.read_text(encoding="utf-8")
        address = f"customer-{number}@acme.example"
        record.write_text(re.sub(r"email: [^\s,}]+", f"email: {address}", text), encoding="utf-8")
    settings = books / "ledgercli.yaml"
    smtp = f"  smtp: {{host: localhost, port: {server.starttls}, ca_file: {server.folder}/authority.pem}}"
    text = settings.read_text(encoding="utf-8")
    changed = re.sub(r"(?m)^  smtp: .*$", smtp, text)
    assert changed != text
    settings.write_text(changed, encoding="utf-8")
    sent = run(server, books)
    assert sent, "nothing was due"
    ids = sorted(map(message_id_of, arrived(server, "customers", len(sent))))
    assert len(set(ids)) == len(sent)
    assert run(server, books) == []
    assert sorted(map(message_id_of, server.stored("customers"))) == ids
    chinese = [
        content for content in server.stored("customers") if b"Content-Language: zh" in content
    ]
    for content in chinese:
        read = email.message_from_bytes(content, policy=email.policy.default)
        body = read.get_body(("plain",))
        assert body is not None
        assert "催款函" in body.get_content() or "付款" in body.get_content()
    say(f"remind run: {len(sent)} letters by e-mail, each arrived once; the second run sent none")


def run(server: Server, books: Path) -> list[str]:
    """Return the customers that ``remind run`` sent an e-mail to."""
    environment = {
        "PATH": PATH,
        "HOME": str(server.folder),
        "XDG_STATE_HOME": str(server.folder / "state"),
        "XDG_CACHE_HOME": str(server.folder / "cache"),
        "LC_ALL": "C.UTF-8",
    }
    command = [
        sys.executable,
        "-m",
        "ledgercli",
        "remind",
        "run",
        "--as-of",
        DAY,
        "--format",
        "json",
    ]
    ended = subprocess.run(
        command, cwd=books, env=environment, capture_output=True, check=False, encoding="utf-8"
    )
    assert ended.returncode in {0, 1}, ended.stderr
    rows = json.loads(ended.stdout)["letters"]
    return [
        row["customer"] for row in rows if row["channel"] == "email" and row["sending"] == "sent"
    ]


def main() -> None:
    began = time.monotonic()
    with running(program()) as server:
        check_many(server)
        check_refusals(server)
        check_run(server)
    say(f"done in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
