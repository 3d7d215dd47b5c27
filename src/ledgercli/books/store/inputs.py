"""What an answer was made from, and whether any of it has changed since.

A file is told by what the system says of it: device, inode, size, and the times of its last change
in nanoseconds; the time that no program can set (ctime) among them. A file that changed in the very
moment it was read may change again within the same tick of the clock, as git knows of its index; so
of a file as young as that the content is compared by its SHA-256.
"""

from __future__ import annotations

import glob
import hashlib
import os
from collections.abc import Iterable, Mapping

from ledgercli.model.record import dataclass

#: Clocks of file systems may tick as slowly as this.
_TICK_NANOSECONDS = 2_000_000_000

Status = tuple[int, int, int, int, int]
"""Device, inode, size, mtime and ctime in nanoseconds."""

FileState = tuple[str, Status, bytes, bool]
"""Path, status, SHA-256, and whether the file was young when it was read."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The state of all inputs at one moment.

    ``files`` are those that were read. ``folders`` are folders with the names in them that count
    (None where there is no folder), ``patterns`` glob patterns with what they matched, sorted, and
    ``existing`` paths with whether they were there.
    """

    files: tuple[FileState, ...] = ()
    folders: tuple[tuple[str, tuple[str, ...] | None], ...] = ()
    patterns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    existing: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Watched:
    """Which inputs there are. ``folders`` count with the names that end as ``suffixes`` say."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    suffixes: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()


def state_of(
    watched: Watched,
    began: int,
    unchanged: Mapping[str, FileState] | None = None,
    digests: Mapping[str, bytes] | None = None,
    unread: Mapping[str, FileState] | None = None,
) -> Inputs | None:
    """Return the state of what was read since ``began`` (nanoseconds since the epoch).

    None where something changed meanwhile, or is gone: then nobody knows what was read. The content
    of files that were found ``unchanged`` since ``began`` is known by their earlier state, that of
    others that were read may be known by its SHA-256 in ``digests``. Files that were found so and
    ``unread`` since are as they were found: if one has changed meanwhile, the next look tells. So
    are those with a :func:`read_state` of their own.
    """
    known, said, as_found = unchanged or {}, digests or {}, unread or {}
    files = []
    for path in watched.files:
        found = as_found.get(path)
        if found is not None:
            # Where it was old before it is so now; else its content was just compared.
            young = found[3] and max(found[1][3:]) >= began - _TICK_NANOSECONDS
            files.append(found if young == found[3] else (*found[:3], young))
            continue
        status = status_of(path)
        if status is None or max(status[3:]) >= began:
            return None
        before = known.get(path)
        content: bytes | None
        if before is not None and before[1] == status:
            content = before[2]
        else:
            content = said.get(path) or digest_of(path)
            if content is None or status_of(path) != status:
                return None
        files.append((path, status, content, max(status[3:]) >= began - _TICK_NANOSECONDS))
    found_now = Inputs(
        tuple(files),
        tuple((folder, names_in(folder, watched.suffixes)) for folder in watched.folders),
        tuple((pattern, matches(pattern)) for pattern in watched.patterns),
        tuple((path, os.path.lexists(path)) for path in watched.existing),
    )
    return None if _came_or_went(found_now, began) else found_now


def read_state(path: str, began: int, content: bytes) -> FileState | None:
    """Return the state of a file that was read since ``began``; ``content`` is its SHA-256.

    None where it may have changed meanwhile, or is gone.
    """
    status = status_of(path)
    if status is None or max(status[3:]) >= began:
        return None
    return (path, status, content, max(status[3:]) >= began - _TICK_NANOSECONDS)


def _came_or_went(inputs: Inputs, began: int) -> bool:
    """Return whether names that count came or went since ``began``.

    What was read may be of the names before, and the state of those after.
    """
    read = {path for path, *_ in inputs.files}
    matched = {os.path.normpath(path) for _, found in inputs.patterns for path in found}
    paths = [folder for folder, _ in inputs.folders]
    paths += matched - read
    paths += [os.path.dirname(path) for path, was_there in inputs.existing if not was_there]  # noqa: PTH120
    return any((now := status_of(path)) is not None and max(now[3:]) >= began for path in paths)


def first_change(inputs: Inputs, suffixes: frozenset[str], *, verify: bool = False) -> str | None:
    """Return the first path that differs from ``inputs``, None where nothing does.

    With ``verify`` the content of every file is compared, else only that of young ones.
    """
    if changed := _first_changed(inputs.files, verify=verify):
        return changed
    for folder, names in inputs.folders:
        if names_in(folder, suffixes) != names:
            return folder
    for pattern, found in inputs.patterns:
        if matches(pattern) != found:
            return pattern
    for path, was_there in inputs.existing:
        if os.path.lexists(path) != was_there:
            return path
    return None


def _first_changed(files: Iterable[FileState], *, verify: bool) -> str | None:
    stat, path = os.stat, ""
    try:
        for path, status, content, young in files:
            # As `status_of`: of thousands of files, a call of ours for each takes its time.
            now = stat(path)
            if (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns) != status:
                return path
            if (young or verify) and digest_of(path) != content:
                return path
    except (OSError, ValueError):
        return path
    return None


def changed_files(inputs: Inputs, *, verify: bool = False) -> set[str]:
    """Return the files whose content may differ from ``inputs``, ``verify`` as above."""
    return {
        path
        for path, status, content, young in inputs.files
        if status_of(path) != status or ((young or verify) and digest_of(path) != content)
    }


def status_of(path: str) -> Status | None:
    """Return what the system says of the file behind ``path``, None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - thousands of them at every start
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def digest_of(path: str) -> bytes | None:
    """Return the SHA-256 of a file's content, None where it cannot be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return hashlib.file_digest(file, "sha256").digest()
    except (OSError, ValueError):
        return None


def names_in(folder: str, suffixes: Iterable[str]) -> tuple[str, ...] | None:
    """Return the names in ``folder`` with one of ``suffixes``, sorted; None where it is none."""
    endings = tuple(suffixes)
    try:
        # A path object for each of thousands of names would take its time.
        found = [name for name in os.listdir(folder) if name.endswith(endings)]  # noqa: PTH208
    except OSError:
        return None
    hidden = {name for name in found if name[0] == "." and not os.path.splitext(name)[1]}  # noqa: PTH122
    return tuple(sorted(hidden.symmetric_difference(found)))


def matches(pattern: str) -> tuple[str, ...]:
    """Return what a glob pattern matches, as Beancount expands it, sorted."""
    if not glob.has_magic(pattern):
        return (pattern,) if os.path.lexists(pattern) else ()
    try:
        return tuple(sorted(glob.glob(pattern, recursive=True)))  # noqa: PTH207 - as Beancount does
    except (OSError, ValueError, RecursionError):
        return ()
