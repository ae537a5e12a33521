"""Both sides of a note's cards as Anki would show them, from the note type's own templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.packaging.clozes import ordinals
from verideck.rendering import cloze_sides
from verideck.rendering.note_types import NOTE_TYPES

if TYPE_CHECKING:
    from verideck.cards import Note
    from verideck.rendering.note_types import Template

_SECTION = re.compile(r"\{\{#([^{}]+)\}\}(.*?)\{\{/\1\}\}", re.DOTALL)
_FIELD = re.compile(r"\{\{(?:(type|cloze):)?([^{}#/:]+)\}\}")
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_FONT = re.compile(r"@font-face \{[^}]*\}\s*")

_INPUT = '<input type="text" id="typeans" autocomplete="off" autocapitalize="none" spellcheck="false">'


@dataclass(frozen=True, slots=True)
class Shown:
    """One card of a note: its template's name, its number from 0, and the HTML of both sides."""

    name: str
    ordinal: int
    front: str
    back: str


def sides(note: Note) -> tuple[Shown, ...]:
    r"""Give both sides of every card that Anki makes of a note.

    Maths stands between `\(` and `\)`, or `\[` and `\]`. Where an answer is typed, the front holds an
    input and the back the comparison as it is when nothing was typed.
    """
    note_type = NOTE_TYPES[note.note_type]
    if note_type.cloze:
        (template,) = note_type.templates
        numbers = sorted(ordinals(note.fields["Question"]))
        return tuple(_shown(template, number, note.fields, cloze=number + 1) for number in numbers)
    made = (_shown(template, number, note.fields) for number, template in enumerate(note_type.templates))
    return tuple(shown for shown in made if _TAG.sub("", shown.front).strip())


def css(text: str) -> str:
    """Rewrite a style sheet of cards for a page on which no MathJax sets formulas: its font is left out."""
    return _FONT.sub("", text)


def _shown(template: Template, number: int, fields: Mapping[str, str], *, cloze: int = 0) -> Shown:
    known = {**fields, "Card": template.name}  # Anki's own name of it, the same for every cloze
    front, back = (
        _filled(side, known, cloze, back=back)
        for side, back in ((template.front, False), (template.back, True))
    )
    return Shown(template.name, number, front, back)


def _filled(template: str, fields: Mapping[str, str], cloze: int, *, back: bool) -> str:
    """Fill a template as Anki does: sections of filled fields, then the fields."""

    def section(found: re.Match[str]) -> str:
        return "" if _EMPTY.fullmatch(fields[found[1]]) else found[2]

    def field(found: re.Match[str]) -> str:
        text = fields[found[2]]
        if found[1] == "type":
            return f'<code id="typeans">{text}</code>' if back else _INPUT
        return cloze_sides.shown(text, cloze, back=back) if found[1] == "cloze" else text

    return _FIELD.sub(field, _SECTION.sub(section, template))
