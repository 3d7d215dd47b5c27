"""The channel ``dir:PATH``: each letter a file ``.eml``, which mail programs open."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from ledgercli.reminders.delivery.channel import Circumstances
from ledgercli.reminders.delivery.email_form import email_of
from ledgercli.reminders.delivery.message import Message
from ledgercli.reminders.delivery.plain import file_stem
from ledgercli.reminders.delivery.sender import sender_of
from ledgercli.reminders.delivery.target import put, shown, target_folder


@contextmanager
def open_folder(target: str, circumstances: Circumstances) -> Iterator[FolderChannel]:
    """Yield the channel; the folder is made with the first letter."""
    sender_of(circumstances.mail)
    yield FolderChannel(target_folder(target, circumstances), circumstances)


class FolderChannel:
    """Writes letters into a folder. A repeat finds its file, and writes the same again."""

    def __init__(self, folder: Path, circumstances: Circumstances) -> None:
        """Write to ``folder``."""
        self._folder = folder
        self._circumstances = circumstances

    def deliver(self, message: Message) -> str:
        """Write ``message``; return the path of the file."""
        content = email_of(message)
        path = self._folder / file_name(message)
        put(path, content, self._circumstances)
        return shown(path, self._circumstances)


def file_name(message: Message, suffix: str = ".eml") -> str:
    """Return a file name for ``message``, the same for the same message id and for no other."""
    digest = hashlib.sha256(message.message_id.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    stem = file_stem(PurePosixPath(message.letter).name or message.customer)
    return f"{stem}-{digest}{suffix}"
