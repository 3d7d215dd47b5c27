"""Options of the program as a whole, accepted before and after the command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.record import dataclass

WITH_VALUE = ("--books", "--ledger", "--receivable", "--lang")
FLAGS = ("--safe", "--verify", "--debug")


class OptionWithoutValueError(LedgercliError):
    """A global option stands at the end of the line."""

    message = N_("option `{option}` needs a value")
    hint = N_("`ledgercli --help` lists the options")


class UnknownLanguageError(LedgercliError):
    """``--lang`` names a language that has no catalogue."""

    message = N_("there are no texts in `{language}`")
    hint = N_("choose one of: {available}")


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """What the options of the program say; see :class:`ledgercli.desk.request.Request`."""

    books: Path | None = None
    ledger: Path | None = None
    receivable: tuple[str, ...] = ()
    safe: bool = False
    verify: bool = False


def hoist(arguments: Sequence[str]) -> list[str]:
    """Return ``arguments`` with the options of the program in front of everything else.

    What follows ``--`` stays where it is. Raise :class:`OptionWithoutValueError` where an option at
    the end lacks its value.
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = list(reversed(arguments))
    while waiting:
        argument = waiting.pop()
        if argument == "--":
            rest += [argument, *reversed(waiting)]
            break
        if argument in WITH_VALUE:
            if not waiting:
                raise OptionWithoutValueError(option=argument)
            front += [argument, waiting.pop()]
        elif argument in FLAGS or argument.partition("=")[0] in WITH_VALUE:
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def wants_debug(arguments: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Return whether tracebacks shall be shown: ``--debug`` or ``LEDGERCLI_DEBUG``."""
    before = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    return "--debug" in before or environment.get("LEDGERCLI_DEBUG", "") not in {"", "0"}
