"""Saved pages and other people's formats to cards: read, propose, decide, and write.

Nothing here decides what is right: recognisers propose, `deciding` holds the proposals against the page.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from verideck import guard
from verideck.cards import Location, Verdict
from verideck.importing import carding, gathering, naming, owning
from verideck.problems import Problem, ordered
from verideck.verifying import executors
from verideck.verifying.recognising import recognise

if TYPE_CHECKING:
    from verideck.cards import Card
    from verideck.importing.deciding import Decision
    from verideck.importing.gathering import Found
    from verideck.reading.items import Item, Page
    from verideck.verifying.recognising.proposals import Proposal
    from verideck.verifying.run import Compute, Progress


_KEY_MISSED = re.compile(r"\bthe key is lost\b")


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a page, what was decided of it, and what is wrong with it."""

    item: Item
    decision: Decision
    problems: tuple[Problem, ...]
    card: Card | None = None  # of no deck yet, and without an id


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """A page with its entries in their order; `general` are the problems that belong to none of them."""

    found: Found
    page: Page
    deck: str
    entries: tuple[Entry, ...]
    general: tuple[Problem, ...]
    owners: dict[int, int]  # line -> entry

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Give everything that is wrong with the page, by place."""
        return ordered((*self.general, *(problem for entry in self.entries for problem in entry.problems)))


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has read."""

    pages: tuple[ImportedPage, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Give everything that is wrong, page by page."""
        return tuple(problem for page in self.pages for problem in page.problems)


def silent(done: int, total: int) -> None:
    """Report no progress."""


def import_pages(
    found: Sequence[Found],
    *,
    reading: Progress = silent,
    progress: Progress = silent,
    compute: Compute = executors.compute_all,
) -> Imported:
    """Read files and decide of every question in them what can be computed; writes nothing.

    `reading` is told how many files are read, `progress` how much is computed. Raises what `compute` does.
    """
    from verideck.importing.deciding import decide

    pages: list[Page] = []
    reading(0, len(found))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # what Python thinks of a page's code
        for one in found:
            pages.append(gathering.read(one))
            reading(len(pages), len(found))
        proposed = [_proposals(page) for page in pages]
    proposals = [proposal for of_page, _ in proposed for proposal in of_page]
    items = [item for page in pages for item in page.items]
    decisions = iter(decide(items, proposals, compute=lambda jobs, _: compute(jobs, progress)))
    return Imported(
        tuple(
            _imported(one, page, [next(decisions) for _ in page.items], faults)
            for one, page, (_, faults) in zip(found, pages, proposed, strict=True)
        )
    )


def _proposals(page: Page) -> tuple[list[tuple[Proposal, ...]], list[Problem]]:
    """Propose checks for a page's items; a fault of ours costs those of one item."""
    faults: list[Problem] = []
    made = [
        guard.read(partial(recognise, item, page), "question", Location(page.path, item.line), faults) or ()
        for item in page.items
    ]
    return made, faults


def _imported(found: Found, page: Page, decisions: Sequence[Decision], faults: list[Problem]) -> ImportedPage:
    """Put every problem of a page beside the item that it belongs to; `faults` are those of ours."""
    cards = [
        guard.read(
            partial(carding.card, item, decision, "", page.path),
            "question",
            Location(page.path, item.line),
            faults,
        )
        for item, decision in zip(page.items, decisions, strict=True)
    ]
    decisions = [one for one, card in zip(decisions, cards, strict=True) if card]
    items = tuple(one for one, card in zip(page.items, cards, strict=True) if card)
    page = replace(page, items=items, problems=(*page.problems, *faults))
    owners = owning.owners(page)
    # A decision does not know the page that its item comes from.
    beside = [[replace(problem, path=page.path) for problem in decision.problems] for decision in decisions]
    general = []
    for problem in page.problems:
        # What is said above a question is said of a part of the page.
        if problem.line not in owners or problem.line < page.items[owners[problem.line]].line:
            general.append(problem)
        elif not _settled(problem, decisions[owners[problem.line]]):
            beside[owners[problem.line]].append(problem)
    entries = tuple(
        Entry(item, decision, ordered((*told, *carding.formula_problems(item, page.path))), card)
        for item, decision, told, card in zip(items, decisions, beside, filter(None, cards), strict=True)
    )
    deck = naming.common_deck([item.deck for item in page.items]) or naming.deck(page.title, page.path)
    return ImportedPage(found, page, deck, entries, ordered(general), owners)


def _settled(problem: Problem, decision: Decision) -> bool:
    """Tell whether a reader misses a key that has been found since, or cannot be."""
    settled = decision.verdict in {Verdict.KEY_FOUND, Verdict.NO_OPTION}
    return settled and bool(_KEY_MISSED.search(problem.message))


def card_of(page: ImportedPage, entry: Entry, above: str = "", identity: str | None = None) -> Card:
    """Make the card of an entry, in its page's deck, or below that; `above` is a deck above the page's."""
    deck = naming.below(page.deck, entry.item.deck)
    made = entry.card or carding.card(entry.item, entry.decision, deck, page.page.path)
    return replace(made, deck=f"{above}::{deck}" if above else deck, id=identity)
