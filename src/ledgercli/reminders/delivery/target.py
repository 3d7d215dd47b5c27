"""Where channels put files: below the books, or where an absolute path says."""

from __future__ import annotations

from pathlib import Path

from ledgercli.model.catalogue.mark import N_
from ledgercli.model.errors import LedgercliError
from ledgercli.model.sentence import Sentence
from ledgercli.reminders.delivery.channel import Circumstances
from ledgercli.reminders.delivery.errors import DeliveryError, TargetError
from ledgercli.reminders.delivery.reply import shown_error


def target_folder(target: str, circumstances: Circumstances) -> Path:
    """Return the folder of a channel.

    Only an absolute path, which somebody wrote on purpose, may lead out of the books. Raise
    TargetError where it cannot be a folder.
    """
    path = Path(target)
    try:
        folder = (
            path if path.is_absolute() else circumstances.files.inside(circumstances.root, path)
        )
        if folder.exists() and not folder.is_dir():
            raise TargetError(path=target, reason=Sentence(N_("it is not a folder")))
    except LedgercliError as error:
        if isinstance(error, TargetError):
            raise
        raise TargetError(path=target, reason=Sentence(N_("it leads out of the books"))) from None
    except (OSError, ValueError) as error:
        raise TargetError(path=target, reason=shown_error(error)) from None
    return folder


def shown(path: Path, circumstances: Circumstances) -> str:
    """Return ``path`` as people know it: from the books where it is in them."""
    try:
        return path.relative_to(circumstances.root).as_posix()
    except ValueError:
        return path.as_posix()


def put(path: Path, content: bytes, circumstances: Circumstances) -> None:
    """Write a file, all or nothing, in a folder that is made where it is missing.

    Raise DeliveryError: a disk that is full now may have room later, and no customer is at fault.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        circumstances.files.write_atomic(path, content)
    except OSError as error:
        raise unwritable(shown(path, circumstances), shown_error(error)) from None
    except LedgercliError as error:
        reason = error.values.get("reason", str(error))
        raise unwritable(shown(path, circumstances), reason) from None


def unwritable(path: str, reason: str) -> DeliveryError:
    """Return the error of a file that could not be written."""
    wrong = N_("cannot write `{path}`: {reason}")
    return DeliveryError(
        Sentence(wrong, path=path, reason=reason), temporary=True, whole_channel=True
    )
