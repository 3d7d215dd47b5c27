"""The language of the books for help, and for what went wrong before they were opened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledgercli.cli.globals import GlobalOptions
from ledgercli.cli.session import Session, with_options
from ledgercli.model.errors import LedgercliError
from ledgercli.output import language


def speak_as_the_books(session: Session, arguments: Sequence[str]) -> bool:
    """Speak the language that the settings of the books name; tell whether that is a change.

    Nothing happens where the user said a language, or where the books cannot be found. The command
    line may be wrong, so that its ``arguments`` are looked through for what names the books.
    """
    if session.language_said:
        return False
    from ledgercli.desk.customers.record_books import open_record_books

    with_options(session, GlobalOptions(books=_named(arguments, "--books")))
    try:
        wanted = open_record_books(session.request()).language
    except (LedgercliError, OSError, RuntimeError):
        return False
    before = language.language()
    return bool(wanted) and language.install(wanted) != before


def help_as_the_books(session: Session, arguments: Sequence[str]) -> None:
    """Speak the language of the books for a help text; only a glance is taken at them."""
    from ledgercli.desk.glancing import language_at_a_glance

    wanted = language_at_a_glance(_named(arguments, "--books"), session.environment, session.start)
    if wanted:
        language.install(wanted)


def _named(arguments: Sequence[str], option: str) -> Path | None:
    """Return the path that the last ``option`` names before ``--``, None where none does."""
    found: Path | None = None
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == option and index + 1 < len(arguments):
            found = Path(arguments[index + 1])
        elif argument.startswith(f"{option}="):
            found = Path(argument.partition("=")[2])
    return found
