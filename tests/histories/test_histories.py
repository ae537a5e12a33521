"""Histories of a deck on the real Anki: whatever an author edits, merges or breaks off, no promise is broken.

`python -m tests.histories 500` plays more of them.
"""

from __future__ import annotations

import os

import pytest
from tests.histories import plays

SEEDS = 40


@pytest.mark.skipif(not hasattr(os, "fork"), reason="builds are killed in children")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_history_breaks_a_promise(seed: int) -> None:
    history = plays.drawn(seed)
    if broken := plays.play(history, seed):
        pytest.fail(plays.report(seed, *plays.shortest(history, seed, broken)), pytrace=False)
