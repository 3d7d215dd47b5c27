r"""The patterns of plain lines, written after Beancount's lexer; ``tiles`` says how.

Digits are ``[0-9]`` everywhere: ``\d`` knows many more.
"""

from __future__ import annotations

import re
from functools import cache

_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TEXT = r'"[^"\\\n]*"'
_MARK = r"[#^][A-Za-z0-9\-_/.]+"
_KEY = r"[a-z][a-zA-Z0-9\-_]+"
_MONEY = r"[A-Z][A-Z0-9'._\-]*[A-Z0-9]"
# Begins with a capital letter or one beyond ASCII, so that it is no key.
_WORD = r"[^\s\x00-@\[-\x7f][^\s;\"]*"
# Control characters, and all that `str.split` cuts at: beyond ASCII Beancount takes these for
# letters of an account. Spelled out, which is quicker than `\s`.
_SPACES = r"\x00- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
#: What may stand at the end of a line.
END = r"[ \t]*(?:;[^\n]*)?\n"
# At most 12 digits before the point and 9 behind it, see ``collect``.
_UNSIGNED = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,12})(?:\.[0-9]{1,9})?"
_NUMBER = rf"[-+]?{_UNSIGNED}"
_LONG_NUMBER = r"[0-9]{1,20}(?:\.[0-9]{1,20})?"
_AMOUNT = rf"({_NUMBER})[ \t]+({_MONEY})"

ACCOUNT = re.compile(
    r"(?:[A-Z]|[^\x00-\x7f])(?:[A-Za-z0-9\-]|[^\x00-\x7f])*"
    r"(?::(?:[A-Z0-9]|[^\x00-\x7f])(?:[A-Za-z0-9\-]|[^\x00-\x7f])*)+"
)
CURRENCY = re.compile(_MONEY)
_CONTROL = frozenset([*range(9), 11, 12, *range(14, 32), 127])
#: For `bytes.translate`: makes zeros of control characters but tab, line feed and carriage return.
CONTROL_TO_ZERO = bytes(0 if byte in _CONTROL else byte for byte in range(256))
#: A currency of one letter is none at the very end of a file.
LONE_CAPITAL = re.compile(r"[ \t][A-Z]\Z")
NOT_INDENTED = re.compile(r"\n[^ \t\n]")
SPLIT_NUMBER = re.compile(r"\^[A-Za-z0-9\-_/.]+#[0-9]")

# Most are of ASCII, and what they have is looked for in less time than what they have not.
_ACCOUNT_LOOSE = rf"[A-Z][A-Za-z0-9:\-]*+[^;{_SPACES}]*+"
_NUMBER_PLAIN = r"-?(?!0[0-9])[0-9]{1,8}+\.?+[0-9]{0,4}+(?<=[0-9])"
_MONEY_LOOSE = r"[A-Z][A-Z0-9'._\-]++"
# As `[ \t]++`, quicker where many spaces align the amounts.
_GAP = r"[ \t] *+[ \t]*+"
_FIRST = (
    rf"[ \t]++({_ACCOUNT_LOOSE}){_GAP}({_NUMBER_PLAIN})[ \t]++(?P<money>{_MONEY_LOOSE})[ \t]*+\n"
)
_NEXT = rf"[ \t]++({_ACCOUNT_LOOSE}){_GAP}({_NUMBER_PLAIN})[ \t]++(?P=money)[ \t]*+\n"
_ANY = rf"[ \t]++{_ACCOUNT_LOOSE}{_GAP}{_NUMBER_PLAIN}[ \t]++{_MONEY_LOOSE}[ \t]*+\n"
# A transaction whose postings all have an amount, nothing else; then any entry with its indented
# lines; then what Beancount skips; then the rest. The first is most of a ledger, so it is loose
# where that is quicker, and ``plain_transactions`` looks again: at the currency, and whether there
# are three words to a line. Two or three lines in one currency have a group for each word; more
# lines, or several currencies, are one group. Nothing in it can match in two ways, so it never has
# to go back (``++``); but no group stands in something that never goes back, for Python before
# 3.11.5 then takes what was found on a way that led nowhere.
TILES = re.compile(
    rf"({_DAY})[ \t]++([*!])[ \t]++(?:\"([^\"\\\n]*+)\"[ \t]*+(?=\"))?\"([^\"\\\n]*+)\""
    rf"(?:[ \t]++\^([A-Za-z0-9\-_/.]++))?((?:[ \t]++{_MARK})*)[ \t]*+\n"
    rf"((?:[ \t]+{_KEY}:[ \t]+(?:{_TEXT}|{_DAY}|TRUE|FALSE)[ \t]*\n)*)"
    rf"(?:{_FIRST}{_NEXT}(?:{_NEXT})?(?![ \t])|((?:{_ANY})+)(?![ \t]))(\n*)"
    rf"|((?:{_DAY}|option|include|plugin|pushtag|poptag|pushmeta|popmeta)[ \t][^\n]*\n"
    r"(?:[ \t]+[^ \t\n][^\n]*\n)*)"
    r"|((?:[ \t]*\n|;[^\n]*\n|[*:!&?%][^\n]+\n|\#[^A-Za-z0-9\-_/.\n][^\n]*\n)+)"
    r"|([\s\S]+)"
)

#: The first line of a transaction: day, flag, texts, links and tags.
HEADER = re.compile(
    rf"({_DAY})[ \t]+(txn(?=[ \t\n])|[*!&?%]|[A-Z](?=[ \t\n]))"
    rf"((?:[ \t]*{_TEXT}){{0,2}})((?:[ \t]+{_MARK})*){END}"
)
TEXTS = re.compile(r'"([^"\\\n]*)"')
#: One alternative each: a posting (account, number, currency, `@` or `@@`, price, its currency),
#: metadata (key, then text, day, or something else that is sure to be a value), a comment, links
#: and tags, and what is none of them.
_BODY = (
    rf"[ \t]+(?:(?:[*!&?%]|[A-Z](?=[ \t]))[ \t]+)?({_WORD})"
    rf"(?:[ \t]+{_AMOUNT}(?:[ \t]+(@@?)[ \t]+({_UNSIGNED})[ \t]+({_MONEY}))?)?{END}"
    rf"|[ \t]+({_KEY}):[ \t]*"
    rf"(?:({_TEXT})|({_DAY})|({_NUMBER}(?:[ \t]+{_MONEY})?|TRUE|FALSE)|){END}"
    r"|([ \t]+;[^\n]*\n)"
    rf"|[ \t]+({_MARK}(?:[ \t]+{_MARK})*){END}"
    r"|([\s\S]+)"
)

#: What stands behind day and word of dated directives, by their word.
_DIRECTIVES = {
    "open": (
        rf"[ \t]+({_WORD})((?:[ \t]+{_MONEY}(?:,[ \t]*{_MONEY})*)?)"
        rf"(?:[ \t]+\"(?:STRICT|STRICT_WITH_SIZE|NONE|AVERAGE|FIFO|LIFO|HIFO)\")?{END}"
    ),
    "close": rf"[ \t]+({_WORD}){END}",
    "commodity": rf"[ \t]+({_MONEY}){END}",
    "pad": rf"[ \t]+({_WORD})[ \t]+({_WORD}){END}",
    "balance": (
        rf"[ \t]+({_WORD})[ \t]+({_NUMBER})(?:[ \t]+~[ \t]+({_UNSIGNED}))?[ \t]+({_MONEY}){END}"
    ),
    "price": rf"[ \t]+({_MONEY})[ \t]+({_LONG_NUMBER})[ \t]+({_MONEY}){END}",
    "event": rf"[ \t]+{_TEXT}[ \t]+{_TEXT}{END}",
    "query": rf"[ \t]+{_TEXT}[ \t]+{_TEXT}{END}",
    "note": rf"[ \t]+({_WORD})[ \t]+{_TEXT}(?:[ \t]+{_MARK})*{END}",
    "document": rf"[ \t]+({_WORD})[ \t]+({_TEXT})(?:[ \t]+{_MARK})*{END}",
    # What the values are is looked at one by one, see `custom_values`.
    "custom": rf"[ \t]+{_TEXT}((?:[ \t]+(?:{_TEXT}|[^\s\";]+))+){END}",
}
_CUSTOM = (
    rf"[ \t]+(?:({_TEXT})|({_DAY})|(TRUE|FALSE)|({_NUMBER})(?:[ \t]+({_MONEY}))?|({_WORD}))"
    r"(?=[ \t]|$)"
)
DIRECTIVE_START = re.compile(rf"({_DAY})[ \t]+([a-z]+)")
#: Undated directives: word, arguments.
UNDATED = re.compile(
    rf"(option)[ \t]+({_TEXT})[ \t]+({_TEXT}){END}"
    rf"|(include)[ \t]+({_TEXT}){END}"
    rf"|(plugin)[ \t]+({_TEXT})(?:[ \t]+{_TEXT})?{END}"
    rf"|(pushtag|poptag)[ \t]+#([A-Za-z0-9\-_/.]+){END}"
)


@cache
def directive(word: str) -> re.Pattern[str] | None:
    """Return the pattern of what stands behind day and ``word``, None where that is no directive.

    Compiled when it is first asked for: most ledgers have few of them.
    """
    source = _DIRECTIVES.get(word)
    return re.compile(source) if source else None


@cache
def body() -> re.Pattern[str]:
    """Return the pattern of the indented lines of an entry, compiled when it is first asked for."""
    return re.compile(_BODY)


@cache
def custom_values() -> re.Pattern[str]:
    """Return that of the values of `custom`: text, day, truth value, number, currency, account."""
    return re.compile(_CUSTOM)
