"""What servers and the system say, as one harmless line."""

from __future__ import annotations

from ledgercli.reminders.delivery.plain import one_line

REPLY_MAX = 300


def shown_reply(text: bytes | str) -> str:
    """Return the text of a server's reply on one line, cut where it is very long."""
    known = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return one_line(known)[:REPLY_MAX]


def shown_error(error: Exception) -> str:
    """Return why something failed, in the words of the system or the library."""
    if isinstance(error, TimeoutError):
        return "timed out"
    text = str(getattr(error, "strerror", None) or error)
    return shown_reply(text) or type(error).__name__
