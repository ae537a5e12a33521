"""Reads a picture of the media folder that a note names, and nothing that lies elsewhere."""

from __future__ import annotations

from pathlib import Path

from .limits import MOST_FILE


def picture(folder: Path, name: str) -> bytes:
    """Read a file of the media folder by its name alone.

    Raises ValueError with a reason for a person where the name leads elsewhere, or the file is missing or too
    large to be a picture; OSError where it cannot be read.
    """
    if not name or Path(name).name != name or "\\" in name:
        raise ValueError("it is no file of the media folder")
    path = folder / name
    if not path.is_file():
        raise ValueError("its file is missing from the media folder")
    if path.stat().st_size > MOST_FILE:
        raise ValueError("its file is too large")
    return path.read_bytes()
