"""Make the summaries of many files, on all cores where that pays.

All take files in turns from one pipe, so that none waits for another (see ``hands``); this process
puts together what they say, and has time for what only one can do.
Where there is no fork (Windows), or where the program has threads, one process does it all.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from itertools import zip_longest
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from ledgercli.books.channel import Channel, channel_pair
from ledgercli.books.proof.hands import (
    Child,
    Errand,
    Hand,
    Made,
    Named,
    Parts,
    Reader,
    Refused,
    Summaries,
    Work,
    made_by,
    summaries,
)
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.summary import unpacked
from ledgercli.books.shared_bytes import SharedBytes, Span
from ledgercli.books.turns import PROCESSES_MAX, Turns
from ledgercli.model.refusal import Refusal

if TYPE_CHECKING:
    from ledgercli.books.proof.merge import Part

#: A child takes some ten milliseconds to make and to hear of; that is a megabyte read.
_BYTES_PER_CHILD = 1_500_000


class Plan(Protocol):
    """What a crew does besides reading, as this process sees it."""

    def briefing(
        self, size: int, read: Summaries, rules: Rules, hands: Sequence[Hand]
    ) -> Sequence[Any]:
        """Return what the work of hands needs before they say what they read, else None for each.

        ``size`` is that of all files to be read, in bytes; ``read`` are those read so far.
        """

    def go_on(self, parts: Sequence[Part], crew: Crew) -> None:
        """Take what all files of a ledger say, and let the crew go on with it."""


class Crew:
    """Processes that read files beside this one, and stay until the crew is left.

    ``work`` makes what they do with what they read, of where they leave it and of what is at hand
    after the errand of one (None without one). ``later`` takes what waits for the end of those that
    were sent home; without it they have ended when they were.
    """

    def __init__(
        self,
        work: Callable[[SharedBytes, Any], Work] = lambda shared, _: Reader(shared),
        later: Callable[[Callable[[], object]], object] | None = None,
    ) -> None:
        """Begin with nobody, and without a plan."""
        self._work = work
        self._later = later
        self._turns: Turns | None = None
        self._shared: SharedBytes | None = None
        self._errand: Callable[[], Any] | None = None
        self._is_whole = True
        self._read: Summaries = {}
        self.plan: Plan | None = None
        self.hands: list[Hand] = []
        #: The rows of files that were read by hands, and these, by path.
        self.parts: dict[str, Parts] = {}
        self.readers: dict[str, Hand] = {}

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
        """Send everybody home."""
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
        # Not what they left: it is read as long as somebody knows of it.
        self._shared = None
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
        """Return the summaries by path of ``files``, else why one has none."""
        sizes = {name: _size(name) for name, _ in files}
        size = sum(sizes.values())
        # The largest first, so that the last ones are done at about one time. One process takes
        # them in the same order: what is said of several that have no summary is the same.
        files = sorted(files, key=lambda file: -sizes[file[0]])
        count = min(_cores(), size // _BYTES_PER_CHILD + 1, len(files), PROCESSES_MAX)
        count = count if self._is_whole and count > 1 else 0
        while len(self.hands) < count and self._start():
            pass
        hands = self.hands[:count]
        if not hands or not self._turns:
            return self._read_here(files, rules)
        self._turns.give(len(files), len(hands))
        for hand in hands:
            hand.read(files, rules)
        needed = self.plan.briefing(size, self._read, rules, hands) if self.plan else ()
        for hand, briefing in zip_longest(hands, needed):
            hand.listen(briefing)
        found, refusals = self._made(made_by(hands))
        if refusals:
            # All before it were looked at, whoever did it.
            return min(refusals, key=lambda refused: refused.number).why
        self._read |= found
        # A child that was ended says nothing: we do its work.
        lost = [file for file in files if file[0] not in found]
        self._is_whole = not lost
        made = self._read_here(lost, rules)
        return made if isinstance(made, Refusal) else found | made

    def go_on(self, parts: Sequence[Part]) -> None:
        """Go on with what all files of a ledger say, if there is somebody, and a plan."""
        if self.plan and self.hands:
            self.plan.go_on(parts, self)

    def left_at(self, span: Span) -> Callable[[], memoryview]:
        """Return what gives the bytes that a hand has left, now or later; it raises KeyError."""
        assert self._shared is not None, "there are hands"  # noqa: S101 - it is made for them
        return partial(_left_at, self._shared, span)

    def _made(self, said: Iterable[tuple[Hand, Made | Refused]]) -> tuple[Summaries, list[Refused]]:
        """Return the summaries and refusals in what hands say."""
        found: Summaries = {}
        refusals: list[Refused] = []
        for hand, one in said:
            if isinstance(one, Refused):
                refusals.append(one)
                continue
            summary = unpacked(one.summary, self.left_at(one.parts.whole))
            if summary is not None:
                found[one.path] = summary
                self.parts[one.path] = one.parts
                self.readers[one.path] = hand
        return found, refusals

    def _read_here(self, files: Sequence[Named], rules: Rules) -> Summaries | Refusal:
        """Return the summaries by path of ``files``, read by this process."""
        found = {}
        for name, _, made in summaries(enumerate(files), rules):
            if isinstance(made, Refusal):
                return made
            found[name] = made
        self._read |= found
        return found

    def _start(self, errand: Errand | None = None) -> Hand | None:
        """Return a child that begins with ``errand``, None where there can be no more."""
        try:
            self._turns = self._turns or Turns()
            self._shared = self._shared or SharedBytes(min(_cores(), PROCESSES_MAX))
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
            self._shared.write_into(len(self.hands))
            self._be_a_child(self._turns, self._shared, ours, theirs, errand)
        for end in theirs:
            os.close(end)
        hand = Hand(child, Channel(*ours), had_errand=errand is not None)
        self.hands.append(hand)
        return hand

    def _be_a_child(
        self,
        turns: Turns,
        shared: SharedBytes,
        of_parent: Sequence[int],
        ends: tuple[int, int],
        errand: Errand | None,
    ) -> None:
        """Do the ``errand``, then what the parent says until it hangs up, and end.

        ``ends`` are ours of the conversation; those ``of_parent`` are closed, and those to others:
        they would not hear that the parent hangs up.
        """
        status = 1
        try:
            for end in of_parent:
                os.close(end)
            for hand in self.hands:
                hand.channel.close()
            told, at_hand = errand() if errand else (None, None)
            Child(turns, Channel(*ends), self._work(shared, at_hand), told).serve()
            status = 0
        finally:
            # Without what belongs to the parent: buffers, handlers, locks.
            os._exit(status)


def _left_at(shared: SharedBytes, span: Span) -> memoryview:
    try:
        return shared.read(span)
    except OSError:
        raise KeyError from None


def _wait_for(processes: Iterable[int]) -> None:
    for process in processes:
        with contextlib.suppress(OSError):
            os.waitpid(process, 0)


def summarize_all(files: Sequence[Named], rules: Rules) -> Summaries | Refusal:
    """Return the summaries by path of ``files``, else why one has none."""
    with Crew() as crew:
        return crew.summarize_all(files, rules)


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
