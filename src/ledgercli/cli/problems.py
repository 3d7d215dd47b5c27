"""What stops a run, in one line and a hint, and the exit code for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from ledgercli.cli.globals import FLAGS, WITH_VALUE
from ledgercli.cli.tree import COMMANDS, Branch, Leaf
from ledgercli.model.errors import LedgercliError
from ledgercli.output.language import _
from ledgercli.output.safe_text import visible
from ledgercli.output.wording import error_lines, listed, problem

_SEVERAL = 2


def is_usage_error(error: BaseException) -> bool:
    """Return whether ``error`` is Typer's own about the command line.

    Typer exports no base class of its usage errors in all versions that we allow: by name.
    """
    return any(base.__name__ == "ClickException" for base in type(error).__mro__)


def describe(error: Exception) -> str:
    """Return the lines for standard error about ``error``; none is empty."""
    if isinstance(error, LedgercliError):
        return listed(error.findings, verbose=False) + error_lines(error)
    if is_usage_error(error):
        return _usage_lines(error)
    if isinstance(error, RecursionError):
        return problem(_("something is nested too deeply to be read"))
    if isinstance(error, OSError):
        reason = _(error.strerror) if error.strerror else str(error)
        name = f"`{visible(str(error.filename))}`: " if error.filename else ""
        return problem(f"{name}{reason}")
    kind = type(error).__name__
    text = visible(str(error))[:200]
    return problem(
        _("this is a bug in ledgercli: {what}").format(what=f"{kind}: {text}".rstrip(": ")),
        _("run it again with `--debug` and report what it prints"),
    )


def out_of_memory() -> str:
    """Return the line about too little memory."""
    return problem(_("there is not enough memory"))


def _usage_lines(error: Any) -> str:  # noqa: ANN401 - Typer's error, whose class it does not export
    """Return a usage error in our words: what is wrong with which option, and where to look."""
    command = error.ctx.command_path if getattr(error, "ctx", None) else "ledgercli"
    advice = _("`{command} --help` lists the options").format(command=command)
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return f"{error.message}\n"
        case "NoSuchOption":
            text = _("there is no option `{option}`").format(option=visible(error.option_name))
            advice = _instead_of_option(error) or advice
        case "MissingParameter":
            name = _parameter_name(error)
            text = _("`{name}` is missing").format(name=name)
            advice = _order_of_arguments(error, command) or advice
        case "BadParameter":
            name, wrong = f"`{_parameter_name(error)}`", _wrong_value(error)
            text = wrong if wrong.startswith(name) else f"{name}: {wrong}"
            # A message may name the right command itself.
            if "`ledgercli " not in wrong:
                advice = _order_of_arguments(error, command) or advice
        case "BadOptionUsage":
            text = _("option `{option}` needs a value").format(option=error.option_name)
            if "does not take a value" in error.message:
                text = _("option `{option}` takes no value").format(option=error.option_name)
        case _:
            text, advice = _by_message(error, command, advice)
    return problem(text, advice)


def _instead_of_option(error: Any) -> str:  # noqa: ANN401 - Typer's error, see above
    """Return the hint about an option that does not exist, "" where there is none."""
    if error.option_name == "--explain":
        return _("`ledgercli explain` shows what the figures of a customer or document are made of")
    if re.fullmatch(r"-[\d.]", error.option_name):
        return _("write `--` before a value that begins with `-`")
    near = get_close_matches(error.option_name, _option_names(error), 1)
    return _("did you mean `{near}`?").format(near=near[0]) if near else ""


def _wrong_value(error: Any) -> str:  # noqa: ANN401 - Typer's error, see above
    """Return what is wrong with a value; what Typer says of numbers in our words."""
    message = error.message
    wrong = re.fullmatch(r"'(.*)' is not a valid int(?:eger)?(?: range)?\.", message, re.DOTALL)
    if wrong:
        return _("`{text}` is no whole number").format(text=visible(wrong[1]))
    outside = re.fullmatch(r"(-?\d+) is not in the range .*\.", message)
    kind = getattr(getattr(error, "param", None), "type", None)
    least, most = getattr(kind, "min", None), getattr(kind, "max", None)
    if outside and least is not None:
        if most is None:
            return _("{number} is below {least}").format(number=outside[1], least=least)
        words = _("{number} is not from {least} to {most}")
        return words.format(number=outside[1], least=least, most=most)
    return visible(message)


def _by_message(error: Any, command: str, advice: str) -> tuple[str, str]:  # noqa: ANN401
    """Return text and hint of a general usage error, told apart by what Typer says."""
    message = error.message
    wrong = re.match(r"No such command ['\"](.*?)['\"]\.", message, re.DOTALL)
    if wrong:
        text = _("there is no command `{command}`").format(command=visible(wrong[1]))
        own = _command_names(command)
        # The very name in another group is meant rather than one like it in this.
        near = [] if wrong[1] in own else list(_in_groups(COMMANDS, wrong[1], "ledgercli"))
        near = near or get_close_matches(wrong[1], own, 1)
        if near:
            return text, _("did you mean `{near}`?").format(near="`, `".join(near[:3]))
        return text, _("`{command} --help` lists the commands").format(command=command)
    extra = re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", message, re.DOTALL)
    if extra:
        return _("too many arguments: `{extra}`").format(extra=visible(extra[1])), advice
    if message.startswith("Missing command"):
        return _("a command is missing"), _("`{command} --help` lists the commands").format(
            command=command
        )
    return visible(message.rstrip(".")), advice


def _parameter_name(error: Any) -> str:  # noqa: ANN401 - Typer's error, see above
    hint = getattr(error, "param_hint", None)
    if hint:
        return hint if isinstance(hint, str) else "/".join(hint)
    parameter = getattr(error, "param", None)
    if parameter is None:
        return "?"
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name).upper()


def _order_of_arguments(error: Any, command: str) -> str:  # noqa: ANN401 - Typer's error
    """Return the hint about the order of arguments, "" where no two could have changed places."""
    parameters = error.ctx.command.params if getattr(error, "ctx", None) else []
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    shown = [str(one.metavar or one.name).upper() for one in arguments]
    wrong = error.param in arguments or error.param_hint in [name.strip("[].") for name in shown]
    if not wrong or len(arguments) < _SEVERAL:
        return ""
    names = " ".join(shown)
    return _("the order of arguments: `{usage}`").format(usage=f"{command} {names}")


def _option_names(error: Any) -> list[str]:  # noqa: ANN401 - Typer's error, see above
    if not getattr(error, "ctx", None):
        return []
    own = [name for parameter in error.ctx.command.params for name in parameter.opts]
    return [name for name in (*own, *WITH_VALUE, *FLAGS, "--help") if name.startswith("--")]


def _in_groups(branch: Branch, name: str, path: str) -> Iterator[str]:
    """Yield the commands called ``name`` in any group, as they are typed."""
    for word, below in branch.commands.items():
        if word == name:
            yield f"{path} {word}"
        if isinstance(below, Branch):
            yield from _in_groups(below, name, f"{path} {word}")


def _command_names(command_path: str) -> list[str]:
    """Return the commands of the group that ``command_path`` names."""
    branch: Branch | Leaf = COMMANDS
    for word in command_path.split()[1:]:
        if isinstance(branch, Branch):
            branch = branch.commands.get(word, branch)
    return list(branch.commands) if isinstance(branch, Branch) else []
