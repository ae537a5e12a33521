"""Saved pages built as they are, without a source: their cards, in the order of the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from verideck.cards import Card, Location
from verideck.importing import flow, naming
from verideck.importing.gathering import Found
from verideck.problems import Problem, Severity, warning
from verideck.reading.kinds import plain
from verideck.sources import PageCards
from verideck.verifying import executors

if TYPE_CHECKING:
    from verideck.importing.flow import ImportedPage
    from verideck.verifying.run import Compute, Progress


def pages(
    paths: Sequence[Path], *, progress: Progress = flow.silent, compute: Compute = executors.compute_all
) -> tuple[PageCards, ...]:
    """Read pages and decide what can be computed; their cards have no id and are known by their question."""
    found = [Found(path, path) for path in paths]
    imported = flow.import_pages(found, progress=progress, compute=compute)
    seen: Counter[str] = Counter()
    return tuple(_page(page, seen) for page in imported.pages)


def _page(page: ImportedPage, seen: Counter[str]) -> PageCards:
    cards = tuple(_told_apart(_cards(page), seen))
    return PageCards(page.deck, cards, (*page.general, *_wrong(page), *_images(page)))


def _cards(page: ImportedPage) -> list[Card]:
    return [flow.card_of(page, entry) for entry in page.entries]


def _wrong(page: ImportedPage) -> Iterator[Problem]:
    """Give the problems of complete cards, and as warnings the errors of others, which are not built.

    That a card has lost a part the build says itself.
    """
    for entry, card in zip(page.entries, _cards(page), strict=True):
        for problem in entry.problems:
            if not card.lost:
                yield problem
            elif problem.severity is Severity.ERROR:
                yield replace(problem, severity=Severity.WARNING)


def _told_apart(cards: Sequence[Card], seen: Counter[str] | None = None) -> Iterator[Card]:
    """Give the second of two equal questions an id, as a source would have to.

    `seen` counts the questions of the pages before.
    """
    seen = Counter() if seen is None else seen
    for card in cards:
        question = plain(card.heading)
        seen[question] += 1
        if seen[question] == 1 or not question:
            yield card
        else:
            yield replace(card, id=f"{naming.identity(question, ())}-{seen[question]}")


def _images(page: ImportedPage) -> Iterator[Problem]:
    if page.page.media:
        hint = f"write them beside a source: `verideck import {page.page.path} -o FOLDER`"
        count = len(page.page.media)
        yield warning(Location(page.page.path), f"{count} images of this page are not built", hint)
