"""The add-on's folder to an `.ankiaddon`, byte for byte the same for the same files."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from verideck import __version__

PACKAGE = "attention_heatmaps"
NAME = "Attention Heatmaps"
OLDEST = 250700  # Anki 25.07, the first whose own Python is 3.10 or newer everywhere
_KINDS = {".py", ".js", ".css", ".json", ".md", ".svg", ".txt"}
_HEATMAP = Path(__file__).parents[1] / "rendering" / "heatmap"
_DATE = (1980, 1, 1, 0, 0, 0)


def folder() -> Path:
    """Give the folder of the add-on: beside the package in a wheel, beside `generator` in a checkout."""
    inside = Path(__file__).parents[1] / "addon"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "addon"


def bundle() -> bytes:
    """Give the bundle: the add-on's files, the shared renderer, a manifest."""
    files = {"manifest.json": json.dumps(manifest(), indent=2).encode()}
    for root, prefix in ((folder(), ""), (_HEATMAP, "heatmap/")):
        for path in root.rglob("*"):
            name = prefix + path.relative_to(root).as_posix()
            if path.is_file() and path.suffix in _KINDS and "__pycache__" not in name:
                files.setdefault(name, path.read_bytes())
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
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
