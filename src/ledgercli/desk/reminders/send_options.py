"""What sending needs from outside: where to record, how to wait, whom to tell."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import field
from pathlib import Path

from ledgercli.books.sent_log import state_folder
from ledgercli.model.record import dataclass
from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.channel import Channel

Opener = Callable[[str, Mail, Mapping[str, str], Path], AbstractContextManager[Channel]]


@dataclass(frozen=True, slots=True)
class SendOptions:
    """What sending needs from outside. ``state`` None keeps no second record.

    ``progress`` is told how many letters of how many are done.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    state: Path | None = None
    trusted: bool = True
    commit: bool = False
    opener: Opener | None = None
    sleep: Callable[[float], None] = time.sleep
    progress: Callable[[int, int], None] | None = None


def send_options(
    environment: Mapping[str, str],
    *,
    trusted: bool,
    commit: bool,
    progress: Callable[[int, int], None] | None = None,
) -> SendOptions:
    """Return the options of a real run: the second record is where ``environment`` says."""
    state = state_folder(environment)
    return SendOptions(environment, state, trusted=trusted, commit=commit, progress=progress)
