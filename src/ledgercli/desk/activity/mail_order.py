"""Mails in a mailbox that may be none of their own, but parts of those before them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ledgercli.books.mailbox import MailboxMessage

#: A mail is delivered within this time, so that one which is older by more is out of order.
_DELIVERY_MAX = dt.timedelta(hours=1)
#: With more of its mails out of order a mailbox has none.
_OLDER_SHARE_MAX = 0.1


class MailOrder:
    """Looks at the mails of a mailbox one after another.

    ``within`` counts those that were left in others, which had announced them.
    """

    def __init__(self) -> None:
        """Begin with no mail."""
        self.within = 0
        self._total = 0
        self._before: MailboxMessage | None = None
        self._older: list[MailboxMessage] = []

    def look(self, message: MailboxMessage) -> None:
        """Take the next mail."""
        self.within += message.within
        self._total += 1
        before, self._before = self._before, message
        if before is None or before.is_counted or not (before.moment and message.moment):
            return
        if before.moment - message.moment > _DELIVERY_MAX:
            self._older.append(message)

    def doubtful(self) -> list[MailboxMessage]:
        """Return the mails that are older than the one before them, where others are not."""
        few = len(self._older) <= max(1, self._total * _OLDER_SHARE_MAX)
        return self._older if few else []
