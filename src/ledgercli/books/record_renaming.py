"""Another id for a customer, in all files that name it; and two records made one.

The activity log is append-only and stays as it is: the old id becomes an alias of the record, and
what names a customer by an alias means that customer, in the log as in the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from ledgercli.books.customer_checks import PLAIN_ID
from ledgercli.books.data_edit import Delete, Edit, Exclude, Include, Put
from ledgercli.books.errors import BooksError
from ledgercli.books.file_changes import FileChange
from ledgercli.books.files import shown_path
from ledgercli.books.record_changes import RecordChange, Removal
from ledgercli.books.record_editing import Editing, RecordExistsError
from ledgercli.books.record_files import RecordFile, RecordPlace, RecordShelf
from ledgercli.books.source import Path
from ledgercli.books.yaml_edit import Dialect, edited_text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import fold

ORDERS = "orders"
_NAMED = re.compile(r'^([ \t]+customer:[ \t]*")((?:[^"\\\n]|\\.)*)(")', re.MULTILINE)


class BadIdError(BooksError):
    """An id that no record can have."""

    message = N_("`{id}` cannot be an id")
    hint = N_("letters and digits of any script, `-`, `.` and `_`; 64 at most")


def check_id(identifier: str) -> None:
    """Raise :class:`BadIdError` for what is no id."""
    if not PLAIN_ID.fullmatch(identifier) or ".." in identifier:
        raise BadIdError(id=identifier[:80])


def rename(editing: Editing, old: str, new: str) -> None:
    """Give the record ``old`` the id ``new``, with its file and all records below it.

    Raises :class:`BadIdError`, and the errors of finding and editing.
    """
    check_id(new)
    place = editing.place(old)
    if fold(old) != fold(new):
        editing.refuse_taken(new)
    record = editing.record(old)
    written = str(record.get("id") or place.file.path.stem)
    edits: list[Edit] = [Put(("id",), new)] if record.get("id") is not None else []
    if fold(written) != fold(new):
        edits += [Exclude(("aliases",), (new,)), Include(("aliases",), (written,))]
    path = _path_for(place.file, written, new)
    if path == place.file.path:
        path = None
    if path is None and record.get("id") is None:
        edits.insert(0, Put(("id",), new))
    children = editing.shelf.with_value("parent", written)
    editing.edit_at(place, RecordChange(written, tuple(edits)))
    editing.shelf.note(new, place)
    if path is not None:
        if path.exists() and not _same_file(path, place.file.path):
            raise RecordExistsError(customer=new, file=shown_path(place.file.root, path))
        editing.move(place.file, path)
    _give_parent(editing, children, new)


def _path_for(file: RecordFile, old: str, new: str) -> FilePath | None:
    """Return the path of a file that is named after the record; None where it is not."""
    stem = file.path.stem
    following = stem[len(old) : len(old) + 1]
    if not fold(stem).startswith(fold(old)) or following not in {"", "-", "_", ".", " "}:
        return None
    return file.path.with_name(f"{new}{stem[len(old) :]}{file.path.suffix}")


def _same_file(one: FilePath, other: FilePath) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _give_parent(editing: Editing, children: Iterable[RecordPlace], parent: str) -> None:
    for child in children:
        data = child.file.source(child.piece).data
        record = data[child.path[0]] if child.path else data  # type: ignore[index]
        own = record.get("id") if isinstance(record, dict) else None
        name = own if isinstance(own, str) else child.file.path.stem
        editing.edit_at(child, RecordChange(name, (Put(("parent",), parent),)))


def merge(editing: Editing, source: str, target: str, values: Sequence[tuple[Path, Any]]) -> None:
    """Put ``values`` into the record ``target`` (None: take away), and take ``source`` away.

    What was below ``source`` is below ``target`` then. Raises the errors of finding and editing.
    """
    children = editing.shelf.with_value("parent", source)
    identifier = str(editing.record(target).get("id") or editing.place(target).file.path.stem)
    below = [child for child in children if child not in editing.shelf.find(target)]
    edits = tuple(Delete(path) if value is None else Put(path, value) for path, value in values)
    editing.edit(RecordChange(identifier, edits))
    _give_parent(editing, below, identifier)
    editing.remove(Removal(source))


def renamed_orders(root: FilePath, old: str, new: str) -> list[FileChange]:
    """Return the changes of the order files that name the customer ``old``."""
    shelf = RecordShelf(root, ORDERS)
    for place in shelf.with_value("customer", old):
        file = place.file
        dialect = Dialect(file.newline, json=file.path.suffix == ".json")
        step = Put((*place.path, "customer"), new)
        file.pieces[place.piece] = edited_text(file.pieces[place.piece], step, dialect)
    return [
        FileChange(file.path, file.shown, file.original, file.content)
        for file in shelf.opened.values()
        if file.content != file.original
    ]


def renamed_in_ledger(
    root: FilePath, texts: Mapping[str, str], old: str, new: str
) -> list[FileChange]:
    """Return the changes of ledger files whose metadata ``customer:`` names ``old``.

    ``texts`` are the files by the path that findings show.
    """
    changes = []
    wanted = fold(old)

    def named(found: re.Match[str]) -> str:
        return f"{found[1]}{new}{found[3]}" if fold(found[2]) == wanted else found[0]

    for shown, text in sorted(texts.items()):
        changed = _NAMED.sub(named, text)
        if changed != text:
            changes.append(FileChange(root / shown, shown, text.encode(), changed.encode()))
    return changes
