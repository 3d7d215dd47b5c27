"""One word or several, any of which fits."""

from __future__ import annotations

from typing import Self

from ledgercli.model.customer import fold
from ledgercli.model.record import dataclass
from ledgercli.model.values import Parsed, text_of


@dataclass(frozen=True, slots=True)
class AnyOf(Parsed):
    """One word or several, any of which fits; upper and lower case are the same."""

    words: tuple[str, ...] = ()

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the words of a text, or of a list of texts."""
        words = raw if isinstance(raw, list) else [raw]
        return cls(tuple(text_of(word) for word in words))

    def fits(self, *texts: str) -> bool:
        """Return whether any of ``texts`` is one of the words."""
        known = {fold(word) for word in self.words}
        return any(fold(text) in known for text in texts)
