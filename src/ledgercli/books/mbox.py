"""The messages of an mbox file, whichever way its lines that begin with `From ` were written.

`From ` at the start of a line begins a message, but bodies have such lines, too. Programs of the
kinds mboxo and mboxrd put `>` before them, others leave them, those of the kind mboxcl2 say in
`Content-Length` how long the body is. Python's own reader begins a message at every one, and gives
back the `>`. Here a message begins where the line has a time and a year, as all programs write it,
and headers of a mail follow; what `Content-Length` counts is body, whatever stands in it.

A mail that was forwarded with such a line and all its headers looks just like a message. It stays
where it is if the line before it announces it, or if the parts of the mail around it end behind it.
Nothing tells the others: Thunderbird looks for headers behind the line, mutt for a date in it,
formail for an empty line before it, and all of them are there.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_BEGIN = b"From "
_DATED = re.compile(rb"From (?=.*\d:\d\d)(?=.*\b(?:19|20)\d\d\b)")
_HEADER = re.compile(rb"[A-Za-z][!-9;-~]*:(?:[ \t\r\n]|$)")
#: Every mail has one of these; a sentence with a colon hardly does.
_OF_MAIL = re.compile(
    rb"(?:from|to|date|subject|message-id|received|return-path|delivered-to):", re.IGNORECASE
)
_LENGTH = re.compile(rb"content-length:[ \t]*(\d{1,8})[ \t]*\r?\n?", re.IGNORECASE)
_BOUNDARY = re.compile(
    rb"^content-type:[ \t]*multipart/(?:[^\r\n]|\r?\n[ \t])*?"
    rb";\s*boundary=(?:\"([^\"\r\n]+)\"|([^\s;]+))",
    re.IGNORECASE | re.MULTILINE,
)
#: `----- Forwarded message from Ute -----`, `Begin forwarded message:` and the like.
_ANNOUNCED = re.compile(
    r"(?=[-=_*]{2}|.*(?:[:：]|[-=_*]{2})$)"
    r".*(?:forwarded|original|weitergeleitete|ursprüngliche|转发|原始)\w*\W{0,3}"
    r"(?:messages?|e-?mails?|nachricht|的?邮件)",
    re.IGNORECASE,
)
_ANNOUNCED_LENGTH_MAX = 200
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BEFORE_HEADERS = re.compile(rb"\A(?:>*From [^\n]*\n)+")
#: Parts of a mail are looked for so many lines ahead, and not again once they were not found.
_AHEAD_MAX = 200_000


class BoxedMail(NamedTuple):
    """A message without the line that begins it, quoting taken off; that line's number from 1.

    ``is_counted`` says that its length is known, ``within`` how many mails were left in its body.
    """

    content: bytes
    line: int
    is_counted: bool
    within: int


def split_mbox(lines: Iterable[bytes]) -> Iterator[BoxedMail]:
    """Yield the messages of an mbox.

    Where the first of the lines that begin them has no time, an empty line has to go before the
    others. Lengths are believed until one does not lead to the next message or the end of the file:
    programs that change bodies without counting again leave more of them.
    """
    return _Splitting(lines).messages()


class _Splitting:
    """A walk through an mbox."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.source = _Lines(lines)
        self.message: list[bytes] = []
        self.began = 0
        self.within = 0
        self.is_counted = False
        self.end = b""
        self.believed = True
        self.looks_ahead = True

    def messages(self) -> Iterator[BoxedMail]:
        """Yield the messages."""
        source = self.source
        dated, after_empty = True, True
        for line in source:
            number = source.number
            if number == 1:
                dated = _DATED.match(line) is not None
            begins = line.startswith(_BEGIN) and (_DATED.match(line) if dated else after_empty)
            heads = source.headers(dated=dated) if begins else []
            of_mail = begins and (not self.began or any(map(_OF_MAIL.match, heads)))
            if of_mail and not self._is_within():
                if self.began:
                    yield self._mail()
                self._begin(number, heads)
            else:
                self.within += bool(of_mail)
                self.message.append(line)
                source.put_back(heads)
                if self.end and line.startswith(self.end):
                    self.end = b""
            after_empty = not (self.message[-1] if self.message else line).strip()
        if self.began:
            yield self._mail()

    def _begin(self, number: int, heads: list[bytes]) -> None:
        self.message, self.began, self.within = heads, number, 0
        boundary = _BOUNDARY.search(b"".join(heads))
        self.end = b"--%b--" % (boundary[1] or boundary[2]) if boundary else b""
        length = _length(heads)
        self.is_counted = False
        if self.believed and length is not None:
            body = self.source.body(length)
            self.message += body
            self.believed = self.is_counted = bool(body)
            if body:
                self.end = b""

    def _is_within(self) -> bool:
        """Return whether what looks like a message is a part of the one that is being read."""
        if not self.began or self.is_counted:
            return False
        before = next((line for line in reversed(self.message) if line.strip()), b"")
        if len(before) <= _ANNOUNCED_LENGTH_MAX and _ANNOUNCED.match(
            before.decode("utf-8", "replace").strip()
        ):
            return True
        if not (self.end and self.looks_ahead):
            return False
        self.looks_ahead = self.source.has_ahead(self.end)
        return self.looks_ahead

    def _mail(self) -> BoxedMail:
        content = _BEFORE_HEADERS.sub(b"", b"".join(self.message))
        return BoxedMail(_QUOTED.sub(rb"\1", content), self.began, self.is_counted, self.within)


class _Lines:
    """Lines that are looked at before they are taken; ``number`` is that of the last one taken."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._rest = iter(lines)
        self._ahead: deque[bytes] = deque()
        self.number = 0

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line = self._ahead.popleft() if self._ahead else next(self._rest)
        self.number += 1
        return line

    def put_back(self, lines: Sequence[bytes]) -> None:
        """Give these lines again, before all others."""
        self._ahead.extendleft(reversed(lines))
        self.number -= len(lines)

    def has_ahead(self, beginning: bytes) -> bool:
        """Return whether a line that begins so comes soon; nothing is taken."""
        seen: list[bytes] = []
        found = False
        for line in self:
            seen.append(line)
            found = line.startswith(beginning)
            if found or len(seen) == _AHEAD_MAX:
                break
        self.put_back(seen)
        return found

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
