"""Bytes of a foreign file as text: which encoding it is in, by marks, by rule, or as told."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from ledgercli.books.foreign.errors import EncodingUnknownError, ForeignFileError
from ledgercli.model.exchange import Profile

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
#: Bytes looked at to tell an encoding from another; more say nothing new.
_SAMPLE = 1 << 20


def decoded_foreign(
    content: bytes, profile: Profile, file: str, told: str | None = None
) -> tuple[str, str]:
    """Return the text of ``content`` with line feeds as it has them, and the encoding it is in.

    ``told`` goes before everything. Else a byte order mark decides, then UTF-8 where it fits, then
    UTF-16 by its zeros, then the profile's encoding; without one GB18030 where the byte pairs are
    those of common Chinese characters; what is left is Windows-1252.
    Raise EncodingUnknownError, or ForeignFileError where ``told`` does not fit.
    """
    if told is not None:
        return _as_told(content, file, told), told
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _as_told(content, file, encoding), encoding.removesuffix("-sig")
    for encoding in _candidates(content, profile):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def writable(texts: Iterable[str], encoding: str) -> bool:
    """Return whether ``encoding`` has all characters of ``texts``."""
    try:
        for text in texts:
            text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _as_told(content: bytes, file: str, encoding: str) -> str:
    try:
        # A mark at the beginning belongs to no cell.
        return content.decode(codecs.lookup(encoding).name).removeprefix("\ufeff")
    except LookupError:
        raise EncodingUnknownError(encoding=encoding) from None
    except (UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "reason", str(error))
        raise ForeignFileError(file=file, kind=encoding, reason=reason) from None


def _candidates(content: bytes, profile: Profile) -> list[str]:
    sample = content[:_SAMPLE]
    if sample.count(b"\0") > len(sample) // 5:
        # Latin letters have their zero behind them in the little-endian order of Windows.
        little = sample[1::2].count(b"\0") >= sample[::2].count(b"\0")
        return ["utf-16-le" if little else "utf-16-be"]
    if not profile.encoding.startswith("utf"):
        return ["utf-8", profile.encoding, "cp1252"]
    return ["utf-8", *(["gb18030"] if _is_chinese(sample) else []), "cp1252"]


def _is_chinese(sample: bytes) -> bool:
    """Return whether the bytes above 0x7F stand in pairs, as the characters of GB 2312 do.

    In Western encodings they stand alone between ASCII letters.
    """
    pairs = singles = 0
    index, end = 0, len(sample)
    while index < end:
        if sample[index] < 0x80:
            index += 1
        elif 0xA1 <= sample[index] <= 0xF7 and index + 1 < end and sample[index + 1] >= 0xA1:
            pairs += 1
            index += 2
        else:
            singles += 1
            index += 1
    return pairs > 0 and pairs >= 9 * singles
