"""Findings about files of other systems."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

ROW_REJECTED = FindingCode(
    "row-rejected",
    "error",
    N_("this row was not taken: {reason}"),
    N_("correct the row in the file, or the record it is about, and import again"),
    "A row of an imported file cannot be given to one customer, or lacks what a record needs. The"
    " line is the number of the row as a spreadsheet counts it, headings included. All other rows"
    " are taken.",
)

IMPORT_CONFLICT = FindingCode(
    "import-conflict",
    "warning",
    N_("`{field}` is `{ours}` here and `{theirs}` in the file"),
    N_("yours is kept; `--take theirs` takes the file's, `--take ours` settles it for yours"),
    "A value differs from what the last import brought, both here and in the file; or it was here"
    " before the first import. What stands in the books is never overwritten silently.",
)

NO_PLAIN_TEXT = FindingCode(
    "no-plain-text",
    "warning",
    N_("characters were taken out of `{column}`: {characters}"),
    N_("compare the value with its source"),
    "A cell of an imported file has control characters, or characters that change the direction"
    " of text. They are left out.",
)

MAIL_OF_DOUBT = FindingCode(
    "mail-perhaps-forwarded",
    "info",
    N_("this mail of {date} is older than the one before it, and may be a part of that"),
    N_("look at the line in the mailbox; `ledgercli activity retract` takes the entry back"),
    "A mail that was forwarded with all its headers looks like a message of its own in an mbox"
    " that does not say how long its messages are. In a mailbox that is otherwise in the order of"
    " time one that is older by more than an hour is told.",
)

CODES: tuple[FindingCode, ...] = (ROW_REJECTED, IMPORT_CONFLICT, NO_PLAIN_TEXT, MAIL_OF_DOUBT)
