"""Values of the settings of delivery that users write as words: commands, paces, seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Parsed, text_of

#: The channels of letters, and what follows the colon of those that have one.
CHANNELS: Mapping[str, str] = {
    "email": "",
    "post": "",
    "maildir": "PATH",
    "dir": "PATH",
    "command": "PROGRAM",
}
_PACE = re.compile(r"(\d{1,6})\s*(?:per|/|a|an)\s*(second|minute|hour)", re.ASCII)
_SECONDS_PER = {"second": 1, "minute": 60, "hour": 3600}
_TIME = re.compile(r"(\d{1,5})\s*(s|seconds?|m|minutes?)?", re.ASCII)


def is_channel(spec: str) -> bool:
    """Return whether ``spec`` names a channel, with a target where it has one."""
    name, colon, target = spec.partition(":")
    if not CHANNELS.get(name):
        return name in CHANNELS and not colon
    return bool(target.strip())


def known_channels() -> str:
    """Return the channels as users write them."""
    return ", ".join(
        f"`{name}:{target}`" if target else f"`{name}`" for name, target in CHANNELS.items()
    )


@dataclass(frozen=True, slots=True)
class Words(Parsed):
    """A program and its arguments; no shell ever sees them."""

    words: tuple[str, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the words of a list, or of one line quoted as for a shell."""
        import shlex

        if isinstance(raw, list):
            words = tuple(text_of(word) for word in raw)
        else:
            try:
                words = tuple(shlex.split(text_of(raw)))
            except ValueError:
                wrong = N_("`{text}` has a quotation mark without its partner")
                raise WrongValueError(wrong, text=text_of(raw)[:40]) from None
        if not words or not words[0] or any("\0" in word for word in words):
            raise WrongValueError(N_("expected a program and its arguments"))
        return cls(words)

    def __str__(self) -> str:
        """Return the line that spells the words."""
        import shlex

        return shlex.join(self.words)


@dataclass(frozen=True, slots=True)
class Pace(Parsed):
    """At most ``count`` messages in ``seconds`` seconds, evenly spaced."""

    count: int
    seconds: int

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the pace of ``30 per minute``, ``1 per second`` or ``500 per hour``."""
        text = " ".join(text_of(raw).lower().split())
        found = _PACE.fullmatch(text)
        if not found or int(found[1]) == 0:
            raise WrongValueError(N_("`{text}` is not a pace such as `30 per minute`"), text=text)
        return cls(int(found[1]), _SECONDS_PER[found[2]])

    @property
    def interval_seconds(self) -> float:
        """Return the seconds between two messages."""
        return self.seconds / self.count

    def __str__(self) -> str:
        """Return the pace as a user writes it."""
        unit = next(unit for unit, seconds in _SECONDS_PER.items() if seconds == self.seconds)
        return f"{self.count} per {unit}"


@dataclass(frozen=True, slots=True)
class Seconds(Parsed):
    """How long to wait for an answer."""

    count: int

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the time of ``30 seconds``, ``30`` or ``2 minutes``; it cannot be zero."""
        text = text_of(raw).lower()
        found = _TIME.fullmatch(text)
        if not found or int(found[1]) == 0:
            wrong = N_("`{text}` is not a time such as `30 seconds` or `2 minutes`")
            raise WrongValueError(wrong, text=text[:40])
        return cls(int(found[1]) * (60 if (found[2] or "s").startswith("m") else 1))

    def __str__(self) -> str:
        """Return the time as a user writes it."""
        return f"{self.count} seconds"
