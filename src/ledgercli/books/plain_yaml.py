"""Take the data out of YAML text that is as people write records and settings, without a parser.

One pattern takes a line apart, another the items of what stands in brackets: that is many times as
fast as a parser, which need not even be imported. They know mappings and lists in lines of their
own and in brackets on one line, plain and quoted texts, and comments. Whatever could be understood
in another way than YAML's parser does leaves the whole text to it: anchors, tags, escapes, texts
of several lines, keys in quotation marks, repeated keys, documents, tabs, commas within numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from ledgercli.books.pause import collection_paused

#: Nesting beyond this, in lines or in brackets, is left to the parser, which knows where it ends.
_DEPTH_MAX = 20
#: Where a long text is taken apart, so that its parts need not be in memory all at a time.
_PART_CHARACTERS = 100_000

# What these classes leave out is all below U+00A0, so they are compiled in no time and know the
# letters of all languages. Separators of lines and paragraphs, byte order marks and halves of
# surrogate pairs have been replaced before, see `books.text`.
# Nothing matches in two ways, but single characters alone are repeated without a way back: Python
# before 3.11.5 errs with groups.
_CONTROLS = r"\x00-\x1f\x7f-\x9f"
#: Letters, digits and the underscore.
_LETTER = rf"[^{_CONTROLS} -/:-@\[-^`{{-~]"
#: Within it may be spaces, dashes, dots and slashes.
_KEY = rf"{_LETTER}[^{_CONTROLS}!-,:-@\[-^`{{-~]{{0,60}}+(?<! )"
_WORD = rf"{_LETTER}[^{_CONTROLS}!-,;-@\[-^`{{-~]*+(?<! )"
#: What no text begins with that is anything else to YAML. Colons are looked at afterwards.
_START = rf"[^{_CONTROLS} -'*,\-:-@\[-^`{{-~]"
_IN_LINE = rf"[^{_CONTROLS}#]*+"
_IN_BRACKETS = rf"[^{_CONTROLS}#,?\[\]{{}}]*+"
_QUOTED = rf"\"[^{_CONTROLS}\"\\]*+\"|'[^{_CONTROLS}']*+'"
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
#: Key, plain text, quoted text, opening bracket or a text that begins with a dash, closing
#: brackets, comma. No digits follow the comma closely: they might be what stands behind a thousands
#: separator. All that is left where nothing matches is an item of nothing.
_ITEM = re.compile(
    rf"(?:({_KEY}): ++|)"
    rf"(?:({_START}{_IN_BRACKETS})|({_QUOTED})|([\[{{] *+(?!,)|-{_LETTER}{_IN_BRACKETS}))"
    rf"([\]}} ]*+)(,(?: ++|(?=[^\W\d]|[\"'\[{{]))|)(?:{_COMMENT}|)|(?s:.+)"
)
_NULLS = frozenset(["null", "Null", "NULL"])
#: The key of the whole in what encloses it.
_WHOLE = ""

Data = dict[str, Any] | list[Any]
#: What is being filled, each with its column; the innermost one is the last.
_Stack = list[tuple[int, Any]]


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
        if len(text) <= _PART_CHARACTERS:
            return _read(text)
        with collection_paused():
            return _read(text)
    except _NotPlain:
        return None


def _values_at_most(text: str) -> int:
    brackets = text.count("[") + text.count("{")
    return 4 * (text.count("\n") + 1) + 3 * brackets + 2 * text.count(",")


def _lines(text: str) -> Iterable[tuple[str, ...]]:
    """Return what each line of ``text`` is made of; refuse lines that are made of anything else."""
    if text[-1:] != "\n":
        text += "\n"
    if len(text) > _PART_CHARACTERS:
        return chain.from_iterable(map(_lines, _parts(text)))
    found = _LINE.findall(text)
    if len(found) != text.count("\n"):
        raise _NotPlain
    return found


def _parts(text: str) -> Iterator[str]:
    """Yield ``text`` in parts of whole lines."""
    start = 0
    while end := text.rfind("\n", start, start + _PART_CHARACTERS) + 1:
        yield text[start:end]
        start = end
    if start < len(text):
        raise _NotPlain


def _read(text: str) -> tuple[Data, list[int]]:  # noqa: C901, PLR0912 - one loop
    """Return what :func:`plain_yaml` does; raise :class:`_NotPlain` instead of returning None."""
    whole: dict[str, Any] = {}
    stack: _Stack = [(-1, whole)]
    container: Any = whole
    waiting: str | None = _WHOLE
    # What lines begin with that go on with the innermost mapping; None in a list, and where a key
    # waits for its value.
    margin: str | None = None
    numbers: list[int] = []
    first: str | None = None
    for number, (lead, key, plain, words, other) in enumerate(_lines(text), 1):
        value: Any
        if plain:
            value = plain.rstrip(" ")
            if ":" in value or value in _NULLS:
                value = _text(value)
        elif words or other:
            value = _words(words) if words else _other(other)
        elif key:
            value = None
        else:
            continue
        if lead != margin:
            if first is None:
                first = lead
            if lead == first:
                numbers.append(number)
            at = len(lead)
            if not lead.endswith("- "):
                container, margin = _mapping_at(at, stack, waiting), lead
            else:
                container, margin = _list_at(at - 2, stack, waiting), None
                if key:
                    container.append({})
                    container, margin = container[-1], " " * at
                    _open(container, at, stack)
            waiting = None
        if key:
            if key in container:
                raise _NotPlain
            container[key] = value
            if value is None and not plain:
                waiting, margin = _waiting(key), None
        elif margin is None:
            container.append(value)
        else:
            raise _NotPlain
    if first is None:
        raise _NotPlain
    data = whole[_WHOLE]
    return data, numbers if type(data) is list else numbers[:1]


def _text(text: str) -> str | None:
    """Return what a plain text is: with a colon that is none of YAML's, or null."""
    if ": " in text or text[-1] == ":":
        raise _NotPlain
    return None if text in _NULLS else text


def _words(typed: str) -> list[str]:
    words = typed.split(", ")
    if not _NULLS.isdisjoint(words):
        raise _NotPlain
    if ":" in typed and (": " in typed or ":," in typed or typed[-1] == ":"):
        raise _NotPlain
    return words


def _other(typed: str) -> Any:  # noqa: ANN401 - text, list or mapping
    """Return a quoted text, one that begins with a dash, or what is in brackets."""
    if typed[0] in "[{":
        return _in_brackets(typed)
    return _text(typed.rstrip(" ")) if typed[0] == "-" else typed[1:-1]


def _waiting(key: str) -> str:
    """Return ``key`` without value; refuse one that may stand behind a thousands separator."""
    if key[0].isdigit():
        raise _NotPlain
    return key


def _mapping_at(at: int, stack: _Stack, waiting: str | None) -> Any:  # noqa: ANN401 - of anything
    """Return the mapping with its keys in the column ``at``: a new one for a key that waits."""
    column, container = stack[-1]
    if waiting is not None and at > column:
        mapping: dict[str, Any] = {}
        container[waiting] = mapping
        _open(mapping, at, stack)
        return mapping
    while stack[-1][0] > at:
        stack.pop()
    if type(stack[-1][1]) is list:
        stack.pop()
    column, container = stack[-1]
    if column != at or type(container) is list:
        raise _NotPlain
    return container


def _list_at(at: int, stack: _Stack, waiting: str | None) -> Any:  # noqa: ANN401 - of anything
    """Return the list with its dashes in the column ``at``: a new one for a key that waits.

    They may stand in the column of that key.
    """
    column, container = stack[-1]
    if waiting is not None and at >= column:
        entries: list[Any] = []
        container[waiting] = entries
        _open(entries, at, stack)
        return entries
    while stack[-1][0] > at:
        stack.pop()
    column, container = stack[-1]
    if column != at or type(container) is not list:
        raise _NotPlain
    return container


def _open(collection: Any, column: int, stack: _Stack) -> None:  # noqa: ANN401 - list or mapping
    """Make ``collection`` the innermost one."""
    if len(stack) > _DEPTH_MAX:
        raise _NotPlain
    stack.append((column, collection))


def _in_brackets(text: str) -> Any:  # noqa: ANN401, C901, PLR0912 - list or mapping; one loop
    """Return the list or mapping that ``text`` is, in brackets; a comment may follow."""
    whole: list[Any] = []
    container: Any = whole
    stack: list[Any] = []
    goes_on = True
    for key, plain, quoted, other, closing, comma in _ITEM.findall(text):
        if not goes_on:
            raise _NotPlain
        goes_on = comma
        value: Any
        if plain:
            value = plain.rstrip(" ")
            if ":" in value or value in _NULLS:
                value = _text(value)
        elif quoted:
            value = quoted[1:-1]
        else:
            value = _other_item(other)
        if key:
            if type(container) is list or key in container:
                raise _NotPlain
            container[key] = value
        elif type(container) is list:
            container.append(value)
        else:
            raise _NotPlain
        if other and other[0] != "-":
            stack.append(container)
            container = value
            goes_on = comma or not closing
        if closing:
            container = _closed(container, stack, closing)
    if stack or goes_on or len(whole) != 1:
        raise _NotPlain
    return whole[0]


def _other_item(typed: str) -> Any:  # noqa: ANN401 - text, list or mapping
    """Return a text that begins with a dash, or what a bracket begins; refuse anything else."""
    if typed[:1] == "[":
        return []
    if typed[:1] == "{":
        return {}
    if not typed:
        raise _NotPlain
    return _text(typed.rstrip(" "))


def _closed(container: Any, stack: list[Any], closing: str) -> Any:  # noqa: ANN401 - list or mapping
    """Return what is filled after the brackets in ``closing``, taken from ``stack``."""
    if len(stack) > _DEPTH_MAX:
        raise _NotPlain
    for bracket in closing:
        if bracket == " ":
            continue
        if not stack or type(container) is not (list if bracket == "]" else dict):
            raise _NotPlain
        container = stack.pop()
    return container
