"""Marks texts for translation without translating them."""

#: As gettext has it between a context and its text.
CONTEXT_END = "\x04"


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Return ``text``: only a mark for the extraction of messages."""
    return text


def NC_(context: str, text: str) -> str:  # noqa: N802 - see above
    """Return ``text`` marked with what it means where other languages have several words for it.

    Catalogues keep it by context and text, with the character between them that this returns.
    """
    return f"{context}{CONTEXT_END}{text}"
