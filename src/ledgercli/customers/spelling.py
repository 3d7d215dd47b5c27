"""Texts as they are compared where people do not spell alike: names, numbers, addresses."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "a", "ø": "o", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
#: ``ae`` for ``ä`` and so on; compared as the vowel alone, as it is often typed.
_UMLAUTS = re.compile("([aou])e")
_PUNCTUATION = re.compile(r"[\W_]+")
_BETWEEN_WORDS = re.compile(r"(?:[^\w\n]|_)+")
_DIGITS = re.compile(r"\d+")
_COMBINING = re.compile("[\u0300-\u036f]")

#: Legal forms at the end of a name (or in front of it), by words; spelled as :func:`skeleton` has
#: them, without points.
_FORM_WORDS = """
gmbh mbh ag kg ohg ug ev eg se gbr kgaa co cokg und ltd limited plc llp llc inc incorporated corp
corporation company sa sas sasu sarl eurl spa srl snc sapa bv nv vof cv ab oy as aps pty pte sdn bhd
kk lda slu sl slne scop ek ekfr haftungsbeschrankt holding group the
"""
_FORMS = frozenset(_FORM_WORDS.split())
_CHINESE_FORMS = re.compile(
    "(?:股份有限公司|有限责任公司|有限公司|集团公司|总公司|分公司|公司|集团|商行|经营部|\\(普通合伙\\)|"
    "\\(有限合伙\\)|合伙企业|个体工商户)+$"
)


def skeleton(text: str) -> str:
    """Return ``text`` without what spellings differ in, words parted by one space.

    Case, full and half width, accents, umlauts (``ä`` = ``ae`` = ``a``) and punctuation go.
    """
    return skeletons([text])[0]


def skeletons(texts: Iterable[str]) -> list[str]:
    """Return the skeleton of each text; of thousands together in a tenth of the time."""
    lines = "\n".join(text.replace("\n", " ") for text in texts)
    plain = unicodedata.normalize("NFKC", lines).casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain.translate(_LETTERS))
        plain = unicodedata.normalize("NFC", _COMBINING.sub("", plain))
    plain = _UMLAUTS.sub(r"\1", _BETWEEN_WORDS.sub(" ", plain))
    return [line.strip() for line in plain.split("\n")]


@functools.lru_cache(maxsize=65536)
def bare_name(name: str) -> str:
    """Return the skeleton of a name without legal forms; the skeleton where nothing else is left.

    Single letters in a row, as in ``G.m.b.H.``, are one word.
    """
    words = skeleton(name.replace(".", "")).split()
    kept = [word for word in words if word not in _FORMS]
    joined = " ".join(kept or words)
    return _CHINESE_FORMS.sub("", joined) or joined


def phone_digits(phone: str) -> str:
    """Return the digits of a phone number without the zeros that callers dial first.

    ``+49 (0)30 1234``, ``0049 30 1234`` and ``030 1234`` end alike.
    """
    digits = "".join(_DIGITS.findall(unicodedata.normalize("NFKC", phone.replace("(0)", ""))))
    return digits.lstrip("0")


def compact(number: str) -> str:
    """Return an identifier without spaces, points and hyphens, in capitals."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", number)).upper()
