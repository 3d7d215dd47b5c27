"""An archive of files that is the same bytes for the same files, and what git keeps of paths."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from ledgercli.books.files import write_atomic
from ledgercli.books.repository import run_git
from ledgercli.books.revision import GitMissingError, prefix_in_repository
from ledgercli.model.record import dataclass

#: The earliest time a ZIP can name; archives tell no time of their making.
_TIME = (1980, 1, 1, 0, 0, 0)
#: Only the owner may read what is unpacked, and the archive itself.
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that touched one of the paths asked for; ``date`` with its time zone."""

    commit: str
    date: str
    author: str
    subject: str


def archive_of(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of ``files`` by their names, sorted, all of one fixed time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # as on Unix everywhere, so that the bytes are the same
            entry.external_attr = _MODE << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def save_archive(path: Path, content: bytes) -> None:
    """Write an archive, all or nothing; a new one is for its owner alone.

    Raise FileUnwritableError.
    """
    write_atomic(path, content, mode=_MODE)


def commits_of(root: Path, paths: Sequence[str]) -> tuple[Commit, ...]:
    """Return the commits of all branches that touched ``paths``, newest first; none without git.

    Names that a file had before it was renamed are not followed: name them too.
    """
    if not paths:
        return ()
    try:
        form = "--format=%H%x00%aI%x00%an <%ae>%x00%s"
        log = run_git(root, "log", "--all", form, "--", *paths)
    except GitMissingError:
        return ()
    if log.returncode:
        return ()
    lines = log.stdout.decode("utf-8", "replace").splitlines()
    return tuple(Commit(*line.split("\0", 3)) for line in lines if line.count("\0") >= 3)


def former_paths(root: Path, path: str) -> tuple[str, ...]:
    """Return the names that a file had in git, ``path`` included, newest first."""
    try:
        log = run_git(root, "log", "--follow", "--name-only", "--format=", "-z", "--", path)
    except GitMissingError:
        return (path,)
    top = prefix_in_repository(root)
    named = log.stdout.decode("utf-8", "surrogateescape").replace("\n", "\0").split("\0")
    within = [name[len(top) :] for name in named if name and name.startswith(top)]
    return tuple(dict.fromkeys((path, *within)))
