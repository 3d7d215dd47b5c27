"""A run that is killed at any point is made good by the next one."""

import datetime as dt
import warnings
from pathlib import Path

import pytest
from fault_points import DAY, points_of, try_point

CUSTOMERS = 5
#: Points are spread over so many tests, which can run side by side.
PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_point(part: int, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking, in newer Pythons
        points = points_of(tmp_path, CUSTOMERS)
        assert len(points) > 100
        for number in range(part + 1, len(points) + 1, PARTS):
            # By turns on the same day and on the next.
            day = DAY + dt.timedelta(days=number // PARTS % 2)
            try_point(tmp_path, number, CUSTOMERS, day, points[number - 1])
