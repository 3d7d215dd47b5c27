"""Findings as annotations of GitHub Actions: workflow commands on standard output.

Syntax and escapes are those of ``actions/toolkit``, ``packages/core/src/command.ts``.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledgercli.model.finding import Finding
from ledgercli.output import wording
from ledgercli.output.safe_text import visible

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def workflow_commands(findings: Iterable[Finding], folder: str = "") -> str:
    """Return one line for each finding, of every severity.

    ``folder`` is the path from the repository to the books, put in front of the file names.
    """
    return "".join(f"{_annotation(finding, folder)}\n" for finding in findings)


def _annotation(finding: Finding, folder: str) -> str:
    where = finding.place
    properties = {
        "file": f"{folder}/{where.file}" if folder and where.file else where.file,
        "line": str(where.line or ""),
        "col": str(where.column or ""),
        "title": finding.code,
    }
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    advice = wording.hint(finding)
    text = wording.message(finding) + (f"\n{advice}" if advice else "")
    return f"::{_COMMANDS[finding.severity]} {written}::{_data(visible(text, keep=chr(10)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return the value of a property; what no log should hold is made visible."""
    return _data(visible(text, keep="\n")).replace(":", "%3A").replace(",", "%2C")
