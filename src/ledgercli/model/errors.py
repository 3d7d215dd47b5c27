"""Why the program cannot go on: one class per situation, exit code and message on the class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgercli.model.catalogue.mark import N_

if TYPE_CHECKING:
    from ledgercli.model.finding import Finding


class LedgercliError(Exception):
    """The base of every error that ends a run with one line for the user.

    ``message`` and ``hint`` are message ids with ``{name}`` for a value; ``values`` fill them.
    ``findings`` are what may be the cause; they are told first.
    """

    exit_code = 2
    message = "{reason}"
    hint = ""
    findings: tuple[Finding, ...] = ()

    def __init__(self, **values: object) -> None:
        """Keep the values that fill the message and the hint."""
        self.values = {
            name: value if isinstance(value, str) else str(value) for name, value in values.items()
        }
        super().__init__(self.message.format(**self.values))


class MissingExtraError(LedgercliError):
    """The base of errors about a library that is not installed; ``extra`` is what brings it.

    ``{install}`` of the hint is the command that adds it, which depends on the installation.
    """

    extra = ""
    hint = N_("`{install}` adds it")


class AmountError(LedgercliError):
    """The base of errors that tell amounts: these stay what they are, to be written as anywhere."""

    def __init__(self, **values: object) -> None:
        """Keep the values; what is no text is worded in the language of the user."""
        texts = {
            name: ", ".join(map(str, value)) if isinstance(value, tuple) else value
            for name, value in values.items()
        }
        super().__init__(**texts)
        self.amounts = {name: value for name, value in values.items() if not isinstance(value, str)}
