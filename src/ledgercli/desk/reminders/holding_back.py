"""What keeps a customer's next letter waiting: one on its way, one lost, one cut off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from ledgercli.books.plan_file import folder_of
from ledgercli.desk.reminders.carrying_out import CarryingOut, Checked
from ledgercli.desk.reminders.letter_facts import Obstacle, obstacle_of
from ledgercli.desk.reminders.messages import Written
from ledgercli.desk.reminders.sending import Sent
from ledgercli.desk.reminders.sendings import Raised
from ledgercli.reminders.held import Held, Reason
from ledgercli.reminders.planned import Plan

#: Obstacles that keep the customer's next letter waiting, too.
_STAYING = frozenset({"undeliverable", "retry-later", "review", "log-lost", "uncertain"})


def after(on_the_way: Checked, checked: Checked) -> Checked:
    """Return ``checked`` with those held whose customers are still owed an earlier letter."""
    waiting = _waiting(on_the_way.others, on_the_way.ready)
    ready = [written for written in checked.ready if written.letter.key not in waiting]
    held = [
        Sent(written.folder, written.letter, "held", obstacle=waiting[written.letter.key])
        for written in checked.ready
        if written.letter.key in waiting
    ]
    return Checked(ready, [*checked.others, *held])


def hold_back(
    work: CarryingOut, plan: Plan, carried: Sequence[Sent], ready: Sequence[Written]
) -> Plan:
    """Return ``plan`` without the letters that must wait for what is on its way or lost."""
    waiting = _waiting(carried, ready)
    today = {
        (sending.customer, sending.currency)
        for sending in work.log.sendings.values()
        if sending.sent and sending.letter.rpartition("/")[0] == folder_of(plan.as_of)
    }
    letters = []
    held = list(plan.held)
    for letter in plan.letters:
        key = (letter.customer.id, letter.currency)
        raised = tuple(
            (each.item.document.number, each.level, each.level_name)
            for each in letter.documents
            if each.raised
        )
        obstacle = waiting.get(key) or work.lost.obstacle(key, raised, work.reached)
        obstacle = obstacle or _cut_off(work, key, raised)
        if obstacle is None and key in today:
            # A folder has one letter for each, and what was sent stays as it was sent.
            obstacle = obstacle_of("wait", last=plan.as_of.isoformat())
        if obstacle is None:
            letters.append(letter)
            continue
        held += [
            Held(
                *key,
                document.item.document.number,
                document.level,
                document.level_name,
                cast("Reason", obstacle.reason),  # those of obstacle_of are reasons
                obstacle.text.values,
                document.item,
            )
            for document in letter.documents
            if document.raised
        ]
    held.sort(key=lambda row: (row.customer, row.currency))
    return replace(plan, letters=tuple(letters), held=tuple(held))


def _cut_off(
    work: CarryingOut, key: tuple[str, str], documents: Sequence[Raised]
) -> Obstacle | None:
    """Return the obstacle of documents in a letter that may have gone, whoever removed it."""
    for sending in work.log.of_key(key):
        if sending.sent:
            continue
        again = {number for number, _, _ in set(documents) & set(sending.documents)}
        if sending.uncertain and again & work.open_documents(sending):
            count = str(sending.uncertain)
            return obstacle_of("uncertain", count=count, letter=sending.letter)
    return None


def _waiting(
    carried: Sequence[Sent], ready: Sequence[Written]
) -> Mapping[tuple[str, str], Obstacle]:
    """Return what keeps the next letter waiting, by customer and currency."""
    waiting = {written.letter.key: obstacle_of("pending", letter=written.path) for written in ready}
    for result in carried:
        path = f"{result.folder}/{result.letter.letter}"
        if result.state in {"failed", "waiting"}:
            waiting[result.letter.key] = obstacle_of("pending", letter=path)
        elif result.obstacle and result.obstacle.reason in _STAYING:
            waiting[result.letter.key] = result.obstacle
    return waiting
