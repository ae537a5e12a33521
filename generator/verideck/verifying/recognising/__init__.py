"""Proposing checks for items that carry none, from their words, their numbers and their code.

A recogniser is a function from an item to proposals, one row of the table `RECOGNISERS`. It computes nothing
and decides nothing: what becomes of a proposal is decided where it was computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.reading.items import Item, Page
from verideck.verifying.recognising import (
    costs,
    entropy,
    equations,
    explanations,
    heads,
    literature,
    mixing,
    parameters,
    programs,
    shapes,
    spelled,
    stages,
    text,
    traces,
    tradeoffs,
    weights,
)

if TYPE_CHECKING:
    from verideck.verifying.recognising.proposals import Proposal

Recogniser = Callable[[Item], Iterable["Proposal"]]

RECOGNISERS: dict[str, Recogniser] = {
    "programs": programs.programs,
    "equations": equations.recognise,
    "shapes": shapes.shapes,
    "parameters": parameters.parameters,
    "heads": heads.heads,
    "softmax": weights.softmax,
    "row sums": weights.row_sums,
    "attention": mixing.mixing,
    "entropy": entropy.entropy,
    "focus": entropy.focus,
    "costs": costs.costs,
    "growth": costs.growth,
    "explanations": explanations.recognise,
    "tradeoffs": tradeoffs.recognise,
    "literature": literature.recognise,
}
# Those that look at the items round theirs, too.
PAGED: dict[str, Callable[[Item, Page | None], Iterable[Proposal]]] = {
    "stages": stages.recognise,
    "traces": traces.recognise,
}

MAX_OPTIONS = 50  # of an item
MAX_TEXT = 10_000  # characters of an item's texts

ASKED = (Subject.ANSWER, Subject.OPTION)  # what the question's own words can turn round


def recognise(item: Item, page: Page | None = None) -> tuple[Proposal, ...]:
    """Give what all recognisers propose for an item of a page, in the order of the table, each once.

    Nothing is proposed for an item that is longer than any question: what is found in a book proves nothing.
    """
    if len(item.options) > MAX_OPTIONS or _length(item) > MAX_TEXT:
        return ()
    veto = text.veto(text.asked(item))
    found = [one for recogniser in RECOGNISERS.values() for one in recogniser(item)]
    found += [one for recogniser in PAGED.values() for one in recogniser(item, page)]
    found += explanations.restated(item, found)
    said = (part for one in found for part in spelled.spelled(item, one))
    return tuple(dict.fromkeys(_vetoed(one, veto) for one in said))


def _length(item: Item) -> int:
    """Count the characters of an item's texts, its code apart, which has a limit of its own."""
    texts = (item.question, item.body, item.answer, item.explanation, item.output, *item.accepted)
    return sum(map(len, texts)) + sum(len(option.text) + len(option.reason) for option in item.options)


def _vetoed(proposal: Proposal, veto: str) -> Proposal:
    """Put the question's veto on a proposal about its answer; an explanation stands for itself."""
    if proposal.veto or proposal.subject not in ASKED:
        return proposal
    return replace(proposal, veto=veto)
