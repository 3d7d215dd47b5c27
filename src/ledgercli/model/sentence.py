"""A text in English that keeps its message id and values, to be said in another language later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Sentence(str):
    """The English text ``message`` filled with ``values``; ``message`` is a message id.

    It compares, sorts and prints as that text, so a finding may carry it like any other value.
    ``output`` says it in the language of the user.
    """

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, str]

    def __new__(cls, message: str, **values: str) -> Self:
        """Return the filled text."""
        text = super().__new__(cls, message.format(**values) if values else message)
        text.message = message
        text.values = values
        return text


class WrongValueError(ValueError):
    """A text that spells no value of its kind; ``reason`` says why."""

    def __init__(self, message: str, **values: str) -> None:
        """Keep the reason: a message id (marked ``N_``) and its values."""
        self.reason = Sentence(message, **values)
        super().__init__(self.reason)


def reason_of(error: ValueError) -> str:
    """Return what is wrong, as a :class:`Sentence` where the error has one."""
    return error.reason if isinstance(error, WrongValueError) else str(error)
