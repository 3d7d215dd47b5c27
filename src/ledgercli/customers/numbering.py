"""The id that a new customer would get."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBERED = re.compile(r"(.*?)(\d{1,9})")


def next_id(ids: Iterable[str]) -> str:
    """Return the number after the highest with the most usual prefix, in as many digits.

    Of prefixes as usual as each other the first in the alphabet counts. Empty where no id ends
    with a number; ``C001`` for the first customer of all.
    """
    highest: dict[str, tuple[int, int]] = {}
    counts: dict[str, int] = {}
    known = list(ids)
    for identifier in known:
        found = _NUMBERED.fullmatch(identifier)
        if found:
            prefix, number = found[1], int(found[2])
            counts[prefix] = counts.get(prefix, 0) + 1
            highest[prefix] = max(highest.get(prefix, (0, 0)), (number, len(found[2])))
    if not counts:
        return "" if known else "C001"
    prefix = min(counts, key=lambda prefix: (-counts[prefix], prefix))
    number, digits = highest[prefix]
    return f"{prefix}{number + 1:0{digits}d}"
