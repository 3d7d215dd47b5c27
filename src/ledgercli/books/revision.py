"""The books as git keeps them: at a revision, in a folder of their own, and which one is now.

Only ``rev-parse``, ``ls-tree`` and ``cat-file`` read a revision. ``git archive`` would obey
``export-ignore`` and ``export-subst``, a checkout would run hooks and filters and touch the work
tree; the bytes of the objects are what was committed.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.record import dataclass

_PREFIX = "ledgercli-revision-"
_LINK, _SUBMODULE = "120000", "160000"
_SECONDS_FOR_STATUS = 30
_CHUNK_BYTES = 1 << 20


class GitMissingError(LedgercliError):
    """There is no git to ask."""

    message = N_("git is not installed, or not in the path")
    hint = N_("the history of the books is read with git")


class NotARepositoryError(LedgercliError):
    """The books are in no git repository, or git refuses to read it."""

    message = N_("`{path}` is in no git repository: {reason}")
    hint = N_("this needs books whose history is kept with git")


class UnknownRevisionError(LedgercliError):
    """Git knows no such commit."""

    message = N_("git knows no revision `{revision}`")
    hint = N_("name a commit, a tag or a branch")


class BooksNotInRevisionError(LedgercliError):
    """The commit has no such folder."""

    message = N_("there were no books in `{folder}` at revision `{revision}`")


class RevisionUnreadableError(LedgercliError):
    """An object is missing, or the files cannot be written to the temporary folder."""

    message = N_("cannot read revision `{revision}`: {reason}")


@dataclass(frozen=True, slots=True)
class _Blob:
    """A file of a revision: its mode, its object, its path from the top of the repository."""

    mode: str
    name: str
    path: str


@contextmanager
def books_at(root: Path, revision: str) -> Iterator[Path]:
    """Yield the folder of the books as of ``revision``, inside a copy of the whole repository.

    So includes that lead out of the books, but not out of the repository, find their files; see
    :func:`top_of` for its top. The copy is temporary and gone afterwards; work tree, index and
    references stay as they are. Links that lead out of the repository and submodules are left out.
    Raise GitMissingError, NotARepositoryError, UnknownRevisionError, BooksNotInRevisionError or
    RevisionUnreadableError.
    """
    inside = _ask(root, "rev-parse", "--show-prefix")
    if inside.returncode:
        raise NotARepositoryError(path=root, reason=_reason(inside))
    prefix = os.fsdecode(inside.stdout.removesuffix(b"\n")).rstrip("/")
    commit = commit_of(root, revision)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder:
        top = Path(folder).resolve()
        try:
            _write_tree(root, commit, top)
        except _ObjectError as error:
            raise RevisionUnreadableError(revision=revision, reason=error) from None
        except OSError as error:
            reason = error.strerror or error
            raise RevisionUnreadableError(revision=revision, reason=reason) from None
        books = top / prefix if prefix else top
        if not books.is_dir():
            raise BooksNotInRevisionError(folder=prefix, revision=revision)
        yield books


def top_of(books: Path) -> Path:
    """Return the top of the copied repository that holds ``books``, a folder of ``books_at``."""
    return next(
        (folder for folder in (books, *books.parents) if folder.name.startswith(_PREFIX)), books
    )


def books_revision(root: Path) -> str | None:
    """Return the short hash of the commit checked out, with ``+`` where the books differ from it.

    Untracked files count too, but not ``letters/``, which the program writes itself. None where
    there is no git, no repository, or no commit yet.
    """
    try:
        head = _ask(root, "rev-parse", "--short", "--verify", "--quiet", "HEAD")
        if head.returncode:
            return None
        own = (":(exclude)letters", ":(exclude).ledgercli.lock*")
        status = _ask(root, "status", "--porcelain", "-z", "--", ".", *own)
    except (GitMissingError, subprocess.TimeoutExpired):
        return None
    short = head.stdout.decode("ascii", "replace").strip()
    return short + ("+" if status.returncode or status.stdout else "")


def prefix_in_repository(root: Path) -> str:
    """Return the books' folder within its repository, ``books/`` or empty at the top or outside."""
    try:
        answer = _ask(root, "rev-parse", "--show-prefix")
    except (GitMissingError, subprocess.TimeoutExpired):
        return ""
    return "" if answer.returncode else os.fsdecode(answer.stdout.removesuffix(b"\n"))


def git_identity(root: Path) -> str:
    """Return who commits here, ``Name <email>`` as git's configuration says, or what it has of it.

    Empty where it says nothing, or where there is no git.
    """
    try:
        answer = _ask(root, "config", "-z", "--get-regexp", r"^user\.(name|email)$")
    except (GitMissingError, subprocess.TimeoutExpired):
        return ""
    lines = answer.stdout.decode("utf-8", "replace").split("\0")
    # The last of several counts, as for git itself.
    said = {
        key: " ".join(value.split()) for key, _, value in (line.partition("\n") for line in lines)
    }
    name, email = said.get("user.name", ""), said.get("user.email", "")
    return f"{name} <{email}>".strip() if email else name


def commit_of(root: Path, revision: str) -> str:
    """Return the whole hash of the commit that ``revision`` names.

    Raise UnknownRevisionError or GitMissingError.
    """
    if not revision or "\0" in revision:
        raise UnknownRevisionError(revision=revision.replace("\0", "\\0"))
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    found = _ask(root, *asked)
    if found.returncode:
        raise UnknownRevisionError(revision=revision)
    return found.stdout.decode("ascii").strip()


def _command(root: Path, *arguments: str) -> list[str]:
    # A repository may name programs to run: none of them is wanted for reading.
    options = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")
    return ["git", "-C", str(root), "--no-optional-locks", *options, *arguments]


def git_environment(*others: str) -> dict[str, str]:
    """Return the environment for git: English, no network, and not the repository of a hook.

    Of its own variables stay those about configuration, and those that begin as ``others`` do.
    """
    known = ("GIT_CONFIG", "GIT_CEILING", *others)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(known)
    }
    return {**kept, "LC_ALL": "C", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}


def _ask(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - a list of arguments, no shell
            _command(root, *arguments),
            capture_output=True,
            check=False,
            env=git_environment(),
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS_FOR_STATUS if arguments[0] == "status" else None,
        )
    except FileNotFoundError:
        raise GitMissingError from None


def _reason(answer: subprocess.CompletedProcess[bytes]) -> str:
    lines = answer.stderr.decode("utf-8", "replace").strip().splitlines() or [""]
    return lines[0].removeprefix("fatal: ") or f"git ended with {answer.returncode}"


class _ObjectError(Exception):
    """Git does not give an object that the revision needs."""


def _write_tree(root: Path, commit: str, top: Path) -> None:
    """Write all files of ``commit`` below the empty folder ``top``."""
    listing = _ask(root, "ls-tree", "-r", "-z", "--full-tree", commit)
    if listing.returncode:
        raise _ObjectError(_reason(listing))
    blobs = [blob for line in listing.stdout.split(b"\0") if (blob := _blob(line))]
    links: list[tuple[Path, bytes]] = []
    with tempfile.TemporaryFile() as names:
        names.writelines(blob.name.encode("ascii") + b"\n" for blob in blobs)
        names.seek(0)
        with subprocess.Popen(  # noqa: S603 - a list of arguments, no shell
            _command(root, "cat-file", "--batch"),
            stdin=names,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=git_environment(),
        ) as process:
            assert process.stdout is not None  # noqa: S101 - asked for above
            for blob in blobs:
                target = top / blob.path
                target.parent.mkdir(parents=True, exist_ok=True)
                size = _size(process.stdout.readline(), blob)
                if blob.mode == _LINK:
                    links.append((target, process.stdout.read(size)))
                else:
                    _copy(process.stdout, target, size)
                process.stdout.read(1)
    # Last, so that no file was written through one of them.
    _write_links(links, top)


def _blob(line: bytes) -> _Blob | None:
    """Return the file of a line of ``ls-tree``; None for submodules and dangerous paths."""
    facts, _, raw = line.partition(b"\t")
    if not raw:
        return None
    mode, _, name = facts.decode("ascii").split(" ")
    path = os.fsdecode(raw)
    parts = path.split("/")
    # Git itself writes no such tree, a forged one may hold it.
    unsafe = {"", ".", ".."}.intersection(parts) or (os.sep != "/" and os.sep in path)
    return None if mode == _SUBMODULE or unsafe else _Blob(mode, name, path)


def _size(header: bytes, blob: _Blob) -> int:
    """Return the size told by a header ``NAME blob SIZE`` of ``cat-file``."""
    words = header.split()
    if len(words) != 3 or words[1] != b"blob":
        text = blob.path.encode("utf-8", "backslashreplace").decode("utf-8")
        msg = f"git has no content for {text}"
        raise _ObjectError(msg)
    return int(words[2])


def _copy(source: IO[bytes], target: Path, size: int) -> None:
    with target.open("xb") as file:
        while size:
            chunk = source.read(min(size, _CHUNK_BYTES))
            if not chunk:
                msg = "git ended early"
                raise _ObjectError(msg)
            file.write(chunk)
            size -= len(chunk)


def _write_links(links: list[tuple[Path, bytes]], top: Path) -> None:
    """Make the symbolic links, then take away those that lead out of ``top``."""
    for target, destination in links:
        target.symlink_to(os.fsdecode(destination))
    # All are judged before one is removed: links may lead through each other.
    outside = [target for target, _ in links if not _stays_inside(target, top)]
    for target in outside:
        target.unlink()


def _stays_inside(target: Path, top: Path) -> bool:
    try:
        # From Python 3.13 on a circle is no error, but leads to a link.
        resolved = target.resolve()
        return resolved.is_relative_to(top) and not resolved.is_symlink()
    except (OSError, RuntimeError):  # it leads round in a circle
        return False
