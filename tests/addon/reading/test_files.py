"""A picture is read by its name alone, out of the media folder alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addon.reading import files, limits

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def media(tmp_path: Path) -> Path:
    (tmp_path / "secret.svg").write_bytes(b"secret")
    folder = tmp_path / "media"
    (folder / "below").mkdir(parents=True)
    (folder / "one.svg").write_bytes(b"<svg/>")
    (folder / "below" / "two.svg").write_bytes(b"secret")
    return folder


def test_a_picture_is_read(media: Path) -> None:
    assert files.picture(media, "one.svg") == b"<svg/>"


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../secret.svg", "below/two.svg", "..\\secret.svg", "/etc/passwd", "below", "a\0b"],
)
def test_what_lies_elsewhere_is_not(media: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"media folder|null"):
        files.picture(media, name)


def test_what_is_missing_or_too_large_is_told(media: Path) -> None:
    with pytest.raises(ValueError, match="missing"):
        files.picture(media, "none.svg")
    with (media / "large.svg").open("wb") as file:
        file.truncate(limits.MOST_FILE + 1)
    with pytest.raises(ValueError, match="too large"):
        files.picture(media, "large.svg")
