"""Passwords: where they come from, and a wrapper that keeps them out of everything printed."""

from __future__ import annotations

import subprocess

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.sentence import Sentence
from ledgercli.model.settings import Smtp
from ledgercli.reminders.delivery.channel import Circumstances
from ledgercli.reminders.delivery.errors import PasswordMissingError
from ledgercli.reminders.delivery.reply import shown_error

COMMAND_SECONDS_MAX = 60


class Secret:
    """A text that shows itself only on request."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Keep ``text``."""
        self._text = text

    def reveal(self) -> str:
        """Return the text; keep it in no variable that lives on."""
        return self._text

    def __repr__(self) -> str:
        """Return stars, for logs and tracebacks."""
        return "Secret('***')"


def password_of(smtp: Smtp, circumstances: Circumstances) -> Secret | None:
    """Return the password of the login, None where there is no login.

    ``password_command`` goes before ``password_env``. Raise PasswordMissingError, which never says
    what a program printed.
    """
    if not smtp.user:
        return None
    if smtp.password_command:
        return _printed(smtp, circumstances)
    if not smtp.password_env:
        reason = Sentence(N_("the settings name neither a variable nor a command"))
        raise PasswordMissingError(user=smtp.user, host=smtp.host, reason=reason)
    text = circumstances.environment.get(smtp.password_env, "")
    if not text:
        reason = Sentence(N_("the variable `{name}` is not set"), name=smtp.password_env)
        raise PasswordMissingError(user=smtp.user, host=smtp.host, reason=reason)
    return Secret(text)


def _printed(smtp: Smtp, circumstances: Circumstances) -> Secret:
    """Return the first line that the password command prints."""
    assert smtp.password_command  # noqa: S101 - asked for by the caller
    words = smtp.password_command.words
    reason: Sentence | str
    try:
        ended = subprocess.run(  # noqa: S603 - the user's own settings name it, no shell
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            cwd=circumstances.root,
            env=dict(circumstances.environment),
            timeout=COMMAND_SECONDS_MAX,
        )
    except subprocess.TimeoutExpired:
        reason = Sentence(N_("`{command}` does not end"), command=words[0])
    except (OSError, ValueError) as error:
        why = shown_error(error)
        reason = Sentence(N_("`{command}` cannot be run: {reason}"), command=words[0], reason=why)
    else:
        first = ended.stdout.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")
        if ended.returncode == 0 and first:
            return Secret(first)
        reason = Sentence(
            N_("`{command}` ended with {code} and printed no password"),
            command=words[0],
            code=str(ended.returncode),
        )
    raise PasswordMissingError(user=smtp.user, host=smtp.host, reason=reason) from None
