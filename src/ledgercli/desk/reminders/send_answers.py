"""What sending answers: a line for each letter, what is wrong, and a commit of what was written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.letter_facts import Obstacle
from ledgercli.desk.reminders.letter_files import letter_name
from ledgercli.desk.reminders.letter_making import Outcome
from ledgercli.desk.reminders.reminder_answers import held_note
from ledgercli.desk.reminders.sending import SendState, Sent
from ledgercli.model.answer import Answer, Column, Table, Text
from ledgercli.model.catalogue import reminders as codes
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import Finding, Place
from ledgercli.model.letter_plan import PlannedLetter
from ledgercli.model.sentence import Sentence
from ledgercli.reminders.delivery.message import Message
from ledgercli.reminders.planned import Plan

#: In the order in which they are counted for people.
STATES: tuple[SendState, ...] = (
    "sent",
    "to-send",
    "already-sent",
    "skipped",
    "held",
    "waiting",
    "failed",
)
#: What nobody but a person can go on with, so that cron has to report it.
_FOR_A_PERSON = frozenset({"uncertain", "log-lost", "undeliverable", "missing", "edited-partly"})
_SILENT = frozenset({"review", "retry-later"})

_COLUMNS = (
    Column("customer", N_("customer"), "code"),
    Column("currency", N_("cur."), "code"),
    Column("level", N_("level"), "number", optional=3),
    Column("level_name", N_("level name"), "code", optional=3),
    Column("channel", N_("channel"), "code", words="channel"),
    Column("to", N_("to"), "code", flexible=True, optional=4, shown=False),
    Column("claimed", N_("claimed"), "money", optional=2),
    Column("state", N_("letter"), "code", words="letter-state", optional=1),
    Column("sending", N_("sending"), "code", words="send-state"),
    Column("recorded", N_("sent"), "flag", shown=False),
    Column("reason", N_("reason"), "code", words="hold-reason", sparse=True),
    Column("detail", N_("detail"), shown=False),
    Column("file", N_("file"), "code", flexible=True, optional=1),
    Column("files", N_("files"), "strings", shown=False),
    Column("letter", N_("letter"), "code", shown=False),
    Column("message_id", N_("message id"), "code", shown=False),
    Column("receipt", N_("receipt"), shown=False),
    Column("message", N_("message"), shown=False),
)


def send_answer(
    schema: str,
    as_of: dt.date,
    results: Sequence[Sent],
    findings: Sequence[Finding],
    *,
    dry_run: bool,
) -> Answer:
    """Return what became of the letters of a folder, a line for each."""
    return _answer(schema, as_of, [(result, None) for result in results], 0, findings, dry_run)


def run_answer(
    plan: Plan,
    outcomes: Sequence[Outcome],
    results: Sequence[Sent],
    findings: Sequence[Finding],
    *,
    dry_run: bool,
) -> Answer:
    """Return a line for each letter that was written or sent, those of earlier days included."""
    written = {outcome.files[0].rsplit(".", 2)[0]: outcome for outcome in outcomes if outcome.files}
    rows: list[tuple[Sent | None, Outcome | None]] = [
        (result, written.get(f"{result.folder}/{result.letter.letter}")) for result in results
    ]
    rows += [(None, outcome) for outcome in outcomes if not outcome.files]
    return _answer("remind-run", plan.as_of, rows, len(plan.held), findings, dry_run)


def _answer(
    schema: str,
    as_of: dt.date,
    rows: Sequence[tuple[Sent | None, Outcome | None]],
    held: int,
    findings: Sequence[Finding],
    dry_run: bool,  # noqa: FBT001 - private, always by name in the answer
) -> Answer:
    results = [result for result, _ in rows if result]
    counts = Counter(result.state for result in results)
    notes: list[Text | str] = [Text(N_("As of {date}, end of day."), {"date": as_of})]
    folders = sorted({result.folder for result in results})
    notes += [Text(N_("Letters are in {folder}."), {"folder": folder}) for folder in folders]
    if held:
        notes.append(held_note(held))
    if dry_run:
        notes.append(N_("Dry run: nothing was written or sent."))
    lines = sorted((_row(result, outcome) for result, outcome in rows), key=_order)
    return Answer(
        f"{schema}/1",
        facts={"as_of": as_of, "dry_run": dry_run},
        tables=(Table("letters", _COLUMNS, lines, empty=N_("No letter is due.")),),
        closing_facts={
            **{f"letters_{state.replace('-', '_')}": counts.get(state, 0) for state in STATES},
            "held": held,
        },
        notes=tuple(notes),
        findings=tuple(findings),
    )


def _order(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["customer"], row["currency"], row["letter"]


def _row(result: Sent | None, outcome: Outcome | None) -> Mapping[str, Any]:
    letter = result.letter if result else _unwritten(outcome)
    folder = result.folder if result else ""
    obstacle = result.obstacle if result else None
    files = [f"{folder}/{name}" for name in letter.files]
    return {
        "customer": letter.customer,
        "currency": letter.currency,
        "level": letter.level,
        "level_name": letter.level_name,
        "channel": letter.channel,
        "to": letter.to,
        "claimed": letter.claimed,
        "state": outcome.state if outcome else "unchanged",
        "sending": result.state if result else "",
        "recorded": bool(result and result.state in {"sent", "already-sent"}),
        "reason": obstacle.reason if obstacle else "",
        "detail": obstacle.text if obstacle else "",
        "file": files[0].rpartition("/")[2] if files else "",
        "files": files,
        "letter": f"{folder}/{letter.letter}" if folder else "",
        "message_id": result.message_id if result else "",
        "receipt": result.receipt if result else "",
        "message": _shown(result.message) if result and result.message else None,
    }


def _unwritten(outcome: Outcome | None) -> PlannedLetter:
    """Return what there is to say about a letter that no file was made of."""
    assert outcome is not None  # noqa: S101 - a row has one of the two
    letter = outcome.letter
    return PlannedLetter(
        letter="",
        customer=letter.customer.id,
        currency=letter.currency,
        channel=letter.channel,
        level=letter.level,
        level_name=letter.definition.name,
        claimed=_money(letter.claimed, letter.currency),
    )


def joined(before: Sequence[Sent], after: Sequence[Sent]) -> list[Sent]:
    """Return both, without what ``before`` says of a letter that was written again since."""
    again = {(result.folder, result.letter.letter) for result in after}
    return [
        *(each for each in before if (each.folder, each.letter.letter) not in again),
        *after,
    ]


def findings_of(results: Sequence[Sent]) -> list[Finding]:
    """Return what people should know: letters that were not sent, and why."""
    found = []
    channels: set[str] = set()
    for result in results:
        if result.obstacle is None or result.obstacle.reason in _SILENT:
            continue
        if result.state == "waiting":
            # A channel that is down is told once, and not for each of a thousand letters.
            if result.letter.channel in channels:
                continue
            channels.add(result.letter.channel)
        path = f"{result.folder}/{result.letter.letter}"
        code = codes.LETTER_HELD
        if result.state in {"failed", "waiting"} or result.obstacle.reason == "unfinished":
            code = codes.LETTER_NOT_SENT
        elif result.obstacle.reason in _FOR_A_PERSON:
            code = codes.LETTER_STUCK
        values = {"letter": path, "reason": sentence_of(result.obstacle)}
        found.append(Finding(code, values, Place(path), result.letter.customer))
    return found


def stuck_in(plan: Plan) -> list[Finding]:
    """Return the letters that a plan holds until a person has decided, each once.

    A letter has the name of its highest level, whatever levels its documents are at.
    """
    found: dict[tuple[str, str], Finding] = {}
    for row in sorted(plan.held, key=lambda row: -row.level):
        if row.reason not in _FOR_A_PERSON:
            continue
        name = letter_name(row.customer, row.currency, row.level_name)
        reason = sentence_of(Obstacle(row.reason, Text(row.text, row.values)))
        values = {"letter": name, "reason": reason}
        finding = Finding(codes.LETTER_STUCK, values, customer=row.customer)
        found.setdefault((row.customer, row.currency), finding)
    return [found[key] for key in sorted(found)]


def sentence_of(obstacle: Obstacle) -> Sentence:
    """Return an obstacle's text as a value of a finding."""
    values = {name: _text_of(value) for name, value in obstacle.text.values.items()}
    return Sentence(obstacle.text.message, **values)


def _text_of(value: object) -> str:
    """Return a value as text; what is a sentence stays one."""
    if isinstance(value, Text):
        return sentence_of(Obstacle("", value))
    return value if isinstance(value, Sentence) else str(value)


def subject(results: Sequence[Sent], as_of: dt.date) -> str:
    """Return the first line of the commit after sending."""
    count = sum(1 for result in results if result.state == "sent")
    return f"Reminders of {as_of}: {count} sent"


def committed(books: OpenBooks, message: str, folders: Sequence[str]) -> list[Finding]:
    """Commit letters and log, nothing else; return the finding where that fails."""
    from ledgercli.books.repository import CommitError, commit_paths
    from ledgercli.books.revision import GitMissingError

    try:
        commit_paths(books.root, [*folders, "activity", ".gitattributes"], message)
    except (CommitError, GitMissingError) as error:
        reason = error.values.get("reason", str(error))
        return [Finding(codes.COMMIT_FAILED, {"reason": reason})]
    return []


def _shown(message: Message) -> str:
    """Return a message in full, for people: its headers, its text, the names of what goes along."""
    headers = [
        ("From", message.sender),
        ("Reply-To", message.reply_to),
        ("To", message.recipient or message.recipient_name),
        ("Subject", message.subject),
        ("Message-ID", message.message_id),
        ("Attachments", ", ".join(each.name for each in message.attachments)),
    ]
    lines = [f"{name}: {value}" for name, value in headers if value]
    return "\n".join([*lines, "", message.text])


def _money(amount: Any, currency: str) -> Any:  # noqa: ANN401 - a Decimal
    from ledgercli.model.values import Money

    return Money(amount, currency)
