"""New customer records, and records in the editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ledgercli.cli.command import command
from ledgercli.cli.customer_change import give_change
from ledgercli.cli.option_values import one_of
from ledgercli.cli.options import DryRun, Printing, printing
from ledgercli.cli.session import Session
from ledgercli.cli.streams import write_stderr
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.finding import Finding
from ledgercli.output import wording
from ledgercli.output.language import _


class EditorFailedError(LedgercliError):
    """The editor could not be started, or said that it failed."""

    message = N_("the editor `{editor}` failed: {reason}")
    hint = N_("set $VISUAL or $EDITOR to the editor of your choice, for example `nano`")


class NoAnswerError(LedgercliError):
    """Standard input ended where an answer was asked for."""

    message = N_("standard input ended before everything was answered")
    hint = N_("give `--id` and `--name`; `ledgercli customer add --help` lists the options")


@command(
    N_(
        "Add a customer, in a file of its own.\n\n"
        "On a terminal it asks for what is not given; elsewhere `--id` and `--name` are needed."
    ),
    examples=(
        'ledgercli customer add --id C1007 --name "Acme GmbH" --terms "net 30"',
        'ledgercli customer add --id C1008 --name "Beta Ltd" --set tier=A',
    ),
    output=printing,
)
def add(  # noqa: PLR0913 - one option for each of the usual keys
    session: Session,
    *,
    customer_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help=N_("The id; also the file's name."))
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help=N_("The name."))] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="KIND", parser=one_of(("company", "person")), help=N_("company or person.")
        ),
    ] = None,
    email: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help=N_("E-mail address of the contact."))
    ] = None,
    terms: Annotated[
        str | None, typer.Option(metavar="TERMS", help=N_("Payment terms, such as `net 30`."))
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help=N_("Language of letters."))
    ] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CUR", help=N_("Currency of limits without one."))
    ] = None,
    owner: Annotated[
        str | None, typer.Option(metavar="OWNER", help=N_("Who looks after the customer."))
    ] = None,
    tier: Annotated[str | None, typer.Option(metavar="TIER", help=N_("The tier."))] = None,
    parent: Annotated[
        str | None, typer.Option(metavar="ID", help=N_("The customer it belongs to."))
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help=N_("A tag; may be repeated."))
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help=N_("Any other key of a record; may be repeated.")
        ),
    ] = None,
    dry_run: DryRun = False,
    output: Printing,
) -> int:
    """Write a new record and print where."""
    from ledgercli.desk.customers import customer_editing

    books = session.open_records()
    given = {
        "name": (name or "").strip() or None,
        "kind": kind,
        "contacts.1.email": email,
        "terms": terms,
        "language": language,
        "currency": currency,
        "owner": owner,
        "tier": tier,
        "parent": parent,
    }
    asks = _is_terminal()
    if customer_id is None:
        if not asks:
            raise typer.BadParameter(
                _("`{name}` is missing").format(name="--id"), param_hint="--id"
            )
        customer_id = _ask(_("id"), customer_editing.proposed_id(books))
    if given["name"] is None:
        if not asks:
            raise typer.BadParameter(
                _("`{name}` is missing").format(name="--name"), param_hint="--name"
            )
        given["name"] = _ask(_("name"), "")
        for key, label in (("contacts.1.email", _("e-mail")), ("terms", _("terms"))):
            if given[key] is None:
                given[key] = _ask(label, "", optional=True) or None
    pairs = [("id", customer_id), *((key, text) for key, text in given.items() if text)]
    pairs += [("tags", f"[{text}]") for text in ([", ".join(tag)] if tag else [])]
    pairs += [_pair(text) for text in values or ()]
    return give_change(session, customer_editing.add(books, values=pairs, dry_run=dry_run), output)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (equals and key.strip() and value.strip()):
        message = _("`{text}` is not of the form KEY=VALUE").format(text=text[:40])
        raise typer.BadParameter(message, param_hint="--set")
    return key.strip(), value.strip()


def _is_terminal() -> bool:
    return bool(sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty())


def _ask(label: str, proposal: str, *, optional: bool = False) -> str:
    """Return what the user answers on standard error; raise NoAnswerError at its end."""
    while True:
        shown = f" [{proposal}]" if proposal else ""
        write_stderr(f"{label}{shown}: ")
        line = sys.stdin.readline()
        if not line:
            write_stderr("\n")
            raise NoAnswerError
        answer = line.strip() or proposal
        if answer or optional:
            return answer


@command(
    N_(
        "Open a customer's record in $VISUAL or $EDITOR.\n\n"
        "The file is replaced once it reads without new errors; else you are asked whether to edit"
        " again. Nothing is lost: what is not taken is kept beside the file as `NAME.draft`."
    ),
    examples=("ledgercli customer edit C001",),
    output=printing,
)
def edit(
    session: Session,
    *,
    customer_id: Annotated[str, typer.Argument(metavar="ID", help=N_("The customer."))],
    output: Printing,
) -> int:
    """Edit a record and print what changed."""
    from ledgercli.desk.customers import customer_drafts

    words = _editor(session)

    def run_editor(path: Path, line: int) -> None:
        _run([*words, *_position(words[0], line), str(path)])

    books = session.open_records()
    answer = customer_drafts.edit(books, customer=customer_id, editor=run_editor, decide=_decide)
    return give_change(session, answer, output)


def _editor(session: Session) -> list[str]:
    """Return the words of the user's editor; raise EditorFailedError where they are no command."""
    named = session.environment.get("VISUAL") or session.environment.get("EDITOR")
    default = "notepad" if os.name == "nt" else "vi"
    try:
        words = shlex.split(named or default, posix=os.name != "nt")
    except ValueError as error:
        raise EditorFailedError(editor=named, reason=error) from error
    return words or [default]


def _position(editor: str, line: int) -> list[str]:
    """Return the option that opens an editor at a line, for those that have the usual one."""
    known = {"vi", "vim", "nvim", "nano", "emacs", "emacsclient", "kak", "micro", "joe", "mg"}
    return [f"+{line}"] if line > 1 and Path(editor).name in known else []


def _run(words: Sequence[str]) -> None:
    try:
        done = subprocess.run(words, check=False)  # noqa: S603 - the user's own editor
    except OSError as error:
        raise EditorFailedError(editor=words[0], reason=error.strerror or error) from error
    if done.returncode:
        reason = _("exit code {code}").format(code=done.returncode)
        raise EditorFailedError(editor=words[0], reason=reason)


def _decide(findings: tuple[Finding, ...]) -> str:
    """Ask what to do with an edited file that has errors; keep it where nobody can be asked."""
    if not _is_terminal():
        return "keep"
    write_stderr(wording.listed(findings, verbose=True))
    choices = {"e": "again", "k": "keep", "d": "drop"}
    while True:
        write_stderr(_("(e)dit again, (k)eep aside, (d)rop your edits? "))
        line = sys.stdin.readline()
        if not line:
            return "keep"
        choice = choices.get(line.strip().lower()[:1])
        if choice:
            return choice
