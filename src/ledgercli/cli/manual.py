"""The manual as pages for ``man``, in the language spoken now: one for the program, one a command.

The markup is man(7), whose requests stand at the beginning of a line: ``.SH`` a heading, ``.TP``
a term and its explanation, ``.nf`` lines as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ledgercli import __version__
from ledgercli.cli import help as help_texts
from ledgercli.cli.build import root_command
from ledgercli.cli.tree import COMMANDS
from ledgercli.model.catalogue.mark import N_
from ledgercli.output.language import _

EXIT_CODES = (
    ("0", N_("fine")),
    ("1", N_("findings, of severity warning or error unless `--fail-on` says otherwise")),
    ("2", N_("could not run: wrong usage, a missing file, books that another run has locked")),
    ("130", N_("interrupted")),
)
VARIABLES = (
    ("LEDGERCLI_BOOKS", N_("The folder of the books, where neither option names one.")),
    ("BEANCOUNT_FILE", N_("A ledger, where there are no books around.")),
    ("LEDGERCLI_CACHE", N_("The folder of the cache, or `off`.")),
    ("LEDGERCLI_STATE_DIR", N_("The folder of the second record of what was sent.")),
    ("NO_COLOR", N_("No colours.")),
    ("LEDGERCLI_DEBUG", N_("Show a traceback where the program fails.")),
)
FILES = (
    ("ledgercli.yaml", N_("Settings; every key has a default.")),
    ("main.beancount", N_("The top ledger file.")),
    ("customers/*.yaml", N_("Customers, one a file, or a list of them.")),
    ("orders/*.yaml", N_("Orders, one a file.")),
    ("activity/*.jsonl", N_("What happened with customers; it is only added to.")),
    ("templates/", N_("Templates of letters that go before the packaged ones.")),
    ("letters/", N_("What `remind write` wrote, by day.")),
)


def pages() -> dict[str, str]:
    """Return the text of each page by its file name, such as ``ledgercli-aging.1``."""
    root: Any = root_command()
    context = root.context_class(root, info_name="ledgercli")
    made = {"ledgercli.1": _program(root, context)}
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        inner = command.context_class(command, info_name=name, parent=context)
        made[f"ledgercli-{name}.1"] = _page(f"ledgercli-{name}", command, inner)
    return made


def _program(root: Any, context: Any) -> str:  # noqa: ANN401 - Typer's types
    lines = _head("ledgercli", _(COMMANDS.help).partition("\n\n")[0])
    lines += [*_heading(_("SYNOPSIS")), ".B ledgercli", _escaped(root.subcommand_metavar)]
    lines += [*_heading(_("DESCRIPTION")), *_paragraphs(_(COMMANDS.help).partition("\n\n")[2])]
    commands = ((name, _(entry.help)) for name, entry in COMMANDS.commands.items())
    lines += [*_heading(_("COMMANDS")), *_terms(commands)]
    options = help_texts.parameter_rows(root.get_params(context), context, "option")
    lines += [*_heading(_("OPTIONS")), *_terms(options)]
    for heading, rows in (
        (_("FILES"), FILES),
        (_("ENVIRONMENT"), VARIABLES),
        (_("EXIT STATUS"), EXIT_CODES),
    ):
        lines += [*_heading(heading), *_terms((name, _(text)) for name, text in rows)]
    pages = (f"ledgercli-{name}" for name in COMMANDS.commands)
    return "\n".join([*lines, *_see_also([*pages, "bean-check", "bean-query"])]) + "\n"


def _page(title: str, command: Any, context: Any) -> str:  # noqa: ANN401 - Typer's types
    lines = _head(title, _help_of(command)[0])
    leaves = list(_leaves(command, context))
    lines += _heading(_("SYNOPSIS"))
    for _command, inner in leaves:
        pieces = inner.command.collect_usage_pieces(inner)
        usage = help_texts.usage(inner.command_path, pieces).partition(inner.command_path)[2]
        lines += [f".B {_escaped(inner.command_path)}", _escaped(usage.strip()), ".br"]
    lines += [*_heading(_("DESCRIPTION")), *_paragraphs("\n\n".join(_help_of(command)))]
    if len(leaves) == 1:
        lines += [*_heading(_("OPTIONS")), *_explained(*leaves[0])]
    else:
        for leaf, inner in leaves:
            lines += [f".SS {_quoted(inner.command_path)}", *_paragraphs(_(str(leaf.help)))]
            lines += _explained(leaf, inner)
    return "\n".join([*lines, *_see_also(["ledgercli"])]) + "\n"


def _leaves(command: Any, context: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - Typer's types
    """Yield the commands of a group, or the command itself, with their contexts."""
    if not hasattr(command, "list_commands"):
        yield command, context
        return
    for name in command.list_commands(context):
        leaf = command.get_command(context, name)
        yield from _leaves(leaf, leaf.context_class(leaf, info_name=name, parent=context))


def _help_of(command: Any) -> list[str]:  # noqa: ANN401 - Typer's type
    text = command.branch.help if hasattr(command, "branch") else str(command.help)
    return _(text).split("\n\n")


def _explained(command: Any, context: Any) -> list[str]:  # noqa: ANN401 - Typer's types
    """Return arguments, options and examples of one command."""
    parameters = command.get_params(context)
    rows = [
        row
        for kind in ("argument", "option")
        for row in help_texts.parameter_rows(parameters, context, kind)
    ]
    lines = _terms(rows)
    if command.examples:
        examples = [_escaped(line) for line in command.examples]
        lines += [".PP", _escaped(_("Examples:")), ".PP", ".nf", ".RS", *examples, ".RE", ".fi"]
    return lines


def _head(title: str, summary: str) -> list[str]:
    return [
        f'.TH {_quoted(title.upper())} 1 "" {_quoted(f"ledgercli {__version__}")} "ledgercli"',
        *_heading(_("NAME")),
        f"{_escaped(title)} \\- {_escaped(' '.join(summary.split()))}",
    ]


def _heading(text: str) -> list[str]:
    return [f".SH {_quoted(text)}"]


def _paragraphs(text: str) -> list[str]:
    lines: list[str] = []
    for paragraph in filter(None, text.split("\n\n")):
        lines += [".PP", _escaped(" ".join(paragraph.split()))]
    return lines


def _terms(rows: Iterable[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for name, text in rows:
        lines += [".TP", f".B {_quoted(name)}", _escaped(" ".join(text.split())) or "\\&"]
    return lines


def _see_also(names: Sequence[str]) -> list[str]:
    references = ", ".join(f"\\fB{_escaped(name)}\\fR(1)" for name in names)
    return [*_heading(_("SEE ALSO")), references]


def _escaped(text: str) -> str:
    """Return ``text`` so that no character of it is markup."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return f"\\&{plain}" if plain[:1] in {".", "'"} else plain


def _quoted(text: str) -> str:
    """Return ``text`` as one argument of a request."""
    return '"' + _escaped(text).replace('"', '""') + '"'
