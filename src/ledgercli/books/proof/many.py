"""Make the summaries of many files, on all cores where that pays.

Children are forked: they have what they need at once, and send bytes back through a pipe. Where
there is no fork (Windows), or where the program has threads, one process does it all.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import threading
from collections.abc import Sequence
from functools import partial

from ledgercli.books.proof.one_file import summarize
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.summary import FileSummary, unpacked
from ledgercli.books.proof.tiles import Vocabulary
from ledgercli.model.refusal import Refusal

#: A file to summarize: its absolute path, and how it is shown.
Named = tuple[str, str]
Summaries = dict[str, FileSummary]

#: A child takes some ten milliseconds to make and to hear of; that is a megabyte read.
_BYTES_PER_CHILD = 1_500_000


def summarize_all(files: Sequence[Named], rules: Rules) -> Summaries | Refusal:
    """Return the summaries by path of ``files``, else why one has none."""
    shares = _shares(files)
    children = [_start(share, rules) for share in shares[1:]]
    found = _one_by_one(shares[0], rules)
    for child, share in zip(children, shares[1:], strict=True):
        more = _result(child)
        # A child that was ended says nothing; its work is done here.
        more = _one_by_one(share, rules) if more is None else more
        if isinstance(found, Refusal):
            continue
        found = more if isinstance(more, Refusal) else found | more
    return found


def _one_by_one(files: Sequence[Named], rules: Rules) -> Summaries | Refusal:
    found = {}
    vocabulary = Vocabulary(rules)
    for name, shown in files:
        summary = summarize(name, shown, rules, vocabulary)
        if isinstance(summary, Refusal):
            return summary
        found[name] = summary
    return found


def _shares(files: Sequence[Named]) -> list[list[Named]]:
    """Return the files in as many parts as there are cores to work on them, of about one size."""
    sizes = {name: _size(name) for name, _ in files}
    count = min(_cores(), sum(sizes.values()) // _BYTES_PER_CHILD + 1, max(1, len(files)))
    shares: list[list[Named]] = [[] for _ in range(count)]
    # Children have to pack what they found, which takes as long as to read a little more.
    loads = [0] + [sum(sizes.values()) // 25] * (count - 1)
    for file in sorted(files, key=lambda file: -sizes[file[0]]):
        least = loads.index(min(loads))
        shares[least].append(file)
        loads[least] += sizes[file[0]]
    return shares


def _size(name: str) -> int:
    try:
        return os.stat(name).st_size  # noqa: PTH116 - of every file of a ledger
    except (OSError, ValueError):
        return 0


def _cores() -> int:
    """Return how many processes may work at once."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _start(files: Sequence[Named], rules: Rules) -> tuple[int, int]:
    """Return the process that makes the summaries of ``files``, and where it says them."""
    reading, writing = os.pipe()
    child = os.fork() if sys.platform != "win32" else -1
    if child:
        os.close(writing)
        return child, reading
    status = 1
    try:
        os.close(reading)
        found = _one_by_one(files, rules)
        answer: object
        if isinstance(found, Refusal):
            answer = (found.reason, dict(found.values), found.file, found.line)
        else:
            answer = {name: (one.packed(), one.packed_rows()) for name, one in found.items()}
        with os.fdopen(writing, "wb") as pipe:
            marshal.dump(answer, pipe)
        status = 0
    finally:
        # Without what belongs to the parent: buffers, handlers, locks.
        os._exit(status)


def _result(child: tuple[int, int]) -> Summaries | Refusal | None:
    """Return what a child found; None where it ended before it could say."""
    process, reading = child
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    with contextlib.suppress(OSError):
        os.waitpid(process, 0)
    try:
        answer = marshal.loads(said)  # noqa: S302 - bytes of our own child
    except (EOFError, ValueError, TypeError):
        return None
    if isinstance(answer, tuple):
        return Refusal(*answer)
    found = {}
    for name, (facts, rows) in answer.items():
        summary = unpacked(facts, partial(bytes, rows))
        if summary is None:
            return None
        found[name] = summary
    return found
