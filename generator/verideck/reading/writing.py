"""Cards to Markdown: the exact inverse of reading it, in one canonical form.

What `markdown.read` gives of a source without errors, `write` turns into a source that reads as the same
cards, their places aside; to write those again changes no byte. Each card stands as: heading, directive,
remarks, question, options or answer, explanation, alerts (hint, mistake, take-away), `vary` fence, checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from verideck.cards import Card, Fence, Heatmap, Kind, Option
from verideck.reading import marks, near, remarks, scanner, slots, yaml_text
from verideck.reading.escaping import escape, one_line
from verideck.reading.fronts import Front, directive, front, unfit
from verideck.reading.kinds import starts_block
from verideck.reading.passages import Line

__all__ = ["Front", "UnfitError", "escape", "front", "one_line", "write"]

_CLOSING_HASHES = re.compile(r"(?:.*[ \t])?#+", re.DOTALL)
_MARKERS = ("-", "*", "+")


class UnfitError(ValueError):
    """The cards cannot stand in one file with this front matter; `dividing.files` divides them."""


def write(
    cards: Sequence[Card],
    front: Front,
    notes: Mapping[int, Sequence[str]] = MappingProxyType({}),
    head: Sequence[str] = (),
) -> str:
    """Write cards as a source with this front matter.

    `notes` are remarks beside card i (from 0): `<!-- import: … -->`; `head` remarks above the first card:
    `<!-- imported: … -->`. No reader of cards sees either.
    Raises UnfitError where the front matter says what does not hold of a card, such as another deck.
    """
    for card in cards:
        if reason := unfit(card, front):
            raise UnfitError(f'the card "{card.heading}" {reason}')
    blocks: list[Sequence[str]] = [yaml_text.written(front)]
    blocks += [[remarks.comment(text, remarks.IMPORTED) for text in head]] if head else []
    shared = {one.name: one for card in cards for one in card.heatmaps if one.shared}
    blocks += [write_heatmap(heatmap) for heatmap in shared.values()]
    for index, card in enumerate(cards):
        blocks += _card(card, front, notes.get(index, ()))
    return "\n".join(_spaced(blocks)) + "\n"


def _spaced(blocks: Sequence[Sequence[str]]) -> Iterator[str]:
    """Put a blank line between blocks."""
    for index, block in enumerate(blocks):
        if index:
            yield ""
        yield from block


def _card(card: Card, front: Front, notes: Sequence[str]) -> list[Sequence[str]]:
    """Write a card as blocks of lines that blank ones part."""
    said = directive(card, front)
    top = [write_heading(card.heading), *([f"<!-- card: {said} -->"] if said else [])]
    return [[*top, *map(remarks.comment, notes)], *_parts(card)]


def write_heading(text: str, level: int = 2) -> str:
    """Write a heading; closing hashes keep those that the text itself ends in."""
    hashes = "#" * level
    if not text:
        return hashes
    return f"{hashes} {text} {hashes}" if _CLOSING_HASHES.fullmatch(text) else f"{hashes} {text}"


def _parts(card: Card) -> list[Sequence[str]]:
    extras = _extras(card)
    if card.kind is Kind.CHOICE and card.options:
        return _choice(card, extras)
    body, explanation = _text(card.body), _text(card.explanation)
    match card.kind:
        case Kind.RECALL:
            parts = _sections(body, _text(card.answer), explanation)
        case Kind.TYPED:
            parts = _sections(body, _accepted(card.accepted), explanation)
        case _:
            parts = [body, *([explanation] if explanation else [])]
    blocks: list[Sequence[str]] = []
    for index, part in enumerate(parts):
        blocks += [["---"]] if index else []
        blocks += [part] if part else []
    return [*blocks, *extras]


def _sections(body: list[str], answer: list[str], explanation: list[str]) -> list[list[str]]:
    """Give the parts between separators; an answer alone needs none."""
    if explanation:
        return [body, answer, explanation]
    return [body, answer] if body else [answer]


def _choice(card: Card, extras: list[Sequence[str]]) -> list[Sequence[str]]:
    """Write question, options and explanation, each with a blank line between.

    Where question or explanation would run into the options, a list into a list, one of what was taken out of
    the text stood between them, and does again.
    """
    body, explanation = _text(card.body), _text(card.explanation)
    blocks: list[Sequence[str]] = [body] if body else []
    if body and extras and _runs_together([*body, "", "- [ ] a"]):
        blocks.append(extras.pop(0))
    blocks.append(list(_options(card.options)))
    if (
        explanation
        and extras
        and (explanation[0][:1] == " " or _runs_together(["- [ ] a", "", *explanation]))
    ):
        blocks.append(extras.pop(0))
    return [*blocks, *([explanation] if explanation else []), *extras]


def _runs_together(lines: Sequence[str]) -> bool:
    return bool(scanner.scan([Line(line, number) for number, line in enumerate(lines, 1)], "")[1])


def _options(options: Sequence[Option]) -> Iterator[str]:
    """Write options, with blank lines between them if one has a reason: Markdown spaces them alike."""
    is_loose = any(option.reason for option in options)
    for index, option in enumerate(options):
        if index and is_loose:
            yield ""
        first, *more = option.text.split("\n")
        yield write_box(first, ticked=option.ticked)
        yield from map(write_continuation, more)
        if option.reason:
            yield ""
            yield from (f"  {line}" if line else "" for line in option.reason.split("\n"))


def write_box(text: str, *, ticked: bool) -> str:
    """Write the first line of an option."""
    return f"- [{'x' if ticked else ' '}] {text}"


def write_continuation(line: str) -> str:
    """Write another line of an option, indented as little as does not make another thing of it."""
    little = f"  {line}"
    return f"      {line}" if _misread(little) else little


def _misread(line: str) -> bool:
    return any(near.misses(Line(line, 1), ""))


def _accepted(texts: Sequence[str]) -> list[str]:
    if len(texts) == 1 and not (starts_block(texts[0]) or marks.opens_block(texts[0]) or _misread(texts[0])):
        return [texts[0]]
    fitting = (mark for mark in _MARKERS if not any(_misread(f"{mark} {text}") for text in texts))
    mark = next(fitting, "-")
    return [f"{mark} {text}" for text in texts]


def _extras(card: Card) -> list[Sequence[str]]:
    """Write what a reader takes out of the text."""
    alerts = ((slots.HINT, card.hint), (slots.MISTAKE, card.mistake), (slots.TAKEAWAY, card.takeaway))
    blocks: list[Sequence[str]] = [write_alert(kind, text) for kind, text in alerts if text]
    if card.vary is not None:
        blocks.append(write_vary(card.vary_count, card.vary))
    return [*blocks, *map(write_check, card.checks)]


def write_alert(kind: str, text: str) -> list[str]:
    """Write an alert that a reader takes out of the text."""
    return [f"> [!{kind}]", *(f"> {line}" if line else ">" for line in text.split("\n"))]


def write_check(fence: Fence) -> list[str]:
    """Write a check."""
    return _fence("python check", fence)


def write_vary(count: int, fence: Fence) -> list[str]:
    """Write the fence from which a card's variants are drawn."""
    return _fence(f"python vary {count}", fence)


def write_heatmap(heatmap: Heatmap) -> list[str]:
    """Write a heatmap."""
    return _fence(f"python heatmap {heatmap.name}{' predict' if heatmap.predict else ''}", heatmap.fence)


def _fence(info: str, fence: Fence) -> list[str]:
    lines = fence.code.split("\n")
    mark = "```"
    while any(marks.closes(line, mark) for line in lines):
        mark += "`"
    return [f"{mark}{info}", *lines, mark]


def _text(text: str) -> list[str]:
    return text.split("\n") if text else []
