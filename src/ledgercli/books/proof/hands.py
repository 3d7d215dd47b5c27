"""Processes that read files beside this one: what they are told, and what they say.

Children are forked: they have what they need at once, and send bytes back through a pipe; rows,
which are most of it, they leave where all can read them. A hand
says nothing of its own before it is told that it is listened to. Until then the parent speaks, from
then on the hand, so that neither fills a pipe that the other does not read.
"""

from __future__ import annotations

import contextlib
import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from ledgercli.books.channel import Channel
from ledgercli.books.proof.one_file import summarize
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.summary import FileSummary, packed_parts, places_in
from ledgercli.books.proof.tiles import Vocabulary
from ledgercli.books.shared_bytes import SharedBytes, Span
from ledgercli.books.turns import Turns
from ledgercli.model.ledger_rows import TransactionRow
from ledgercli.model.refusal import Refusal

#: A file to summarize: its absolute path, and how it is shown.
Named = tuple[str, str]
Summaries = dict[str, FileSummary]
#: What a child does before it reads: it gives what is told of it, and what is at hand for its work.
Errand = Callable[[], tuple[Any, Any]]
#: The name of the part that has all rows of a file.
UNSORTED = ""

#: What a child is told: to read files, that it is listened to, to say what its errand gave, and to
#: do the rest of its work.
_READ, _LISTEN, _ERRAND, _GO_ON = range(4)


class Parts(NamedTuple):
    """Where the rows of a file lie: all as they are kept, and by the names of their parts."""

    whole: Span
    named: Mapping[str, Span]

    @classmethod
    def written(cls, parts: Mapping[str, bytes], shared: SharedBytes) -> Parts:
        """Return where rows lie that ``marshal`` made bytes of, now that they are written."""
        contents = [*parts.values()]
        begin, end = shared.write(packed_parts(contents))
        places = [(begin + first, begin + last) for first, last in places_in(contents)]
        return cls((begin, end), dict(zip(parts, places, strict=True)))


class Made(NamedTuple):
    """What a file gave: its summary in bytes, and its rows."""

    path: str
    summary: bytes
    parts: Parts


class Refused(NamedTuple):
    """The number of a file, and why it has no summary."""

    number: int
    why: Refusal


class Work(Protocol):
    """What a child does with the rows of files that it reads."""

    def begin(self, briefing: Any) -> None:  # noqa: ANN401 - what the plan has for it
        """Take what is needed to sort rows; there may be none."""

    def parts(self, rows: list[TransactionRow]) -> Parts:
        """Return where the rows of a file lie."""

    def go_on(self, channel: Channel) -> None:
        """Do what is to be done when all files are read, talking to the parent."""


class Reader:
    """Work that is done when files are read; rows are left in ``shared``."""

    def __init__(self, shared: SharedBytes) -> None:
        """Begin."""
        self._shared = shared

    def begin(self, briefing: Any) -> None:  # noqa: ANN401 - see the protocol
        """Take nothing."""

    def parts(self, rows: list[TransactionRow]) -> Parts:
        """Return the rows in one part."""
        return Parts.written({UNSORTED: marshal.dumps(rows)}, self._shared)

    def go_on(self, channel: Channel) -> None:
        """Do nothing."""


class Hand:
    """A child: the channel to it, and whether it had an errand.

    ``has_read`` says that it took its turns of files and has told what they gave.
    """

    def __init__(self, process: int, channel: Channel, *, had_errand: bool) -> None:
        """Take the child."""
        self.process = process
        self.channel = channel
        self.had_errand = had_errand
        self.has_read = False

    def fileno(self) -> int:
        """Return the descriptor that can be read when the child has said something."""
        return self.channel.fileno()

    def errand(self) -> Any:  # noqa: ANN401 - what the errand gave
        """Wait for what the child's errand gave; None where it has ended before."""
        try:
            self.channel.send((_ERRAND,))
            return self.channel.receive()
        except (OSError, EOFError, ValueError, TypeError):
            return None

    def read(self, files: Sequence[Named], rules: Rules) -> None:
        """Let the child take its turns of ``files``."""
        with contextlib.suppress(OSError):
            self.channel.send((_READ, list(files), tuple(rules)))

    def listen(self, briefing: Any) -> None:  # noqa: ANN401 - what `marshal` knows
        """Tell the child that it is listened to, and what its work needs (None: as before)."""
        with contextlib.suppress(OSError):
            self.channel.send((_LISTEN, briefing))

    def go_on(self) -> None:
        """Let the child do the rest of its work; raise OSError where it has ended."""
        self.channel.send((_GO_ON,))


def made_by(hands: Iterable[Hand]) -> Iterator[tuple[Hand, Made | Refused]]:
    """Yield what each of the ``hands`` makes of its turns, as it comes, and what it refuses.

    One that ends before its time says no more, and has not read.
    """
    heard = list(hands)
    while heard:
        for hand in speaking(heard):
            try:
                is_made, said = hand.channel.receive()
            except (OSError, EOFError, ValueError, TypeError):
                hand.has_read = False
                heard.remove(hand)
                continue
            if is_made:
                path, summary, parts = said
                yield hand, Made(path, summary, Parts(*parts))
                continue
            hand.has_read = True
            heard.remove(hand)
            if said:
                number, *why = said
                yield hand, Refused(number, Refusal(*why))


def speaking(hands: list[Hand]) -> list[Hand]:
    """Wait until one of the ``hands`` says something; return all that do."""
    if len(hands) == 1:
        return hands[:]
    import select

    # Not the call of that name: it knows a thousand descriptors, and we may have been handed more.
    spoken = select.poll()
    for hand in hands:
        spoken.register(hand, select.POLLIN)
    heard = {descriptor for descriptor, _ in spoken.poll()}
    return [hand for hand in hands if hand.fileno() in heard]


class Child:
    """What a child does: it answers its parent until that hangs up."""

    def __init__(self, turns: Turns, channel: Channel, work: Work, told: Any) -> None:  # noqa: ANN401 - what its errand gave
        """Begin without files."""
        self._turns = turns
        self._channel = channel
        self._work = work
        self._told = told
        self._is_heard = False

    def serve(self) -> None:
        """Answer the parent until it hangs up."""
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._hear()

    def _hear(self) -> None:
        """Wait for what the parent says, and do it."""
        asked, *said = self._channel.receive()
        if asked == _READ:
            files, rules = said
            self._read(files, Rules(*rules))
        elif asked == _LISTEN:
            (briefing,) = said
            if briefing is not None:
                self._work.begin(briefing)
            self._is_heard = True
        elif asked == _ERRAND:
            self._channel.send(self._told)
        else:
            self._work.go_on(self._channel)

    def _read(self, files: Sequence[Named], rules: Rules) -> None:
        """Take turns of ``files``, and say what they give as soon as the parent listens."""
        import select

        told = select.poll()
        told.register(self._channel, select.POLLIN)
        self._is_heard = False
        waiting: list[tuple[str, FileSummary]] = []
        refused: Refused | None = None
        for name, number, made in summaries(self._turns.of(files), rules):
            if isinstance(made, Refusal):
                refused = Refused(number, made)
                continue
            waiting.append((name, made))
            while not self._is_heard and told.poll(0):
                self._hear()
            if self._is_heard:
                self._say(waiting)
        while not self._is_heard:
            self._hear()
        self._say(waiting)
        last = refused and (refused.number, *plain(refused.why))
        self._channel.send((False, last))

    def _say(self, waiting: list[tuple[str, FileSummary]]) -> None:
        """Say what was made of files; nothing of them is held any longer."""
        for name, summary in waiting:
            parts = self._work.parts(summary.rows())
            self._channel.send((True, (name, summary.packed(), tuple(parts))))
        waiting.clear()


def summaries(
    files: Iterable[tuple[int, Named]], rules: Rules
) -> Iterator[tuple[str, int, FileSummary | Refusal]]:
    """Yield paths of numbered files, their numbers and summaries; the last may be a refusal.

    After that the others are not read.
    """
    vocabulary = Vocabulary(rules)
    is_refused = False
    for number, (name, shown) in files:
        # Nor is anybody else to read them.
        if not is_refused:
            made = summarize(name, shown, rules, vocabulary)
            is_refused = isinstance(made, Refusal)
            yield name, number, made


def plain(refusal: Refusal) -> tuple[Any, ...]:
    """Return a refusal as plain values."""
    return refusal.reason, dict(refusal.values), refusal.file, refusal.line
