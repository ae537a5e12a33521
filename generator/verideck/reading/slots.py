"""A card's blocks, sorted: what stays in the text, and what is taken out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from verideck.cards import Fence, Heatmap, Location
from verideck.problems import Problem, error
from verideck.reading import directive, fences, near
from verideck.reading.blocks import Blank, Block, Comment, Fenced, Quote, Separator
from verideck.reading.fences import Meaning
from verideck.reading.passages import Passage, passage

HINT, MISTAKE, TAKEAWAY = "TIP", "WARNING", "IMPORTANT"
TAKEN_OUT = (HINT, MISTAKE, TAKEAWAY)
_FENCE_IN_QUOTE = re.compile(r">[> ]*(?:`{3,}|~{3,})[ \t]*\w+[ \t]+(\w+)")
_CLOZE = re.compile(r"\{\{c\d+::")


@dataclass(slots=True)
class Slots:
    """What a card's blocks hold. `parts` are the stretches between separators, without what was taken out."""

    parts: list[list[Block]] = field(default_factory=lambda: [[]])
    separators: list[Location] = field(default_factory=list)
    alerts: dict[str, Passage] = field(default_factory=dict)
    checks: list[Fence] = field(default_factory=list)
    runs: list[Fence] = field(default_factory=list)
    outputs: list[Fence] = field(default_factory=list)
    heatmaps: list[Heatmap] = field(default_factory=list)
    vary: Fence | None = None
    vary_count: int = 0


def sort(blocks: Sequence[Block], path: str) -> tuple[Slots, tuple[Problem, ...]]:
    """Sort a card's blocks into slots."""
    slots = Slots()
    problems: list[Problem] = []
    gap = False  # something was taken out: one blank line stands for it
    for block in blocks:
        part = slots.parts[-1]
        if isinstance(block, Separator):
            slots.separators.append(block.first.at(path))
            slots.parts.append([])
            gap = False
        elif _takes(block, slots, path, problems):
            while part and isinstance(part[-1], Blank):
                part.pop()
            gap = True
        elif not (gap and isinstance(block, Blank)):
            if gap and part:
                part.append(Blank((block.first.cut(len(block.first.text)),)))
            part.append(block)
            gap = False
    return slots, tuple(problems)


def taken_out(block: Block, path: str) -> Slots | None:
    """Return what a block gives to its card if it is taken out of the text; None if it stays there."""
    slots = Slots()
    return slots if _takes(block, slots, path, []) else None


def _takes(block: Block, slots: Slots, path: str, problems: list[Problem]) -> bool:
    """Note what a block means to the card; tell whether it is taken out of the text."""
    match block:
        case Fenced():
            return _take_fence(block, slots, path, problems)
        case Quote():
            return _take_quote(block, slots, path, problems)
        case Comment():
            if directive.is_directive(block.content) or directive.almost(block.content):
                message = "a directive that does not stand directly below its heading"
                problems.append(error(block.first.at(path), message, "move it to the line below `## …`"))
            else:
                hint = "remarks for readers of the file stand above the first card"
                problems.append(error(block.first.at(path), "a comment inside a card", hint))
            return True
        case _:
            return False


def _take_fence(block: Fenced, slots: Slots, path: str, problems: list[Problem]) -> bool:
    meant, found = fences.interpret(block, path)
    problems.extend(found)
    if meant is None:
        problems.extend(_cloze_in_maths(block, path))
        return False
    match meant.meaning:
        case Meaning.CHECK:
            slots.checks.append(meant.fence)
            return True
        case Meaning.VARY:
            if slots.vary is not None:
                hint = "a card has one; put all its names there"
                problems.append(error(block.first.at(path), "a second `python vary` fence", hint))
            slots.vary, slots.vary_count = meant.fence, meant.count
            return True
        case Meaning.RUN:
            slots.runs.append(meant.fence)
        case Meaning.OUTPUT:
            slots.outputs.append(meant.fence)
        case Meaning.HEATMAP:
            slots.heatmaps.append(Heatmap(meant.name, meant.fence, predict=meant.predict))
    return False


def _cloze_in_maths(block: Fenced, path: str) -> Iterator[Problem]:
    """Report clozes in a maths fence: code is not looked into, and maths in a fence counts as code."""
    if block.info.split()[:1] != ["math"]:
        return
    for line in block.code:
        if found := _CLOZE.search(line.text):
            hint = "write the formula as `$$…$$` on one line"
            yield error(line.at(path, found.start()), "a cloze in a maths fence", hint)


def _take_quote(block: Quote, slots: Slots, path: str, problems: list[Problem]) -> bool:
    for line in block.lines:
        found = _FENCE_IN_QUOTE.match(line.text)
        if found and found[1] in set(Meaning):
            hint = "begin it at the first column, outside the quote"
            problems.append(error(line.at(path), f"a `{found[1]}` fence inside a quote", hint))
    alert = near.ALERT.fullmatch(block.first.text)
    if alert is None or (kind := alert[1].upper()) not in TAKEN_OUT:
        return False
    at = block.first.at(path)
    if alert[2].strip():
        title = block.first.at(path, alert.start(2))
        problems.append(error(title, f"text beside `[!{kind}]`", "begin it on the next line, after `> `"))
    if kind in slots.alerts:
        problems.append(
            error(at, f"a second `[!{kind}]` alert", "a card has one; put the text into the first")
        )
        return True
    body = passage(line.cut(2 if line.text.startswith("> ") else 1) for line in block.lines[1:])
    if not body.lines and not alert[2].strip():
        problems.append(
            error(at, f"an empty `[!{kind}]` alert", "write its text below, each line after `> `")
        )
    slots.alerts[kind] = body
    return True


def shared_heatmaps(blocks: Sequence[Block], path: str) -> tuple[dict[str, Heatmap], tuple[Problem, ...]]:
    """Give the heatmaps of the text outside cards, and report other fences with a meaning there."""
    heatmaps: dict[str, Heatmap] = {}
    problems: list[Problem] = []
    for block in blocks:
        if isinstance(block, Comment) and directive.is_directive(block.content):
            message = "a directive without a card"
            problems.append(error(block.first.at(path), message, "it stands on the line below `## Question`"))
        if not isinstance(block, Fenced):
            continue
        meant, found = fences.interpret(block, path)
        problems.extend(found)
        if meant is None:
            continue
        if meant.meaning is not Meaning.HEATMAP:
            hint = "move it below a `##` heading; a fence with one word only is code to show"
            problems.append(error(block.first.at(path), f"a `{meant.meaning}` fence outside a card", hint))
        elif meant.name in heatmaps:
            line = heatmaps[meant.name].fence.location.line - 1
            hint = f"it already stands on line {line}; give this one another name"
            problems.append(error(block.first.at(path), f"a second heatmap named `{meant.name}`", hint))
        else:
            heatmaps[meant.name] = Heatmap(meant.name, meant.fence, shared=True, predict=meant.predict)
    return heatmaps, tuple(problems)
