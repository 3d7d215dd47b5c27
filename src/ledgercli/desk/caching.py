"""What is kept in the cache, and how the books were read."""

from __future__ import annotations

from pathlib import Path

from ledgercli.books.files import shown_path
from ledgercli.books.store.database import StoreFile, clear, stores
from ledgercli.desk.open_books import OpenBooks
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue.mark import N_

_COLUMNS = (
    Column("books", N_("books"), flexible=True),
    Column("kibibytes", N_("KiB"), "number"),
    Column("file", N_("file"), "code", shown=False),
)


def kept(folder: Path | None) -> Answer:
    """Return what is kept in ``folder``, None for a cache that is switched off."""
    return _answer("cache-show/1", folder, stores(folder) if folder else [])


def forget(folder: Path | None) -> Answer:
    """Delete all that is kept in ``folder``, and return what was there."""
    return _answer("cache-clear/1", folder, clear(folder) if folder else [])


def _answer(schema: str, folder: Path | None, files: list[StoreFile]) -> Answer:
    rows = [
        {
            "books": file.books or file.path.name,
            "kibibytes": -(-file.size // 1024),
            "file": str(file.path),
        }
        for file in files
    ]
    if folder is None:
        note = Text(N_("The cache is switched off."))
    elif schema.startswith("cache-clear"):
        note = Text(N_("Deleted from {folder}."), {"folder": str(folder)})
    else:
        note = Text(N_("Kept in {folder}; it can be deleted at any time."), {"folder": str(folder)})
    return Answer(
        schema,
        facts={"folder": str(folder) if folder else None},
        tables=(Table("rows", _COLUMNS, rows, empty=N_("Nothing is kept.")),),
        notes=(note,),
    )


def loading_of(books: OpenBooks) -> Answer:
    """Return which tier read the books, and why no faster one did."""
    rows = [
        {
            "reason": Text(refusal.reason, refusal.values),
            "file": shown_path(books.root, Path(refusal.file)) if refusal.file else "",
            "line": refusal.line or None,
        }
        for refusal in books.refusals
    ]
    columns = (
        Column("reason", N_("why nothing faster answered"), flexible=True, wraps=True),
        Column("file", N_("file"), "code"),
        Column("line", N_("line"), "number"),
    )
    titles = {
        "store": N_("Nothing has changed: the cache answered."),
        "proof": N_("What has changed was read by the quick way."),
        "beancount": N_("Beancount read the ledger."),
    }
    return Answer(
        "loading/1",
        facts={"tier": books.tier},
        title=titles[books.tier],
        tables=(Table("rows", columns, rows, empty=""),),
    )
