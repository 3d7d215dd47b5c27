"""Keyed bytes in one SQLite file per set of books, in the user's cache folder.

The store only ever costs time, never an answer: one that is damaged, foreign, of another version
or writable by others is not used and made anew, and where it cannot be written there is none. What
it holds can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import stat
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from ledgercli.model.record import dataclass

#: Written into the file; another number means another layout.
LAYOUT = 2
_MARK = 0x1ED6E2  # "application_id" of SQLite: these files are ours
_SUFFIX = ".sqlite3"
_BUSY_SECONDS = 2.0
_PAGE_BYTES = 1 << 14
#: A log of writes that is longer is emptied.
_LOG_BYTES_MAX = 1 << 20
#: All files together; the least recently used go first.
BYTES_MAX = 1 << 30


Content = bytes | memoryview | Callable[[], bytes | memoryview]


@dataclass(frozen=True, slots=True)
class StoreFile:
    """A store on disk, for the eye: which books it is for, how large it is."""

    path: Path
    books: str
    size: int


class Store:
    """The store of one set of books. Nothing here raises; what cannot be read is not there."""

    def __init__(self, folder: Path, books: str) -> None:
        """Take the store for ``books`` (any text that tells them apart) in ``folder``."""
        self.folder = folder
        self.books = books
        digest = hashlib.sha256(books.encode("utf-8", "surrogatepass")).hexdigest()
        self.path = folder / f"{digest[:32]}{_SUFFIX}"
        self._connection: sqlite3.Connection | None = None

    def read(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is kept of ``kind`` under ``keys``, without those that are not there."""
        found: dict[str, bytes] = {}
        for key in keys:
            query = "SELECT key, bytes, checksum FROM part WHERE kind = ? AND key = ?"
            found |= _undamaged(kind, self._query(query, kind, key))
        return found

    def all_of(self, kind: str) -> dict[str, bytes]:
        """Return all that is kept of ``kind``, by key."""
        query = "SELECT key, bytes, checksum FROM part WHERE kind = ?"
        return _undamaged(kind, self._query(query, kind))

    def keys(self, kind: str) -> list[str]:
        """Return the keys of all that is kept of ``kind``."""
        return [row[0] for row in self._query("SELECT key FROM part WHERE kind = ?", kind)]

    def write(
        self,
        parts: Mapping[tuple[str, str], Content],
        drop: Sequence[tuple[str, str]] = (),
        over: tuple[tuple[str, str], bytes] | None = None,
    ) -> bool:
        """Keep ``parts`` by kind and key and forget ``drop``, all or nothing; tell whether it is.

        What is given as a function is made when its turn comes, so that not all is held at once.
        ``over`` is a part with the SHA-256 that it must still have, none where it must not be
        there: ``parts`` may only hold together with what was read beside it.

        A second program that writes at the same time is waited for shortly, then goes first.
        """
        for _ in range(2):  # a store of no use is made anew once
            try:
                self.close()
                connection = self._open(create=True)
                first = connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal"
                with _unsynchronized(connection, only_if=first), connection:
                    connection.execute("BEGIN IMMEDIATE")
                    if over and _digest_in(connection, *over[0]) != over[1]:
                        return False
                    connection.executemany("DELETE FROM part WHERE kind = ? AND key = ?", drop)
                    connection.executemany(
                        "INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)",
                        (
                            (kind, key, made, _checksum(kind, key, made))
                            for (kind, key), content in parts.items()
                            for made in [content() if callable(content) else content]
                        ),
                    )
                # Only now: the first, largest part need not be written twice.
                with _unsynchronized(connection):
                    connection.execute("PRAGMA journal_mode = WAL")
                self._shorten_log(connection)
                self._bound_folder()
            except sqlite3.OperationalError:
                # Full, read-only, or busy: nothing is wrong with what is there.
                self.close()
                return False
            except sqlite3.DatabaseError:
                self.close()
                _remove(self.path)
            except (OSError, ValueError):
                self.close()
                return False
            else:
                return True
        return False

    def moment(self) -> int | None:
        """Return the time by the clock of the file system, in nanoseconds since the epoch.

        None where nothing can be written here, so that nothing could be kept either.
        """
        probe = self.folder / f".{os.getpid()}.moment"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
            return probe.stat().st_mtime_ns
        except OSError:
            return None
        finally:
            with contextlib.suppress(OSError):
                probe.unlink()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _query(self, statement: str, *values: str) -> list[Any]:
        """Return the rows of a query, none where something is wrong with the file."""
        try:
            connection = self._open(create=False)
            # One transaction over all reading: what others write meanwhile is not seen.
            if not connection.in_transaction:
                connection.execute("BEGIN")
            return connection.execute(statement, values).fetchall()
        except (sqlite3.Error, OSError, ValueError):
            self.close()
            return []

    def _open(self, *, create: bool) -> sqlite3.Connection:
        """Return the open store, checked to be ours and of this layout.

        Raise sqlite3.Error or OSError; with ``create`` what is none of ours is made anew.
        """
        if self._connection is not None:
            return self._connection
        if create:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_private(self.folder)
        if create and not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        _check_private(self.path)
        mode = "rw" if create else "ro"
        connection = _connect(self.path, mode)
        try:
            _check_layout(connection, self.books if create else None)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        # Whoever has read enough lets go of the store, at a time of his own.
        weakref.finalize(self, connection.close).atexit = False
        return connection

    def _shorten_log(self, connection: sqlite3.Connection) -> None:
        """Empty SQLite's log of what was written where it is long: every reader goes through it."""
        log = Path(f"{self.path}-wal")
        if _bytes(log) > _LOG_BYTES_MAX:
            # Another program may be reading: then the next writer does it.
            connection.execute("PRAGMA busy_timeout = 0")
            with contextlib.suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")

    def _bound_folder(self) -> None:
        """Delete the stores that were used least recently while all are too large together."""
        os.utime(self.path)
        files = sorted(self.folder.glob(f"*{_SUFFIX}"), key=_used_at, reverse=True)
        total = 0
        for file in files:
            total += _size(file)
            if total > BYTES_MAX and file != self.path:
                _remove(file)


def stores(folder: Path) -> list[StoreFile]:
    """Return the stores in ``folder``, by the books they are for."""
    found = []
    for path in folder.glob(f"*{_SUFFIX}"):
        books = ""
        with contextlib.suppress(sqlite3.Error, OSError, TypeError):
            connection = _connect(path, "ro")
            try:
                rows = connection.execute("SELECT value FROM about WHERE name = 'books'")
                books = str(rows.fetchone()[0])
            finally:
                connection.close()
        found.append(StoreFile(path, books, _size(path)))
    return sorted(found, key=lambda file: (file.books, file.path))


def clear(folder: Path) -> list[StoreFile]:
    """Delete all stores in ``folder``, and return which were there."""
    found = stores(folder)
    for file in found:
        _remove(file.path)
    return found


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # As a URI, so that nothing is made where there is none.
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        uri,
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        # Garbage may be collected, and thereby closed, by any thread.
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        if mode == "rw":
            # A crash of the machine may lose what was written last; it never mixes two states.
            connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection


def _undamaged(kind: str, rows: Iterable[tuple[str, bytes, int]]) -> dict[str, bytes]:
    """Return the parts by key; one that is not what was written is not there.

    SQLite notices damage to the structure of its pages, but not to what lies in them.
    """
    return {
        key: content
        for key, content, checksum in rows
        if isinstance(content, bytes) and _checksum(kind, key, content) == checksum
    }


def _checksum(kind: str, key: str, content: bytes | memoryview) -> int:
    return crc32(content, crc32(f"{kind}\0{key}".encode("utf-8", "surrogatepass")))


def _digest_in(connection: sqlite3.Connection, kind: str, key: str) -> bytes:
    """Return the SHA-256 of a part, no bytes where it is not there."""
    query = "SELECT bytes FROM part WHERE kind = ? AND key = ?"
    found = connection.execute(query, (kind, key)).fetchone()
    return hashlib.sha256(found[0]).digest() if found else b""


def _check_layout(connection: sqlite3.Connection, books: str | None) -> None:
    """Raise sqlite3.DatabaseError for a file that is none of ours, or of another layout.

    An empty one is laid out for ``books`` where these are given.
    """
    layout = connection.execute("PRAGMA user_version").fetchone()[0]
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    if (mark, layout) == (_MARK, LAYOUT):
        return
    used = mark or layout or connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    if used or books is None:
        raise sqlite3.DatabaseError
    _lay_out(connection, books)


@contextlib.contextmanager
def _unsynchronized(connection: sqlite3.Connection, *, only_if: bool = True) -> Iterator[None]:
    """Do not wait for the disk.

    Should the machine crash, parts of a new file are whole by their checksum, or made anew. Of a
    file that was there before they could be of two states, so its writes are waited for.
    """
    if only_if:
        connection.execute("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        connection.execute("PRAGMA synchronous = NORMAL")


def _lay_out(connection: sqlite3.Connection, books: str) -> None:
    # What is kept at once are thousands of parts; larger pages are fewer to write and to read.
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    with _unsynchronized(connection), connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT)")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS part"
            " (kind TEXT, key TEXT, bytes BLOB, checksum INTEGER, PRIMARY KEY (kind, key))"
        )
        connection.execute("INSERT OR REPLACE INTO about VALUES ('books', ?)", (books,))
        connection.execute(f"PRAGMA application_id = {_MARK}")
        connection.execute(f"PRAGMA user_version = {LAYOUT}")


def _check_private(path: Path) -> None:
    """Raise OSError where somebody else could have written ``path``."""
    found = path.stat()
    if os.name == "posix" and (
        found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    ):
        raise PermissionError


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            Path(f"{path}{suffix}").unlink()


def _size(path: Path) -> int:
    return _bytes(path) + _bytes(Path(f"{path}-wal"))


def _bytes(path: Path) -> int:
    """Return the size of a file, 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
