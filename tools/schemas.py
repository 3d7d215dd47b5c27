"""Writes the JSON Schemas that are shipped: run it after a change of the records they are made of.

``python tools/schemas.py`` writes ``src/ledgercli/schemas``; with ``--check`` it only says whether
they are up to date, with exit code 1 where they are not.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ledgercli.books.schema import KINDS, schema_text

FOLDER = Path(__file__).parent.parent / "src" / "ledgercli" / "schemas"


def main(arguments: list[str]) -> int:
    """Write or check all schemas; return the exit code."""
    stale = []
    for name in KINDS:
        path = FOLDER / f"{name}.schema.json"
        text = schema_text(name)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.name)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(name)
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
