"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from ledgercli.cli.option_values import one_of, parse_currency, parse_day
from ledgercli.cli.parameters import option, wrong_value
from ledgercli.cli.streams import TerminalError, is_terminal
from ledgercli.desk.request import Query
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.output import formats
from ledgercli.output.language import _

AsOf = Annotated[
    dt.date | None,
    option("--as-of", metavar="DATE", parser=parse_day, help=N_("At the end of this day (today).")),
]
KnownAt = Annotated[
    str | None,
    option("--known-at", metavar="REV", help=N_("Answer from this git revision of the books.")),
]
Customers = Annotated[
    list[str] | None,
    option("--customer", metavar="ID", help=N_("Only this customer; may be repeated.")),
]
Tags = Annotated[
    list[str] | None,
    option("--tag", metavar="TAG", help=N_("Only customers with this tag.")),
]
Segments = Annotated[
    list[str] | None,
    option("--segment", metavar="KEY=VALUE", help=N_("Only customers of this segment.")),
]
Tiers = Annotated[
    list[str] | None,
    option("--tier", metavar="TIER", help=N_("Only this tier; may be repeated.")),
]
Statuses = Annotated[
    list[str] | None,
    option(
        "--status",
        metavar="STATUS",
        parser=one_of(("lead", "prospect", "active", "closed")),
        help=N_("Only this status: lead, prospect, active or closed; may be repeated."),
    ),
]
Owners = Annotated[
    list[str] | None,
    option(
        "--owner", metavar="OWNER", help=N_("Only those this person looks after; may be repeated.")
    ),
]
Parents = Annotated[
    list[str] | None,
    option(
        "--parent", metavar="ID", help=N_("Only this customer and all below it; may be repeated.")
    ),
]
Currencies = Annotated[
    list[str] | None,
    option(
        "--currency",
        metavar="CUR",
        parser=parse_currency,
        help=N_("Only this currency; may be repeated."),
    ),
]
Convert = Annotated[
    str | None,
    option(
        "--convert",
        metavar="CUR",
        parser=parse_currency,
        help=N_("Add figures converted to this currency, with rate and rate date."),
    ),
]
GroupBy = Annotated[
    str | None,
    option(
        "--group-by",
        metavar="WHAT",
        help=N_("Sums by tag, tier, status, owner, parent, or a dimension of the segments."),
    ),
]
OutputFile = Annotated[
    Path | None,
    option(
        "--output",
        "-o",
        metavar="FILE",
        help=N_(
            "Write to this file; its suffix chooses the format (.json, .csv, .html, .xlsx, .txt)."
        ),
    ),
]
Verbose = Annotated[
    bool, option("--verbose", "-v", help=N_("Show findings of severity info, too."))
]
DryRun = Annotated[bool, option("--dry-run", help=N_("Only say what would be done."))]
ReportFormat = Annotated[
    str | None,
    option(
        "--format",
        "-f",
        metavar="FORMAT",
        parser=one_of(tuple(formats.FORMATS)),
        help=N_("table (default), json, csv, html or xlsx."),
    ),
]
CheckFormat = Annotated[
    str | None,
    option(
        "--format",
        "-f",
        metavar="FORMAT",
        parser=one_of(("text", "table", "json", "csv", "html", "xlsx", "github")),
        help=N_("text (default), json, csv, html, xlsx, or github for annotations."),
    ),
]
_SEVERITIES = ("error", "warning", "info", "never")
ReportFailOn = Annotated[
    str | None,
    option(
        "--fail-on",
        metavar="SEVERITY",
        parser=one_of(_SEVERITIES),
        help=N_("Exit with 1 from this severity up: error (default), warning, info or never."),
    ),
]
CheckFailOn = Annotated[
    str | None,
    option(
        "--fail-on",
        metavar="SEVERITY",
        parser=one_of(_SEVERITIES),
        help=N_("Exit with 1 from this severity up: error, warning (default), info or never."),
    ),
]
LimitFailOn = Annotated[
    str | None,
    option(
        "--fail-on",
        metavar="STATUS",
        parser=one_of(("error", "warning", "breach", "never")),
        help=N_("Exit with 1 when a customer is at warning or worse, or at breach."),
    ),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked about, and the revision of the books it is asked of."""

    query: Query
    known_at: str | None = None


@dataclass(frozen=True, slots=True)
class Printing:
    """How an answer leaves: format (None: by the file's suffix), file, and what counts as bad."""

    output_format: str | None = None
    path: Path | None = None
    verbose: bool = False
    fail_on: str | None = None


def selection(  # noqa: PLR0913 - options of many commands
    *,
    as_of: AsOf = None,
    customer: Customers = None,
    tag: Tags = None,
    segment: Segments = None,
    currency: Currencies = None,
    tier: Tiers = None,
    status: Statuses = None,
    owner: Owners = None,
    parent: Parents = None,
) -> Asked:
    """Return the query of a command that acts on the books as they are now."""
    query = Query(
        as_of=as_of,
        customers=tuple(customer or ()),
        tags=tuple(tag or ()),
        segments=_segments(segment or []),
        currencies=tuple(currency or ()),
        tiers=tuple(tier or ()),
        statuses=tuple(status or ()),
        owners=tuple(owner or ()),
        parents=tuple(parent or ()),
    )
    return Asked(query)


def history(  # noqa: PLR0913 - as above
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    customer: Customers = None,
    tag: Tags = None,
    segment: Segments = None,
    currency: Currencies = None,
    tier: Tiers = None,
    status: Statuses = None,
    owner: Owners = None,
    parent: Parents = None,
) -> Asked:
    """Return the query of a command that can look into an earlier revision of the books."""
    asked = selection(
        as_of=as_of,
        customer=customer,
        tag=tag,
        segment=segment,
        currency=currency,
        tier=tier,
        status=status,
        owner=owner,
        parent=parent,
    )
    return Asked(asked.query, known_at)


def filters(  # noqa: PLR0913 - as above
    *,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    customer: Customers = None,
    tag: Tags = None,
    segment: Segments = None,
    tier: Tiers = None,
    status: Statuses = None,
    owner: Owners = None,
    parent: Parents = None,
    currency: Currencies = None,
    convert: Convert = None,
) -> Asked:
    """Return the query of a report."""
    asked = selection(
        as_of=as_of,
        customer=customer,
        tag=tag,
        segment=segment,
        currency=currency,
        tier=tier,
        status=status,
        owner=owner,
        parent=parent,
    )
    return Asked(replace(asked.query, convert=convert), known_at)


def _segments(given: list[str]) -> dict[str, str]:
    """Return the mapping of ``KEY=VALUE`` options; raise ``typer.BadParameter`` else."""
    segments: dict[str, str] = {}
    for text in given:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not (key and equals and value):
            message = _("`{text}` is not of the form KEY=VALUE").format(text=text[:40])
            raise wrong_value(message, param_hint="--segment")
        if segments.get(key, value) != value:
            message = _("`{key}` is given twice").format(key=key)
            raise wrong_value(message, param_hint="--segment")
        segments[key] = value
    return segments


def _file(output: Path | None) -> Path | None:
    """Return the file to write to; `-` is standard output, as everywhere."""
    return None if output == Path("-") else output


def _shown(
    output_format: str | None, output: Path | None, *, verbose: bool, fail_on: str | None
) -> Printing:
    """Return how an answer leaves; raise :class:`TerminalError` before any work is done."""
    path = _file(output)
    if output_format in formats.BINARY_FORMATS and path is None and is_terminal():
        raise TerminalError(format=output_format)
    return Printing(output_format, path, verbose, fail_on)


def printing(
    format: ReportFormat = None,  # noqa: A002 - the name of the option
    output: OutputFile = None,
    verbose: Verbose = False,  # noqa: FBT002
    fail_on: ReportFailOn = None,
) -> Printing:
    """Return how a report is printed."""
    return _shown(format, output, verbose=verbose, fail_on=fail_on)


def printing_limits(
    format: ReportFormat = None,  # noqa: A002 - the name of the option
    output: OutputFile = None,
    verbose: Verbose = False,  # noqa: FBT002
    fail_on: LimitFailOn = None,
) -> Printing:
    """Return how the limits are printed."""
    return _shown(format, output, verbose=verbose, fail_on=fail_on)


def printing_check(
    format: CheckFormat = None,  # noqa: A002 - the name of the option
    output: OutputFile = None,
    verbose: Verbose = False,  # noqa: FBT002
    fail_on: CheckFailOn = None,
) -> Printing:
    """Return how findings are printed."""
    return _shown(format, output, verbose=verbose, fail_on=fail_on)
