"""Text from data without characters that could forge a header or turn a line around."""

from __future__ import annotations

import re

# C0 and DEL, C1, bidi marks, overrides and isolates, separators of lines and paragraphs, byte order
# mark, halves of characters, and the invisible tag characters.
_UNSAFE = (
    r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    r"\ud800-\udfff\U000e0000-\U000e007f"
)
_IN_LINE = re.compile(f"[{_UNSAFE} ]+")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_IN_TEXT = re.compile(f"(?![\n\t])[{_UNSAFE}]")
_WORD = re.compile(r"[^\w.-]+")


def one_line(text: str) -> str:
    """Return ``text`` on one line: runs of blanks and unsafe characters become one space."""
    return _IN_LINE.sub(" ", text).strip(" ")


def clean_text(text: str) -> str:
    """Return ``text`` with plain line feeds, one at its end, and without unsafe characters."""
    return _IN_TEXT.sub("", _BREAKS.sub("\n", text)).rstrip("\n") + "\n"


def file_stem(text: str, bytes_max: int = 150) -> str:
    """Return ``text`` as the harmless beginning of a file name, in any script."""
    stem = _WORD.sub("_", one_line(text)).strip("._-")
    return stem.encode()[:bytes_max].decode(errors="ignore") or "letter"
