"""Starts books: from nothing, or from a ledger whose customers are inferred."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Request
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.receivables.inference import named_by_payees


class LedgerMissingError(LedgercliError):
    """Books were to be made from a ledger, and none was named."""

    message = N_("which ledger?")
    hint = N_("`ledgercli init --from-ledger FILE`, `--ledger FILE`, or $BEANCOUNT_FILE")


def init(request: Request, *, target: Path, language: str) -> Answer:
    """Make new books in ``target``, with comments in ``language``.

    Raise the errors of ``books/scaffold.py``.
    """
    from ledgercli.books.scaffold import scaffold

    written = scaffold(_absolute(request, target), language)
    return _answer(request, target, written, customers=None)


def init_from_ledger(request: Request, *, target: Path, language: str) -> Answer:
    """Make books in ``target`` for the ledger that ``request`` names, with a file per customer.

    Raise LedgerMissingError besides the errors of opening and of ``books/scaffold.py``.
    """
    from ledgercli.books.scaffold import scaffold_from_ledger

    named = request.ledger or request.environment.get("BEANCOUNT_FILE")
    if not named:
        raise LedgerMissingError
    ledger = request.start / Path(named)
    books = open_books(replace(request, books=None, ledger=ledger))
    customers = named_by_payees(books.customers, books.view)
    written = scaffold_from_ledger(
        _absolute(request, target), ledger, customers, books.settings.receivables, language
    )
    answer = _answer(request, target, written, customers=len(customers))
    return replace(answer, findings=books.errors)


def _absolute(request: Request, target: Path) -> Path:
    return request.start / target


def _answer(
    request: Request, target: Path, written: Sequence[Path], *, customers: int | None
) -> Answer:
    root = _absolute(request, target)
    columns = (Column("file", N_("file"), "code"),)
    rows = [
        {"file": path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)}
        for path in written
    ]
    shown = root.relative_to(request.start) if root.is_relative_to(request.start) else root
    following = N_("Next: `cd {folder}`, then `ledgercli check`.")
    if shown == Path():
        following = N_("Next: `ledgercli check`.")
    notes = [Text(following, {"folder": str(shown)})]
    if customers is not None:
        notes.insert(
            0,
            Text(
                N_("{count} customer inferred."),
                plural=N_("{count} customers inferred."),
                count=customers,
            ),
        )
    return Answer(
        "init/1",
        facts={"folder": str(target)},
        tables=(Table("files", columns, rows, title=N_("Written:")),),
        notes=tuple(notes),
    )
