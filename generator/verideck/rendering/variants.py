"""Varying values on their way through Markdown, and the elements by which the card's script finds them.

In HTML text a value stands in `<span class="v" data-v="w:.4f">0.2500</span>`. A formula with one stands in
an element whose `data-tex` holds the formula with `«w:.4f»` in it: MathJax takes text only, so the script
writes it anew as a whole. An attribute `alt` with one has a `data-v-alt` beside it. What stands there is the
first variant, which is all that a client without script shows.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verideck.reading.variants import PLACEHOLDER
from verideck.rendering import inert

if TYPE_CHECKING:
    from verideck.cards import Variant

MOST_PICTURES = 8  # variants of a card whose heatmap varies: each is a file of its own
OWN = "~"  # what no placeholder begins with: values that are not written as one

# `inert.clean` takes these out of sources, so they can stand for values here.
_FIRST = 0xF1000
MARKER = re.compile("[\U000f1000-\U000f1fff]")
_TAG_OR_MARKER = re.compile("<[^>]*>|[\U000f1000-\U000f1fff]")
_ATTRIBUTE = re.compile(r' ([^\s=<>"]+)="([^"]*)"')
_REWRITTEN = ("alt", "title")  # attributes that the script writes anew
_TEX = re.compile(r"[%#&_$]")


@dataclass(frozen=True, slots=True)
class Varying:
    """A card's values: of each the first variant's text, and in `columns` every variant's, where they differ.

    Rendering adds columns of its own, such as the names of a heatmap's files.
    """

    first: Mapping[str, str]
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def mark(self, markdown: str) -> str:
        """Put a private character in place of each varying value."""
        places = {spelling: chr(_FIRST + place) for place, spelling in enumerate(self.first)}
        return PLACEHOLDER.sub(lambda found: places.get(found[1], found[0]), markdown)

    def add(self, key: str, texts: Sequence[str]) -> str:
        """Take in a value of our own; gives its key, empty where it does not vary.

        What the script writes into the page goes through `inert.spoken` before.
        """
        if len(set(texts)) < 2:
            return ""
        self.columns[OWN + key] = tuple(texts)
        return OWN + key

    def fill(self, html: str) -> str:
        """Write the elements for the private characters in finished HTML."""
        return _TAG_OR_MARKER.sub(lambda found: self._piece(found[0]), html)

    def texts(self, marked: str) -> list[str]:
        """Give a plain text with private characters in it as every variant has it."""
        return [self._filled(marked, row) for row in self._rows()]

    def _rows(self) -> range:
        return range(max(map(len, self.columns.values()), default=1))

    def _filled(self, marked: str, row: int) -> str:
        return MARKER.sub(lambda found: inert.unspoken(self._text(found[0], row)), marked)

    def formulas(self, marked: str) -> list[str]:
        """Give a formula, as plain text, as the card's script writes it for each variant."""
        return [self._formula(marked, row) for row in self._rows()]

    def _formula(self, marked: str, row: int) -> str:
        def written(found: re.Match[str]) -> str:
            return _TEX.sub(r"\\\g<0>", inert.unspoken(self._text(found[0], row)))

        return MARKER.sub(written, marked)

    def formula(self, marked: str) -> tuple[str, str]:
        """Give a formula's HTML with the first values, and its `data-tex`, empty where none varies."""

        def first(found: re.Match[str]) -> str:
            return entities.escape(_TEX.sub(r"\\\g<0>", self._text(found[0], 0)), quote=False)

        varies = any(self._spelling(mark) in self.columns for mark in MARKER.findall(marked))
        template = inert.attribute(entities.unescape(marked)) if varies else ""
        return MARKER.sub(first, marked), template

    def _spelling(self, mark: str) -> str:
        return tuple(self.first)[ord(mark) - _FIRST]

    def _text(self, mark: str, row: int) -> str:
        spelling = self._spelling(mark)
        return self.columns[spelling][row] if spelling in self.columns else self.first[spelling]

    def _piece(self, piece: str) -> str:
        if piece.startswith("<"):
            return _ATTRIBUTE.sub(
                lambda found: self._attribute(found[1], found[2]) if MARKER.search(found[2]) else found[0],
                piece,
            )
        spelling = self._spelling(piece)
        return span(spelling if spelling in self.columns else "", self.first[spelling])

    def _attribute(self, name: str, value: str) -> str:
        template = MARKER.sub(lambda found: f"«{inert.attribute(self._spelling(found[0]))}»", value)
        if name == "data-tex":
            return f' {name}="{template}"'
        first = MARKER.sub(lambda found: inert.attribute(self._text(found[0], 0)), value)
        varies = any(self._spelling(mark) in self.columns for mark in MARKER.findall(value))
        rewritten = f' data-v-{name}="{template}"' if varies and name in _REWRITTEN else ""
        return f' {name}="{first}"{rewritten}'


def of(variants: Sequence[Variant]) -> Varying | None:
    """Gather a card's varying values; None for a card that does not vary."""
    if not variants:
        return None
    first = variants[0].values
    found = Varying(first)
    for spelling in first:
        texts = tuple(inert.spoken(inert.clean(one.values.get(spelling, ""))) for one in variants)
        if len(set(texts)) > 1:
            found.columns[spelling] = texts
    return found


def span(key: str, text: str) -> str:
    """Write a value's text so that the script finds it; without a key it stays as it is."""
    shown = inert.escape(inert.clean(text))
    return f'<span class="v tex2jax_ignore" data-v="{inert.attribute(key)}">{shown}</span>' if key else shown
