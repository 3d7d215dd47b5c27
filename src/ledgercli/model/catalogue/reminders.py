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
    "The interest of a reminder policy is counted above a dated table of rates that is missing or"
    " begins too late. No rate is invented.",
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

CODES: tuple[FindingCode, ...] = (
    TEMPLATE_ERROR,
    TEMPLATE_MISSING,
    CHARACTERS_UNSHOWN,
    LOGO_UNUSABLE,
    RATE_UNKNOWN,
    LETTER_EDITED,
    LETTER_NOT_DUE,
)
