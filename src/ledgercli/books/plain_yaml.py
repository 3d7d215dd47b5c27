"""Take the data out of YAML text that is as people write records and settings, without a parser.

One pattern takes a line apart, another the items of what stands in brackets: that is many times as
fast as a parser, which need not even be imported. They know mappings and lists in lines of their
own and in brackets on one line, plain and quoted texts, and comments. Whatever could be understood
in another way than YAML's parser does leaves the whole text to it: anchors, tags, escapes, texts
of several lines, keys in quotation marks, repeated keys, documents, tabs, commas within numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

#: Nesting beyond this, in lines or in brackets, is left to the parser, which knows where it ends.
_DEPTH_MAX = 20
#: Where a long text is taken apart, so that its parts need not be in memory all at a time.
_PART_CHARACTERS = 100_000

# What is in none of these classes is below U+00A0, so they are compiled in no time and know the
# letters of all languages. Separators of lines and paragraphs, byte order marks and halves of
# surrogate pairs have been replaced before, see `books.text`.
# Nothing matches in two ways, but single characters alone are repeated without a way back: Python
# before 3.11.5 errs with groups.
_CONTROLS = r"\x00-\x1f\x7f-\x9f"
#: Letters, digits and the underscore.
_LETTER = rf"[^{_CONTROLS} -/:-@\[-^`{{-~]"
#: Within it may be spaces, dashes, dots and slashes.
_KEY = rf"{_LETTER}[^{_CONTROLS}!-,:-@\[-^`{{-~]{{0,60}}+(?<! )"
_WORD = rf"{_LETTER}(?:[^{_CONTROLS}!-,:-@\[-^`{{-~]++|:(?={_LETTER}))*(?<! )"
#: What no text begins with that is anything else to YAML. Colons are looked at afterwards.
_START = rf"[^{_CONTROLS} -'*,\-:-@\[-^`{{-~]"
_IN_LINE = rf"[^{_CONTROLS}#]*+"
_IN_BRACKETS = rf"[^{_CONTROLS}#,?\[\]{{}}]*+"
_QUOTED = rf"\"[^{_CONTROLS}\"\\]*+\"|'[^{_CONTROLS}']*+'(?!')"
_COMMENT = rf"#(?<![^ \n]#)[^{_CONTROLS}]*+"
#: Indent with dash, key, plain text, words in brackets; or other value: a quoted text, one that
#: begins with a dash, whatever begins with a bracket.
_LINE = re.compile(
    rf"^( *+(?:- (?=[^ #\n])|))(?:({_KEY}):(?=[ \n]) *+|)"
    rf"(?:({_START}{_IN_LINE})|\[({_WORD}(?:, {_WORD})*)\](?=[ \n])"
    rf"|({_QUOTED}|[\[{{][^{_CONTROLS}]*+|-{_LETTER}{_IN_LINE})|)"
    rf" *+(?:{_COMMENT}|)\n",
    re.MULTILINE,
)
#: Key, plain text, other value: a quoted text, one that begins with a dash, an opening bracket;
#: closing brackets and comma. No digits follow the comma closely: they might be what stands behind
#: a thousands separator. All that is left where nothing matches is an item of nothing.
_ITEM = re.compile(
    rf"(?:({_KEY}): ++|)"
    rf"(?:({_START}{_IN_BRACKETS})|({_QUOTED}|[\[{{] *+(?!,)|-{_LETTER}{_IN_BRACKETS}))"
    rf"([\]}} ]*+(?:,(?: ++|(?=[A-Za-z\"'\[{{]))|))(?:{_COMMENT}|)|(?s:.+)"
)
_COLON = re.compile(rf":(?!/|{_LETTER})")
_NULLS = frozenset(["null", "Null", "NULL"])
#: The key of the whole in what encloses it.
_WHOLE = ""

Data = dict[str, Any] | list[Any]


class _NotPlain(Exception):  # noqa: N818 - no error: the text is for the parser
    """There is something that only the parser can be trusted with."""


def plain_yaml(text: str, values_max: int) -> tuple[Data, list[int]] | None:
    """Return the data in ``text`` and the lines of its entries; None where it is not plain.

    It is not if it may have more than ``values_max`` values. ``text`` has no characters that
    :func:`books.text.decoded` replaces. Data and lines are what YAML's parser finds: texts as they
    were typed, None for an empty value and ``null``; the lines on which the entries of a list
    begin, or the one on which a mapping does.
    """
    # A value takes more than half a character.
    if len(text) > values_max // 2 and _values_at_most(text) > values_max:
        return None
    try:
        return _read(text)
    except _NotPlain:
        return None


def _values_at_most(text: str) -> int:
    brackets = text.count("[") + text.count("{")
    return 4 * (text.count("\n") + 1) + 3 * brackets + 2 * text.count(",")


def _parts(text: str) -> Iterator[str]:
    """Yield ``text`` in parts of whole lines."""
    if not text.endswith("\n"):
        text += "\n"
    start = 0
    while rest := len(text) - start:
        if rest <= _PART_CHARACTERS:
            yield text[start:]
            return
        end = text.index("\n", start + _PART_CHARACTERS - 1) + 1
        yield text[start:end]
        start = end


def _lines(part: str) -> list[tuple[str, ...]]:
    """Return what each line is made of; refuse lines that are made of anything else."""
    found = _LINE.findall(part)
    if len(found) != part.count("\n"):
        raise _NotPlain
    return found


def _read(text: str) -> tuple[Data, list[int]]:
    """Return what :func:`plain_yaml` does; raise :class:`_NotPlain` instead of returning None."""
    outline = _Outline()
    container: Any = None
    # What lines begin with that go on with the innermost mapping; None in a list, and where a key
    # waits for its value.
    margin: str | None = None
    waiting: str | None = _WHOLE
    value: Any
    lines = chain.from_iterable(map(_lines, _parts(text)))
    for number, (lead, key, plain, words, other) in enumerate(lines, 1):
        if plain:
            value = _text(plain)
        elif key or words or other:
            value = _value(key, words, other)
        else:
            continue
        if lead != margin:
            container, margin = outline.turned(lead, key, waiting, number)
            waiting = None
        if key:
            if key in container:
                raise _NotPlain
            container[key] = value
            if value is None and not plain:
                waiting, margin = key, None
        elif margin is None:
            container.append(value)
        else:
            raise _NotPlain
    return outline.done()


def _text(typed: str) -> str | None:
    """Return a plain text without the spaces behind it."""
    text = typed.rstrip(" ")
    if ":" in text and _COLON.search(text):
        raise _NotPlain
    return None if text in _NULLS else text


def _value(key: str, words: str, other: str) -> Any:  # noqa: ANN401 - of any kind
    """Return the value of a line that has no plain text."""
    if words:
        listed = words.split(", ")
        if not _NULLS.isdisjoint(listed):
            raise _NotPlain
        return listed
    if other:
        return _in_brackets(other) if other[0] in "[{" else _text_or_quoted(other)
    if key[0].isdigit():
        # Without a value it may be what stands behind a thousands separator.
        raise _NotPlain
    return None


def _text_or_quoted(typed: str) -> str | None:
    return _text(typed) if typed[0] == "-" else typed[1:-1]


class _Outline:
    """The mappings and lists in lines of their own.

    ``stack`` holds what is being filled, each with its column, the innermost one last; ``numbers``
    are the lines of the entries of the outermost.
    """

    def __init__(self) -> None:
        self.whole: dict[str, Any] = {}
        self.stack: list[tuple[int, Any]] = [(-1, self.whole)]
        self.numbers: list[int] = []

    def turned(
        self, lead: str, key: str, waiting: str | None, number: int
    ) -> tuple[Any, str | None]:
        """Return what the line ``number`` goes on with, and what further lines of it begin with.

        It is a list, which has no such beginning, for an entry that is no mapping. ``waiting`` is
        the key in the line before, if it has no value yet.
        """
        at = len(lead)
        if not lead.endswith("- "):
            self.numbers = self.numbers or [number]
            return self.mapping_at(at, waiting), lead
        entries = self.list_at(at - 2, waiting)
        if len(self.stack) == 2:
            self.numbers.append(number)
        if not key:
            return entries, None
        entries.append({})
        return self.opened(entries[-1], at), " " * at

    def list_at(self, at: int, waiting: str | None) -> Any:  # noqa: ANN401 - of anything
        """Return the list whose dashes are in the column ``at``: a new one for a key that waits.

        They may stand in the column of that key.
        """
        column, container = self.stack[-1]
        if waiting is not None and at >= column:
            container[waiting] = []
            return self.opened(container[waiting], at)
        self.close_beyond(at)
        column, container = self.stack[-1]
        if column != at or type(container) is not list:
            raise _NotPlain
        return container

    def mapping_at(self, at: int, waiting: str | None) -> Any:  # noqa: ANN401 - of anything
        """Return the mapping with its keys in the column ``at``: a new one for a key that waits."""
        column, container = self.stack[-1]
        if waiting is not None and at > column:
            container[waiting] = {}
            return self.opened(container[waiting], at)
        self.close_beyond(at)
        if type(self.stack[-1][1]) is list:
            self.stack.pop()
        column, container = self.stack[-1]
        if column != at or type(container) is list:
            raise _NotPlain
        return container

    def opened(self, collection: Any, column: int) -> Any:  # noqa: ANN401 - list or mapping
        """Return ``collection``, which is now the innermost one."""
        if len(self.stack) > _DEPTH_MAX:
            raise _NotPlain
        self.stack.append((column, collection))
        return collection

    def close_beyond(self, column: int) -> None:
        """Go back to what began in ``column`` or before it."""
        while self.stack[-1][0] > column:
            self.stack.pop()

    def done(self) -> tuple[Data, list[int]]:
        """Return the whole and its lines."""
        if not self.numbers:
            raise _NotPlain
        return self.whole[_WHOLE], self.numbers


def _in_brackets(text: str) -> Any:  # noqa: ANN401 - list or mapping
    """Return the list or mapping that ``text`` is, in brackets; a comment may follow."""
    whole: list[Any] = []
    container: Any = whole
    stack: list[Any] = []
    goes_on = True
    for key, plain, other, end in _ITEM.findall(text):
        if not goes_on:
            raise _NotPlain
        value = _text(plain) if plain else _item(other)
        if key:
            if type(container) is list or key in container:
                raise _NotPlain
            container[key] = value
        elif type(container) is list:
            container.append(value)
        else:
            raise _NotPlain
        goes_on = "," in end
        if type(value) is list or type(value) is dict:
            stack.append(container)
            container = value
            goes_on = goes_on or not end
        if end:
            container = _closed(container, stack, end)
    if stack or goes_on or len(whole) != 1:
        raise _NotPlain
    return whole[0]


def _item(typed: str) -> Any:  # noqa: ANN401 - text, list or mapping
    if typed[:1] == "[":
        return []
    if typed[:1] == "{":
        return {}
    if not typed:
        raise _NotPlain
    return _text_or_quoted(typed)


def _closed(container: Any, stack: list[Any], end: str) -> Any:  # noqa: ANN401 - list or mapping
    """Return what is filled after the closing brackets in ``end``, taken from ``stack``."""
    if len(stack) > _DEPTH_MAX:
        raise _NotPlain
    for bracket in end.replace(" ", "").rstrip(","):
        if not stack or type(container) is not (list if bracket == "]" else dict):
            raise _NotPlain
        container = stack.pop()
    return container
