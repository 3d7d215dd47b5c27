"""Cells that a spreadsheet would take for a formula, made harmless and taken back.

A cell that begins like a formula gets an apostrophe in front; so that nothing is lost, one that
begins with apostrophes and then like a formula gets one more. Telephone numbers such as
``+49 30 1234`` are none: they stay, for the other system takes them as they are.
"""

from __future__ import annotations

import re

_FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_TELEPHONE = re.compile(r"\+[0-9][0-9 ().\-]*")


def guarded(cell: str) -> str:
    """Return ``cell`` such that no spreadsheet computes it."""
    if _FORMULA.match(cell) and not _TELEPHONE.fullmatch(cell):
        return f"'{cell}"
    return cell


def unguarded(cell: str) -> str:
    """Return what :func:`guarded` was given."""
    text = cell.lstrip()
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else cell
