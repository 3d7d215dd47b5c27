"""The formats of answers: one table from name to function, loaded when used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import PurePath

from ledgercli.model.answer import Answer
from ledgercli.output.paper import WIDTH, Paper

#: Name → "module:function"; each takes an answer and the paper and returns text,
#: those of :data:`BINARY_FORMATS` bytes.
FORMATS: Mapping[str, str] = {
    "table": "ledgercli.output.table:render",
    "json": "ledgercli.output.json_format:render",
    "csv": "ledgercli.output.csv_format:render",
    "html": "ledgercli.output.html_format:render",
    "xlsx": "ledgercli.output.xlsx_format:render",
}
#: Formats for machines, always UTF-8 whatever the terminal speaks.
MACHINE_FORMATS = frozenset({"json", "csv", "html"})
#: Formats that no terminal can show.
BINARY_FORMATS = frozenset({"xlsx"})
_SUFFIXES = {
    ".json": "json",
    ".csv": "csv",
    ".txt": "table",
    ".html": "html",
    ".htm": "html",
    ".xlsx": "xlsx",
}


def of_suffix(path: PurePath) -> str | None:
    """Return the format that the suffix of ``path`` chooses, None where it chooses none."""
    return _SUFFIXES.get(path.suffix.lower())


def render(
    answer: Answer,
    output_format: str,
    *,
    width: int = WIDTH,
    terminal: bool = False,
    ascii_only: bool = False,
) -> str:
    """Return ``answer`` as text in ``output_format``, a format of :data:`FORMATS` that is text.

    ``width``, ``terminal`` and ``ascii_only`` (no characters beyond ASCII but those of the data)
    matter to tables alone.
    """
    text = _rendered(answer, output_format, Paper(width, terminal, ascii_only))
    if isinstance(text, bytes):
        msg = f"{output_format} is no text"
        raise TypeError(msg)
    return text


def file_content(answer: Answer, output_format: str) -> str | bytes:
    """Return what a file in ``output_format`` holds: text, or bytes for a binary format."""
    return _rendered(answer, output_format, Paper())


def _rendered(answer: Answer, output_format: str, paper: Paper) -> str | bytes:
    module, _, name = FORMATS[output_format].partition(":")
    function: Callable[[Answer, Paper], str | bytes] = getattr(import_module(module), name)
    return function(answer, paper)
