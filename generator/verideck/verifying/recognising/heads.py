"""How features are dealt out to heads, and the scale √d_k that follows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising import sizes, text
from verideck.verifying.recognising.proposals import Convention, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verideck.reading.items import Item
    from verideck.verifying.recognising.sizes import Sizes

NAME = "heads"
SCALE = re.compile(r"\bscal(?:e|es|ing|ed)\b|\bdivid\w+\b|\bdivisor\b", re.IGNORECASE)
# Features are divided among heads; scores are divided by the scale.
DEALT = re.compile(
    r"\b(?:divid\w+|split)\b.{0,20}\b(?:among|between|into|across|over|evenly|equally)\b", re.IGNORECASE
)
SCORE = re.compile(
    r"\b(?:dot product|raw score|unscaled score|score)\b[^?.,\d]{0,40}?"
    r"(?:\bis|\bof|=|\bequals)\s*(?P<n>-?\d+(?:\.\d+)?)(?![\w.]*\d)",
    re.IGNORECASE,
)
SCALED = re.compile(
    r"\bscaled (?:attention )?(?:dot[- ]product|score|value)|\bscore after scaling|\bafter (?:the )?scaling",
    re.IGNORECASE,
)
HEAD_SIZE = re.compile(
    r"\b(?:size|dimension(?:ality|s)?|width|features|d_[kv])\b.{0,40}\b(?:each|every|one|per"
    r"|a single)[ -](?:attention )?head"
    r"|\b(?:per[- ])?head[_ ](?:dim(?:ension)?|size)\b|\bd_[kv]\b|\b(?:each|every"
    r"|one) (?:attention )?head\b.{0,30}"
    r"\b(?:dimensions?|dimensionality|features|size|width)\b|\bdimensions per head\b",
    re.IGNORECASE,
)
HEADS = re.compile(r"\bhow many (?:attention )?heads\b|\bnumber of (?:attention )?heads\b", re.IGNORECASE)
EMBED = re.compile(
    r"\b(?:what|which|find|compute|calculate)\b.{0,30}\b(?:d_model|model (?:dimension|size|width)"
    r"|embedding (?:dimension|size))",
    re.IGNORECASE,
)
FOREIGN = text.words(r"""
    parameters?, shapes?, variance, standard deviation, memory, bytes, flops?, operations, grouped,
    multi-query, temperature, relative, logit, largest, smallest, maximum, minimum, best, allowed,
    possible, valid, divisible, loss, batch norm, learning rate, doubl\w+, halv\w+, tripl\w+,
    gradients?, initiali[sz]\w+, embeddings? (?:is|are) multiplied, ratio, concat\w*, combined, total,
    all heads, together, sum
""")


def heads(item: Item) -> Iterator[Proposal]:
    """Propose a head's size, the number of heads, the model's size, or the scale."""
    asked = text.level(text.asked(item))
    sentence = text.asking(asked)
    if item.code.strip() or not sentence or FOREIGN.search(asked):
        return
    given = sizes.read(asked)
    if given.clashing or given.shapes:
        return
    code, conventions, used = _code(given, sentence, asked)
    if code and not text.unused(asked, (*given.spans, *used)):
        yield Proposal(NAME, code, Subject.ANSWER, item.line, complete=True, conventions=conventions)


Found = tuple[str, tuple[Convention, ...], tuple[tuple[int, int], ...]]


def _code(given: Sizes, sentence: str, asked: str) -> Found:
    embed, count, size = (given.value(role) for role in ("embed", "heads", "head_size"))
    if SCALE.search(sentence) and not DEALT.search(sentence):
        return _scale(embed, count, size, asked)
    if HEADS.search(sentence) and embed and size and not count and embed % size == 0:
        return f"answer == {embed} / {size}", (), ()
    if EMBED.search(sentence) and count and size and not embed:
        return f"answer == {count} * {size}", (), ()
    if HEAD_SIZE.search(sentence) and embed and count and not size and embed % count == 0:
        return f"answer == {embed} / {count}", (), ()
    return "", (), ()


def _scale(embed: int, count: int, size: int, asked: str) -> Found:
    """Give √d_k, or its reciprocal where the scores are multiplied."""
    if not re.search(r"\battention|\bdot[- ]products?|\bscores?|\bd_k\b|\bqk", asked, re.IGNORECASE):
        return "", (), ()
    if not size and not (embed and count and embed % count == 0):
        return "", (), ()
    if size and embed and count and size * count != embed:
        return "", (), ()
    root = f"sqrt({size})" if size else f"sqrt({embed} / {count})"
    scored = SCORE.search(asked)
    if SCALED.search(asked) and scored:
        return f"answer == {scored['n']} / {root}", (), (scored.span("n"),)
    multiplied = re.search(r"\bmultipl\w+", asked, re.IGNORECASE) is not None
    main, other = (f"1 / {root}", root) if multiplied else (root, f"1 / {root}")
    what = "divided by it" if multiplied else "multiplied by it"
    return f"answer == {main}", (Convention(what, f"answer == {other}"),), ()
