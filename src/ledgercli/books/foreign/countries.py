"""Names of countries in the languages of other systems, and their ISO 3166 codes."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from ledgercli.model.customer import fold

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "zh", "zh_Hant")
#: What systems write that is in no list of names.
_OTHERS = {
    "usa": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "中华人民共和国": "CN",
    "the netherlands": "NL",
    "czech republic": "CZ",
}


@functools.cache
def country_codes() -> Mapping[str, str]:
    """Return the two-letter codes by folded name, in the languages that systems are used in."""
    from babel import Locale

    codes: dict[str, str] = dict(_OTHERS)
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                codes.setdefault(fold(name), code)
    return codes


@functools.cache
def country_names() -> Mapping[str, str]:
    """Return the English names by code; each reads back as its code."""
    from babel import Locale

    codes = country_codes()
    return {
        code: name
        for code, name in Locale.parse("en").territories.items()
        if codes.get(fold(name)) == code
    }
