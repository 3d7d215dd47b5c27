"""Typer commands from the table of commands, each built when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from ledgercli.cli import help as help_texts
from ledgercli.cli.command import Parameter, with_parameters
from ledgercli.cli.globals import GlobalOptions
from ledgercli.cli.session import Session, with_options
from ledgercli.cli.tree import COMMANDS, Branch, Leaf
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _

if TYPE_CHECKING:
    from ledgercli.model.answer import Answer

_SETTINGS: dict[str, Any] = {"help_option_names": ["--help", "-h"]}


class Command(TyperCommand):
    """A command whose help is translated; ``examples`` stand below the options."""

    examples: tuple[str, ...] = ()

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's types
        """Write the help of the command."""
        parameters = self.get_params(ctx)
        lines = [help_texts.usage(ctx.command_path, self.collect_usage_pieces(ctx))]
        lines += help_texts.paragraphs(_(str(self.help)))
        for heading, kind in ((N_("Arguments:"), "argument"), (N_("Options:"), "option")):
            rows = help_texts.parameter_rows(parameters, ctx, kind)
            lines += help_texts.definitions(_(heading), rows)
        if self.examples:
            lines += ["", _("Examples:"), *(f"  {line}" for line in self.examples)]
        lines += ["", _("Options of the program, such as `--books`: `ledgercli --help`")]
        formatter.write("\n".join(lines))

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:  # noqa: ANN401 - Typer's types
        """Return the options that begin as typed, those of the program too."""
        root = ctx.find_root()
        shared: list[Any] = root.command.own_options(root, incomplete)
        return [*super().shell_complete(ctx, incomplete), *shared]


class Group(TyperGroup):
    """A group whose commands are built when they are asked for; ``branch`` says which."""

    branch: Branch = COMMANDS

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - Typer's type
        """Return the names of the commands, in the order of the table."""
        further = _further(self.branch, ctx)
        return [*self.branch.commands, *(further.names(ctx.obj) if further else ())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - Typer's types
        """Return the command ``cmd_name``, None where there is none."""
        entry = self.branch.commands.get(cmd_name)
        if isinstance(entry, Branch):
            return _group(cmd_name, entry)
        further = None if entry else _further(self.branch, ctx)
        function = further.find(ctx.obj, cmd_name) if further else None
        if entry is None and function is None:
            return None
        command = as_command(cmd_name, function) if entry is None else copy(_leaf(cmd_name, entry))
        command.options_metavar = _("[OPTIONS]")
        if ctx.resilient_parsing:
            from ledgercli.cli.completing import attach

            attach(command, f"{ctx.command_path} {cmd_name}".partition(" ")[2])
        return command

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:  # noqa: ANN401 - Typer's types
        """Return the commands and options that begin as typed, from the table of commands."""
        from typer._click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=about.partition("\n")[0])
            for name, about in _described(self.branch, ctx)
            if name.startswith(incomplete)
        ]
        return commands + self.own_options(ctx, incomplete)

    def own_options(self, ctx: Any, incomplete: str) -> list[Any]:  # noqa: ANN401 - Typer's types
        """Return the group's own options that begin as typed."""
        # The class between would build every command for the first line of its help.
        return super(TyperGroup, self).shell_complete(ctx, incomplete)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - Typer's types
        """Write the help of the group."""
        parameters = self.get_params(ctx)
        lines = [help_texts.usage(ctx.command_path, self.collect_usage_pieces(ctx))]
        lines += help_texts.paragraphs(_(self.branch.help))
        lines += help_texts.definitions(_("Commands:"), _described(self.branch, ctx))
        options = help_texts.parameter_rows(parameters, ctx, "option")
        lines += help_texts.definitions(_("Options:"), options)
        formatter.write("\n".join(lines))


def root_command() -> TyperGroup:
    """Return the program as Typer's command, with the options of the program."""
    root = copy(_group_of(_program))
    root.subcommand_metavar = _("COMMAND [ARGUMENTS]")
    root.options_metavar = _("[OPTIONS]")
    return root


def _app(*, no_args_is_help: bool = False) -> typer.Typer:
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=no_args_is_help,
    )


@cache
def _group_of(options: Callable[..., Any], *, alone: bool = False) -> Group:
    """Return the group whose options are the parameters of ``options``, worked out once.

    With ``alone`` these are called without a command too. What is run is a copy: it keeps the
    option for help as its first context names it.
    """
    app = _app(no_args_is_help=True)
    app.callback(
        cls=Group,
        context_settings=_SETTINGS,
        no_args_is_help=True,
        invoke_without_command=alone,
    )(options)
    group = typer.main.get_command(app)
    if not isinstance(group, Group):
        raise TypeError(type(group))
    return group


def _group(name: str, branch: Branch) -> TyperGroup:
    group = copy(_group_of(_listing(), alone=True) if branch.listed else _group_of(_nothing))
    group.name = name
    group.branch = branch
    group.subcommand_metavar = _("COMMAND [ARGUMENTS]")
    group.options_metavar = None
    return group


def _further(branch: Branch, ctx: Any) -> Any:  # noqa: ANN401 - Typer's type, and a module
    """Return the module with the commands that the books add, None where there is none."""
    if not branch.further or not isinstance(ctx.obj, Session):
        return None
    return import_module(f"ledgercli.cli.{branch.further}")


def _described(branch: Branch, ctx: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - Typer's type
    """Return the commands of a group with what they are about, those that the books add last."""
    further = _further(branch, ctx)
    added = further.descriptions(ctx.obj) if further else {}
    return [(name, _(entry.help)) for name, entry in branch.commands.items()] + list(added.items())


@cache
def _leaf(name: str, leaf: Leaf) -> TyperCommand:
    module, _colon, attribute = leaf.target.partition(":")
    return as_command(name, getattr(import_module(f"ledgercli.cli.{module}"), attribute))


def as_command(name: str, function: Any) -> TyperCommand:  # noqa: ANN401 - what `command` decorates
    """Return a decorated function as Typer's command."""
    app = _app()
    added = app.command(name, cls=Command, help=function.help_text, context_settings=_SETTINGS)
    added(with_parameters(function))
    command = typer.main.get_command(app)
    if not isinstance(command, Command):
        raise TypeError(type(command))
    command.examples = function.examples
    return command


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - as Typer calls it
    """Print the version and end the run."""
    if wanted:
        from ledgercli.cli.streams import write_version

        write_version()
        raise typer.Exit


def _nothing() -> None:
    """Stand in for the options that a group has none of."""


@cache
def _listing() -> Callable[..., int]:
    """Return the options of a group whose commands can be listed, and what they do."""
    from ledgercli.cli.options import OutputFile, ReportFormat, printing

    def listing(context: Any, listed: bool, **shown: Any) -> int:  # noqa: ANN401, FBT001 - Typer's
        if listed:
            from ledgercli.cli.printing import give

            raise typer.Exit(give(context.obj, _list_of(context), printing(**shown)))
        if any(shown.values()):
            message = _("the format and the file of a report go behind its name")
            raise typer.BadParameter(message, param_hint="--format/--output")
        if context.invoked_subcommand is None:
            context.fail("Missing command.")
        return 0

    wanted = typer.Option("--list", help=N_("List what there is."))
    # Typer would take these before the signature.
    listing.__annotations__ = {}
    listing.parameters = lambda: [  # type: ignore[attr-defined]
        Parameter("listed", Annotated[bool, wanted], default=False),
        Parameter("format", ReportFormat, None),
        Parameter("output", OutputFile, None),
    ]
    return with_parameters(listing)


def _list_of(context: Any) -> Answer:  # noqa: ANN401 - Typer's type
    """Return the commands of a group with what they are about."""
    from ledgercli.model.answer import Answer, Column, Table

    columns = (
        Column("name", N_("name"), "code"),
        Column("about", N_("description"), flexible=True, wraps=True),
    )
    described = _described(context.command.branch, context)
    rows = [{"name": name, "about": about} for name, about in described]
    return Answer("commands/1", tables=(Table("rows", columns, rows),))


def _program(  # noqa: PLR0913, PLR0917 - the options of the program
    context: typer.Context,
    books: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=N_("The folder with `ledgercli.yaml` ($LEDGERCLI_BOOKS).")
        ),
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=N_("A Beancount ledger ($BEANCOUNT_FILE).")),
    ] = None,
    receivable: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ACCOUNT", help=N_("An account to take as receivable; may be repeated.")
        ),
    ] = None,
    safe: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--safe", help=N_("Run no code of the ledger's: no plugins, no python path.")),
    ] = False,
    verify: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--verify",
            help=N_("Compare the content of all files with what is in the cache."),
        ),
    ] = False,
    lang: Annotated[  # noqa: ARG001 - read before the command line is built
        str | None, typer.Option(metavar="LANGUAGE", help=N_("Language of the program: en, zh."))
    ] = None,
    debug: Annotated[  # noqa: ARG001, FBT002 - read before the command line is built
        bool, typer.Option("--debug", help=N_("Show a traceback when something goes wrong."))
    ] = False,
    version: Annotated[  # noqa: ARG001, FBT002 - its callback does it
        bool,
        typer.Option(
            "--version", "-V", is_eager=True, callback=_show_version, help=N_("Show the version.")
        ),
    ] = False,
) -> None:
    """Keep the options of the program for the command."""
    session: Session = context.obj
    with_options(session, GlobalOptions(books, ledger, tuple(receivable or ()), safe, verify))
