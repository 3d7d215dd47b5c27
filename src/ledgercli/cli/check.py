"""Check: everything that is wrong in the books, in one run."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledgercli.cli.command import command
from ledgercli.cli.options import Asked, Printing, history, printing_check
from ledgercli.cli.printing import chosen_format, exit_code, give, render, send
from ledgercli.cli.session import Session
from ledgercli.cli.streams import write_stderr
from ledgercli.model.answer import Answer
from ledgercli.model.catalogue.mark import N_
from ledgercli.output import wording
from ledgercli.output.language import _
from ledgercli.output.values import sentence

if TYPE_CHECKING:
    from ledgercli.model.finding import Finding


@command(
    N_(
        "Find what is wrong in settings, customers and ledger, each with place and hint.\n\n"
        "Says nothing and exits with 0 when all is well, with 1 from severity warning up. Findings"
        " of severity info are only counted, unless `-v` is given."
    ),
    examples=(
        "ledgercli check",
        "ledgercli check unknown-customer -f json",
        "ledgercli check --list",
        "ledgercli check --explain-load",
    ),
    asked=history,
    output=printing_check,
)
def check(
    session: Session,
    *,
    codes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CODE]...", help=N_("Only these findings; all without any.")),
    ] = None,
    list_codes: Annotated[
        bool, typer.Option("--list", help=N_("List all codes with severity and message."))
    ] = False,
    explain_load: Annotated[
        bool,
        typer.Option(
            "--explain-load", help=N_("Say how the books were read, and why not any faster.")
        ),
    ] = False,
    asked: Asked,
    output: Printing,
) -> int:
    """Print findings, the catalogue of their codes, or how the books were read."""
    if list_codes:
        return _list_codes(session, output)
    if explain_load:
        from ledgercli.desk import caching

        return give(session, caching.loading_of(session.open(asked.known_at)), output)
    named = tuple(_known(code) for code in codes or ())

    from ledgercli.cli.own_reports import queries
    from ledgercli.desk import checking

    books = session.open(asked.known_at, with_events=True, with_orders=True)
    answer = checking.check(books, asked.query, codes=named, queries=queries(session))
    output_format = chosen_format(output, "text")
    text = _text(session, answer, output_format, books, output)
    send(session, text, output_format, output)
    lines = [f"{wording.warning(sentence(w))}\n" for w in answer.warnings]
    if output_format in {"text", "table"}:
        counted = wording.count_line(answer.findings, verbose=output.verbose)
        lines += [f"{counted}\n"] if counted else []
    write_stderr("".join(lines))
    return exit_code(answer, output.fail_on or "warning")


def _text(
    session: Session,
    answer: Answer,
    output_format: str,
    books: Any,  # noqa: ANN401 - the open books of the desk
    output: Printing,
) -> str | bytes:
    """Return the findings of ``answer`` in a format."""
    if output_format in {"text", "table"}:
        return wording.listed(answer.findings, verbose=output.verbose)
    if output_format == "github":
        from ledgercli.output.github import workflow_commands

        shown: list[Finding] = [
            finding for finding in answer.findings if output.verbose or finding.severity != "info"
        ]
        return workflow_commands(shown, _folder(books.root, session.start))
    tables = (wording.findings_table(answer.findings), *answer.tables)
    return render(session, replace(answer, tables=tables), output_format, output.path)


def _folder(root: Path, start: Path) -> str:
    """Return the path from where the run started (the checkout, on GitHub) to the books."""
    relative = os.path.relpath(root, start)
    return "" if relative == "." else Path(relative).as_posix()


def _list_codes(session: Session, output: Printing) -> int:
    from ledgercli.model.catalogue.everything import CATALOGUE

    codes = sorted(CATALOGUE.values(), key=lambda code: code.code)
    answer = Answer("codes/1", tables=(wording.codes_table(codes),))
    output_format = chosen_format(output)
    if output_format in {"text", "github"}:
        output_format = "table"
    send(session, render(session, answer, output_format, output.path), output_format, output)
    return 0


def _known(code: str) -> str:
    """Return ``code`` if findings can have it; raise ``typer.BadParameter`` else."""
    from ledgercli.model.catalogue.everything import CATALOGUE

    if code in CATALOGUE or code.startswith("beancount-"):
        return code
    from difflib import get_close_matches

    message = _("there is no finding `{code}`").format(code=code[:60])
    near = get_close_matches(code, CATALOGUE, 1)
    if near:
        message += _("; did you mean `{near}`?").format(near=near[0])
    raise typer.BadParameter(message, param_hint="CODE")
