"""What the fields of a note mean: by its note type's templates, and by the names that people give fields."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Role(StrEnum):
    """What a field is for."""

    QUESTION = "question"
    ANSWER = "answer"
    OPTIONS = "options"
    OPTION = "option"  # one of several fields that hold one each
    HINT = "hint"
    EXPLANATION = "explanation"
    SOURCE = "source"
    LEVEL = "level"
    TAGS = "tags"
    DECK = "deck"
    TYPE = "type"  # of question, as some add-ons number them
    TITLE = "title"
    ID = "id"
    NOTHING = ""


# Names are compared in small letters without spaces, hyphens, underlines and digits at the end.
_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.QUESTION: "question front prompt stem text problem term word frage vorderseite recto "
        "pregunta anverso domanda",
        Role.ANSWER: "answer answers back correct correctanswer rightanswer key solution response "
        "definition meaning antwort rückseite verso réponse respuesta reverso risposta",
        Role.OPTIONS: "options choices alternatives optionen possibleanswers",
        Role.HINT: "hint hints tip clue hinweis",
        Role.EXPLANATION: "explanation extra backextra notes note why comment comments details reason "
        "rationale remarks feedback erklärung",
        Role.SOURCE: "source sources reference references quelle url link",
        Role.LEVEL: "level difficulty",
        Role.TAGS: "tags tag topics",
        Role.DECK: "deck category subject",
        Role.TYPE: "qtype",
        Role.TITLE: "title header",
        Role.ID: "id noteid guid number no nr index",
    }
)
ROLES: Mapping[str, Role] = MappingProxyType(
    {name: role for role, text in _NAMES.items() for name in text.split()}
)
_ONE_OPTION = re.compile(
    r"(?:option|choice|answer|alternative|distractor|wrong|q|a)?[ _-]?([A-Ha-h]|[1-9])", re.IGNORECASE
)


MAX_FIELDS = 1_000  # of a note type, and so of a note
MAX_TEMPLATES = 200  # of a note type


@dataclass(frozen=True, slots=True)
class Template:
    """One card template: the fields that each side shows."""

    front: tuple[str, ...]
    back: tuple[str, ...]
    typed: str = ""  # the field that a learner types


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type as a package describes it."""

    name: str
    fields: tuple[str, ...]
    templates: tuple[Template, ...] = ()
    cloze: bool = False
    occlusion: bool = False


_BETWEEN = re.compile(r"[\s_-]")
_REFERENCE = re.compile(r"\{\{([^{}\n]{1,300})\}\}")


def template(front: str, back: str) -> Template:
    """Read the fields that a template's two sides name; beyond `MAX_FIELDS` names are those of no field."""
    names = _references(front)
    typed = next((name for filters, name in names if "type" in filters), "")
    shown = dict.fromkeys(name for filters, name in names if "type" not in filters)
    behind = dict.fromkeys(name for _, name in _references(back) if name not in shown)
    return Template(tuple(islice(shown, MAX_FIELDS)), tuple(islice(behind, MAX_FIELDS)), typed)


def _references(text: str) -> list[tuple[tuple[str, ...], str]]:
    found = []
    for inside in _REFERENCE.findall(text):
        *filters, name = (part.strip() for part in inside.split(":"))
        if (
            name
            and name[0] not in "#^/!"
            and name not in {"FrontSide", "Tags", "Deck", "Type", "Card", "Subdeck"}
        ):
            found.append((tuple(filters), name))
    return found


def role(name: str) -> Role:
    """Tell what a field is for by its name alone."""
    if found := ROLES.get(_BETWEEN.sub("", name.rstrip("0123456789")).lower()):
        return Role.OPTION if found is Role.ANSWER and _ONE_OPTION.fullmatch(name.strip()) else found
    return Role.OPTION if _ONE_OPTION.fullmatch(name.strip()) else Role.NOTHING


def roles(kind: NoteType) -> tuple[Role, ...]:
    """Return what each field of a note type is for: by name, else by the side of a card that shows it."""
    return _roles(kind.fields, kind.templates[0] if kind.templates else Template((), ()))


@lru_cache(maxsize=256)
def _roles(fields: tuple[str, ...], first: Template) -> tuple[Role, ...]:
    found = [role(name) for name in fields]
    if found.count(Role.OPTION) < 2:
        found = [Role.NOTHING if one is Role.OPTION else one for one in found]
    places = {name: place for place, name in enumerate(fields) if found[place] is Role.NOTHING}
    for name in first.front:
        if name in places:
            found[places[name]] = Role.QUESTION
    for name in (first.typed, *first.back):
        if name in places and found[places[name]] is Role.NOTHING:
            answered = Role.ANSWER in found or Role.OPTION in found
            found[places[name]] = Role.EXPLANATION if answered else Role.ANSWER
    return tuple(_completed(found))


def _completed(found: Sequence[Role]) -> Sequence[Role]:
    """Take the first fields for question and answer where nothing says which they are."""
    made = list(found)
    for wanted in (Role.QUESTION, Role.ANSWER):
        if (
            wanted not in made
            and Role.NOTHING in made
            and Role.OPTION not in made
            and Role.OPTIONS not in made
        ):
            made[made.index(Role.NOTHING)] = wanted
    if Role.QUESTION not in made and made:
        made[made.index(Role.NOTHING) if Role.NOTHING in made else 0] = Role.QUESTION
    return made


def reversed_too(kind: NoteType) -> str:
    """Tell whether a second card asks from the answer: `yes`, the field that decides it, or nothing."""
    if len(kind.templates) != 2 or kind.cloze:
        return ""
    one, two = kind.templates
    if not (set(two.front) & set(one.back) and set(two.back) & set(one.front)):
        return ""
    return next((name for name in kind.fields if name.lower() == "add reverse"), "yes")
