"""Pipeline pages: a model's stages with their shapes, a training's trace, its layers, a quiz and an insight.

The page asks nothing of its stages; the questions made of them are worded here, from the stage's own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from verideck.cards import Kind, Location
from verideck.problems import Problem, warning
from verideck.reading.items import Fate, Item, Line, Lost
from verideck.reading.pages import quizzes, sections, shapes, stages, traces
from verideck.reading.pages.layouts import Found, start
from verideck.reading.pages.sections import Part, Section
from verideck.reading.pages.tokens import Token, TokenKind, lines_of

MARKS = (
    "`Model Pipeline`",
    "`Data Flow - N Stages`",
    "two of `Training Trace`, `Prediction Trace`, `Model Quiz`, `Key Insight`",
)
LAYOUT = "pipeline"
_FURNITURE = frozenset({TokenKind.NOISE, TokenKind.TITLE})
_LAYER = re.compile(r"layer\s*\d+", re.IGNORECASE)


@dataclass(slots=True)
class _Reading:
    """What has been found so far."""

    path: str
    noise: set[int]  # lines that are noise where no example or chart can stand
    name: str = ""
    title: str = ""
    introduction: tuple[Line, ...] = ()
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fates: dict[int, Fate] = field(default_factory=dict)

    def warn(self, line: int, message: str, hint: str = "") -> None:
        self.problems.append(warning(Location(self.path, line), message, hint))

    @property
    def quoted(self) -> str:
        """The model's name for a question, ` in “Spam filter”`; empty where the page has none."""
        return f" in “{self.name}”" if self.name else ""


def find(tokens: Sequence[Token]) -> Sequence[int]:
    """Give the lines where pipeline pages begin: at the first heading, and at later ones that open a page."""
    found: list[int] = []
    headings = [
        (index, sections.heading(token.raw))
        for index, token in enumerate(tokens)
        if token.text and token.whole
    ]
    seen = [(index, section) for index, section in headings if section is not None]
    kinds = {section for _, section in seen}
    if not kinds & {Section.INTRODUCTION, Section.STAGES} and len(kinds) < 2:
        return ()
    below: set[Section] = set()
    for index, section in seen:
        opens = section is Section.INTRODUCTION or (section is Section.STAGES and section in below)
        if not found or (opens and section in below):
            found.append(start(tokens, index))
            below = set()
        below.add(section)
    return found


def read(tokens: Sequence[Token], path: str) -> Found:
    """Read a pipeline page's sections; every line gets its fate."""
    reading = _Reading(path, {token.line for token in tokens if token.whole and token.kind in _FURNITURE})
    reading.title = next((token.value for token in tokens if token.kind is TokenKind.TITLE), "")
    parts = sections.divide(lines_of(tokens))
    for part in parts:
        if part.heading:
            reading.fates[part.heading.number] = Fate.NOISE
        for line in part.lines:
            if not line.text.strip():
                reading.fates[line.number] = Fate.NOISE
        READERS[part.section](reading, part)
    if reading.introduction:
        hint = "add it from the original page, or leave the introduction out"
        reading.warn(
            reading.introduction[0].number, "the insight that the introduction leads to is lost", hint
        )
    return Found(tuple(reading.items), tuple(reading.problems), reading.fates, reading.title or reading.name)


def _shown(part: Part) -> list[Line]:
    return [line for line in part.lines if line.text.strip()]


def _without_noise(reading: _Reading, part: Part) -> list[Line]:
    """Give a part's lines that are no noise; the others get their fate."""
    shown = _shown(part)
    reading.fates.update({line.number: Fate.NOISE for line in shown if line.number in reading.noise})
    return [line for line in shown if line.number not in reading.noise]


def _text(lines: Sequence[Line]) -> str:
    return " ".join(line.text.strip() for line in lines)


def _preamble(reading: _Reading, part: Part) -> None:
    """Take the title, the one line above the first heading that is no furniture; more are reported."""
    shown = _without_noise(reading, part)
    for index, line in enumerate(shown):
        title = index == len(shown) - 1 or "pipeline" in line.text.casefold()
        reading.title = reading.title or (line.text.strip() if title and len(line.text) < 120 else "")
        reading.fates[line.number] = Fate.NOISE if title else Fate.PROBLEM
        if not title:
            reading.warn(line.number, "this line belongs to no part of the pipeline")


def _introduction(reading: _Reading, part: Part) -> None:
    """Keep the introduction, which stands above the question for the insight; until then it has no card."""
    shown = _without_noise(reading, part)
    reading.introduction += tuple(shown)
    reading.name = part.name or reading.name
    reading.fates.update(dict.fromkeys((line.number for line in shown), Fate.PROBLEM))


def _stages(reading: _Reading, part: Part) -> None:
    staged, above = stages.read(part.lines)
    for line in above:
        reading.fates[line.number] = Fate.PROBLEM
        reading.warn(line.number, "this line belongs to no stage")
    for line in part.lines:
        if line.text.strip() and line not in above:
            reading.fates[line.number] = Fate.CARD
    reading.items += [_stage_item(reading, one) for one in staged]
    _count(reading, part, [one.stage.number for one in staged], "stage")


def _stage_item(reading: _Reading, one: stages.Staged) -> Item:
    """Ask which shape leaves a stage, from what it takes and does; the page's example explains."""
    stage = one.stage
    if not stage.given:
        hint = "write the shape that leaves the stage as the answer"
        reading.warn(
            one.line, f"the shapes of stage {stage.number} are lost or cannot be told from its words", hint
        )
    if one.unclear:
        hint = "compare it with the original page"
        reading.warn(
            one.given_line,
            f"where the glued cells of stage {stage.number} part is unclear: {one.unclear}",
            hint,
        )
    accepted = dict.fromkeys((stage.given, shapes.without_units(stage.given))) if stage.given else {}
    taken = f"It takes {stage.taken}." if stage.taken else ""
    return Item(
        layout=LAYOUT,
        line=one.line,
        kind=Kind.TYPED,
        question=f"What shape leaves stage {stage.number}, {stage.name}?",
        title=stage.name,
        body="\n\n".join(filter(None, (taken, stage.operation))),
        accepted=tuple(accepted),
        explanation="\n\n".join(filter(None, (one.note, stage.example))),
        explanation_line=one.given_line,
        stage=stage,
        lost=() if stage.given else (Lost.ANSWER,),
    )


def _training(reading: _Reading, part: Part) -> None:
    found = traces.read(part.lines)
    reading.fates.update(found.fates)
    for line, message, hint in found.wrong:
        reading.warn(line, message, hint)
    rows = found.trace.rows
    if not rows and not found.trace.chart:
        if part.heading:
            reading.warn(
                part.heading.number,
                "the training's chart and table are lost",
                "add them from the original page",
            )
        return
    if not rows:
        reading.warn(found.line, "the training's table is lost", "write what the chart shows as the answer")
    named = " and ".join(name.casefold().removesuffix(" (%)") for name in found.metrics) or "loss"
    verb = "do" if len(found.metrics) > 1 else "does"
    span = f" from epoch {rows[0][0]} to epoch {rows[-1][0]}" if len(rows) > 1 else ""
    item = Item(
        layout=LAYOUT,
        line=found.line,
        kind=Kind.RECALL,
        question=f"How {verb} the {named} change{span}{reading.quoted}?",
        answer=found.answer,
        trace=found.trace,
        lost=() if rows else (Lost.ANSWER,),
    )
    reading.items.append(item)


def _layers(reading: _Reading, part: Part) -> None:
    shown = _shown(part)
    reading.fates.update(dict.fromkeys((line.number for line in shown), Fate.CARD))
    layers: list[str] = []
    for line in shown:
        text = line.text.strip()
        if _LAYER.match(text) or not layers:
            layers.append(text)
        else:
            layers[-1] = f"{layers[-1]} {text}"
    if layers:
        answer = "\n\n".join(layers)
        question = f"Which layers does a prediction run through{reading.quoted}, in order?"
        reading.items.append(Item(LAYOUT, shown[0].number, Kind.RECALL, question, answer=answer))
    _count(reading, part, range(1, len(layers) + 1), "layer")


def _quiz(reading: _Reading, part: Part) -> None:
    quiz = quizzes.read(part.lines, LAYOUT)
    reading.fates.update(quiz.fates)
    reading.items += quiz.items
    for item in quiz.items:
        if Lost.OPTIONS in item.lost:
            reading.warn(
                item.line, "the options and the key are lost", "write the options and tick the right one"
            )
        else:
            reading.warn(item.line, "the key is lost", "tick the right option")
    _count(reading, part, range(1, len(quiz.items) + 1), "quiz question")


def _insight(reading: _Reading, part: Part) -> None:
    shown = _without_noise(reading, part)
    if not shown:
        if part.heading:
            reading.warn(part.heading.number, "the key insight is lost", "add it from the original page")
        return
    reading.fates.update(dict.fromkeys((line.number for line in shown), Fate.CARD))
    reading.fates.update(dict.fromkeys((line.number for line in reading.introduction), Fate.CARD))
    question = f"What is the key insight{reading.quoted}?"
    item = Item(
        LAYOUT, shown[0].number, Kind.RECALL, question, body=_text(reading.introduction), answer=_text(shown)
    )
    reading.introduction = ()
    reading.items.append(item)


def _count(reading: _Reading, part: Part, found: Sequence[int], what: str) -> None:
    """Report how many of the promised parts are lost, or that there are more than promised."""
    if part.heading is None or part.count in (None, len(found)):
        return
    promised, line = part.count or 0, part.heading.number
    reading.fates[line] = Fate.PROBLEM
    if len(found) > promised:
        reading.warn(line, f"the page promises {_several(promised, what)}, and holds {len(found)}")
        return
    lost = promised - len(found)
    verb = "is" if lost == 1 else "are"
    gaps = [f"`{number}`" for number in range(1, promised + 1) if number not in found]
    if found and max(found) > len(found) and len(gaps) == lost:
        said = f"{what}{'s' if lost > 1 else ''} {' and '.join(gaps)} of {promised} {verb} lost"
    else:
        said = f"{lost} of {_several(promised, what)} {verb} lost"
    reading.warn(line, said, "add what is lost from the original page")


def _several(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


READERS: dict[Section, Callable[[_Reading, Part], None]] = {
    Section.PREAMBLE: _preamble,
    Section.INTRODUCTION: _introduction,
    Section.STAGES: _stages,
    Section.TRAINING: _training,
    Section.LAYERS: _layers,
    Section.QUIZ: _quiz,
    Section.INSIGHT: _insight,
}
