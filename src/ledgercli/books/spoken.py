"""The language of books at a glance, for what is said before anything of them is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ledgercli.books.discovery import find_books
from ledgercli.model.errors import LedgercliError

#: A key of the whole file stands at the beginning of a line; what is nested is indented.
_LANGUAGE = re.compile(rb"""^language[ \t]*:[ \t]+["']?([A-Za-z]{2,3})\b""", re.MULTILINE)
#: Settings are short; what is longer is none, or a file without end.
_SIZE_MAX = 1_000_000


def language_at_a_glance(books: Path | None, environment: Mapping[str, str], start: Path) -> str:
    """Return the language that the settings of the books name, "" where none is seen.

    Books are found as by :func:`~ledgercli.books.discovery.find_books`. The settings are searched
    and not read as YAML, which would take longer than all of a help text; in braces or JSON nothing
    is seen.
    """
    try:
        settings = find_books(books, None, environment, start).settings_file
        if settings is None or not settings.is_file():
            return ""
        with settings.open("rb") as file:
            content = file.read(_SIZE_MAX)
    except (LedgercliError, OSError, RuntimeError, ValueError):
        return ""
    found = _LANGUAGE.search(content.removeprefix(b"\xef\xbb\xbf"))
    return found[1].decode().lower() if found else ""
