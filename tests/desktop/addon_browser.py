"""What a person does with many heatmaps in the browser. The oldest Anki runs it, too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

BLOCK = '[attention]{"tokens": ["the", "cat"], "weights": [[1, 0], [%s, 0.75]]}[/attention]'


def note(desktop: Any, front: str, back: str = "") -> Any:
    from anki.decks import DeckId

    col = desktop.mw.col
    made = col.new_note(col.models.by_name("Basic"))
    made.fields = [front, back]
    col.add_note(made, DeckId(1))
    return made


def opened(desktop: Any, search: str) -> Any:
    """Open the browser on a search, with all its notes selected."""
    import aqt

    browser = aqt.dialogs.open("Browser", desktop.mw)
    browser.resize(1000, 700)
    browser.activateWindow()
    desktop.page("typeof saveNow == 'function'", browser.editor.web)
    look(desktop, browser, search)
    return browser


def look(desktop: Any, browser: Any, search: str) -> None:
    browser.search_for(search)
    browser.table.select_all()
    wanted = len(desktop.mw.col.find_notes(search))
    desktop.until(lambda: len(browser.selected_notes()) == wanted, "the selection")


def choose(desktop: Any, browser: Any, name: str) -> None:
    """Trigger an entry of the menu Notes, and wait until it is done."""
    entries = {entry.text().replace("&", ""): entry for entry in browser.form.menu_Notes.actions()}
    entries[name].trigger()


def told(desktop: Any) -> str:
    """Give what the passing note says, when it has come."""
    import aqt.utils

    desktop.until(lambda: aqt.utils._tooltipLabel is not None, "the note")
    label: Any = aqt.utils._tooltipLabel
    text = re.sub(r"<[^>]*>", "", str(label.text())).strip()
    if (timer := aqt.utils._tooltipTimer) is not None:
        timer.stop()  # Anki deletes it later, in a loop that is not run here: it would close the next note
    aqt.utils.closeTooltip()
    return text


def report(desktop: Any) -> Any:
    def found() -> list[Any]:
        every = desktop.app.topLevelWidgets()
        return [each for each in every if type(each).__name__ == "Report" and each.isVisible()]

    desktop.until(found, "the report")
    return found()[0]


def grab(desktop: Any, widget: Any, path: str) -> None:
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        web = widget.editor.web if hasattr(widget, "editor") else None
        for _ in range(4):  # frames are drawn behind the page's back
            desktop.js("new Promise(requestAnimationFrame) && 1", web)
            desktop.app.processEvents()
        assert widget.grab().save(path)


def fields(desktop: Any, *notes: Any) -> list[list[str]]:
    return [list(desktop.mw.col.get_note(each.id).fields) for each in notes]


def make_static_and_redraw(desktop: Any, shots: str = "") -> dict[str, Any]:
    """Make blocks static, undo; again; change the colours and draw anew; what fails is found."""
    col = desktop.mw.col
    good = note(desktop, "a " + BLOCK % 0.25, "b")
    bad = note(desktop, BLOCK % "oops")
    plain = note(desktop, "nothing here")
    before = fields(desktop, good, bad, plain)
    browser = opened(desktop, "note:Basic")
    grab(desktop, browser, shots and f"{shots}-table.png")
    choose(desktop, browser, "Make Static Images for All")
    window = report(desktop)
    said = [window.list.item(row).text() for row in range(window.list.count())]
    grab(desktop, window, shots and f"{shots}-report.png")
    window.show_failed.click()
    desktop.until(lambda: not window.isVisible(), "the report's end")
    searched = browser.current_search() if hasattr(browser, "current_search") else ""
    static = fields(desktop, good, bad, plain)
    undo = col.undo_status().undo
    browser.undo()
    desktop.until(lambda: fields(desktop, good, bad, plain) == before, "the undo")
    told(desktop)  # Anki's own
    look(desktop, browser, f"nid:{good.id}")
    choose(desktop, browser, "Make Static Images for All")
    first = told(desktop)
    choose(desktop, browser, "Redraw Heatmaps")
    same = told(desktop)
    addon = desktop.mw.addonManager
    addon.writeConfig("attention_heatmaps", {"colours": "magma"})
    addon.configUpdatedAction("attention_heatmaps")({"colours": "magma"})
    choose(desktop, browser, "Redraw Heatmaps")
    changed = told(desktop)
    redrawn = fields(desktop, good)[0]
    media = Path(col.media.dir())
    names = [re.findall(r"attention-[0-9a-f]{20}\.svg", text)[0] for text in (static[0][0], redrawn[0])]
    field = "document.querySelector('.rich-text-editable').shadowRoot.querySelector('anki-editable')"
    desktop.page(f"{field}.querySelector('img').src.endsWith('{names[1]}')", browser.editor.web)
    desktop.page(f"{field}.querySelector('img').naturalWidth", browser.editor.web)
    grab(desktop, browser, shots and f"{shots}-redrawn.png")
    return {
        "said": said,
        "ids": [good.id, bad.id],
        "searched": searched,
        "before": before,
        "static": static,
        "undo": undo,
        "told": [first, same, changed],
        "names": names,
        "files": [(media / name).is_file() for name in names],
        "redrawn": redrawn,
    }


def cancel(desktop: Any) -> dict[str, Any]:
    """Cancel while many notes are drawn, then do it to all notes without a selection."""
    from aqt.qt import QMessageBox, QPushButton, QTimer

    notes = [note(desktop, BLOCK % (number / 1000)) for number in range(300)]
    before = fields(desktop, *notes)
    browser = opened(desktop, "note:Basic")
    choose(desktop, browser, "Make Static Images for All")

    def cancelling() -> Any:
        window = desktop.mw.progress._win
        buttons = window.findChildren(QPushButton) if window is not None else []
        return buttons[0] if buttons else None

    desktop.until(cancelling, "the progress window's button")
    cancelling().click()
    said = told(desktop)
    after = fields(desktop, *notes)
    browser.table.clear_selection()
    desktop.until(lambda: not browser.selected_notes(), "an empty selection")
    asked: list[str] = []
    timer = QTimer()  # the question waits in a loop of its own

    def answer() -> None:
        for each in desktop.app.topLevelWidgets():
            if isinstance(each, QMessageBox) and each.isVisible():
                timer.stop()
                asked.append(each.text())
                button: Any = each.button(QMessageBox.StandardButton.Yes)
                button.click()

    timer.timeout.connect(answer)
    timer.start(10)
    choose(desktop, browser, "Make Static Images for All")
    desktop.until(lambda: asked, "the question")
    return {"said": said, "same": after == before, "asked": asked, "all": told(desktop)}
