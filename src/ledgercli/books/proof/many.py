"""Make the summaries of many files, on all cores where that pays.

Children are forked: they have what they need at once, and send bytes back through a pipe. All take
files in turns from one pipe, so that none waits for another. Children keep the rows of what they
read until they are asked for them, or for a task of which they do a share.
Where there is no fork (Windows), or where the program has threads, one process does it all.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from types import TracebackType
from typing import Any, Self

from ledgercli.books.channel import Channel, channel_pair
from ledgercli.books.proof.one_file import summarize
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.summary import FileSummary, RowsLostError, unpacked
from ledgercli.books.proof.tiles import Vocabulary
from ledgercli.books.turns import Turns
from ledgercli.model.refusal import Refusal

#: A file to summarize: its absolute path, and how it is shown.
Named = tuple[str, str]
Summaries = dict[str, FileSummary]
#: What a child does before it reads: it gives what is told of it, and what is at hand for the task.
Errand = Callable[[], tuple[Any, Any]]
#: What a child can be asked to do with what it read, talking to its parent; last what its errand
#: has at hand, None without one.
Task = Callable[[Mapping[str, FileSummary], Channel, Any], None]
#: What one process made of its turns: summaries, or the first refusal with the number of its file.
_Made = tuple[Summaries, tuple[int, Refusal] | None]

#: A child takes some ten milliseconds to make and to hear of; that is a megabyte read.
_BYTES_PER_CHILD = 1_500_000
#: The parent reads so many times its part of the files at most: it also has to hold what all found.
_OWN_SHARE_MAX = 1.1
#: What a child is told: to read files, to do its task, to say what its errand gave. Any other text
#: is a path, the rows of which it gives.
_READ, _TASK, _ERRAND = "/read", "", "/errand"


class Hand:
    """A child: the channel to it, whether it had an errand, and the summaries that it made.

    ``has_read`` says that it took its turns, though all may have been taken before.
    """

    def __init__(self, process: int, channel: Channel, *, had_errand: bool) -> None:
        """Take the child."""
        self.process = process
        self.channel = channel
        self.had_errand = had_errand
        self.has_read = False
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

    def errand(self) -> Any:  # noqa: ANN401 - what the errand gave
        """Wait for what the child's errand gave; None where it has ended before."""
        try:
            self.channel.send(_ERRAND)
            return self.channel.receive()
        except (OSError, EOFError, ValueError, TypeError):
            return None

    def read(self, files: Sequence[Named], rules: Rules) -> None:
        """Let the child take its turns of ``files``."""
        with contextlib.suppress(OSError):
            self.channel.send(_READ)
            self.channel.send((list(files), tuple(rules)))

    def made(self) -> _Made:
        """Return what the child made of its turns; nothing where it ended before it could say."""
        try:
            answer, refused = self.channel.receive()
        except (OSError, EOFError, ValueError, TypeError):
            self.has_read = False
            return {}, None
        if refused:
            return {}, (refused[0], Refusal(*refused[1:]))
        found = {}
        for name, facts in answer.items():
            summary = unpacked(facts, partial(self.rows_of, name))
            if summary is not None:
                found[name] = summary
        self.summaries |= found
        self.has_read = True
        return found, None


class Crew:
    """Processes that read files beside this one, and stay until the crew is left.

    ``task`` is what they can be asked to do with what they read. ``later`` takes what waits for the
    end of those that were sent home; without it they have ended when they were.
    """

    def __init__(
        self,
        task: Task | None = None,
        later: Callable[[Callable[[], object]], object] | None = None,
    ) -> None:
        """Begin with nobody."""
        self._task = task
        self._later = later
        self._turns: Turns | None = None
        self._errand: Callable[[], Any] | None = None
        self._is_whole = True
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
        self._errand = None
        self.dismiss()

    def dismiss(self) -> None:
        """Send everybody home; rows that were not asked for are lost."""
        if self._errand:
            self._errand()
        for hand in self.hands:
            # A child that hears no more has ended, unless it is in the midst of something.
            hand.channel.close()
        # What a process has in memory takes some milliseconds to be given back.
        wait = partial(_wait_for, [hand.process for hand in self.hands])
        if self._later:
            self._later(wait)
        else:
            wait()
        self.hands = []
        if self._turns:
            self._turns.close()
            self._turns = None

    def send_ahead(self, errand: Errand) -> Callable[[], Any]:
        """Let a child begin with ``errand`` before it reads.

        Return what waits for what is told of it, plain values: None where nobody could do it.
        """
        if _cores() == 1 or not (hand := self._start(errand)):
            return lambda: None
        self._errand = cache(hand.errand)
        return self._errand

    def summarize_all(self, files: Sequence[Named], rules: Rules) -> Summaries | Refusal:
        """Return the summaries by path of ``files``, else why one has none.

        The rows of some of them may be had as long as the crew is there.
        """
        sizes = {name: _size(name) for name, _ in files}
        count = min(_cores(), sum(sizes.values()) // _BYTES_PER_CHILD + 1, len(files))
        count = count if self._is_whole else 1
        while len(self.hands) < count - 1 and self._start():
            pass
        hands = self.hands[: count - 1] if count > 1 else []
        if not hands or not self._turns:
            made, refused = _summaries(enumerate(files), rules)
            return refused[1] if refused else made
        # The largest first, so that the last ones are done at about one time.
        files = sorted(files, key=lambda file: -sizes[file[0]])
        self._turns.give(len(files), len(hands) + 1)
        for hand in hands:
            hand.read(files, rules)
        most = int(len(files) * _OWN_SHARE_MAX / (len(hands) + 1)) + 1
        parts = [_summaries(self._turns.of(files, most), rules)]
        parts += [hand.made() for hand in hands]
        refusals = [refused for _, refused in parts if refused]
        if refusals:
            # All before it were looked at, whoever did it.
            return min(refusals, key=lambda refused: refused[0])[1]
        found = {name: summary for made, _ in parts for name, summary in made.items()}
        # A child that was ended says nothing: we do its work.
        lost = [file for file in files if file[0] not in found]
        self._is_whole = not lost
        made, refused = _summaries(enumerate(lost), rules)
        return refused[1] if refused else found | made

    def _start(self, errand: Errand | None = None) -> Hand | None:
        """Return a child that begins with ``errand``, None where there can be no more."""
        try:
            self._turns = self._turns or Turns()
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
            _be_a_child(self._turns, ours, theirs, self.hands, self._task, errand)
        for end in theirs:
            os.close(end)
        hand = Hand(child, Channel(*ours), had_errand=errand is not None)
        self.hands.append(hand)
        return hand


def _wait_for(processes: Iterable[int]) -> None:
    for process in processes:
        with contextlib.suppress(OSError):
            os.waitpid(process, 0)


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
            made, refused = _summaries(enumerate(files), rules)
            return refused[1] if refused else made
    return found


def _summaries(files: Iterable[tuple[int, Named]], rules: Rules) -> _Made:
    """Return the summaries of numbered files; after a refusal the others are not read."""
    found: Summaries = {}
    vocabulary = Vocabulary(rules)
    refused = None
    for number, (name, shown) in files:
        if refused:
            # Nor is anybody else to read them.
            continue
        summary = summarize(name, shown, rules, vocabulary)
        if isinstance(summary, Refusal):
            refused = number, summary
        else:
            found[name] = summary
    return found, refused


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
    turns: Turns,
    of_parent: Sequence[int],
    ends: tuple[int, int],
    others: Sequence[Hand],
    task: Task | None,
    errand: Errand | None,
) -> None:
    """Do the ``errand``, then what the parent says until it hangs up, and end.

    ``ends`` are ours of the conversation; those ``of_parent`` are closed, and those to ``others``:
    they would not hear that the parent hangs up.
    """
    status = 1
    try:
        for end in of_parent:
            os.close(end)
        for hand in others:
            hand.channel.close()
        _serve(turns, Channel(*ends), task, *(errand() if errand else (None, None)))
        status = 0
    finally:
        # Without what belongs to the parent: buffers, handlers, locks.
        os._exit(status)


def _serve(turns: Turns, channel: Channel, task: Task | None, told: Any, at_hand: Any) -> None:  # noqa: ANN401 - what the errand gave
    """Answer the parent until it hangs up; what the errand gave is ``told``, or ``at_hand``."""
    found: Summaries = {}
    with contextlib.suppress(EOFError, OSError):
        while True:
            asked = channel.receive()
            if asked == _READ:
                files, rules = channel.receive()
                made, refused = _summaries(turns.of(files), Rules(*rules))
                found |= made
                channel.send(_plain(made, refused))
            elif asked == _ERRAND:
                channel.send(told)
            elif asked != _TASK:
                channel.send(found[asked].packed_rows())
            elif task:
                task(found, channel, at_hand)


def _plain(made: Summaries, refused: tuple[int, Refusal] | None) -> tuple[object, ...]:
    """Return what was made as plain values."""
    if refused:
        number, why = refused
        return {}, (number, why.reason, dict(why.values), why.file, why.line)
    return {name: one.packed() for name, one in made.items()}, None
