"""The books' own reports: every ``reports/*.yaml``, read with the care of a customer record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path as FilePath

from ledgercli.books.customer_checks import PLAIN_ID
from ledgercli.books.customers import record_names
from ledgercli.books.files import read_all, read_bytes, shown_path
from ledgercli.books.settings import ADDRESS
from ledgercli.books.source import Source
from ledgercli.books.source_reading import read_source
from ledgercli.books.validation import Problem, to_findings, validated
from ledgercli.model.catalogue import own_reports as report_codes
from ledgercli.model.catalogue import records as codes
from ledgercli.model.catalogue import settings as setting_codes
from ledgercli.model.finding import Finding, Place
from ledgercli.model.own_report import OwnReport
from ledgercli.model.record import dataclass

FOLDER = "reports"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as it was read, with the text that says where everything stands."""

    report: OwnReport
    source: Source

    def findings(self, problems: Iterable[Problem]) -> list[Finding]:
        """Return the problems with their places in the file."""
        return to_findings(list(problems), self.source)

    def query_place(self, line: int, column: int) -> Place:
        """Return where a place in the query (both from 1) is in the file."""
        start = self.source.place(("query",))
        lines = self.source.text.splitlines()
        first = lines[start.line - 1][start.column - 1 :] if start.line <= len(lines) else ""
        if first[:1] in {"|", ">"}:
            row = start.line + line
            text = lines[row - 1] if row <= len(lines) else ""
            return Place(start.file, row, len(text) - len(text.lstrip()) + column)
        if line > 1:
            return start
        return Place(start.file, start.line, start.column + column - (first[:1] not in {'"', "'"}))


def report_names(root: FilePath) -> tuple[str, ...]:
    """Return the names of the reports that there are files of, sorted."""
    names, _findings = record_names(root, FOLDER)
    return tuple(dict.fromkeys(name.rpartition(".")[0] for name in names))


def read_reports(root: FilePath) -> tuple[tuple[ReportFile, ...], tuple[Finding, ...]]:
    """Return the reports of the books ``root`` by name, and all findings of their form.

    Those whose name is no word, and the second of two of one name, are left out.
    """
    names, findings = record_names(root, FOLDER)
    read: dict[str, ReportFile] = {}
    for name, content, refused in read_all(root, FOLDER, names):
        findings += refused
        if content is None:
            continue
        source = read_source(content, f"{FOLDER}/{name}")
        findings += source.findings
        stem = name.rpartition(".")[0]
        filled = {"name": stem, "file": source.shown}
        if source.data is None:
            continue
        report, problems = validated(OwnReport, source.data, (), filled)
        if report and report.top < 0:
            problems.append(Problem(setting_codes.NEGATIVE_SETTING, ("top",), {"key": "top"}))
            report = replace(report, top=0)
        if report is None:
            findings += to_findings(problems, source)
            continue
        if not PLAIN_ID.fullmatch(stem) or ".." in stem or stem in read:
            values = {"name": stem[:60]}
            problems.append(Problem(report_codes.REPORT_NAME_UNFIT, (), values))
        else:
            read[stem] = ReportFile(report, source)
        findings += to_findings([*problems, *_mail_problems(report)], source)
    return tuple(read[name] for name in sorted(read)), tuple(findings)


def _mail_problems(report: OwnReport) -> Iterator[Problem]:
    """Yield why a report cannot go out by e-mail, if it shall."""
    if report.every and not report.to:
        yield Problem(codes.MISSING_KEY, (), {"key": "to"})
    if report.to and not report.every:
        yield Problem(codes.MISSING_KEY, (), {"key": "every"})
    if report.to and (not ADDRESS.fullmatch(report.to.strip()) or "\n" in report.to):
        yield Problem(codes.INVALID_EMAIL, ("to",), {"email": report.to[:80]})


def unknown_in_digests(
    root: FilePath, settings_file: FilePath | None, problems: Iterable[Problem]
) -> list[Finding]:
    """Return problems of the settings' digests with their places in the settings file."""
    found = list(problems)
    if not found or settings_file is None:
        return []
    content, _refused = read_bytes(settings_file, FilePath(settings_file.anchor))
    source = read_source(content or b"", shown_path(root, settings_file))
    return to_findings(found, source)
