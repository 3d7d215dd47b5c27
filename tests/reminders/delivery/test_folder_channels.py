from __future__ import annotations

import email
import email.policy
import mailbox
import os
from dataclasses import replace
from pathlib import Path

import pytest
from mail_servers import LETTER, SENDER, letter

from ledgercli.books import files
from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.channel import open_channel
from ledgercli.reminders.delivery.email_form import as_email
from ledgercli.reminders.delivery.errors import DeliveryError, NoSenderError, TargetError
from ledgercli.reminders.delivery.message import Message

MAIL = Mail(sender=SENDER)


def deliver(spec: str, root: Path, *letters: Message) -> list[str]:
    with open_channel(spec, MAIL, {}, root, files=files) as channel:
        return [channel.deliver(each) for each in letters]


def test_a_folder_of_files(tmp_path: Path) -> None:
    receipts = deliver("dir:out/mail", tmp_path, letter(1), letter(2), letter(1))
    assert receipts[0] == receipts[2] != receipts[1]
    assert receipts[0].startswith("out/mail/C001-EUR-firm-")
    assert (tmp_path / receipts[0]).read_bytes() == as_email(letter(1))
    assert sorted(path.suffix for path in (tmp_path / "out/mail").iterdir()) == [".eml", ".eml"]


def test_names_of_files_are_harmless(tmp_path: Path) -> None:
    hostile = replace(LETTER, letter="letters/2026-11-21/..", customer="../../C:\\nul\u202e\n")
    (receipt,) = deliver("dir:out", tmp_path, hostile)
    assert Path(receipt).parent.as_posix() == "out"
    (receipt,) = deliver("dir:out", tmp_path, replace(LETTER, letter="letters/d/客户" * 90))
    assert len(Path(receipt).name.encode()) < 255
    assert (tmp_path / receipt).is_file()


def test_a_maildir(tmp_path: Path) -> None:
    deliver("maildir:out", tmp_path, letter(1), letter(2), letter(1))
    box = mailbox.Maildir(tmp_path / "out", create=False)
    assert len(box) == 2
    ids = {message["Message-ID"] for message in box}
    assert ids == {letter(1).message_id, letter(2).message_id}
    first = next(each for each in box if each["Message-ID"] == letter(1).message_id)
    read = email.message_from_bytes(first.as_bytes(), policy=email.policy.default)
    assert read["Subject"] == "Reminder"


def test_a_maildir_knows_what_an_earlier_run_stored(tmp_path: Path) -> None:
    deliver("maildir:out", tmp_path, letter(1))
    (stored,) = (tmp_path / "out/new").iterdir()
    stored.rename(tmp_path / "out/cur" / f"{stored.name}:2,S")  # read by a mail program
    (tmp_path / "out/new/junk").write_bytes(b"\xff\x00 no letter")
    deliver("maildir:out", tmp_path, letter(1), letter(2))
    assert len(list((tmp_path / "out/new").iterdir())) == 2


@pytest.mark.parametrize("kind", ["dir", "maildir"])
def test_only_an_absolute_path_leads_out_of_the_books(tmp_path: Path, kind: str) -> None:
    books, outside = tmp_path / "books", tmp_path / "outside"
    books.mkdir()
    with pytest.raises(TargetError, match="it leads out of the books"):
        deliver(f"{kind}:../outside", books, LETTER)
    (books / "link").symlink_to(tmp_path)
    with pytest.raises(TargetError, match="it leads out of the books"):
        deliver(f"{kind}:link/outside", books, LETTER)
    assert not outside.exists()
    deliver(f"{kind}:{outside}", books, LETTER)
    assert outside.is_dir()


@pytest.mark.parametrize("kind", ["dir", "maildir"])
def test_a_file_stands_where_a_folder_should(tmp_path: Path, kind: str) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(TargetError, match="it is not a folder"):
        deliver(f"{kind}:out", tmp_path, LETTER)


def test_a_folder_of_something_else_is_no_maildir(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/notes.txt").write_text("mine")
    with pytest.raises(TargetError, match="it is no Maildir"):
        deliver("maildir:out", tmp_path, LETTER)
    (tmp_path / "empty").mkdir()
    deliver("maildir:empty", tmp_path, LETTER)


@pytest.mark.parametrize("kind", ["dir", "maildir"])
def test_a_disk_that_takes_nothing(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DeliveryError) as caught:
        deliver(f"{kind}:out", tmp_path, LETTER)
    assert "No space left on device" in str(caught.value)
    assert (caught.value.temporary, caught.value.whole_channel) == (True, True)
    monkeypatch.undo()
    left = [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert left == []
    deliver(f"{kind}:out", tmp_path, LETTER)


@pytest.mark.parametrize("kind", ["dir", "maildir"])
def test_an_address_that_is_none(tmp_path: Path, kind: str) -> None:
    with pytest.raises(DeliveryError, match="`nobody` is not one e-mail address") as caught:
        deliver(f"{kind}:out", tmp_path, replace(LETTER, recipient="nobody"))
    assert not caught.value.temporary


@pytest.mark.parametrize("kind", ["dir", "maildir"])
def test_books_without_a_sender(tmp_path: Path, kind: str) -> None:
    with (
        pytest.raises(NoSenderError),
        open_channel(f"{kind}:out", Mail(), {}, tmp_path, files=files),
    ):
        pass
