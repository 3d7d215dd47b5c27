"""Garbage collection paused while a reader makes many small objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the garbage collector; it resumes only if it ran before.

    A reader makes hundreds of thousands of objects and frees hardly any: without the pause the
    collector walks them again and again, and reading takes more than twice as long.
    """
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()
