"""The text of a letter's template, as the files' room reads it and the reminders' room uses it."""

from __future__ import annotations

from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class TemplateText:
    """The text of a template; ``file`` names it to people, relative to the books."""

    text: str
    file: str
