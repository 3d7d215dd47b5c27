"""Help texts: translated, and aligned by display width, which Typer's own formatter is not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from typing import Any

from ledgercli.output.language import _
from ledgercli.output.safe_text import display_width, pad, wrap

_FIRST_COLUMN_MAX = 26


def width() -> int:
    """Return the columns of help: those of the terminal, 100 at most for the eyes' sake."""
    return max(min(shutil.get_terminal_size((80, 24)).columns, 100), 40)


def usage(command_path: str, pieces: Sequence[str]) -> str:
    """Return the line that shows how the command is called."""
    # Typer puts required arguments into braces, which are for choices elsewhere.
    words = [command_path, *(re.sub(r"^\{(.*)\}$", r"\1", piece) for piece in pieces)]
    return _("Usage: {line}").format(line=" ".join(words))


def definitions(heading: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return a section of names and their explanations under ``heading``."""
    rows = list(rows)
    if not rows:
        return []
    names = [display_width(name) for name, _text in rows]
    first = min(max(names), _FIRST_COLUMN_MAX) + 2
    lines = ["", heading]
    for name, text in rows:
        explained = wrap(text, max(width() - first - 2, 20))
        if display_width(name) > first - 2:
            lines.append(f"  {name}")
        else:
            lines.append(f"  {pad(name, first)}{explained.pop(0)}".rstrip())
        lines += [" " * (first + 2) + line for line in explained]
    return lines


def paragraphs(text: str) -> list[str]:
    """Return the lines of ``text``, its paragraphs (parted by empty lines) filled to the width."""
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        lines += ["", *wrap(" ".join(paragraph.split("\n")), width())]
    return lines


def parameter_rows(parameters: Sequence[Any], context: Any, kind: str) -> list[tuple[str, str]]:  # noqa: ANN401
    """Return names and translated explanations of the options or arguments among ``parameters``.

    ``parameters`` and ``context`` are Typer's; it exports no types for them.
    """
    rows = []
    for parameter in parameters:
        if parameter.param_type_name != kind or getattr(parameter, "hidden", False):
            continue
        record = parameter.get_help_record(context)
        if record is not None:
            text = parameter.help or ""
            rows.append((record[0], _("Show this help.") if _is_help(parameter) else _(text)))
    return rows


def _is_help(parameter: Any) -> bool:  # noqa: ANN401 - Typer's, see above
    return "--help" in parameter.opts
