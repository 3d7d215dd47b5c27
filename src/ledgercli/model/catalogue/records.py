"""Findings about the user's YAML and JSONL files: settings, customers, activity."""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

# --- files -------------------------------------------------------------------------------------

FILE_UNREADABLE = FindingCode(
    "file-unreadable",
    "error",
    N_("the file cannot be read: {reason}"),
    N_("check the file and its permissions"),
    "The system refused to open the file, or a link points to nothing. Everything the file"
    " would have said is missing from all answers.",
)
NOT_A_FILE = FindingCode(
    "not-a-file",
    "error",
    N_("this is not a regular file"),
    N_("only files are read here; move folders, sockets and devices elsewhere"),
    "The name looks like a record, but a folder, pipe or device stands there. Nothing was read"
    " from it.",
)
NOT_A_FOLDER = FindingCode(
    "not-a-folder",
    "error",
    N_("this is not a folder"),
    N_("make it a folder that holds the records, or give the file another name"),
    "Customers, orders and activity are files in folders of these names. Nothing was read.",
)
LINK_OUTSIDE = FindingCode(
    "link-outside",
    "error",
    N_("the link leads out of the books"),
    N_("put the file itself into the books, or link to a file inside them"),
    "Records are read from the books' folder only, so that a foreign set of books cannot pull"
    " in files from elsewhere on this computer. The linked file was not read.",
)
FILE_TOO_LARGE = FindingCode(
    "file-too-large",
    "error",
    N_("the file has more than {limit} MiB and was not read"),
    N_("split it: one customer per file is the usual way"),
    "Files of records are read as a whole, so their size is bounded. The file was not read.",
)
NOT_UTF8 = FindingCode(
    "not-utf8",
    "error",
    N_("the file is not UTF-8 ({encoding})"),
    N_("save the file as UTF-8 in your editor"),
    "Text files are UTF-8 here. Older programs write Latin-1, GB18030 or UTF-16, in which"
    " names come out wrong. The place is the first byte that does not fit; where possible the"
    " rest of the file is read all the same.",
)
CONTROL_CHARACTER = FindingCode(
    "control-character",
    "error",
    N_("there is an invisible control character, {character}"),
    N_("delete the character; it is shown as `{character}` here"),
    "Control characters can hide text, move the cursor or end a line of an e-mail header. They"
    " are replaced by `\N{REPLACEMENT CHARACTER}` in what is read.",
)
BIDI_CHARACTER = FindingCode(
    "bidi-character",
    "warning",
    N_("there is an invisible character that changes the direction of text, {character}"),
    N_("delete the character, unless a right-to-left name needs it"),
    "Characters that embed or override the direction of text can make a line read differently"
    " from what it says. They are replaced by `\N{REPLACEMENT CHARACTER}` in what is read.",
)

# --- YAML --------------------------------------------------------------------------------------

YAML_SYNTAX = FindingCode(
    "yaml-syntax",
    "error",
    N_("this is not valid YAML: {reason}"),
    N_("check indentation, colons, brackets and quotation marks here and in the line before"),
    "The file could not be understood from this place on, so none of it counts. Texts with a"
    " colon, a hash or a bracket need quotation marks.",
)
YAML_TAB = FindingCode(
    "yaml-tab",
    "error",
    N_("a tab is used for indentation"),
    N_("indent with spaces"),
    "YAML does not allow tabs as indentation. None of the file counts until they are gone.",
)
DUPLICATE_KEY = FindingCode(
    "duplicate-key",
    "error",
    N_("the key `{key}` is given twice"),
    N_("keep one of the two; until then the first one counts"),
    "A mapping has the same key twice, often after copying lines. The first one counts, the"
    " place is the second.",
)
KEY_NOT_TEXT = FindingCode(
    "key-not-text",
    "error",
    N_("a key must be a single word or text"),
    N_("put text before the colon; a list or mapping cannot be a key"),
    "YAML lets lists and mappings be keys; records have no use for that, so it is a slip.",
)
THOUSANDS_SEPARATOR = FindingCode(
    "thousands-separator",
    "error",
    N_("a comma separates entries here, so `{text}` was split in two"),
    N_("write the number without a thousands separator: `{joined}`"),
    "Within brackets a comma ends an entry: `{limit: 10,000 EUR}` says limit 10 and a key"
    " `000 EUR`. The amount is ignored, because it cannot be what was meant.",
)
ALIAS_BOMB = FindingCode(
    "alias-bomb",
    "error",
    N_("aliases in this file unfold into more than {limit} values"),
    N_("write the values out instead of using `*` aliases"),
    "Aliases of aliases can make a small file unfold into billions of values. The file was not"
    " read.",
)
ALIAS_RECURSIVE = FindingCode(
    "alias-recursive",
    "error",
    N_("the alias `*{name}` stands inside what it names"),
    N_("write the value out instead of using an alias"),
    "A value that contains itself has no end. The alias is read as if nothing stood there.",
)
MERGE_KEY = FindingCode(
    "merge-key",
    "error",
    N_("merge keys `<<` are not supported"),
    N_("write the keys out in each record"),
    "The YAML merge key is left out on purpose, so that every record says what it says where it"
    " stands. The key and what it would have brought are ignored.",
)
EXPLICIT_TAG = FindingCode(
    "explicit-tag",
    "error",
    N_("the tag `{tag}` is not allowed"),
    N_("remove the tag; values get their type from the key they stand under"),
    "YAML tags such as `!!python/object` can ask a reader to build objects or run code. Values"
    " with a tag are read as if nothing stood there.",
)
TOO_DEEP = FindingCode(
    "too-deep",
    "error",
    N_("more than {limit} levels of nesting"),
    N_("no record needs that many; look for brackets that were never closed"),
    "Nesting is bounded, so that a broken or hostile file cannot exhaust memory.",
)
TOO_MANY_VALUES = FindingCode(
    "too-many-values",
    "error",
    N_("the file has more than {limit} values and was not read"),
    N_("split it: one customer per file is the usual way"),
    "Files of records are read as a whole, so what they hold is bounded. The file was not read.",
)
SEVERAL_DOCUMENTS = FindingCode(
    "several-documents",
    "error",
    N_("a second document begins here"),
    N_("remove the line `---`, and write several records as a list with `- `"),
    "A file holds one document. What comes after the first one is not read.",
)

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

# --- settings ----------------------------------------------------------------------------------

UNKNOWN_TIMEZONE = FindingCode(
    "unknown-timezone",
    "error",
    N_("the time zone `{timezone}` is not known"),
    N_("write it like `Europe/Berlin` or `Asia/Shanghai`"),
    "The time zone decides which day is today. Without a known one, this computer's counts.",
)
BUCKETS_NOT_ASCENDING = FindingCode(
    "buckets-not-ascending",
    "error",
    N_("the aging buckets `{buckets}` do not ascend from above zero"),
    N_("write upper bounds in ascending order, such as `[30, 60, 90]`"),
    "Each bound is the last day of its bucket, so they must be positive and grow. The default"
    " buckets are used instead.",
)
UNKNOWN_POLICY = FindingCode(
    "unknown-policy",
    "error",
    N_("the default policy `{policy}` does not exist"),
    N_("name one of: {known}"),
    "Customers without a policy of their own would be reminded by nothing at all.",
)
UNKNOWN_CHANNEL = FindingCode(
    "unknown-channel",
    "error",
    N_("there is no channel `{channel}`"),
    N_("channels are {known}"),
    "Letters would wait for it for ever.",
)
LEVEL_NAME_TWICE = FindingCode(
    "level-name-twice",
    "error",
    N_("the policy `{policy}` has two levels called `{level}`"),
    N_("give each level a name of its own"),
    "The activity log records levels by number and name; two of the same name cannot be told"
    " apart by a reader.",
)
FIRST_SINCE_PREVIOUS = FindingCode(
    "first-since-previous",
    "error",
    N_("the first dunning level `{level}` of `{policy}` counts from a previous one"),
    N_("write when it comes after the due date, such as `after: 5 days`"),
    "`since previous` counts from the day the previous letter was sent, and notices before the"
    " due date do not count. The level would never be reached.",
)
INVALID_TEMPLATE_NAME = FindingCode(
    "invalid-template-name",
    "error",
    N_("`{template}` cannot be the name of a template"),
    N_("write the bare name, such as `reminder`, without folder and ending"),
    "Templates are looked up by name in the books and then in the program. A path could lead"
    " out of the books.",
)
UNKNOWN_RATE_TABLE = FindingCode(
    "unknown-rate-table",
    "error",
    N_("there is no table of rates called `{table}`"),
    N_("add it under `rates:`; known tables: {known}"),
    "`above:` names a dated table of rates to which the policy's own rate is added. Without the"
    " table no interest can be computed.",
)
LEVELS_NOT_ASCENDING = FindingCode(
    "levels-not-ascending",
    "warning",
    N_("the level `{level}` of `{policy}` comes no later than the one before it"),
    N_("order the levels by the days after which they come"),
    "Levels are taken one by one in the order written. One that comes no later than the one"
    " before it is reached at the first run after it.",
)
NEGATIVE_SETTING = FindingCode(
    "negative-setting",
    "error",
    N_("`{key}` cannot be negative"),
    N_("write zero or more"),
    "A negative number has no meaning here. The default is used instead.",
)

# --- activity ----------------------------------------------------------------------------------

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
    FILE_UNREADABLE,
    NOT_A_FILE,
    NOT_A_FOLDER,
    LINK_OUTSIDE,
    FILE_TOO_LARGE,
    NOT_UTF8,
    CONTROL_CHARACTER,
    BIDI_CHARACTER,
    YAML_SYNTAX,
    YAML_TAB,
    DUPLICATE_KEY,
    KEY_NOT_TEXT,
    THOUSANDS_SEPARATOR,
    ALIAS_BOMB,
    ALIAS_RECURSIVE,
    MERGE_KEY,
    EXPLICIT_TAG,
    TOO_DEEP,
    TOO_MANY_VALUES,
    SEVERAL_DOCUMENTS,
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
    UNKNOWN_TIMEZONE,
    BUCKETS_NOT_ASCENDING,
    UNKNOWN_POLICY,
    UNKNOWN_CHANNEL,
    LEVEL_NAME_TWICE,
    FIRST_SINCE_PREVIOUS,
    INVALID_TEMPLATE_NAME,
    UNKNOWN_RATE_TABLE,
    LEVELS_NOT_ASCENDING,
    NEGATIVE_SETTING,
    TORN_LINE,
    CONFLICT_MARKER,
    INVALID_EVENT,
    ALTERED_EVENT,
    UNKNOWN_RETRACTED,
)
