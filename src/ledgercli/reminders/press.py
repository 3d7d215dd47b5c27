"""PDF from Typst source: one compiler for a whole run, the same bytes for the same source.

Files are PDF/A-2b, which archives ask for, and which forbids glyphs that no font has: a letter with
an empty box in place of a character cannot come out, it is refused with the characters named.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import MissingExtraError
from ledgercli.model.sentence import WrongValueError
from ledgercli.reminders.typst_source import check_source

_STANDARD = "a-2b"
_UNSHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")

#: By language: what comes with common systems, and with the Debian packages that the hints name.
#: The serif that Typst brings along stands first where it has the script, so that Latin letters
#: look the same on every machine.
_LATIN = ("Libertinus Serif",)
_SERIF = {
    "zh": ("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun"),
    "ja": ("Noto Serif CJK JP", "Source Han Serif", "Hiragino Mincho ProN", "Yu Mincho"),
}
_SANS = {
    "zh": ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "SimHei"),
    "ja": ("Noto Sans CJK JP", "Source Han Sans", "Hiragino Sans", "Yu Gothic"),
}
_SANS_LATIN = (
    "Liberation Sans",
    "Arial",
    "Helvetica",
    "Helvetica Neue",
    "Nimbus Sans",
    "Arimo",
    "DejaVu Sans",
    "Noto Sans",
)
#: Ranges of characters, and the Debian package whose fonts have them.
_PACKAGES = (
    (0x2E80, 0x9FFF, "fonts-noto-cjk"),
    (0xAC00, 0xD7AF, "fonts-noto-cjk"),
    (0xF900, 0xFAFF, "fonts-noto-cjk"),
    (0xFE30, 0xFE4F, "fonts-noto-cjk"),
    (0xFF00, 0xFFEF, "fonts-noto-cjk"),
    (0x20000, 0x323AF, "fonts-noto-cjk"),
    (0x2190, 0x2BFF, "fonts-noto-core"),
    (0x1F000, 0x1FAFF, "fonts-noto-color-emoji"),
)
_ALL_OTHERS = "fonts-noto-core"


class PdfMissingError(MissingExtraError):
    """The extra that makes PDF is not installed."""

    message = N_("PDF letters need the extra `pdf`, which is not installed")
    extra = "pdf"


class UnshownCharactersError(Exception):
    """No font at hand has these characters; ``package`` is one that would bring them."""

    def __init__(self, characters: str) -> None:
        """Keep the characters, each once."""
        self.characters = "".join(dict.fromkeys(characters.replace(" ", "")))
        self.package = _package_for(self.characters)
        super().__init__(f"no font at hand has the characters {self.characters}")


class PressError(Exception):
    """The source of a letter is wrong, as the compiler says."""


class Press:
    """Makes PDF, in several threads at once if need be: the compiler works without Python's lock.

    ``logo`` is the text of an SVG, empty for none.
    """

    def __init__(
        self,
        *,
        logo: str = "",
        fonts: Sequence[str] = (),
        system_fonts: bool = True,
    ) -> None:
        """Look for fonts once; ``fonts`` go before the usual ones. Raise PdfMissingError."""
        try:
            import typst
        except ImportError:
            raise PdfMissingError from None
        known = typst.Fonts(include_system_fonts=system_fonts)
        self.has_logo = bool(logo)
        self._own = tuple(fonts)
        self._known = frozenset(known.families())
        self._error: type[Exception] = typst.TypstError
        # There is nothing to read where the compiler itself lies: everything is handed in.
        nowhere = str(Path(typst.__file__).parent)
        self._make: Callable[[], Any] = lambda: typst.Compiler(
            root=nowhere,
            font_paths=known,
            ignore_system_fonts=not system_fonts,
            sys_inputs={"logo": logo},
            package_path=nowhere,
            package_cache_path=nowhere,
        )
        self._of_thread = threading.local()

    def serif(self, language: str) -> tuple[object, ...]:
        """Return the font families at hand for a letter in ``language``, best first.

        Beside Chinese and Japanese the Latin ones leave quotation marks and dashes to the others.
        """
        local = self._at_hand((*_SERIF.get(language, ()), *_SANS.get(language, ())))
        latin = self._at_hand((*self._own, *_LATIN))
        rest = self._at_hand(_rest(_SERIF))
        if not local:
            return (*latin, *rest)
        aside = tuple({"name": name, "covers": "latin-in-cjk"} for name in latin)
        own = tuple(name for name in self._own if name in latin)
        return (*own, *aside, *local, *rest)

    def sans(self, language: str) -> tuple[object, ...]:
        """Return the sans-serif families at hand, as payment slips want them."""
        return self._at_hand((*_SANS_LATIN, *_SANS.get(language, ()), *_rest(_SANS), *_LATIN))

    def _at_hand(self, families: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name in families if name in self._known))

    def pdf(self, source: str, day: dt.date) -> bytes:
        """Return the PDF of ``source``, created at noon UTC of ``day`` as far as it tells.

        Raise UnshownCharactersError, PressError, and SecurityError for a source that reaches out.
        """
        check_source(source)
        compiler = getattr(self._of_thread, "compiler", None) or self._make()
        self._of_thread.compiler = compiler
        created = dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC)
        try:
            made = compiler.compile(
                source.encode(), format="pdf", timestamp=created, pdf_standards=[_STANDARD]
            )
        except self._error as error:
            diagnostic = str(getattr(error, "diagnostic", error))
            unshown = "".join(_UNSHOWN.findall(diagnostic))
            if unshown:
                raise UnshownCharactersError(_ESCAPED.sub(_character, unshown)) from None
            said = str(getattr(error, "message", error)).strip()
            raise PressError(said) from None
        return bytes(made)


def logo_svg(content: bytes) -> str:
    """Return a logo as SVG text that the compiler can be handed.

    ``content`` is that of a PNG, JPEG or SVG file; raise WrongValueError for another one.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _framed("image/png", content)
    if content.startswith(b"\xff\xd8\xff"):
        return _framed("image/jpeg", content)
    if b"<svg" in content[:2000]:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    raise WrongValueError(N_("it is no PNG, JPEG or SVG picture"))


def _framed(media_type: str, content: bytes) -> str:
    """Return a frame of three to one with the picture at its right, as large as it goes."""
    data = base64.b64encode(content).decode("ascii")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><image width="300"'
        ' height="100" preserveAspectRatio="xMaxYMin meet"'
        f' href="data:{media_type};base64,{data}"/></svg>'
    )


def _rest(families: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(name for names in families.values() for name in names)


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _package_for(characters: str) -> str:
    for character in characters:
        for first, last, package in _PACKAGES:
            if first <= ord(character) <= last:
                return package
    return _ALL_OTHERS
