"""The fields of a package before anything is taken from it: formulas in them that would act become text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..reading import formulas

if TYPE_CHECKING:
    from anki.dbproxy import DBProxy

    from .note_types import NoteType

_PROGRAMS = frozenset(("ID", "Data", "Meta"))  # fields that programs read


def make_safe(database: DBProxy, note_types: Mapping[int, NoteType]) -> int:
    """Rewrite the notes of some note types whose formulas are not safe; return how many there were.

    Their time of change stays: whether a package is newer does not hang on what was in its formulas.
    """
    count = 0
    for one, note_type in note_types.items():
        read = [field["name"] not in _PROGRAMS for field in note_type["flds"]]
        for note_id, flds in database.execute("select id, flds from notes where mid = ?", one):
            texts = flds.split("\x1f")
            if len(texts) != len(read):
                continue  # damaged: reported when it is read
            made = [formulas.safe(text)[0] if own else text for text, own in zip(texts, read, strict=True)]
            if made != texts:
                count += 1
                database.execute("update notes set flds = ? where id = ?", "\x1f".join(made), note_id)
    return count


def problem(count: int) -> str:
    """Say to the user what was done."""
    notes = f"{count:,} note{'s' if count > 1 else ''}"
    return (
        f"The formulas of {notes} use commands that could act on your computer or that Anki does not know, "
        "such as \\href. They are shown as text."
    )
