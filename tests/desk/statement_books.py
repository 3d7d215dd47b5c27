"""Asking for financial statements, and reading their lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledgercli.cli import main


class Asker:
    """Asks books, or a ledger alone, for reports."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Keep the folder or the file."""
        self.books = ["--ledger" if root.is_file() else "--books", str(root), "report"]
        self._capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Return a report as JSON."""
        assert main([*self.books, *words, "-f", "json"]) == code
        found: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return found

    def table(self, *words: str) -> list[str]:
        """Return a report as the lines that people read."""
        assert main([*self.books, *words]) == 0
        return self._capsys.readouterr().out.splitlines()

    def refused(self, *words: str) -> str:
        """Return why there is no such report."""
        assert main([*self.books, *words]) == 2
        return self._capsys.readouterr().err


def shown(answer: dict[str, Any], *keys: str) -> list[str]:
    """Return the rows of an answer as currency, line and the cells of ``keys``."""
    return [
        " ".join(
            [row["currency"], "· " * row["depth"] + row["line"], *(str(row[key]) for key in keys)]
        )
        for row in answer["rows"]
    ]
