"""The package as a file: a zip of the collection and its media, the same bytes for the same contents."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Mapping
from types import MappingProxyType

_EARLIEST = 315_532_800  # a zip knows no date before 1980
_LATEST = 4_354_819_199  # and none after 2107
_LEVEL = 6
_SQLITE_VERSION = slice(96, 100)  # of the library that wrote the file last


def zipped(
    collection: bytes,
    media: Mapping[str, bytes],
    date: int,
    extra: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """Pack a collection (an SQLite file) and media by name; `date`, in seconds, is every member's.

    `extra` are members that Anki does not look for.
    """
    names = sorted(media)
    index = json.dumps({str(place): name for place, name in enumerate(names)}, ensure_ascii=False)
    members = {"collection.anki2": _versionless(collection), "media": index.encode()}
    members |= extra
    members |= {str(place): media[name] for place, name in enumerate(names)}
    moment = time.gmtime(min(max(date, _EARLIEST), _LATEST))[:6]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in sorted(members):
            info = zipfile.ZipInfo(name, moment)
            info.create_system = 3  # whatever the system, one is named
            info.external_attr = 0o644 << 16
            archive.writestr(info, members[name], zipfile.ZIP_DEFLATED, _LEVEL)
    return file.getvalue()


def _versionless(collection: bytes) -> bytes:
    """Blank the SQLite version: two machines with two versions then write one file."""
    written = bytearray(collection)
    written[_SQLITE_VERSION] = bytes(4)
    return bytes(written)
