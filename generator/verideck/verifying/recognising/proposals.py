"""What a recogniser proposes: a check, what it is about, and how much it may say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from verideck.cards import Subject


@dataclass(frozen=True, slots=True)
class Convention:
    """Another customary reading of the same question: what it is called, and the whole code under it."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A check that a person might write beside an item; it never decides anything by itself.

    `code` is in the check language, assignments and one claim last; it is empty where the item's own
    `program` is what computes. `claimed` is the text on the page that an explanation's or output's value is
    held against, and `message` is said where it does not hold.
    """

    recogniser: str
    code: str
    subject: Subject
    line: int
    program: bool = False  # the item's own code is whole and is to be run
    complete: bool = False  # every number of the question was used: it may refute
    conventions: tuple[Convention, ...] = ()
    veto: str = ""  # why it may never refute, "the question says `NOT`"
    claimed: str = ""
    message: str = ""
    cite: str = ""  # a figure of the literature, for an author to cite; it is never computed
    weak: bool = False  # it warns only
