"""The three-way comparison of a note: what was shipped, what the learner has, what the package has.

Standard library only; nothing here knows Anki.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from . import same
from .meta import Shipped, digest
from .plan import RETIRED, Decision, FieldChange

MACHINE = ("ID", "Media", "Data", "Meta")
"""The fields that programs read: the deck's always arrive."""

COUPLED = ("Question", "Options", "Answer", "Typed", "Steps")
"""The fields that Data speaks of: which options are right, what may be typed, which numbers vary."""

_OWN_TAGS = ("marked", "leech", RETIRED)  # set by Anki or by an update, never by a deck


@dataclass(frozen=True, slots=True)
class Compared:
    """What differs in a note. `silent`: fields that programs read, or that editors alone have changed."""

    fields: tuple[FieldChange, ...]
    silent: Mapping[str, str]  # name -> the package's text
    tags_added: tuple[str, ...]
    tags_removed: tuple[str, ...]
    holds: tuple[str, ...]


def note(
    mine: Mapping[str, str],
    theirs: Mapping[str, str],
    shipped: Shipped | None,
    my_tags: Iterable[str],
    their_tags: Iterable[str],
) -> Compared:
    """Compare a note; without `shipped` (Meta was damaged) whatever differs is a conflict.

    `mine` and `theirs` map the names of the deck's fields, in its order, to texts. Meta is the caller's.
    """
    changes: list[FieldChange] = []
    silent: dict[str, str] = {}
    for name, text in theirs.items():
        own = mine.get(name, "")
        if name == "Meta" or own == text or digest(own) == digest(text):
            continue
        if name in MACHINE:
            silent[name] = text
            continue
        base = None if shipped is None else shipped.fields.get(name, "")
        decided = decision(own, text, base)
        if decided is not None:
            changes.append(FieldChange(name, own, text, decided))
        elif base is not None and not _is(text, base):
            silent[name] = text  # equal in substance: once equal to the letter, the next comparison is right
    added, removed = tags(my_tags, their_tags, None if shipped is None else shipped.tags)
    return Compared(tuple(changes), silent, added, removed, _holds(changes, silent))


def decision(mine: str, theirs: str, base: str | None) -> Decision | None:
    """Decide one field by the hash of what was shipped: empty where nothing was, None where it is not known.

    Gives None where the two texts do not differ in substance.
    """
    if base is not None and _is(theirs, base):
        return None if same.untouched(mine, base) or same.same(mine, theirs) else Decision.KEEP
    if base is not None and _is(mine, base):
        return Decision.TAKE
    if same.same(mine, theirs):
        return None
    if base is not None and same.untouched(mine, base):
        return Decision.TAKE
    return Decision.CONFLICT


def tags(
    mine: Iterable[str], theirs: Iterable[str], shipped: Iterable[str] | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say which tags to add and which to remove; the learner's own stay, and so do Anki's.

    A tag that the learner took away does not come back. What was shipped unknown, nothing is removed.
    """
    has = {_key(tag): tag for tag in mine}
    offered = {_key(tag): tag for tag in clean(theirs)}
    before = {_key(tag) for tag in clean(shipped or ())}
    kept = {_key(tag) for tag in _OWN_TAGS}
    added = [tag for key, tag in offered.items() if key not in has and key not in before | kept]
    removed = [tag for key, tag in has.items() if key in before - set(offered) - kept]
    return tuple(sorted(added)), tuple(sorted(removed))


def clean(tags: Iterable[str]) -> tuple[str, ...]:
    """Give tags as Anki keeps them: sorted, each once, none with a blank in it."""
    spaceless = {"_".join(unicodedata.normalize("NFC", tag).split()) for tag in tags}
    return tuple(sorted(spaceless - {""}))


def deciding(chosen: Iterable[str], fields: Iterable[FieldChange], holds: Iterable[str]) -> dict[str, str]:
    """Give the texts that arrive in a note when the deck's is chosen in the conflicts `chosen`."""
    fields, chosen, holds = tuple(fields), set(chosen), set(holds)
    kept = {one.name for one in fields if one.decision is Decision.CONFLICT and one.name not in chosen}
    held = holds if kept & holds else set()
    arriving = (
        one
        for one in fields
        if one.decision is Decision.TAKE or (one.decision is Decision.CONFLICT and one.name in chosen)
    )
    return {one.name: one.theirs for one in arriving if one.name not in held}


def held(chosen: Iterable[str], fields: Iterable[FieldChange], holds: Iterable[str]) -> frozenset[str]:
    """Give the fields that stay because a conflict among them is decided for the learner's text."""
    chosen, holds = set(chosen), frozenset(holds)
    kept = {one.name for one in fields if one.decision is Decision.CONFLICT and one.name not in chosen}
    return holds if kept & holds else frozenset()


def _holds(changes: Iterable[FieldChange], silent: Mapping[str, str]) -> tuple[str, ...]:
    """Name what has to stay together: where Data changes, it fits the deck's question and answer alone."""
    arriving = [one for one in changes if one.name in COUPLED and one.decision is not Decision.KEEP]
    conflict = any(one.decision is Decision.CONFLICT for one in arriving)
    if "Data" not in silent or not conflict:
        return ()
    return (*(one.name for one in arriving), *(name for name in ("Media", "Data") if name in silent))


def _is(text: str, base: str) -> bool:
    return digest(text) == base if base else not text


def _key(tag: str) -> str:
    return unicodedata.normalize("NFC", tag).casefold()
