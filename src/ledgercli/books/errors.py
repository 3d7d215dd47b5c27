"""Why the books cannot be opened or written: one class per situation."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError


class BooksError(LedgercliError):
    """The base of what can go wrong with the files of the books."""


class BooksNotFoundError(BooksError):
    """No option, variable or folder above says where the books are."""

    message = N_("no books here: there is no `ledgercli.yaml` in `{start}` or above")
    hint = N_("make books with `ledgercli init`, or name a ledger with `--ledger FILE`")


class NotAFolderError(BooksError):
    """What was named as the books is no folder."""

    message = N_("the books `{path}` are not a folder")
    hint = N_("name the folder that holds `ledgercli.yaml`, or a ledger with `--ledger FILE`")


class NotAFileError(BooksError):
    """A file that was named does not exist or is something else."""

    message = N_("there is no file `{path}`")
    hint = N_("check the path; a relative one counts from the working directory")


class FolderInsteadError(NotAFileError):
    """A ledger was named, but a folder is there."""

    message = N_("`{path}` is a folder, not a ledger")
    hint = N_("name a file in it with `--ledger FILE`, or the folder of the books with `--books`")


class FolderForFileError(NotAFileError):
    """A file was asked for, but a folder is there."""

    message = N_("`{path}` is a folder, not a file")
    hint = N_("name a file in it")


class FileUnreadableError(BooksError):
    """The system refuses to read a file we cannot do without."""

    message = N_("cannot read `{path}`: {reason}")
    hint = N_("check that it is whole, and that you may read it")


class FileUnwritableError(BooksError):
    """The system refuses to write a file; what stood there before is untouched."""

    message = N_("cannot write `{path}`: {reason}")
    hint = N_("the file is as it was; check the permissions and the free space")


class BooksLockedError(BooksError):
    """Another run is writing to the same books."""

    message = N_("the books are in use by process {process} on {host}, since {since}")
    hint = N_("wait until the other run has ended, then try again")


class OutsideBooksError(BooksError):
    """A path would lead out of the books."""

    message = N_("`{path}` leads out of the books")
    hint = N_("use a path below the folder of the books, without `..` and links that lead out")


class BooksExistError(BooksError):
    """There are books already where new ones should be made."""

    message = N_("`{path}` is there already")
    hint = N_("`init` never overwrites; choose another folder, or move the file away")
