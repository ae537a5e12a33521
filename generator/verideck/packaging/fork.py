"""A lock for a copy of a deck that goes its own way: the same cards, and for every learner new notes."""

from __future__ import annotations

import dataclasses

from verideck.packaging import minting
from verideck.packaging.entry import Entry, Lock
from verideck.packaging.source_cards import content_of


def fork(lock: Lock, namespace: str, now: int) -> Lock:
    """Return the lock's cards under another namespace: guids and note ids are minted again.

    What learners of the other deck have does not count here: releases, retired cards, earlier media and
    numbers of clozes. `now` is in seconds since 1970.
    """
    live = sorted((entry for entry in lock.entries if entry.live), key=lambda entry: entry.note_id)
    note_ids = minting.note_ids(len(live), now, {entry.note_id for entry in lock.entries})
    made: dict[str, Entry] = {}
    for entry, note_id in zip(live, note_ids, strict=True):
        guid = minting.guid(namespace, minting.content(*content_of(entry)), made.keys())
        made[guid] = dataclasses.replace(
            entry,
            guid=guid,
            note_id=note_id,
            mod=now,
            release="",
            first_release="",
            clozes_before=(),
            media_before=(),
        )
    return Lock(namespace, tuple(made[guid] for guid in sorted(made)))
