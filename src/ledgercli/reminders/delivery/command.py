"""The channel ``command:PROGRAM``: letters as JSON to a program, for letter services."""

from __future__ import annotations

import base64
import json
import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.sentence import Sentence
from ledgercli.reminders.delivery.channel import Circumstances
from ledgercli.reminders.delivery.errors import DeliveryError, TargetError
from ledgercli.reminders.delivery.message import Message
from ledgercli.reminders.delivery.plain import one_line
from ledgercli.reminders.delivery.reply import shown_error

SCHEMA = "ledgercli/delivery/1"
#: "temporary failure; user is invited to retry", as in sysexits.h.
TEMPORARY_CODE = 75
RECEIPT_MAX = 300


@contextmanager
def open_command(target: str, circumstances: Circumstances) -> Iterator[CommandChannel]:
    """Yield the channel; the program runs once for each letter."""
    try:
        words = shlex.split(target)
    except ValueError:
        reason = Sentence(N_("a quotation mark has no partner"))
        raise TargetError(path=target, reason=reason) from None
    yield CommandChannel(words, circumstances)


class CommandChannel:
    """Runs a program, in the folder of the books and without a shell."""

    def __init__(self, words: list[str], circumstances: Circumstances) -> None:
        """Run ``words``."""
        self._words = words
        self._circumstances = circumstances

    def deliver(self, message: Message) -> str:
        """Give ``message`` to the program; return the first line that it prints."""
        seconds = self._circumstances.mail.timeout.count
        program = self._words[0]
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own settings name it, no shell
                self._words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._circumstances.root,
                env=dict(self._circumstances.environment),
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            wrong = N_("`{command}` cannot be run: {reason}")
            reason = shown_error(error)
            raise DeliveryError(
                Sentence(wrong, command=program, reason=reason), temporary=True, whole_channel=True
            ) from None
        try:
            output, errors = process.communicate(as_json(message), timeout=seconds)
        except subprocess.TimeoutExpired:
            wrong = N_("`{command}` did not end within {seconds} seconds")
            raise DeliveryError(
                Sentence(wrong, command=program, seconds=str(seconds)),
                temporary=True,
                uncertain=True,
            ) from None
        finally:
            _end(process)
        if process.returncode:
            raise _failed(program, process.returncode, errors or output)
        return _first_line(output) or f"{program}: 0"


def as_json(message: Message) -> bytes:
    """Return ``message`` as one JSON object, attachments in base64."""
    values = {
        "schema": SCHEMA,
        "message_id": message.message_id,
        "date": message.date.isoformat(),
        "customer": message.customer,
        "letter": message.letter,
        "language": message.language,
        "sender": message.sender,
        "reply_to": message.reply_to,
        "recipient": message.recipient,
        "recipient_name": message.recipient_name,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "attachments": [
            {
                "name": attachment.name,
                "media_type": attachment.media_type,
                "content": base64.b64encode(attachment.content).decode("ascii"),
            }
            for attachment in message.attachments
        ],
        "facts": dict(message.facts),
    }
    # ASCII: halves of characters, which UTF-8 does not have, are escapes like all others.
    return json.dumps(values).encode("ascii") + b"\n"


def _failed(program: str, code: int, output: bytes) -> DeliveryError:
    text = _first_line(output)
    said = {"text": text} if text else {}
    if code < 0:  # killed, and nobody knows what it had done by then
        killed = N_("`{command}` was ended by signal {signal}: {text}")
        wrong = killed if text else N_("`{command}` was ended by signal {signal}")
        reason = Sentence(wrong, command=program, signal=str(-code), **said)
        return DeliveryError(reason, temporary=True, uncertain=True)
    refused = N_("`{command}` ended with {code}: {text}")
    wrong = refused if text else N_("`{command}` ended with {code} and said nothing")
    reason = Sentence(wrong, command=program, code=str(code), **said)
    return DeliveryError(reason, temporary=code == TEMPORARY_CODE)


def _first_line(output: bytes) -> str:
    text = output.decode("utf-8", "replace").strip()
    return one_line(text.partition("\n")[0])[:RECEIPT_MAX]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with all it started, if it still runs."""
    if process.poll() is not None:
        return
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    # What it started may have left its group and hold the pipes open.
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=1)
