"""Run the program as ``python -m ledgercli``."""

from ledgercli.cli import command

command()
