"""The add-on's folder to an `.ankiaddon`, byte for byte the same for the same files.

Anki wants a zip without a top folder, and AnkiWeb one without `__pycache__`. Members are stored as they are:
no version of zlib has a say in the bytes.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from verideck import __version__
from verideck.packaging import addonrules
from verideck.problems import Problem, ordered

PACKAGE = "attention_heatmaps"
NAME = "Attention Heatmaps"
OLDEST = 250700  # Anki 25.07, the first whose own Python is 3.10 or newer everywhere; the tests run both ends
FILE = f"{PACKAGE.replace('_', '-')}.ankiaddon"

_PACKAGE = Path(__file__).parents[1]
# What the add-on shares with the rest; its folder has links in their place.
_SHARED = {"heatmap": _PACKAGE / "rendering" / "heatmap", "tex": _PACKAGE / "tex"}
_DATE = (1980, 1, 1, 0, 0, 0)
# What Python and Anki write into a folder that is tried out: never a part of the add-on.
_LEFT_OUT = {"__pycache__", "meta.json", "user_files"}


class BundleError(Exception):
    """Files that cannot be bundled; `problems` says each to a person."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def folder() -> Path:
    """Give the folder of the add-on: inside the package in a wheel, beside `generator` in a checkout."""
    inside = Path(__file__).parents[1] / "addon"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "addon"


def bundle(root: Path | None = None) -> bytes:
    """Give the bundle of a folder: its files, what it shares with the rest, a manifest.

    Raises BundleError with all that is wrong.
    """
    root = folder() if root is None else root
    found = [*_files(root, "")]
    for name, place in _SHARED.items():
        found += _files(place, f"{name}/")
    files = {name: addonrules.lines(path.read_bytes()) for name, path in found if path.is_file()}
    if problems := ordered(addonrules.problems(dict(found), files)):
        raise BundleError(problems)
    files["manifest.json"] = json.dumps(manifest(), indent=2).encode() + b"\n"
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3  # whatever the system, one is named
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return into.getvalue()


def manifest() -> dict[str, object]:
    """Give what Anki reads of an add-on before it installs it."""
    return {
        "package": PACKAGE,
        "name": NAME,
        "human_version": __version__,
        "min_point_version": OLDEST,
    }


def _files(root: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    """Give names in the bundle and files, folders only where something is wrong with them."""
    for entry in os.scandir(root):
        name = f"{prefix}{entry.name}"
        if entry.name in _LEFT_OUT or name in _SHARED:  # a link, in whose place a copy comes
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path), f"{name}/")
        else:
            yield name, Path(entry.path)
