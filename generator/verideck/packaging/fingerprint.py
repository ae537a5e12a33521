"""The fingerprint of a card: what a learner sees of it. When it moves, `mod` moves."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from verideck.cards import Checked, HeatmapValues, Location, Variant
from verideck.packaging.digest import digest

if TYPE_CHECKING:
    from verideck.project import Project

FORMULA = 2  # of a fingerprint that is made now; each line of the lock names its own

# Values of a heatmap count to this many digits: more than a card shows, less than machines differ in.
_DIGITS = 6


# What each formula takes of the deck's own data. Formula 1 moved all cards with a new author or license.
_DECK: Mapping[int, Callable[[Project], Mapping[str, Any]]] = MappingProxyType(
    {
        1: lambda deck: {"credits": [deck.title, deck.author, deck.license, deck.license_url]},
        2: lambda deck: {"title": deck.title},
    }
)


def fingerprint(
    checked: Checked,
    card_id: str,
    project: Project,
    epoch: int,
    images: Mapping[str, bytes],
    formula: int = FORMULA,
) -> str:
    """Hash all that a learner sees of a card, and not how it is drawn.

    Learners get a card again when this moves. Where a card is in the sources does not count, nor how
    its checks are written, only what they found, nor who made the deck; the images' bytes do, and `epoch`,
    by which the tool says that its drawing changed enough to matter. `formula` is the number of an older
    formula, to see whether a card has changed since it was used.
    """
    card = dataclasses.replace(
        checked.card,
        id=card_id,
        tags=tuple(sorted(set(checked.card.tags))),
        checks=(),
        consents=(),
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
            **_DECK[formula](project),
            "images": {path: hashlib.sha256(data).hexdigest() for path, data in images.items()},
            "epoch": epoch,
            **varying,
        }
    )


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
