"""Which files of a folder a gallery wrote: it replaces and removes those, and never any other.

`gallery.json` lists them with their hashes. It is written before the files it names, so that a gallery that
was stopped half-way knows them all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from verideck.cards import Location
from verideck.packaging import files
from verideck.problems import Problem, error, warning

LIST = "gallery.json"

# What a list may name, whoever wrote it: nothing hidden, nothing outside, one folder down at most.
_NAME = re.compile(r"(?:[a-z0-9-]+/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def targets(folder: Path, site: Mapping[str, bytes]) -> Sequence[tuple[Path, bytes]]:
    """Give what is to be written into a folder, in an order that is safe; makes the folders.

    Raises WriteError where a file has one of these names that no gallery wrote here.
    """
    owned = _owned(folder)
    for name, data in site.items():
        _refuse_foreign(folder / name, data, known=name in owned)
    for parent in sorted({(folder / name).parent for name in site}):
        files.make_folder(parent)
    listed = _list({**owned, **_hashes(site)})
    return [(folder / LIST, listed), *((folder / name, site[name]) for name in sorted(site, key=_last_pages))]


def sweep(folder: Path, site: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Remove what an earlier gallery wrote and this one has not; warns of what was changed and stays."""
    kept: list[Problem] = []
    for name, digest in sorted(_owned(folder).items()):
        path = folder / name
        if name in site or not path.is_file() or path.is_symlink():
            continue
        if not path.resolve().is_relative_to(folder.resolve()):
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            path.unlink()
        else:
            hint = "it is no part of the gallery any more: delete it, or leave it"
            kept.append(warning(Location(str(path)), "changed since it was written, and kept", hint))
    files.replace_all([(folder / LIST, _list(_hashes(site)))])
    return tuple(kept)


def _refuse_foreign(path: Path, data: bytes, *, known: bool) -> None:
    if known or not (path.exists() or path.is_symlink()):
        return
    if path.is_file() and path.read_bytes() == data:
        return
    hint = "choose another folder, or move the file away"
    raise files.WriteError(error(Location(str(path)), "is here already, and no gallery wrote it", hint))


def _owned(folder: Path) -> Mapping[str, str]:
    """Read the list; a damaged one owns nothing."""
    try:
        listed = json.loads((folder / LIST).read_bytes())["files"]
        return {
            name: digest
            for name, digest in listed.items()
            if _NAME.fullmatch(name) and isinstance(digest, str) and _HASH.fullmatch(digest)
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _hashes(site: Mapping[str, bytes]) -> Mapping[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in site.items()}


def _list(hashes: Mapping[str, str]) -> bytes:
    return (json.dumps({"files": dict(sorted(hashes.items()))}, indent=1) + "\n").encode()


def _last_pages(name: str) -> tuple[int, str]:
    """Pages come after what they show, and the index after all pages."""
    return (2 if "/" not in name else 1) if name.endswith(".html") else 0, name
