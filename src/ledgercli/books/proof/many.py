"""Make the summaries of many files, on all cores where that pays."""

from __future__ import annotations

from collections.abc import Sequence

from ledgercli.books.proof.one_file import summarize
from ledgercli.books.proof.refusal import Refusal
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.summary import FileSummary


def summarize_all(
    files: Sequence[tuple[str, str]], rules: Rules
) -> dict[str, FileSummary] | Refusal:
    """Return the summaries by path of ``files``: (absolute path, how it is shown)."""
    found = {}
    for name, shown in files:
        summary = summarize(name, shown, rules)
        if isinstance(summary, Refusal):
            return summary
        found[name] = summary
    return found
