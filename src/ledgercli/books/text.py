"""Bytes of a record file as text: encoding, byte order marks, characters that hide something."""

from __future__ import annotations

import re

from ledgercli.model.catalogue import files as codes
from ledgercli.model.finding import Finding, FindingCode, Place

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
#: Control characters but tab and line feed, line and paragraph separators, embedding, overriding
#: and isolating of direction, halves of surrogate pairs, and byte order marks within the text.
UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_REPORTED_MAX = 20


def character_code(character: str) -> FindingCode:
    """Return the kind of finding that an unwanted character is."""
    return codes.BIDI_CHARACTER if character in _BIDI else codes.CONTROL_CHARACTER


def decoded(content: bytes, shown: str) -> tuple[str | None, list[Finding]]:
    """Return ``content`` as text with line feeds, and what is wrong with its characters.

    The text is None where it is UTF-16, also without its mark. Bytes that are no UTF-8 and unwanted
    characters are replaced by U+FFFD, so that the rest can be read. A UTF-8 byte order mark is
    dropped.
    """
    if content.startswith(_UTF16_MARKS) or b"\0" in (content[:1], content[1:2]):
        return None, [Finding(codes.NOT_UTF8, {"encoding": "UTF-16"}, Place(shown, 1, 1))]
    findings: list[Finding] = []
    try:
        # The codec that drops the mark by itself is in Python, and takes eight times as long.
        text = content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        text = content.decode("utf-8-sig", errors="replace")
        before = content[: error.start].decode("utf-8-sig", errors="replace")
        byte = f"byte 0x{content[error.start]:02X}"
        findings.append(Finding(codes.NOT_UTF8, {"encoding": byte}, _place(shown, before)))
    text = text.replace("\r\n", "\n")
    if UNWANTED.search(text):
        for found in _first(text):
            values = {"character": f"U+{ord(found[0]):04X}"}
            place = _place(shown, text[: found.start()])
            findings.append(Finding(character_code(found[0]), values, place))
        text = UNWANTED.sub(REPLACEMENT, text)
    return text, findings


def _first(text: str) -> list[re.Match[str]]:
    """Return the first unwanted characters; more of them say nothing new."""
    return [found for found, _ in zip(UNWANTED.finditer(text), range(_REPORTED_MAX), strict=False)]


def _place(shown: str, before: str) -> Place:
    """Return the place that follows the text ``before``."""
    return Place(shown, before.count("\n") + 1, len(before) - before.rfind("\n"))
