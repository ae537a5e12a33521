"""Each reader and writer takes time in proportion to its input, whatever that is.

Calls are counted, of our functions and of those in C. What happens inside one call, in a pattern or in a
library, no count sees: for that each input is read once more, with a ceiling of processor time. A reader that
takes the square of its input exceeds it, and ours takes a fiftieth of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import FrameType

import pytest
from tests.reading.worst_inputs import ROWS, Row

ROOT = Path(__file__).parents[2]
FEW, MANY = 1_000, 4_000  # characters


def calls(row: Row, size: int) -> int:
    """Count the calls that reading an input takes."""
    text = row.make(size)
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        row.read(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", ROWS)
def test_four_times_the_input_takes_four_times_the_calls(name: str) -> None:
    row = ROWS[name]
    row.read(row.make(100))  # what is imported or remembered once
    few, many = calls(row, FEW), calls(row, MANY)
    assert many <= 5 * few + 2_000, f"{few:,} calls for {FEW:,} characters, {many:,} for {MANY:,}"


@pytest.fixture(scope="module")
def codes() -> dict[str, int]:
    """Read all inputs at their full size, and give the exit code of each."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.reading.linear_driver"]
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert not done.stderr, done.stderr
    return {name: code for name, code, _ in map(json.loads, done.stdout.splitlines())}


@pytest.mark.skipif(sys.platform != "linux", reason="limits of processor time are the kernel's")
@pytest.mark.parametrize("name", ROWS)
def test_a_large_input_is_read_long_before_the_ceiling(name: str, codes: dict[str, int]) -> None:
    assert codes[name] == 0
