"""Recall pages: questions with answers to reveal, a quiz with explanations, prompts with a hint and a rubric.

What ends a question tells its sort: `Click to reveal answer`, `✗ Incorrect`, `You got /5 concepts.`; the text
between two of them is parted by its form (`parting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from verideck.cards import Kind
from verideck.reading.items import Fate, Item, Line, Lost
from verideck.reading.pages import choices, losing, parting, prose, snippets
from verideck.reading.pages.heads import heads
from verideck.reading.pages.layouts import Found, start
from verideck.reading.pages.passages import QUIZ_ENDS, Passage, passages
from verideck.reading.pages.tokens import Token, TokenKind

if TYPE_CHECKING:
    from verideck.problems import Problem

LAYOUT = "recall"
MARKS = ("`Recall & Review`", "`Click to reveal answer`", "`You got /N concepts.`")

_LOOK_BACK = 40  # tokens in front of the first answer among which its level stands


@dataclass(slots=True)
class _Reading:
    """What has been found so far."""

    path: str
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fates: dict[int, Fate] = field(default_factory=dict)

    def add(self, item: Item, lines: Sequence[Line]) -> None:
        """Keep an item, tell what it lost, and give its lines their fate."""
        self.items.append(item)
        self.problems += losing.told(item, self.path)
        self.card(lines)

    def card(self, lines: Sequence[Line]) -> None:
        self.fates.update({line.number: Fate.CARD for line in lines if line.text})


def find(tokens: Sequence[Token]) -> Sequence[int]:
    """Give the lines where recall pages begin: at their headings, else above the first answer to reveal."""
    found = [
        start(tokens, index)
        for index, token in enumerate(tokens)
        if token.kind is TokenKind.HEADING and token.value == LAYOUT
    ]
    if found:
        return found
    reveals = [index for index, token in enumerate(tokens) if token.kind is TokenKind.REVEAL]
    if reveals:
        return [tokens[_above(tokens, reveals[0])].line]
    rubric = any(token.kind is TokenKind.RUBRIC for token in tokens)
    return [1] if rubric and not heads(tokens) else []


def _above(tokens: Sequence[Token], reveal: int) -> int:
    """Give where the question of an answer begins: at its level, else at most two texts above."""
    texts: list[int] = []
    for index in range(reveal - 1, max(-1, reveal - _LOOK_BACK), -1):
        if tokens[index].kind is TokenKind.LEVEL:
            return index
        if tokens[index].kind is TokenKind.TEXT:
            texts.append(index)
    return (texts[:2] or [reveal])[-1]


def read(tokens: Sequence[Token], path: str) -> Found:
    """Read a recall page's questions; text that belongs to none of them keeps no fate."""
    reading = _Reading(path)
    blocks, reading.fates = passages(tokens)
    for block in blocks:
        lines = _explanation(reading, block)
        if not any(line.text for line in lines):
            continue
        part = replace(block, lines=lines, hinted=block.hinted - (len(block.lines) - len(lines)))
        if block.end is TokenKind.REVEAL:
            _recall(reading, part)
        elif block.end in QUIZ_ENDS:
            _quiz(reading, part)
        elif block.end is TokenKind.RUBRIC:
            _prompt(reading, part)
        else:
            _cut_off(reading, part)
    title = next((token.value for token in tokens if token.kind is TokenKind.TITLE), "")
    return Found(tuple(reading.items), tuple(reading.problems), reading.fates, title)


def _explanation(reading: _Reading, block: Passage) -> tuple[Line, ...]:
    """Give the explanation in front to the question before; give the lines behind it."""
    if not block.explained or not reading.items:
        return block.lines
    runs = choices.runs(block.lines)
    asked = block.lines[: runs[0].first] if runs else block.lines
    if block.hinted >= 0:
        asked = asked[: block.hinted]
    count = parting.explanation(asked, followed=block.end is not None, prompt=block.end is TokenKind.RUBRIC)
    explained = block.lines[:count]
    first = next((line.number for line in explained if line.text), 0)
    if first:
        item = reading.items[-1]
        text = prose.joined(explained)
        reading.items[-1] = replace(item, explanation=text, explanation_line=first)
        reading.card(explained)
    return block.lines[count:]


def _recall(reading: _Reading, block: Passage) -> None:
    """Read a question with its answer."""
    asked, code, answer = parting.question_and_answer(block.lines)
    question, body = parting.question(asked)
    snippet = code or snippets.NONE
    reading.problems += losing.of_code(snippet, reading.path)
    reading.add(
        Item(
            layout=LAYOUT,
            line=next(line.number for line in block.lines if line.text),
            kind=Kind.RECALL,
            question=question,
            body=body,
            level=block.level,
            code=snippet.code,
            language=snippet.language,
            code_line=snippet.line,
            joined=snippet.joined,
            readings=snippet.readings,
            answer=answer,
            lost=() if answer else (Lost.ANSWER,),
        ),
        block.lines,
    )


def _quiz(reading: _Reading, block: Passage) -> None:
    """Read a quiz question; where the ends of some are lost, their options part them."""
    end = block.hinted if block.hinted > 0 else len(block.lines)
    lines, hint = block.lines[:end], block.lines[end:]
    runs = choices.runs(lines)
    at = 0
    for index, run in enumerate(runs):
        last = index == len(runs) - 1
        own = replace(block, key=block.key if last else "")
        _choice(reading, own, lines[at : run.first], run, hint if last else ())
        at = run.after
    if not runs:
        _choice(reading, block, lines, None, hint)


def _choice(
    reading: _Reading, block: Passage, asked: Sequence[Line], run: choices.Run | None, hint: Sequence[Line]
) -> None:
    """Read one question of a quiz from the lines in front of its options."""
    parted = snippets.part(asked)
    snippet = parted.snippet or snippets.NONE
    question, body = parting.question((*parted.before, Line(0, ""), *parted.after))
    reading.problems += losing.of_code(snippet, reading.path)
    options = losing.ticked(run.options, block.key) if run is not None else ()
    lines = [*asked, *hint]
    if run is not None:
        lines += block.lines[run.first : run.after]
        reading.problems += losing.of_options(run, reading.path)
    text = bool(question) or parted.snippet is not None
    reading.add(
        Item(
            layout=LAYOUT,
            line=next(line.number for line in lines if line.text),
            kind=Kind.CHOICE,
            question=question,
            body=body,
            level=block.level,
            code=snippet.code,
            language=snippet.language,
            code_line=snippet.line,
            joined=snippet.joined,
            readings=snippet.readings,
            options=options,
            hint=prose.joined(hint),
            lost=losing.parts(text=text, run=run, key=block.key),
        ),
        lines,
    )


def _prompt(reading: _Reading, block: Passage) -> None:
    """Read a prompt with its hint; its answer was the rubric, which is lost."""
    asked, hint = parting.prompt_and_hint(block.lines, block.hinted)
    question, body = parting.question(asked)
    first = next(line.number for line in block.lines if line.text)
    lost = (Lost.ANSWER,) if question else (Lost.TEXT, Lost.ANSWER)
    item = Item(
        layout=LAYOUT, line=first, kind=Kind.RECALL, question=question, body=body, level=block.level,
        hint=prose.joined(hint), lost=lost,
    )  # fmt: skip
    reading.add(item, block.lines)


def _cut_off(reading: _Reading, block: Passage) -> None:
    """Read a question whose end is lost: by its options, its level, its form; else it keeps no fate."""
    first = next(line.text for line in block.lines if line.text)
    if choices.runs(block.lines):
        _quiz(reading, block)
    elif block.hinted > 0 or (block.prompts and prose.tells_to(first)):
        _prompt(reading, block)
    elif block.level:
        _recall(reading, block)
    elif prose.tells_to(first) and reading.items:
        (_quiz if block.explained and prose.asks(first) else _recall)(reading, block)
