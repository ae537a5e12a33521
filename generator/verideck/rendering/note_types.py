"""The two note types as Anki knows them: names and ids that stand for ever, templates, styling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

TEMPLATES = Path(__file__).parent / "templates"

MOD = 1_795_273_185
"""The note types' own time stamp, in seconds since 1970.

A later stamp on equal templates would wipe a learner's styling, an older one on new templates would
never arrive: it is raised when, and only when, a template, a field flag or the styling changes. A test
ties the two.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a note type, with Anki's flags for its editor and its search."""

    name: str
    id: int
    plain_text: bool = False
    collapsed: bool = False
    exclude_from_search: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A card template: the HTML of both sides in Anki's template language."""

    name: str
    id: int
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type; `sort_field` is the place of the field that Anki's browser shows first."""

    name: str
    id: int
    cloze: bool
    fields: tuple[Field, ...]
    templates: tuple[Template, ...]
    css: str
    sort_field: int = 1


def _machine(name: str, number: int, *, plain: bool = False) -> Field:
    return Field(name, number, plain_text=plain, collapsed=True, exclude_from_search=True)


# Never added to, removed or reordered: Anki would refuse updates of every note already imported.
FIELDS = (
    Field("ID", 730_264_001),
    Field("Question", 730_264_002),
    Field("Options", 730_264_003),
    Field("Answer", 730_264_004),
    Field("Typed", 730_264_005, plain_text=True),
    Field("Hint", 730_264_006),
    Field("Why", 730_264_007),
    Field("Mistake", 730_264_008),
    Field("Takeaway", 730_264_009),
    Field("Steps", 730_264_010),
    Field("Source", 730_264_011),
    _machine("Media", 730_264_012),
    _machine("Data", 730_264_013, plain=True),
    _machine("Meta", 730_264_014, plain=True),
    _machine("Reverse", 730_264_015),
    _machine("Spare 2", 730_264_016),
    _machine("Spare 3", 730_264_017),
    _machine("Spare 4", 730_264_018),
)
FIELD_NAMES = tuple(field.name for field in FIELDS)


def _template(name: str, number: int, file: str) -> Template:
    """Read both sides of a template; the sections below an answer and the script are the same on all."""
    parts = {"sections": _read("sections.html"), "script": _read("script.html")}
    parts["script"] = parts["script"].replace("@@scripts@@\n", _SCRIPT)
    front, back = (_read(f"{file}_{side}.html") for side in ("front", "back"))
    for part, text in parts.items():
        front, back = (side.replace(f"@@{part}@@\n", text) for side in (front, back))
    return Template(name, number, front, back)


def _read(name: str) -> str:
    return (TEMPLATES / "cards" / name).read_text(encoding="utf-8")


# One function, so that nothing of it meets what else lives on a client's page.
_SCRIPTS = ("state", "variants", "choices", "values", "typed", "names", "steps", "reveal", "start")
_SCRIPT = "\n".join(
    (
        "(function () {",
        '"use strict";',
        *(_read(f"scripts/{name}.js").rstrip("\n") for name in _SCRIPTS),
        "})();",
        "",
    )
)


_CARD = 730_264_101  # one id in both note types: a change of note type by hand keeps the template
_CSS = _read("style.css")

NOTE_TYPES: Mapping[str, NoteType] = MappingProxyType(
    {
        "Verideck": NoteType(
            name="Verideck",
            id=1_795_132_800_417,
            cloze=False,
            fields=FIELDS,
            templates=(
                _template("Card", _CARD, "card"),
                _template("Reverse", 730_264_102, "reverse"),
            ),
            css=_CSS,
        ),
        "Verideck Cloze": NoteType(
            name="Verideck Cloze",
            id=1_795_132_800_418,
            cloze=True,
            fields=FIELDS,
            templates=(_template("Card", _CARD, "cloze"),),
            css=_CSS,
        ),
    }
)
STANDARD, CLOZE = NOTE_TYPES["Verideck"], NOTE_TYPES["Verideck Cloze"]
