"""The activity log: ``activity/YYYY-MM.jsonl``, appended to and never rewritten."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from ledgercli.books.errors import FileUnwritableError
from ledgercli.books.files import (
    books_lock,
    inside,
    read_bytes,
    shown_path,
    sync_folder,
    write_atomic,
    write_whole,
)
from ledgercli.books.text import decoded
from ledgercli.model.catalogue import activity as codes
from ledgercli.model.catalogue import files as file_codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.event import EVENT_KINDS, Event
from ledgercli.model.finding import Finding, Place
from ledgercli.model.sentence import WrongValueError, reason_of
from ledgercli.model.values import parse_date

FOLDER = "activity"
ATTRIBUTES_LINE = "activity/*.jsonl merge=union eol=lf"
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
_OWN_KEYS = frozenset(["v", "id", "at", "date", "by", "kind", "customer", "document"])
_RETRACT_STEPS_MAX = 8
_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


def read_events(root: Path) -> tuple[tuple[Event, ...], tuple[Finding, ...]]:
    """Return all events of the books ``root``, sorted by (at, id), and what is wrong with them.

    An event counts once, however often a merge repeated its line. What a ``retract`` takes back
    stays, and names it in ``retracted_by``: whether it holds on a day, ``Event.in_force`` says.
    """
    events: dict[str, Event] = {}
    files, findings = _log_files(root / FOLDER)
    for file in files:
        content, refused = read_bytes(file, root)
        findings += refused
        if content is None:
            continue
        read, more = _read_file(content, shown_path(root, file))
        findings += more
        for event in read:
            events.setdefault(event.id, event)
    ordered = sorted(events.values(), key=lambda event: event.order)
    marked, more = _with_retractions(ordered)
    return marked, tuple(sorted(findings + more, key=lambda finding: finding.order))


def _log_files(folder: Path) -> tuple[list[Path], list[Finding]]:
    """Return the files of the log, sorted by name, and what hinders it: an empty log is no error.

    A folder that nobody may look into is not one without promises and disputes.
    """
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".jsonl"), []
    except FileNotFoundError:
        return [], []
    except NotADirectoryError:
        return [], [Finding(file_codes.NOT_A_FOLDER, {}, Place(FOLDER))]
    except OSError as error:
        values = {"reason": error.strerror or str(error)}
        return [], [Finding(file_codes.FILE_UNREADABLE, values, Place(FOLDER))]


def append_events(root: Path, events: Sequence[Event]) -> tuple[Event, ...]:
    """Append ``events`` to the log under the lock, and return them with their ids and files.

    Each goes to the file of the month of its ``at``. When this returns, all are on the disk.
    Raises :class:`BooksLockedError` and :class:`FileUnwritableError`; then what a month's file
    held before is what it holds.
    """
    if not events:
        return ()
    identified = [replace(event, id=event_id(event)) for event in events]
    months: dict[str, list[Event]] = {}
    for event in identified:
        months.setdefault(event.at[:7], []).append(event)
    written: list[Event] = []
    with books_lock(root):
        _keep_attributes(root)
        for month, batch in sorted(months.items()):
            relative = f"{FOLDER}/{month}.jsonl"
            path = inside(root, relative)
            first = _append(path, "".join(f"{event_line(event)}\n" for event in batch).encode())
            written += [
                replace(event, file=relative, line=first + index)
                for index, event in enumerate(batch)
            ]
    return tuple(written)


def event_id(event: Event) -> str:
    """Return the id of an event: 16 hex digits of the SHA-256 of all it says but the id."""
    record = _record(event)
    del record["id"]
    return _hash(record)


def event_line(event: Event) -> str:
    """Return the event as one line of JSON, without the line feed."""
    return json.dumps(_record(event), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _record(event: Event) -> dict[str, Any]:
    """Return what is written of an event; ``document`` only where one is named."""
    record: dict[str, Any] = {
        "v": 1,
        "id": event.id,
        "at": event.at,
        "date": event.date.isoformat(),
        "by": event.by,
        "kind": event.kind,
        "customer": event.customer,
    }
    if event.number or event.currency:
        record["document"] = {"number": event.number, "currency": event.currency}
    return {**record, **{key: event.details[key] for key in event.details if key not in record}}


def _hash(record: Mapping[str, Any]) -> str:
    canonical = json.dumps(record, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]


# --- reading -----------------------------------------------------------------------------------


def _read_file(content: bytes, shown: str) -> tuple[list[Event], list[Finding]]:
    complete, torn_bytes = _without_torn_character(content)
    text, findings = decoded(complete, shown)
    events: list[Event] = []
    lines = (text or "").split("\n")
    if torn_bytes and text is not None:
        findings.append(Finding(codes.TORN_LINE, {}, Place(shown, len(lines), 1)))
    conflict = False
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = Place(shown, number, 1)
        if line.startswith(_MARKERS):
            if not conflict:
                findings.append(Finding(codes.CONFLICT_MARKER, {}, place))
            conflict = True
            continue
        try:
            event, altered = _parse_event(line)
        except ValueError as error:
            # Only the last line of a file has no line feed behind it.
            torn = number == len(lines)
            kind = codes.TORN_LINE if torn else codes.INVALID_EVENT
            findings.append(Finding(kind, {} if torn else {"reason": reason_of(error)}, place))
            continue
        if altered:
            values = {"id": event.id[:40]}
            findings.append(Finding(codes.ALTERED_EVENT, values, place, event.customer))
        events.append(replace(event, file=shown, line=number))
    return events, findings


def _without_torn_character(content: bytes) -> tuple[bytes, bytes]:
    """Return the content without a last line that ends within a character, and that line."""
    complete, newline, rest = content.rpartition(b"\n")
    try:
        rest.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return complete + newline, rest
    return content, b""


def _parse_event(line: str) -> tuple[Event, bool]:
    """Return the event of one line, and whether its id disagrees with what it says.

    Raises ``ValueError`` with a reason where the line is no event.
    """
    record = _json_object(line)
    if record.get("v") != 1:
        _refuse(N_("`v` is not 1, the only version known"))
    missing = [key for key in ("id", "at", "date", "kind", "customer") if key not in record]
    if missing:
        _refuse(N_("`{name}` is missing"), name=missing[0])
    texts = {key: record.get(key, "") for key in ("id", "at", "date", "by", "kind", "customer")}
    for key, value in texts.items():
        if not isinstance(value, str):
            _refuse(N_("`{key}` is not text"), key=key)
    if not _AT.fullmatch(texts["at"]) or not _is_moment(texts["at"]):
        _refuse(N_("`at` is not a time such as 2026-11-21T06:00:03Z"))
    if texts["kind"] not in EVENT_KINDS:
        _refuse(N_("the kind `{kind}` is not known"), kind=texts["kind"][:40])
    document = record.get("document") or {}
    if not isinstance(document, dict):
        _refuse(N_("`document` is not an object"))
    number, currency = document.get("number", ""), document.get("currency", "")
    if not isinstance(number, str) or not isinstance(currency, str):
        _refuse(N_("`number` and `currency` of `document` are not text"))
    event = Event(
        id=texts["id"],
        at=texts["at"],
        date=parse_date(texts["date"]),
        by=texts["by"],
        kind=texts["kind"],
        customer=texts["customer"],
        number=number,
        currency=currency,
        details={key: value for key, value in record.items() if key not in _OWN_KEYS},
    )
    claimed = record.pop("id")
    return event, claimed != _hash(record)


def _json_object(line: str) -> dict[str, Any]:
    try:
        # Figures stay text: an amount must never pass through a float.
        record = json.loads(line, parse_float=str, parse_constant=_refuse_number)
    except json.JSONDecodeError as error:
        unreadable = N_("this is not JSON: {problem}, column {column}")
        _refuse(unreadable, problem=error.msg, column=str(error.colno))
    except RecursionError:
        _refuse(N_("the nesting is too deep"))
    if not isinstance(record, dict):
        _refuse(N_("the line is not a JSON object"))
    return record


def _refuse_number(name: str) -> NoReturn:
    """Refuse what Python's JSON takes for a number and JSON does not."""
    _refuse(N_("`{text}` is not a number"), text=name)


def _refuse(message: str, **values: str) -> NoReturn:
    raise WrongValueError(message, **values)


def _is_moment(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _with_retractions(ordered: Sequence[Event]) -> tuple[tuple[Event, ...], list[Finding]]:
    """Return the events with those that take them back; a retract can be retracted too.

    An id is a hash of what it retracts, so there is no circle unless somebody altered lines; what
    goes round in one, or is a retract of a retract of a retract and so on, retracts nothing.
    """
    known = {event.id for event in ordered}
    retracts: dict[str, list[Event]] = {}
    findings: list[Finding] = []
    for event in ordered:
        if event.kind != "retract":
            continue
        target = str(event.details.get("retracts", ""))
        if target in known:
            retracts.setdefault(target, []).append(event)
        else:
            place = Place(event.file, event.line, 1)
            values = {"id": target[:40]}
            findings.append(Finding(codes.UNKNOWN_RETRACTED, values, place, event.customer))

    def marked(event: Event, steps_left: int) -> Event:
        if event.id not in retracts or not steps_left:
            return event
        own = tuple(marked(each, steps_left - 1) for each in retracts[event.id])
        return replace(event, retracted_by=own)

    return tuple(marked(event, _RETRACT_STEPS_MAX) for event in ordered), findings


# --- writing -----------------------------------------------------------------------------------


def _keep_attributes(root: Path) -> None:
    """Let git join both sides of a merge; what else stands in ``.gitattributes`` stays."""
    path = inside(root, ".gitattributes")
    try:
        existing = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise FileUnwritableError(path=path, reason=error.strerror or error) from error
    if any(line.startswith(b"activity/*.jsonl") for line in existing.splitlines()):
        return
    separator = b"" if not existing or existing.endswith(b"\n") else b"\n"
    write_atomic(path, existing + separator + ATTRIBUTES_LINE.encode() + b"\n")


def _append(path: Path, lines: bytes) -> int:
    """Append ``lines`` to the file ``path``, flushed to the disk; return the number of the first.

    A torn last line is set aside first. When the system refuses, the file is as it was before.
    """
    try:
        is_new = not path.exists()
        path.parent.mkdir(exist_ok=True)
        with path.open("a+b", buffering=0) as file:
            before = _mended(file, path)
            try:
                write_whole(file.fileno(), lines)
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), before[0])
                raise
        if is_new:
            sync_folder(path.parent)
            sync_folder(path.parent.parent)
    except OSError as error:
        raise FileUnwritableError(path=path, reason=error.strerror or error) from error
    return before[1] + 1


def _mended(file: Any, path: Path) -> tuple[int, int]:  # noqa: ANN401 - a binary file
    """Return size and number of lines of a log, once its last line is complete."""
    file.seek(0)
    content: bytes = file.read()
    complete, newline, rest = content.rpartition(b"\n")
    complete += newline
    if rest:
        try:
            _parse_event(rest.decode())
        except ValueError:
            _set_aside(path, rest)
            os.ftruncate(file.fileno(), len(complete))
        else:  # an editor took the last line feed away
            write_whole(file.fileno(), b"\n")
            complete = content + b"\n"
    file.seek(0, os.SEEK_END)
    return file.tell(), complete.count(b"\n")


def _set_aside(path: Path, fragment: bytes) -> None:
    """Keep a fragment in a new file beside the log, ``2026-11.jsonl.torn-1`` and so on."""
    number = 1
    while True:
        try:
            with path.with_name(f"{path.name}.torn-{number}").open("xb") as file:
                file.write(fragment)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            number += 1
        else:
            return
