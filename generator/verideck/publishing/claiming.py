"""Which files of a folder a gallery wrote: it replaces and removes those, and never any other.

`gallery.json` lists them with their hashes. It is written before the files it names, so that a gallery that
was stopped half-way knows them all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from verideck.cards import Location
from verideck.disk.folder import Folder, open_folder
from verideck.disk.refusals import LinkError, RefusedError, SpecialFileError, TooLargeError
from verideck.packaging import files
from verideck.problems import Problem, error, warning
from verideck.publishing.decks import FOLDER

LIST = "gallery.json"

# What a list may name, whoever wrote it: only what a gallery has.
_NAME = re.compile(
    rf"index\.html|[a-z0-9-]+\.apkg|{FOLDER}/[a-z0-9-]+\.(?:html|gif|jpe?g|png|svg|webp)", re.ASCII
)
_MAX_LIST = 64_000_000  # bytes of a list
_MAX_FILE = 500_000_000  # bytes of a file that is compared with its hash
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


def targets(
    folder: Path, site: Mapping[str, bytes], base: Path | None = None
) -> Sequence[tuple[Path, bytes]]:
    """Give what is to be written into a folder, in an order that is safe; makes the folders.

    Without `base` the user has named the folder; else it is below `base`, and no part of it may be a link.
    Raises WriteError where a file has one of these names that no gallery wrote here.
    """
    owned = _owned(folder, base)
    for name, data in site.items():
        if name not in owned:
            _refuse_foreign(folder, base, name, data)
    for parent in sorted({(folder / name).parent for name in site}):
        files.make_folder(parent, base or folder)
    listed = _list({**owned, **_hashes(site)})
    return [(folder / LIST, listed), *((folder / name, site[name]) for name in sorted(site, key=_last_pages))]


def sweep(folder: Path, site: Mapping[str, bytes], base: Path | None = None) -> tuple[Problem, ...]:
    """Remove what an earlier gallery wrote and this one has not; warns of what was changed and stays."""
    kept: list[Problem] = []
    for name, digest in sorted(_owned(folder, base).items()):
        if name not in site and (why := _remove(folder, base, name, digest)):
            hint = "it is no part of the gallery any more: delete it, or leave it"
            kept.append(warning(Location(str(folder / name)), why, hint))
    files.replace_all([(folder / LIST, _list(_hashes(site)))], bases=[base or folder])
    return tuple(kept)


def _open(folder: Path, base: Path | None, name: str = "") -> Folder:
    """Open the folder that a file of the site is in; no link is followed but one that the user named."""
    base = base or folder
    return open_folder(base, (folder / name).relative_to(base).parts[:-1])


def _remove(folder: Path, base: Path | None, name: str, digest: str) -> str:
    """Remove a file if it still has what a gallery wrote; else say why it is kept. A link is not ours."""
    own = PurePosixPath(name).name
    try:
        with _open(folder, base, name) as opened:
            if hashlib.sha256(opened.read(own, _MAX_FILE)).hexdigest() == digest:
                opened.remove(own)
                return ""
    except TooLargeError:
        pass
    except (FileNotFoundError, NotADirectoryError, LinkError, SpecialFileError):
        return ""
    except OSError as fault:
        return f"cannot be removed: {fault.strerror}"
    return "changed since it was written, and kept"


def _refuse_foreign(folder: Path, base: Path | None, name: str, data: bytes) -> None:
    path = folder / name
    try:
        with _open(folder, base, name) as opened:
            if opened.read(path.name, len(data)) == data:
                return
    except (FileNotFoundError, LinkError):  # a link is refused when it is written to
        return
    except (OSError, RefusedError):
        pass
    hint = "choose another folder, or move the file away"
    raise files.WriteError(error(Location(str(path)), "is here already, and no gallery wrote it", hint))


def _owned(folder: Path, base: Path | None) -> Mapping[str, str]:
    """Read the list; a damaged one owns nothing."""
    try:
        with _open(folder, base, LIST) as opened:
            listed = json.loads(opened.read(LIST, _MAX_LIST))["files"]
        return {
            name: digest
            for name, digest in listed.items()
            if _NAME.fullmatch(name) and isinstance(digest, str) and _HASH.fullmatch(digest)
        }
    except (OSError, RefusedError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _hashes(site: Mapping[str, bytes]) -> Mapping[str, str]:
    return {name: hashlib.sha256(data).hexdigest() for name, data in site.items()}


def _list(hashes: Mapping[str, str]) -> bytes:
    return (json.dumps({"files": dict(sorted(hashes.items()))}, indent=1) + "\n").encode()


def _last_pages(name: str) -> tuple[int, str]:
    """Pages come after what they show, and the index after all pages."""
    return (2 if "/" not in name else 1) if name.endswith(".html") else 0, name
