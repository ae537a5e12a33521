"""Scenarios of the add-on's settings: the dialog, Anki's own editor, wrong values."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

PACKAGE = "attention_heatmaps"


def part(name: str) -> Any:
    """Import a module of the add-on, as it is installed."""
    return importlib.import_module(f"{PACKAGE}.{name}")


def opened(desktop: Any, kind: str) -> Any:
    """Wait for a window of a class, and give it."""
    box: list[Any] = []

    def there() -> bool:
        box[:] = [w for w in desktop.app.topLevelWidgets() if type(w).__name__ == kind and w.isVisible()]
        return bool(box)

    desktop.until(there, f"a window {kind}")
    return box[0]


def menu(desktop: Any, name: str) -> Any:
    """Find an entry of the menu Tools."""
    found = [a for a in desktop.mw.form.menuTools.actions() if a.text().replace("&", "") == name]
    assert len(found) == 1, [action.text() for action in desktop.mw.form.menuTools.actions()]
    return found[0]


def alone(picture: Any, code: str) -> Any:
    """Evaluate an expression in a picture's page, where only Qt's own scripts run."""
    box: list[Any] = []
    picture.page().runJavaScript(code, 1, box.append)
    return box


def shown(desktop: Any, picture: Any, before: str = "") -> str:
    """Wait until a picture stands that is not the one before; give its address."""
    box: list[Any] = [None]
    asked: list[Any] = []

    def there() -> bool:
        if asked and asked[0]:
            value = asked[0].pop()
            if value and value != before:
                box[0] = value
                return True
            asked.clear()
        elif not asked:
            code = "(i => i && i.complete && i.naturalWidth > 0 ? i.src : '')(document.querySelector('img'))"
            asked.append(alone(picture, code))
        return False

    desktop.until(there, "the sample")
    return str(box[0])


def grab(desktop: Any, widget: Any, name: str, before: Any = None) -> Any:
    """Picture a window, once its pictures stand and none looks as it did `before`; give what it shows."""
    path = Path("build/screenshots") / f"addon-settings-{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)

    box: list[Any] = []

    def painted() -> bool:
        image = widget.grab().toImage()
        box[:] = [image]
        for picture in getattr(widget, "pictures", {}).values():
            place = picture.geometry()
            row = [image.pixel(x, place.center().y()) for x in range(place.left(), place.right(), 8)]
            if len(set(row)) < 5 or (before and image.copy(place) == before.copy(place)):
                return False
        return bool(image.save(str(path)))

    desktop.until(painted, "the pictures' pixels")
    return box[0]


def dialog(desktop: Any, theme: str = "light", sizes: dict[str, int] | None = None) -> dict[str, Any]:
    """Open the dialog by the menu, change everything, take it."""
    current = part("settings.current")
    heard: list[Any] = []
    current.changed.append(lambda: heard.append(current.current()))
    menu(desktop, "Attention Heatmaps…").trigger()
    window = opened(desktop, "SettingsDialog")
    first = {name: shown(desktop, picture) for name, picture in window.pictures.items()}
    seen = grab(desktop, window, theme)
    window.colours.setCurrentIndex(window.colours.findData("magma"))
    window.numbers.setChecked(False)
    window.room.setValue(600)
    window.reveal.setCurrentIndex(window.reveal.findData("row"))
    then = {name: shown(desktop, picture, first[name]) for name, picture in window.pictures.items()}
    grab(desktop, window, f"{theme}-changed", seen)
    before = repr(current.current())
    window.accept()
    desktop.until(lambda: heard, "who hears of a change")
    return {
        "followed": all(first[name] != then[name] for name in first),
        "differ": len({*first.values(), *then.values()}),
        "before": before,
        "heard": [repr(settings) for settings in heard],
        "kept": desktop.mw.addonManager.getConfig(PACKAGE),
        "precision enabled": window.precision.isEnabled(),
    }


def cancelled(desktop: Any) -> dict[str, Any]:
    """Change something, restore the defaults, leave the dialog by Escape."""
    from PyQt6.QtCore import Qt
    from PyQt6.QtTest import QTest
    from PyQt6.QtWidgets import QDialogButtonBox

    menu(desktop, "Attention Heatmaps…").trigger()
    window = opened(desktop, "SettingsDialog")
    set_before = repr(window.chosen())
    box = window.findChild(QDialogButtonBox)
    box.button(QDialogButtonBox.StandardButton.RestoreDefaults).click()
    restored = repr(window.chosen())
    QTest.keyClick(window, Qt.Key.Key_Escape)  # type: ignore[call-overload]  # `self` in its stubs
    desktop.until(lambda: not window.isVisible(), "the end of the dialog")
    return {
        "before": set_before,
        "restored": restored,
        "kept": desktop.mw.addonManager.getConfig(PACKAGE),
        "current": repr(part("settings.current").current()),
    }


def keyboard(desktop: Any) -> list[str]:
    """List what the key Tab reaches, in order."""
    from PyQt6.QtCore import Qt
    from PyQt6.QtTest import QTest

    menu(desktop, "Attention Heatmaps…").trigger()
    window = opened(desktop, "SettingsDialog")
    window.activateWindow()
    desktop.until(lambda: desktop.app.activeWindow() is window, "the dialog's turn")
    window.colours.setFocus()
    reached: list[str] = []
    for _ in range(20):
        widget = desktop.app.focusWidget()
        kind = type(widget).__name__
        name = str(widget.text()) if kind in ("QCheckBox", "QPushButton") else kind
        if name in reached and widget is window.colours:
            break
        reached.append(name)
        QTest.keyClick(widget, Qt.Key.Key_Tab)  # type: ignore[call-overload]
    return reached


def editor(desktop: Any) -> dict[str, Any]:
    """Reach Anki's own editor by the dialog, read the help beside it, write a wrong value, a right one."""
    from aqt import addons as module
    from PyQt6.QtCore import QTimer

    said: list[str] = []
    module.showInfo = lambda text, *more, **named: said.append(text)  # type: ignore[assignment,attr-defined]
    current = part("settings.current")
    heard: list[Any] = []
    current.changed.append(lambda: heard.append(current.current()))
    desktop.mw.onAddons() if hasattr(desktop.mw, "onAddons") else desktop.mw.addonManager.onAddonsDialog()
    addons = opened(desktop, "AddonsDialog")
    addons.form.addonList.setCurrentRow(0)

    def leave() -> None:
        window = opened(desktop, "SettingsDialog")
        window.edit_as_text()

    QTimer.singleShot(0, leave)
    addons.form.config.click()
    text = opened(desktop, "ConfigEditor")
    as_shown = text.form.editor.toPlainText()
    desktop.page("document.body && document.body.textContent.includes('colours')", text.form.help)
    desktop.page("document.querySelectorAll('li').length > 8", text.form.help)
    text.resize(1000, 700)
    grab(desktop, text, "text")
    text.form.editor.setPlainText('{"colours": "rainbow"}')
    text.accept()
    text.form.editor.setPlainText('{"colours": "grey", "size": 400}')
    text.accept()
    desktop.until(lambda: heard, "who hears of a change")
    return {"text": as_shown, "said": said, "heard": [repr(settings) for settings in heard]}


def wrong(desktop: Any) -> dict[str, Any]:
    """Start with wrong values: what is told, and how often."""
    from aqt import utils

    current = part("settings.current")
    settings = repr(current.current())
    desktop.until(lambda: utils._tooltipLabel is not None, "what is told in passing")
    label = utils._tooltipLabel
    told = label.text() if label else ""
    utils.closeTooltip()
    current.reread()
    desktop.app.processEvents()
    return {"settings": settings, "told": told, "again": utils._tooltipLabel is not None}


def instructions(desktop: Any) -> str:
    """Open the help of the dialog."""
    menu(desktop, "Attention Heatmaps…").trigger()
    opened(desktop, "SettingsDialog").instruct()
    window = opened(desktop, "Instructions")
    grab(desktop, window, "help")
    return str(window.page.toPlainText())
