"""Differences of files as people and ``git apply`` read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

_AROUND = 3
_Code = tuple[str, int, int, int, int]


def text_diff(
    shown: str,
    before: str | None,
    after: str | None,
    pieces: Sequence[tuple[str, str]] = (),
    old_shown: str = "",
) -> str:
    """Return the unified diff of a file; None stands for a file that is not there.

    ``old_shown`` is its name before, where it moves. ``pieces`` are the parts of both texts that go
    together, each of whole lines: only those that differ are compared, so that some changes in a
    file of megabytes cost little.
    """
    if before == after:
        return ""
    pairs, lines_before = _near_changes(pieces or [(before or "", after or "")])
    old = [line for piece, _ in pairs for line in _lines(piece)]
    new = [line for _, piece in pairs for line in _lines(piece)]
    matcher = SequenceMatcher(None, "", "")
    matcher.opcodes = list(_joined(_codes(pairs)))  # type: ignore[attr-defined]
    parts = [
        f"--- {'/dev/null' if before is None else f'a/{old_shown or shown}'}\n",
        f"+++ {'/dev/null' if after is None else f'b/{shown}'}\n",
    ]
    for group in matcher.get_grouped_opcodes(_AROUND):
        parts += _hunk(group, old, new, lines_before)
    return "".join(parts)


def _near_changes(
    pairs: Sequence[tuple[str, str]],
) -> tuple[Sequence[tuple[str, str]], int]:
    """Return ``pairs`` without equal ones far from any change, and how many lines that skips."""
    different = [at for at, (old, new) in enumerate(pairs) if old != new]
    first, last = different[0], different[-1] + 1
    first = _beyond(pairs, range(first - 1, -1, -1), first)
    last = _beyond(pairs, range(last, len(pairs)), last - 1) + 1
    return pairs[first:last], sum(old.count("\n") for old, _ in pairs[:first])


def _beyond(pairs: Sequence[tuple[str, str]], places: Iterable[int], reached: int) -> int:
    """Return the last of ``places`` that is needed to have enough lines around a change."""
    lines = 0
    for place in places:
        if lines >= _AROUND:
            break
        lines += pairs[place][0].count("\n")
        reached = place
    return reached


def _codes(pairs: Sequence[tuple[str, str]]) -> Iterator[_Code]:
    """Yield how the lines of both texts go together, as ``difflib`` has it."""
    at_old = at_new = 0
    for old, new in pairs:
        old_lines, new_lines = _lines(old), _lines(new)
        if old == new:
            codes: list[_Code] = [("equal", 0, len(old_lines), 0, len(new_lines))]
        else:
            codes = list(SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes())
        for tag, i1, i2, j1, j2 in codes:
            yield tag, i1 + at_old, i2 + at_old, j1 + at_new, j2 + at_new
        at_old += len(old_lines)
        at_new += len(new_lines)


def _joined(codes: Iterator[_Code]) -> Iterator[_Code]:
    """Yield ``codes`` with runs of equal lines as one, without empty ones."""
    run: _Code | None = None
    for code in codes:
        if code[0] == "equal":
            run = ("equal", run[1], code[2], run[3], code[4]) if run else code
            continue
        if run and run[2] > run[1]:
            yield run
        run = None
        yield code
    if run and run[2] > run[1]:
        yield run


def _hunk(
    group: Sequence[_Code], old: Sequence[str], new: Sequence[str], lines_before: int
) -> Iterator[str]:
    first, last = group[0], group[-1]
    old_range = _range(first[1] + lines_before, last[2] + lines_before)
    new_range = _range(first[3] + lines_before, last[4] + lines_before)
    yield f"@@ -{old_range} +{new_range} @@\n"
    for tag, i1, i2, j1, j2 in group:
        if tag == "equal":
            yield from (_printed(f" {line}") for line in old[i1:i2])
            continue
        yield from (_printed(f"-{line}") for line in old[i1:i2])
        yield from (_printed(f"+{line}") for line in new[j1:j2])


def _range(start: int, stop: int) -> str:
    """Return lines as the head of a hunk names them; an empty range names the line before."""
    length = stop - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their line feeds; nothing else ends a line."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _printed(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
