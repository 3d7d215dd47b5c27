from __future__ import annotations

import importlib.util
import io
from dataclasses import replace
from pathlib import Path

import pytest
from mail_servers import LETTER, SENDER
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination

from ledgercli.books import files
from ledgercli.model.settings import Mail, Post
from ledgercli.reminders.delivery.channel import open_channel
from ledgercli.reminders.delivery.errors import DeliveryError, PrintFileError
from ledgercli.reminders.delivery.message import Attachment, Message

MAIL = Mail(sender=SENDER)
DAY = "letters/2026-11-21"


def pdf(*widths: int) -> bytes:
    """Return a PDF with a page of each of ``widths``, by which the tests know it again."""
    writer = PdfWriter()
    for width in widths:
        writer.add_blank_page(width, 800)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def letter(customer: str, *widths: int) -> Message:
    attachment = Attachment(f"{customer}.pdf", "application/pdf", pdf(*widths))
    return replace(
        LETTER,
        message_id=f"<{customer}@nordkai.example>",
        customer=customer,
        recipient="",
        letter=f"{DAY}/{customer}-EUR-firm",
        attachments=(attachment,),
    )


def deliver(root: Path, *letters: Message, mail: Mail = MAIL) -> list[str]:
    with open_channel("post", mail, {}, root, files=files) as channel:
        return [channel.deliver(each) for each in letters]


def printed(root: Path) -> tuple[list[int], list[tuple[str, int]]]:
    """Return the widths of the pages to print, and where each letter begins."""
    reader = PdfReader(root / DAY / "to-print.pdf")
    starts = [
        (str(entry.title), reader.get_destination_page_number(entry) or 0)
        for entry in reader.outline
        if isinstance(entry, Destination)
    ]
    return [int(page.mediabox.width) for page in reader.pages], starts


def test_one_file_in_a_stable_order(tmp_path: Path) -> None:
    receipts = deliver(tmp_path, letter("C2", 201), letter("C1", 101, 102), letter("C3", 301))
    assert receipts == [f"{DAY}/to-print.pdf"] * 3
    assert printed(tmp_path) == (
        [101, 102, 201, 301],
        [(f"{DAY}/C1-EUR-firm", 0), (f"{DAY}/C2-EUR-firm", 2), (f"{DAY}/C3-EUR-firm", 3)],
    )
    assert [path.name for path in (tmp_path / DAY).iterdir()] == ["to-print.pdf"]


def test_a_second_run_adds_and_repeats_nothing(tmp_path: Path) -> None:
    deliver(tmp_path, letter("C1", 101), letter("C3", 301))
    first = (tmp_path / DAY / "to-print.pdf").read_bytes()
    deliver(tmp_path)
    assert (tmp_path / DAY / "to-print.pdf").read_bytes() == first
    deliver(tmp_path, letter("C2", 201), letter("C1", 101))
    assert printed(tmp_path)[0] == [101, 201, 301]


def test_the_same_letters_make_the_same_file(tmp_path: Path) -> None:
    letters = [letter("C1", 101), letter("C2", 201, 202), letter("C3", 301)]
    contents = set()
    for name, order in {"a": letters, "b": letters[::-1]}.items():
        (tmp_path / name).mkdir()
        deliver(tmp_path / name, *order)
        contents.add((tmp_path / name / DAY / "to-print.pdf").read_bytes())
    assert len(contents) == 1


def test_duplex_begins_each_letter_on_a_front(tmp_path: Path) -> None:
    duplex = replace(MAIL, post=Post(duplex=True))
    deliver(tmp_path, letter("C1", 101), letter("C2", 201, 202), mail=duplex)
    deliver(tmp_path, letter("C3", 301, 302, 303), letter("C4", 401), mail=duplex)
    pages, starts = printed(tmp_path)
    assert pages == [101, 101, 201, 202, 301, 302, 303, 303, 401]
    assert [start for _, start in starts] == [0, 2, 4, 8]


def test_the_statement_follows_its_letter(tmp_path: Path) -> None:
    both = letter("C1", 101)
    statement = Attachment("statement.pdf", "application/pdf", pdf(111, 112))
    table = Attachment("statement.csv", "text/csv", b"a,b\r\n")
    deliver(tmp_path, replace(both, attachments=(*both.attachments, statement, table)))
    assert printed(tmp_path) == ([101, 111, 112], [(f"{DAY}/C1-EUR-firm", 0)])


def test_what_a_dead_run_left_is_printed_by_the_next(tmp_path: Path) -> None:
    opened = open_channel("post", MAIL, {}, tmp_path, files=files)
    opened.__enter__().deliver(letter("C1", 101))
    assert not (tmp_path / DAY / "to-print.pdf").exists()
    deliver(tmp_path, replace(letter("C2", 201), date=LETTER.date.replace(day=22)))
    assert printed(tmp_path)[0] == [101]
    assert (tmp_path / "letters/2026-11-22/to-print.pdf").exists()


def test_an_interrupted_run_still_makes_the_file(tmp_path: Path) -> None:
    def interrupted() -> None:
        with open_channel("post", MAIL, {}, tmp_path, files=files) as channel:
            channel.deliver(letter("C1", 101))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert printed(tmp_path)[0] == [101]


@pytest.mark.parametrize("content", [b"", b"no PDF", pdf(1)[:100]])
def test_an_attachment_that_is_no_pdf(tmp_path: Path, content: bytes) -> None:
    broken = replace(
        letter("C1", 1), attachments=(Attachment("a.pdf", "application/pdf", content),)
    )
    with pytest.raises(DeliveryError, match="the letter is no PDF that can be printed") as caught:
        deliver(tmp_path, broken)
    assert not caught.value.temporary


@pytest.mark.parametrize("content", [b"mine", pdf(1)])
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DAY).mkdir(parents=True)
    (tmp_path / DAY / "to-print.pdf").write_bytes(content)
    with pytest.raises(PrintFileError, match=rf"{DAY}/to-print\.pdf"):
        deliver(tmp_path, letter("C1", 101))
    assert (tmp_path / DAY / "to-print.pdf").read_bytes() == content
    (tmp_path / DAY / "to-print.pdf").unlink()
    deliver(tmp_path)
    assert printed(tmp_path)[0] == [101]


def test_without_pdf_the_text_is_printed(tmp_path: Path) -> None:
    (receipt,) = deliver(tmp_path, replace(letter("C1", 1), attachments=(), text="Dear Ute\r\n"))
    assert receipt.startswith(f"{DAY}/to-print/C1-EUR-firm-")
    assert (tmp_path / receipt).read_bytes() == b"Dear Ute\n"
    assert not (tmp_path / DAY / "to-print.pdf").exists()


def test_without_the_extra_the_letters_stay_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "pypdf" else known(name)
    )
    (receipt,) = deliver(tmp_path, letter("C1", 101))
    assert receipt.startswith(f"{DAY}/to-print/C1-EUR-firm-")
    assert (tmp_path / receipt).read_bytes() == pdf(101)


def test_a_link_does_not_lead_out(tmp_path: Path) -> None:
    books, outside = tmp_path / "books", tmp_path / "outside"
    books.mkdir()
    outside.mkdir()
    (books / "letters").symlink_to(outside)
    with pytest.raises(DeliveryError):
        deliver(books, letter("C1", 101))
    assert list(outside.iterdir()) == []
