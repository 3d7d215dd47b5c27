"""Writing and sending letters from a page: only what was shown, and only after a confirmation.

A request has to be a PUT with JSON, which a browser sends to no other site without asking that site
first, and has to name what the page showed: where the books have changed since, nothing is done.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request

from ledgercli.desk.reminders import reminding
from ledgercli.desk.reminders.plan_view import Planning, PlanView
from ledgercli.desk.reminders.reminder_errors import PlanMissingError
from ledgercli.desk.reminders.send_options import SendOptions, send_options
from ledgercli.fava.host import Visit
from ledgercli.fava.memory import Memory
from ledgercli.model.answer import Answer, Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.record import dataclass
from ledgercli.output import wording
from ledgercli.output.language import _
from ledgercli.output.values import sentence

#: The columns by which the letters that wait are known to be the same on a page and later.
_IDENTITY = (
    "customer",
    "currency",
    "level",
    "channel",
    "claimed",
    "file",
    "to",
    "sending",
    "reason",
)
#: What becomes of a letter that `remind send` would send.
_TO_SEND = frozenset({"to-send"})


@dataclass(frozen=True, slots=True)
class Action:
    """A button with its confirmation; ``seen`` stands for what the page shows."""

    what: str
    button: str
    question: str
    confirm: str
    cancel: str
    seen: str


@dataclass(frozen=True, slots=True)
class Desk:
    """The plan, the letters that were written, and what can be done about each.

    ``why_not`` is why nothing can.
    """

    plan: PlanView
    waiting: Answer | None = None
    actions: tuple[Action, ...] = ()
    why_not: str = ""


class Refusal(Exception):  # noqa: N818 - it is no fault of the program
    """A request that is not carried out, with what is said and the status of the response."""

    def __init__(self, words: str, status: HTTPStatus) -> None:
        """Keep ``words``, in the language spoken now."""
        super().__init__(words)
        self.status = status


def planning_of(visit: Visit, memory: Memory) -> Planning:
    """Return what makes plans for a visit, and keeps them in ``memory``."""
    return Planning(visit.books, visit.asked.query, _options(), visit.unwatched.log, memory)


def desk_of(visit: Visit, planning: Planning, *, checked: bool) -> Desk:
    """Return the plan, the letters that were written but not sent, and what can be done.

    Unless the letters are ``checked`` they are left out, and cannot be sent.
    """
    books, query = visit.books, visit.asked.query
    plan = planning.view()
    if books.as_of(query) != books.today or books.location.bare:
        return Desk(plan, None, (), why_not(visit))
    waiting, trouble = _waiting(planning) if checked else (None, "")
    if reason := why_not(visit):
        return Desk(plan, waiting, (), reason)
    actions = []
    if plan.letters:
        actions.append(_action("write", plan.letters, plan.fingerprint, visit))
    ready = _ready(waiting)
    if waiting and ready:
        actions.append(_action("send", ready, _seen(waiting), visit))
    return Desk(plan, waiting, tuple(actions), trouble)


def why_not(visit: Visit) -> str:
    """Return why nothing can be written or sent from here, "" where it can."""
    if is_read_only():
        return _("Fava is read-only: letters are written and sent elsewhere.")
    if visit.books.location.bare:
        return _("A ledger without books has no letters.")
    if visit.books.as_of(visit.asked.query) != visit.books.today:
        return _("Letters are written and sent as of today: take the time filter off.")
    return ""


def is_read_only() -> bool:
    """Return whether Fava would refuse to change anything.

    It does not say so, but it can be asked: what it does before every request is done for one that
    would change something.
    """
    return _refuses_changes(current_app._get_current_object())  # noqa: SLF001 - as Flask documents


@lru_cache(maxsize=4)
def _refuses_changes(app: Flask) -> bool:
    from werkzeug.exceptions import HTTPException

    # In a context of its own: what it does there must not be taken for the request to be answered.
    with app.app_context(), app.test_request_context("/", method="PUT"):
        try:
            return app.preprocess_request() is not None
        except HTTPException:
            return True


def carry_out(visit: Visit) -> Answer:
    """Do what the request asks for, and return what came of it.

    Raise Refusal where it is not allowed, was not confirmed, or the books have changed since the
    page was made, and the errors of writing and sending.
    """
    asked = _checked_request()
    if reason := why_not(visit):
        raise Refusal(reason, HTTPStatus.FORBIDDEN)
    books, query, options = visit.books, visit.asked.query, _options()
    if asked.get("what") == "write":
        fresh = PlanView(books, query, reminding.planned(books, query, options))
        _check_seen(asked, fresh.fingerprint)
        done = reminding.write(books, query, types=(), dry_run=False, options=options)
        return replace(done, title=N_("Letters written"))
    if asked.get("what") == "send":
        waiting = reminding.send(books, query, "", dry_run=True, options=options)
        _check_seen(asked, _seen(waiting))
        done = reminding.send(books, query, "", dry_run=False, options=options)
        return replace(done, title=N_("What became of the letters"))
    raise Refusal(_("Letters are written or sent."), HTTPStatus.BAD_REQUEST)


def _checked_request() -> Mapping[str, Any]:
    """Return the body; raise Refusal for a request that another site could have made."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    is_ours = origin is None or urlsplit(origin).netloc == request.host
    if site != "same-origin" or not is_ours:
        raise Refusal(_("This came from another site."), HTTPStatus.FORBIDDEN)
    if request.mimetype != "application/json":
        raise Refusal(_("JSON is expected."), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise Refusal(_("JSON is expected."), HTTPStatus.BAD_REQUEST)
    return found


def _check_seen(asked: Mapping[str, Any], now: str) -> None:
    if asked.get("seen") != now:
        words = _("What is due has changed since the page was made: look at it again.")
        raise Refusal(words, HTTPStatus.CONFLICT)


def _seen(answer: Answer) -> str:
    """Return what tells the letters of ``answer`` from all others."""
    rows = [{key: str(row.get(key)) for key in _IDENTITY} for row in answer.table("letters").rows]
    text = json.dumps([str(answer.facts.get("as_of")), rows], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _waiting(planning: Planning) -> tuple[Answer | None, str]:
    """Return what sending the letters written last would do, or why nobody knows.

    Both are empty where no letters were written.
    """
    try:
        answer = planning.checked_letters()
    except PlanMissingError:
        return None, ""
    except LedgercliError as error:
        return None, wording.error_lines(error)
    return replace(answer, title=N_("Letters that were written"), notes=()), ""


def _ready(waiting: Answer | None) -> int:
    rows = waiting.table("letters").rows if waiting else ()
    return sum(1 for row in rows if row["sending"] in _TO_SEND)


def _options() -> SendOptions:
    return send_options(os.environ, trusted=True, commit=False)


def _action(what: str, count: int, seen: str, visit: Visit) -> Action:
    """Return the button for ``count`` letters; ``seen`` stands for them."""
    values = {"date": visit.books.as_of(visit.asked.query)}
    texts = {
        "write": (
            (N_("Write {count} letter …"), N_("Write {count} letters …")),
            (
                N_("Write {count} letter to `letters/{date}/`? Nothing is sent."),
                N_("Write {count} letters to `letters/{date}/`? Nothing is sent."),
            ),
            _("Write"),
        ),
        "send": (
            (N_("Send {count} letter …"), N_("Send {count} letters …")),
            (
                N_(
                    "Send {count} letter now? It is checked against the books once more."
                    " What is sent cannot be called back."
                ),
                N_(
                    "Send {count} letters now? Each is checked against the books once more."
                    " What is sent cannot be called back."
                ),
            ),
            _("Send"),
        ),
    }
    button, question, confirm = texts[what]
    return Action(
        what,
        sentence(Text(button[0], values, button[1], count)),
        sentence(Text(question[0], values, question[1], count)),
        confirm,
        _("Cancel"),
        seen,
    )
