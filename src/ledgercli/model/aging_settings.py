"""How open items are aged, and the little of the settings that every command asks for."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration

Basis = Literal["due", "date"]


@dataclass(frozen=True, slots=True)
class AgingSettings:
    """How open items are aged. Upper bounds are inclusive; after the last one it is open."""

    basis: Basis = "due"
    buckets: tuple[Duration, ...] = (Duration(30), Duration(60), Duration(90))


@dataclass(frozen=True, slots=True)
class Brief:
    """What is asked of the settings at every start, so that the rest is read when it is needed."""

    language: str = ""
    timezone: str = ""
    aging: AgingSettings = field(default_factory=AgingSettings)
