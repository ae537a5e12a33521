"""How alike two cards read. It only decides what to ask an author; no review ever moves by it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LIKE = 0.35  # from here on two texts are alike
_UNRELATED = 0.2  # below this two texts are unrelated
_MIN_TELLING = 6  # features that a text needs to be judged
_MAX_LENGTH = 1_000  # characters of a text that are compared
_MAX_TELLING = 24  # features of a text, the rarest ones, by which others are looked up
_MAX_OWNERS = 24  # texts that are looked up by one feature
_MAX_COMPARED = 4  # texts that one is compared with
_SCALE = 1_000  # weights are integers, so that their sums are the same on every machine
_WORD = re.compile(r"\w+|[^\w\s?!.,:;]")

# Words that say nothing of what a card is about; small decks are too small to tell them by their number.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """a an and are as at be by can do does did for from how in into is it its of on one or that the
        their them these they this to was were what when where which who why will with would you your yes no
        true false not""",
    )
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that are alike, by their places, and how much: from `LIKE` to 1."""

    left: int
    right: int
    score: float


def features(text: str, skipped: frozenset[str] = _COMMON) -> frozenset[str]:
    """Return what a text is compared by: its words, and the three-letter parts of each.

    Words of `skipped` count only if the text has no others.
    """
    words = frozenset(_WORD.findall(text[:_MAX_LENGTH].casefold()))
    found: set[str] = set()
    for word in (words - skipped) or words:
        found.add(word)
        padded = f" {word} "
        found.update(padded[place : place + 3] for place in range(len(padded) - 2))
    return frozenset(found)


def score(one: str, other: str) -> float:
    """Return how alike two short texts are, from 0 to 1."""
    left, right = features(one, frozenset()), features(other, frozenset())
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 0.0


def are_unrelated(one: str, other: str) -> bool:
    """Return whether two texts have next to nothing in common; texts of a word or two do not tell."""
    left, right = features(one), features(other)
    if min(len(left), len(right)) < _MIN_TELLING:
        return False
    return 2 * len(left & right) / (len(left) + len(right)) < _UNRELATED


def pairs(left: Sequence[str], right: Sequence[str], known: Sequence[str]) -> tuple[Pair, ...]:
    """Return the alike pairs of two lists of texts, the most alike first.

    What many of the `known` texts have counts little. The cost is bounded: each text is compared with the few
    that share the most of its rare features.
    """
    if not left or not right:
        return ()
    ours, theirs = [features(text) for text in left], [features(text) for text in right]
    weights = _weights([*ours, *theirs], known)
    sizes = [sum(weights[feature] for feature in found) for found in theirs]
    owners: dict[str, list[int]] = {}
    for place, found in enumerate(theirs):
        for feature in found:
            owners.setdefault(feature, []).append(place)
    made: list[Pair] = []
    for place, found in enumerate(ours):
        size = sum(weights[feature] for feature in found)
        for other in _likely(found, owners):
            shared = sum(weights[feature] for feature in found & theirs[other])
            if (alike := 2 * shared / (size + sizes[other])) >= LIKE:
                made.append(Pair(place, other, alike))
    return tuple(sorted(made, key=lambda pair: (-pair.score, pair.left, pair.right)))


def _weights(texts: Sequence[frozenset[str]], known: Sequence[str]) -> Mapping[str, int]:
    """Return a weight for each feature: the fewer of the known texts have it, the more it tells."""
    counts = Counter(feature for text in known for feature in features(text))
    total = max(len(known), 1)
    return {
        feature: 1 + round(_SCALE * math.log((total + 1) / (max(counts[feature], 1) + 0.5)))
        for feature in frozenset[str]().union(*texts)
    }


def _likely(found: frozenset[str], owners: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the few texts that share the most of a text's rare features."""
    telling = sorted(
        (feature for feature in found if feature in owners), key=lambda one: (len(owners[one]), one)
    )
    votes = Counter(owner for feature in telling[:_MAX_TELLING] for owner in owners[feature][:_MAX_OWNERS])
    return [owner for owner, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:_MAX_COMPARED]]
