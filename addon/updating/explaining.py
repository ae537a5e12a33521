"""What a person is told besides: note types that the learner changed, and whatever was left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from . import looks, note_types
from .plan import NoteTypeFault, Standing

if TYPE_CHECKING:
    from .installed import Installed
    from .packages import Package


def faults(here: Installed, package: Package, blocked: frozenset[int]) -> Iterator[NoteTypeFault]:
    """Say what is different in note types that Anki would not take for the deck's, and what follows."""
    counts = Counter(note.note_type for note in here.notes.values() if not note.foreign)
    for key in sorted({*blocked, *(set(package.note_types) - looks.importable(here, package))}):
        mine = here.note_types[key]
        theirs = package.note_types.get(key) or next(iter(package.note_types.values()))
        said = note_types.differences(mine, theirs)
        if key in blocked:
            lost = note_types.missing(mine, theirs, note_types.ids(package.note_types.values()))
            hint = (
                f"Its notes are left as they are, and none are added. Give the note type its fields"
                f" {', '.join(lost)} again (Tools → Manage Note Types → Fields), then update once more."
            )
        else:
            hint = (
                "Its notes are updated field by field, and new ones are added to it as you have made it."
                " Its card templates and styling stay yours."
            )
        message = "; ".join(said) or "it differs from the deck's"
        yield NoteTypeFault(mine["name"], message, hint, counts[key], key in blocked)


def problems(here: Installed, package: Package, standing: Standing) -> Iterator[str]:
    """Say in sentences what the plan cannot."""
    own = [note for note in here.notes.values() if not note.foreign]
    if standing is Standing.OLDER:
        yield "This package is older than what you have: it would bring back texts that were corrected since."
    elif stay := ", ".join(looks.kept(here, package)):
        yield (
            f"Newer than the package’s, or changed by you: the templates and the styling of {stay}. They stay"
            " as they are."
        )
    foreign = sum(note.foreign and note.guid in package.notes for note in here.notes.values())
    if foreign:
        yield f"Left alone, as of another deck or note type: {_notes(foreign)}."
    damaged = sum(note.shipped is None and note.guid in package.notes for note in own)
    if damaged:
        yield (
            f"Nothing tells what was shipped of {_notes(damaged)} (the field Meta was changed):"
            " whatever differs is shown as a conflict."
        )
    if here.doubled:
        yield f"Left alone, as doubles of others: {_notes(here.doubled)}."
    strays = [note for note in own if note.guid not in package.notes and note.guid not in package.retired]
    if strays:
        yield f"Left alone, as not in the package: {_notes(len(strays))}."


def _notes(count: int) -> str:
    return f"{count:,} note{'s' if count != 1 else ''}"
