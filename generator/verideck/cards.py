"""The vocabulary: what the stages take and return. Values only, no behaviour of a stage.

Text in these values is Markdown as the author wrote it unless a comment says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a source, as shown to a person; lines and columns count from 1."""

    path: str
    line: int = 1
    column: int = 1

    def down(self, lines: int, column: int = 1) -> Location:
        """Give the place `lines` further down."""
        return Location(self.path, self.line + lines, column)


class Kind(StrEnum):
    """The four kinds of card."""

    RECALL = "recall"
    CHOICE = "choice"
    TYPED = "typed"
    CLOZE = "cloze"


LEVELS = ("beginner", "intermediate", "advanced", "expert")


@dataclass(frozen=True, slots=True)
class Fence:
    """The code inside a fence with a meaning, and the place of its first line."""

    code: str
    location: Location


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice card: its text, whether it is ticked, why it is right or wrong."""

    text: str
    ticked: bool
    location: Location
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Heatmap:
    """A `python heatmap NAME` fence; `shared` where it stands above the first card.

    With `predict` a front shows it covered, and what its cells hold is revealed one by one.
    """

    name: str
    fence: Fence
    shared: bool = False
    predict: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """An image that a card names, by its path relative to the source file's folder."""

    path: str
    location: Location


@dataclass(frozen=True, slots=True)
class Card:
    """One card as its source states it.

    `heading` is the inline text after `## `; `body` the rest of the question (a cloze card's text).
    Slots keep the fences that are shown (`run`, `output`, `heatmap`); `check` and `vary` fences,
    alerts and the directive are taken out of them.
    """

    kind: Kind
    location: Location
    heading: str
    deck: str  # the full name, `A::20 B`
    body: str = ""
    answer: str = ""  # recall
    accepted: tuple[str, ...] = ()  # typed: the accepted answers, the first is shown
    options: tuple[Option, ...] = ()  # choice
    explanation: str = ""
    hint: str = ""
    mistake: str = ""
    takeaway: str = ""
    id: str | None = None
    tags: tuple[str, ...] = ()
    level: str = ""
    source: tuple[str, ...] = ()
    select_all: bool = False
    keep_order: bool = False
    reverse: bool = False
    checks: tuple[Fence, ...] = ()
    runs: tuple[Fence, ...] = ()
    outputs: tuple[Fence, ...] = ()
    vary: Fence | None = None
    vary_count: int = 0
    heatmaps: tuple[Heatmap, ...] = ()  # its own and the shared ones it places
    images: tuple[Image, ...] = ()
    lost: tuple[str, ...] = ()  # what a saved page did not hold: words of `reading.items.Lost`
    consents: tuple[tuple[str, str], ...] = ()  # words of `reading.directive.CONSENTS`, each with its value


class Verdict(StrEnum):
    """What became of a claim, worst first."""

    SOURCE_LOST = "source-lost"
    REFUTED = "refuted"
    NO_OPTION = "no-option"
    SEVERAL_OPTIONS = "several-options"
    NOT_EVALUATED = "not-evaluated"
    IMPRECISE = "imprecise"
    KEY_FOUND = "key-found"
    UNCHECKED = "unchecked"
    CITED = "cited"
    MEASURED = "measured"
    VERIFIED = "verified"


class Subject(StrEnum):
    """The part of a card that a claim is about."""

    ANSWER = "answer"
    OPTION = "option"
    EXPLANATION = "explanation"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed value as text, with its shape and unit where it has them."""

    text: str
    shape: tuple[int, ...] | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Whether option `n` (from 1) equals the computed value."""

    n: int
    match: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a card asserts, and what became of it; the record that `check` prints."""

    card: str
    path: str
    line: int
    subject: Subject
    code: str
    verdict: Verdict
    variant: int | None = None
    reason: str | None = None
    computed: Computed | None = None
    claimed: str | None = None
    tolerance: float | None = None
    options: tuple[Match, ...] = ()
    seeds: tuple[int, ...] = ()
    spread: float | None = None
    convention: str | None = None
    torch: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a worked solution, plain text: what is computed, and its value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class HeatmapValues:
    """A heatmap's computed content.

    `weights` is (heads, queries, keys); `masked` is (queries, keys), true where a query may not look.
    """

    name: str
    weights: tuple[tuple[tuple[float, ...], ...], ...]
    queries: tuple[str, ...]
    keys: tuple[str, ...]
    alt: str
    heads: tuple[str, ...] = ()
    masked: tuple[tuple[bool, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of a varying card: the text for each placeholder, spelled as in the source (`n`, `w:.4f`).

    `steps` and `heatmaps` are this variant's own, as many and in the same order in every variant.
    """

    values: Mapping[str, str]
    steps: tuple[Step, ...] = ()
    heatmaps: tuple[HeatmapValues, ...] = ()


@dataclass(frozen=True, slots=True)
class Misconception:
    """A misconception that was tried on a card, whether its answers tell it apart, and by what luck not."""

    name: str
    told: bool
    luck: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A card and what verification says of it.

    Of a varying card `steps` and `heatmaps` are the first variant's, which clients without script show.
    """

    card: Card
    verdict: Verdict
    claims: tuple[Claim, ...] = ()
    options_proven: int = 0
    steps: tuple[Step, ...] = ()
    heatmaps: tuple[HeatmapValues, ...] = ()
    citations: tuple[Citation, ...] = ()
    variants: tuple[Variant, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()

    @property
    def discriminating(self) -> bool:
        """Whether one of the misconceptions that were tried is told apart, if any was."""
        return not self.misconceptions or any(one.told for one in self.misconceptions)


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a work that `deck.toml` lists."""

    work: str
    place: str


@dataclass(frozen=True, slots=True)
class Media:
    """A file for the collection's media folder."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Identity:
    """What the lock says of a card: the names and numbers under which Anki knows it."""

    guid: str
    card_id: str
    note_id: int
    due: int
    mod: int  # seconds since 1970


@dataclass(frozen=True, slots=True)
class Note:
    """A card ready for Anki: the fields by name (HTML), in the note type's order."""

    note_type: str
    deck: str
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tags: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
