"""Changes of customer records in their files: prepared, read back, shown, and written as one.

Nothing is written before every file has been read back and says exactly what was asked, and either
all files of a change are written or none. Everything happens under the lock of the books, on what
the files hold then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, fields, replace
from pathlib import Path as FilePath
from typing import Any

from ledgercli.books.customers import FOLDER, read_records
from ledgercli.books.data_edit import Delete, Edit, NotEditableError, changed_data, gap_of, steps
from ledgercli.books.errors import BooksError
from ledgercli.books.file_changes import FileChange, write_changes
from ledgercli.books.files import books_lock, inside, shown_path
from ledgercli.books.record_changes import Change, NewRecord, Outcome, RecordChange, Removal
from ledgercli.books.record_files import (
    FileNotEditableError,
    GapError,
    RecordFile,
    RecordPlace,
    RecordShelf,
    comments_below,
    new_record_file,
)
from ledgercli.books.record_names import Claim, names_of, shared_names
from ledgercli.books.source import Data, Path, Source
from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import PROBLEMS_MAX, dotted
from ledgercli.books.yaml_edit import Dialect, edited_text
from ledgercli.books.yaml_text import yaml_lines
from ledgercli.model.catalogue import records as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.customer import Customer, fold
from ledgercli.model.finding import Finding, Place
from ledgercli.model.record import dataclass

#: How long an edit waits for another writer; each is done in less than a second.
WAIT_SECONDS = 5.0
#: The keys of a record in the order in which new ones are written.
KEYS = tuple(item.name for item in fields(Customer) if item.name not in {"file", "line"})
#: For more changes than these all ids are looked up at once.
_FEW = 8
#: Keys that a command may not invent: a mistyped one would never be read.
_REFUSED = frozenset([codes.UNKNOWN_KEY.code])


class RecordNotFoundError(BooksError):
    """There is no record with an id that is to be changed."""

    message = N_("no customer record `{customer}`")
    hint = N_("`ledgercli customer list` shows them all")


class RecordExistsError(BooksError):
    """A new record would have the id or the file of another."""

    message = N_("there is a customer `{customer}` already, in `{file}`")
    hint = N_("choose another id; `ledgercli customer set` changes the one that is there")


def apply_changes(root: FilePath, changes: Sequence[Change], *, dry_run: bool = False) -> Outcome:
    """Make ``changes`` in the books ``root``, all or none; with ``dry_run`` only say what comes.

    Nothing is written where a change brings an error or a key that nobody reads: see
    :attr:`Outcome.refused`. Raises :class:`RecordNotFoundError`, :class:`RecordExistsError`,
    :class:`FileNotEditableError`, and the errors of locking and writing.
    """
    return write_outcome(root, lambda: prepared(RecordShelf(root), changes), dry_run=dry_run)


def write_outcome(root: FilePath, prepare: Callable[[], Outcome], *, dry_run: bool) -> Outcome:
    """Return what ``prepare`` returns, written under the lock unless it is refused.

    ``prepare`` is called under the lock, so that it sees what the files hold then.
    """
    if dry_run:
        return prepare()
    with books_lock(root, WAIT_SECONDS):
        outcome = prepare()
        if outcome.refused or not outcome.files:
            return outcome
        write_changes(root, outcome.files)
    return replace(outcome, written=True)


def prepared(shelf: RecordShelf, changes: Sequence[Change]) -> Outcome:
    """Return what ``changes`` come to, written nowhere yet; raise as :func:`apply_changes`."""
    if len(changes) > _FEW:
        shelf.index()
    editing = Editing(shelf)
    for change in changes:
        if isinstance(change, RecordChange):
            editing.edit(change)
        elif isinstance(change, NewRecord):
            editing.add(change)
        else:
            editing.remove(change)
    return editing.outcome()


@dataclass(slots=True)
class Editing:
    """Changes made one after the other on the same files, written by nobody yet."""

    shelf: RecordShelf
    changed: dict[str, None] = field(default_factory=dict)
    kept: dict[str, None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    removed: list[RecordFile] = field(default_factory=list)
    moved: dict[str, FilePath] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)

    def place(self, identifier: str) -> RecordPlace:
        """Return where a record stands; raise :class:`RecordNotFoundError`."""
        found = self.shelf.find(identifier)
        if not found:
            raise RecordNotFoundError(customer=identifier)
        return found[0]

    def record(self, identifier: str) -> dict[str, Any]:
        """Return a record as plain data, as it is now; raise :class:`RecordNotFoundError`."""
        place = self.place(identifier)
        return _record(place.file.source(place.piece).data, place.path)

    def edit(self, change: RecordChange) -> None:
        """Make the edits of one record."""
        self.edit_at(self.place(change.customer), change)

    def edit_at(self, place: RecordPlace, change: RecordChange) -> None:
        """Make the edits of a record that was found already."""
        file = place.file
        before = file.source(place.piece)
        try:
            text, after = _edited(file, place, before, change.edits)
        except NotEditableError:
            record = _record(before.data, place.path)
            for gap, following in filter(None, (gap_of(record, e.path) for e in change.edits)):
                raise GapError(key=dotted(gap), next=dotted(following)) from None
            reason = N_("the place holds something else, or stands for another by an alias")
            raise FileNotEditableError(file=file.shown, reason=reason) from None
        if text == file.pieces[place.piece]:
            self.kept.setdefault(change.customer)
            return
        known = Counter(map(gist, _findings(file, before)))
        file.pieces[place.piece] = text
        found = _findings(file, after)
        new = list((Counter(map(gist, found)) - known).elements())
        line = file.line_before(place.piece) if new else 0
        for finding in found:
            if gist(finding) in new:
                new.remove(gist(finding))
                self.findings.append(_moved(finding, line))
        if any(edit.path[:1] in {("id",), ("aliases",)} for edit in change.edits):
            line_before = file.line_before(place.piece)
            self._claim(file, line_before, *(_record(s.data, place.path) for s in (before, after)))
        if any(edit.path[:1] in {("id",), ("parent",)} for edit in change.edits):
            record = _record(after.data, place.path)
            self.shelf.note(str(record.get("id", "")), place)
            self._check_references(record, file, file.line_before(place.piece))
        self.changed.setdefault(change.customer)
        self.kept.pop(change.customer, None)

    def add(self, new: NewRecord) -> None:
        """Add a record in a file of its own."""
        data = _ordered(new.data)
        identifier = str(data["id"])
        self.refuse_taken(identifier)
        path = inside(self.shelf.root, f"{FOLDER}/{identifier}.yaml")
        file = new_record_file(self.shelf.root, path)
        if path.exists() or path.name in self.shelf.opened:
            raise RecordExistsError(customer=identifier, file=file.shown)
        from ledgercli.books.schema import modeline

        file.pieces = ["\n".join([modeline("customer", FOLDER), *yaml_lines(data), ""])]
        source = file.source(0)
        self.findings += _findings(file, source)
        # What was escaped because it hides something is told by its finding.
        if source.data != data and not source.findings:
            raise FileNotEditableError(file=file.shown, reason=N_("it would not read back"))
        self.shelf.add(file, identifier)
        self._claim(file, 0, {}, data)
        self._check_references(data, file, 0)
        self.changed.setdefault(identifier)

    def remove(self, removal: Removal) -> None:
        """Take a record away, and its file where it held no other.

        Comments at the margin below it stay: they are of the record that follows, or of the file.
        """
        place = self.place(removal.customer)
        file = place.file
        if sum(map(bool, file.pieces[1:])) > 1:
            kept = comments_below(file.pieces[place.piece])
            file.pieces[place.piece] = ""
            # Where a piece is nothing but comments it would count as a record.
            before = next((at for at in range(place.piece - 1, 0, -1) if file.pieces[at]), 0)
            file.pieces[before] += kept
        elif place.path and len(file.source(place.piece).data or ()) > 1:
            step = Delete(place.path)
            file.pieces[place.piece] = edited_text(
                file.pieces[place.piece], step, Dialect(file.newline)
            )
        else:
            self.removed.append(file)
        self.changed.setdefault(removal.customer)

    def move(self, file: RecordFile, path: FilePath) -> None:
        """Give a file another name."""
        self.moved[file.path.name] = path

    def outcome(self) -> Outcome:
        """Return what all changes come to."""
        files = []
        for file in sorted(self.shelf.opened.values(), key=lambda file: file.shown):
            after = None if file in self.removed else file.content
            if after != file.original or file.path.name in self.moved:
                files.append(_file_change(file, after, self.moved.get(file.path.name)))
        shared = shared_names(self.shelf, self.claims, self.removed)
        findings = sorted([*self.findings, *shared], key=lambda finding: finding.order)
        return Outcome(
            files=tuple(files),
            changed=tuple(self.changed),
            kept=tuple(self.kept),
            findings=tuple(findings),
            refused=tuple(finding for finding in findings if is_refused(finding)),
        )

    def _claim(
        self, file: RecordFile, line: int, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        """Note the names that a record has now and did not have before."""
        identifier = str(after.get("id") or file.path.stem)
        names = names_of(after) - names_of(before)
        self.claims.append(Claim(identifier, names, Place(file.shown, line + 1, 1)))

    def refuse_taken(self, identifier: str) -> None:
        """Raise :class:`RecordExistsError` where a record has that id."""
        if taken := self.shelf.find(identifier):
            raise RecordExistsError(customer=identifier, file=taken[0].file.shown)

    def _check_references(self, record: Mapping[str, Any], file: RecordFile, line: int) -> None:
        """Note what is wrong between the record and others: its id, and its parent."""
        identifier, parent = str(record.get("id") or file.path.stem), record.get("parent")
        place = Place(file.shown, line + 1, 1)
        if len(found := self.shelf.find(identifier)) > 1:
            other = next((hit.file.shown for hit in found if hit.file is not file), file.shown)
            values = {"id": identifier, "other": other}
            self.findings.append(Finding(codes.DUPLICATE_ID, values, place, identifier))
        if not isinstance(parent, str):
            return
        chain = [identifier]
        while parent and isinstance(parent, str):
            above = self.shelf.find(parent)
            if not above:
                if len(chain) == 1:
                    values = {"parent": parent[:80]}
                    self.findings.append(Finding(codes.UNKNOWN_PARENT, values, place, identifier))
                return
            if fold(parent) in map(fold, chain):
                values = {"chain": " → ".join([*chain, parent])}
                self.findings.append(Finding(codes.PARENT_CYCLE, values, place, identifier))
                return
            chain.append(parent)
            data = above[0].file.source(above[0].piece).data
            parent = _record(data, above[0].path).get("parent")


def _file_change(file: RecordFile, after: bytes | None, moved: FilePath | None) -> FileChange:
    several = len(file.pieces) > 1 and after is not None
    pieces = tuple(zip(file.first_pieces, file.pieces, strict=True)) if several else ()
    change = FileChange(file.path, file.shown, file.original, after, pieces)
    if moved is None:
        return change
    shown = shown_path(file.root, moved)
    return replace(change, path=moved, shown=shown, old_path=file.path, old_shown=file.shown)


def is_refused(finding: Finding) -> bool:
    """Return whether a record with this new finding is not written."""
    return finding.severity == "error" or finding.code in _REFUSED


def _edited(
    file: RecordFile, place: RecordPlace, before: Source, edits: Iterable[Edit]
) -> tuple[str, Source]:
    """Return a piece with ``edits`` made, and how it reads; raise :class:`NotEditableError`."""
    text, data = file.pieces[place.piece], before.data
    dialect = Dialect(file.newline, json=file.path.suffix == ".json", order=KEYS)
    for edit in edits:
        for step in steps(_record(data, place.path), edit, place.path):
            text = edited_text(text, step, dialect)
            data = changed_data(data, step)
    after = read_source(text.encode(), file.shown)
    spoiled = len(after.findings) > len(before.findings)
    if after.data != data and not spoiled:
        raise NotEditableError(place.path)
    return text, after


def _record(data: Data, path: Path) -> dict[str, Any]:
    entry = data[path[0]] if path and isinstance(data, list) else data  # type: ignore[index]
    return entry if isinstance(entry, dict) else {}


def _findings(file: RecordFile, source: Source) -> list[Finding]:
    _read, findings = read_records(source, file.path.stem)
    return findings[:PROBLEMS_MAX]


def gist(finding: Finding) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return what a finding says, wherever it stands."""
    return finding.code, tuple(sorted(finding.values.items()))


def _moved(finding: Finding, lines: int) -> Finding:
    """Return a finding about a piece with its place in the whole file."""
    place = finding.place
    return replace(finding, place=replace(place, line=place.line + lines if place.line else 0))


def _ordered(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with its keys in the usual order, unknown ones last."""
    known = {key: data[key] for key in KEYS if key in data}
    return known | {key: value for key, value in data.items() if key not in known}
