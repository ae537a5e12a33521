"""Pages to the Markdown of one file, merged into what stands there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.importing import carding
from verideck.importing.flow import card_of
from verideck.importing.merging import Merged, identities, merge
from verideck.importing.sections import divide
from verideck.reading import remarks, writing

if TYPE_CHECKING:
    from verideck.cards import Card
    from verideck.importing.flow import Entry, ImportedPage


def compose(
    pages: Sequence[ImportedPage],
    dates: Sequence[str],
    existing: str = "",
    taken: Collection[str] = (),
    deck: str = "",
    *,
    overwrite: bool = False,
) -> Merged:
    """Write the cards of some pages and merge them into the text that stands in their file.

    `taken` are the ids in use in the other files of the deck. With `deck` each page is a deck below that.
    """
    entries = [(page, entry) for page in pages for entry in page.entries]
    known = divide(existing).sections if existing.strip() else ()
    used = {*taken, *(section.id for section in known if section.id)}
    own = [entry.item.id for _, entry in entries]
    ids = identities([carding.heading(entry.item) for _, entry in entries], known, used, own)
    cards = [
        card_of(page, entry, deck, identity) for (page, entry), identity in zip(entries, ids, strict=True)
    ]
    notes = {place: tuple(_notes(page, entry)) for place, (page, entry) in enumerate(entries)}
    front = writing.Front(deck=deck or pages[0].deck, source=_source(cards))
    cards = [replace(card, source=front.source) for card in cards]
    text = writing.write(cards, front, notes, tuple(_head(pages, dates)))
    return merge(existing, text, {page.found.path.name for page in pages}, overwrite=overwrite)


def _source(cards: Sequence[Card]) -> tuple[str, ...]:
    """Give the works that all cards name; a file has one list of them."""
    named = {card.source for card in cards}
    return named.pop() if len(named) == 1 else ()


def _notes(page: ImportedPage, entry: Entry) -> Iterator[str]:
    yield f"from {page.found.path.name}:{entry.item.line}"
    yield from carding.remarks(entry.item, entry.decision, entry.problems)


def _head(pages: Sequence[ImportedPage], dates: Sequence[str]) -> Iterator[str]:
    """Say which pages these are, and what there is to say of each as a whole."""
    for page, date in zip(pages, dates, strict=True):
        yield remarks.comment(f"{page.found.path.name}, {date}", remarks.IMPORTED)
        for problem in page.general:
            yield remarks.comment(f"line {problem.line}: {carding.told(problem)}")
