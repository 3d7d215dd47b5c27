"""Message catalogues: extract the texts of the sources, update ``.po``, compile ``.mo``.

``python tools/catalogues.py`` brings everything up to date, ``--check`` fails where something is
not: a text without translation, a fuzzy or dead one, a placeholder that got lost, an old ``.mo``.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "src" / "ledgercli"
LOCALE = SOURCES / "locale"
KEYWORDS = {"_": None, "N_": None, "NC_": ((1, "c"), 2), "ngettext": (1, 2)}
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def template() -> Catalog:
    """Return all texts of the sources, with the files they stand in but no lines.

    Line numbers would change the catalogue with every edit of a source.
    """
    catalog = Catalog(project="ledgercli", fuzzy=False)
    found = extract_from_dir(
        SOURCES,
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    )
    for name, _line, message, comments, context in found:
        catalog.add(message, locations=[(name, None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    return catalog


def po_files() -> list[Path]:
    """Return the catalogues of all languages."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/ledgercli.po"))


def read(path: Path) -> Catalog:
    """Return the catalogue in ``path``."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def merged(path: Path, texts: Catalog) -> Catalog:
    """Return the catalogue in ``path`` with exactly the texts of the sources."""
    catalog = read(path)
    created = catalog.creation_date
    catalog.update(texts, no_fuzzy_matching=True)
    catalog.creation_date = created
    catalog.obsolete.clear()
    return catalog


def po_text(catalog: Catalog) -> bytes:
    """Return the ``.po`` file of ``catalog``, sorted by text so that edits do not conflict."""
    written = io.BytesIO()
    write_po(written, catalog, width=100, sort_output=True, omit_header=False, include_lineno=False)
    # Babel's version in the header would change the file on every machine.
    return re.sub(rb'"Generated-By: .*\n', b"", written.getvalue())


def mo_bytes(catalog: Catalog) -> bytes:
    """Return the compiled form of ``catalog``."""
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def texts_of(compiled: Path) -> dict[object, object]:
    """Return the texts and translations of a ``.mo`` file."""
    with compiled.open("rb") as file:
        return _pairs(read_mo(file))


def _pairs(catalog: Catalog) -> dict[object, object]:
    return {
        (_context(message), *_key(message.id)): _key(message.string)
        for message in catalog
        if message.id and all(forms(message.string))
    }


def _context(message: Message) -> str:
    # Babel reads those of compiled catalogues as bytes.
    context: str | bytes = message.context or ""
    return context.decode() if isinstance(context, bytes) else context


def _key(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return tuple(forms(text))


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return the plural forms of ``text``; one, perhaps empty, where it has none."""
    return [text or ""] if isinstance(text, str | None) else list(text)


def faults(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with each translation."""
    for message in catalog:
        if message.id:
            yield from (f"{fault}: {message.id!r}" for fault in _faults(message))


def _faults(message: Message) -> Iterator[str]:
    translations = forms(message.string)
    if message.fuzzy:
        yield "fuzzy"
    if not all(translations):
        yield "not translated"
        return
    wanted = {name for text in forms(message.id) for name in _PLACEHOLDER.findall(text)}
    for translation in translations:
        if set(_PLACEHOLDER.findall(translation)) != wanted:
            yield "other placeholders"
        if translation.count("`") % 2:
            yield "odd number of backticks"


def problems() -> Iterator[str]:
    """Yield everything that is out of date or wrong in the catalogues."""
    texts = template()
    for path in po_files():
        shown = path.relative_to(ROOT)
        catalog = merged(path, texts)
        if po_text(catalog) != path.read_bytes():
            yield f"{shown}: does not fit the sources"
        yield from (f"{shown}: {fault}" for fault in faults(catalog))
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or texts_of(compiled) != _pairs(read(path)):
            yield f"{compiled.relative_to(ROOT)}: does not fit its .po"


def update() -> None:
    """Write ``.po`` and ``.mo`` files anew."""
    texts = template()
    for path in po_files():
        catalog = merged(path, texts)
        path.write_bytes(po_text(catalog))
        path.with_suffix(".mo").write_bytes(mo_bytes(read(path)))


def main() -> int:
    """Update the catalogues, or check them; return the exit code."""
    if "--check" not in sys.argv[1:]:
        update()
    found = list(problems())
    for problem in found:
        print(problem)
    if found:
        print("python tools/catalogues.py updates the files; translations are written by hand")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
