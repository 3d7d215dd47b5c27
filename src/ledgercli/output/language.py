"""The language of the program: one catalogue at a time, chosen before the command line is built.

Only the standard library reads catalogues at run time. A text without translation is its own
English original.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

LOCALE_FOLDER = Path(__file__).parent.parent / "locale"
ORIGINAL = "en"
DOMAIN = "ledgercli"


class _Current:
    """The installed language and its texts."""

    language = ORIGINAL
    texts: gettext.NullTranslations = gettext.NullTranslations()


def available() -> tuple[str, ...]:
    """Return the codes of the languages the program speaks, English first."""
    found = sorted(path.parent.parent.name for path in LOCALE_FOLDER.glob(f"*/*/{DOMAIN}.mo"))
    return (ORIGINAL, *found)


def match(wanted: str) -> str | None:
    """Return the available language that serves ``wanted``, such as ``zh`` for ``zh_CN.UTF-8``.

    None where there is none.
    """
    code = re.split(r"[._@-]", wanted, maxsplit=1)[0].lower()
    if code == ORIGINAL:
        return ORIGINAL
    return code if code.isalpha() and (LOCALE_FOLDER / code).is_dir() else None


def install(language: str) -> str:
    """Speak ``language`` from now on, English where there is no catalogue; return what it is."""
    code = match(language) or ORIGINAL
    if code == ORIGINAL:
        _Current.texts = gettext.NullTranslations()
    else:
        _Current.texts = gettext.translation(DOMAIN, LOCALE_FOLDER, [code])
    _Current.language = code
    return code


def language() -> str:
    """Return the code of the language spoken now."""
    return _Current.language


def _(text: str) -> str:
    """Return ``text`` in the language spoken now."""
    return _Current.texts.gettext(text) if text else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form for ``count`` in the language spoken now.

    Where the two forms stand in the catalogue as texts of their own (marked one by one), each has
    its own translation.
    """
    form = _Current.texts.ngettext(singular, plural, count)
    return _(form) if form in {singular, plural} else form


def from_arguments(arguments: Sequence[str]) -> str | None:
    """Return what ``--lang X`` or ``--lang=X`` says anywhere before ``--``, the last one."""
    wanted: str | None = None
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and index + 1 < len(arguments):
            wanted = arguments[index + 1]
        elif argument.startswith("--lang="):
            wanted = argument.partition("=")[2]
    return wanted


def from_environment(environment: Mapping[str, str]) -> str | None:
    """Return the locale that ``LC_ALL``, ``LC_MESSAGES`` or ``LANG`` names, None for C and POSIX.

    The first of them that is set and not empty counts, as everywhere in POSIX.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        locale = environment.get(name, "")
        if locale:
            plain = locale.split(".")[0]
            return None if plain in {"C", "POSIX"} else locale
    return None
