"""Marks texts for translation without translating them."""


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Return ``text``: only a mark for the extraction of messages."""
    return text
