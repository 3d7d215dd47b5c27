"""A second record of what was sent, in the user's state directory, outside of the books.

A log in the books can be lost: ``git reset``, a second clone, a push that never came. What this
record knows and the books do not was, or may have been, sent all the same. It is a file of JSON
lines for each set of books, ``ledgercli/sent/KEY.jsonl`` for letters and ``ledgercli/mails`` for
mails that are none; the key is the first commit of their repository, so that a clone has the same,
and without git their path.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from ledgercli.books.errors import FileUnreadableError, FileUnwritableError
from ledgercli.books.files import sync_folder, write_whole
from ledgercli.books.repository import first_commit
from ledgercli.books.revision import prefix_in_repository
from ledgercli.model.record import dataclass

VARIABLE = "LEDGERCLI_STATE_DIR"
State = Literal["sending", "sent", "failed"]
#: Letters, and mails that are none: digests, surveys, mails about contracts.
RecordKind = Literal["sent", "mails"]
RECORD_KINDS: tuple[RecordKind, ...] = ("sent", "mails")


@dataclass(frozen=True, slots=True)
class SentRecord:
    """A line: what became of an attempt, written before it (``sending``) and after it.

    ``documents`` are number, level and level name of each document that the letter raises.
    """

    at: str
    state: State
    message_id: str
    letter: str
    customer: str
    currency: str
    documents: tuple[tuple[str, int, str], ...]
    attempt: int = 1


def state_folder(environment: Mapping[str, str]) -> Path:
    """Return where the program keeps such records: ``$LEDGERCLI_STATE_DIR``, else the system's."""
    named = environment.get(VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("ledgercli")


class SentLog:
    """The record of one set of books; ``folder`` None keeps none."""

    def __init__(self, folder: Path | None, root: Path, kind: RecordKind = "sent") -> None:
        """Find the file of the books ``root``; nothing is made before the first line."""
        self.path: Path | None = None
        #: What was recorded under the path, before the books were kept with git.
        self._others: tuple[Path, ...] = ()
        if folder is None:
            return
        by_path = _key("path", str(root.resolve()))
        commit = first_commit(root)
        own = _key("git", f"{commit}/{prefix_in_repository(root)}") if commit else by_path
        self.path = folder / kind / f"{own}.jsonl"
        if own != by_path:
            self._others = (folder / kind / f"{by_path}.jsonl",)

    def read(self) -> tuple[SentRecord, ...]:
        """Return all lines in the order of writing; a torn one was never acted upon.

        Raise FileUnreadableError.
        """
        if self.path is None:
            return ()
        return tuple(record for path in (*self._others, self.path) for record in _read(path))

    def append(self, records: Sequence[SentRecord]) -> None:
        """Append ``records``; when this returns, they are on the disk.

        Raise FileUnwritableError.
        """
        if self.path is None or not records:
            return
        lines = "".join(
            json.dumps({"v": 1, **asdict(record)}, ensure_ascii=False) + "\n" for record in records
        )
        try:
            is_new = not self.path.exists()
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self.path.open("a+b", buffering=0) as file:
                end = file.seek(0, os.SEEK_END)
                torn = end > 0 and _last_byte(file, end) != b"\n"
                try:
                    write_whole(file.fileno(), (b"\n" if torn else b"") + lines.encode())
                    os.fsync(file.fileno())
                except OSError:
                    os.ftruncate(file.fileno(), end)
                    raise
            if is_new:
                sync_folder(self.path.parent)
        except OSError as error:
            raise FileUnwritableError(path=self.path, reason=error.strerror or error) from error


def _last_byte(file: Any, end: int) -> bytes:  # noqa: ANN401 - a binary file
    file.seek(end - 1)
    last: bytes = file.read(1)
    return last


def _read(path: Path) -> list[SentRecord]:
    try:
        text = path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FileUnreadableError(path=path, reason=error.strerror or error) from error
    return [record for line in text.split("\n") if (record := _record(line)) is not None]


def _record(line: str) -> SentRecord | None:
    try:
        raw = json.loads(line)
        documents = tuple((str(n), int(level), str(name)) for n, level, name in raw["documents"])
        if raw["state"] not in {"sending", "sent", "failed"}:
            return None
        texts = {
            key: str(raw[key])
            for key in ("at", "state", "message_id", "letter", "customer", "currency")
        }
        return SentRecord(
            **texts,  # type: ignore[arg-type]
            documents=documents,
            attempt=int(raw.get("attempt", 1)),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _key(kind: str, name: str) -> str:
    return hashlib.sha256(f"{kind}\0{name}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
