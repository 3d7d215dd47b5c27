"""The ledger's files as text, for diffs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ledgercli.books.files import shown_path


def ledger_texts(root: Path, files: Iterable[str]) -> dict[str, str]:
    """Return the texts of ``files`` by the path that findings show; what is no UTF-8 is left out.

    Line ends stay as they are.
    """
    texts = {}
    for name in files:
        path = Path(name)
        try:
            texts[shown_path(root, path)] = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return texts
