"""Why a faster way of reading the books was not taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the store, or the proof of a ledger, did not answer.

    ``reason`` is a message id, ``values`` fill its placeholders. ``file`` is an absolute path and
    ``line`` a line in it, "" and 0 where it is about no file.
    """

    reason: str
    values: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    line: int = 0
