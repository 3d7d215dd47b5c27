"""Findings about the form of files: whether they can be read, their text, their YAML."""

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
EMPTY_FILE = FindingCode(
    "empty-file",
    "warning",
    N_("the file of a record is empty"),
    N_("get it back with `git checkout -- FILE`, or delete it if it is to go"),
    "A file that was emptied, as by a save that failed, takes a customer away as if there had never"
    " been one. A file with nothing but comments is left alone.",
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

CODES: tuple[FindingCode, ...] = (
    FILE_UNREADABLE,
    NOT_A_FILE,
    NOT_A_FOLDER,
    LINK_OUTSIDE,
    FILE_TOO_LARGE,
    EMPTY_FILE,
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
)
