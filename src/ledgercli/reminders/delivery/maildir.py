"""The channel ``maildir:PATH``: letters in a mail folder that mail programs read.

Files are written as all others are, and not by ``mailbox.Maildir``: that neither flushes the name
of a new file to the disk nor cleans up when the disk is full.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.sentence import Sentence
from ledgercli.reminders.delivery.channel import Circumstances
from ledgercli.reminders.delivery.email_form import email_of
from ledgercli.reminders.delivery.errors import TargetError
from ledgercli.reminders.delivery.message import Message
from ledgercli.reminders.delivery.reply import shown_error
from ledgercli.reminders.delivery.sender import sender_of
from ledgercli.reminders.delivery.target import put, shown, target_folder, unwritable

_FOLDERS = ("cur", "new", "tmp")
#: Our header blocks are far smaller; other people's letters need not be read to the end.
HEADER_BYTES_MAX = 16384
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
_HEADER_END = re.compile(rb"\r?\n\r?\n")


@contextmanager
def open_maildir(target: str, circumstances: Circumstances) -> Iterator[MaildirChannel]:
    """Yield the channel; a folder that does not exist is made with the first letter."""
    sender_of(circumstances.mail)
    folder = target_folder(target, circumstances)
    present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if present and not present.intersection(_FOLDERS):
        raise TargetError(path=target, reason=Sentence(N_("it is no Maildir")))
    yield MaildirChannel(folder, circumstances)


class MaildirChannel:
    """Stores letters in a Maildir, no message id twice."""

    def __init__(self, folder: Path, circumstances: Circumstances) -> None:
        """Store in ``folder``; what is there is looked at with the first letter."""
        self._folder = folder
        self._circumstances = circumstances
        self._known: set[str] | None = None

    def deliver(self, message: Message) -> str:
        """Store ``message``; return the name of its folder."""
        content = email_of(message).replace(b"\r\n", b"\n")
        receipt = shown(self._folder, self._circumstances)
        try:
            known = self._opened()
        except OSError as error:
            raise unwritable(receipt, shown_error(error)) from None
        if message.message_id not in known:
            # A unique name without a colon is all that readers want; ours is never made twice.
            digest = hashlib.sha256(message.message_id.encode()).hexdigest()[:32]
            name = f"{int(message.date.timestamp())}.{digest}.ledgercli"
            put(self._folder / "new" / name, content, self._circumstances)
            known.add(message.message_id)
        return receipt

    def _opened(self) -> set[str]:
        """Return the message ids in the folder, which is made where it is missing."""
        if self._known is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            for name in _FOLDERS:
                (self._folder / name).mkdir(mode=0o700, exist_ok=True)
            self._known = set(_known_ids(self._folder))
        return self._known


def _known_ids(folder: Path) -> Iterator[str]:
    """Yield the message ids of what was stored; a mail program may have moved it to ``cur``."""
    for name in ("new", "cur"):
        for path in (folder / name).iterdir():
            try:
                with path.open("rb") as file:
                    head = _HEADER_END.split(file.read(HEADER_BYTES_MAX), maxsplit=1)[0]
            except (FileNotFoundError, IsADirectoryError):  # just moved by a mail program
                continue
            if not path.name.startswith(".") and (found := _MESSAGE_ID.search(head)):
                yield found[1].decode("ascii", "replace")
