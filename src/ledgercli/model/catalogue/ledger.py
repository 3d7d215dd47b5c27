"""Findings about the ledger: Beancount's own errors, and what receivables need of it.

An error of Beancount carries the code ``beancount-`` and its class in lower case. Where the cause
is a known trap, the finding has the hint of the trap instead of the general one.
"""

from __future__ import annotations

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import FindingCode

_MESSAGE = N_("{message}")


def _beancount(name: str, hint: str, explanation: str) -> FindingCode:
    return FindingCode(f"beancount-{name}", "error", _MESSAGE, hint, explanation)


# The classes of Beancount 3.2 and of the plugins that it ships.
BEANCOUNT: tuple[FindingCode, ...] = (
    _beancount(
        "parser-syntax",
        N_("Beancount could not read this line; what it belongs to is left out"),
        "The line is no Beancount syntax. The whole directive is lost.",
    ),
    _beancount(
        "parser",
        N_("correct the directive as Beancount's message says"),
        "The directive can be read, but not understood: an invalid account name, an option without"
        " meaning, a tag that is never popped.",
    ),
    _beancount(
        "lexer",
        N_("remove or replace the characters that Beancount does not know"),
        "Characters that have no meaning in a ledger.",
    ),
    _beancount(
        "deprecated",
        N_("write it in the present form, as the message says"),
        "Syntax that Beancount has given up.",
    ),
    _beancount(
        "load",
        N_("check the `include` and `plugin` lines of the ledger"),
        "An included file or a plugin could not be loaded.",
    ),
    _beancount(
        "validation",
        N_("correct the directive, or the `open` and `close` of the accounts it names"),
        "An account that is not open on that day, a currency that the account does not allow, two"
        " different balances for one day, a transaction that does not balance.",
    ),
    _beancount(
        "balance",
        N_("look for a transaction that is missing, doubled or wrong before that day"),
        "A `balance` directive states another amount than the ledger has, or a transaction does"
        " not balance.",
    ),
    _beancount(
        "pad",
        N_("remove the `pad`, or add the `balance` that it leads up to"),
        "A `pad` directive fills nothing, or cannot.",
    ),
    _beancount(
        "document",
        N_("check the path of the document"),
        "A document that the ledger names does not exist.",
    ),
    _beancount(
        "booking",
        N_("check amounts and costs of the transaction"),
        "Beancount could not book the transaction.",
    ),
    _beancount(
        "categorization",
        N_("write the currency of the amount"),
        "Beancount could not tell the currency of a posting.",
    ),
    _beancount(
        "interpolation",
        N_("leave out at most one amount per currency"),
        "Too many amounts are left out to fill them in.",
    ),
    _beancount(
        "reduction",
        N_("check the lots that are left in the account"),
        "A posting takes more, or other lots, than the account holds.",
    ),
    _beancount(
        "ambiguous-match",
        N_("name the lot by its cost, date or label"),
        "Several lots fit the one that is sold.",
    ),
    _beancount(
        "self-redux",
        N_("split the transaction in two"),
        "A transaction reduces a lot that it creates itself.",
    ),
    *(
        _beancount(
            name,
            N_("correct it as the message of the plugin says"),
            "Reported by a plugin that comes with Beancount.",
        )
        for name in (
            "match-basis",
            "coherent-cost",
            "config",
            "check-commodity",
            "leaf-only",
            "implicit-price",
            "unique-prices",
            "commodity",
            "sell-gains",
            "one-commodity",
            "unused-account",
        )
    ),
)

BEANCOUNT_OTHER = FindingCode(
    "beancount-other",
    "error",
    _MESSAGE,
    N_("correct it as the message says"),
    "Reported by Beancount or by a plugin with an error class that is not in this list. The code"
    " shown is `beancount-` and the name of that class.",
)

# Hints of known traps: they take the place of the general hint of the code.
HINT_BOM = N_(
    "the file begins with a byte order mark, so Beancount loses its first directive; save it as"
    " UTF-8 without BOM"
)
HINT_UTF_16 = N_("the file is UTF-16; save it as UTF-8")
HINT_NOT_UTF_8 = N_(
    "the line is not UTF-8 (Latin-1 perhaps), so Beancount leaves out the whole directive; save the"
    " file as UTF-8"
)
HINT_ACCOUNT_ROOT = N_(
    "options such as `name_assets` must be repeated in every included file, this one too"
)
HINT_ACCOUNT_COMPONENT = N_(
    "each part of an account name begins with a capital letter or a digit; put an account code in"
    " front, such as `Assets:1122应收账款`"
)
HINT_ACCOUNT_NAME = N_(
    "an account begins with one of the five root names, and each part after `:` with a capital"
    " letter or a digit"
)
HINT_INCLUDE_NOT_FOUND = N_("the path counts from the folder of the file with the `include`")
HINT_INCLUDE_TWICE = N_("a file may be included once only; remove one of the `include` lines")
HINT_PLUGIN_MISSING = N_(
    "install the plugin beside ledgercli, correct its name, or use `--safe` to load without it"
)
HINT_QUOTES = N_('put the text in quotes: `{key}: "…"`')
HINT_LINK = N_(
    "links are ASCII letters, digits and `-_/.` only; write other numbers as `invoice:` metadata"
)
HINT_NUMBER_LENGTH = N_("the number has more digits than Beancount takes")
HINT_NO_SUCH_DAY = N_("the calendar has no such day; the directive is left out")
HINT_NOT_OPEN = N_("add an `open` directive on or before that day, or correct the account name")

UNREADABLE = FindingCode(
    "ledger-file-unreadable",
    "error",
    N_("cannot read `{path}`: {reason}"),
    N_("an included file must be a readable text file"),
    "A file of the ledger exists but cannot be read or is beyond what Beancount's parser can take."
    " Its entries are missing.",
)
BEANCOUNT_FAILED = FindingCode(
    "beancount-failed",
    "error",
    N_("Beancount failed on this entry or step ({step}): {reason}"),
    N_("correct or remove the entry; what the step would have done is missing"),
    "Beancount itself stopped with an exception where `bean-check` would end with a traceback.",
)
IMPOSSIBLE_NUMBER = FindingCode(
    "impossible-number",
    "error",
    N_("an amount of this entry is no finite number; the entry is left out"),
    N_("look for a division by zero"),
    "The arithmetic of an amount has no result, as in `1/0 EUR`. (`bean-check` 3.2 crashes.)",
)
PLUGIN_FAILED = FindingCode(
    "plugin-failed",
    "error",
    N_("plugin `{plugin}` failed: {reason}"),
    N_("correct the plugin, or use `--safe` to load without it"),
    "A plugin of the ledger raised an error on import or tried to end the program.",
)
PLUGIN_NOT_RUN = FindingCode(
    "plugin-not-run",
    "warning",
    N_("plugin `{plugin}` was not run"),
    N_("`--safe` and `--known-at` load a ledger without running its code; figures may differ"),
    "Only plugins that come with Beancount run in safe mode, and of those none that evaluates its"
    " configuration as Python.",
)
METADATA_NOT_TEXT = FindingCode(
    "metadata-not-text",
    "error",
    N_("`{key}:` is not text but {value}"),
    N_('put it in quotes: `{key}: "…"`; without them `2025-17` is arithmetic'),
    "The value of a key that has a meaning here was read by Beancount as a number, an amount, a"
    " date or a truth value. The key is ignored.",
)
BAD_DATE = FindingCode(
    "bad-date",
    "error",
    N_("`{key}: {value}` is not a date"),
    N_("write it as YYYY-MM-DD, without quotes"),
    "The key is ignored, so that the due date comes from the terms.",
)
MISTYPED_NUMBER = FindingCode(
    "mistyped-number",
    "warning",
    N_("`^{link}#{tag}` is read as the link `{link}` and the tag `{tag}`"),
    N_('a link cannot hold `#`; write `^{link}-{tag}` or `invoice: "{link}#{tag}"`'),
    "A document number that Beancount splits in two.",
)
AMOUNT_TOO_LONG = FindingCode(
    "amount-too-long",
    "error",
    N_("the amount on `{account}` has too many digits to be money; the posting is left out"),
    N_("amounts have at most 24 digits before the point and 30 after it"),
    "Sums of such amounts could not be exact, so they are kept out of receivables.",
)
INCLUDE_OUTSIDE = FindingCode(
    "include-outside-revision",
    "error",
    N_("`{path}` lies outside of the repository; it is not part of that revision and was not read"),
    N_("keep the file in the repository and include it by a relative path"),
    "The books of a git revision include a file by a path that leads out of the repository. What"
    " it said then is not known.",
)

BAD_BUDGET = FindingCode(
    "bad-budget",
    "warning",
    N_('this `custom "budget"` is none'),
    N_('write it as `custom "budget" Expenses:Rent "monthly" 500.00 EUR`'),
    "A budget, in Fava's form, names an account, how often (daily, weekly, fortnightly, monthly,"
    " quarterly or yearly) and an amount. This one does not, and is left out of `report budget`.",
)

CODES: tuple[FindingCode, ...] = (
    BAD_BUDGET,
    *BEANCOUNT,
    BEANCOUNT_OTHER,
    UNREADABLE,
    BEANCOUNT_FAILED,
    IMPOSSIBLE_NUMBER,
    PLUGIN_FAILED,
    PLUGIN_NOT_RUN,
    METADATA_NOT_TEXT,
    BAD_DATE,
    MISTYPED_NUMBER,
    AMOUNT_TOO_LONG,
    INCLUDE_OUTSIDE,
)
