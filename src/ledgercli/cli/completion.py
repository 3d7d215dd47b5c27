"""The script that makes a shell complete the commands of this program."""

from __future__ import annotations

from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.completing import SHELLS
from ledgercli.cli.option_values import one_of
from ledgercli.cli.session import Session
from ledgercli.cli.streams import write_stdout
from ledgercli.model.catalogue.mark import N_


@command(
    N_(
        "Print the script by which a shell completes commands, options, and the ids, numbers and"
        " tags of the books.\n\n"
        "The installed package brings it where bash, zsh and fish look for it, if it is installed"
        " for the whole system; else let your shell read it at its start."
    ),
    examples=(
        'eval "$(ledgercli completion bash)"',
        "ledgercli completion fish > ~/.config/fish/completions/ledgercli.fish",
    ),
)
def completion(
    session: Session,  # noqa: ARG001 - every command gets it
    *,
    shell: Annotated[
        str,
        typer.Argument(
            metavar="SHELL", parser=one_of(SHELLS), help=N_("bash, zsh, fish or powershell.")
        ),
    ],
) -> int:
    """Print the script."""
    from ledgercli.cli.completing import script

    write_stdout(script(shell) + "\n")
    return 0
