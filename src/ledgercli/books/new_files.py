"""Many files at once, all or nothing each: written one by one, and all named together."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from ledgercli.books.errors import FileUnwritableError
from ledgercli.books.files import folder_of, sync_folder, temporary_file

#: From so many files on the whole disk is flushed once, which is faster than one file at a time.
_AT_ONCE = 50
#: Windows flushes only what is open for writing.
_TO_FLUSH = os.O_RDWR if os.name == "nt" else os.O_RDONLY


class NewFiles:
    """Files that are written beside their places, and get their names when all are on the disk.

    Each place has the old content or the new. What has no name yet is removed on leaving.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._temporaries: dict[str, str] = {}
        self._folders: set[str] = set()
        self._flushing: threading.Thread | None = None

    def __len__(self) -> int:
        """Return how many have no name yet."""
        return len(self._temporaries)

    def __enter__(self) -> Self:
        """Return the files."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove what has no name yet."""
        self.discard()

    def add(self, path: Path | str, content: bytes, *, new: bool = False) -> None:
        """Write what ``path`` is to hold; its folder is made. Raise FileUnwritableError.

        ``new`` says that nothing is there, not even a link.
        """
        self._end_flush()  # what comes now is not among what it flushes
        try:
            is_link = not new and Path(path).is_symlink()
            target = os.path.realpath(path) if is_link else str(path)
            folder = folder_of(target)
            if folder not in self._folders:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                self._folders.add(folder)
            before = self._temporaries.pop(target, None)
            if before:
                Path(before).unlink(missing_ok=True)
            self._temporaries[target] = temporary_file(target, content, flush=False)
        except OSError as error:
            raise FileUnwritableError(path=path, reason=error.strerror or error) from error

    def begin_flush(self) -> None:
        """Begin to flush all to the disk, while this process goes on with something else.

        Where that cannot be, they are flushed when they are put in place.
        """
        if self._is_many:
            flushing = threading.Thread(target=os.sync, name="ledgercli-flush")
            with suppress(RuntimeError):  # no more threads
                flushing.start()
                self._flushing = flushing

    def put_in_place(self) -> None:
        """Flush all to the disk, then give them their names.

        Raise FileUnwritableError; then some may have been replaced, none is half-written.
        """
        target = ""
        try:
            self._flush()
            for target, temporary in self._temporaries.items():
                os.replace(temporary, target)  # noqa: PTH105 - of thousands
            for folder in {folder_of(target) for target in self._temporaries}:
                sync_folder(Path(folder))
        except BaseException as error:
            self.discard()
            if isinstance(error, OSError):
                path = target or error.filename
                raise FileUnwritableError(path=path, reason=error.strerror or error) from error
            raise
        self._temporaries.clear()

    @property
    def _is_many(self) -> bool:
        return len(self._temporaries) >= _AT_ONCE and hasattr(os, "sync")

    def _end_flush(self) -> bool:
        """Wait for a flush that was begun; return whether there was one."""
        flushing, self._flushing = self._flushing, None
        if flushing:
            flushing.join()
        return flushing is not None

    def _flush(self) -> None:
        if self._end_flush():
            return
        if self._is_many:
            os.sync()
            return
        for temporary in self._temporaries.values():
            descriptor = os.open(temporary, _TO_FLUSH)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def discard(self) -> None:
        """Remove what has no name yet."""
        self._end_flush()
        for temporary in self._temporaries.values():
            with suppress(OSError):
                Path(temporary).unlink()
        self._temporaries.clear()
