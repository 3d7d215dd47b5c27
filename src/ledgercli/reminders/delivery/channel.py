"""The channels of delivery: one table from name to module, loaded when used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import field
from importlib import import_module
from pathlib import Path
from typing import Protocol

from ledgercli.model.mail_values import is_channel, known_channels
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.errors import (
    ChannelError,
    DeliveryError,
    UnknownChannelError,
    UntrustedChannelError,
)
from ledgercli.reminders.delivery.message import Message

__all__ = ["CHANNELS", "Channel", "ChannelError", "DeliveryError", "Files", "open_channel"]

#: Name → "module:function"; each takes what follows the colon, and the circumstances.
CHANNELS: Mapping[str, str] = {
    "email": "ledgercli.reminders.delivery.smtp:open_smtp",
    "post": "ledgercli.reminders.delivery.post:open_post",
    "maildir": "ledgercli.reminders.delivery.maildir:open_maildir",
    "dir": "ledgercli.reminders.delivery.folder:open_folder",
    "command": "ledgercli.reminders.delivery.command:open_command",
}


class Files(Protocol):
    """How channels write; the module ``ledgercli.books.files`` is one, and the desk hands it on."""

    def inside(self, root: Path, relative: str | Path, /) -> Path:
        """Return ``root / relative``; raise if that leads out of ``root``."""
        ...

    def write_atomic(self, path: Path, data: bytes | str, /) -> None:
        """Write ``data`` to ``path``, all or nothing; raise if that cannot be done."""
        ...


class Channel(Protocol):
    """What takes letters to customers."""

    def deliver(self, message: Message) -> str:
        """Hand over ``message`` and return a receipt: one line of text for the record.

        Raise :class:`~ledgercli.reminders.delivery.errors.DeliveryError` if it was not taken.
        """
        ...


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What channels know of the world. ``root`` is the folder of the books."""

    mail: Mail
    environment: Mapping[str, str] = field(repr=False)  # it may hold the password
    root: Path
    files: Files


def channel_name(spec: str) -> str:
    """Return the name of the channel ``spec``: ``maildir`` of ``maildir:out``.

    Raise UnknownChannelError where there is none such, or a target is missing or too much.
    """
    if not is_channel(spec):
        raise UnknownChannelError(channel=spec, known=known_channels())
    return spec.partition(":")[0]


def open_channel(
    spec: str,
    mail: Mail,
    environment: Mapping[str, str],
    root: Path,
    *,
    files: Files,
    trusted: bool = True,
) -> AbstractContextManager[Channel]:
    """Return the channel ``spec`` (``email``, ``maildir:PATH`` …), to be used in ``with``.

    Opening it checks settings, but connects to nobody: that happens at the first letter. Leaving
    it finishes what is collected, such as the file to print; a failure then raises DeliveryError,
    and opening it another time finishes it. Books that are not ``trusted`` may not name programs.
    Raise ChannelError where settings make the channel impossible.
    """
    name = channel_name(spec)
    runs_program = name == "command" or (name == "email" and mail.smtp.password_command)
    if runs_program and not trusted:
        raise UntrustedChannelError(channel=spec)
    module, _, function = CHANNELS[name].partition(":")
    opener: Callable[[str, Circumstances], AbstractContextManager[Channel]]
    opener = getattr(import_module(module), function)
    target = spec.partition(":")[2].strip()
    return opener(target, Circumstances(mail, environment, root, files))
