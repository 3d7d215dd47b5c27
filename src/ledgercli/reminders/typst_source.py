"""Typst source from templates: what is put in is always a value, never markup or code.

Frames are named ``*.pdf.j2``. In them every ``{{ … }}`` becomes a Typst literal: text a quoted
string, numbers and booleans themselves, lists arrays, mappings dictionaries. No filter or macro can
get around it, since it is done to the finished expression; macros of other templates (the wording)
give plain text, which becomes one literal as a whole. What is left of the risk is the frame itself:
a frame of one's own may not import, include or evaluate anything, so that making a letter never
reaches for files or the network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Template
from jinja2.exceptions import SecurityError

from ledgercli.reminders.sandbox import LetterEnvironment

SUFFIX = ".pdf.j2"

_RESERVED = re.compile(r"\b(i)(mport|nclude)\b|\b(e)(val)\b")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'[\\"\n\r\t\x00-\x1f\x7f]')


class TypstEnvironment(LetterEnvironment):
    """An environment for frames; templates of other names are made plain text of."""

    def __init__(self, source: Callable[[str], str | None]) -> None:
        """Take the templates from ``source``, by name."""
        super().__init__(source, autoescape=False, finalize=literal)
        self.plain = LetterEnvironment(source, autoescape=False)

    def begin(self) -> None:
        """Give the next rendering its whole budget."""
        super().begin()
        self.plain.begin()

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002, ANN401 - Jinja's
        if name.endswith(SUFFIX):
            return super()._load_template(name, globals)
        self.step(100)
        return self.plain.get_template(name)


def literal(value: object) -> str:
    """Return ``value`` as a Typst literal; raise ``TypeError`` for what has none."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if value >= 0 else f"({value})"
    if isinstance(value, Mapping):
        pairs = [f"{quoted(str(key))}: {literal(entry)}" for key, entry in value.items()]
        return f"({', '.join(pairs)})" if pairs else "(:)"
    if isinstance(value, list | tuple):
        return "(" + "".join(f"{literal(entry)}, " for entry in value) + ")"
    if hasattr(value, "__dataclass_fields__"):
        msg = f"a whole {type(value).__name__} cannot be put into a letter, only its parts"
        raise TypeError(msg)
    return quoted(str(value))


def quoted(text: str) -> str:
    """Return ``text`` as a Typst string."""
    safe = _TO_ESCAPE.sub(lambda found: _escape(found[0]), text)
    # So that the words are not found in data when the finished source is looked through.
    safe = _RESERVED.sub(_disguised, safe)
    return f'"{safe}"'


def check_source(source: str) -> None:
    """Raise ``SecurityError`` where the code of a frame reaches for other files."""
    found = _RESERVED.search(source)
    if found:
        msg = f"`{found[0]}` is not for letters; put the word in as a value if it is text"
        raise SecurityError(msg)


def _escape(character: str) -> str:
    return _ESCAPES.get(character, f"\\u{{{ord(character):x}}}")


def _disguised(found: re.Match[str]) -> str:
    first, rest = (found[1], found[2]) if found[1] else (found[3], found[4])
    return f"\\u{{{ord(first):x}}}{rest}"
