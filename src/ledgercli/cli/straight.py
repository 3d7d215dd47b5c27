"""Plain lines of the reports that are asked most often, read without Typer.

To load Typer and build a command takes a third of the time of a short report. So a line is read
here first, by the same declarations, and where there is nothing else to it than options with good
values, its command is called at once. All other lines are left to Typer: those that ask for help,
have an argument, or have something wrong about them, which it then says.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from ledgercli.cli.globals import FLAGS, WITH_VALUE, GlobalOptions
from ledgercli.cli.parameters import Declared

if TYPE_CHECKING:
    from ledgercli.cli.command import Parameter
    from ledgercli.cli.session import Session

#: Where these commands are, as in the table of commands (``tree``), which need not be loaded.
TARGETS = {
    "aging": "reports:aging",
    "balances": "reports:balances",
    "items": "reports:items",
    "limits": "reports:limits",
    "payments": "reports:payments",
}
_PATHS = (Path, Path | None)
_TEXTS = (str, str | None)
_LISTS = (list[str], list[str] | None)


class NotPlainError(Exception):
    """A line is to be read by Typer."""


def run(arguments: Sequence[str], session: Session) -> int | None:
    """Run the command of a plain line and return its exit code; None where Typer is to read it.

    ``arguments`` begin with the options of the program. Nothing is written before the whole line
    is known to be right.
    """
    try:
        options, name, rest = _program(arguments)
        module, _colon, attribute = TARGETS[name].partition(":")
        function = getattr(import_module(f"ledgercli.cli.{module}"), attribute)
        given = values(function.parameters(), rest)
    except (NotPlainError, KeyError):
        return None
    from ledgercli.cli.session import with_options

    with_options(session, options)
    waiting: list[Callable[[], object]] = []
    session.later = waiting.append
    try:
        code: int = function.call(session, given)
    except Exception as error:
        # Typer tells which option of which command it is about.
        if type(error).__module__.partition(".")[0] == "typer":
            with_options(session, GlobalOptions())
            return None
        raise
    finally:
        session.later = None
        for wait in waiting:
            wait()
    return code


def _program(arguments: Sequence[str]) -> tuple[GlobalOptions, str, list[str]]:
    """Return the options of the program, the name of the command, and what follows it.

    Raise NotPlainError for anything else.
    """
    given: dict[str, list[str]] = {}
    waiting = iter(arguments)
    for argument in waiting:
        if argument in FLAGS:
            given[argument] = [""]
            continue
        option, equals, value = argument.partition("=")
        if option not in WITH_VALUE:
            break
        given.setdefault(option, []).append(value if equals else _next(waiting))
    else:
        raise NotPlainError
    if any(len(texts) > 1 for option, texts in given.items() if option != "--receivable"):
        raise NotPlainError
    books, ledger = (
        _path(given[option][0]) if option in given else None for option in ("--books", "--ledger")
    )
    receivable = tuple(map(_text, given.get("--receivable", ())))
    options = GlobalOptions(books, ledger, receivable, "--safe" in given, "--verify" in given)
    return options, argument, list(waiting)


def values(parameters: Sequence[Parameter], arguments: Sequence[str]) -> Mapping[str, Any]:
    """Return the value of each of ``parameters`` as ``arguments`` and defaults say.

    Raise NotPlainError for a line that has anything but options with good values.
    """
    by_name = dict(_named(parameters))
    typed: dict[str, list[str]] = {}
    waiting = iter(arguments)
    for argument in waiting:
        option, equals, value = argument.partition("=")
        if option not in by_name or (equals and not option.startswith("--")):
            raise NotPlainError
        parameter = by_name[option]
        texts = typed.setdefault(parameter.name, [])
        if _kind(parameter) is bool:
            if equals:
                raise NotPlainError
            texts.append("")
        else:
            texts.append(value if equals else _next(waiting))
    given = {}
    for parameter in parameters:
        if parameter.name in typed:
            given[parameter.name] = _value(parameter, typed[parameter.name])
        elif parameter.default is ...:
            raise NotPlainError
        else:
            given[parameter.name] = parameter.default
    return given


def _named(parameters: Sequence[Parameter]) -> Iterator[tuple[str, Parameter]]:
    """Yield the options by the names that are typed."""
    for parameter in parameters:
        declared = _declared(parameter)
        if declared.is_option:
            own = (f"--{parameter.name.replace('_', '-')}",)
            for name in declared.names or own:
                yield name, parameter


def _declared(parameter: Parameter) -> Declared:
    annotation = parameter.annotation
    if get_origin(annotation) is Annotated:
        for one in annotation.__metadata__:
            if isinstance(one, Declared):
                return one
    raise NotPlainError


def _kind(parameter: Parameter) -> Any:  # noqa: ANN401 - a type
    return get_args(parameter.annotation)[0]


def _value(parameter: Parameter, texts: Sequence[str]) -> Any:  # noqa: ANN401 - any value
    """Return the value of an option that was typed with ``texts``."""
    kind, parser = _kind(parameter), _declared(parameter).parser
    read: Callable[[str], Any]
    if kind is bool:
        return True
    if parser is not None:
        read = parser
    elif kind in _PATHS:
        read = _path
    elif kind in _TEXTS or kind in _LISTS:
        read = _text
    else:
        raise NotPlainError
    try:
        found = [read(_text(text)) for text in texts]
    except Exception as error:
        # Typer reads it once more and says what is wrong.
        raise NotPlainError from error
    if kind in _LISTS:
        return found
    if len(found) > 1:
        raise NotPlainError
    return found[0]


def _next(waiting: Iterator[str]) -> str:
    value = next(waiting, "")
    if value.startswith("-") and value != "-":
        raise NotPlainError
    return value


def _text(text: str) -> str:
    if not text:
        raise NotPlainError
    return text


def _path(text: str) -> Path:
    """Return a path; one that is there and cannot be read is for Typer to refuse."""
    if not text or (os.path.exists(text) and not os.access(text, os.R_OK)):  # noqa: PTH110
        raise NotPlainError
    return Path(text)
