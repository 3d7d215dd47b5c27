"""The files of the books with what is personal of one customer taken out, written nowhere yet.

The activity log is append-only for everything else. Here its lines are written anew: an event
without its words has another id, since the id is a hash of what it says, and whatever refers to it
follows. The same line gives the same redacted line in every clone, so that two of them merge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ledgercli.books.activity import FOLDER as ACTIVITY
from ledgercli.books.activity import event_line
from ledgercli.books.data_edit import Delete, Put
from ledgercli.books.file_changes import FileChange
from ledgercli.books.files import SIZE_MAX_MIB, shown_path
from ledgercli.books.foreign.imports import FOLDER as IMPORTS
from ledgercli.books.personal_files import FileLine, entry_of, imported_lines
from ledgercli.books.plan_file import NAME as PLAN
from ledgercli.books.plan_file import plan_folders
from ledgercli.books.record_editing import KEYS
from ledgercli.books.record_files import RecordPlace, RecordShelf
from ledgercli.books.schema import modeline
from ledgercli.books.source_reading import read_source
from ledgercli.books.yaml_edit import Dialect, edited_text
from ledgercli.books.yaml_text import yaml_lines
from ledgercli.model.customer import fold
from ledgercli.model.event import Event

_WORDS_OF_LETTERS = ("to", "subject", "note")
_WORDS_OF_ORDERS = ("notes", "fields")
_HEADER = re.compile(r"^\d{4}-\d\d-\d\d[ \t]+(?:txn|[!*&#?%PSTCURM])(?=[ \t\"])", re.ASCII)
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_ACCOUNT = re.compile(r"(?<![\w\"])[A-Z][\w-]*(?::[\w-]+)+")
_KEY = re.compile(r"^\s*(?:-\s+)?\w+:\s")
#: Values of fewer characters are not looked for.
_VALUE_MIN = 8
_MIB = 1024 * 1024


def record_change(place: RecordPlace, data: Mapping[str, Any], identifier: str) -> FileChange:
    """Return the change that makes a record ``data``, with its comments gone.

    A file of its own is named after the id alone then: a name may have stood there.
    """
    file = place.file
    if place.path:
        text = file.pieces[place.piece]
        dialect = Dialect(file.newline, json=file.path.suffix == ".json", order=KEYS)
        rest = entry_of(place)
        for key in [*rest, *(key for key in data if key not in rest)]:
            step = (*place.path, key)
            if key not in data:
                text = edited_text(text, Delete(step), dialect)
            elif rest.get(key) != data[key]:
                text = edited_text(text, Put(step, data[key]), dialect)
        # Where the records of a file could not be told apart, comments may be about others.
        file.pieces[place.piece] = _without_comments(text) if len(file.pieces) > 1 else text
        return FileChange(file.path, file.shown, file.original, file.content)
    if file.path.suffix == ".json":
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    else:
        text = "\n".join([modeline("customer", "customers"), *yaml_lines(dict(data)), ""])
    path = file.path.with_name(f"{identifier}{file.path.suffix}")
    if path == file.path or path.exists():
        return FileChange(file.path, file.shown, file.original, text.encode())
    shown = shown_path(file.root, path)
    return FileChange(
        path, shown, file.original, text.encode(), old_path=file.path, old_shown=file.shown
    )


def _without_comments(piece: str) -> str:
    """Return the piece of one record without lines that are nothing but a comment."""
    lines = piece.split("\n")
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def activity_changes(
    root: Path, redacted: Mapping[str, Event], added: Sequence[Event] = ()
) -> list[FileChange]:
    """Return the changes of the log that put ``redacted`` (by their ids now) in their lines.

    Lines that become the same are one line. ``added`` are appended to the month of each.
    """
    lines = {old: event_line(event) for old, event in redacted.items()}
    more: dict[str, list[str]] = {}
    for event in added:
        more.setdefault(f"{event.at[:7]}.jsonl", []).append(event_line(event))
    names = {path.name for path in (root / ACTIVITY).glob("*.jsonl")} | set(more)
    changes = []
    for name in sorted(names):
        path = root / ACTIVITY / name
        before = path.read_bytes() if path.is_file() else None
        after = _log_with(before or b"", lines, more.get(name, ()))
        if after != (before or b""):
            changes.append(FileChange(path, shown_path(root, path), before, after))
    return changes


def _log_with(content: bytes, lines: Mapping[str, str], more: Iterable[str]) -> bytes:
    found: list[bytes] = []
    written: set[bytes] = set()
    for line in content.split(b"\n"):
        new = lines.get(_id_of(line))
        kept = line if new is None else new.encode()
        if new is not None and kept in written:
            continue
        written.add(kept)
        found.append(kept)
    tail = "".join(f"{line}\n" for line in more).encode()
    text = b"\n".join(found)
    complete, newline, rest = text.rpartition(b"\n")
    if rest and tail and not _id_of(rest):
        return complete + newline + tail + rest  # a torn line stays the last one, and is told
    return text + (b"\n" if rest and tail else b"") + tail


def _id_of(line: bytes) -> str:
    try:
        record: Any = json.loads(line)
    except ValueError:
        return ""
    return str(record.get("id", "")) if isinstance(record, dict) else ""


def order_changes(root: Path, names: Collection[str], identifier: str) -> list[FileChange]:
    """Return the orders of a customer without notes and fields, naming the customer by id."""
    shelf = RecordShelf(root, "orders")
    for name in names:
        for place in shelf.with_value("customer", name):
            entry, file = entry_of(place), place.file
            dialect = Dialect(file.newline, json=file.path.suffix == ".json")
            text = file.pieces[place.piece]
            for key in _WORDS_OF_ORDERS:
                if key in entry:
                    text = edited_text(text, Delete((*place.path, key)), dialect)
            if entry.get("customer") != identifier:
                text = edited_text(text, Put((*place.path, "customer"), identifier), dialect)
            file.pieces[place.piece] = text
    return [
        FileChange(file.path, file.shown, file.original, file.content)
        for file in shelf.opened.values()
        if file.content != file.original
    ]


def import_changes(root: Path, names: Collection[str]) -> list[FileChange]:
    """Return the import memory without the lines that are about a customer."""
    gone: dict[str, set[int]] = {}
    for line in imported_lines(root, names):
        gone.setdefault(line.file, set()).add(line.line)
    changes = []
    for shown, numbers in sorted(gone.items()):
        path = root / IMPORTS / Path(shown).name
        before = path.read_bytes()
        lines = before.split(b"\n")
        after = b"\n".join(line for at, line in enumerate(lines, 1) if at not in numbers)
        changes.append(FileChange(path, shown, before, after))
    return changes


def plan_changes(root: Path, names: Collection[str]) -> list[FileChange]:
    """Return the plans of letters without address, subject and notes of a customer's letters."""
    folded = {fold(name) for name in names}
    changes = []
    for folder in plan_folders(root):
        path = root / folder / PLAN
        before = path.read_bytes()
        data: Any = read_source(before, f"{folder}/{PLAN}").data
        letters = data.get("letters") if isinstance(data, dict) else None
        text = before.decode("utf-8", "replace")
        for index, letter in enumerate(letters if isinstance(letters, list) else ()):
            if not isinstance(letter, dict) or fold(str(letter.get("customer"))) not in folded:
                continue
            for key in _WORDS_OF_LETTERS:
                if key in letter:
                    text = edited_text(text, Delete(("letters", index, key)), Dialect("\n"))
        if text.encode() != before:
            changes.append(FileChange(path, f"{folder}/{PLAN}", before, text.encode()))
    return changes


def ledger_changes(
    root: Path,
    texts: Mapping[str, str],
    personal: Sequence[str],
    identifier: str,
    postings: Mapping[str, Collection[int]],
) -> list[FileChange]:
    """Return the ledger with the id where payee, narration and ``customer:`` name a customer.

    ``postings`` are lines, by file, that get a ``customer:`` of their own. Nothing but transaction
    headers and that metadata is touched: numbers, links and accounts stay.
    """
    pattern = _any_of(personal)
    changes = []
    for shown, text in sorted(texts.items()):
        wanted = postings.get(shown, ())
        lines = text.split("\n")
        after = []
        for number, line in enumerate(lines, start=1):
            named = line.lstrip().startswith("customer:") or _HEADER.match(line)
            after.append(_renamed(line, pattern, identifier) if named and pattern else line)
            if number in wanted:
                end = "\r" if line.endswith("\r") else ""
                after.append(f'{_indent(line)}  customer: "{identifier}"{end}')
        changed = "\n".join(after)
        if changed != text:
            changes.append(FileChange(root / shown, shown, text.encode(), changed.encode()))
    return changes


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _renamed(line: str, pattern: re.Pattern[str], identifier: str) -> str:
    return _QUOTED.sub(lambda found: f'"{pattern.sub(identifier, found[1])}"', line)


def _any_of(texts: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for any of ``texts``, longest first; words of Latin letters as a whole."""
    parts = [_whole(text) for text in sorted(texts, key=len, reverse=True) if text]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _whole(text: str) -> str:
    begin = r"(?<!\w)" if text[:1].isascii() and text[:1].isalnum() else ""
    end = r"(?!\w)" if text[-1:].isascii() and text[-1:].isalnum() else ""
    spaced = r"\s+".join(re.escape(part) for part in text.split())
    return f"{begin}{spaced}{end}"


def gone_texts(changes: Iterable[FileChange]) -> tuple[str, ...]:
    """Return the values in lines that ``changes`` take out of orders and plans of letters.

    Of a value in brackets it is all of it as typed. Short ones are left out: they stand elsewhere.
    """
    found = []
    for change in changes:
        if not change.after or not change.shown.startswith(("orders/", "letters/")):
            continue
        after = set(change.after.decode("utf-8", "replace").splitlines())
        for line in (change.before or b"").decode("utf-8", "replace").splitlines():
            value = _KEY.sub("", line).strip().strip("\"'")
            if line not in after and len(value) >= _VALUE_MIN:
                found.append(value)
    return tuple(dict.fromkeys(found))


def mentions(
    root: Path, personal: Sequence[str], changed: Mapping[Path, bytes | None], skip: Iterable[Path]
) -> Iterator[FileLine]:
    """Yield the lines of text files below ``root`` in which one of ``personal`` occurs.

    ``changed`` are contents that files are about to have (None: gone). Folders of git, files in
    ``skip`` and links are not looked at; nor are files that are no text, such as PDFs.
    """
    pattern = _any_of(personal)
    if pattern is None:
        return
    skipped = {path.resolve() for path in skip}
    for path in _files(root, changed):
        if path.resolve() in skipped:
            continue
        content = changed[path] if path in changed else _content(path)
        if content is None or b"\0" in content[:4096] or content.startswith(b"%PDF"):
            continue
        text = content.decode("utf-8", "replace")
        if not pattern.search(text):
            continue
        for number, line in enumerate(text.split("\n"), start=1):
            if pattern.search(line):
                yield FileLine(shown_path(root, path), number, line)


def ledger_mentions(
    root: Path,
    texts: Mapping[str, str],
    personal: Sequence[str],
    patched: Mapping[Path, bytes | None],
) -> Iterator[FileLine]:
    """Yield the lines of the ledger that name a customer when ``patched``, accounts aside."""
    pattern = _any_of(personal)
    if pattern is None:
        return
    for shown, text in sorted(texts.items()):
        content = patched.get(root / shown)
        after = text if content is None else content.decode()
        for number, line in enumerate(after.split("\n"), start=1):
            if pattern.search(_ACCOUNT.sub("", line)):
                yield FileLine(shown, number, line)


def _files(root: Path, changed: Mapping[Path, bytes | None]) -> list[Path]:
    found = {
        path
        for path in root.rglob("*")
        if ".git" not in path.relative_to(root).parts and not path.is_symlink() and path.is_file()
    }
    return sorted(found | set(changed))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.stat().st_size <= SIZE_MAX_MIB * _MIB else None
    except OSError:
        return None
