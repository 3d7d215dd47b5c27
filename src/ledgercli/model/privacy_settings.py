"""How long personal data are kept: ``privacy:`` in the settings."""

from __future__ import annotations

from ledgercli.model.record import dataclass
from ledgercli.model.values import Duration


@dataclass(frozen=True, slots=True)
class PrivacySettings:
    """Retention of personal data; None asks for nothing.

    ``keep_closed`` is how long the record of a closed customer keeps what is personal, counted from
    the last document, payment or activity; ``keep_activity`` how long the words of the activity log
    are kept, counted from the day of each entry.
    """

    keep_closed: Duration | None = None
    keep_activity: Duration | None = None
