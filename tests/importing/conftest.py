"""What is imported is computed in children that stay."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def computing(children_stay: None) -> None:
    """Nothing here asks how a child begins or ends."""
