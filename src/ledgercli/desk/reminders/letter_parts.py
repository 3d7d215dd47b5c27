"""The files that a letter consists of beside its own texts: what is enclosed, and the e-mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Literal

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.letter_files import file_name
from ledgercli.desk.reminders.messages import Written, message_of
from ledgercli.desk.reminders.printing_press import press_of
from ledgercli.desk.reminders.single_letters import Means
from ledgercli.desk.reminders.statement_letters import StatementMaker
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.finding import Finding
from ledgercli.model.letter_plan import PlannedLetter
from ledgercli.model.record import dataclass
from ledgercli.model.template import TemplateText
from ledgercli.receivables.owed import OwedStatement, owed_statements
from ledgercli.reminders.letters import LetterKind
from ledgercli.reminders.planned import Letter, Plan
from ledgercli.reminders.press import Press
from ledgercli.reminders.statement_letter import TEMPLATE, statement_csv

FileKind = Literal["txt", "md", "html", "pdf", "eml"]
FILE_KINDS: tuple[FileKind, ...] = ("txt", "md", "html", "pdf", "eml")
#: What an e-mail is made of.
EMAIL_KINDS: tuple[LetterKind, ...] = ("txt", "html", "pdf")

#: A file's content, and what was wrong in making it.
Made = tuple[str | bytes, tuple[Finding, ...]]
#: Makes a file from the number of the letter and the revision it names.
Make = Callable[[int, str], Made]


@dataclass(frozen=True, slots=True)
class Tools:
    """What all letters of a run are made with: templates, the press, statements to enclose."""

    books: OpenBooks
    texts: Mapping[str, TemplateText]
    press: Press | None = None
    owed: Mapping[tuple[str, str], OwedStatement] = field(default_factory=dict)


def tools_of(
    books: OpenBooks, planned: Plan, kinds: Sequence[FileKind], texts: Mapping[str, TemplateText]
) -> tuple[Tools, tuple[Finding, ...]]:
    """Return what the letters of a plan are made with; fonts and statements only where needed.

    Raise PdfMissingError.
    """
    encloses = any("statement" in letter.definition.attach for letter in planned.letters)
    if not encloses and not {"pdf", "eml"} & set(kinds):
        return Tools(books, texts), ()
    press, findings = press_of(books)
    owed = owed_statements(books.position(planned.as_of)) if encloses else {}
    return Tools(books, texts, press, owed), findings


def content_of(make: Make) -> Callable[[int, str], str | bytes]:
    """Return what makes the content alone."""
    return lambda number, revision: make(number, revision)[0]


def enclosures(tools: Tools, letter: Letter, day: dt.date, stem: str) -> Iterator[tuple[str, Make]]:
    """Yield the names of what the letter's level encloses, and what makes it."""
    owed = tools.owed.get((letter.customer.id, letter.currency))
    if "statement" not in letter.definition.attach or owed is None:
        return
    means = Means(tools.texts, tools.press, ())
    maker = StatementMaker(tools.books, owed, letter.customer, day, means)
    language = maker.wording("pdf")

    def make_pdf(_number: int, revision: str) -> Made:
        return maker.make("pdf", 0, revision, confirmation=False)

    def make_csv(_number: int, _revision: str) -> Made:
        return statement_csv(owed), ()

    yield file_name(f"{stem}-{TEMPLATE}", language, "pdf"), make_pdf
    yield file_name(f"{stem}-{TEMPLATE}", language, "csv"), make_csv


def email_file(
    books: OpenBooks,
    folder: str,
    planned: PlannedLetter,
    parts: Mapping[str, Made],
    day: dt.date,
) -> Made:
    """Return the letter as an e-mail of noon on ``day``, the same bytes for the same letter.

    ``parts`` are its texts and what goes with it, by file name. Raise NoSenderError and
    WrongAddressError, as sending does.
    """
    from zoneinfo import ZoneInfo

    from ledgercli.reminders.delivery.address import AddressError
    from ledgercli.reminders.delivery.email_form import as_email
    from ledgercli.reminders.delivery.sender import sender_of

    sender_of(books.settings.mail)
    findings = tuple(finding for _, found in parts.values() for finding in found)
    if findings:
        return b"", findings
    contents = {
        name: content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        for name, (content, _) in parts.items()
    }
    zone = ZoneInfo(books.settings.timezone or "UTC")
    noon = dt.datetime.combine(day, dt.time(12), zone)
    message = message_of(books, Written(folder, planned, contents, frozenset()), day)
    try:
        return as_email(replace(message, date=noon)), ()
    except AddressError:
        return b"", (Finding(codes.NO_EMAIL_ADDRESS, {}, customer=planned.customer),)
