"""What an explanation or an answer says besides: sums, shapes and figures, and known falsehoods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.cards import Kind, Subject
from verideck.verifying.recognising import text
from verideck.verifying.recognising.arithmetic import sums
from verideck.verifying.recognising.falsehoods import falsehoods
from verideck.verifying.recognising.proposals import Convention, Proposal

if TYPE_CHECKING:
    from verideck.reading.items import Item

NAME = "explanations"
MOST = 12  # sums of one text
SHAPE = re.compile(
    r"(?:torch\.Size\()?[(\[]\s*\d{1,7}(?:\s*,\s*\d{1,7}){1,5}\s*,?[)\]]\)?"
    r"|\b\d{1,7}(?:\s?[x×]\s?\d{1,7}){1,5}\b"
)
SENTENCE = re.compile(r"(?<=[.!?;])\s+")
# What a shape is of; a sentence that speaks of something else than the question says nothing of its answer.
NOUNS = re.compile(
    r"\b(?:outputs?|results?|weights?|scores?|quer(?:y|ies)|keys?|values?|heads?|inputs?"
    r"|logits|masks?|embeddings?"
    r"|hidden|batch|matrix|projections?|gradients?)\b"
)
GIVES = re.compile(r"\b(?:prints?|printed|output|result|returns?|gives?|shape)\b")
DENIED = re.compile(
    r"\b(?:not|never|without|instead|unlike|if|would|wrong|incorrect|rather|than|before|first"
    r"|then|option)\b|n't"
)
SAME_NOUN = {"outputs": "output", "results": "output", "result": "output", "queries": "query", "keys": "key"}
FIGURES = {
    "parameters": re.compile(
        r"(?<!\d)(?<!\d,)(?P<n>\d{1,3}(?:,\d{3})+|\d{3,12})\s+(?:trainable |learnable |weights and biases "
        r"|model )?parameters\b"
    ),
    "entropy": re.compile(
        r"\bentropy\b[^.;\d]{0,40}?(?:is|=|≈|equals|comes to|of)\s*(?P<n>\d+\.\d+)(?!\d|\s*bits|\s*/)"
    ),
}
PARTIAL = re.compile(
    r"\b(?:each|per|every|bias|biases|matrix|matrices|projection|plus|and|one of|instead|not|would|if)\b"
)


def recognise(item: Item) -> Iterable[Proposal]:
    """Propose what an explanation and a recall card's answer say by themselves, true or false."""
    whole = " ".join((item.question, item.body, item.answer, item.explanation, item.code))
    line = item.explanation_line or item.line
    yield from _said(item.explanation, Subject.EXPLANATION, line, whole)
    if item.kind is Kind.RECALL:
        yield from _said(item.answer, Subject.ANSWER, item.line, whole)
    if item.stage is not None:
        yield from _said(item.stage.operation, Subject.EXPLANATION, item.line, whole)


def _said(said: str, subject: Subject, line: int, whole: str) -> Iterable[Proposal]:
    for found in falsehoods(said, whole):
        yield Proposal(
            NAME, found.code, subject, line, complete=not found.row.weak, weak=found.row.weak,
            claimed=found.clause, message=f"the page says that {found.row.name}, but {found.row.message}",
        )  # fmt: skip
    for one in list(sums(said))[:MOST]:
        if not re.search(
            r"\b(?:binary|hex|mod|modulo|xor|base|wrong|mistake|instead|option)\b", said.lower()
        ):
            # A right sum beside it proves no answer, so it is always a claim of its own.
            yield Proposal(
                NAME, f"explanation({one.condition})", Subject.EXPLANATION, line,
                complete=True, claimed=one.written,
                message=f"the page says {one.written}, which is not so",
            )  # fmt: skip


def restated(item: Item, proposals: Sequence[Proposal]) -> Iterable[Proposal]:
    """Hold figures of the explanation against what others propose to compute for the answer.

    Only a figure that the explanation states once, of the very thing that was asked for.
    """
    for proposal in proposals:
        if proposal.subject is not Subject.ANSWER or not proposal.complete or not item.explanation:
            continue
        said = _restated_shape(item) if proposal.program or proposal.recogniser == "shapes" else ""
        if not said and (pattern := FIGURES.get(proposal.recogniser)):
            said = _figure(item.explanation, pattern)
        line = item.explanation_line or item.line
        if said and proposal.program:
            message = f"the explanation says {said}, the program gives something else"
            yield Proposal(
                NAME,
                "",
                Subject.EXPLANATION,
                line,
                program=True,
                complete=True,
                claimed=said,
                message=message,
            )
        elif said and (code := _says(proposal.code, said)):
            yield replace(
                proposal, recogniser=NAME, code=code, subject=Subject.EXPLANATION, line=line, claimed=said,
                message=f"the explanation says {said}, which is not what follows from the question",
                conventions=tuple(
                    Convention(one.name, other)
                    for one in proposal.conventions
                    if (other := _says(one.code, said))
                ),
            )  # fmt: skip


def _says(code: str, said: str) -> str:
    """Turn the claim at the end of a check, `answer == …`, into one about a text of the explanation."""
    *lines, claim = code.split("\n")
    before, _, expression = claim.partition("answer == ")
    return "\n".join((*lines, f'says("{said}", {expression})')) if not before and expression else ""


def _restated_shape(item: Item) -> str:
    """Give the one shape of an explanation, where its sentence speaks of what the question asks for."""
    found = SHAPE.findall(item.explanation)
    if len(found) != 1:
        return ""
    asked = _nouns(text.asking(text.asked(item)))
    for sentence in SENTENCE.split(item.explanation):
        level = text.plain(sentence).lower()
        if found[0] in sentence and GIVES.search(level) and not DENIED.search(level):
            spoken = _nouns(level)
            return found[0] if spoken <= asked or spoken == {"output"} <= (asked or {"output"}) else ""
    return ""


def _nouns(words: str) -> set[str]:
    return {SAME_NOUN.get(one, one) for one in NOUNS.findall(words.lower())}


def _figure(explanation: str, pattern: re.Pattern[str]) -> str:
    """Give the one figure of its kind that an explanation states, and states once."""
    found = [match["n"] for match in pattern.finditer(explanation)]
    if len(found) != 1 or explanation.count(found[0]) != 1:
        return ""
    sentence = next(one for one in SENTENCE.split(explanation) if found[0] in one)
    return "" if PARTIAL.search(sentence.lower()) else found[0]
