"""The program: language, options of the program, the command, and one place for what goes wrong."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from decimal import localcontext
from typing import TYPE_CHECKING

from ledgercli.cli.globals import UnknownLanguageError, hoist, wants_debug
from ledgercli.model.currency import CONTEXT
from ledgercli.model.errors import LedgercliError
from ledgercli.output import language

if TYPE_CHECKING:
    from ledgercli.cli.session import Session


def run(argv: Sequence[str]) -> int:
    """Run the program and return its exit code; nothing that users can cause escapes."""
    arguments = list(argv)
    debug = wants_debug(arguments, os.environ)
    try:
        # Sums of reports are as exact as those of the position that they are made from.
        with localcontext(CONTEXT):
            return _run(arguments, os.environ)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _mute_stdout()
        return 0
    except MemoryError:
        from ledgercli.cli.problems import out_of_memory

        return _fail(out_of_memory(), debug=debug)
    except Exception as error:  # noqa: BLE001 - the one place where everything is caught
        if not isinstance(error, LedgercliError) and _is_of_an_interrupt(error):
            return 130
        from ledgercli.cli.problems import describe

        if isinstance(error, OSError) and error.filename is None:
            _mute_stdout()
        code = error.exit_code if isinstance(error, LedgercliError) else 2
        return _fail(describe(error), debug=debug, code=code)


def _is_of_an_interrupt(error: BaseException | None) -> bool:
    """Return whether an error came of Ctrl-C: Python wraps it where it comes at an odd moment."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _run(arguments: list[str], environment: Mapping[str, str]) -> int:
    wanted = language.from_arguments(arguments)
    locale = language.from_environment(environment)
    language.install(wanted or locale or language.ORIGINAL)
    if wanted is not None and language.match(wanted) is None:
        raise UnknownLanguageError(language=wanted, available=", ".join(language.available()))

    from ledgercli.cli.session import begin

    said = bool(wanted or locale)
    session = begin(environment, language_said=said)
    if not said and not {"--help", "-h"}.isdisjoint(arguments):
        from ledgercli.cli.own_language import help_as_the_books

        help_as_the_books(session, arguments)
    try:
        return _command(hoist(arguments), environment, session)
    except (BrokenPipeError, MemoryError):
        raise
    except Exception as error:
        from ledgercli.cli.own_language import speak_as_the_books
        from ledgercli.cli.problems import is_usage_error

        # What is wrong with a value is said where it is found: it is to be found once more.
        if not speak_as_the_books(session, arguments) or not is_usage_error(error):
            raise
        return _command(hoist(arguments), environment, begin(environment, language_said=said))


def _command(hoisted: list[str], environment: Mapping[str, str], session: Session) -> int:
    """Run the command and return its exit code; its words are made in the language spoken now."""
    from ledgercli.cli import straight

    completing = "_LEDGERCLI_COMPLETE" in environment
    done = None if completing else straight.run(hoisted, session)
    if done is not None:
        return done

    import typer

    from ledgercli.cli.build import root_command

    root = root_command()
    if completing:
        from ledgercli.cli.completing import complete

        return complete(root, hoisted, session)
    # Not `root.main`: it would take a reader that has gone for exit code 1.
    try:
        with root.make_context("ledgercli", hoisted, obj=session) as context:
            code = root.invoke(context)
    except typer.Exit as ended:
        code = ended.exit_code
    return code if isinstance(code, int) else 0


def _fail(lines: str, *, debug: bool, code: int = 2) -> int:
    from ledgercli.cli.streams import write_stderr

    if debug:
        import traceback

        write_stderr(traceback.format_exc())
    write_stderr(lines)
    return code


def _mute_stdout() -> None:
    from ledgercli.cli.streams import mute_stdout

    mute_stdout()
