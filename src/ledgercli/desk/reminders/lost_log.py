"""Letters that the second record knows and the books do not: they were sent, the log was lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path

from ledgercli.books.sent_log import SentRecord
from ledgercli.desk.reminders.letter_facts import Obstacle, obstacle_of
from ledgercli.desk.reminders.sendings import Raised, SendLog
from ledgercli.model.record import dataclass
from ledgercli.receivables.identity import Directory


@dataclass(frozen=True, slots=True)
class LostLog:
    """The sendings of the second record that the log lacks, by customer and currency."""

    file: Path | None = None
    records: Mapping[tuple[str, str], Sequence[SentRecord]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        file: Path | None,
        records: Sequence[SentRecord],
        log: SendLog,
        directory: Directory,
    ) -> LostLog:
        """Return what ``records`` have and ``log`` lacks; attempts that failed do not count.

        ``directory`` tells the customers of now, whose ids may have been others then.
        """
        last: dict[str, SentRecord] = {}
        certain: set[str] = set()
        for record in records:
            last[record.message_id] = record
            if record.state == "sent":
                certain.add(record.message_id)
        lost: dict[tuple[str, str], list[SentRecord]] = {}
        for identifier, record in last.items():
            gone = record.state != "failed" or identifier in certain
            sending = log.sendings.get(identifier)
            if gone and (sending is None or (identifier in certain and not sending.sent)):
                now = directory.by_id_or_alias(record.customer) or record.customer
                lost.setdefault((now, record.currency), []).append(record)
        return cls(file, lost)

    def obstacle(
        self,
        key: tuple[str, str],
        documents: Sequence[Raised],
        reached: Mapping[tuple[str, str, str], int],
    ) -> Obstacle | None:
        """Return why a letter that raises ``documents`` must wait, None where nothing is lost.

        ``reached`` are the levels that the log knows: who adopted the lost one has settled it.
        """
        for record in self.records.get(key, ()):
            sent = {number: (level, name) for number, level, name in record.documents}
            for number, level, name in documents:
                before, named = sent.get(number, (-1, ""))
                known = reached.get((*key, number), 0)
                again = before >= level > 0 or (level == 0 and before == 0 and named == name)
                if (again or (level == 0 and before > 0)) and (before > known or before == 0):
                    return obstacle_of(
                        "log-lost",
                        number=number,
                        day=record.at[:10],
                        level=str(before),
                        file=str(self.file),
                    )
        return None
