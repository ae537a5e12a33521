"""The package's own member `verideck.json`: read before anything else is opened, and never trusted far."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

NAME = "verideck.json"
FORMAT = 1
MOST_BYTES = 32_000_000
MOST_MEMBERS = 200_000
MOST_UNPACKED = 8 << 30
_MOST_LETTERS = 200  # of a title or a version


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of its deck. `retired` is None where it does not know what the deck had before."""

    namespace: str
    title: str
    version: str = ""
    date: int = 0
    placements: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    retired: Mapping[str, str] | None = None
    superseded: frozenset[str] = frozenset()


def read(path: str | Path) -> Manifest | None:
    """Read the manifest of a package; None where it has none.

    Raises ValueError, with a message for a person, for what is no package, is too large, or has a manifest
    that cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            large = len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED
            there = NAME in archive.NameToInfo
            text = archive.open(NAME).read(MOST_BYTES + 1) if there and not large else b""
    except OSError as fault:
        raise ValueError(f"The file cannot be read: {fault.strerror or fault}.") from fault
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as fault:
        raise ValueError("This is not a package of Anki: it is damaged, or another kind of file.") from fault
    except zlib.error as fault:
        raise ValueError("The package is damaged.") from fault
    if large or len(text) > MOST_BYTES:
        raise ValueError("The package is too large to be a deck.")
    return parsed(text) if there else None


def parsed(text: bytes) -> Manifest:
    """Read a manifest's JSON; raises ValueError with a message for a person."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise ValueError("The package's manifest is damaged.") from fault
    if not isinstance(data, dict) or type(data.get("format")) is not int:
        raise ValueError("The package's manifest is damaged.")
    if data["format"] > FORMAT:
        raise ValueError("The package was built by a newer Verideck: update this add-on first.")
    namespace, title = data.get("namespace"), data.get("title")
    if not (isinstance(namespace, str) and namespace and isinstance(title, str)):
        raise ValueError("The package's manifest does not say whose deck it is.")
    version, date, retired = data.get("version"), data.get("date"), data.get("retired")
    return Manifest(
        namespace,
        " ".join(title.split())[:_MOST_LETTERS] or "Deck",
        " ".join(version.split())[:_MOST_LETTERS] if isinstance(version, str) else "",
        date if type(date) is int and 0 <= date < 1 << 40 else 0,
        _texts(data.get("placements")),
        _texts(retired) if isinstance(retired, dict) else None,
        frozenset(name for name in _list(data.get("superseded")) if isinstance(name, str)),
    )


def _texts(value: object) -> Mapping[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return MappingProxyType({key: text for key, text in pairs if isinstance(text, str)})


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
