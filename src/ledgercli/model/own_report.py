"""A report of the books' own, as it stands in ``reports/*.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal, Self

from ledgercli.model.agenda_settings import Every
from ledgercli.model.answer import ChartKind
from ledgercli.model.any_of import AnyOf
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.record import FILLED, dataclass
from ledgercli.model.sentence import WrongValueError
from ledgercli.model.values import Parsed

OwnColumnKind = Literal["text", "code", "date", "money", "number", "percent"]


@dataclass(frozen=True, slots=True)
class Caption(Parsed):
    """A text, the same in all languages (under the key ``""``) or one for each."""

    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Return the texts of ``Late payers`` or of ``{en: Late payers, zh: …}``."""
        texts: Mapping[str, object] = raw if isinstance(raw, dict) else {"": raw}
        if not texts or not all(isinstance(text, str) and text for text in texts.values()):
            raise WrongValueError(N_("expected a text, or a text for each language"))
        return cls({key.lower().replace("_", "-"): str(text) for key, text in texts.items()})

    def said(self, language: str) -> str:
        """Return the text in ``language``, else in English, else the first there is."""
        wanted = language.lower().replace("_", "-")
        for key in (wanted, wanted.partition("-")[0], "", "en"):
            if key in self.texts:
                return self.texts[key]
        return next(iter(self.texts.values()), "")


@dataclass(frozen=True, slots=True)
class OwnChart:
    """A picture of the rows; see :class:`~ledgercli.model.answer.Chart`."""

    kind: ChartKind
    category: tuple[str, ...]
    series: tuple[str, ...]
    title: Caption | None = None
    axis: Caption | None = None
    split: str = ""
    shares: bool = False


@dataclass(frozen=True, slots=True)
class OwnFilter:
    """Which customers and currencies a report is about unless the command line says others."""

    customers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    segments: Mapping[str, str] = field(default_factory=dict)
    tiers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report of the books' own.

    Its rows come from one of ``query`` (BQL), ``table`` (one of the tables for queries) and
    ``report`` (one of the program, with ``options``). ``where`` keeps the rows whose cells are one
    of these words, ``group`` makes one row of those that agree in these columns and adds the
    figures of the others, ``sort`` orders them (``-open``: largest first), ``top`` keeps so many
    rows of each currency. ``columns`` are shown, in this order; all without it. ``every`` and
    ``to`` send it by e-mail with the digests.
    """

    title: Caption | None = None
    about: Caption | None = None
    query: str = ""
    table: str = ""
    report: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    filter: OwnFilter = field(default_factory=OwnFilter)
    where: Mapping[str, AnyOf] = field(default_factory=dict)
    group: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    top: int = 0
    columns: tuple[str, ...] = ()
    labels: Mapping[str, Caption] = field(default_factory=dict)
    kinds: Mapping[str, OwnColumnKind] = field(default_factory=dict)
    totals: bool = False
    chart: OwnChart | None = None
    every: Every | None = None
    to: str = ""
    name: str = field(default="", metadata=FILLED)
    file: str = field(default="", metadata=FILLED)

    @property
    def arranges(self) -> bool:
        """Return whether it changes the rows or columns of what it is made from."""
        return bool(self.where or self.group or self.sort or self.top or self.columns or self.kinds)
