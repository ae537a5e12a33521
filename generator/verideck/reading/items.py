"""What somebody else's file holds, before it is a card: items of saved pages and of other formats.

Text in these values is as the file shows it: plain text that may hold `$…$` maths, unless the item's
`markup` says that it is Markdown already.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck.cards import Kind
    from verideck.problems import Problem


class Fate(StrEnum):
    """What became of a line of a file."""

    CARD = "card"
    PROBLEM = "problem"
    NOISE = "noise"
    UNACCOUNTED = "unaccounted"  # a reader's fault, never meant: tests ask that there is none


class Lost(StrEnum):
    """A part of an item that its file does not hold; a card lacking one says so in its directive."""

    TEXT = "text"  # of the question
    OPTIONS = "options"  # all of them, or one that is blank or fused with another
    KEY = "key"  # which option is right
    ANSWER = "answer"


class Mark(StrEnum):
    """What a scan left in front of an option: evidence, never a key."""

    NONE = "none"
    TICKED = "ticked"
    UNTICKED = "unticked"
    UNREADABLE = "unreadable"


class Markup(StrEnum):
    """How an item's text is written."""

    PLAIN = "plain"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a reader sees: its number in the file from 1, and its text, cleaned of odd spaces."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class ItemOption:
    """One option as the file shows it; `ticked` only where the file states the key itself."""

    text: str
    line: int
    letter: str = ""
    mark: Mark = Mark.NONE
    ticked: bool = False
    blank: bool = False  # its text is lost
    fused: bool = False  # it holds the text of two options
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a model's pipeline, shapes as printed: `1 x 10 x 64`."""

    number: int
    name: str
    taken: str
    operation: str
    given: str
    example: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """A training's table and its chart: a row is (epoch, loss, accuracy, observation), as printed.

    `chart` holds the heights of the chart's points from left to right, `step` the distance of two rows.
    """

    rows: tuple[tuple[str, str, str, str], ...]
    chart: tuple[float, ...] = ()
    epochs: tuple[str, ...] = ()  # the labels below the chart
    step: float = 0.0


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a file, with what the file lost of it."""

    layout: str
    line: int
    kind: Kind
    question: str
    title: str = ""
    body: str = ""  # the question's further paragraphs
    level: str = ""
    code: str = ""  # lines put back; empty where there is none
    language: str = ""
    code_line: int = 0
    joined: bool = False  # the file holds the code as one line
    readings: tuple[str, ...] = ()  # what the joined code may have been instead
    output: str = ""
    options: tuple[ItemOption, ...] = ()
    select_all: bool = False
    answer: str = ""
    accepted: tuple[str, ...] = ()
    hint: str = ""
    explanation: str = ""
    explanation_line: int = 0
    tags: tuple[str, ...] = ()
    deck: str = ""
    id: str | None = None
    stage: Stage | None = None
    trace: Trace | None = None
    lost: tuple[Lost, ...] = ()
    markup: Markup = Markup.PLAIN
    # What other formats, and Verideck's own packages, say besides.
    reverse: bool = False
    keep_order: bool = False
    mistake: str = ""
    takeaway: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a file holds. `lines` are the lines that a reader sees; each has its fate."""

    path: str
    layout: str  # `challenge`, `a + b` where a page has two families in it, empty where none was found
    title: str
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    lines: tuple[Line, ...] = ()
    fates: tuple[Fate, ...] = ()
    media: tuple[tuple[str, bytes], ...] = ()  # images that came with the file, by the path the items name
