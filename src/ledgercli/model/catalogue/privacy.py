"""Findings about personal data."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

RETENTION_DUE = FindingCode(
    "retention-due",
    "warning",
    N_("`{customer}` is closed, and what is personal was to be kept until {date}"),
    N_("`ledgercli customer forget {customer}` shows what would go"),
    "`privacy.keep_closed` says how long the record of a closed customer keeps names, contacts and"
    " notes after the last document, payment or activity. That time is over.",
)
ACTIVITY_RETENTION_DUE = FindingCode(
    "activity-retention-due",
    "warning",
    N_("the log has words about `{customer}` older than {age} ({count})"),
    N_("`ledgercli customer forget {customer} --activity-before {date}` takes them away"),
    "`privacy.keep_activity` says how long the words of the activity log are kept. Figures, days"
    " and levels stay.",
)
FORGOTTEN_TEXT = FindingCode(
    "forgotten-text",
    "warning",
    N_("`{customer}` was forgotten, but the log has words about them from before ({count})"),
    N_("a merge brought them back; run `ledgercli customer forget {customer} --write` again"),
    "A clone that had not seen the redaction was merged, and its lines came back beside those that"
    " were redacted. Forgetting the customer again takes them away.",
)
CODES = (RETENTION_DUE, ACTIVITY_RETENTION_DUE, FORGOTTEN_TEXT)
