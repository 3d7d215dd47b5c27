"""Which written letters may go out now: each is compared with the books and the two records.

Letters of earlier folders come first: those whose sending was cut off or failed, and those that
waited for approval. As long as one of them may still go, or may have gone, its customer gets no
other letter about that currency.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ledgercli.books.plan_file import NAME, plan_folders, read_plan
from ledgercli.books.sent_log import SentLog
from ledgercli.desk.open_books import OpenBooks
from ledgercli.desk.reminders.comparing import Comparisons
from ledgercli.desk.reminders.letter_facts import Obstacle, obstacle_of
from ledgercli.desk.reminders.letter_files import LetterFolder
from ledgercli.desk.reminders.lost_log import LostLog
from ledgercli.desk.reminders.messages import LetterReader, Written, identifier
from ledgercli.desk.reminders.reminder_errors import stops_sending
from ledgercli.desk.reminders.send_options import SendOptions
from ledgercli.desk.reminders.sending import Post, Sent, raised_by
from ledgercli.desk.reminders.sendings import Sending, SendLog, reached_in, read_sendings
from ledgercli.model.answer import Text
from ledgercli.model.catalogue.mark import N_
from ledgercli.model.finding import Finding
from ledgercli.model.letter_plan import LetterPlan, PlannedLetter
from ledgercli.reminders.held import OF_A_LETTER, REASONS

#: How long after its day a letter that waits for approval is looked for.
_DAYS_FOR_REVIEW = 60
#: Channels whose messages are e-mails, and need an address.
_BY_EMAIL = frozenset({"email", "maildir", "dir"})
#: Why a letter of an earlier day will not go out any more, whatever comes.
_OVERTAKEN = frozenset({"changed", "settled", "stale"})
#: After so many days a letter without a deadline has to be written anew.
_DAYS_WITHOUT_DEADLINE = 14


@dataclass(slots=True)
class Checked:
    """The letters of folders: those that may go now, and what became of all others.

    ``findings`` say which plans of earlier folders cannot be used.
    """

    ready: list[Written] = field(default_factory=list)
    others: list[Sent] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def only(self, wanted: Callable[[tuple[str, str]], bool]) -> Checked:
        """Return the letters whose customer and currency are wanted."""
        return Checked(
            [written for written in self.ready if wanted(written.letter.key)],
            [result for result in self.others if wanted(result.letter.key)],
            self.findings,
        )


@dataclass
class CarryingOut:
    """One run over written letters as of ``day``, on books whose log was read under the lock."""

    books: OpenBooks
    day: dt.date
    options: SendOptions
    dry_run: bool

    @cached_property
    def log(self) -> SendLog:
        """Return what the log says about sending."""
        return read_sendings(self.books.events)

    @cached_property
    def second(self) -> SentLog:
        """Return the record beside the books."""
        return SentLog(self.options.state, self.books.root)

    @cached_property
    def lost(self) -> LostLog:
        """Return what the second record has and the log lacks."""
        return LostLog.of(self.second.path, self.second.read(), self.log, self.books.directory)

    @cached_property
    def reached(self) -> Mapping[tuple[str, str, str], int]:
        """Return the highest level that the log knows, by document."""
        return reached_in(self.books.events, self.day)

    @cached_property
    def adopted(self) -> Mapping[tuple[str, str, str], int]:
        """Return the highest level that a person said was sent, by document."""
        return reached_in(self.books.events, self.day, adopted=True)

    def open_documents(self, sending: Sending) -> set[str]:
        """Return the documents that nobody knows a letter was sent for, or not."""
        key = (sending.customer, sending.currency)
        return {
            number
            for number, level, _ in sending.documents
            if number not in sending.sent
            and (level == 0 or self.adopted.get((*key, number), 0) < level)
        }

    # --- letters of earlier folders ----------------------------------------------------------

    def carried_over(self, own: str, *, with_own: bool = False) -> Checked:
        """Return the letters of other folders than ``own`` that are on their way, or wait.

        ``with_own``: also those of that folder that are on their way.
        """
        checked = Checked()
        on_the_way = {
            sending.letter for sending in self.log.sendings.values() if self.open_documents(sending)
        }
        folders = {letter.rpartition("/")[0] for letter in on_the_way}
        for folder in plan_folders(self.books.root):
            if folder == own and not (with_own and folder in folders):
                continue
            if not (folder in folders or self._has_review(folder)):
                continue
            plan, findings = read_plan(self.books.root, folder)
            checked.findings += [each for each in findings if stops_sending(each)]
            if plan is None or any(stops_sending(each) for each in findings):
                continue
            wanted = [
                letter
                for letter in plan.letters
                if f"{folder}/{letter.letter}" not in self.log.withdrawn
                and (
                    f"{folder}/{letter.letter}" in on_the_way
                    or (folder != own and letter.review == "required" and not letter.skip)
                )
            ]
            unsent = [letter for letter in wanted if not self._is_sent(folder, letter)]
            part = self.check(folder, replace(plan, letters=tuple(unsent)))
            checked.ready += part.ready
            checked.others += part.others
        return checked

    def settled(self, own: str, carried: Checked) -> Checked:
        """Return ``carried`` without the letters whose customers' case goes on without them.

        A letter of an earlier folder than ``own`` that the books do not bear out any more is
        recorded as withdrawn, so that it is told once: what is due still is written anew. One that
        is left out, or held as its documents are in the plan, is no news.
        """
        others = []
        for result in carried.others:
            reason = result.obstacle.reason if result.obstacle else ""
            if result.folder != own and reason in _OVERTAKEN and not self.dry_run:
                self._post().withdraw(result)
            if result.state != "skipped" and (reason not in REASONS or reason in OF_A_LETTER):
                others.append(result)
        return Checked(carried.ready, others, carried.findings)

    def _sending(self, folder: str, letter: PlannedLetter) -> Sending | None:
        own = identifier(self.books, folder, letter)
        return self.log.sending_of(own, f"{folder}/{letter.letter}")

    def _is_sent(self, folder: str, letter: PlannedLetter) -> bool:
        sending = self._sending(folder, letter)
        wanted = {number for number, _, _ in raised_by(letter)}
        return sending is not None and wanted <= sending.sent.keys()

    def _has_review(self, folder: str) -> bool:
        """Return whether a folder that is not too old has letters which need approval."""
        day = dt.date.fromisoformat(folder.rpartition("/")[2])
        if not dt.timedelta(0) <= self.day - day <= dt.timedelta(days=_DAYS_FOR_REVIEW):
            return False
        try:
            # Plans can be long; most have no such letter.
            return b"required" in (self.books.root / folder / NAME).read_bytes()
        except OSError:
            return False

    # --- letters of one folder -----------------------------------------------------------------

    def check(self, folder: str, plan: LetterPlan, trial: LetterFolder | None = None) -> Checked:
        """Return which letters of ``plan`` may go now; ``trial`` has those that are not written."""
        checked = Checked()
        reader = LetterReader(self.books, folder, trial if self.dry_run else None)
        comparisons = Comparisons(self.books, folder, plan.date, self.day)
        for letter in plan.letters:
            found = self._check(reader, letter, comparisons)
            if isinstance(found, Written):
                checked.ready.append(found)
            else:
                checked.others.append(found)
        return checked

    def _check(
        self, reader: LetterReader, letter: PlannedLetter, comparisons: Comparisons
    ) -> Written | Sent:
        folder = reader.folder
        sending = self._sending(folder, letter)
        message_id = sending.message_id if sending else identifier(self.books, folder, letter)
        read = reader.read(letter)
        if sending and sending.sent:
            missing = set(raised_by(letter)) & set(sending.documents)
            missing = {each for each in missing if each[0] not in sending.sent}
            if missing and isinstance(read, Written) and not self.dry_run:
                # The process ended between two entries of one letter.
                self._post().complete(read, message_id, sending.next_attempt - 1, "")
            return Sent(folder, letter, "already-sent", message_id)
        if sending and not self.open_documents(sending):
            return Sent(folder, letter, "already-sent", message_id)
        if letter.skip:
            return Sent(folder, letter, "skipped", message_id)
        obstacle = read if isinstance(read, Obstacle) else None
        obstacle = obstacle or self._twice(folder, letter)
        obstacle = obstacle or comparisons.obstacle(letter)
        obstacle = obstacle or self._stale(letter, comparisons.day)
        if obstacle and sending and sending.uncertain:
            count, path = str(sending.uncertain), sending.letter
            obstacle = obstacle_of("uncertain", count=count, letter=path)
        if obstacle is None and isinstance(read, Written):
            obstacle = self._not_approved(read)
        obstacle = obstacle or self.lost.obstacle(letter.key, raised_by(letter), self.reached)
        if obstacle is None and sending:
            obstacle = sending.obstacle(self.books.now, letter.channel, letter.to)
        if obstacle is None and letter.channel.partition(":")[0] in _BY_EMAIL:
            obstacle = _address_obstacle(letter.to)
        if obstacle or not isinstance(read, Written):
            return Sent(folder, letter, "held", message_id, obstacle)
        return read

    def _twice(self, folder: str, letter: PlannedLetter) -> Obstacle | None:
        """Return the obstacle of a letter that the log knows under another name."""
        path = f"{folder}/{letter.letter}"
        other = self.log.same_elsewhere(path, letter.key, raised_by(letter))
        if other is None:
            return None
        words = N_("`{letter}` of the same folder has asked for the same already")
        return Obstacle("changed", Text(words, {"letter": other.letter}))

    def _stale(self, letter: PlannedLetter, day: dt.date) -> Obstacle | None:
        """Return the obstacle of a letter of a day to come, or of one whose deadline is unfair.

        A deadline is unfair once the letter has lain for half of the time up to it.
        """
        if day > self.day:
            return Obstacle("early", Text(N_("it is of {date}, a day to come"), {"date": day}))
        span = (letter.deadline - day).days / 2 if letter.deadline else _DAYS_WITHOUT_DEADLINE
        if (self.day - day).days <= max(span, 1):
            return None
        values = {"date": day}
        return Obstacle("stale", Text(N_("it is of {date}: have it written anew"), values))

    def _not_approved(self, written: Written) -> Obstacle | None:
        if written.letter.review != "required":
            return None
        if self.log.approved(written.path, written.digest):
            return None
        return obstacle_of("review", letter=written.path)

    # --- sending --------------------------------------------------------------------

    def _post(self) -> Post:
        return Post(self.books, self.log, self.second, self.day, self.options, dry_run=self.dry_run)

    def send(self, checked: Checked) -> list[Sent]:
        """Send what may go now; return what became of all, by folder and letter.

        A customer gets one letter at a time about a currency: the oldest.
        """
        first: dict[tuple[str, str], Written] = {}
        results = list(checked.others)
        for written in sorted(checked.ready, key=lambda each: each.folder):
            before = first.setdefault(written.letter.key, written)
            if before is not written:
                obstacle = obstacle_of("pending", letter=before.path)
                results.append(Sent(written.folder, written.letter, "held", obstacle=obstacle))
        results += self._post().send_all(list(first.values()))
        return sorted(results, key=lambda result: (result.folder, result.letter.letter))


def _address_obstacle(address: str) -> Obstacle | None:
    """Return why no e-mail can go to ``address``, None where one can."""
    from ledgercli.reminders.delivery.address import AddressError, bare_address

    if not address:
        return Obstacle("no-address", Text(N_("there is no address to send it to")))
    try:
        bare_address(address)
    except AddressError:
        words = N_("`{address}` is not one e-mail address")
        return Obstacle("undeliverable", Text(words, {"address": address[:80]}))
    return None
