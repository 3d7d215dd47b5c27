"""Mailboxes as they come: mbox and Maildir, headers of any kind, messages without an id or date."""

import datetime as dt
import mailbox
import re
from email.message import Message
from pathlib import Path

import pytest

from ledgercli.books.errors import NotAFileError
from ledgercli.books.foreign.errors import ForeignFileError
from ledgercli.books.mailbox import is_mailbox, read_mailbox


def message(**headers: str) -> Message:
    found = Message()
    for name, value in headers.items():
        found[name.replace("_", "-")] = value
    found.set_payload("Hello\nFrom here on\n")
    return found


FIRST = {
    "From": "Ute <UTE@Acme.example>",
    "To": "books@us.example, Max <max@beta.example>",
    "Subject": "=?utf-8?q?R=C3=BCck?=\n =?utf-8?q?frage?=",
    "Date": "Fri, 20 Nov 2026 23:30:00 +0000",
    "Message-ID": "<1@acme.example>",
}


@pytest.fixture(params=["mbox", "maildir"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    made: mailbox.Mailbox[mailbox.Message] = (
        mailbox.mbox(path) if request.param == "mbox" else mailbox.Maildir(path)
    )
    made.add(message(**FIRST))
    made.flush()
    made.close()
    return path


def test_a_message_is_read_as_people_see_it(box: Path) -> None:
    (found,) = read_mailbox(box)
    assert found.message_id == "<1@acme.example>"
    assert found.sender == ("ute@acme.example",)
    assert found.others == ("books@us.example", "max@beta.example")
    assert found.subject == "Rückfrage"
    assert found.moment == dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)
    assert found.body == ""


def test_bodies_are_read_where_they_are_wanted(box: Path) -> None:
    (found,) = read_mailbox(box, bodies=True)
    assert found.body.splitlines()[0] == "Hello"


def test_nothing_is_changed_in_the_box(box: Path) -> None:
    def content() -> dict[str, bytes]:
        files = [box] if box.is_file() else [file for file in box.rglob("*") if file.is_file()]
        return {str(file): file.read_bytes() for file in files}

    before = content()
    list(read_mailbox(box))
    assert content() == before


def test_a_message_without_an_id_has_one_of_its_headers(tmp_path: Path) -> None:
    made = mailbox.mbox(tmp_path / "box")
    for subject in ("one", "two", "one"):
        made.add(message(From="a@b.example", To="c@d.example", Subject=subject, Date="nonsense"))
    made.flush()
    made.close()
    one, two, again = read_mailbox(tmp_path / "box")
    assert one.message_id == again.message_id != two.message_id
    assert one.moment is None


def test_what_is_no_mailbox_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir", encoding="utf-8")
    assert not is_mailbox(tmp_path / "letter.txt")
    with pytest.raises(ForeignFileError):
        list(read_mailbox(tmp_path / "letter.txt"))
    with pytest.raises(ForeignFileError):
        list(read_mailbox(tmp_path))
    with pytest.raises(NotAFileError):
        list(read_mailbox(tmp_path / "none"))


HEAD = "From: Ute <ute@acme.example>\nTo: books@us.example\nSubject: {}\nMessage-ID: <{}@x>\n\n"
#: How programs begin a message.
BEGINNINGS = (
    "From ute@acme.example Fri Nov 20 23:30:00 2026",
    "From ute@acme.example Fri Nov 20 23:30 CET 2026",
    "From - Fri Nov 20 23:30:00 2026",
    "From 1849@xxx Fri Nov 20 23:30:00 +0000 2026",
    "From ute at acme.example  Fri Nov  6 23:30:00 2026",
    "From MAILER-DAEMON Fri, 20 Nov 2026 23:30:00 +0000",
    "From ???@??? Fri Nov 20 23:30:00 2026",
    "From ",
    "From nobody",
)
BODIES = {
    "one paragraph": "Hello\n\nFrom here on we pay\nat once.",
    "like a header": "Hello\n\nFrom now on\nNote the new account.\nFrom: nobody",
    "quoted": "Hello\n\nFrom what I see\n>From what you wrote\n>>From before",
    "at the end": "Hello\nFrom Ute",
    "with a time": "Hello\n\nFrom 10:00 in 2026\nhttp://acme.example/ is open.",
    "empty": "",
}


def quoted(body: str, how: str) -> str:
    """Return ``body`` as mboxo, mboxrd, or a program that leaves such lines writes it."""
    pattern = {"mboxo": "^(From )", "mboxrd": "^(>*From )", "none": "^()(?!)"}[how]
    return re.sub(pattern, r">\1", body, flags=re.MULTILINE)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("how", ["mboxo", "mboxrd", "none"])
def test_lines_that_begin_like_a_message_split_none(
    beginning: str, how: str, end: str, tmp_path: Path
) -> None:
    text = ""
    for number, (name, body) in enumerate(BODIES.items()):
        text += f"{beginning}\n{HEAD.format(name, number)}{quoted(body, how)}\n\n"
    (tmp_path / "box").write_bytes(text.replace("\n", end).encode())
    found = list(read_mailbox(tmp_path / "box", bodies=True))
    assert [one.subject for one in found] == list(BODIES)
    assert {one.sender for one in found} == {("ute@acme.example",)}
    for one, body in zip(found, BODIES.values(), strict=True):
        said = one.body.replace("\r\n", "\n")
        # What stood quoted in the mail itself cannot be told from the quoting but for mboxrd.
        expected = (
            body if how == "mboxrd" else re.sub("^>(>*From )", r"\1", body, flags=re.MULTILINE)
        )
        assert said == expected.strip(), one.subject


def test_a_line_of_old_programs_before_the_headers_is_none_of_them(tmp_path: Path) -> None:
    line = "From x@y.example Fri Nov 20 23:30:00 2026\n>From z@y.example Fri Nov 20 2026\n"
    (tmp_path / "box").write_text(line + HEAD.format("one", 1) + "Hello\n")
    (found,) = read_mailbox(tmp_path / "box", bodies=True)
    assert (found.subject, found.body) == ("one", "Hello")


def test_a_message_without_an_empty_line_before_the_next(tmp_path: Path) -> None:
    begin = BEGINNINGS[0] + "\n"
    text = begin + HEAD.format("one", 1) + "Hello\n" + begin + HEAD.format("two", 2) + "Bye"
    (tmp_path / "box").write_text(text)
    assert [(one.subject, one.body) for one in read_mailbox(tmp_path / "box", bodies=True)] == [
        ("one", "Hello"),
        ("two", "Bye"),
    ]


FORWARDED = f"See below\n\n{BEGINNINGS[0]}\n{HEAD.format('inner', 9)}Pay by Friday\n"


def counted(number: int, body: str, more: int = 0) -> str:
    """Return a message as programs of the kind mboxcl2 write it; ``more`` makes the length wrong."""
    heads = (
        f"Content-Type: text/plain; charset=utf-8\nContent-Length: {len(body.encode()) + more}\n"
    )
    return f"{BEGINNINGS[0]}\n{heads}{HEAD.format(f'mail {number}', number)}{body}"


@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
@pytest.mark.parametrize("body", [FORWARDED, "", "From\n", "Grüße\n\n\n"])
def test_a_counted_body_holds_what_looks_like_a_message(
    body: str, between: str, tmp_path: Path
) -> None:
    messages = [counted(number, body) for number in range(3)]
    (tmp_path / "box").write_text(between.join(messages), encoding="utf-8")
    found = list(read_mailbox(tmp_path / "box", bodies=True))
    assert [one.subject for one in found] == ["mail 0", "mail 1", "mail 2"]
    assert {one.body for one in found} == {body.strip()}


@pytest.mark.parametrize("more", [-7, -1, 1, 7, 90_000_000])
def test_a_wrong_length_is_not_believed(more: int, tmp_path: Path) -> None:
    messages = [counted(number, f"Letter {number}\n", more) for number in range(3)]
    (tmp_path / "box").write_text("".join(messages), encoding="utf-8")
    found = list(read_mailbox(tmp_path / "box", bodies=True))
    assert [one.body for one in found] == ["Letter 0", "Letter 1", "Letter 2"]


INNER = f"{BEGINNINGS[0]}\n{HEAD.format('inner', 9)}Pay by Friday\n"
PARTS = (
    "From: Ute <ute@acme.example>\nSubject: one\nContent-Type: multipart/mixed;\n"
    ' charset=utf-8; boundary="=-cut here"\n\n--=-cut here\n\nSee below\n\n'
)


@pytest.mark.parametrize(
    "announced",
    [
        "----- Forwarded message from Ute <ute@acme.example> -----",
        "---------- Forwarded message ---------",
        "-----Original Message-----",
        "Begin forwarded message:",
        "-------- Weitergeleitete Nachricht --------",
        "---------- 转发的邮件 ----------",
        "原始邮件\uff1a",
    ],
)
def test_an_announced_mail_stays_in_the_one_around_it(announced: str, tmp_path: Path) -> None:
    outer = f"{BEGINNINGS[0]}\n{HEAD.format('one', 1)}See below\n\n{announced}\n\n{INNER}\n"
    text = outer + f"{BEGINNINGS[0]}\n{HEAD.format('two', 2)}Bye\n"
    (tmp_path / "box").write_text(text, encoding="utf-8")
    one, two = read_mailbox(tmp_path / "box", bodies=True)
    assert (one.subject, one.within, one.line) == ("one", 1, 1)
    assert "Pay by Friday" in one.body
    assert (two.subject, two.within) == ("two", 0)
    assert text.splitlines()[two.line - 1] == BEGINNINGS[0]
    assert text.splitlines()[two.line + 1 : two.line + 3][1] == "Subject: two"


def test_a_mail_between_the_parts_of_another_stays_there(tmp_path: Path) -> None:
    outer = f"{BEGINNINGS[0]}\n{PARTS}{INNER}\n--=-cut here--\n\n"
    two = f"{BEGINNINGS[0]}\n{HEAD.format('two', 2)}Bye\n"
    (tmp_path / "box").write_text(outer + two)
    found = list(read_mailbox(tmp_path / "box"))
    assert [(one.subject, one.within) for one in found] == [("one", 1), ("two", 0)]
    # Parts that never end were cut off: what follows is a message.
    (tmp_path / "box").write_text(outer.replace("here--", "here") + two)
    found = list(read_mailbox(tmp_path / "box"))
    assert [(one.subject, one.within) for one in found] == [("one", 0), ("inner", 0), ("two", 0)]


def test_a_mail_after_a_line_about_mails_is_one_of_its_own(tmp_path: Path) -> None:
    body = "I kept your original message\n"
    text = f"{BEGINNINGS[0]}\n{HEAD.format('one', 1)}{body}\n"
    (tmp_path / "box").write_text(text + f"{BEGINNINGS[0]}\n{HEAD.format('two', 2)}Bye\n")
    assert [one.subject for one in read_mailbox(tmp_path / "box")] == ["one", "two"]


def test_a_sentence_with_a_time_and_a_colon_begins_no_message(tmp_path: Path) -> None:
    body = "From Monday 9:30 on, 2026 as a whole:\nNote: we are closed\n"
    text = f"{BEGINNINGS[0]}\n{HEAD.format('one', 1)}{body}\n{BEGINNINGS[0]}\n"
    (tmp_path / "box").write_text(text + "X-Status: RO\n continued\n" + HEAD.format("two", 2))
    found = list(read_mailbox(tmp_path / "box", bodies=True))
    assert [(one.subject, one.body) for one in found] == [("one", body.strip()), ("two", "")]
