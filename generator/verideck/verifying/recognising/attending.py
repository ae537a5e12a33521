"""The shapes of multi-head attention, outside and inside, from the sizes that a question gives in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.verifying.recognising import sizes, text
from verideck.verifying.recognising.proposals import Convention

if TYPE_CHECKING:
    from verideck.verifying.recognising.sizes import Sizes

ASKS = re.compile(
    r"\b(?:shapes?\b|sizes?(?= of the (?:output|attention|weight|result|score|tensor))"
    r"|dimensions(?= of)|dimensionality(?= of))",
    re.IGNORECASE,
)
ATTENTION = re.compile(
    r"\b(?:self-?\s?|multi-?\s?head (?:self-?)?)?attention|\bmha\b|MultiheadAttention", re.IGNORECASE
)
# Other operations, after which the shapes are not those of plain attention.
FOREIGN = text.words(r"""
    pool\w*, flatten\w*, conv\w*, pad\w*, strides?, kernels?, mean, average over, summed?, sliced?,
    first token, last token, \[?cls\]?, classif\w+, logits, vocab\w*, patch\w*, windowed, window,
    sparse, local, lsh, hash\w*, bucket\w*, grouped, multi-query, low-rank, linformer, performer,
    reformer, concatenat\w*, stack\w*, squeez\w+, transpos\w*, permut\w*, cach\w+, decod\w+, cross,
    bidirectional, lstm, gru, rnn, flash, beam, chunk\w*, mask\w*, unbatched, gradients?, bias\w*,
    projection weights?, weight matri(?:x|ces) (?:w|of), w_[qkvo], in_proj\w*, parameters?,
    feed-?\s?forward, ffn, inner, hidden layer, projections?, mlp, classes, vocabulary, d_ff
""")
HEADWISE = re.compile(
    r"\b(?:per|each|every|one|single|a)[ -](?:attention )?head(?:'s)?\b|\bwithin (?:a|one) head\b",
    re.IGNORECASE,
)
ALL_HEADS = re.compile(
    r"\b(?:all|across|over) (?:the )?(?:attention )?heads\b|average_attn_weights\s*=\s*false|not averaged"
    r"|before (?:[a-z]+ ){0,4}averag\w+|un-?averaged",
    re.IGNORECASE,
)
UNAVERAGED = re.compile(r"\bnot averaged|\bbefore (?:[a-z]+ ){0,4}averag\w+|\bun-?averaged", re.IGNORECASE)
AVERAGED = re.compile(
    r"\baveraged?\b.{0,20}\bheads\b|average_attn_weights\s*=\s*true|\baveraged (?:attention )?weights",
    re.IGNORECASE,
)
LENGTH_FIRST = re.compile(
    r"batch_first\s*=\s*false|\bnot batch[- ]first\b"
    r"|\((?:seq(?:uence)?(?:_len(?:gth)?| length)?|L|T|length),? (?:batch(?:_size| size)?|N|B)\b",
    re.IGNORECASE,
)
BATCH_FIRST = re.compile(
    r"batch_first\s*=\s*true|\bbatch[- ]first\b|\(batch(?:_size| size)?\b", re.IGNORECASE
)
SPLIT = re.compile(
    r"\bsplit\w*|\breshap\w+|\bdivid\w+|\bper[ -]head|\b(?:each|every|one) head", re.IGNORECASE
)
CLAUSE = re.compile(
    r",| (?:when|if|for a|given|in a|with|of a|from a|using|after|passed|where)\b", re.IGNORECASE
)

# What is asked for, most special first: words, and the name under which the code gives it.
TARGETS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"\b(?:attention )?scores?\b|\bq\s?k\^?t\b|\bqk", "scores"),
        (
            r"\battention (?:weights?|matri(?:x|ces)|maps?|probabilit\w+|patterns?|distributions?)"
            r"|\bweights?(?: matrix| tensor)?\b",
            "weights",
        ),
        (r"\b(?:quer(?:y|ies)|keys?|values?|q, k,? (?:and )?v)\b", "query"),
        (r"\boutputs?\b|\bresult\w*\b|\bcomes? out\b|\breturn\w*\b|\bproduc\w+\b|\bafter\b", "output"),
    )
)


# The sizes that attention knows; where another is given, something else is asked.
ROLES = frozenset(("batch", "length", "embed", "heads", "head_size", "keys", "queries", "inputs", "outputs"))


@dataclass(frozen=True, slots=True)
class Given:
    """The sizes that attention takes, as code; a batch of 0 is none."""

    batch: int
    length: int
    embed: int
    heads: int

    def call(self, field: str, **more: bool | int) -> str:
        """Write the call that gives a shape."""
        extra = "".join(f", {name}={value}" for name, value in more.items())
        sized = f"batch={self.batch}, length={self.length}, embed={self.embed}, heads={self.heads}"
        return f"answer == multihead_shapes({sized}{extra}).{field}"


Found = tuple[str, tuple[Convention, ...], tuple[tuple[int, int], ...]]


def attention_shape(asked: str, sentence: str) -> Found | None:
    """Give the shape asked of attention."""
    if not ATTENTION.search(asked) or FOREIGN.search(asked):
        return None
    given = sizes.read(asked)
    fields = _fields(sentence)
    read = _given(given, asked)
    if read is None or len(fields) != 1:
        return None
    if given.roles.keys() - ROLES:
        return None
    found, used = read
    make = FIELDS[fields[0]]
    codes = make(found, asked, given.value("keys"))
    if not codes:
        return None
    main, *others = codes
    if found.batch and not BATCH_FIRST.search(asked):
        others += _length_first(found, fields[0], asked)
    conventions = tuple(Convention(name, code) for name, code in others if code != main[1])
    if LENGTH_FIRST.search(asked) and found.batch:
        main, conventions = (_length_first(found, fields[0], asked) or [main])[0], ()
    return main[1], conventions, (*given.spans, *used)


def _fields(sentence: str) -> list[str]:
    """Find what the shape is asked of: the first words after `shape`, else anywhere in the sentence."""
    behind = ASKS.search(sentence)
    rest = sentence[behind.end() :] if behind else ""
    clause = CLAUSE.split(rest, maxsplit=1)[0]
    for place in (clause, rest, sentence):
        found = [(match.start(), name) for pattern, name in TARGETS if (match := pattern.search(place))]
        if len(found) > 1 and place is clause and re.search(r"\band\b", clause):
            return []  # two shapes are asked for
        if found:
            return [min(found)[1]] if place is clause else sorted({name for _, name in found})
    return []


def _given(given: Sizes, asked: str) -> tuple[Given, tuple[tuple[int, int], ...]] | None:
    """Take the sizes from words, or from the one shape written out."""
    if given.clashing & {"batch", "length", "embed", "heads"}:
        return None
    batch, length, embed = (given.value(role) for role in ("batch", "length", "embed"))
    length = length or given.value("queries")
    heads, head_size = given.value("heads"), given.value("head_size")
    used: tuple[tuple[int, int], ...] = ()
    if given.shapes:
        if len({one.sizes for one in given.shapes}) != 1:
            return None
        used = tuple((one.start, one.end) for one in given.shapes)
        sizes_ = given.shapes[0].sizes
        if len(sizes_) == 3:
            first, second, third = sizes_
            first, second = (second, first) if LENGTH_FIRST.search(asked) else (first, second)
            if not all(
                one in (0, other) for one, other in ((batch, first), (length, second), (embed, third))
            ):
                return None
            batch, length, embed = first, second, third
        elif len(sizes_) == 2 and not (batch or length or embed):
            length, embed = sizes_
        else:
            return None
    if not embed and heads and head_size:
        embed = heads * head_size
    if head_size and heads and heads * head_size != embed:
        return None
    if any(given.value(role) not in (0, embed) for role in ("inputs", "outputs")):
        return None
    return (Given(batch, length, embed, heads), used) if length else None


Codes = list[tuple[str, str]]


def _output(given: Given, asked: str, keys: int) -> Codes:
    """Give the output's shape: that of the queries, whatever the number of heads."""
    if HEADWISE.search(asked):
        if not (given.batch and given.embed and given.heads) or given.embed % given.heads:
            return []
        head = f"{given.embed} // {given.heads}"
        return [
            ("one head", f"answer == ({given.batch}, {given.length}, {head})"),
            ("all heads", given.call("query")),
        ]
    if not given.embed or (given.heads and given.embed % given.heads):
        return []
    if not given.batch:
        return [("", f"answer == ({given.length}, {given.embed})")]
    more = {"keys": keys} if keys else {}
    return [("", Given(given.batch, given.length, given.embed, given.heads or 1).call("output", **more))]


def _weights(given: Given, asked: str, keys: int) -> Codes:
    """Give the weights' shape: averaged over the heads, or of each head."""
    width = keys or given.length
    if not given.batch:
        alone = ("one head", f"answer == ({given.length}, {width})")
        per_head = ("every head", f"answer == ({given.heads}, {given.length}, {width})")
        if not given.heads:
            return [alone]
        return [per_head, alone] if ALL_HEADS.search(asked) else [alone, per_head]
    one = ("averaged over the heads, or of one head", f"answer == ({given.batch}, {given.length}, {width})")
    if not given.heads:
        return [one, ("one head's axis kept", f"answer == ({given.batch}, 1, {given.length}, {width})")]
    every = ("every head", f"answer == ({given.batch}, {given.heads}, {given.length}, {width})")
    if given.embed and given.embed % given.heads == 0:
        more = {"keys": keys} if keys else {}
        every = (every[0], given.call("weights", **more, average_weights=False))
        one = (one[0], given.call("weights", **more))
    if AVERAGED.search(asked) and not UNAVERAGED.search(asked):
        return [one]
    if ALL_HEADS.search(asked):
        return [every]
    if HEADWISE.search(asked):
        matrix = ("one sequence of one head", f"answer == ({given.length}, {width})")
        return [one, every, matrix]
    return [one, every] if "MultiheadAttention" in asked else [every, one]


def _scores(given: Given, asked: str, keys: int) -> Codes:
    """Give the scores' shape: those of the weights, of every head where there are several."""
    found = _weights(given, asked, keys)
    return sorted(found, key=lambda one: one[0] != "every head") if not HEADWISE.search(asked) else found


def _query(given: Given, asked: str, keys: int) -> Codes:
    """Give the queries' shape once they are dealt out to the heads, or before."""
    if not (given.batch and given.embed and given.heads) or given.embed % given.heads or keys:
        return []
    size = f"{given.embed} // {given.heads}"
    split = ("heads before positions", given.call("query"))
    unmoved = ("positions before heads", f"answer == ({given.batch}, {given.length}, {given.heads}, {size})")
    folded = (
        "heads folded into the batch",
        f"answer == ({given.batch} * {given.heads}, {given.length}, {size})",
    )
    single = ("of one head", f"answer == ({given.batch}, {given.length}, {size})")
    if SPLIT.search(asked):
        return (
            [single, split, unmoved, folded] if HEADWISE.search(asked) else [split, unmoved, folded, single]
        )
    whole = ("before the split", given.call("output"))
    return [whole, split, unmoved, folded, single]


FIELDS: dict[str, Callable[[Given, str, int], Codes]] = {
    "output": _output, "weights": _weights, "scores": _scores, "query": _query,
}  # fmt: skip


def _length_first(given: Given, field: str, asked: str) -> Codes:
    """Give the shape where the length is the first axis, as torch has it without `batch_first`."""
    if not given.embed or not given.heads or given.embed % given.heads or HEADWISE.search(asked):
        return []
    if field == "output":
        return [("length first", given.call("output", batch_first=False))]
    if field == "weights" and "MultiheadAttention" in asked and given.length != given.batch:
        turned = Given(given.length, given.batch, given.embed, given.heads)
        return [("length first", turned.call("weights", batch_first=False))]
    return []
