"""The real Anki desktop without a screen: runs one scenario in a process of its own, answers in JSON.

    python driver.py FOLDER PACKAGE SCENARIO ARGUMENTS

FOLDER is empty and takes a profile; SCENARIO is a function of `scenarios.py`, or `module.function` of a
module beside it; the answer is the last line that is printed. Nothing waits for a time: every step pumps
Qt's events until what it waits for has come, and gives up with what it waited for.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Anki's own, where one page follows another at once: it asks too early and again, or measures what has gone.
OWN = ("showQuestion is not defined", "reading 'offsetHeight'")
PATIENCE = 600.0  # seconds, on a machine that does much else


class Desktop:
    """A running Anki with one profile, and what a learner does with it."""

    def __init__(
        self,
        folder: Path,
        package: Path,
        *,
        theme: str = "light",
        width: int = 720,
        addon: str = "",
        config: dict[str, Any] | None = None,
    ) -> None:
        import aqt
        from aqt.profiles import ProfileManager

        self.console: list[str] = []
        profiles: Any = ProfileManager(folder)
        profiles.setupMeta()
        quiet = {
            "firstRun": False,
            "defaultLang": "en_US",
            "updates": False,
            "suppressUpdate": True,
            "lastMsg": 0,
        }
        profiles.meta.update(quiet, check_for_addon_updates=False, theme={"light": 1, "dark": 2}[theme])
        profiles.create("Lab")
        profiles.load("Lab")
        profiles.save()
        profiles.db.close()
        (folder / "gldriver6").write_text("software")
        if addon:
            self.install(folder / "addons21" / "attention_heatmaps", Path(addon), config)
        self.listen()
        aqt.AnkiApp.KEY = f"verideck-{os.getpid()}"  # else two at a time are one: the second goes at once
        self.app: Any = aqt._run(["anki", "-b", str(folder), "-p", "Lab"], exec=False)
        self.mw: Any = aqt.mw
        self.until(lambda: self.mw.col is not None, "the collection")
        self.load(package)
        self.mw.resize(width, 1000)
        self.mw.show()
        self.mw.activateWindow()
        self.home()

    def install(self, place: Path, bundle: Path, config: dict[str, Any] | None) -> None:
        """Put an add-on where Anki looks for it when it starts, with what its user has set."""
        with zipfile.ZipFile(bundle) as archive:
            archive.extractall(place)  # our own bundle
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        meta = {"name": manifest["name"], "mod": 0} | ({"config": config} if config is not None else {})
        (place / "meta.json").write_text(json.dumps(meta), encoding="utf-8")

    def listen(self) -> None:
        """Gather what pages say on the console."""
        from aqt.webview import AnkiWebPage

        def said(page: Any, level: Any, message: str, line: int, source: str) -> None:
            if ("Error" in level.name or "Uncaught" in message) and not any(own in message for own in OWN):
                self.console.append(f"{source}:{line}: {message}")

        AnkiWebPage.javaScriptConsoleMessage = said  # type: ignore[method-assign,assignment]  # listens in its place

    def until(self, reached: Callable[[], Any], what: str) -> None:
        """Pump events until something is so."""
        end = time.monotonic() + PATIENCE
        while not reached():
            if time.monotonic() > end:
                raise TimeoutError(f"waited for {what}")
            self.app.processEvents()
            time.sleep(0.005)  # yields the processor; what ends the wait is the condition

    def load(self, package: Path) -> None:
        from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

        request = ImportAnkiPackageRequest(package_path=str(package), options=ImportAnkiPackageOptions())
        self.mw.col.import_anki_package(request)
        self.mw.col.models._clear_cache()

    def js(self, code: str, web: Any = None) -> Any:
        """Evaluate an expression in a page."""
        box: list[Any] = []
        (web or self.mw.web).evalWithCallback(code, box.append)
        self.until(lambda: box, f"the value of {code[:60]}")
        return box[0]

    def page(self, condition: str, web: Any = None) -> None:
        """Wait until an expression is true in a page."""
        self.until(lambda: self.js(f"!!({condition})", web), condition)

    def value(self, code: str, web: Any = None) -> Any:
        """Wait until an expression has a value in a page that is true, and return it."""
        found: list[Any] = []

        def is_there() -> bool:
            found.append(self.js(code, web))
            return bool(found[-1])

        self.until(is_there, code)
        return found[-1]

    def home(self) -> None:
        """Go to the list of decks, and wait until it is a new page: Anki draws it from the background."""
        self.js("document.body.dataset.old = 1")
        self.mw.moveToState("deckBrowser")
        self.until(lambda: self.mw.web._domDone, "the list of decks")
        self.page("document.readyState == 'complete' && !document.body.dataset.old")
        self.page("document.querySelector('.deck')")

    def cards(self, name: str) -> list[int]:
        found = list(self.mw.col.find_cards(f'"ID:*/{name}"'))
        assert found, f"no card {name}"
        return found

    def ask(self, name: str, ordinal: int = 0) -> None:
        """Let one card be the next to review, and show its front."""
        card = self.cards(name)[ordinal]
        everything = list(self.mw.col.find_cards(""))
        self.mw.col.sched.suspend_cards(everything)
        self.mw.col.sched.unsuspend_cards([card])
        self.mw.col.sched.schedule_cards_as_new([card])
        self.mw.col.decks.select(self.mw.col.get_card(card).did)
        if self.mw.state == "review":
            self.mw.reviewer.nextCard()
        else:
            self.mw.moveToState("review")
        self.front(card)

    def front(self, card: int | None = None) -> None:
        """Wait until a front stands, its maths and pictures too."""
        self.until(
            lambda: self.mw.reviewer.card and card in (None, self.mw.reviewer.card.id), "the card's turn"
        )
        self.settled(".verideck.front")
        if card is not None:
            name = self.mw.reviewer.card.note()["ID"]
            self.page(f"document.querySelector('[data-card^=\"{name} \"]')")

    def settled(self, selector: str) -> None:
        side = selector.rpartition(".")[2]
        self.page(  # the card's script has run when it has written down the side
            f"document.querySelector('#qa {selector}')"
            f" && JSON.parse(sessionStorage.getItem('verideck') || '{{}}').side == '{side}'"
            " && getComputedStyle(document.getElementById('qa')).opacity == 1"
            " && Array.from(document.images).every(image => image.complete)"
        )

    def answer(self) -> None:
        """Show the back as a click on the button does."""
        self.mw.reviewer._getTypedAnswer()
        self.settled(".verideck.back")

    def key(self, name: str) -> None:
        """Press a key as the window system delivers it: to Anki's shortcuts first."""
        from PyQt6.QtCore import Qt
        from PyQt6.QtTest import QTest

        pressed: Qt.Key = getattr(Qt.Key, f"Key_{name}")
        QTest.keyClick(self.mw.windowHandle(), pressed)  # type: ignore[call-overload]  # `self` in its stubs

    def grades(self) -> list[int]:
        """List the grades given, without the entries of cards made new again."""
        return list(self.mw.col.db.list("select ease from revlog where ease > 0"))

    def grab(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(3):  # a frame is drawn behind the page's back
            self.js("new Promise(requestAnimationFrame) && 1")
            self.app.processEvents()
        assert self.mw.grab().save(str(path))


def main(folder: str, package: str, name: str, arguments: str) -> None:
    """Run a scenario and print what it answers."""
    module, _, function = name.rpartition(".")
    scenarios = importlib.import_module(
        module or "scenarios"
    )  # beside this file, which is run and not imported

    try:
        given = json.loads(arguments)
        desktop = Desktop(Path(folder), Path(package), **given.pop("desktop", {}))
        answered = getattr(scenarios, function)(desktop, **given)
        print(json.dumps({"answer": answered, "console": desktop.console}), flush=True)  # noqa: T201  the answer
        code = 0
    except BaseException:  # noqa: BLE001  whatever it is, the test shall show it
        traceback.print_exc(file=sys.__stderr__)  # Anki has a window in the place of `sys.stderr`
        code = 1
    os._exit(code)  # Qt's own end of a process that never ran its loop takes seconds, and may crash


if __name__ == "__main__":
    main(*sys.argv[1:])
