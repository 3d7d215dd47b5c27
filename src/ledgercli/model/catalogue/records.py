"""Findings about what YAML records say: values of any record, and customers."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

# --- values ------------------------------------------------------------------------------------

UNKNOWN_KEY = FindingCode(
    "unknown-key",
    "warning",
    N_("unknown key `{key}`"),
    N_("keys known here: {known}"),
    "The key means nothing here and is ignored; often it is a slip of the keyboard. Keys of"
    " your own go under `fields:` of a customer.",
)
#: The same finding where one known key is close enough to be meant.
UNKNOWN_KEY_SIMILAR = FindingCode(
    "unknown-key",
    "warning",
    N_("unknown key `{key}`"),
    N_("did you mean `{suggestion}`?"),
    UNKNOWN_KEY.explanation,
)
MISSING_KEY = FindingCode(
    "missing-key",
    "error",
    N_("the key `{key}` is missing"),
    N_("add `{key}:`"),
    "The entry means nothing without this key and is ignored as a whole.",
)
INVALID_VALUE = FindingCode(
    "invalid-value",
    "error",
    N_("`{key}`: {reason}"),
    N_("correct the value; until then it counts as not given"),
    "The value cannot be understood: an impossible date, a number that is none, terms that do"
    " not parse. The key is ignored, the rest of the record counts.",
)
UNKNOWN_VALUE = FindingCode(
    "unknown-value",
    "error",
    N_("`{value}` is not known as `{key}`"),
    N_("use one of: {known}"),
    "Only certain words have a meaning here. The key is ignored, the rest of the record counts.",
)
EXPECTED_TEXT = FindingCode(
    "expected-text",
    "error",
    N_("`{key}` must be text"),
    N_("write one text after the colon; quote it if it has brackets or a colon"),
    "A list or mapping stands where one text belongs. The key is ignored.",
)
EXPECTED_LIST = FindingCode(
    "expected-list",
    "error",
    N_("`{key}` must be a list"),
    N_("write `[one, two]`, or each entry on a line of its own after `- `"),
    "A single value stands where a list belongs. The key is ignored.",
)
EXPECTED_KEYS = FindingCode(
    "expected-keys",
    "error",
    N_("`{key}` must be keys with values"),
    N_("write `key: value` on lines of their own, or `{{key: value}}`"),
    "A text or list stands where keys with values belong. It is ignored.",
)
NOT_A_RECORD = FindingCode(
    "not-a-record",
    "error",
    N_("this is not a record of keys with values"),
    N_("begin with `key: value`; of several records each begins with `- key: value`"),
    "A file of records holds keys with values, or a list of such. What stands here is left out.",
)
EXPECTED_NUMBER = FindingCode(
    "expected-number",
    "error",
    N_("`{key}` must be a whole number"),
    N_("write it with digits only"),
    "Something else stands where a whole number belongs. The key is ignored.",
)
EXPECTED_YES_OR_NO = FindingCode(
    "expected-yes-or-no",
    "error",
    N_("`{key}` must be `true` or `false`"),
    N_("write `true` or `false`"),
    "Something else stands where yes or no belongs. The key is ignored.",
)
LINE_BREAK = FindingCode(
    "line-break",
    "error",
    N_("`{key}` goes over several lines"),
    N_("write it in one line"),
    "Names, addresses of e-mail and the like stand in headers and file names, where a line"
    " break could smuggle something in. The lines are joined by spaces.",
)
AMOUNT_WITHOUT_CURRENCY = FindingCode(
    "amount-without-currency",
    "error",
    N_("`{key}`: the amount {amount} has no currency"),
    N_("write the currency after the amount, such as `{amount} EUR`"),
    "Amounts are never guessed into a currency. In a customer record the key `currency:` can"
    " say it once for all amounts; elsewhere it stands beside each. The amount is ignored.",
)

# --- customers ---------------------------------------------------------------------------------

INVALID_ID = FindingCode(
    "invalid-id",
    "error",
    N_("`{id}` cannot be the id of a customer"),
    N_("use letters, digits, `-`, `.` and `_`; at most 64, not beginning with a point"),
    "Ids stand in file names and in metadata of the ledger, so they hold letters and digits of"
    " any script, `-`, `.` and `_` only. The record is left out until the id is corrected.",
)
DUPLICATE_ID = FindingCode(
    "duplicate-id",
    "error",
    N_("the id `{id}` is taken by {other}"),
    N_("give one of the two another id; upper and lower case make no difference"),
    "Two records claim the same id; capital and small letters count as the same, as some file"
    " systems see it so. The record here is left out, the other one counts.",
)
UNKNOWN_PARENT = FindingCode(
    "unknown-parent",
    "error",
    N_("the parent `{parent}` is not a customer"),
    N_("write the id of a customer, or remove the line"),
    "`parent:` names a customer by its id. The record counts as one without a parent.",
)
PARENT_CYCLE = FindingCode(
    "parent-cycle",
    "error",
    N_("the customer is its own parent: {chain}"),
    N_("remove one `parent:` of the chain"),
    "Parents lead back to where they began. The parent here is ignored.",
)
INVALID_ACCOUNT = FindingCode(
    "invalid-account",
    "error",
    N_("`{account}` is not an account name"),
    N_("write it as the ledger does, such as `Assets:Receivable:Acme`"),
    "No ledger can have an account of this name: components are separated by colons and begin"
    " with a capital letter or a digit. The entry is ignored.",
)
INVALID_IDENTIFIER = FindingCode(
    "invalid-identifier",
    "warning",
    N_("`{value}` is not a valid {kind}"),
    N_("compare it with the original; a digit may be mistyped"),
    "Length, form or check digit do not fit the rules for numbers of this kind (VAT numbers,"
    " USCC, IBAN, BIC, LEI). The number is kept and printed as it is.",
)
INVALID_EMAIL = FindingCode(
    "invalid-email",
    "warning",
    N_("`{email}` does not look like an e-mail address"),
    N_("write it like `name@example.com`"),
    "Nothing can be sent to such an address. It is kept as it is.",
)
INVALID_COUNTRY = FindingCode(
    "invalid-country",
    "warning",
    N_("`{country}` is not a country code of two capital letters"),
    N_("use the ISO 3166 code, such as `DE` or `CN`"),
    "The country decides how an address is printed, so it is written as its ISO code.",
)
INVALID_LANGUAGE = FindingCode(
    "invalid-language",
    "warning",
    N_("`{language}` is not a language code"),
    N_("use a code such as `en`, `de` or `zh`"),
    "The language chooses templates and the form of dates and amounts. It is ignored here.",
)
CONTRACT_DATES = FindingCode(
    "contract-dates",
    "warning",
    N_("the contract `{contract}` ends on {end}, before it starts on {start}"),
    N_("correct one of the two dates"),
    "Start and end of the contract are both kept as they are, but cannot both be right.",
)
CONTRACT_TWICE = FindingCode(
    "contract-twice",
    "warning",
    N_("two contracts of the customer have the id `{contract}`"),
    N_("give one of the two another id"),
    "Both count, but orders, letters and lines of the agenda that name the id cannot be told"
    " apart.",
)

CODES: tuple[FindingCode, ...] = (
    UNKNOWN_KEY,
    MISSING_KEY,
    INVALID_VALUE,
    UNKNOWN_VALUE,
    EXPECTED_TEXT,
    EXPECTED_LIST,
    EXPECTED_KEYS,
    NOT_A_RECORD,
    EXPECTED_NUMBER,
    EXPECTED_YES_OR_NO,
    LINE_BREAK,
    AMOUNT_WITHOUT_CURRENCY,
    INVALID_ID,
    DUPLICATE_ID,
    UNKNOWN_PARENT,
    PARENT_CYCLE,
    INVALID_ACCOUNT,
    INVALID_IDENTIFIER,
    INVALID_EMAIL,
    INVALID_COUNTRY,
    INVALID_LANGUAGE,
    CONTRACT_DATES,
    CONTRACT_TWICE,
)
