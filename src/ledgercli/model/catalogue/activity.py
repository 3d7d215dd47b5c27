"""Findings about the activity log."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

TORN_LINE = FindingCode(
    "torn-line",
    "warning",
    N_("the last line is incomplete"),
    N_("the next entry sets the fragment aside; write again what it should have said"),
    "A run was interrupted while it wrote, by a full disk or a power cut. The fragment does not"
    " count; the next append moves it to a file of its own.",
)
CONFLICT_MARKER = FindingCode(
    "conflict-marker",
    "error",
    N_("a git conflict marker stands in the file"),
    N_("delete the marker lines and keep the entries of both sides"),
    "The two sides of a merge were not joined. Entries of both sides are read; the line"
    " `activity/*.jsonl merge=union eol=lf` in `.gitattributes` avoids this.",
)
INVALID_EVENT = FindingCode(
    "invalid-event",
    "error",
    N_("the entry cannot be read: {reason}"),
    N_("restore the line from git; corrections are written as new entries"),
    "Each line is one JSON object with id, time, date, kind and customer. The line does not"
    " count, so a letter it recorded may be taken as never sent.",
)
ALTERED_EVENT = FindingCode(
    "altered-event",
    "warning",
    N_("the entry `{id}` was altered after it was written"),
    N_("restore the line from git; corrections are written as new entries"),
    "The id of an entry is computed from all it says, and here the two do not agree. The entry"
    " counts as it now stands.",
)
UNKNOWN_RETRACTED = FindingCode(
    "unknown-retracted",
    "warning",
    N_("there is no entry `{id}` to retract"),
    N_("check the id; the file with the entry may not have been merged yet"),
    "A `retract` entry names by id what it takes back. Nothing was taken back.",
)

CODES: tuple[FindingCode, ...] = (
    TORN_LINE,
    CONFLICT_MARKER,
    INVALID_EVENT,
    ALTERED_EVENT,
    UNKNOWN_RETRACTED,
)
