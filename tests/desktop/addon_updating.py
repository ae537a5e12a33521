"""What a learner does to update a deck, in the real Anki with the add-on."""

from __future__ import annotations

import importlib
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
