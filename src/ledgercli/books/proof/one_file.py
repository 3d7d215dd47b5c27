"""Make the summary of one file: by tiles where they cover it, else with Beancount's parser."""

# Paths are handled as Beancount does, as text: what it reports must not change its spelling.
# ruff: noqa: PTH113, PTH122

from __future__ import annotations

import decimal
import hashlib
import os
from pathlib import Path

from ledgercli.books.pause import collection_paused
from ledgercli.books.proof.refusal import UNREADABLE, RefusedError
from ledgercli.books.proof.rules import Rules
from ledgercli.books.proof.summary import FileSummary
from ledgercli.books.proof.tiles import HandedOnError, Vocabulary, collect_tiles
from ledgercli.model.refusal import Refusal


def summarize(
    filename: str, shown: str, rules: Rules, vocabulary: Vocabulary | None = None
) -> FileSummary | Refusal:
    """Return the summary of the file ``filename`` (absolute) under ``rules``, or why there is none.

    Its rows tell the file as ``shown``. The summary depends on the bytes of the file, on ``shown``
    and ``rules``, and on the versions of Python and Beancount only. ``vocabulary`` is what was
    learned of other files under the same rules.
    """
    try:
        content = read_content(filename)
        # Beancount works in Python's default context, and what balances depends on it.
        with collection_paused(), decimal.localcontext(decimal.Context()):
            return summary_of(content, filename, shown, rules, vocabulary)
    except RefusedError as error:
        return error.refusal(filename)


def read_content(filename: str) -> bytes:
    """Return the bytes of a file; refuse what Beancount would decrypt, and what is no file."""
    if os.path.splitext(filename)[1] in {".gpg", ".asc"} or not os.path.isfile(filename):
        raise RefusedError(UNREADABLE)
    try:
        return Path(filename).read_bytes()
    except OSError:
        raise RefusedError(UNREADABLE) from None


def summary_of(
    content: bytes,
    filename: str,
    shown: str,
    rules: Rules,
    vocabulary: Vocabulary | None = None,
) -> FileSummary:
    """Return the summary of a file's bytes; raise RefusedError where there is none.

    To be called in Python's default decimal context.
    """
    digest = hashlib.sha256(content).digest()
    try:
        return collect_tiles(content, rules, shown, vocabulary).summary(digest)
    except HandedOnError:
        from ledgercli.books.proof.builder import collect_parsed

        return collect_parsed(content, filename, rules, shown).summary(digest)
