"""What is said under every report: the revision, the errors in the books, accounts not found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ledgercli.desk.opening import OpenBooks
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.ledger import LedgerView


def with_circumstances(books: OpenBooks, answer: Answer) -> Answer:
    """Return ``answer`` with the errors in the books, and with the revision it is from, if any.

    Findings that it has already stay the only ones.
    It warns where a receivable account does not exist: nobody would seem to owe anything.
    """
    notes = answer.notes
    if books.known_at is not None:
        known = Text(N_("As known at revision {revision}."), {"revision": books.known_at})
        notes = (*notes, known)
    warnings = (*answer.warnings, *_unseen(books.view))
    findings = answer.findings or books.errors
    return replace(answer, notes=notes, warnings=warnings, findings=findings)


def _unseen(view: LedgerView) -> Iterator[Text]:
    """Yield why figures may be missing: the receivable accounts named, or usual, do not exist."""
    if not view.roots:
        yield Text(
            N_(
                "no account of the ledger is a receivable account by its name; name yours with"
                " `--receivable ACCOUNT`, or as `receivables.accounts` in `ledgercli.yaml`"
            )
        )
    for account, nearest in view.unmatched.items():
        if nearest:
            values = {"account": account, "nearest": nearest}
            words = N_(
                "no account of the ledger is `{account}` or below it; did you mean `{nearest}`?"
            )
            yield Text(words, values)
        else:
            words = N_("no account of the ledger is `{account}` or below it")
            yield Text(words, {"account": account})
