"""What a letter is printed on, and the payment slip at its foot."""

from __future__ import annotations

from ledgercli.model.record import dataclass
from ledgercli.model.settings import LetterSettings


@dataclass(frozen=True, slots=True)
class Slip:
    """The payment part of a Swiss QR-bill, as it is printed, and the text of its code."""

    iban: str
    creditor: tuple[str, ...]
    debtor: tuple[str, ...]
    reference: str
    message: str
    currency: str
    amount: str
    payload: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a printed letter is laid out by: the paper's name, and the window in millimetres."""

    paper: str = "a4"
    left: str = "25"
    top: str = "45"
    width: str = "85"
    height: str = "40"
    inset: str = "0"
    folds: tuple[str, ...] = ()
    punch: str = "0"
    logo: bool = False


def page_of(settings: LetterSettings) -> Page:
    """Return the page that printed letters are laid out on."""
    window = settings.envelope_window
    return Page(
        paper=settings.paper,
        left=f"{window.left}",
        top=f"{window.top}",
        width=f"{window.width}",
        height=f"{window.height}",
        inset=f"{window.inset}",
        folds=tuple(f"{fold}" for fold in window.folds),
        punch=f"{window.punch}",
        logo=bool(settings.logo),
    )
