"""Cards of the sources with all by which they are known again, and what a build read of the sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from verideck.cards import Card, Kind, Location
from verideck.packaging import card_texts
from verideck.sources import PAGES

if TYPE_CHECKING:
    from verideck.packaging.card_texts import Texts
    from verideck.packaging.entry import Entry

NOTE_TYPES = {
    Kind.RECALL: "Verideck",
    Kind.CHOICE: "Verideck",
    Kind.TYPED: "Verideck",
    Kind.CLOZE: "Verideck Cloze",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a build read.

    `files` maps each file that is built, as shown to the user, to its name below the sources' root; `seen`
    those that were read only to know which cards are in them. `present` names all the sources there are;
    `whole` says that all of them are built. `directive` gives the words of the directive below a heading.
    """

    files: Mapping[str, str]
    present: frozenset[str]
    whole: bool
    seen: Mapping[str, str] = field(default_factory=dict)
    directive: Callable[[Location], Sequence[str]] = lambda _: ()
    names: frozenset[str] = field(init=False)  # of the files that were read

    def __post_init__(self) -> None:
        """Collect the names."""
        object.__setattr__(self, "names", frozenset((*self.files.values(), *self.seen.values())))

    def name(self, path: str) -> str:
        """Return a file's name below the root."""
        return self.files.get(path) or self.seen.get(path, path)

    def is_missing(self, entry: Entry) -> bool:
        """Return whether an entry that no card has claimed is no longer in its file.

        A page that is not read keeps its cards; they may still be found in the source that was made of it.
        """
        known = entry.file in self.names or entry.file not in self.present
        return known or entry.file.lower().endswith(PAGES)


@dataclass(frozen=True, slots=True)
class Found:
    """A card of the sources and its texts."""

    index: int
    card: Card
    file: str
    texts: Texts
    scope: Scope

    @property
    def note_type(self) -> str:
        """Name the note type that the card's kind has."""
        return NOTE_TYPES[self.card.kind]

    @property
    def content(self) -> tuple[str, str, str]:
        """Return all by which a card is known to be the same; of an entry it is `content_of`."""
        return self.note_type, self.texts.question, self.texts.answer

    @property
    def title(self) -> str:
        """Name the card to the user."""
        return f"`{self.card.id}`" if self.card.id else f'"{self.card.heading}"'

    @property
    def place(self) -> tuple[str, int, int]:
        """Return what sorts cards in the order of the sources."""
        return self.file, self.card.location.line, self.index

    @property
    def directive(self) -> Sequence[str]:
        """Return the words of the card's directive as written."""
        return self.scope.directive(self.card.location)


def content_of(entry: Entry) -> tuple[str, str, str]:
    """Return all by which an entry's card is known to be the same."""
    return entry.note_type, entry.question, entry.answer


def found(cards: Sequence[Card], scope: Scope) -> tuple[Found, ...]:
    """Prepare cards for matching."""
    return tuple(
        Found(index, card, scope.name(card.location.path), card_texts.texts(card), scope)
        for index, card in enumerate(cards)
    )
