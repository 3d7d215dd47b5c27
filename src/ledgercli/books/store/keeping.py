"""What the store keeps of a set of books: records and rows, with the state of all inputs.

Parts of the store: ``state`` (what it was made by and from), ``records`` (settings, customers, the
facts of the ledger), and ``rows`` in chunks.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import marshal
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ledgercli
from ledgercli.books.store.database import Content, Store
from ledgercli.books.store.inputs import (
    Inputs,
    Watched,
    changed_files,
    first_change,
    names_in,
    state_of,
    status_of,
)
from ledgercli.books.store.records import dump, load
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.record import dataclass
from ledgercli.model.refusal import Refusal

#: Why nothing kept was used, or nothing could be kept, in the words of `check --explain-load`.
NOTHING_KEPT = N_("nothing is kept of these books yet")
OTHER_VERSION = N_("what is kept was made by another version of the program")
DAMAGED = N_("what is kept cannot be read")
CHANGED = N_("it has changed")
CHANGED_MEANWHILE = N_("a file changed while it was read, so nothing is kept")
UNWRITABLE = N_("the cache cannot be written")
DOCUMENTS = N_("the ledger takes in whatever lies in a folder of documents, so nothing is kept")

#: The kind of what is kept about single files.
PER_FILE = "file"
#: A chunk of rows: its key, and two days that say when it matters (see desk.ledger_source).
ChunkHead = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of the books and still holds. Records and ledger are as they were handed over.

    ``mark`` tells this state of the books from all others.
    """

    records: tuple[Any, ...]
    ledger: tuple[Any, ...]
    chunks: tuple[ChunkHead, ...]
    tier: str
    mark: bytes


def stamp(python_path: str) -> str:
    """Return what an answer depends on besides files of the user's: programs and their versions.

    ``python_path`` is where the environment says that Python finds modules (of plugins).
    """
    beancount = importlib.util.find_spec("beancount")
    origin = beancount.origin if beancount and beancount.origin else ""
    parts = (
        ledgercli.__version__,
        _fingerprint(Path(ledgercli.__file__).parent),
        sys.version,
        python_path,
        origin,
        status_of(origin),
    )
    return repr(parts)


def _fingerprint(package: Path) -> str:
    """Return a hash of the state of our own modules, for those who run from a checkout."""
    found = hashlib.sha256()
    for room in ("books", "books/store", "books/proof", "model", "receivables", "desk"):
        try:
            with os.scandir(package / room) as entries:
                files = sorted(
                    (entry.name, entry.stat().st_mtime_ns, entry.stat().st_size)
                    for entry in entries
                    if entry.name.endswith(".py")
                )
        except OSError:
            continue
        found.update(repr(files).encode())
    return found.hexdigest()


def recall(
    store: Store, stamped: str, suffixes: frozenset[str], *, verify: bool
) -> Kept | tuple[Refusal, Inputs]:
    """Return what is kept in ``store``, or why it does not hold any more.

    With the reason come the inputs that it was made from, as far as they are known. ``verify``
    compares the content of all inputs.
    """
    found = store.read("state", [""]).get("")
    if found is None:
        return Refusal(NOTHING_KEPT), Inputs()
    try:
        made_by, files, folders, patterns, existing, chunks, tier = marshal.loads(found)  # noqa: S302
    except (ValueError, EOFError, TypeError):
        return Refusal(DAMAGED), Inputs()
    if made_by != stamped:
        return Refusal(OTHER_VERSION), Inputs()
    inputs = Inputs(files, folders, patterns, existing)
    if changed := first_change(inputs, suffixes, verify=verify):
        return Refusal(CHANGED, file=changed), inputs
    parts = store.read("records", ["", "ledger"])
    try:
        records, ledger = load(parts[""]), load(parts["ledger"])
    except (KeyError, ValueError):
        return Refusal(DAMAGED), inputs
    return Kept(records, ledger, tuple(head[:3] for head in chunks), str(tier), _mark(found))


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of the books, to be kept.

    ``began`` is when reading began, in nanoseconds since the epoch. ``records`` and ``ledger`` are
    made of the model's records; ``files`` give the bytes about single files, by path.
    """

    watched: Watched
    began: int
    records: tuple[Any, ...]
    ledger: tuple[Any, ...]
    chunks: Mapping[ChunkHead, Sequence[TransactionRow]]
    tier: str
    files: Mapping[str, Callable[[], bytes]]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What still holds of what is kept: the bytes about each file that has not changed.

    ``records`` are those of settings and customers if none of these has changed, else None.
    """

    files: Mapping[str, bytes]
    records: tuple[Any, ...] | None


def unchanged(
    store: Store,
    inputs: Inputs,
    suffixes: frozenset[str],
    record_files: Callable[[str], bool],
    *,
    verify: bool,
) -> Unchanged:
    """Return what still holds of what was made from ``inputs``, see :func:`recall`.

    ``record_files`` says of a path whether records were read from it.
    """
    changed = changed_files(inputs, verify=verify)
    files = store.read(PER_FILE, (path for path, *_ in inputs.files if path not in changed))
    same = not any(map(record_files, changed)) and all(
        names_in(folder, suffixes) == names for folder, names in inputs.folders
    )
    records = None
    if inputs.files and same:
        found = store.read("records", [""]).get("")
        with contextlib.suppress(ValueError):
            records = load(found) if found else None
    return Unchanged(files, records)


def keep(store: Store, stamped: str, read: Read) -> Refusal | bytes:
    """Keep what was read; return the mark of this state of the books, or why it is not kept.

    What is kept about files that are no longer read is dropped.
    """
    inputs = state_of(read.watched, read.began)
    if inputs is None:
        return Refusal(CHANGED_MEANWHILE)
    chunks = {head[0]: marshal.dumps(list(rows)) for head, rows in read.chunks.items()}
    digests = {key: hashlib.sha256(content).digest() for key, content in chunks.items()}
    state = marshal.dumps(
        (
            stamped,
            inputs.files,
            inputs.folders,
            inputs.patterns,
            inputs.existing,
            tuple((*head, digests[head[0]]) for head in read.chunks),
            read.tier,
        )
    )
    there = _digests(store)
    # Chunks that are there already need not be written again.
    parts: dict[tuple[str, str], Content] = {
        ("rows", key): content for key, content in chunks.items() if there.get(key) != digests[key]
    }
    parts |= {(PER_FILE, path): content for path, content in read.files.items()}
    parts["state", ""] = state
    parts["records", ""] = dump(read.records)
    parts["records", "ledger"] = dump(read.ledger)
    paths = {path for path, *_ in inputs.files}
    drop = [(PER_FILE, key) for key in store.keys(PER_FILE) if key not in paths]
    drop += [("rows", key) for key in there if key not in digests]
    drop.append(("summary", ""))
    kept = store.write(parts, drop)
    return _mark(state) if kept else Refusal(UNWRITABLE, file=str(store.folder))


def _digests(store: Store) -> dict[str, bytes]:
    """Return the digests of the chunks of rows that are kept, by key."""
    found = store.read("state", [""]).get("")
    there = set(store.keys("rows"))
    try:
        chunks = marshal.loads(found)[5] if found else ()  # noqa: S302 - our own, private file
        return {head[0]: head[3] for head in chunks if head[0] in there}
    except (ValueError, EOFError, TypeError, IndexError):
        return dict.fromkeys(there, b"")


def _mark(state: bytes) -> bytes:
    return hashlib.sha256(state).digest()


def rows_of(store: Store, keys: Iterable[str]) -> dict[str, list[TransactionRow]]:
    """Return chunks of rows by key; raise KeyError or ValueError where the store has lost one."""
    wanted = list(keys)
    found = store.read("rows", wanted)
    return {key: marshal.loads(found[key]) for key in wanted}  # noqa: S302 - our own, private file
