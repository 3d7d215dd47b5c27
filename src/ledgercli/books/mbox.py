"""The messages of an mbox file, whichever way its lines that begin with `From ` were written.

`From ` at the start of a line begins a message, but bodies have such lines, too. Programs of the
kinds mboxo and mboxrd put `>` before them, others leave them. Python's own reader begins a message
at every one, and gives back the `>`; here a message begins where the line has a time and a year, as
all programs write it, and a header follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_BEGIN = b"From "
_DATED = re.compile(rb"From (?=.*\d:\d\d)(?=.*\b(?:19|20)\d\d\b)")
_HEADER = re.compile(rb"[A-Za-z][!-9;-~]*:(?:[ \t\r\n]|$)")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BEFORE_HEADERS = re.compile(rb"\A(?:>*From [^\n]*\n)+")


def split_mbox(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the messages of an mbox, without the line that begins each, quoting taken off.

    Where the first of these lines has no time, an empty line has to go before the others.
    """
    message: list[bytes] = []
    waiting: bytes | None = None
    dated, after_empty, began = True, True, False
    for number, line in enumerate(lines):
        if number == 0:
            dated = _DATED.match(line) is not None
        if waiting is not None:
            heads = _HEADER.match(line) or (dated and line.startswith(b">From "))
            if heads or not began:
                if began:
                    yield _unquoted(message)
                message, began = [], True
            else:
                message.append(waiting)
            waiting = None
        begins = line.startswith(_BEGIN) and (_DATED.match(line) if dated else after_empty)
        if begins:
            waiting = line
        else:
            message.append(line)
        after_empty = not line.strip()
    if waiting is not None:
        message.append(waiting)
    if began:
        yield _unquoted(message)


def _unquoted(lines: Iterable[bytes]) -> bytes:
    """Return a message as it was before it was put into the file."""
    return _QUOTED.sub(rb"\1", _BEFORE_HEADERS.sub(b"", b"".join(lines)))
