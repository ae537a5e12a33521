"""Both ways in which folders are opened."""

from __future__ import annotations

import pytest

from verideck.disk import folder


@pytest.fixture(params=[True, False], ids=["by handle", "by path"])
def handles(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Look names up in open folders, or as on a system that cannot."""
    if request.param and not folder.HAS_HANDLES:
        pytest.skip("this system looks nothing up in an open folder")
    monkeypatch.setattr(folder, "HAS_HANDLES", request.param)
    return bool(request.param)
