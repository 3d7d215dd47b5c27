"""Control and bidirectional characters from data, made visible.

A name in somebody's ledger may hold an escape sequence that recolours a terminal, a line break that
adds a header to a letter, or a bidi override that turns a file name around. Whatever reaches a
terminal, a header, a file name or a spreadsheet cell goes through :func:`visible`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

# C0 and DEL, C1, bidi marks and overrides, line and paragraph separator, byte order mark,
# surrogates that stand for undecodable bytes, and the invisible tag characters.
_RANGES = (
    r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    r"\ud800-\udfff\U000e0000-\U000e007f"
)
UNSAFE = re.compile(f"[{_RANGES}]")
#: All but the line feed, which is nearly all that a long document has of them.
_UNSAFE_IN_JSON = re.compile("[{}]".format(_RANGES.replace(r"\x00-\x1f", r"\x00-\x09\x0b-\x1f")))


def visible(text: str, *, keep: str = "") -> str:
    """Return ``text`` with every unsafe character replaced by one or more harmless ones.

    C0 controls become their pictures (ESC is ``␛``), the others ``<U+202E>``. Characters in
    ``keep`` (a line break, say) stay.
    """
    # What the interpreter calls printable holds none of them, which it tells much faster.
    if text.isprintable() or not UNSAFE.search(text):
        return text
    return UNSAFE.sub(lambda found: found[0] if found[0] in keep else _picture(found[0]), text)


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def escape_json(text: str) -> str:
    """Return the JSON document ``text`` with unsafe characters as escapes of four digits.

    Line feeds stay: within strings JSON has escaped them already. The document means the same.
    """

    def escaped(found: re.Match[str]) -> str:
        units = found[0].encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))

    return _UNSAFE_IN_JSON.sub(escaped, text)


def display_width(text: str) -> int:
    """Return the columns that ``text`` takes on a terminal: two for wide East Asian characters.

    Characters of ambiguous width count one, as terminals have it outside legacy encodings;
    combining marks and joiners count none.
    """
    return len(text) if text.isascii() else _wide_width(text)


# The cells of a table are often the same dash.
@functools.lru_cache(maxsize=4096)
def _wide_width(text: str) -> int:
    return sum(map(_character_width, text))


def widths_of(texts: Sequence[str]) -> list[int] | None:
    """Return the columns that each of ``texts`` takes, None where every character takes one."""
    characters: set[str] = set().union(*texts)
    by_width: dict[int, list[str]] = {}
    for character in characters:
        by_width.setdefault(_character_width(character), []).append(re.escape(character))
    by_width.pop(1, None)
    if not by_width:
        return None
    if "\n" in characters:
        return [display_width(text) for text in texts]
    # As many letters as it takes columns stand for each, in one go over thousands of names.
    joined = "\n".join(texts)
    for width, group in by_width.items():
        joined = re.sub(f"[{''.join(group)}]", "x" * width, joined)
    return list(map(len, joined.split("\n")))


@functools.cache
def _character_width(character: str) -> int:
    if unicodedata.east_asian_width(character) in "WF":
        return 2
    return 0 if unicodedata.category(character) in {"Mn", "Me", "Cf"} else 1


def shorten(text: str, width: int, ellipsis: str = "…") -> str:
    """Return ``text`` in at most ``width`` columns, ending in ``ellipsis`` where it was cut."""
    if display_width(text) <= width:
        return text
    room = width - display_width(ellipsis)
    taken = 0
    for index, character in enumerate(text):
        taken += _character_width(character)
        if taken > room:
            return text[:index].rstrip() + ellipsis
    return text


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return ``text`` filled with spaces to ``width`` columns, on the left if ``right`` aligned."""
    if text.isascii():
        return text.rjust(width) if right else text.ljust(width)
    fill = " " * (width - display_width(text))
    return fill + text if right else text + fill


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Return the lines of ``text`` broken at spaces, or between wide characters, to ``width``.

    Lines after the first start with ``indent``.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line.strip() and display_width(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = indent + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


# Where a line may break: after a space, and after a wide character unless a closing mark follows.
_WIDE = r"\u3000-\u9fff\uac00-\ud7a3\uff00-\uffef"
_CLOSING = r"\uff0c\u3002\uff1a\uff1b\uff01\uff1f\u3001\uff09\u300b\u300d\u201d"
_ASCII_PIECE = re.compile(r"\S+\s*|\s+")


@functools.cache
def _piece() -> re.Pattern[str]:
    # Made when first used: classes of many characters take milliseconds to compile.
    return re.compile(rf"[{_WIDE}][{_CLOSING}]*\s*|[^\s{_WIDE}]+[{_CLOSING}]*\s*|\s+")


def _pieces(text: str) -> list[str]:
    return (_ASCII_PIECE if text.isascii() else _piece()).findall(text)
