"""Findings about the books' own reports, and about where reports are named."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

REPORT_NAME = FindingCode(
    "report-name",
    "error",
    N_("`{name}` is the name of a report of the program"),
    N_("give the file another name"),
    "A report of the books' own goes by the name of its file. Where the program has a report of"
    " that name, or the name cannot be typed as one word, the file is not used.",
)
#: The same finding where the name is no word.
REPORT_NAME_UNFIT = FindingCode(
    "report-name",
    "error",
    N_("`{name}` cannot be the name of a report"),
    N_("use letters, digits, `-`, `_` and `.` for the name of the file"),
    REPORT_NAME.explanation,
)
REPORT_SOURCE = FindingCode(
    "report-source",
    "error",
    N_("a report is made from one of `query`, `table` and `report`; here are {count}"),
    N_("keep one of the three; a query is BQL, a table one of `ledgercli query --tables`"),
    "It would not be known what the rows are. The report cannot be run.",
)
UNKNOWN_REPORT = FindingCode(
    "unknown-report",
    "error",
    N_("there is no report `{name}`"),
    N_("`ledgercli report --list` names them all"),
    "A report of the books' own, or a digest in the settings, names a report or table that there"
    " is not. The report cannot be run; of the digest the rest goes out.",
)
#: The same finding where one known name is close enough to be meant.
UNKNOWN_REPORT_SIMILAR = FindingCode(
    "unknown-report",
    "error",
    N_("there is no report `{name}`"),
    N_("did you mean `{suggestion}`?"),
    UNKNOWN_REPORT.explanation,
)
#: The same finding of a table.
UNKNOWN_TABLE = FindingCode(
    "unknown-report",
    "error",
    N_("there is no table `{name}`"),
    N_("use one of: {known}"),
    UNKNOWN_REPORT.explanation,
)
REPORT_COLUMN = FindingCode(
    "report-column",
    "error",
    N_("the report has no column `{column}`"),
    N_("its columns are: {known}"),
    "`columns`, `group`, `sort`, `where`, `labels`, `kinds` and `chart` name columns of what the"
    " report is made from. The report cannot be run.",
)
#: The same finding where one column is close enough to be meant.
REPORT_COLUMN_SIMILAR = FindingCode(
    "report-column",
    "error",
    N_("the report has no column `{column}`"),
    N_("did you mean `{suggestion}`?"),
    REPORT_COLUMN.explanation,
)
REPORT_OPTION = FindingCode(
    "report-option",
    "error",
    N_("the report `{report}` has no option `{option}`"),
    N_("its options are: {known}"),
    "`options` are those of the command, such as `months: 24` for `report dso --months 24`. The"
    " report cannot be run.",
)
#: The same finding of a value.
REPORT_OPTION_VALUE = FindingCode(
    "report-option",
    "error",
    N_("the option `{option}` cannot be `{value}`"),
    N_("expected: {expected}"),
    REPORT_OPTION.explanation,
)
REPORT_QUERY = FindingCode(
    "report-query",
    "error",
    N_("the query does not work: {reason}"),
    N_("`ledgercli query --tables` lists the tables and their columns"),
    "The query of a report of the books' own is no BQL, or names what there is not. The report"
    " cannot be run.",
)
REPORT_CURRENCY = FindingCode(
    "report-currency",
    "error",
    N_("`{column}` is money, and no column `currency` says of which currency"),
    N_("add `currency` to what the query selects, and to `GROUP BY`"),
    "Amounts without a currency cannot be shown as money, and are never added. The report cannot"
    " be run.",
)

CODES: tuple[FindingCode, ...] = (
    REPORT_NAME,
    REPORT_SOURCE,
    UNKNOWN_REPORT,
    REPORT_COLUMN,
    REPORT_OPTION,
    REPORT_QUERY,
    REPORT_CURRENCY,
)
