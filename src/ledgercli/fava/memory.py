"""What the pages of one ledger keep between requests, until Fava loads the ledger again."""

from __future__ import annotations

import gc
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

#: How many things are kept: each may hold ten thousand documents.
_KEPT_MAX = 4


class Memory:
    """A few things that are long to make, each under all that it depends on."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def has(self, key: Hashable) -> bool:
        """Return whether something is kept under ``key``."""
        return key in self._kept

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - of any kind
        """Return what is kept under ``key``, else what ``make`` returns, which is kept.

        Who asks for the same meanwhile waits for it. Of more than a few the least used goes.
        """
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
            try:
                made = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            # The collector of garbage rests while it is made. Better that it looks at what is new
            # here than on the next page, which somebody expects to be there at once.
            gc.collect(1)
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > _KEPT_MAX:
                    self._kept.popitem(last=False)
            return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
