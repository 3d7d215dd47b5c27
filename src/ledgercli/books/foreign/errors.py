"""Why a file of another system cannot be read, or written in the form asked for."""

from __future__ import annotations

from ledgercli.books.errors import BooksError
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import MissingExtraError
from ledgercli.model.exchange import Subject


class ProfileNotFoundError(BooksError):
    """Neither the books nor the program have a profile of that name."""

    message = N_("there is no profile `{name}`")
    hint = N_("`ledgercli customer profiles` lists them; your own are files in `profiles/`")

    def __init__(self, name: str, suggestion: str = "") -> None:
        """Keep the name that means nothing, and the one that comes nearest to it."""
        if suggestion:
            self.hint = N_("did you mean `{suggestion}`?")
        super().__init__(name=name, suggestion=suggestion)


class ProfileUnusableError(BooksError):
    """A profile of the user's own is no profile."""

    message = N_("the profile `{file}` cannot be used: {reason}")
    hint = N_("`columns:` maps each column of the file to a part of a record")


class WrongSubjectError(BooksError):
    """A profile of customers was given for open items, or the other way round."""

    message = N_("the profile `{name}` is for open items, not for customers")
    hint = N_("`ledgercli customer profiles` says what each is for")

    def __init__(self, name: str, wanted: Subject) -> None:
        """Keep the name of the profile, and what it was wanted for."""
        if wanted == "items":
            self.message = N_("the profile `{name}` is for customers, not for open items")
        super().__init__(name=name)


class EncodingUnknownError(BooksError):
    """The user named an encoding that Python has not."""

    message = N_("there is no encoding `{encoding}`")
    hint = N_("such as utf-8, gb18030, cp1252 or utf-16; without `--encoding` it is found out")


class ForeignFileError(BooksError):
    """The content is not what its kind of file has."""

    message = N_("`{file}` cannot be read as {kind}: {reason}")


class UnclosedQuoteError(BooksError):
    """A quotation mark opens a cell that never ends, and all that follows would be in it."""

    message = N_("`{file}`: the quotation mark that opens a cell in line {line} is never closed")
    hint = N_("close it, or leave it out; all lines behind it would be one cell")


class NoHeadingsError(BooksError):
    """No line of the file has the columns of the profile."""

    message = N_("`{file}` has none of the headings of the profile `{profile}`: {expected}")
    hint = N_("found: {found}; `ledgercli customer profiles` lists the profiles for `--profile`")


class EmptyForeignFileError(BooksError):
    """The file has nothing in it."""

    message = N_("`{file}` is empty")
    hint = N_("it needs a line of headings, such as {expected}, and the rows below it")


class WorkbookLibraryMissingError(MissingExtraError):
    """The library that reads and writes workbooks is not installed."""

    message = N_("XLSX files need a part of the program that is not installed")
    extra = "xlsx"


class CardLibraryMissingError(MissingExtraError):
    """The library that reads and writes cards of contacts is not installed."""

    message = N_("vCard files need a part of the program that is not installed")
    extra = "contacts"
