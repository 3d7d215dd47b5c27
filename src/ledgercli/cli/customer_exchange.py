"""Customer records to and from other systems."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from ledgercli.cli.command import command
from ledgercli.cli.option_values import one_of
from ledgercli.cli.options import Asked, Customers, Printing, Segments, Tags, printing, selection
from ledgercli.cli.printing import give
from ledgercli.cli.session import Session
from ledgercli.cli.streams import write_stderr, write_stdout_bytes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.exchange import Side
from ledgercli.output import wording
from ledgercli.output.language import _, ngettext
from ledgercli.output.values import sentence

PIPE = Path("-")

ProfileName = Annotated[
    str | None,
    typer.Option(
        "--profile",
        "-p",
        metavar="NAME",
        help=N_("How the file maps to records; `customer profiles` lists them."),
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=N_("The file's encoding (default: found out).")),
]
Delimiter = Annotated[
    str | None,
    typer.Option(metavar="SIGN", help=N_("What separates columns, or `tab` (default: found out).")),
]
Write = Annotated[bool, typer.Option("--write", help=N_("Do it; without, only the diff is shown."))]


def who(customer: Customers = None, tag: Tags = None, segment: Segments = None) -> Asked:
    """Return which customers are meant."""
    return selection(customer=customer, tag=tag, segment=segment)


def delimiter_of(text: str | None) -> str | None:
    """Return the one sign of ``--delimiter``; raise ``typer.BadParameter`` for more."""
    if text in {"tab", "\\t"}:
        return "\t"
    if text is not None and (len(text) != 1 or text in '"\r\n'):
        message = _("`{text}` is not one sign, and not `tab`").format(text=text[:20])
        raise typer.BadParameter(message, param_hint="--delimiter")
    return text


def chosen_profile(name: str | None, path: Path) -> str:
    """Return the profile named, or the one that the file itself tells: of tables the plain one."""
    if name is not None:
        return name
    by_suffix = {".jsonl": "jsonl", ".ndjson": "jsonl", ".vcf": "vcard", ".iif": "quickbooks-iif"}
    return "jsonl" if path == PIPE else by_suffix.get(path.suffix.lower(), "csv")


@command(
    N_(
        "Take customers from a file of another system, after showing what would change.\n\n"
        "A value that was changed here and in the file since the last import stays as it is here,"
        " and is told. Running twice changes nothing. `-` reads JSON Lines from standard input."
    ),
    examples=(
        "ledgercli customer import customers.csv",
        "ledgercli customer import contacts.csv --profile xero",
        "ledgercli customer import contacts.csv --profile xero --write",
        "ledgercli customer import - --write < changes.jsonl",
    ),
    output=printing,
)
def import_(
    session: Session,
    *,
    path: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The file, or `-`."))],
    profile: ProfileName = None,
    write: Write = False,
    take: Annotated[
        str | None,
        typer.Option(
            metavar="SIDE",
            parser=one_of(("ours", "theirs")),
            help=N_("Whose value counts where both changed: ours or theirs (default: told)."),
        ),
    ] = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    output: Printing,
) -> int:
    """Print the diff of an import, or write it and print what was written."""
    from ledgercli.desk.exchange import exchanging
    from ledgercli.desk.exchange.foreign_files import ForeignFile

    name = chosen_profile(profile, path)
    where = path if path == PIPE else session.start / path
    file = ForeignFile(where, name, encoding, delimiter_of(delimiter))
    books = session.open()
    side = cast("Side | None", take)
    answer = exchanging.import_customers(books, file, write=write, take=side)
    return give(session, answer, output)


@command(
    N_(
        "Write customers as a file for another system.\n\n"
        "The suffix of `--output` chooses CSV or XLSX where a profile comes in both. With"
        " `--changed-since REV` only what differs from that git revision is written; customers"
        ' that are gone are lines with `"deleted":true` in JSON Lines. Cells that a spreadsheet'
        " would compute get an apostrophe in front, which `customer import` takes off again."
    ),
    examples=(
        "ledgercli customer export --profile xero -o contacts.csv",
        "ledgercli customer export -o customers.xlsx",
        "ledgercli customer export --changed-since HEAD~1",
    ),
    asked=who,
)
def export(
    session: Session,
    *,
    profile: ProfileName = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help=N_("Write to this file (standard output).")
        ),
    ] = None,
    changed_since: Annotated[
        str | None,
        typer.Option(metavar="REV", help=N_("Only records that differ from this git revision.")),
    ] = None,
    asked: Asked,
) -> int:
    """Write the file, or print it."""
    from ledgercli.desk.exchange import exporting

    path = None if output is None or output == PIPE else session.start / output
    name = profile or _export_profile(path, changed_since)
    books = session.open()
    export = exporting.export_customers(
        books, asked.query, profile=name, path=path, changed_since=changed_since
    )
    if path is not None:
        exporting.save(export, path)
    elif export.kind == "xlsx":
        message = _("a workbook needs a file to be written to")
        raise typer.BadParameter(message, param_hint="--output")
    else:
        write_stdout_bytes(export.content)
    lines = [f"{wording.warning(sentence(text))}\n" for text in export.warnings]
    lines.append(wording.listed(export.findings, verbose=True))
    if path is not None:
        words = ngettext(
            "{count} customer written to {path}",
            "{count} customers written to {path}",
            export.count,
        )
        lines.append(words.format(count=export.count, path=output) + "\n")
    write_stderr("".join(lines))
    return int(wording.at_least(export.findings, "error"))


def _export_profile(path: Path | None, changed_since: str | None) -> str:
    """Return the profile for a file by its suffix; JSON Lines for what has changed, else CSV."""
    by_suffix = {".jsonl": "jsonl", ".ndjson": "jsonl", ".vcf": "vcard", ".iif": "quickbooks-iif"}
    if path is None:
        return "csv" if changed_since is None else "jsonl"
    return by_suffix.get(path.suffix.lower(), "csv")


@command(
    N_("The profiles of files that customers and open items come in."),
    examples=("ledgercli customer profiles",),
    output=printing,
)
def profiles(session: Session, *, output: Printing) -> int:
    """Print the profiles."""
    from ledgercli.desk.exchange import exporting

    try:
        books = session.open()
    except LedgercliError:
        books = None  # the packaged ones can be shown anywhere
    return give(session, exporting.profiles(books), output)
