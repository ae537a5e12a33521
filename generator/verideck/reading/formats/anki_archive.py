"""The zip of an Anki package: its collection and its media, unpacked with limits on everything."""

from __future__ import annotations

import io
import json
import lzma
import re
import sys
import zipfile
import zlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from verideck.reading.formats import protobuf

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PACKED = 500_000_000  # bytes of a package
MOST_COLLECTION = 500_000_000
MOST_FILE = 5_000_000  # one image, as sources have it
MOST_MEDIA = 200_000_000  # all images
MOST_MEMBERS = 100_000
_LIST = 50_000_000

# The newest comes first: beside it, older ones hold a note that says to update Anki.
_COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
_IMAGE = re.compile(
    r"[^/\\:<>\x00-\x1f.][^/\\:<>\x00-\x1f]{0,200}\.(?:png|jpe?g|gif|svg|webp)", re.IGNORECASE
)


class ArchiveError(Exception):
    """A package that cannot be read, with a hint how to mend it."""

    def __init__(self, message: str, hint: str = "export the deck from Anki again") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(frozen=True, slots=True)
class Archive:
    """A package: its collection, and the members that hold its media, by the names that notes use."""

    zip: zipfile.ZipFile
    collection: bytes
    media: Mapping[str, str]
    packed: bool  # media are compressed by themselves, too
    left: list[int] = field(default_factory=lambda: [MOST_MEDIA])  # bytes of media that may still be read

    def other(self, name: str, limit: int) -> bytes:
        """Give a member that is not Anki's; empty if there is none, or it cannot be read."""
        try:
            return _member(self.zip, name, limit, packed=False)
        except ArchiveError:
            return b""

    def image(self, name: str) -> bytes | str:
        """Give an image, or say in words why there is none."""
        if not _IMAGE.fullmatch(name):
            return "its name is not that of an image in a folder"
        if (member := self.media.get(name)) is None:
            return "the package does not hold it"
        try:
            data = _member(self.zip, member, MOST_FILE, packed=self.packed)
        except ArchiveError as fault:
            return fault.message
        self.left[0] -= len(data)
        return data if self.left[0] >= 0 else f"the package's images have over {MOST_MEDIA:,} bytes"


def unpack(data: bytes) -> Archive:
    """Open a package. Raises ArchiveError where it is none, is damaged, or unpacks to too much."""
    if len(data) > MOST_PACKED:
        raise ArchiveError(
            f"a package of {len(data):,} bytes", f"at most {MOST_PACKED:,} are read: export less"
        )
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        names = opened.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as fault:
        raise ArchiveError("not an Anki package: no zip archive can be read") from fault
    if len(names) > MOST_MEMBERS:
        raise ArchiveError(
            f"a package of {len(names):,} files", f"at most {MOST_MEMBERS:,} are read: export less"
        )
    found = next((name for name in _COLLECTIONS if name in names), None)
    if found is None:
        raise ArchiveError(
            "not an Anki package: it holds no collection", "export a deck from Anki as `.apkg`"
        )
    packed = found == _COLLECTIONS[0]
    collection = _member(opened, found, MOST_COLLECTION, packed=packed)
    media = _media(opened, packed=packed) if "media" in names else {}
    return Archive(opened, collection, MappingProxyType(media), packed)


def _member(opened: zipfile.ZipFile, name: str, most: int, *, packed: bool) -> bytes:
    """Read a member, never more than `most` bytes of it."""
    try:
        with opened.open(name) as member:
            data = member.read(most + 1)
    except (
        zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, KeyError, ValueError, RuntimeError,
        NotImplementedError,
    ) as fault:  # fmt: skip
        raise ArchiveError(f"`{_shown(name)}` in the package is damaged") from fault
    if packed and len(data) <= most:
        try:
            data = ZstdDecompressor().decompress(data, max_length=most + 1)
        except (ZstdError, EOFError, MemoryError) as fault:
            raise ArchiveError(f"`{_shown(name)}` in the package is damaged") from fault
    if len(data) > most:
        raise ArchiveError(f"`{_shown(name)}` in the package unpacks to over {most:,} bytes")
    return data


def _shown(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:60]}…"


def _media(opened: zipfile.ZipFile, *, packed: bool) -> dict[str, str]:
    """Read the list of media: JSON, or since 2022 a protobuf message; members are named by number."""
    data = _member(opened, "media", _LIST, packed=packed)
    if packed:
        return {name: str(number) for number, name in enumerate(_entries(data)) if name}
    try:
        listed = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    pairs = listed.items() if isinstance(listed, dict) else ()
    return {name: member for member, name in pairs if isinstance(name, str)}


def _entries(data: bytes) -> list[str]:
    """Read `MediaEntries`: field 1 repeats an entry, whose field 1 is the file's name."""
    entries = protobuf.read(data).get(1, [])
    names = (protobuf.read(entry).get(1, [b""])[0] if isinstance(entry, bytes) else b"" for entry in entries)
    return [name.decode("utf-8", errors="replace") if isinstance(name, bytes) else "" for name in names]
