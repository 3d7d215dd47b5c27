"""The JSON Schemas of the books' YAML files."""

from __future__ import annotations

from ledgercli.books.schema import shipped_schema, write_schemas
from ledgercli.desk.customers.record_books import RecordBooks
from ledgercli.model.answer import Answer, Column, Table
from ledgercli.model.catalogue.mark import N_


def shipped(name: str) -> str:
    """Return a schema as JSON text."""
    return shipped_schema(name)


def write(books: RecordBooks) -> Answer:
    """Write the schemas into the books, and return which files were not like that before."""
    written = write_schemas(books.root)
    rows = [{"file": path.relative_to(books.root).as_posix()} for path in written]
    table = Table(
        "files",
        (Column("file", N_("file"), "code"),),
        rows,
        title=N_("Written:") if rows else "",
        empty=N_("The schemas are there already."),
    )
    return Answer("schema/1", tables=(table,))
