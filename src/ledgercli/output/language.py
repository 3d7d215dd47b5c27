"""The language of the program: one catalogue at a time, chosen before the command line is built.

Only the standard library reads catalogues at run time. A text without translation is its own
English original. A server that talks to several people at once speaks to each by :func:`speaking`.
"""

from __future__ import annotations

import contextlib
import gettext
import re
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path

from ledgercli.model.catalogue.mark import CONTEXT_END

LOCALE_FOLDER = Path(__file__).parent.parent / "locale"
ORIGINAL = "en"
DOMAIN = "ledgercli"


class _Voice:
    """A language and its texts."""

    def __init__(self, language: str, texts: gettext.NullTranslations) -> None:
        self.language = language
        self.texts = texts


_installed = _Voice(ORIGINAL, gettext.NullTranslations())
#: What this thread speaks for now, instead of what is installed.
_speaking: ContextVar[_Voice | None] = ContextVar("speaking", default=None)


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
    voice = _voice(language)
    _installed.language, _installed.texts = voice.language, voice.texts
    return voice.language


@contextlib.contextmanager
def speaking(language: str) -> Iterator[str]:
    """Speak ``language`` within, as :func:`install` would, in this thread alone."""
    token = _speaking.set(_voice(language))
    try:
        yield _voice_now().language
    finally:
        _speaking.reset(token)


def _voice(language: str) -> _Voice:
    code = match(language) or ORIGINAL
    if code == ORIGINAL:
        return _Voice(code, gettext.NullTranslations())
    return _Voice(code, gettext.translation(DOMAIN, LOCALE_FOLDER, [code]))


def _voice_now() -> _Voice:
    return _speaking.get() or _installed


def language() -> str:
    """Return the code of the language spoken now."""
    return _voice_now().language


def _(text: str) -> str:
    """Return ``text`` in the language spoken now."""
    if not text:
        return ""
    found = _voice_now().texts.gettext(text)
    # What has no translation comes back with the context that it was marked with.
    return found.partition(CONTEXT_END)[2] if CONTEXT_END in found else found


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form for ``count`` in the language spoken now.

    Where the two forms stand in the catalogue as texts of their own (marked one by one), each has
    its own translation.
    """
    form = _voice_now().texts.ngettext(singular, plural, count)
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
