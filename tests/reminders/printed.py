"""Reads printed letters back: their text, their pages, the codes on them."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest
import zxingcpp


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page, its white space made single blanks."""
    from pypdf import PdfReader

    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def places(pdf: bytes, number: int = 0) -> dict[str, tuple[float, float]]:
    """Return where each piece of text of a page begins, in mm from its upper left corner."""
    from pypdf import PdfReader

    page = PdfReader(io.BytesIO(pdf)).pages[number]
    height = float(page.mediabox.height)
    found: dict[str, tuple[float, float]] = {}

    def note(text: str, own: list[float], matrix: list[float], *_rest: object) -> None:
        if text.strip():
            x = own[4] + own[0] * matrix[4]
            y = own[5] + own[3] * matrix[5]
            found.setdefault(text.strip(), (x / 72 * 25.4, (height - y) / 72 * 25.4))

    page.extract_text(visitor_text=note)
    return found


def needs(*programs: str) -> pytest.MarkDecorator:
    """Return a mark that leaves a test out where a program is not installed.

    ``.ci/run`` installs them all.
    """
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


def codes(pdf: bytes, folder: Path, *, page: int = 1, cover: tuple[float, ...] = ()) -> str:
    """Return what `zbarimg` reads from the codes on a page of ``pdf``.

    ``cover`` is a box in mm from the upper left corner (left, top, width, height) that is painted
    white before: this reader stumbles over the Swiss cross, see :func:`codes_as_printed`.
    """
    picture = _picture(pdf, folder, page)
    if cover:
        (folder / "page.pgm").write_bytes(_covered(picture, cover))
    read = ["zbarimg", "-q", "--raw", "--nodbus", "-Sbinary", "page.pgm"]
    said = subprocess.run(read, cwd=folder, capture_output=True, check=False)
    return said.stdout.decode("utf-8")


def codes_as_printed(pdf: bytes, folder: Path) -> list[str]:
    """Return what the reader of many telephones (ZXing) reads from the codes on the first page."""
    _, size, _, pixels = _picture(pdf, folder, 1).split(b"\n", 3)
    width, height = map(int, size.split())
    image = memoryview(pixels).cast("B", shape=[height, width])
    return [found.text for found in zxingcpp.read_barcodes(image)]


def _picture(pdf: bytes, folder: Path, page: int) -> bytes:
    """Return a page in shades of grey, 300 dots an inch."""
    (folder / "letter.pdf").write_bytes(pdf)
    drawn = ["pdftoppm", "-r", "300", "-gray", "-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run([*drawn, "letter.pdf", "page"], cwd=folder, check=True)
    return (folder / "page.pgm").read_bytes()


def _covered(picture: bytes, box: tuple[float, ...]) -> bytes:
    magic, size, depth, pixels = picture.split(b"\n", 3)
    width = int(size.split()[0])
    left, top, wide, high = (round(value / 25.4 * 300) for value in box)
    data = bytearray(pixels)
    for row in range(top, top + high):
        start = row * width + left
        data[start : start + wide] = b"\xff" * wide
    return b"\n".join([magic, size, depth, bytes(data)])
