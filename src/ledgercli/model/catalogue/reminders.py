"""Findings about reminders and their templates."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

TEMPLATE_ERROR = FindingCode(
    "template-error",
    "error",
    N_("the letter template `{template}` cannot be used: {reason}"),
    N_("mend the template; letters made from it are not written until then"),
    "A letter template has a syntax error, uses a name that does not exist, or does what templates"
    " may not do (reach into Python, loop without end, make huge texts).",
)

TEMPLATE_MISSING = FindingCode(
    "template-missing",
    "error",
    N_("there is no letter template `{template}` for `.{kind}`"),
    N_("add `templates/{template}.{kind}.j2`, or name a packaged one: `reminder`, `final-notice`"),
    "A level of a reminder policy names a template that is neither in the books' `templates/` nor"
    " among the packaged ones.",
)

CHARACTERS_UNSHOWN = FindingCode(
    "characters-unshown",
    "error",
    N_("the letter is not printed: no font on this machine has the characters `{characters}`"),
    N_("install fonts that have them, on Debian for instance the package `{package}`"),
    "A PDF letter holds characters that none of the installed fonts can show. It is not written,"
    " since an empty box in place of a name is worse than no letter.",
)

NO_EMAIL_ADDRESS = FindingCode(
    "no-email-address",
    "warning",
    N_("the customer has no e-mail address, so no `.eml` is written"),
    N_("add one under `contacts:`, or write another kind of letter"),
    "A letter was asked for as an e-mail file, but the customer's record names nobody to send to.",
)

LOGO_UNUSABLE = FindingCode(
    "logo-unusable",
    "warning",
    N_("the logo `{path}` cannot be used: {reason}"),
    N_("name a PNG, JPEG or SVG file within the books in `letters.logo`"),
    "The settings name a logo for printed letters that is no picture, or lies outside the books."
    " Letters are printed without it.",
)

RATE_UNKNOWN = FindingCode(
    "rate-unknown",
    "warning",
    N_("no rate `{table}` for interest on arrears up to {day}"),
    N_("add the rates to `rates:` in the settings; the letter goes out without this interest"),
    "The interest of a reminder policy is counted from a dated table of rates that is missing,"
    " begins too late, or ends before the day: a packaged table says until when its last rate is"
    " known to hold. No rate is invented.",
)

NO_HOLIDAY_TABLE = FindingCode(
    "no-holiday-table",
    "error",
    N_("no public holidays are known of `{place}`, named in `reminders.working_days`"),
    N_("known of `{country}` are: {known}; or name the days in `closed:` instead"),
    "The settings want deadlines on working days of a country, or of a part of it, of which the"
    " table of holidays (the extra `holidays`) knows nothing. No letter is planned until then.",
)

LETTER_EDITED = FindingCode(
    "letter-edited",
    "warning",
    N_("`{path}` was edited since it was written, and is left as it is"),
    N_("delete or rename it to have it written again"),
    "A letter on disk is no longer what the program wrote. It is never overwritten.",
)

LETTER_NOT_DUE = FindingCode(
    "letter-not-due",
    "warning",
    N_("`{path}` was written earlier and is not due any more"),
    N_("do not send it; delete it"),
    "The books have changed since the letter was written that day: it was paid, or is held now.",
)

LETTER_HELD = FindingCode(
    "letter-held",
    "warning",
    N_("`{letter}` is not sent: {reason}"),
    N_("have it written again with `ledgercli remind write`, if it is due still"),
    "A letter that was written does not follow from the books any more: it was paid, a document or"
    " a contact was changed, a promise was made. It is not sent.",
)

LETTER_STUCK = FindingCode(
    "letter-stuck",
    "error",
    N_("`{letter}` is not sent: {reason}"),
    N_("a person has to decide; until then this customer gets no other letter in this currency"),
    "A letter was or may have been sent without the log saying so, cannot be delivered, or its"
    " files do not belong together. The program does not go on by itself.",
)

LETTER_NOT_SENT = FindingCode(
    "letter-not-sent",
    "error",
    N_("`{letter}` was not sent: {reason}"),
    N_("the next run tries again when that can help"),
    "The mail server, or another channel, did not take a letter. The log says when it is tried"
    " again; a letter that can never be delivered waits for a person.",
)

LETTER_CHANGED = FindingCode(
    "letter-changed",
    "error",
    N_("`{path}` is not what was sent"),
    N_("the log has the hash of what was sent; look for the file in git or in a backup"),
    "The file of a letter was changed after it was sent, and git has no version with the hash that"
    " the activity log keeps.",
)

FIGURES_DIFFER = FindingCode(
    "figures-differ",
    "error",
    N_("figures of `{letter}` do not follow from its books"),
    N_("`remind verify` shows which; were the books changed before they were committed?"),
    "`remind verify` computed a letter again at the revision of the books that it names, and found"
    " other figures.",
)

COMMIT_FAILED = FindingCode(
    "commit-failed",
    "error",
    N_("git did not commit: {reason}"),
    N_("commit `letters` and `activity` yourself; what was sent is recorded there"),
    "`--commit` could not commit what the run has written. The files are complete all the same.",
)

CODES: tuple[FindingCode, ...] = (
    TEMPLATE_ERROR,
    TEMPLATE_MISSING,
    CHARACTERS_UNSHOWN,
    NO_EMAIL_ADDRESS,
    LOGO_UNUSABLE,
    RATE_UNKNOWN,
    NO_HOLIDAY_TABLE,
    LETTER_EDITED,
    LETTER_NOT_DUE,
    LETTER_HELD,
    LETTER_STUCK,
    LETTER_NOT_SENT,
    LETTER_CHANGED,
    FIGURES_DIFFER,
    COMMIT_FAILED,
)
