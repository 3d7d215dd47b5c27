"""The messages of an mbox file, whichever way its lines that begin with `From ` were written.

`From ` at the start of a line begins a message, but bodies have such lines, too. Programs of the
kinds mboxo and mboxrd put `>` before them, others leave them, those of the kind mboxcl2 say in
`Content-Length` how long the body is. Python's own reader begins a message at every one, and gives
back the `>`. Here a message begins where the line has a time and a year, as all programs write it,
and headers of a mail follow; what `Content-Length` counts is body, whatever stands in it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

_BEGIN = b"From "
_DATED = re.compile(rb"From (?=.*\d:\d\d)(?=.*\b(?:19|20)\d\d\b)")
_HEADER = re.compile(rb"[A-Za-z][!-9;-~]*:(?:[ \t\r\n]|$)")
#: Every mail has one of these; a sentence with a colon hardly does.
_OF_MAIL = re.compile(
    rb"(?:from|to|date|subject|message-id|received|return-path|delivered-to):", re.IGNORECASE
)
_LENGTH = re.compile(rb"content-length:[ \t]*(\d{1,8})[ \t]*\r?\n?", re.IGNORECASE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BEFORE_HEADERS = re.compile(rb"\A(?:>*From [^\n]*\n)+")


def split_mbox(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the messages of an mbox, without the line that begins each, quoting taken off.

    Where the first of these lines has no time, an empty line has to go before the others. Lengths
    are believed until one does not lead to the next message or the end of the file: programs that
    change bodies without counting again leave more of them.
    """
    source = _Lines(lines)
    message: list[bytes] = []
    dated, after_empty, began, believed = True, True, False, True
    for number, line in enumerate(source):
        if number == 0:
            dated = _DATED.match(line) is not None
        begins = line.startswith(_BEGIN) and (_DATED.match(line) if dated else after_empty)
        heads = source.headers(dated=dated) if begins else []
        if begins and (not began or any(map(_OF_MAIL.match, heads))):
            if began:
                yield _unquoted(message)
            message, began = heads, True
            length = _length(heads)
            if believed and length is not None:
                body = source.body(length)
                message += body
                believed = bool(body)
        else:
            message.append(line)
            source.put_back(heads)
        after_empty = not (message[-1] if message else line).strip()
    if began:
        yield _unquoted(message)


class _Lines:
    """Lines that are looked at before they are taken."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._rest = iter(lines)
        self._ahead: deque[bytes] = deque()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return self._ahead.popleft() if self._ahead else next(self._rest)

    def put_back(self, lines: Sequence[bytes]) -> None:
        """Give these lines again, before all others."""
        self._ahead.extendleft(reversed(lines))

    def headers(self, *, dated: bool) -> list[bytes]:
        """Take the headers that come next, with `>From ` lines of old programs before them."""
        heads: list[bytes] = []
        old = dated
        for line in self:
            old = old and line.startswith(b">From ")
            if not (old or _HEADER.match(line) or (heads and line[:1] in b" \t")):
                self.put_back([line])
                break
            heads.append(line)
        return heads

    def body(self, length: int) -> list[bytes]:
        """Take the empty line and the ``length`` bytes that come next.

        Nothing is taken where they do not end before a line that begins a message (empty lines may
        stand between), or at the end of the file.
        """
        taken: list[bytes] = []
        left = length
        for line in self:
            if not taken and line.strip():
                left = -1
            elif taken:
                left -= len(line)
            taken.append(line)
            if left <= 0:
                break
        after: list[bytes] = []
        for line in self if left == 0 else ():
            after.append(line)
            if line.strip():
                break
        self.put_back(after)
        if left == 0 and (not after or not after[-1].strip() or after[-1].startswith(_BEGIN)):
            return taken
        self.put_back(taken)
        return []


def _length(heads: Iterable[bytes]) -> int | None:
    """Return how many bytes the body has by its headers, None where they do not say."""
    found = next(filter(None, map(_LENGTH.fullmatch, heads)), None)
    return int(found[1]) if found else None


def _unquoted(lines: Iterable[bytes]) -> bytes:
    """Return a message as it was before it was put into the file."""
    return _QUOTED.sub(rb"\1", _BEFORE_HEADERS.sub(b"", b"".join(lines)))
