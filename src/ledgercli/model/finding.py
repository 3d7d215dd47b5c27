"""A finding: one thing wrong or worth a look in the user's files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from ledgercli.model.record import dataclass

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where: ``file`` relative to the books, ``line`` and ``column`` from 1, 0 where unknown."""

    file: str = ""
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class FindingCode:
    """A kind of finding. ``message`` and ``hint`` are templates for the values of a finding.

    Both are English message ids of the translation catalogues, ``{name}`` standing for a value.
    ``explanation`` is the paragraph of the reference page.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; ``values`` fill its code's templates, ``customer`` is the id it concerns."""

    kind: FindingCode
    values: Mapping[str, str] = field(default_factory=dict)
    place: Place = field(default_factory=Place)
    customer: str = ""

    @property
    def code(self) -> str:
        """Return the code, as in ``check CODE``."""
        return self.kind.code

    @property
    def severity(self) -> Severity:
        """Return how bad it is: ``error``, ``warning`` or ``info``."""
        return self.kind.severity

    @property
    def order(self) -> tuple[str, int, int, str, tuple[tuple[str, str], ...]]:
        """Return the key by which findings are listed: place, then code."""
        place = self.place
        values = tuple(sorted(self.values.items()))
        return (place.file, place.line, place.column, self.code, values)
