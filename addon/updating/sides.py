"""A note's fields side by side as HTML for Qt's own text view: all of a note's text stands in it escaped.

Qt's text view runs no script and this page names no picture, so nothing of a note acts or is fetched.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import wording
from .differing import MOST_HTML, Run, compared, plain
from .plan import ChangedNote, Choices, MovedNote, NewNote, RetiredNote, RevivedNote

if TYPE_CHECKING:
    from .wording import Row

MOST_SHOWN = 20_000  # characters of a note's fields together
LEAST_SHOWN = 600  # of each of them, whatever the others took


@dataclass(frozen=True, slots=True)
class Colours:
    """CSS colours of the page: what only one side has, lines and quiet text."""

    mine: str
    theirs: str
    line: str
    soft: str


def page(row: Row | None, choices: Choices, colours: Colours) -> str:
    """Show a note: what is the learner's beside what is the deck's, or what arrives."""
    match row:
        case ChangedNote():
            return _changed(row, choices, colours)
        case NewNote():
            most = max(LEAST_SHOWN, MOST_SHOWN // max(1, len(row.fields)))
            return _table(
                _row(f"<b>{_text(name)}</b>", _text(plain(text[:most])), 20) for name, text in row.fields
            )
        case MovedNote():
            return f"{_question(row.question)}<p>{_text(row.before)} → <b>{_text(row.after)}</b></p>"
        case RetiredNote():
            kind = "You never reviewed it." if row.untouched else "You have reviewed or edited it."
            return f"{_question(row.question)}<p>{kind}</p>"
        case RevivedNote():
            return f"{_question(row.question)}<p>{_text(wording.detail(row, choices))}</p>"
        case _:
            return ""


def _question(text: str) -> str:
    return f"<p><b>{_text(text)}</b></p>"


def _changed(note: ChangedNote, choices: Choices, colours: Colours) -> str:
    rows = ["<tr><th width='50%' align='left'>Yours</th><th width='50%' align='left'>The deck’s</th></tr>"]
    room = MOST_SHOWN
    for field in note.fields:
        most = max(LEAST_SHOWN, min(MOST_HTML, room))
        found = compared(field.mine, field.theirs, most)
        room -= min(most, max(len(field.mine), len(field.theirs)))
        said = wording.decision(field.decision, taken=(note.note_id, field.name) in choices.take)
        if found.source:
            said += "; only the formatting differs, so this is the HTML"
        if found.cut:
            said += "; too long to be shown whole"
        rows.append(_heading(field.name, said, colours))
        rows.append(_row(_runs(found.mine, colours.mine), _runs(found.theirs, colours.theirs)))
    if tags := wording.tags(note):
        rows.append(_heading("Tags", tags, colours))
    if empty := wording.empty(note):
        rows.append(_heading("Cards", empty, colours))
    if len(rows) == 1:
        return f"{_question(note.question)}<p>Nothing that is read on the card changes.</p>"
    return _table(rows)


def _heading(name: str, said: str, colours: Colours) -> str:
    style = f"border-top: 1px solid {colours.line}"
    said = f"<span style='color: {colours.soft}'>– {_text(said)}</span>"
    return f"<tr><td colspan='2' style='{style}'><b>{_text(name)}</b> {said}</td></tr>"


def _row(left: str, right: str, share: int = 50) -> str:
    return f"<tr><td width='{share}%'>{left}</td><td width='{100 - share}%'>{right}</td></tr>"


def _table(rows: Iterable[str]) -> str:
    body = "".join(rows)
    return f"<table width='100%' cellspacing='0' cellpadding='5'>{body}</table>"


def _runs(runs: tuple[Run, ...], colour: str) -> str:
    if not any(run.text.strip() for run in runs):
        return "<i>(empty)</i>"
    return "".join(
        f"<span style='background-color: {colour}'>{_text(run.text)}</span>"
        if run.changed
        else _text(run.text)
        for run in runs
    )


def _text(text: str) -> str:
    """Escape a text; lines stay lines. What is not printed, as marks that turn the writing, is left out."""
    shown = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    return html.escape(shown).replace("\n", "<br>")
