"""Print how long loading the books in a folder takes, and the aging of them, in seconds."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
import time
from pathlib import Path

from ledgercli.desk import reports
from ledgercli.desk.opening import open_books
from ledgercli.desk.request import Query, Request


def main(folder: str) -> None:
    """Load, compute, print ``LOAD REPORT``; garbage is not collected, as in the program."""
    gc.disable()
    start = time.perf_counter()
    named = os.environ.get("LEDGERCLI_CACHE")
    books = open_books(
        Request(
            start=Path(folder),
            now=dt.datetime.now(dt.UTC),
            books=Path(folder),
            cache=Path(named) if named else None,
        )
    )
    loaded = time.perf_counter()
    reports.aging(books, Query(), basis=None, buckets=None)
    print(f"{loaded - start:.3f} {time.perf_counter() - loaded:.3f}")


if __name__ == "__main__":
    main(sys.argv[1])
