"""The zip of an Anki package: its collection and its media, unpacked with limits on everything."""

from __future__ import annotations

import io
import re
import sys
import zipfile
import zlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from verideck.reading.formats import anki_json, protobuf

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_PACKAGE = 500_000_000  # bytes of a package
MAX_MEMBERS = 100_000  # files in a package
MAX_COLLECTION = 300_000_000  # bytes
MAX_LIST = 30_000_000  # bytes of the list of media
MAX_IMAGE = 5_000_000  # bytes, as for the images of sources
MAX_IMAGES = 200_000_000  # bytes of all images
# A file that unpacks to so many times its size, and to more bytes than that, was made to fill a memory:
# collections shrink to a fifth, repetitive ones to a thirtieth.
MAX_GROWTH = 100
MIN_LIMIT = 16_000_000  # bytes

# The newest comes first: next to it, older ones hold a note that says to update Anki.
_COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
_METHODS = frozenset(
    (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
)  # others can take much memory, and Anki has none
_LISTED = b"PK\x01\x02"  # begins each member's entry in a zip's list
_IMAGE = re.compile(
    r"[^/\\:<>\x00-\x1f.][^/\\:<>\x00-\x1f]{0,200}\.(?:png|jpe?g|gif|svg|webp)", re.IGNORECASE
)


class ArchiveError(Exception):
    """A package that cannot be read, with a hint how to fix it."""

    def __init__(self, message: str, hint: str = "export the deck from Anki again") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


@dataclass(slots=True)
class _Budget:
    """How many bytes of images can still be unpacked; what is refused then was unpacked, too."""

    left: int


@dataclass(frozen=True, slots=True)
class Archive:
    """A package: its collection, and the members that hold its media, by the names that notes use."""

    zip: zipfile.ZipFile
    collection: bytes
    media: Mapping[str, str]
    packed: bool  # media are compressed by themselves, too
    budget: _Budget = field(default_factory=lambda: _Budget(MAX_IMAGES))

    def other(self, name: str, limit: int) -> bytes:
        """Give a member that is not Anki's; empty if there is none, or it cannot be read."""
        try:
            return _member(self.zip, name, limit, packed=False)
        except ArchiveError:
            return b""

    def image(self, name: str) -> bytes | str:
        """Return an image, or the reason why there is none."""
        if not _IMAGE.fullmatch(name):
            return "its name is not that of an image in a folder"
        if (member := self.media.get(name)) is None:
            return "the package does not hold it"
        if self.budget.left < 0:
            return f"the package's images have over {MAX_IMAGES:,} bytes"
        try:
            data = _member(self.zip, member, MAX_IMAGE, packed=self.packed)
        except ArchiveError as fault:
            self.budget.left -= MAX_IMAGE
            return fault.message
        self.budget.left -= len(data)
        return data if self.budget.left >= 0 else f"the package's images have over {MAX_IMAGES:,} bytes"


def unpack(data: bytes) -> Archive:
    """Open a package. Raises ArchiveError if it is not one, is damaged, or unpacks to too much."""
    if len(data) > MAX_PACKAGE:
        raise _too_large(f"a package of {len(data):,} bytes", f"{MAX_PACKAGE:,} bytes")
    if (members := data.count(_LISTED)) > MAX_MEMBERS:  # before the list is read into memory
        raise _too_large(f"a package of {members:,} files", f"{MAX_MEMBERS:,} files")
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        names = opened.NameToInfo
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as fault:
        raise ArchiveError("not an Anki package: no zip archive can be read") from fault
    found = next((name for name in _COLLECTIONS if name in names), None)
    if found is None:
        raise ArchiveError(
            "not an Anki package: it holds no collection", "export a deck from Anki as `.apkg`"
        )
    packed = found == _COLLECTIONS[0]
    collection = _member(opened, found, MAX_COLLECTION, packed=packed)
    media = _media(opened, packed=packed) if "media" in names else {}
    return Archive(opened, collection, MappingProxyType(media), packed)


def _too_large(found: str, most: str) -> ArchiveError:
    return ArchiveError(f"{found}, expected at most {most}", "export fewer notes, or without media")


def _member(opened: zipfile.ZipFile, name: str, most: int, *, packed: bool) -> bytes:
    """Read a member, never more than one byte over `most`, and over what its size in the zip allows."""
    damaged = ArchiveError(f"`{_shown(name)}` in the package is damaged")
    try:
        entry = opened.getinfo(name)
        if entry.compress_type not in _METHODS:
            raise ArchiveError(f"`{_shown(name)}` in the package is compressed as Anki does not")
        most = min(most, max(MIN_LIMIT, MAX_GROWTH * entry.compress_size))
        with opened.open(entry) as member:
            data = member.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, RuntimeError) as fault:
        raise damaged from fault
    if packed and len(data) <= most:
        frame = ZstdDecompressor()
        try:
            data = frame.decompress(data, max_length=most + 1)
        except (ZstdError, EOFError, MemoryError) as fault:
            raise damaged from fault
        if not frame.eof and len(data) <= most:
            raise damaged
    if len(data) > most:
        raise ArchiveError(f"`{_shown(name)}` in the package unpacks to over {most:,} bytes")
    return data


def _shown(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:60]}…"


def _media(opened: zipfile.ZipFile, *, packed: bool) -> dict[str, str]:
    """Read the list of media: JSON, or since 2022 a protobuf message; members are named by number."""
    data = _member(opened, "media", MAX_LIST, packed=packed)
    try:
        if packed:
            return {name: str(number) for number, name in enumerate(_entries(data)) if name}
        listed = anki_json.read(
            data.decode("utf-8", errors="replace"), 6 * MAX_MEMBERS
        )  # marks in names count
    except (protobuf.TooManyValuesError, anki_json.JsonLimitError) as fault:
        raise ArchiveError(f"the package's list of media has {fault}") from fault
    pairs = listed.items() if isinstance(listed, dict) else ()
    return {name: member for member, name in pairs if isinstance(name, str)}


def _entries(data: bytes) -> list[str]:
    """Read `MediaEntries`: field 1 repeats an entry, whose field 1 is the file's name."""
    entries = protobuf.read(data, MAX_MEMBERS).get(1, [])
    # An entry has a name, a size, a hash, and the number that it had before.
    texts = (entry if isinstance(entry, bytes) else b"" for entry in entries)
    names = (protobuf.read(entry, 10).get(1, [b""])[0] for entry in texts)
    return [name.decode("utf-8", errors="replace") if isinstance(name, bytes) else "" for name in names]
