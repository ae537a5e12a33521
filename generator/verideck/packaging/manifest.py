"""`verideck.json`, an extra member of a package: what the add-on that updates a deck cannot learn from notes.

Anki ignores it. It names the deck and its version, each note's home, the cards that the deck no longer has,
and the media files that it no longer names.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import verideck
from verideck.packaging.entry import Lock, State

if TYPE_CHECKING:
    from verideck.cards import Identity, Note
    from verideck.project import Project

NAME = "verideck.json"
FORMAT = 1


def manifest(notes: Sequence[tuple[Note, Identity]], project: Project, lock: Lock | None) -> bytes:
    """Write the manifest of a package, the same bytes for the same notes and lock.

    `date` is that of the newest content, in seconds since 1970: of two packages of one deck, the one with
    the later date is the later one, whatever `version` says. Without a lock nothing is known of what the
    deck had before, and `retired` and `superseded` are missing.
    """
    record: dict[str, Any] = {
        "format": FORMAT,
        "namespace": project.namespace,
        "title": project.title,
        "version": project.version,
        "date": max((identity.mod for _, identity in notes), default=0),
        "verideck": verideck.__version__,
        "placements": {
            identity.guid: unicodedata.normalize("NFC", note.deck)
            for note, identity in sorted(notes, key=lambda pair: pair[1].guid)
        },
    }
    if lock is not None:
        record |= _history(lock, {file.name for note, _ in notes for file in note.media})
    return (json.dumps(record, ensure_ascii=True, indent=1) + "\n").encode()


def _history(lock: Lock, shipped: set[str]) -> dict[str, Any]:
    """Say what the deck had and has no longer; a file that any live card has is not superseded."""
    entries = sorted(lock.entries, key=lambda entry: entry.guid)
    live = {name for entry in entries if entry.live for name in entry.media} | shipped
    ever = {name for entry in entries for name in (*entry.media, *entry.media_before)}
    retired = {entry.guid: entry.id for entry in entries if entry.state is State.RETIRED}
    return {"retired": retired, "superseded": sorted(ever - live)}
