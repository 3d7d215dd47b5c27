"""What an answer is printed on."""

from __future__ import annotations

from ledgercli.model.record import dataclass

WIDTH = 80


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed on: its width in columns, whether it is a terminal, and its characters."""

    width: int = WIDTH
    terminal: bool = False
    ascii_only: bool = False

    @property
    def rule(self) -> str:
        """Return the character of horizontal lines."""
        return "-" if self.ascii_only else "─"

    @property
    def ellipsis(self) -> str:
        """Return the mark of a shortened text."""
        return "..." if self.ascii_only else "…"
