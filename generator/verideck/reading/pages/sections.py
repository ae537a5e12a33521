"""The sections of a pipeline page, each under a heading that the page itself carries, in whatever order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from verideck.reading.items import Line


class Section(StrEnum):
    """A part of a pipeline page."""

    PREAMBLE = "preamble"
    INTRODUCTION = "introduction"
    STAGES = "stages"
    TRAINING = "training"
    LAYERS = "layers"
    QUIZ = "quiz"
    INSIGHT = "insight"


_COUNT = r"(?:\s*(?:[-–—:]\s*)?(?P<count>\d{1,3})\s*"
HEADINGS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    (Section.INTRODUCTION, re.compile(r"model pipeline\s*(?:[-–—:]\s*(?P<name>.*))?", re.IGNORECASE)),
    (Section.STAGES, re.compile(rf"data flow{_COUNT}stages?)?", re.IGNORECASE)),
    (Section.TRAINING, re.compile(r"training trace(?:\s*(?:[-–—:]\s*)?epoch.*)?", re.IGNORECASE)),
    (
        Section.LAYERS,
        re.compile(rf"(?:prediction|inference|layer) trace{_COUNT}(?:layers?|steps?))?", re.IGNORECASE),
    ),
    (Section.QUIZ, re.compile(rf"(?:model )?quiz{_COUNT}questions?)?", re.IGNORECASE)),
    (Section.INSIGHT, re.compile(r"key insights?:?", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One section: its heading's line (None where it has none), the number it promises, the lines below."""

    section: Section
    heading: Line | None
    name: str
    count: int | None
    lines: tuple[Line, ...]


def divide(lines: Sequence[Line]) -> list[Part]:
    """Divide a page by its headings; what stands above the first is the preamble."""
    parts: list[Part] = []
    section, heading, name, count = Section.PREAMBLE, None, "", None
    below: list[Line] = []
    for line in lines:
        found = _heading(line)
        if found is None:
            below.append(line)
            continue
        parts.append(Part(section, heading, name, count, tuple(below)))
        (section, name, count), heading, below = found, line, []
    return [*parts, Part(section, heading, name, count, tuple(below))]


def heading(text: str) -> Section | None:
    """Give the section that a line heads, if it is a heading."""
    found = _heading(Line(0, text))
    return found[0] if found else None


def _heading(line: Line) -> tuple[Section, str, int | None] | None:
    text = line.text.strip().lstrip("#*•🔄📊🧠💡🔑 ").rstrip("*")
    if len(text) > 200:
        return None
    for section, pattern in HEADINGS:
        if found := pattern.fullmatch(text):
            groups = found.groupdict()
            count = groups.get("count")
            return section, (groups.get("name") or "").strip(), int(count) if count else None
    return None
