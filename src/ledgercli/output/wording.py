"""Findings and errors in the words of the language spoken now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ledgercli.model.answer import Column, Table
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import AmountError, LedgercliError, MissingExtraError
from ledgercli.model.finding import Finding, FindingCode, Severity
from ledgercli.model.sentence import Sentence
from ledgercli.output.language import _, ngettext
from ledgercli.output.safe_text import visible
from ledgercli.output.values import enumeration, fill
from ledgercli.output.words import word


def message(finding: Finding) -> str:
    """Return what is wrong, in one line without a full stop."""
    return fill(_(finding.kind.message), _worded(finding))


def hint(finding: Finding) -> str:
    """Return what to do about it, empty where the catalogue has no advice."""
    return fill(_(finding.kind.hint), _worded(finding))


def _worded(finding: Finding) -> dict[str, str]:
    """Return the values of a finding, kinds of settlements in words."""
    values = _with_reason(finding.values)
    if "kind" in values:
        values["kind"] = word("settlement", values["kind"])
    return values


def _with_reason(values: Mapping[str, str]) -> dict[str, str]:
    """Return ``values`` with a ``reason`` of other programs in words, where we know it."""
    reason = values.get("reason", "")
    plain = reason and not isinstance(reason, Sentence)
    return {**values, "reason": _(reason)} if plain else dict(values)


def place(finding: Finding) -> str:
    """Return ``FILE:LINE:COL`` as far as known."""
    where = finding.place
    parts = [visible(where.file)] if where.file else []
    if where.line:
        parts.append(str(where.line))
        if where.column:
            parts.append(str(where.column))
    return ":".join(parts)


def finding_lines(finding: Finding) -> list[str]:
    """Return ``FILE:LINE:COL: error[code]: message`` and, where there is one, the hint."""
    where = place(finding)
    severity = word("severity", finding.severity)
    head = f"{where}: " if where else ""
    lines = [f"{head}{severity}[{finding.code}]: {message(finding)}"]
    advice = hint(finding)
    if advice:
        lines.append(_hint_line(advice))
    return lines


def listed(findings: Iterable[Finding], *, verbose: bool) -> str:
    """Return all findings for people, each with its hint; ``info`` only if ``verbose``.

    Empty text when there is nothing to show, else ending in a line break.
    """
    shown = (f for f in findings if verbose or f.severity != "info")
    return "".join(f"{line}\n" for finding in shown for line in finding_lines(finding))


def count_line(findings: Sequence[Finding], *, verbose: bool) -> str:
    """Return how many findings there are by severity, in one line; empty where there are none."""
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for finding in findings:
        counts[finding.severity] += 1
    errors, warnings, infos = counts.values()
    parts = []
    if errors:
        parts.append(ngettext("{count} error", "{count} errors", errors).format(count=errors))
    if warnings:
        words = ngettext("{count} warning", "{count} warnings", warnings)
        parts.append(words.format(count=warnings))
    if infos:
        words = ngettext("{count} info", "{count} infos", infos).format(count=infos)
        parts.append(words if verbose else words + _(" (shown with `-v`)"))
    return enumeration(parts)


def findings_table(findings: Iterable[Finding]) -> Table:
    """Return findings as the table ``findings`` of JSON and CSV, worded."""
    columns = (
        Column("severity", N_("severity"), "code"),
        Column("code", N_("code"), "code"),
        Column("message", N_("message")),
        Column("hint", N_("hint")),
        Column("file", N_("file"), "code"),
        Column("line", N_("line"), "number"),
        Column("column", N_("column"), "number"),
        Column("customer", N_("customer"), "code"),
    )
    rows = [
        {
            "severity": finding.severity,
            "code": finding.code,
            "message": message(finding),
            "hint": hint(finding),
            "file": finding.place.file or None,
            "line": finding.place.line or None,
            "column": finding.place.column or None,
            "customer": finding.customer or None,
        }
        for finding in findings
    ]
    return Table("findings", columns, rows)


def codes_table(codes: Iterable[FindingCode]) -> Table:
    """Return the catalogue of findings: code, severity and message template of each."""
    columns = (
        Column("code", N_("code"), "code"),
        Column("severity", N_("severity"), "code", words="severity"),
        Column("message", N_("message")),
    )
    rows = [
        {"code": code.code, "severity": code.severity, "message": _(code.message)} for code in codes
    ]
    return Table("codes", columns, rows)


def error_lines(error: LedgercliError) -> str:
    """Return ``error: message`` and, where the class has one, ``hint: …`` on its own line."""
    values: Mapping[str, object] = _with_reason(error.values)
    if isinstance(error, AmountError):
        values = {**values, **error.amounts}
    if isinstance(error, MissingExtraError):
        from ledgercli.output.installation import adding_command

        values = {**values, "install": adding_command(error.extra)}
    return problem(fill(_(error.message), values), fill(_(error.hint), values))


def problem(text: str, advice: str = "") -> str:
    """Return an error line, and a hint line where there is ``advice``, with a final line break."""
    line = _("error: {what}").format(what=text)
    lines = [line, *([_hint_line(advice)] if advice else [])]
    return "".join(f"{line}\n" for line in lines)


def warning(text: str) -> str:
    """Return the line of a warning, without line break."""
    return _("warning: {what}").format(what=text)


def _hint_line(advice: str) -> str:
    return "  " + _("hint: {advice}").format(advice=advice)


_RANK: Mapping[str, int] = {"info": 0, "warning": 1, "error": 2}


def at_least(findings: Iterable[Finding], severity: Severity) -> bool:
    """Return whether any finding is as bad as ``severity`` or worse."""
    return any(_RANK[finding.severity] >= _RANK[severity] for finding in findings)
