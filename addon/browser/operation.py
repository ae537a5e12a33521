"""Heatmaps of many notes in one step that can be undone: everything is drawn before anything is written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..reading import files
from .rewriting import Rewriter, made_static, redrawn

if TYPE_CHECKING:
    from anki.collection import Collection, OpChanges
    from anki.notes import Note, NoteId

    from ..heatmap.style import Style

# Is told how many notes of how many have been looked at; answers whether to go on.
Progress = Callable[[int, int], bool]


@dataclass(frozen=True)
class Action:
    """One of the browser's entries: its name in the undo menu, what it does, and which fields it concerns."""

    name: str
    rewrite: Rewriter
    mark: str  # what a field must hold, as the database compares: without regard to capitals
    noun: str


REDRAW = Action("Redraw Heatmaps", redrawn, "attention-heatmap", "heatmap")
MAKE_STATIC = Action("Make Static Images", made_static, "[attention]", "block")


@dataclass
class Outcome:
    """What became of the heatmaps; `failed` are note ids with reasons, `changes` is for Anki."""

    changes: OpChanges
    done: int = 0
    unchanged: int = 0
    notes: int = 0
    failed: list[tuple[NoteId, str]] = field(default_factory=list)
    cancelled: bool = False


def concerned(col: Collection, action: Action, among: Sequence[NoteId] | None) -> list[NoteId]:
    """Find the notes that an action concerns, of the given ones or of all."""
    db: Any = col.db
    found = db.list("select id from notes where flds like ? order by id", f"%{action.mark}%")
    wanted = None if among is None else set(among)
    return [note for note in found if wanted is None or note in wanted]


def run(
    col: Collection, action: Action, among: Sequence[NoteId] | None, style: Style, progress: Progress
) -> Outcome:
    """Do it: first draw, which can be cancelled, then write, in one step of undo.

    Cancelled, or raising OSError where the media folder cannot be written, it leaves everything as it was.
    """
    from anki.collection import OpChanges

    outcome = Outcome(OpChanges())
    ids = concerned(col, action, among)
    with tempfile.TemporaryDirectory(prefix="attention-heatmaps-") as folder:
        room = Path(folder)
        changed = _drawn(col, action, ids, style, progress, room, outcome)
        if outcome.cancelled:
            return Outcome(OpChanges(), cancelled=True)
        if changed:
            _write(col, action, changed, room, outcome)
    return outcome


def _drawn(
    col: Collection,
    action: Action,
    ids: Sequence[NoteId],
    style: Style,
    progress: Progress,
    room: Path,
    outcome: Outcome,
) -> list[Note]:
    """Rewrite notes in memory, with their new pictures in a folder of its own."""
    media = partial(files.picture, Path(col.media.dir()))
    changed = []
    for number, nid in enumerate(ids):
        if not progress(number, len(ids)):
            outcome.cancelled = True
            return []
        note = col.get_note(nid)
        before = list(note.fields)
        for index, text in enumerate(before):
            made = action.rewrite(text, media, style)
            note.fields[index] = made.html
            outcome.done += made.done
            outcome.unchanged += made.unchanged
            outcome.failed += [(nid, fault) for fault in made.faults]
            for name, data in made.files.items():
                (room / name).write_bytes(data)
        if note.fields != before:
            changed.append(note)
    outcome.notes = len(changed)
    if not progress(len(ids), len(ids)):
        outcome.cancelled = True
    return changed


def _write(col: Collection, action: Action, changed: list[Note], room: Path, outcome: Outcome) -> None:
    media = Path(col.media.dir())
    written: list[str] = []
    try:
        for file in sorted(room.iterdir()):
            known = (media / file.name).is_file()
            name = col.media.write_data(file.name, file.read_bytes())
            if name != file.name or not known:
                written.append(name)
            if name != file.name:  # something else has the name
                for note in changed:
                    note.fields = [text.replace(file.name, name) for text in note.fields]
        step = col.add_custom_undo_entry(action.name)
        col.update_notes(changed)
        outcome.changes = col.merge_undo_entries(step)
    except BaseException:
        col.media.trash_files(written)
        raise
