"""Between the editor and the dialog: the button, the double click, what is put into the field.

Both editors are pages with the same fields in them; what to do there stands in `web/editor.js`. The older one
has `note`, the newer one `nid` alone, so nothing here asks for the note.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aqt import mw
from aqt.operations import QueryOp
from aqt.utils import tooltip

from ..guard import guarded
from ..reading import blocks, files, pictures
from ..reading.limits import MOST_TEXT
from . import dialog
from .composing import Inputs, inputs_of

if TYPE_CHECKING:
    from aqt.editor import Editor

    from .drafts import Draft

MESSAGE = "attention-heatmaps-editor:"
KEYS = "Ctrl+Alt+H"
_HOME = Path(__file__).parent.parent
_ASK = "globalThis.attentionHeatmaps?.editor?.begin(%s)"
_INSERT = "globalThis.attentionHeatmaps?.editor?.insert(%s)"


def add_button(buttons: list[str], editor: Editor) -> None:
    """Add the button to an editor that is being set up."""
    buttons.append(
        editor.addButton(
            icon=str(_HOME / "icons" / "heatmap.svg"),
            cmd="attention-heatmaps",
            func=pressed,
            tip=f"Attention heatmap: insert one, or edit the one that is selected ({KEYS})",
            keys=KEYS,
        )
    )


def add_script(editor: Editor) -> None:
    """Give an editor's page what finds heatmaps in its fields; a page that has it stays as it is."""
    editor.web.eval((_HOME / "web" / "editor.js").read_text(encoding="utf-8"))


@guarded(lambda editor: None)  # noqa: ARG005
def pressed(editor: Editor) -> None:
    """Ask the page what the button is pressed for, then open the dialog."""
    editor.web.evalWithCallback(
        _ASK % json.dumps(editor.last_field_index or 0), lambda told: open_for(editor, told)
    )


def said(message: str, editor: Editor) -> None:
    """Hear of a double click on a heatmap."""
    if len(message) <= 4 * MOST_TEXT:
        open_for(editor, json.loads(message[len(MESSAGE) :]))


@guarded(lambda editor, told: None)  # noqa: ARG005
def open_for(editor: Editor, told: object) -> None:
    """Open the dialog for what the page tells: a picture, a block of text, or a place to insert at."""
    if not isinstance(told, Mapping) or told.get("kind") == "nothing":
        tooltip("Click into a field first", parent=editor.parentWindow)
        return
    # A large picture takes a tenth of a second to read back: the editor stays awake meanwhile.
    reading = QueryOp(
        parent=editor.parentWindow,
        op=lambda _col: _meant(told),
        success=lambda meant: _edit(editor, *meant),
    )
    reading.failure(lambda fault: _tell(editor, fault)).without_collection().run_in_background()


@guarded(lambda editor, inputs, note: None)  # noqa: ARG005  the editor may have been closed meanwhile
def _edit(editor: Editor, inputs: Inputs | None, note: str) -> None:
    dialog.edit(editor.parentWindow, lambda draft: insert(editor, draft), inputs, note)


@guarded(lambda editor, fault: None)  # noqa: ARG005
def _tell(editor: Editor, fault: Exception) -> None:
    tooltip(f"This heatmap cannot be edited: {_short(fault)}", parent=editor.parentWindow)


def _meant(told: Mapping[str, Any]) -> tuple[Inputs | None, str]:
    kind = told.get("kind")
    if kind == "picture":
        if mw.col is None:
            raise ValueError("the collection is closed")
        spec = pictures.spec_of(files.picture(Path(mw.col.media.dir()), str(told.get("file", ""))))
        note = "Read back from the picture's 255 colours" if spec.get("exact") is False else ""
        alt = str(told.get("alt") or "")
        return inputs_of({**spec, "alt": alt or spec.get("alt", "")}, reveal=told.get("reveal") is True), note
    if kind == "block":
        text = str(told.get("text", "")).replace("\xa0", " ").strip()
        try:
            reveal = blocks.read(text).reveal
        except ValueError:  # the dialog shows what is wrong, and where
            reveal = False
        return Inputs(matrix=text, reveal=reveal), ""
    return None, ""


def insert(editor: Editor, draft: Draft) -> None:
    """Put the picture into the media folder, and its markup where the dialog was opened for."""
    if mw.col is None or editor.web is None:
        return
    name = mw.col.media.write_data(draft.name, draft.data)
    editor.parentWindow.activateWindow()  # where the page has no focus, nothing can be undone in it
    editor.web.setFocus()
    editor.web.eval(_INSERT % json.dumps(draft.called(name)))


def _short(fault: Exception) -> str:
    text = str(fault)
    return html.escape(text if len(text) <= 200 else text[:200] + "…")  # a tooltip takes HTML
