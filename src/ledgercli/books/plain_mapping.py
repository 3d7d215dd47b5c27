"""Take a mapping of plain lines out of its text, as most records are written.

A pattern does it ten times as fast as a parser. It knows keys with a text, with a list of words in
brackets, or with a mapping of texts, two spaces in; comments and empty lines between these. What
texts may be made of is narrower than YAML has it, and whatever else is there leaves the whole text
to the parser.
"""

from __future__ import annotations

import re

#: Longer texts may hold more than a parser would take.
_CHARACTERS_MAX = 100_000
_KEY = r"[A-Za-z][A-Za-z0-9_-]{0,60}+"
#: Letters and digits of most languages; nothing that YAML could take for something else.
_LETTER = (
    r"A-Za-z0-9\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff\u3001\u3002\u3040-\u30ff\u3400-\u9fff"
    r"\uac00-\ud7a3\uff01-\uff5e"
)
#: A colon is none of YAML's as long as something follows it. Nothing matches in two ways, but
#: single characters alone are repeated without a way back: Python before 3.11.5 errs with groups.
_TEXT = rf"[{_LETTER}+](?:[{_LETTER} .,;&()/%@_+=!?*'<>|$-]++|:(?=[{_LETTER}/]))*(?<! )"
#: Behind a comma no digits: they might be what follows a thousands separator.
_WORD = r"[A-Za-z](?:[A-Za-z0-9_.-]++|:(?=[A-Za-z0-9]))*"
_WORDS = rf"{_WORD}(?:, {_WORD})*"
_ENTRY = re.compile(
    rf"({_KEY}):(?: ({_TEXT})| \[({_WORDS})\]|((?:\n  {_KEY}: {_TEXT})+))\n"
    # Without what YAML takes for the end of a line.
    r"|((?:#[^\n\r\x85\u2028\u2029]*+)?\n)"
)
_INNER = re.compile(rf"  ({_KEY}): ([^\n]++)")
_NULLS = frozenset(["null", "Null", "NULL"])

Mapping = dict[str, str | list[str] | dict[str, str]]


def plain_mapping(text: str) -> tuple[Mapping, int] | None:
    """Return the mapping in ``text`` and the line in which it begins; None where it is not plain.

    It is what YAML's parser finds, every text as it was typed.
    """
    if len(text) > _CHARACTERS_MAX:
        return None
    found: Mapping = {}
    end = first = 0
    for entry in _ENTRY.finditer(text):
        if entry.start() != end:
            return None
        end = entry.end()
        key, value, words, inner, _ = entry.groups()
        if key is None:
            continue
        first = first or 1 + text.count("\n", 0, entry.start())
        if key in found or value in _NULLS:
            return None
        if value is not None:
            found[key] = value
        elif words is not None:
            listed = words.split(", ")
            if not _NULLS.isdisjoint(listed):
                return None
            found[key] = listed
        else:
            pairs = _INNER.findall(inner)
            mapping = dict(pairs)
            if len(mapping) < len(pairs) or not _NULLS.isdisjoint(mapping.values()):
                return None
            found[key] = mapping
    return (found, first) if found and end == len(text) else None
