"""What a card is to its lock: the fingerprint that moves `mod`, and the texts by which it is known again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from verideck.cards import Card, Checked, HeatmapValues, Kind, Location, Variant

if TYPE_CHECKING:
    from verideck.project import Project
from verideck.reading import clozes

_QUESTION_LENGTH = 200
# Values of a heatmap count to this many digits: more than a card shows, less than machines differ in.
_DIGITS = 6


def fingerprint(
    checked: Checked, card_id: str, project: Project, epoch: int, images: Mapping[str, bytes]
) -> str:
    """Hash all that a learner sees of a card, and not how it is drawn.

    Learners get a card anew when this moves. Where a card stands in the sources does not count, nor how
    its checks are written, only what they found; the images' bytes do, and `epoch`, by which the tool
    says that its drawing changed enough to matter.
    """
    card = dataclasses.replace(
        checked.card, id=card_id, tags=tuple(sorted(set(checked.card.tags))), checks=()
    )
    varying = {"variants": [_varied(one) for one in checked.variants]} if checked.variants else {}
    works = {citation.work: project.works.get(citation.work) for citation in checked.citations}
    return digest(
        {
            "card": _canonical(card),
            "verdict": str(checked.verdict),
            "options_proven": checked.options_proven,
            "steps": _canonical(checked.steps),
            "heatmaps": [_shown(heatmap) for heatmap in checked.heatmaps],
            "citations": _canonical(checked.citations),
            "works": {key: _canonical(work) for key, work in works.items() if work},
            "labels": dict(project.labels),
            "language": project.language,
            "credits": [project.title, project.author, project.license, project.license_url],
            "images": {path: hashlib.sha256(data).hexdigest() for path, data in images.items()},
            "epoch": epoch,
            **varying,
        }
    )


def digest(value: object) -> str:
    """Hash a JSON value in a fixed form: 32 hexadecimal digits."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def question(card: Card) -> str:
    """Give the text by which a card without an id is known: its heading, a hash of the body below it."""
    heading, body = (_spaced(text) for text in (card.heading, card.body))
    if card.kind is Kind.CLOZE:
        heading, body = (_spaced(_without_clozes(text)) for text in (card.heading, card.body))
    if len(heading) > _QUESTION_LENGTH:
        heading = f"{heading[:_QUESTION_LENGTH]}… {digest(heading)[:16]}"
    return f"{heading}\n{digest(body)[:16]}" if body else heading


def heading_of(known: str) -> str:
    """Give the heading's part of what `question` made."""
    return known.partition("\n")[0]


def answer(card: Card) -> str:
    """Hash a card's answer; empty where it has none to be known by."""
    match card.kind:
        case Kind.RECALL:
            parts = [card.answer]
        case Kind.TYPED:
            parts = list(card.accepted)
        case Kind.CHOICE:
            parts = sorted(option.text for option in card.options if option.ticked)
        case Kind.CLOZE:
            parts = [cloze.text for cloze in _clozes(card)]
    spaced = [_spaced(part) for part in parts]
    return digest([card.kind is Kind.CLOZE, *spaced])[:16] if any(spaced) else ""


def numbered(card: Card) -> tuple[tuple[int, str], ...]:
    """Give a cloze card's numbers, each with a hash of what it hides; none for other kinds."""
    if card.kind is not Kind.CLOZE:
        return ()
    hidden: dict[int, list[str]] = {}
    for cloze in _clozes(card):
        hidden.setdefault(cloze.number, []).append(_spaced(cloze.text))
    return tuple((number, digest(texts)[:16]) for number, texts in sorted(hidden.items()))


def _clozes(card: Card) -> tuple[clozes.Cloze, ...]:
    return (*clozes.find(card.heading), *clozes.find(card.body))


def _without_clozes(text: str) -> str:
    """Give what stays the same when the text of a cloze is edited."""
    parts, done = list[str](), 0
    for cloze in clozes.find(text):
        parts += (text[done : cloze.start], f"{{{{c{cloze.number}}}}}")
        done = cloze.end
    return "".join((*parts, text[done:]))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _canonical(value: Any) -> Any:
    """Give the JSON form of a value of the vocabulary.

    Places are left out. So is what has its default, that a later version with a new part of a card
    leaves the fingerprints of all cards without it as they were.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {}
        for part in dataclasses.fields(value):
            held = getattr(value, part.name)
            if not isinstance(held, Location) and held != part.default:
                parts[part.name] = _canonical(held)
        return parts
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_canonical(item) for item in value]
    return value


def _varied(variant: Variant) -> Any:
    heatmaps = [_shown(heatmap) for heatmap in variant.heatmaps]
    return {"values": dict(variant.values), "steps": _canonical(variant.steps), "heatmaps": heatmaps}


def _shown(heatmap: HeatmapValues) -> Any:
    weights = [
        [[float(f"{weight:.{_DIGITS}g}") for weight in row] for row in head] for head in heatmap.weights
    ]
    return {**_canonical(dataclasses.replace(heatmap, weights=())), "weights": weights}
