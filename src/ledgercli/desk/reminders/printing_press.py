"""The press of a set of books: the fonts of this machine and the company's logo."""

from __future__ import annotations

from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import Finding, Place
from ledgercli.model.sentence import Sentence, WrongValueError, reason_of
from ledgercli.reminders.press import Press, logo_svg


def press_of(books: OpenBooks) -> tuple[Press, tuple[Finding, ...]]:
    """Return what makes PDF for these books, and what is wrong with the logo.

    Without a logo that can be used letters are printed all the same. Raise PdfMissingError.
    """
    settings = books.settings.letters
    logo, findings = _logo(books, settings.logo) if settings.logo else ("", ())
    return Press(logo=logo, fonts=settings.fonts), findings


def _logo(books: OpenBooks, name: str) -> tuple[str, tuple[Finding, ...]]:
    from ledgercli.books.errors import FileUnreadableError, OutsideBooksError
    from ledgercli.books.files import inside, read_bytes

    try:
        path = inside(books.root, name)
    except (OutsideBooksError, FileUnreadableError):
        values = {"path": name, "reason": Sentence(N_("it is not in the books"))}
        return "", (Finding(codes.LOGO_UNUSABLE, values, Place(name)),)
    content, findings = read_bytes(path, books.root)
    if content is None:
        return "", tuple(findings)
    try:
        return logo_svg(content), ()
    except WrongValueError as error:
        values = {"path": name, "reason": reason_of(error)}
        return "", (Finding(codes.LOGO_UNUSABLE, values, Place(name)),)
