"""Entropy and perplexity of weights that a question gives, and which figure tells how focused weights are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising import matrices, text
from verideck.verifying.recognising.proposals import Convention, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verideck.reading.items import Item

NAME = "entropy"
ENTROPY = re.compile(r"\bentropy\b", re.IGNORECASE)
PERPLEXITY = re.compile(r"\bperplexity\b|\beffective number of keys\b|\beffective keys\b", re.IGNORECASE)
BITS = re.compile(r"\bbits?\b|\blog_?2\b|\bbase[- ]?(?:2|two)\b|\blog base 2\b|\bbinary log", re.IGNORECASE)
NATS = re.compile(r"\bnats?\b|\bnatural log\w*|\bln\b|\bbase e\b", re.IGNORECASE)
NAMED_BASE = re.compile(r"\blog_?2\b|\bbase[- ]?2\b|\blog base 2\b", re.IGNORECASE)
UNIFORM = re.compile(
    r"\buniform\w*|\bequal(?:ly)?\b|\bevenly\b|\bmaxim(?:um|al)\b|\blargest possible\b"
    r"|\bhighest possible\b|\bgreatest possible\b",
    re.IGNORECASE,
)
LEAST = re.compile(r"\bminim(?:um|al)\b|\bsmallest\b|\blowest\b", re.IGNORECASE)
COUNT = re.compile(
    r"(?<![\w.,])(?P<n>\d{1,4})[ -](?:equal(?:ly likely)? |equally weighted |attention |input |uniform "
    r"|possible )?"
    r"(?:keys?|tokens?|words?|positions?|weights?|outcomes?|elements?|values?|inputs?|classes|states"
    r"|options)\b"
    r"|\bover (?P<m>\d{1,4})\b",
    re.IGNORECASE,
)
ONE_HOT = re.compile(
    r"\bone-?\s?hot\b|\ball (?:the |its )?(?:weight|mass|attention"
    r"|probability) (?:is )?(?:on|to|at) (?:a single|one)\b",
    re.IGNORECASE,
)
FOREIGN = text.words(r"""
    cross[- ]entropy, kl, divergence, mutual, conditional, joint, relative, loss, language model, per[-
    ]word, per[- ]token, model's, softmax, scores?, logits, temperature, mask\w*, difference, ratio,
    reduc\w+, increas\w+, decreas\w+, chang\w+, doubl\w+, normali[sz]ed, batch, heads, layers?, average,
    mean, each row, sum of, relation, compared?, remaining, after, before, if, halv\w+, log(?:_?10| base
    10), dits?, hartley\w*, which of, valid, lower, higher, than, versus, closer, more, less, gap,
    exceed\w*
""")


def entropy(item: Item) -> Iterator[Proposal]:
    """Propose the entropy of weights that are written out, of equal ones, or of one alone."""
    asked = matrices.levelled(text.level(text.asked(item)))
    sentence = text.asking(asked)
    perplexity = PERPLEXITY.search(sentence) is not None
    if item.code.strip() or FOREIGN.search(asked) or perplexity == (ENTROPY.search(sentence) is not None):
        return
    found = _weights(asked)
    if found is None:
        return
    weights, used = found
    used = (*used, *(match.span() for match in NAMED_BASE.finditer(asked)))
    if text.unused(asked, used):
        return
    if perplexity:
        yield Proposal(
            NAME, f"{weights}answer == effective_keys(weights)", Subject.ANSWER, item.line, complete=True
        )
        return
    bits = f"{weights}answer == entropy(weights, base=2) * bits"
    nats = f"{weights}answer == entropy(weights) * nats"
    code = nats
    conventions: tuple[Convention, ...] = (Convention("log base 2", bits),)
    if BITS.search(asked) and not NATS.search(asked):
        code, conventions = bits, ()
    elif NATS.search(asked):
        conventions = ()
    yield Proposal(NAME, code, Subject.ANSWER, item.line, complete=True, conventions=conventions)


def _weights(asked: str) -> tuple[str, tuple[tuple[int, int], ...]] | None:
    """Give the weights as a line of code, and where the text has them."""
    found = matrices.literals(asked)
    counts = list(COUNT.finditer(asked))
    if found:
        numbers = matrices.numbers_of(found[0].code)
        shares = len(found) == 1 and not found[0].rows and abs(sum(numbers) - 1) < 1e-6 and min(numbers) >= 0
        if not shares or any(_count(match) != len(numbers) for match in counts):
            return None
        return f"weights = {found[0].code}\n", ((found[0].start, found[0].end), *_spans(counts))
    kinds = [pattern.search(asked) is not None for pattern in (UNIFORM, ONE_HOT, LEAST)]
    if kinds.count(True) != 1 or len({_count(match) for match in counts}) > 1:
        return None
    size = _count(counts[0]) if counts else 0
    if kinds[0]:
        return (f"weights = [1 / {size}] * {size}\n", _spans(counts)) if 0 < size <= 4096 else None
    rest = f" + [0] * {size - 1}" if size > 1 else " + [0, 0, 0]"
    return f"weights = [1]{rest}\n", _spans(counts)


def _count(match: re.Match[str]) -> int:
    return int(match["n"] or match["m"])


def _spans(counts: list[re.Match[str]]) -> tuple[tuple[int, int], ...]:
    return tuple(match.span("n") if match["n"] else match.span("m") for match in counts)


FOCUS = re.compile(
    r"\b(?:focus\w*|concentrat\w+|spread|peaked|sharp\w*|diffuse\w*|dispers\w+|peakedness|certain\w*"
    r"|uncertain\w*|scattered)\b",
    re.IGNORECASE,
)
FIGURE = re.compile(
    r"\b(?:metric|measure[sd]?|quantity|statistic|number|figure|quantif\w+|indicator"
    r"|value)\b",
    re.IGNORECASE,
)
# What moves with the focus of weights, and the check that shows it.
MOVING: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), code)
    for pattern, code in (
        (r"(?<!cross-)(?<!cross )\bentropy\b(?!.*\bloss\b)", "entropy(focused) < entropy(even)"),
        (r"\bgini\b", "gini(focused) > gini(even)"),
        (
            r"\b(?:largest|maximum|max|highest) (?:attention )?(?:weight"
            r"|probability)",
            "max(focused) > max(even)",
        ),
        (
            r"\bvariance of (?:the )?(?:attention )?(?:weights"
            r"|distribution)",
            "variance(focused) > variance(even)",
        ),
        (r"\beffective (?:number of )?keys\b", "effective_keys(focused) < effective_keys(even)"),
    )
)
SUMS = re.compile(r"\bsum of (?:the |all )?(?:attention )?weights\b", re.IGNORECASE)
# Figures that are the same whatever the weights are, or know nothing of them.
CONSTANT = text.words(r"""
    loss, errors?, mse, accuracy, number of, count of, learning rate, epochs?, sequence length, batch
    size, embedding (?:size|dimension), training time, inference time, parameters?, bleu, f1, precision,
    recall, model size, dropout rate, vocabulary, gpu, memory
""")
UNMOVED = "elsewhere != elsewhere"
ROWS = "focused, even = [0.97, 0.01, 0.01, 0.01], [1 / 4] * 4\n"


def focus(item: Item) -> Iterator[Proposal]:
    """Propose, option by option, whether a figure tells focused weights from even ones."""
    asked = text.asked(item)
    if not (
        FOCUS.search(asked)
        and FIGURE.search(asked)
        and re.search(
            r"\battention\b"
            r"|\bweights\b",
            asked,
            re.IGNORECASE,
        )
    ):
        return
    conditions = [_condition(option.text) for option in item.options]
    if len(conditions) < 2 or not any(conditions) or text.numbers(asked) or item.code.strip():
        return
    fragments = [option.text for option in item.options]
    complete = all(conditions) and len(set(fragments)) == len(fragments)
    for fragment, condition, option in zip(fragments, conditions, item.options, strict=True):
        if condition:
            named = "elsewhere = 1  # what does not look at the weights is one figure for both\n"
            lines = ROWS + (named if condition == UNMOVED else "")
            code = f"{lines}option({text.quoted(text.fragment(fragment, fragments))}, {condition})"
            yield Proposal("focus", code, Subject.OPTION, option.line, complete=complete)


def _condition(option: str) -> str:
    """Write the condition of an option; empty where it cannot be told."""
    moving = [code for pattern, code in MOVING if pattern.search(option)]
    if len(moving) == 1 and not text.negated(option):
        return moving[0]
    if moving:
        return ""
    if SUMS.search(option):
        return "sum(focused) != sum(even)"
    return UNMOVED if CONSTANT.search(option) else ""
