"""One PDF of many letters, each with its entry in the outline.

The outline says where each letter begins, so that letters can be added to a file, in the right
place and none of them twice, with nothing known but the file itself.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Sequence

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import Destination


def section(letter: str, contents: Sequence[bytes]) -> bytes:
    """Return the PDFs ``contents`` as one with the single entry ``letter``; raise ValueError."""
    pages = itertools.chain.from_iterable(_pages(content) for content in contents)
    return _written({letter: list(pages)}, duplex=False)


def merged(contents: Sequence[bytes], *, duplex: bool) -> bytes:
    """Return the letters of several files as one, in the order of their names; raise ValueError.

    Of two with one name the later counts. With ``duplex`` each begins on the front of a sheet.
    """
    letters: dict[str, list[PageObject]] = {}
    for content in contents:
        letters.update(_sections(content))
    return _written(dict(sorted(letters.items())), duplex=duplex)


def _pages(content: bytes) -> list[PageObject]:
    try:
        return list(PdfReader(io.BytesIO(content)).pages)
    except (PyPdfError, OSError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(str(error) or type(error).__name__) from None


def _sections(content: bytes) -> Iterator[tuple[str, list[PageObject]]]:
    """Yield the letters of a file with their pages."""
    pages = _pages(content)
    reader = PdfReader(io.BytesIO(content))
    starts = [
        (str(entry.title), reader.get_destination_page_number(entry) or 0)
        for entry in reader.outline
        if isinstance(entry, Destination)
    ]
    if not starts:
        wrong = "it has no outline"
        raise ValueError(wrong)
    ends = [*(start for _, start in starts[1:]), len(pages)]
    for (letter, start), end in zip(starts, ends, strict=True):
        yield letter, pages[start:end]


def _written(letters: dict[str, list[PageObject]], *, duplex: bool) -> bytes:
    writer = PdfWriter()
    for letter, pages in letters.items():
        if duplex and len(writer.pages) % 2:
            writer.add_blank_page()
        first = [writer.add_page(page) for page in pages][:1]
        if first:
            writer.add_outline_item(title=letter, page_number=first[0])
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
