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
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import Any

import ledgercli
from ledgercli.books.store.database import Content, Store
from ledgercli.books.store.inputs import (
    FileState,
    Inputs,
    changed_files,
    first_change,
    names_in,
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
KEPT_MEANWHILE = N_("another program kept what it read meanwhile, so nothing more is kept")
UNWRITABLE = N_("the cache cannot be written")
DOCUMENTS = N_("the ledger takes in whatever lies in a folder of documents, so nothing is kept")

#: The kinds of what is kept about single files: what they say, and their rows.
PER_FILE, FILE_ROWS = "file", "file rows"
#: The kind of what is kept about the accounts of some customers.
ACCOUNTS = "accounts"
#: Where the proof of all files together is kept.
PROOF = ("proof", "")
_STATE = ("state", "")
#: A chunk of rows: its key, and two days that say when it matters (see desk.ledger_source).
ChunkHead = tuple[str, int, int]
#: The head of a chunk that is kept, with the SHA-256 of its bytes.
KeptChunk = tuple[str, int, int, bytes]
#: Kind and key of a part of the store, and its bytes.
Parts = Mapping[tuple[str, str], bytes]


@dataclass(frozen=True, slots=True)
class State:
    """What the store holds, and the inputs that it was made from.

    ``buckets`` is the number of parts that customers were sorted into, ``mark`` tells this state
    of the books from all others.
    """

    inputs: Inputs = field(default_factory=Inputs)
    chunks: tuple[KeptChunk, ...] = ()
    tier: str = ""
    buckets: int = 0
    mark: bytes = b""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of the books and still holds. Records and ledger are as they were handed over.

    ``buckets`` and ``mark`` as in :class:`State`.
    """

    records: tuple[Any, ...]
    ledger: tuple[Any, ...]
    chunks: tuple[ChunkHead, ...]
    tier: str
    buckets: int
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
) -> Kept | tuple[Refusal, State]:
    """Return what is kept in ``store``, or why it does not hold any more.

    With the reason comes what is there, as far as it can be of use. ``verify`` compares the content
    of all inputs.
    """
    found = store.read(_STATE[0], [_STATE[1]]).get(_STATE[1])
    if found is None:
        return Refusal(NOTHING_KEPT), State()
    try:
        made_by, files, folders, patterns, existing, chunks, tier, buckets = marshal.loads(found)  # noqa: S302
    except (ValueError, EOFError, TypeError):
        return Refusal(DAMAGED), State(mark=_mark(found))
    if made_by != stamped:
        return Refusal(OTHER_VERSION), State(mark=_mark(found))
    inputs = Inputs(files, folders, patterns, existing)
    state = State(inputs, chunks, str(tier), buckets, _mark(found))
    if changed := first_change(inputs, suffixes, verify=verify):
        return Refusal(CHANGED, file=changed), state
    parts = store.read("records", ["", "ledger"])
    try:
        records, ledger = load(parts[""]), load(parts["ledger"])
    except (KeyError, ValueError):
        return Refusal(DAMAGED), state
    heads = tuple(head[:3] for head in chunks)
    return Kept(records, ledger, heads, state.tier, buckets, state.mark)


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of the books, to be kept.

    ``inputs`` is the state of what it was read from, None where that changed meanwhile. ``records``
    (None where those that are kept still hold) and ``ledger`` are made of the model's records.
    ``chunks`` are made anew, ``carried`` are there already, and so are the accounts
    ``carried_accounts``. ``files`` are parts about files that were read anew; ``unchanged`` are the
    states of those whose parts still hold, by path. ``chunk_digests`` are the SHA-256 of chunks by
    key, as far as they are known. ``before`` is what the store held. ``more`` gives parts for the
    mark of this state of the books.
    """

    inputs: Inputs | None
    records: tuple[Any, ...] | None
    ledger: tuple[Any, ...]
    chunks: Mapping[ChunkHead, Content]
    tier: str
    files: Mapping[tuple[str, str], Content]
    unchanged: Mapping[str, FileState] = field(default_factory=dict)
    before: State = field(default_factory=State)
    carried: Sequence[KeptChunk] = ()
    carried_accounts: Collection[str] = ()
    buckets: int = 1
    more: Callable[[bytes], Parts] = lambda _: {}
    chunk_digests: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What still holds of what is kept: ``files`` gives the bytes about each that has not changed.

    ``states`` are those of all such inputs, ``changed`` the paths of all others; ``same_folders``
    says that the same names are in folders. ``records`` are those of settings and customers as they
    were kept, None where they are lost, and ``records_mark`` tells them from others; ``ledger``
    gives that as it was kept, None likewise. ``facts`` and ``rows`` give the bytes about a file and
    of its rows as they were kept, changed or not, and raise KeyError; ``proof`` gives those of the
    proof of all files, none where there is none.
    """

    files: Callable[[], Mapping[str, bytes]]
    states: Mapping[str, FileState]
    changed: Collection[str]
    same_folders: bool
    records: tuple[Any, ...] | None
    records_mark: bytes
    ledger: Callable[[], tuple[Any, ...] | None]
    facts: Callable[[str], bytes]
    rows: Callable[[str], bytes]
    proof: Callable[[], bytes]


def unchanged(store: Store, inputs: Inputs, suffixes: frozenset[str], *, verify: bool) -> Unchanged:
    """Return what still holds of what was made from ``inputs``, see :func:`recall`."""
    changed = changed_files(inputs, verify=verify)
    states = {state[0]: state for state in inputs.files if state[0] not in changed}
    same = all(names_in(folder, suffixes) == names for folder, names in inputs.folders)

    def files() -> dict[str, bytes]:
        kept = store.all_of(PER_FILE)
        return {path: content for path, content in kept.items() if path in states}

    found = store.read("records", [""]).get("", b"") if inputs.files else b""

    return Unchanged(
        files,
        states,
        changed,
        same,
        _loaded(found),
        content_digest(found),
        cache(lambda: _loaded(store.read("records", ["ledger"]).get("ledger", b""))),
        lambda path: store.read(PER_FILE, [path])[path],
        lambda path: store.read(FILE_ROWS, [path])[path],
        lambda: store.read(PROOF[0], [PROOF[1]]).get(PROOF[1], b""),
    )


def _loaded(content: bytes) -> tuple[Any, ...] | None:
    with contextlib.suppress(ValueError):
        records: tuple[Any, ...] | None = load(content) if content else None
        return records
    return None


def keep(store: Store, stamped: str, read: Read) -> Refusal | bytes:
    """Keep what was read; return the mark of this state of the books, or why it is not kept.

    What is kept about files that are no longer read, or have changed, is dropped.
    """
    inputs = read.inputs
    if inputs is None:
        return Refusal(CHANGED_MEANWHILE)
    chunks: dict[str, bytes | memoryview] = {
        head[0]: content() if callable(content) else content
        for head, content in read.chunks.items()
    }
    known = read.chunk_digests
    digests = {key: known.get(key) or content_digest(content) for key, content in chunks.items()}
    heads = (*read.carried, *((*head, digests[head[0]]) for head in read.chunks))
    state = marshal.dumps(
        (
            stamped,
            inputs.files,
            inputs.folders,
            inputs.patterns,
            inputs.existing,
            heads,
            read.tier,
            read.buckets,
        )
    )
    digests_before = {head[0]: head[3] for head in read.before.chunks}
    there = {key: digests_before.get(key, b"") for key in store.keys("rows")}
    # Chunks that are there already need not be written again.
    parts: dict[tuple[str, str], Content] = {
        ("rows", key): content for key, content in chunks.items() if there.get(key) != digests[key]
    }
    parts |= read.files
    parts[_STATE] = state
    if read.records is not None:
        parts["records", ""] = dump(read.records)
    parts["records", "ledger"] = dump(read.ledger)
    keys = {head[0] for head in heads}
    drop = [("rows", key) for key in there if key not in keys]
    for kind in (PER_FILE, FILE_ROWS):
        # What was kept of a file before it changed must not be taken for what it says now.
        drop += [(kind, key) for key in store.keys(kind) if key not in read.unchanged]
    drop += [("summary", key) for key in store.keys("summary")]
    drop += [(ACCOUNTS, key) for key in store.keys(ACCOUNTS) if key not in read.carried_accounts]
    drop += [] if read.tier == "proof" else [PROOF]
    parts |= read.more(_mark(state))
    if store.write(parts, drop, over=(_STATE, read.before.mark)):
        return _mark(state)
    found = store.read(_STATE[0], [_STATE[1]]).get(_STATE[1])
    if found and _mark(found) != read.before.mark:
        return Refusal(KEPT_MEANWHILE)
    return Refusal(UNWRITABLE, file=str(store.folder))


def content_digest(content: bytes | memoryview) -> bytes:
    """Return the SHA-256 of the bytes of a part."""
    return hashlib.sha256(content).digest()


def _mark(state: bytes) -> bytes:
    return content_digest(state)


def rows_of(store: Store, keys: Iterable[str]) -> dict[str, list[TransactionRow]]:
    """Return chunks of rows by key; raise KeyError or ValueError where the store has lost one."""
    wanted = list(keys)
    found = store.read("rows", wanted)
    return {key: marshal.loads(found[key]) for key in wanted}  # noqa: S302 - our own, private file


def rows_as_kept(store: Store, chunks: Iterable[KeptChunk]) -> dict[str, list[TransactionRow]]:
    """Return chunks of rows by key; raise KeyError or ValueError where one is not as it was."""
    wanted = {key: digest for key, _, _, digest in chunks}
    found = store.read("rows", wanted)
    if any(content_digest(found[key]) != digest for key, digest in wanted.items()):
        raise KeyError
    return {key: marshal.loads(found[key]) for key in wanted}  # noqa: S302 - our own, private file
