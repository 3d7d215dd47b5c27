"""Differences of files as people and ``git apply`` read them."""

from __future__ import annotations

from difflib import unified_diff

_AROUND = 3


def text_diff(shown: str, before: str | None, after: str | None) -> str:
    """Return the unified diff of a file; None stands for a file that is not there.

    Only what lies between the first and the last changed line is compared, so that a change in a
    file of megabytes costs little. Characters count, line ends too.
    """
    old, new = before or "", after or ""
    if old == new and (before is None) == (after is None):
        return ""
    old_lines, new_lines = _lines(old), _lines(new)
    shortest = min(len(old_lines), len(new_lines))
    head = next(
        (at for at in range(shortest) if old_lines[at] != new_lines[at]),
        shortest,
    )
    tail = next(
        (at for at in range(shortest - head) if old_lines[-1 - at] != new_lines[-1 - at]),
        shortest - head,
    )
    head, tail = max(head - _AROUND, 0), max(tail - _AROUND, 0)
    lines = unified_diff(
        old_lines[head : len(old_lines) - tail],
        new_lines[head : len(new_lines) - tail],
        "/dev/null" if before is None else f"a/{shown}",
        "/dev/null" if after is None else f"b/{shown}",
    )
    return "".join(_printed(_moved(line, head)) for line in lines)


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their line feeds; nothing else ends a line."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _moved(line: str, lines_before: int) -> str:
    """Return the head of a hunk with the numbers of the whole file, any other line as it is."""
    if not line.startswith("@@ ") or not lines_before:
        return line
    parts = line.split(" ")
    for at in (1, 2):
        start, comma, length = parts[at][1:].partition(",")
        parts[at] = f"{parts[at][0]}{int(start) + lines_before}{comma}{length}"
    return " ".join(parts)


def _printed(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
