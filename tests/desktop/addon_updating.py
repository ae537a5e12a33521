"""What a learner does to update a deck, in the real Anki with the add-on."""

from __future__ import annotations

import importlib
import zipfile
from pathlib import Path
from typing import Any

ADDON = "attention_heatmaps"


def part(name: str) -> Any:
    """Give a module of the add-on as Anki has loaded it."""
    return importlib.import_module(f"{ADDON}.updating.{name}")


def grab(desktop: Any, widget: Any, path: str) -> None:
    """Take a picture of a window."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    for _ in range(5):
        desktop.app.processEvents()
    assert widget.grab().save(path)


def large_plan(notes: int) -> Any:
    """Make up a plan with something in every section."""
    plan = part("plan")
    field, decision = plan.FieldChange, plan.Decision

    def changed(number: int, *kinds: Any, **more: Any) -> Any:
        fields = tuple(
            field(
                ("Answer", "Why", "Mistake")[at],
                "<p>The scores are divided by <b>8</b>, the root of the head's width. "
                f"Note {number}, as the learner has it.</p><ul><li>first</li><li>second</li></ul>",
                "<p>The scores are divided by \\(\\sqrt{d_k}\\), the root of the key's width. "
                f"Note {number}.</p><ul><li>first</li><li>another &lt;second&gt;</li></ul>"
                '<img src="verideck-0123456789abcdef.svg">',
                kind,
            )
            for at, kind in enumerate(kinds)
        )
        asked = f"What is done to the scores of head {number} before the softmax, and why is it done at all?"
        return plan.ChangedNote(1_000_000 + number, f"guid{number}", asked, fields, **more)

    take, keep, conflict = decision.TAKE, decision.KEEP, decision.CONFLICT
    decks = "Attention and Reformer::20 Scaled dot-product", "Attention and Reformer::30 Heads"
    return plan.Plan(
        title="Attention and Reformer",
        namespace="3c9e3c3e-7d5b-4f0e-9a44-0d9f1f8f2b11",
        version="2.1",
        installed="2.0",
        standing=plan.Standing.NEWER,
        new=tuple(
            plan.NewNote(
                f"new{n}",
                f"What shape do {n} heads have?",
                decks[n % 2],
                (("Question", f"What shape do {n} heads have?"), ("Answer", f"<code>({n}, 5, 64)</code>")),
                deleted=n == 1,
            )
            for n in range(12)
        ),
        changed=tuple(changed(n, take, *([keep] if n % 3 == 0 else [])) for n in range(notes)),
        conflicts=tuple(changed(n, conflict, take, *([conflict] if n % 2 else [])) for n in range(3)),
        edited=(changed(7, keep),),
        moved=(plan.MovedNote(1, "m", "What do reversible layers save?", (1, 2), *decks),),
        retired=tuple(
            plan.RetiredNote(n, f"r{n}", f"A card that is no more, {n}", (n,), n == 1) for n in range(3)
        ),
        revived=(plan.RevivedNote(4, "v", "A card that is back", (4,)),),
        unchanged=412,
        media=("verideck-0123456789abcdef.svg", "verideck-fedcba9876543210.svg"),
        note_types=(
            plan.NoteTypeFault(
                "Verideck",
                "You added the field “My notes”",
                "Its notes are updated by the names of their fields, and your field stays",
                431,
                blocking=False,
            ),
        ),
    )


def look(desktop: Any, folder: str, name: str, width: int, height: int, notes: int = 30) -> dict[str, Any]:
    """Open the dialog over a made-up plan, and look at each section."""
    dialog = part("dialog").UpdateDialog(desktop.mw, large_plan(notes), lambda _dialog: None)
    dialog.open()
    dialog.resize(width, height)
    seen = {}
    for number, section in enumerate(dialog.sections):
        dialog.list.setCurrentRow(number)
        grab(desktop, dialog, f"{folder}/addon-update-{name}-{section.key}.png")
        seen[section.key] = dialog.pane.model.rowCount()
    dialog.reject()
    return seen


def tell(desktop: Any, folder: str, name: str) -> None:
    """Look at a report."""
    plan = part("plan")
    report = plan.Report(
        added=(1, 2, 3), changed=(4,), kept=(4, 5), moved=(6,), retired=(7, 8), deleted=(9,), media=2
    )
    dialog = part("report").ReportDialog(desktop.mw, large_plan(1), report)
    dialog.open()
    grab(desktop, dialog, f"{folder}/addon-update-{name}-report.png")
    dialog.reject()


# What follows is done to real packages, by the buttons that a learner has.


def windows(name: str) -> list[Any]:
    """Give the windows of a kind that stand open."""
    from aqt.qt import QApplication

    return [w for w in QApplication.topLevelWidgets() if type(w).__name__ == name and w.isVisible()]


def opened(desktop: Any, *names: str) -> Any:
    """Wait for a window of one of these kinds."""
    desktop.until(lambda: any(windows(name) for name in names), " or ".join(names))
    desktop.until(lambda: not desktop.mw.progress.busy(), "the end of the work")
    return next(found for name in names for found in windows(name))


def press(box: Any, text: str) -> None:
    """Press a button by what is written on it."""
    from aqt.qt import QPushButton

    said = {button.text().replace("&", ""): button for button in box.findChildren(QPushButton)}
    said[text].click()


def from_menu(desktop: Any, path: str) -> None:
    """Choose Tools → Update a Verideck Deck…, and a file."""
    from aqt.qt import QApplication, QFileDialog, QTimer

    def choose() -> None:
        chooser = QApplication.activeModalWidget()
        if isinstance(chooser, QFileDialog):
            timer.stop()
            chooser.selectFile(path)
            chooser.accept()

    timer = QTimer()
    timer.timeout.connect(choose)
    timer.start(10)
    entries = {entry.text().replace("&", ""): entry for entry in desktop.mw.form.menuTools.actions()}
    entries["Update a Verideck Deck…"].trigger()


def note(desktop: Any, card: str) -> Any:
    """Give a note of the deck by its card's id."""
    return desktop.mw.col.get_note(desktop.mw.col.find_notes(f'"ID:5f2b8a52/{card}"')[0])


def state(desktop: Any) -> dict[str, Any]:
    """Describe the deck as the collection has it."""
    col = desktop.mw.col
    found: dict[str, Any] = {"answers": {}, "mistakes": {}, "tags": {}, "decks": {}, "suspended": []}
    for number in sorted(col.find_notes('"ID:5f2b8a52/*"')):
        one = col.get_note(number)
        name = one["ID"].partition("/")[2]
        found["answers"][name] = part("differing").plain(one["Answer"] or one["Options"]).partition("\n")[0]
        found["mistakes"][name] = one["Mistake"]
        found["tags"][name] = [tag for tag in one.tags if not tag.startswith("level")]
        found["decks"][name] = col.decks.name(one.cards()[0].did)
        found["suspended"] += [name for card in one.cards() if card.queue == -1]
    found["revlog"] = [list(row) for row in col.db.all("select id, cid, ease, ivl from revlog order by id")]
    return found


def study(desktop: Any, first: str) -> None:
    """Import a deck, review four cards of it, edit, tag and move."""
    desktop.load(Path(first))
    col = desktop.mw.col
    col.decks.select(col.decks.id("Sums"))
    for name in ("even", "masked", "gone", "value"):
        card = note(desktop, name).cards()[0]
        everything = list(col.find_cards(""))
        col.sched.suspend_cards(everything)
        col.sched.unsuspend_cards([card.id])
        top = col.sched.get_queued_cards(fetch_limit=1).cards[0]
        card = col.get_card(top.card.id)
        card.start_timer()
        col.sched.answer_card(col.sched.build_answer(card=card, states=top.states, rating=2))
        col.sched.unsuspend_cards(everything)
    for name, field, text in (
        ("masked", "Answer", "Nothing is left, I think."),
        ("scores", "Answer", "By sorting."),
        ("even", "Mistake", "Mine."),
    ):
        one = note(desktop, name)
        one[field] = text
        col.update_note(one)
    one = note(desktop, "scale")
    one.tags = [*one.tags, "exam"]
    col.update_note(one)
    col.set_deck([card.id for card in one.cards()], col.decks.id("Mine"))
    desktop.mw.reset()


def update(desktop: Any, first: str, second: str, folder: str, name: str) -> dict[str, Any]:
    """Update a deck as a learner does, then take it back."""
    from aqt.qt import QLabel, QPushButton

    study(desktop, first)
    seen: dict[str, Any] = {"before": state(desktop)}
    from_menu(desktop, second)
    dialog = opened(desktop, "UpdateDialog")
    seen["header"] = [label.text() for label in dialog.findChildren(QLabel)][:2]
    seen["sections"] = {}
    seen["outcome"] = [dialog.outcome.text()]
    for number, section in enumerate(dialog.sections):
        dialog.list.setCurrentRow(number)
        model = dialog.pane.model
        seen["sections"][section.key] = [model.index(row, 0).data() for row in range(model.rowCount())]
        if section.key == "conflicts":
            dialog.pane.table.selectRow(1)
            dialog.pane.asking.ways["Answer"][1].click()
            grab(desktop, dialog, f"{folder}/addon-update-real-{name}.png")
        if section.key == "retired":
            dialog.retire.setCurrentIndex(dialog.retire.findData(part("plan").Retire.DELETE))
    seen["outcome"].append(dialog.outcome.text())
    seen["while open"] = state(desktop)
    dialog.go.click()
    report = opened(desktop, "ReportDialog")
    grab(desktop, report, f"{folder}/addon-update-real-{name}-report.png")
    seen["report"] = [label.text() for label in report.findChildren(QLabel)]
    seen["after"] = state(desktop)
    next(b for b in report.findChildren(QPushButton) if b.text() == "Show in Browser").click()
    browser = opened(desktop, "Browser")
    desktop.until(lambda: browser.table.len(), "the notes in the browser")
    seen["browser"] = browser.table.len()
    browser.close()
    report.reject()
    desktop.until(lambda: not windows("Browser"), "the browser's end")
    seen["undo"] = desktop.mw.form.actionUndo.text()
    desktop.mw.form.actionUndo.trigger()
    desktop.until(lambda: desktop.mw.form.actionUndo.text() != seen["undo"], "the undo")
    seen["undone"] = state(desktop)
    return seen


def close(window: Any) -> str:
    """Close a window; say what kind it was."""
    window.reject()
    return type(window).__name__


def hand_over(desktop: Any, path: str) -> None:
    """Open a package as a double click does."""
    desktop.mw.onAppMsg(path)


def offered(desktop: Any, first: str, second: str) -> dict[str, Any]:
    """Open packages: of a deck that is not there yet, of one that is, and of no deck of ours."""
    from aqt.import_export.importing import ApkgImporter

    desktop.until(lambda: hasattr(ApkgImporter.do_import, "offers_updates"), "the offer of updates")
    seen: dict[str, Any] = {}
    hand_over(desktop, first)
    seen["first time"] = close(opened(desktop, "ImportDialog", "MessageBox"))
    study(desktop, first)
    seen["before"] = state(desktop)
    hand_over(desktop, second)
    box = opened(desktop, "ImportDialog", "MessageBox")
    seen["offer"] = box.text()
    press(box, "Update with Verideck…")
    seen["update"] = close(opened(desktop, "UpdateDialog", "ImportDialog"))
    hand_over(desktop, second)
    press(opened(desktop, "MessageBox"), "Import as Usual")
    seen["as usual"] = close(opened(desktop, "UpdateDialog", "ImportDialog"))
    hand_over(desktop, second)
    press(opened(desktop, "MessageBox"), "Cancel")
    seen["cancel"] = state(desktop)
    foreign = Path(second).parent / "foreign.apkg"
    for name, members in {
        "nothing": {},
        "without": {"collection.anki2": b"", "media": b"{}"},
        "garbage": {"verideck.json": b"[[["},
        "of nobody": {"verideck.json": b'{"format": 1}'},
        "of another": {"verideck.json": b'{"format": 1, "namespace": "%", "title": "x"}'},
    }.items():
        with zipfile.ZipFile(foreign, "w") as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        hand_over(desktop, str(foreign))
        seen[name] = close(opened(desktop, "ImportDialog", "MessageBox"))
    return seen


def absent(desktop: Any, first: str) -> dict[str, Any]:
    """Ask for an update of a deck that is not there."""
    from_menu(desktop, first)
    box = opened(desktop, "MessageBox")
    said = box.text()
    press(box, "Import…")
    return {"said": said, "then": close(opened(desktop, "ImportDialog", "UpdateDialog"))}


def failing(desktop: Any, first: str, second: str, broken: list[str]) -> dict[str, Any]:
    """Update by what is damaged, and by what was looked at before the collection changed."""
    study(desktop, first)
    seen: dict[str, Any] = {"said": [], "before": state(desktop)}
    for path in broken:
        from_menu(desktop, path)
        box = opened(desktop, "MessageBox", "UpdateDialog")
        seen["said"].append(box.text())
        press(box, "OK")
        desktop.until(lambda: not windows("MessageBox"), "the end of the message")
    from_menu(desktop, second)
    dialog = opened(desktop, "UpdateDialog")
    one = note(desktop, "even")
    one["Hint"] = "changed meanwhile"
    desktop.mw.col.update_note(one)
    dialog.go.click()
    box = opened(desktop, "MessageBox")
    seen["changed"] = box.text()
    desktop.mw.col.undo()
    seen["after"] = state(desktop)
    press(box, "Look Again")
    desktop.until(lambda: windows("UpdateDialog") not in ([], [dialog]), "the dialog over a new plan")
    seen["again"] = close(opened(desktop, "UpdateDialog"))
    return seen


def again(desktop: Any, first: str, second: str, folder: str) -> dict[str, Any]:
    """Update twice by one package, then by the older one, by the keyboard alone; end with the profile."""
    from aqt.qt import Qt
    from PyQt6 import QtTest

    hands: Any = QtTest.QTest  # its stubs take `self` for an argument
    study(desktop, first)
    from_menu(desktop, second)
    dialog = opened(desktop, "UpdateDialog")
    seen: dict[str, Any] = {"focus": type(dialog.focusWidget()).__name__, "keys": [dialog.list.currentRow()]}
    dialog.list.setFocus()
    hands.keyClick(dialog.list, Qt.Key.Key_Down)
    seen["keys"].append(dialog.list.currentRow())
    hands.keyClick(dialog.pane.table, Qt.Key.Key_Space)
    seen["unticked"] = sorted(dialog.choices.skip) != []
    hands.keyClick(dialog.pane.table, Qt.Key.Key_Space)
    seen["ticked"] = sorted(dialog.choices.skip) == []
    hands.keyClick(dialog, Qt.Key.Key_Return)
    close(opened(desktop, "ReportDialog"))
    seen["updated"] = state(desktop)
    from_menu(desktop, second)
    dialog = opened(desktop, "UpdateDialog")
    grab(desktop, dialog, f"{folder}/addon-update-real-again.png")
    seen["again"] = [dialog.go.isEnabled(), dialog.outcome.text(), [one.key for one in dialog.sections]]
    hands.keyClick(dialog, Qt.Key.Key_Escape)
    desktop.until(lambda: not windows("UpdateDialog"), "the dialog's end")
    from_menu(desktop, first)
    dialog = opened(desktop, "UpdateDialog")
    grab(desktop, dialog, f"{folder}/addon-update-real-older.png")
    dialog.go.click()
    box = opened(desktop, "MessageBox")
    seen["older"] = box.text()
    press(box, "Cancel")
    desktop.until(lambda: not windows("MessageBox"), "the end of the question")
    seen["kept"] = state(desktop)
    ended: list[bool] = []
    desktop.mw.unloadProfile(lambda: ended.append(True))
    desktop.until(lambda: ended, "the profile's end")
    seen["left"] = len(windows("UpdateDialog"))
    return seen


def interrupted(desktop: Any, first: str, second: str, folder: str) -> dict[str, Any]:
    """Cancel while a package is read, and while it is written; then let the writing fail; then update."""
    from threading import Event

    from aqt.qt import QPushButton

    adding, running, writing = part("adding"), part("running"), part("writing")
    study(desktop, first)
    seen: dict[str, Any] = {"before": state(desktop), "said": []}

    def pressed(start: Any, module: Any, name: str) -> None:
        """Press Cancel before a function of the background is let go on."""
        real, go_on = getattr(module, name), Event()

        def waiting(*given: Any) -> Any:
            go_on.wait(600)
            return real(*given)

        setattr(module, name, waiting)
        start()
        desktop.until(lambda: desktop.mw.progress.busy(), "the progress window")
        (cancel,) = desktop.mw.progress._win.findChildren(QPushButton)
        desktop.until(lambda: cancel.isVisible(), "its button")
        grab(desktop, desktop.mw.progress._win, f"{folder}/addon-update-progress.png")
        cancel.click()
        setattr(module, name, real)
        go_on.set()
        desktop.until(lambda: not desktop.mw.progress.busy(), "the end of the work")

    def answered() -> None:
        box = opened(desktop, "MessageBox")
        seen["said"].append(box.text())
        press(box, "OK")
        desktop.until(lambda: not windows("MessageBox"), "the end of the message")

    pressed(lambda: from_menu(desktop, second), running, "read_package")
    seen["unread"] = [len(windows("UpdateDialog")), len(windows("MessageBox"))]
    from_menu(desktop, second)
    dialog = opened(desktop, "UpdateDialog")
    pressed(dialog.go.click, adding, "prepare")
    answered()
    seen["cancelled"] = state(desktop)

    def failing(*_given: Any) -> None:
        raise RuntimeError("the disk is full")

    real = writing.retire
    writing.retire = failing
    dialog.go.click()
    answered()
    writing.retire = real
    seen["failed"] = state(desktop)
    seen["undo"] = desktop.mw.col.undo_status().undo
    dialog.go.click()
    close(opened(desktop, "ReportDialog"))
    seen["updated"] = state(desktop)
    return seen


def themes(desktop: Any, folder: str) -> list[str]:
    """Switch Anki's theme while the dialog is open, there and back."""
    from aqt.theme import Theme

    dialog = part("dialog").UpdateDialog(desktop.mw, large_plan(30), lambda _dialog: None)
    dialog.open()
    pages = []
    for theme in (Theme.LIGHT, Theme.DARK, Theme.LIGHT):
        desktop.mw.set_theme(theme)
        grab(desktop, dialog, f"{folder}/addon-update-switched-{theme.name.lower()}.png")
        pages.append(dialog.pane.text.toHtml())
    dialog.reject()
    return pages
