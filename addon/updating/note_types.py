"""The fields of note types by what the deck calls them, whatever a learner made of a note type. Pure.

A note type is the dictionary that Anki's `col.models.get` gives. Fields are matched by the ids that Verideck
gives them, and by their names where there is none: a learner may rename, reorder and add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NoteType = Mapping[str, Any]

SPARE = "Spare"


def roles(note_type: NoteType, known: Mapping[int, str]) -> Mapping[str, int]:
    """Give the place of each field of the deck that a note type has: name in the deck -> place.

    `known` maps the ids of the deck's fields to their names.
    """
    by_id: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for place, field in enumerate(note_type["flds"]):
        name = known.get(field.get("id") or 0)
        if name is not None:
            by_id.setdefault(name, place)
        elif field["name"] in known.values():
            by_name.setdefault(field["name"], place)
    return {**by_name, **by_id}


def alike(one: NoteType, other: NoteType) -> bool:
    """Tell whether Anki takes two note types for the same one: it then imports notes of either into it."""
    if one["type"] != other["type"]:
        return False
    return all(_matching(one[part], other[part]) for part in ("flds", "tmpls"))


def differences(mine: NoteType, theirs: NoteType) -> tuple[str, ...]:
    """Say to a person in what a learner's note type differs from the deck's."""
    said = []
    for part, what in (("flds", "field"), ("tmpls", "card template")):
        own, deck = mine[part], theirs[part]
        added = [one for one in own if not any(_match(one, other) for other in deck)]
        missing = [one for one in deck if not any(_match(one, other) for other in own)]
        said += [_list(what, added, "added")] if added else []
        said += [_list(what, missing, "missing")] if missing else []
        if not added and not missing and not _matching(own, deck):
            said.append(f"{what}s in another order")
    if mine["type"] != theirs["type"]:
        said.append("cloze and other cards exchanged")
    return tuple(said)


def missing(note_type: NoteType, theirs: NoteType, known: Mapping[int, str]) -> tuple[str, ...]:
    """Name the deck's fields that a note type lacks, but for spare ones."""
    has = roles(note_type, known)
    names = (field["name"] for field in theirs["flds"])
    return tuple(name for name in names if name not in has and not name.startswith(SPARE))


def ids(note_types: Iterable[NoteType]) -> Mapping[int, str]:
    """Give the names of fields by their ids."""
    return {field["id"]: field["name"] for one in note_types for field in one["flds"] if field.get("id")}


def looks(note_type: NoteType) -> tuple[object, ...]:
    """Give what a card's look depends on: templates and styling."""
    return (note_type["css"], *((one["qfmt"], one["afmt"]) for one in note_type["tmpls"]))


def _matching(mine: Sequence[NoteType], theirs: Sequence[NoteType]) -> bool:
    return len(mine) == len(theirs) and all(map(_match, mine, theirs))


def _match(one: NoteType, other: NoteType) -> bool:
    """Compare two fields or templates as Anki does: by id where both have one, else by name."""
    if one.get("id") and other.get("id"):
        return bool(one["id"] == other["id"])
    return bool(one["name"].casefold() == other["name"].casefold())


def _list(what: str, found: Sequence[NoteType], verb: str) -> str:
    names = ", ".join(f"“{one['name']}”" for one in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return f"{what}{'s' if len(found) > 1 else ''} {names}{more} {verb}"
