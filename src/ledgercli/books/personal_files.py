"""The files of the books that belong to one customer: letters, lines of the log, import memory."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from ledgercli.books.foreign.imports import FOLDER as IMPORTS
from ledgercli.books.plan_file import FOLDER as LETTERS
from ledgercli.books.plan_file import plan_folders, read_plan
from ledgercli.books.record_files import RecordPlace
from ledgercli.model.customer import fold
from ledgercli.model.event import Event
from ledgercli.model.record import dataclass

#: The languages in which the archive explains itself.
README_LANGUAGES = ("en", "zh", "de", "fr", "es", "ja")
#: What follows the customer in the name of a letter: the currency, then the level.
_REST = re.compile(r"[A-Z][A-Z0-9'._]{1,23}-")


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line of a file of the books."""

    file: str
    line: int
    text: str


def readme(language: str) -> str:
    """Return the text that explains an archive, in ``language`` or in English.

    It has ``{name}``, ``{id}``, ``{company}`` and ``{date}`` to be filled.
    """
    code = re.split(r"[-_.@]", language.strip().lower(), maxsplit=1)[0]
    name = f"readme.{code if code in README_LANGUAGES else 'en'}.txt"
    return (files("ledgercli") / "data/privacy" / name).read_text(encoding="utf-8")


def entry_of(place: RecordPlace) -> dict[str, Any]:
    """Return the record at ``place`` as plain data, as typed."""
    entry: Any = place.file.source(place.piece).data
    for step in place.path:
        entry = entry[step]
    return dict(entry) if isinstance(entry, dict) else {}


def letter_files(root: Path, names: Collection[str], others: Iterable[str]) -> tuple[Path, ...]:
    """Return the letters that were written to the customer with these ``names``, sorted.

    A letter is told by the plan of its folder, else by its file name; ``others`` are the ids of all
    other customers, for an id may begin with another.
    """
    own = {harmless(name) for name in names}
    known = {harmless(name) for name in others} - own
    planned: set[Path] = set()
    foreign: set[Path] = set()
    folded = {fold(name) for name in names}
    for folder in plan_folders(root):
        plan, _findings = read_plan(root, folder)
        for letter in plan.letters if plan else ():
            wanted = planned if fold(letter.customer) in folded else foreign
            wanted.update(root / folder / name for name in letter.files)
    found = {path for path in planned - foreign if path.is_file()}
    for path in (root / LETTERS).rglob("*"):
        if path.is_file() and path not in foreign and _owner(path.name, own | known) in own:
            found.add(path)
    inside = root.resolve()
    return tuple(sorted(path for path in found if path.resolve().is_relative_to(inside)))


def _owner(name: str, owners: Iterable[str]) -> str | None:
    """Return the longest of ``owners`` that the name of a letter begins with."""
    fitting = [
        owner
        for owner in owners
        if name.startswith(f"{owner}-") and _REST.match(name[len(owner) + 1 :])
    ]
    return max(fitting, key=len, default=None)


def harmless(text: str) -> str:
    """Return an id as the names of letters have it: nothing that leads elsewhere."""
    return "".join(c if c.isalnum() or c in "-._" else "_" for c in text).lstrip(".-")


def event_lines(root: Path, events: Iterable[Event]) -> Iterator[FileLine]:
    """Yield the lines of the log in which ``events`` stand, as they were written."""
    texts: dict[str, list[str]] = {}
    for event in events:
        if event.file not in texts:
            texts[event.file] = _lines(root / event.file)
        lines = texts[event.file]
        if 0 < event.line <= len(lines):
            yield FileLine(event.file, event.line, lines[event.line - 1])


def imported_lines(root: Path, names: Collection[str]) -> Iterator[FileLine]:
    """Yield the lines of the import memory that are about the customer with these ``names``."""
    folded = {fold(name) for name in names}
    for path in sorted((root / IMPORTS).glob("*.jsonl")):
        for number, line in enumerate(_lines(path), start=1):
            if fold(_customer_of(line)) in folded:
                yield FileLine(f"{IMPORTS}/{path.name}", number, line)


def _customer_of(line: str) -> str:
    try:
        entry: Any = json.loads(line)
    except ValueError:
        return ""
    return str(entry.get("customer", "")) if isinstance(entry, dict) else ""


def _lines(path: Path) -> list[str]:
    """Return the lines of a text file; only line feeds end one. None where it is not there."""
    try:
        return path.read_bytes().decode("utf-8", "replace").split("\n")
    except OSError:
        return []
