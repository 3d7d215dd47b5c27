"""A record file opened in an editor: a copy is edited, and takes its place once it reads well.

The copy stands beside the file, hidden from reading by its name, so that an editor finds the JSON
Schema that the file names. What cannot be taken over is kept as ``NAME.draft``: nothing is lost.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ledgercli.books.customers import read_records
from ledgercli.books.errors import FileUnreadableError, FileUnwritableError
from ledgercli.books.file_changes import FileChange, write_changes
from ledgercli.books.files import books_lock, inside, shown_path, write_atomic
from ledgercli.books.record_changes import Outcome
from ledgercli.books.record_editing import WAIT_SECONDS, gist, is_refused
from ledgercli.books.record_files import RecordShelf
from ledgercli.books.record_names import Claim, names_of, shared_names
from ledgercli.books.source_reading import read_source
from ledgercli.model.catalogue import records as codes
from ledgercli.model.customer import Customer, fold
from ledgercli.model.finding import Finding, Place
from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """A copy of a record file for an editor. ``customer`` is the id of the record it is about."""

    root: Path
    path: Path
    copy: Path
    original: bytes
    customer: str


def begin_draft(root: Path, path: Path, customer: str) -> Draft:
    """Make a copy of a record file to edit; raise FileUnreadableError or FileUnwritableError."""
    inside(root, shown_path(root, path))
    try:
        original = path.read_bytes()
    except OSError as error:
        raise FileUnreadableError(path=path, reason=error.strerror or error) from error
    copy = path.with_name(f".ledgercli-edit-{os.getpid()}-{path.name}")
    write_atomic(copy, original, mode=0o600)
    return Draft(root, path, copy, original, customer)


def draft_findings(draft: Draft) -> tuple[Finding, ...]:
    """Return what is wrong with the copy and was not with the file, as if it stood there."""
    edited = _content(draft)
    known = Counter(map(gist, _findings(draft, draft.original)))
    found = _findings(draft, edited)
    new = list((Counter(map(gist, found)) - known).elements())
    told = []
    for finding in found:
        if gist(finding) in new:
            new.remove(gist(finding))
            told.append(finding)
    return tuple(sorted([*told, *_references(draft)], key=lambda finding: finding.order))


def lost_ids(draft: Draft) -> tuple[str, ...]:
    """Return the ids that the copy no longer has: other files may still name them."""
    before = {customer.id for customer in _customers(draft, draft.original)}
    after = {customer.id for customer in _customers(draft, _content(draft))}
    return tuple(sorted(before - after))


def _references(draft: Draft) -> Iterator[Finding]:
    """Yield ids that records in other files have, and parents that there are not."""
    shelf = RecordShelf(draft.root)
    before = {customer.id: customer.parent for customer in _customers(draft, draft.original)}
    edited = _customers(draft, _content(draft))
    own = {fold(customer.id) for customer in edited}
    for customer in edited:
        place = Place(customer.file, customer.line, 1)
        elsewhere = [found for found in shelf.find(customer.id) if found.file.path != draft.path]
        if elsewhere and customer.id not in before:
            values = {"id": customer.id, "other": elsewhere[0].file.shown}
            yield Finding(codes.DUPLICATE_ID, values, place, customer.id)
        parent = customer.parent
        if parent and parent != before.get(customer.id) and fold(parent) not in own:
            if not shelf.find(parent):
                values = {"parent": parent[:80]}
                yield Finding(codes.UNKNOWN_PARENT, values, place, customer.id)
        elif parent and fold(parent) == fold(customer.id):
            values = {"chain": f"{customer.id} → {parent}"}
            yield Finding(codes.PARENT_CYCLE, values, place, customer.id)
    had = {record.id: _names(record) for record in _customers(draft, draft.original)}
    shelf.replace(draft.path.name, _content(draft))
    yield from shared_names(
        shelf,
        [
            Claim(
                customer.id,
                _names(customer) - had.get(customer.id, frozenset()),
                Place(customer.file, customer.line, 1),
            )
            for customer in edited
        ],
    )


def _names(customer: Customer) -> frozenset[str]:
    return names_of({"id": customer.id, "aliases": list(customer.aliases)})


def finish_draft(draft: Draft) -> Outcome:
    """Write the copy to the file, unless it is refused; then the copy stays for another try.

    Raises FileChangedError where the file was changed meanwhile, BooksLockedError and
    FileUnwritableError; the copy stays then, too.
    """
    edited = _content(draft)
    if edited == draft.original:
        drop_draft(draft)
        return Outcome((), (), (draft.customer,))
    findings = draft_findings(draft)
    refused = tuple(finding for finding in findings if is_refused(finding))
    change = FileChange(draft.path, shown_path(draft.root, draft.path), draft.original, edited)
    if refused:
        return Outcome((change,), (), (), findings, refused)
    with books_lock(draft.root, WAIT_SECONDS):
        write_changes(draft.root, [change])
    drop_draft(draft)
    return Outcome((change,), (draft.customer,), (), findings, (), written=True)


def drop_draft(draft: Draft) -> None:
    """Remove the copy."""
    with suppress(OSError):
        draft.copy.unlink()


def keep_draft(draft: Draft) -> Path:
    """Keep the copy beside the file under a name of its own that nobody reads; return it."""
    number = 1
    while True:
        ending = ".draft" if number == 1 else f".draft-{number}"
        kept = draft.path.with_name(f"{draft.path.name}{ending}")
        try:
            os.link(draft.copy, kept)
        except FileExistsError:
            number += 1
            continue
        except OSError as error:
            raise FileUnwritableError(path=kept, reason=error.strerror or error) from error
        drop_draft(draft)
        return kept


def _content(draft: Draft) -> bytes:
    try:
        return draft.copy.read_bytes()
    except OSError as error:
        raise FileUnreadableError(path=draft.copy, reason=error.strerror or error) from error


def _findings(draft: Draft, content: bytes) -> list[Finding]:
    source = read_source(content, shown_path(draft.root, draft.path))
    return read_records(source, draft.path.stem)[1]


def _customers(draft: Draft, content: bytes) -> list[Customer]:
    source = read_source(content, shown_path(draft.root, draft.path))
    return [customer for customer, _ in read_records(source, draft.path.stem)[0]]
