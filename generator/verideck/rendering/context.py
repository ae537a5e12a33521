"""What the text of one card may refer to, and what rendering it brings up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck import tex
    from verideck.cards import Location, Media
    from verideck.problems import Problem
    from verideck.rendering.variants import Varying


@dataclass(frozen=True, slots=True)
class Picture:
    """A heatmap's picture: its file's name, what it shows in words, its size in pixels.

    `grid` tells where its cells are, as in `heatmap.Drawn`; `covered` is what a front shows instead.
    `varying` has the key of each attribute that varies, by the attribute's name.
    """

    name: str
    alt: str
    width: int
    height: int
    grid: tuple[float, ...] = ()
    covered: Picture | None = None
    varying: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """One card's surroundings; `media` and `problems` collect what it uses and what is wrong."""

    location: Location
    labels: Mapping[str, str]
    images: Mapping[str, Media] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    places: Mapping[str, Location] = field(default_factory=dict)  # where each image is named
    media: dict[str, Media] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    varying: Varying | None = None
    refused: list[tex.Fault] = field(default_factory=list)  # of the formulas in the slot that is written now
