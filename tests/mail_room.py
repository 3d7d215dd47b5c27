"""A channel for tests: it keeps what it takes, and fails as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.model.sentence import Sentence
from ledgercli.model.settings import Mail
from ledgercli.reminders.delivery.channel import Channel, DeliveryError
from ledgercli.reminders.delivery.message import Message


@dataclass
class MailRoom:
    """What has been delivered, in order. ``fails`` is asked before a letter is taken.

    ``after`` is asked once it is taken: what it raises comes too late.
    """

    taken: list[Message] = field(default_factory=list)
    fails: Callable[[Message], DeliveryError | None] = lambda _message: None
    after: Callable[[Message], DeliveryError | None] = lambda _message: None
    opened: list[str] = field(default_factory=list)

    @contextmanager
    def open(
        self, spec: str, _mail: Mail, _environment: Mapping[str, str], _root: Path
    ) -> Iterator[Channel]:
        """Yield the room as a channel, whatever it is called."""
        self.opened.append(spec)
        yield self

    def deliver(self, message: Message) -> str:
        """Take a letter, or fail."""
        if error := self.fails(message):
            raise error
        self.taken.append(message)
        if error := self.after(message):
            raise error
        return f"taken {len(self.taken)}"

    def options(self, state: Path | None = None, *, commit: bool = False) -> SendOptions:
        """Return options that send to this room."""
        return SendOptions(opener=self.open, state=state, commit=commit, sleep=lambda _s: None)

    @property
    def letters(self) -> list[tuple[str, str]]:
        """Return customer and message id of what was taken."""
        return [(message.customer, message.message_id) for message in self.taken]


def failure(
    reason: str, *, temporary: bool = False, uncertain: bool = False, whole: bool = False
) -> DeliveryError:
    """Return what a channel raises."""
    return DeliveryError(
        Sentence(reason), temporary=temporary, uncertain=uncertain, whole_channel=whole
    )
