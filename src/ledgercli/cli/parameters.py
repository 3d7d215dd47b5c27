"""How options are declared, without Typer, which is loaded only where it reads the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledgercli.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Declared:
    """An option with its ``names`` as typed (else that of the parameter), or an argument.

    ``metavar`` stands for its value, ``help`` is a message id; ``parser`` makes the value of what
    was typed, or raises.
    """

    names: tuple[str, ...]
    metavar: str | None
    parser: Callable[[str], Any] | None
    help: str
    is_option: bool = True

    def for_typer(self) -> Any:  # noqa: ANN401 - Typer's class, which is not loaded here
        """Return it as Typer takes it."""
        import typer

        made = typer.Option if self.is_option else typer.Argument
        return made(*self.names, metavar=self.metavar, parser=self.parser, help=self.help)


def option(
    *names: str,
    metavar: str | None = None,
    parser: Callable[[str], Any] | None = None,
    help: str,  # noqa: A002 - as Typer calls it
) -> Declared:
    """Return an option, see :class:`Declared`."""
    return Declared(names, metavar, parser, help)


def argument(*, metavar: str, help: str) -> Declared:  # noqa: A002 - as Typer calls it
    """Return an argument, see :class:`Declared`."""
    return Declared((), metavar, None, help, is_option=False)


def wrong_value(message: str, param_hint: str | None = None) -> Exception:
    """Return Typer's error about the value of a parameter, to be raised."""
    import typer

    return typer.BadParameter(message, param_hint=param_hint)
