"""Findings about the user's YAML and JSONL files: settings, customers, activity."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

UNKNOWN_KEY = FindingCode(
    "unknown-key",
    "warning",
    N_("unknown key `{key}`"),
    N_("did you mean `{suggestion}`? Keys of your own go under `fields:`"),
    "The key means nothing here and is ignored.",
)

CODES: tuple[FindingCode, ...] = (UNKNOWN_KEY,)
