"""The channel ``post``: the letters of a day as one file to print.

A letter counts as delivered once it stands in the waiting folder, on the disk. The file to print is
made of that folder when the channel is closed, or by the next run if this one dies before. Letters
without PDF, or all of them where the extra ``pdf`` is missing, are files to print one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.sentence import Sentence
from ledgercli.reminders.delivery.channel import Circumstances
from ledgercli.reminders.delivery.errors import ChannelError, DeliveryError, PrintFileError
from ledgercli.reminders.delivery.folder import file_name
from ledgercli.reminders.delivery.message import Attachment, Message
from ledgercli.reminders.delivery.plain import clean_text
from ledgercli.reminders.delivery.reply import shown_error
from ledgercli.reminders.delivery.target import put, shown

LETTERS = "letters"
PRINT_FILE = "to-print.pdf"
#: Letters that have no part in the file to print.
SINGLE_FOLDER = "to-print"
WAITING_FOLDER = ".to-print"
_PDF = "application/pdf"


@contextmanager
def open_post(_target: str, circumstances: Circumstances) -> Iterator[PostChannel]:
    """Yield the channel; leaving it makes the files to print, also those a dead run left behind."""
    channel = PostChannel(circumstances)
    try:
        yield channel
    except BaseException:
        with suppress(ChannelError):
            channel.finish()
        raise
    channel.finish()


class PostChannel:
    """Collects letters for the printer."""

    def __init__(self, circumstances: Circumstances) -> None:
        """Collect in the folder of letters."""
        self._circumstances = circumstances
        self._can_merge = _has_pypdf()

    def deliver(self, message: Message) -> str:
        """Keep ``message`` for the printer; return the file that it will be in."""
        day = f"{LETTERS}/{message.date.date().isoformat()}"
        letters = [each for each in message.attachments if each.media_type == _PDF]
        try:
            single = self._path(f"{day}/{SINGLE_FOLDER}/{file_name(message, '')}")
            waiting = self._path(f"{day}/{WAITING_FOLDER}/{file_name(message, '.pdf')}")
        except LedgercliError as error:
            raise DeliveryError(
                Sentence(error.message, **error.values), temporary=True, whole_channel=True
            ) from None
        if not letters:
            return self._put_single(single, ".txt", clean_text(message.text).encode())
        if not self._can_merge:
            numbers = ["", *(f"-{number}" for number in range(2, len(letters) + 1))]
            for number, letter in zip(numbers, letters, strict=True):
                self._put_single(single, f"{number}.pdf", letter.content)
            return shown(single.with_name(f"{single.name}.pdf"), self._circumstances)
        put(waiting, _section(message, letters), self._circumstances)
        return f"{day}/{PRINT_FILE}"

    def finish(self) -> None:
        """Make the files to print of what waits; raise PrintFileError, then it still waits."""
        if not self._can_merge:
            return
        for waiting in sorted((self._circumstances.root / LETTERS).glob(f"*/{WAITING_FOLDER}")):
            self._finish_day(waiting)

    def _finish_day(self, waiting: Path) -> None:
        from ledgercli.reminders.delivery.print_file import merged

        target = f"{LETTERS}/{waiting.parent.name}/{PRINT_FILE}"
        parts = sorted(waiting.glob("*.pdf"))
        try:
            path = self._path(target)
            before = [path.read_bytes()] if path.exists() else []
            contents = [*before, *(part.read_bytes() for part in parts)]
            if parts:
                duplex = self._circumstances.mail.post.duplex
                self._circumstances.files.write_atomic(path, merged(contents, duplex=duplex))
            for part in parts:
                part.unlink()
            with suppress(OSError):  # something else is in it: not ours
                waiting.rmdir()
        except LedgercliError as error:
            reason = error.values.get("reason", str(error))
            raise PrintFileError(path=target, reason=reason) from None
        except (OSError, ValueError) as error:
            reason = shown_error(error)
            raise PrintFileError(path=target, reason=reason) from None

    def _path(self, relative: str) -> Path:
        return self._circumstances.files.inside(self._circumstances.root, relative)

    def _put_single(self, stem: Path, suffix: str, content: bytes) -> str:
        path = stem.with_name(stem.name + suffix)
        put(path, content, self._circumstances)
        return shown(path, self._circumstances)


def _section(message: Message, letters: list[Attachment]) -> bytes:
    """Return the PDFs of a letter as one, which says whose it is."""
    from ledgercli.reminders.delivery.print_file import section

    try:
        return section(message.letter, [letter.content for letter in letters])
    except ValueError as error:
        wrong = N_("the letter is no PDF that can be printed: {reason}")
        raise DeliveryError(Sentence(wrong, reason=str(error)[:200])) from None


def _has_pypdf() -> bool:
    from importlib.util import find_spec

    return find_spec("pypdf") is not None
