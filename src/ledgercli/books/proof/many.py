"""Make the summaries of many files, on all cores where that pays.

Children are forked: they have what they need at once, and send bytes back through a pipe. They keep
the rows of what they read until they are asked for them, or for a task of which they do a share.
Where there is no fork (Windows), or where the program has threads, one process does it all.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import NamedTuple, Self

from ledgercli.books.channel import Channel, channel_pair
from ledgercli.books.proof.one_file import summarize
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.summary import FileSummary, RowsLostError, unpacked
from ledgercli.books.proof.tiles import Vocabulary
from ledgercli.model.refusal import Refusal

#: A file to summarize: its absolute path, and how it is shown.
Named = tuple[str, str]
Summaries = dict[str, FileSummary]
#: What a child can be asked to do with what it read, talking to its parent.
Task = Callable[[Mapping[str, FileSummary], Channel], None]

#: A child takes some ten milliseconds to make and to hear of; that is a megabyte read.
_BYTES_PER_CHILD = 1_500_000
#: What tells a child to do its task; any other text is a path, the rows of which it gives.
_TASK = ""


class Beside(NamedTuple):
    """What is to be done in this process while others read files, if they do.

    ``cost`` is how many bytes could be read meanwhile.
    """

    work: Callable[[], object]
    cost: int


class Hand:
    """A child: the channel to it, and the summaries that it made."""

    def __init__(self, process: int, channel: Channel) -> None:
        """Take the child."""
        self.process = process
        self.channel = channel
        self.summaries: Summaries = {}

    def rows_of(self, path: str) -> bytes:
        """Return the rows of a file in bytes; raise KeyError where the child has ended."""
        try:
            self.channel.send(path)
            return bytes(self.channel.receive())
        except (OSError, EOFError, ValueError, TypeError):
            raise KeyError(path) from None

    def begin_task(self) -> None:
        """Let the child do its task; raise OSError where it has ended."""
        self.channel.send(_TASK)


class Crew:
    """Processes that read files beside this one, and stay until the crew is left.

    ``task`` is what they can be asked to do with what they read, ``beside`` what else this process
    has to do.
    """

    def __init__(self, task: Task | None = None, beside: Beside | None = None) -> None:
        """Begin with nobody."""
        self._task = task
        self._beside = beside
        self.hands: list[Hand] = []

    def __enter__(self) -> Self:
        """Return the crew."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Send everybody home."""
        self.dismiss()

    def dismiss(self) -> None:
        """Send everybody home; rows that were not asked for are lost."""
        for hand in self.hands:
            # A child that hears no more has ended, unless it is in the midst of something.
            hand.channel.close()
            with contextlib.suppress(OSError):
                os.waitpid(hand.process, 0)
        self.hands = []

    def summarize_all(self, files: Sequence[Named], rules: Rules) -> Summaries | Refusal:
        """Return the summaries by path of ``files``, else why one has none.

        The rows of some of them may be had as long as the crew is there.
        """
        shares = _shares(files, self._beside.cost if self._beside else 0)
        children = [self._start(share, rules) for share in shares[1:]]
        if any(children) and self._beside:
            self._beside.work()
            self._beside = None
        found = _one_by_one(shares[0], rules)
        for child, share in zip(children, shares[1:], strict=True):
            more = _result(child) if child else None
            # A child that was ended says nothing, and some are never born: we do their work.
            more = _one_by_one(share, rules) if more is None else more
            if isinstance(found, Refusal):
                continue
            found = more if isinstance(more, Refusal) else found | more
        return found

    def _start(self, files: Sequence[Named], rules: Rules) -> Hand | None:
        """Return a child that makes the summaries of ``files``, None where there can be no more."""
        try:
            ours, theirs = channel_pair()
        except OSError:
            return None
        try:
            child = os.fork() if sys.platform != "win32" else -1
        except OSError:
            for end in (*ours, *theirs):
                os.close(end)
            return None
        if not child:
            _be_a_child(files, rules, ours, theirs, self.hands, self._task)
        for end in theirs:
            os.close(end)
        hand = Hand(child, Channel(*ours))
        self.hands.append(hand)
        return hand


def summarize_all(files: Sequence[Named], rules: Rules) -> Summaries | Refusal:
    """Return the summaries by path of ``files`` with all their rows, else why one has none."""
    with Crew() as crew:
        found = crew.summarize_all(files, rules)
        if isinstance(found, Refusal):
            return found
        try:
            for summary in found.values():
                summary.fetch()
        except RowsLostError:
            # A child was ended before it was asked for its rows.
            return _one_by_one(files, rules)
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


def _shares(files: Sequence[Named], cost: int) -> list[list[Named]]:
    """Return the files in as many parts as there are cores to work on them, of about one size.

    The first one is smaller by the bytes that something else costs its process.
    """
    sizes = {name: _size(name) for name, _ in files}
    count = min(_cores(), sum(sizes.values()) // _BYTES_PER_CHILD + 1, max(1, len(files)))
    shares: list[list[Named]] = [[] for _ in range(count)]
    # This process has more else to do.
    loads = [sum(sizes.values()) // 16 + cost] + [0] * (count - 1)
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


def _be_a_child(
    files: Sequence[Named],
    rules: Rules,
    of_parent: Sequence[int],
    ends: tuple[int, int],
    others: Sequence[Hand],
    task: Task | None,
) -> None:
    """Make the summaries of ``files``, say them, serve until nobody asks any more, and end.

    ``ends`` are ours of the conversation; those ``of_parent`` are closed, and those to ``others``:
    they would not hear that the parent hangs up.
    """
    status = 1
    try:
        for end in of_parent:
            os.close(end)
        for hand in others:
            hand.channel.close()
        channel = Channel(*ends)
        found = _one_by_one(files, rules)
        if isinstance(found, Refusal):
            channel.send((found.reason, dict(found.values), found.file, found.line))
        else:
            channel.send({name: one.packed() for name, one in found.items()})
            _serve(found, channel, task)
        status = 0
    finally:
        # Without what belongs to the parent: buffers, handlers, locks.
        os._exit(status)


def _serve(found: Summaries, channel: Channel, task: Task | None) -> None:
    """Answer the parent until it hangs up."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            asked = channel.receive()
            if asked != _TASK:
                channel.send(found[asked].packed_rows())
            elif task:
                task(found, channel)


def _result(hand: Hand) -> Summaries | Refusal | None:
    """Return what a child found; None where it ended before it could say."""
    try:
        answer = hand.channel.receive()
    except (EOFError, ValueError, TypeError):
        return None
    if isinstance(answer, tuple):
        return Refusal(*answer)
    found = {}
    for name, facts in answer.items():
        summary = unpacked(facts, partial(hand.rows_of, name))
        if summary is None:
            return None
        found[name] = summary
    hand.summaries = found
    return found
