"""Collects what the templates of thousands of letters leave behind."""

from __future__ import annotations

import gc

#: What templates may leave behind of so many letters is some megabytes.
_LETTERS_A_COLLECTION = 250


class Collector:
    """Collects garbage now and then, where the process does not do so by itself.

    Most templates leave none, but a circle of objects would stay until the end. What was there
    before is not looked at again, and where nothing was found the next look is later.
    """

    def __init__(self) -> None:
        """Leave aside what is there already."""
        self._collects = not gc.isenabled()
        self._interval = self._left = _LETTERS_A_COLLECTION
        if self._collects:
            gc.freeze()

    def count(self) -> None:
        """Note one more letter."""
        self._left -= 1
        if self._left or not self._collects:
            return
        if not gc.collect():
            self._interval *= 2
        gc.freeze()
        self._left = self._interval
