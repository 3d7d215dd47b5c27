"""Values of the settings of printed letters: paper and the window of the envelope."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, Self

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Parsed, text_of

Paper = Literal["a4", "us-letter"]

_LENGTH = re.compile(r"(\d{1,3}(?:\.\d{1,2})?) ?mm", re.ASCII)
_KEYS = ("left", "top", "width", "height")


@dataclass(frozen=True, slots=True)
class EnvelopeWindow(Parsed):
    """Where on the first page the address stands, in millimetres from its upper left corner.

    ``folds`` are the heights of the fold marks at the left edge, ``punch`` that of the mark for the
    punch (0: none). ``inset`` is kept free at the top of the window for the sender's own line.
    """

    name: str
    left: Decimal
    top: Decimal
    width: Decimal
    height: Decimal
    inset: Decimal = Decimal(0)
    folds: tuple[Decimal, ...] = ()
    punch: Decimal = Decimal(0)

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the window of a name, or of a mapping of left, top, width and height in mm."""
        if isinstance(raw, dict):
            if set(raw) != set(_KEYS):
                wrong = N_("a window of one's own has `left`, `top`, `width` and `height`")
                raise WrongValueError(wrong)
            left, top, width, height = (_length(raw[key]) for key in _KEYS)
            return cls("own", left, top, width, height)
        text = text_of(raw)
        if text not in WINDOWS:
            wrong = N_("`{text}` is none of: {choices}")
            raise WrongValueError(wrong, text=text[:40], choices=", ".join(WINDOWS))
        *measures, folds, punch = WINDOWS[text]
        left, top, width, height, inset = map(Decimal, measures)
        folded = tuple(map(Decimal, folds))
        return cls(text, left, top, width, height, inset, folded, Decimal(punch))

    def __str__(self) -> str:
        """Return the name."""
        return self.name


def _length(raw: object) -> Decimal:
    text = text_of(raw)
    found = _LENGTH.fullmatch(text)
    if not found:
        raise WrongValueError(N_("`{text}` is not a length such as `20 mm`"), text=text[:40])
    return Decimal(found[1])


#: left, top, width, height, inset, fold marks, punch mark. Where they come from:
#:
#: - DIN 5008:2020: the address field begins 27 mm (form A) or 45 mm (form B) below the top, 20 mm
#:   from the left, 85 × 45 mm, of which the upper 17.7 mm are for the sender and remarks; folds at
#:   87 and 192 mm, or 105 and 210 mm; punch at 148.5 mm.
#: - US No. 10 window envelope, 9 1/2 × 4 1/8 in: the window, 4 1/2 × 1 1/8 in, is 7/8 in from the
#:   left and 1/2 in above the bottom. The address stands in the part of a letter sheet folded in
#:   three that shows wherever the sheet slides.
#: - GB/T 1416-2003, appendix A (China): a window of 100 × 40 mm, 25 mm from the left, 30 mm below
#:   the top on DL (220 × 110 mm) and 40 mm on C5 (229 × 162 mm). Again the part of an A4 sheet,
#:   folded in three or in two, that always shows.
WINDOWS: dict[str, tuple[str, str, str, str, str, tuple[str, ...], str]] = {
    "din-5008-a": ("20", "27", "85", "45", "17.7", ("87", "192"), "148.5"),
    "din-5008-b": ("20", "45", "85", "45", "17.7", ("105", "210"), "148.5"),
    "us-10": ("25", "63.5", "85", "17", "0", ("93.13", "186.27"), "0"),
    "gb-dl": ("28", "31", "84", "27", "0", ("99", "198"), "0"),
    "gb-c5": ("28", "41", "76", "25", "0", ("148.5",), "0"),
    "none": ("25", "45", "85", "40", "0", (), "0"),
}
