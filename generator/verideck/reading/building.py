"""One card from its heading and blocks: its kind's slots, and all that holds for every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verideck.cards import Card, Heatmap, Kind, Location
from verideck.problems import Problem, error
from verideck.reading import clozes, directive, inline, kinds, pictures, slots, tags, variants
from verideck.reading.blocks import Block, Comment, Heading
from verideck.reading.directive import Directive
from verideck.reading.items import Lost
from verideck.reading.kinds import Draft, Filled
from verideck.reading.passages import Passage

if TYPE_CHECKING:
    from verideck.reading.front_matter import FrontMatter
    from verideck.reading.slots import Slots


@dataclass(frozen=True, slots=True)
class File:
    """What a card's file gives to all its cards."""

    path: str
    matter: FrontMatter
    heatmaps: Mapping[str, Heatmap]


def build(heading: Heading, blocks: Sequence[Block], file: File) -> tuple[Card | None, tuple[Problem, ...]]:
    """Make a card; None where what is missing leaves nothing that could be one."""
    problems: list[Problem] = []
    said, blocks = _directive(blocks, file.path, problems)
    sorted_out, found = slots.sort(blocks, file.path)
    problems.extend(found)
    at = heading.first.at(file.path)
    draft = Draft(file.path, at, heading.title, sorted_out, said.flags, said.lost)
    filled = kinds.fill(_begun(draft, said, file), draft)
    problems.extend(filled.problems)
    # In one order, wherever they stand: it is that of the images they name.
    alerts = [sorted_out.alerts[kind] for kind in slots.TAKEN_OUT if kind in sorted_out.alerts]
    passages = (Passage((heading.title,)), *filled.passages, *alerts)
    problems.extend(_cloze_problems(filled, passages, file.path))
    for passage in passages:
        problems.extend(_located(inline.maths_faults(passage.text), passage, file.path))
        problems.extend(_located(tags.faults(passage.text), passage, file.path))
    problems.extend(_varying(filled.card, passages, file.path))
    shown = pictures.find(sorted_out.heatmaps, passages, file.heatmaps, file.path)
    problems.extend(shown.problems)
    card = replace(filled.card, heatmaps=shown.heatmaps, images=shown.images)
    if sorted_out.outputs and not sorted_out.runs:
        hint = "write it as a `text` fence, or the snippet that prints it as a `python run` fence"
        problems.append(error(at, "a `text output` fence without a `python run` fence", hint))
    asks = bool(heading.title.text) or Lost.TEXT in said.lost
    if not asks:
        hint = "write the question after `## `"
        problems.append(error(at, "a card without a question", hint))
    return (card if filled.complete and asks else None), tuple(problems)


def _directive(
    blocks: Sequence[Block], path: str, problems: list[Problem]
) -> tuple[Directive, Sequence[Block]]:
    """Read the directive on the line below the heading, and take it from the blocks."""
    if not blocks or not isinstance(blocks[0], Comment):
        return Directive(), blocks
    content = blocks[0].content
    if directive.is_directive(content):
        said, found = directive.read(content, path)
        problems.extend(found)
        return said, blocks[1:]
    if directive.almost(content):
        problems.append(error(blocks[0].first.at(path), "not quite a directive", directive.HINT))
        return Directive(), blocks[1:]
    return Directive(), blocks


def _begun(draft: Draft, said: Directive, file: File) -> Card:
    """Make a card with everything that does not depend on its kind."""
    found, matter = draft.slots, file.matter
    return Card(
        kind=kinds.kind(draft),
        location=draft.location,
        heading=draft.title.text,
        deck=matter.deck + said.deck,
        hint=_alert(found, slots.HINT),
        mistake=_alert(found, slots.MISTAKE),
        takeaway=_alert(found, slots.TAKEAWAY),
        id=said.id,
        tags=tuple(dict.fromkeys((*matter.tags, *said.tags))),
        level=said.level or matter.level,
        source=matter.source,
        reverse="reverse" in said.flags,
        checks=tuple(found.checks),
        runs=tuple(found.runs),
        outputs=tuple(found.outputs),
        vary=found.vary,
        vary_count=found.vary_count,
        lost=said.lost,
        consents=said.consents,
    )


def _alert(found: Slots, kind: str) -> str:
    return found.alerts[kind].text if kind in found.alerts else ""


def _located(faults: Iterable[inline.Fault], passage: Passage, path: str) -> Iterator[Problem]:
    """Turn faults at offsets of a passage into problems at places in the source."""
    locate: Callable[[int], Location] | None = None
    for fault in faults:
        locate = locate or passage.locator(path)
        yield error(locate(fault.offset), fault.message, fault.hint)


def _cloze_problems(filled: Filled, passages: Sequence[Passage], path: str) -> Iterator[Problem]:
    """Report malformed clozes, and clozes elsewhere than in a cloze card's heading or text."""
    allowed = passages[:2] if filled.card.kind is Kind.CLOZE else ()
    hint = "clozes stand in the heading or the text of a cloze card, above any `---`"
    for passage in passages:
        found, faults = clozes.scan(passage.text)
        yield from _located(faults, passage, path)
        if not any(passage is one for one in allowed):
            misplaced = (inline.Fault(cloze.start, _misplaced(filled.card.kind), hint) for cloze in found)
            yield from _located(misplaced, passage, path)


def _misplaced(kind: Kind) -> str:
    return "a cloze outside the text of its card" if kind is Kind.CLOZE else f"a cloze in a {kind} card"


def _varying(card: Card, passages: Sequence[Passage], path: str) -> Iterator[Problem]:
    """Report varying values that cannot be drawn or are not known."""
    if card.vary is None:
        for passage in passages:
            yield from _located(variants.strays(passage.text), passage, path)
        return
    if card.id is None:
        hint = "write `<!-- card: #name -->` below the heading: the id seeds its draws"
        yield error(card.location, "a varying card without an id", hint)
    known = variants.assigned((card.vary, *card.checks))
    for passage in passages:
        yield from _located(variants.faults(passage.text, known), passage, path)
