"""Settings of the agenda, of who looks after customers, and of digests by e-mail."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration

Every = Literal["day", "week", "month", "quarter"]
Attached = Literal["csv", "xlsx", "html", "none"]


@dataclass(frozen=True, slots=True)
class AgendaSettings:
    """What the agenda lists, and how far it looks.

    ``ahead`` is how far it looks without ``--until``. ``keep`` is how long the end of a contract or
    a hold stays on it once the day is over; what waits for somebody to act stays until it is done.
    ``review_after`` asks for a look at each record that nobody has looked at for so long,
    ``limit_review_after`` for a look at each limit so long after it was set; None: not asked for.
    ``events_after`` asks for the deliveries, acceptances and tax invoices that documents are due
    from, where they are not recorded so long after the document.
    ``papers`` is a folder of the books where the files of documents are: documents whose number is
    in no file name there are listed; empty: not asked for.
    """

    ahead: Duration = field(default_factory=lambda: Duration(30))
    keep: Duration = field(default_factory=lambda: Duration(30))
    review_after: Duration | None = None
    limit_review_after: Duration | None = None
    events_after: Duration | None = field(default_factory=lambda: Duration(30))
    papers: str = ""
    channel: str = "email"


@dataclass(frozen=True, slots=True)
class Digest:
    """Reports that go to somebody by e-mail once in a period.

    ``reports`` are names of the program's or of the books' own. Their tables are the text of the
    mail; ``attach`` says as what they go along. ``owner`` leaves the customers that this person
    looks after; empty: all.
    """

    to: str
    every: Every = "week"
    reports: tuple[str, ...] = ("today",)
    owner: str = ""
    attach: Attached = "csv"


@dataclass(frozen=True, slots=True)
class SurveySettings:
    """How customers are asked: by which template, and how long after the last time."""

    template: str = "survey"
    wait: Duration = field(default_factory=lambda: Duration(6, "months"))
    link: str = ""
