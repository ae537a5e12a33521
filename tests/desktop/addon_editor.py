"""What a person does with heatmaps in the editor. The oldest Anki runs it, too."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

HERE = "globalThis.attentionHeatmaps.editor"
FIELD = "document.querySelectorAll('.rich-text-editable')[%d].shadowRoot.querySelector('anki-editable')"
MATRIX = (
    "tensor([[0.9000, 0.1000, 0.0000],\n        [0.2000, 0.7000, 0.1000],\n        [0.1000, 0.6000, 0.3000]])"
)


def add(desktop: Any, *, new: bool = False) -> Any:
    """Open the window Add on a note of the kind Basic, and wait until its page can be typed into."""
    import aqt

    if new:
        from aqt.addcards import NewAddCards  # type: ignore[attr-defined,unused-ignore]

        window = aqt.dialogs.open("NewAddCards", desktop.mw)
        assert isinstance(window, NewAddCards)
        window.load_new_note(notetype_id=desktop.mw.col.models.by_name("Basic")["id"])
    else:
        desktop.mw.col.models.set_current(desktop.mw.col.models.by_name("Basic"))
        window = aqt.dialogs.open("AddCards", desktop.mw)
    window.resize(900, 700)
    window.activateWindow()
    ready(desktop, window.editor)
    return window


def ready(desktop: Any, editor: Any) -> None:
    desktop.page("document.querySelectorAll('.rich-text-editable').length > 1", editor.web)
    desktop.page(f"globalThis.attentionHeatmaps && {HERE} && {FIELD % 0} && {FIELD % 1}", editor.web)
    desktop.page("document.querySelector('[data-command=\"attention-heatmaps\"]')", editor.web)


def focus(desktop: Any, editor: Any, field: int) -> None:
    editor.web.setFocus()
    desktop.js(f"{FIELD % field}.focus()", editor.web)
    desktop.until(lambda: editor.currentField == field, "the field's focus")


def press(desktop: Any, editor: Any) -> Any:
    """Click the button; give the dialog that opens."""
    desktop.js("document.querySelector('[data-command=\"attention-heatmaps\"]').click()", editor.web)
    return opened(desktop)


def opened(desktop: Any) -> Any:
    desktop.until(lambda: dialogs(desktop), "the dialog")
    return dialogs(desktop)[0]


def dialogs(desktop: Any) -> list[Any]:
    found = desktop.app.topLevelWidgets()
    return [each for each in found if type(each).__name__ == "HeatmapDialog" and each.isVisible()]


def settled(desktop: Any, dialog: Any) -> None:
    """Wait until what is shown is what stands in the boxes, and the picture is drawn."""
    desktop.until(lambda: not dialog.waiting and dialog.draft is not None, "the draft")
    page = dialog.picture.page()
    box: list[Any] = []
    alt = (dialog.draft.composed.spec or {}).get("alt")
    shown = (
        f"Array.from(document.images).some(i => i.complete && i.alt == {json.dumps(alt)})" if alt else "true"
    )

    def look() -> bool:
        if not box:
            page.runJavaScript(shown, box.append)
            return False
        return bool(box.pop())

    desktop.until(look, "the dialog's picture")


def take(desktop: Any, dialog: Any) -> None:
    dialog.insert.click()
    desktop.until(lambda: not dialogs(desktop), "the dialog's end")


def html(desktop: Any, editor: Any, field: int) -> str:
    return str(desktop.js(f"{FIELD % field}.innerHTML", editor.web))


def picture(desktop: Any, editor: Any, field: int) -> str:
    desktop.page(f"{FIELD % field}.querySelector('img.attention-heatmap')?.naturalWidth > 0", editor.web)
    found = re.search(r"attention-[0-9a-f]{20}\.svg", html(desktop, editor, field))
    assert found, html(desktop, editor, field)
    return found[0]


def double_click(desktop: Any, editor: Any, field: int) -> Any:
    """Click twice on a picture as the window system delivers it."""
    from PyQt6.QtCore import QEvent, QPointF, Qt
    from PyQt6.QtGui import QMouseEvent

    place = desktop.js(
        f"(() => {{ const b = {FIELD % field}.querySelector('img').getBoundingClientRect();"
        " return [b.left + b.width / 2, b.top + Math.min(b.height, 200) / 2] })()",
        editor.web,
    )
    target, scale = editor.web.focusProxy(), editor.web.zoomFactor()
    point = QPointF(place[0] * scale, place[1] * scale)
    left, none, kinds = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, QEvent.Type
    held = Qt.KeyboardModifier.NoModifier
    for kind in (
        kinds.MouseButtonPress,
        kinds.MouseButtonRelease,
        kinds.MouseButtonDblClick,
        kinds.MouseButtonRelease,
    ):
        down = none if kind == kinds.MouseButtonRelease else left
        desktop.app.sendEvent(target, QMouseEvent(kind, point, target.mapToGlobal(point), left, down, held))
        desktop.js("1", editor.web)  # Anki lays its handles over the picture meanwhile
    return opened(desktop)


def grab(desktop: Any, widget: Any, path: str) -> None:
    if not path:
        return
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    web = widget.editor.web if hasattr(widget, "editor") else None
    for _ in range(4):  # frames are drawn behind the page's back
        desktop.js("new Promise(requestAnimationFrame) && 1", web)
        desktop.app.processEvents()
    assert widget.grab().save(str(place))


def insert_and_edit(desktop: Any, *, new: bool = False, shots: str = "") -> dict[str, Any]:
    """Insert a heatmap in the window Add, save the note; edit it by a double click."""
    window = add(desktop, new=new)
    editor = window.editor
    focus(desktop, editor, 0)
    desktop.js("document.execCommand('insertText', false, 'before')", editor.web)
    dialog = press(desktop, editor)
    settled(desktop, dialog)
    dialog.matrix.setPlainText(MATRIX + "x")
    settled(desktop, dialog)
    wrong = dialog.matrix_said.text(), dialog.insert.isEnabled()
    dialog.matrix.setPlainText(MATRIX)
    dialog.queries.setPlainText("the cat")
    settled(desktop, dialog)
    counted = dialog.queries_said.text(), dialog.insert.isEnabled()
    grab(desktop, dialog, shots and f"{shots}-wrong.png")
    dialog.queries.setPlainText("the cat sat")
    dialog.causal.setChecked(True)
    settled(desktop, dialog)
    found = dialog.matrix_said.text(), dialog.alt.placeholderText()
    grab(desktop, dialog, shots and f"{shots}-dialog.png")
    take(desktop, dialog)
    first = picture(desktop, editor, 0)
    markup = html(desktop, editor, 0)
    grab(desktop, window, shots and f"{shots}-field.png")
    desktop.page("document.hasFocus()", editor.web)
    desktop.js("document.execCommand('undo')", editor.web)
    undone = html(desktop, editor, 0)
    desktop.js("document.execCommand('redo')", editor.web)
    picture(desktop, editor, 0)
    dialog = double_click(desktop, editor, 0)
    settled(desktop, dialog)
    filled = [dialog.matrix.toPlainText(), dialog.queries.toPlainText(), dialog.causal.isChecked()]
    grab(desktop, dialog, shots and f"{shots}-edit.png")
    dialog.queries.setPlainText("a dog ran")
    settled(desktop, dialog)
    take(desktop, dialog)
    desktop.until(lambda: first not in html(desktop, editor, 0), "the new picture")
    second = picture(desktop, editor, 0)
    edited = html(desktop, editor, 0)
    focus(desktop, editor, 1)
    before = set(desktop.mw.col.find_notes(""))
    if new:
        desktop.js("document.execCommand('insertText', false, 'back')", editor.web)
        desktop.js("saveNow(true)", editor.web)
        fields = None
    else:
        window.add_current_note()
        desktop.until(lambda: set(desktop.mw.col.find_notes("")) - before, "the note")
        (note,) = set(desktop.mw.col.find_notes("")) - before
        fields = desktop.mw.col.get_note(note).fields
    media = Path(desktop.mw.col.media.dir())
    return {
        "wrong": wrong,
        "counted": counted,
        "found": found,
        "first": first,
        "markup": markup,
        "undone": undone,
        "filled": filled,
        "second": second,
        "edited": edited,
        "fields": fields,
        "files": [(media / name).is_file() for name in (first, second)],
        "carried": json.loads(re.findall("<metadata>(.*?)</metadata>", (media / second).read_text())[0]),
    }


def finish(dialog: Any) -> None:
    """Press Ctrl+Enter as the window system delivers it."""
    from PyQt6.QtCore import Qt
    from PyQt6.QtTest import QTest

    keys: Any = QTest.keyClick  # `self` in its stubs
    keys(dialog.windowHandle(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def block_and_large(desktop: Any, *, new: bool = False) -> dict[str, Any]:
    """Edit a block of text by the button; then insert a large matrix at once, by the keyboard."""
    window = add(desktop, new=new)
    editor = window.editor
    focus(desktop, editor, 0)
    block = (
        'x [attention]{"weights": [[1, 0], [0.5, 0.5]], "tokens": ["a", "b"], "reveal": true}[/attention] y'
    )
    desktop.js(f"document.execCommand('insertText', false, {json.dumps(block)})", editor.web)
    inside = f"(f => f.getRootNode().getSelection().collapse(f.firstChild, 30))({FIELD % 0})"
    desktop.js(f"{inside}, 1", editor.web)
    dialog = press(desktop, editor)
    settled(desktop, dialog)
    filled = dialog.matrix.toPlainText(), dialog.reveal.isChecked(), dialog.matrix_said.text()
    finish(dialog)
    desktop.until(lambda: not dialogs(desktop), "the dialog's end")
    picture(desktop, editor, 0)
    replaced = html(desktop, editor, 0)
    focus(desktop, editor, 1)
    dialog = press(desktop, editor)
    settled(desktop, dialog)
    row = "[" + ", ".join(["0.0125"] * 80) + "]"
    dialog.matrix.setPlainText("[" + ",\n".join([row] * 80) + "]")
    waited = dialog.waiting  # asked before the key, which lets Qt go on: by then it may be done
    finish(dialog)
    desktop.until(lambda: not dialogs(desktop), "the dialog's end")
    picture(desktop, editor, 1)
    return {"filled": filled, "replaced": replaced, "waited": waited, "large": html(desktop, editor, 1)}
