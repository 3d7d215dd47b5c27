"""Our checks as a Beancount plugin: `plugin "ledgercli.plugin"`.

`bean-check`, Fava and editors then tell what `ledgercli check` tells, with file and line, of YAML
files too. The configuration is the least severity to tell: `error`, `warning` (the default) or
`info`. When ledgercli itself loads a ledger it leaves this plugin out, so that nothing is told
twice.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any, NamedTuple

from ledgercli.model.errors import LedgercliError

__plugins__ = ("check",)

_SEVERITIES = ("info", "warning", "error")


class LedgercliFinding(NamedTuple):
    """A finding as Beancount has errors."""

    source: dict[str, Any]
    message: str
    entry: None


def check(
    entries: list[Any], options_map: dict[str, Any], severity: str = "warning"
) -> tuple[list[Any], list[LedgercliFinding]]:
    """Return ``entries`` as they are, and what is wrong in the books around the ledger.

    The YAML files of the books are added to the files that caches and watchers look at.
    """
    from ledgercli.desk.plugging import findings_around
    from ledgercli.output import language, wording

    top = options_map["filename"]
    if severity.strip() not in _SEVERITIES:
        text = f"ledgercli.plugin: `{severity}` is none of: {', '.join(_SEVERITIES)}"
        return entries, [_error(top, 0, text)]
    try:
        told = findings_around(entries, options_map, dt.datetime.now(dt.UTC))
    except LedgercliError as error:
        return entries, [_error(top, 0, wording.error_lines(error).strip())]
    options_map["include"] = [*options_map.get("include", ()), *told.files]
    worth = _SEVERITIES[_SEVERITIES.index(severity.strip()) :]
    errors = []
    # The program around may speak another language to others at the same time.
    with language.speaking(told.language or language.ORIGINAL):
        for finding in told.findings:
            if finding.severity in worth:
                words = f"{finding.severity}[{finding.code}]: {wording.message(finding)}"
                if advice := wording.hint(finding):
                    words = f"{words} ({advice})"
                file = os.path.join(told.root, finding.place.file) if finding.place.file else top  # noqa: PTH118
                errors.append(_error(file, finding.place.line, words))
    return entries, errors


def _error(file: str, line: int, words: str) -> LedgercliFinding:
    return LedgercliFinding({"filename": file, "lineno": line}, words, None)
