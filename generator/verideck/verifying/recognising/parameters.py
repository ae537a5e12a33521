"""Parameter counts asked for in words, of one layer whose sizes are given."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising import sizes, text
from verideck.verifying.recognising.proposals import Convention, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verideck.reading.items import Item
    from verideck.verifying.recognising.sizes import Sizes

NAME = "parameters"
ASKS = re.compile(
    r"\b(?:how many|number of|count (?:of )?(?:the )?|total)\b[^?]{0,40}\b(?:parameters|weights"
    r"|learnable numbers)\b"
    r"|\bparameter count\b|\bparameters (?:are there|does|do|has|have|in total)\b",
    re.IGNORECASE,
)
WITHOUT_BIAS = re.compile(
    r"\b(?:without|no|ignor\w+|exclud\w+|omit\w*|neglect\w+|disregard\w+|leav\w+ out|leave out"
    r"|not counting|bias-?free)"
    r"(?: the| any| all| its)?(?: bias(?:es)?| -?free)?\b.{0,12}\bbias|\bbias-free\b|\bbiasless\b"
    r"|\bbias\s*=\s*false|\bweights only\b|\bhow many weights\b",
    re.IGNORECASE,
)
WITH_BIAS = re.compile(
    r"\b(?:with|includ\w+|counting|plus|and)\b(?: the| all| its| a)?(?: \w+ and)? bias(?:es)?\b"
    r"|\bbias\s*=\s*true",
    re.IGNORECASE,
)
# What makes a layer another one, or several.
FOREIGN = text.words(r"""
    lora, rank, low-rank, adapter, shared?, sharing, tied, tying, grouped, multi-query, gqa, mqa,
    quanti[sz]\w+, conv\w*, lstm, gru, rnn, frozen, freez\w+, pruned?, sparse, experts?, moe, gated,
    swiglu, glu, relative, rotary, learned position\w*, positional, classif\w+, head on top, stack\w*,
    followed by, then, more than, grow\w*, doubl\w*, tripl\w*, halv\w*, factor, ratio, percent\w*,
    compared, difference, fewer, memory, bytes, gradients?, optimi[sz]er, padding_idx, kdim, vdim,
    cross, first, second, last, each(?! (?:attention )?head), only, individual, hidden layer, together,
    combined, all three, three, in total over, output layer, projections
""")
LAYERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "transformer_layer",
            r"\btransformer (?:encoder )?(?:layer|block)|\bencoder (?:layer|block)|TransformerEncoderLayer",
        ),
        ("feed_forward", r"\bfeed-?\s?forward|\bffn\b|\bposition-?wise"),
        ("layer_norm", r"\blayer ?norm\w*|\blayer normali[sz]ation"),
        (
            "embedding",
            r"\b(?:token |word |input )?embedding (?:layer|table|matrix)|nn\.Embedding|\bword embeddings\b",
        ),
        (
            "multihead",
            r"\bmulti-?\s?head(?:ed)? (?:self-?\s?)?attention|MultiheadAttention|\bmha\b"
            r"|\b(?:self-)?attention layer",
        ),
        ("linear", r"\blinear (?:layer|map|projection)|nn\.Linear|fully[- ]connected|dense layer"),
    )
)
PROJECTION = re.compile(
    r"\b(?:query|key|value|output) projection|\bprojection (?:matrix )?(?:of|for) (?:the )?(?:quer|key"
    r"|value)|\bw_[qkvo]\b"
    r"|\bw\^[qkvo]\b",
    re.IGNORECASE,
)
ONE_OF_THREE = re.compile(r"\b(?:query|queries|key|keys|value|values|output)\b", re.IGNORECASE)
PER_HEAD = re.compile(r"\b(?:per|each|one|a single|every)[ -](?:attention )?head", re.IGNORECASE)


def parameters(item: Item) -> Iterator[Proposal]:
    """Propose the number of a layer's parameters."""
    asked = text.level(text.asked(item))
    sentence = text.asking(asked)
    if item.code.strip() or not ASKS.search(sentence) or FOREIGN.search(asked):
        return
    found = _layer(asked, sentence)
    given = sizes.read(asked)
    make = CODES.get(found)
    if make is None or given.clashing or given.shapes or given.roles.get("layers"):
        return
    codes = make(given, asked)
    if not codes or text.unused(asked, given.spans):
        return
    main, *others = codes
    conventions = tuple(Convention(name, f"answer == {code}") for name, code in others)
    yield Proposal(
        NAME, f"answer == {main[1]}", Subject.ANSWER, item.line, complete=True, conventions=conventions
    )


def _layer(asked: str, sentence: str) -> str:
    """Name the one kind of layer that is asked about; empty where several may be."""
    if len({match[0].lower()[0] for match in ONE_OF_THREE.finditer(sentence)}) > 1:
        return ""  # several projections
    for place in (sentence, asked):
        if PROJECTION.search(place):
            return "projection"
        found = [name for name, pattern in LAYERS if pattern.search(place)]
        if "feed_forward" in found and "linear" in found:
            found.remove("linear")  # it is made of two
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


Codes = list[tuple[str, str]]


def _biased(asked: str, code: Callable[[bool], str]) -> Codes:
    """Give a count with biases and without, as the question says; both readings where it does not."""
    with_bias, without = ("with biases", code(True)), ("without biases", code(False))
    if WITHOUT_BIAS.search(asked):
        return [without]
    return [with_bias] if WITH_BIAS.search(asked) else [with_bias, without]


def _call(layer: str, bias: bool, **sizes_: int) -> str:
    given = ", ".join(f"{name}={value}" for name, value in sizes_.items())
    return f'parameters("{layer}", {given}' + ("" if bias else ", bias=False") + ")"


def _multihead(given: Sizes, asked: str) -> Codes:
    embed, heads, size = (given.value(role) for role in ("embed", "heads", "head_size"))
    embed = embed or heads * size
    if (
        not embed
        or PER_HEAD.search(asked)
        or any(given.value(role) for role in ("hidden", "words", "outputs"))
    ):
        return []
    heads = heads or 1
    own = {"head_size": size} if size and size * heads != embed else {}
    if not own and embed % heads:
        return []
    return _biased(asked, lambda bias: _call("multihead", bias, embed=embed, heads=heads, **own))


def _projection(given: Sizes, asked: str) -> Codes:
    """Count one projection's parameters: of all heads together, or of one."""
    embed, heads, size = (given.value(role) for role in ("embed", "heads", "head_size"))
    if not embed or (heads and not size and embed % heads):
        return []
    size = size or (embed // heads if heads else 0)
    if PER_HEAD.search(asked):
        return _biased(asked, lambda bias: _call("linear", bias, inputs=embed, outputs=size)) if size else []
    if size and heads and size * heads != embed:
        return []
    return _biased(asked, lambda bias: _call("linear", bias, inputs=embed, outputs=embed))


def _linear(given: Sizes, asked: str) -> Codes:
    inputs, outputs = given.value("inputs"), given.value("outputs")
    others = ("embed", "heads", "batch", "length")
    if not (inputs and outputs) or any(given.value(role) for role in others):
        return []
    return _biased(asked, lambda bias: _call("linear", bias, inputs=inputs, outputs=outputs))


def _embedding(given: Sizes, _: str) -> Codes:
    words, embed = given.roles.get("words"), given.value("embed") or given.value("outputs")
    if words is None or not embed or given.value("heads") or given.value("hidden"):
        return []
    if not words.thousands:
        return [("", f'parameters("embedding", words={words.value}, size={embed})')]
    return [
        ("K is 1000", f'parameters("embedding", words={words.value * 1000}, size={embed})'),
        ("K is 1024", f'parameters("embedding", words={words.code}, size={embed})'),
    ]


def _layer_norm(given: Sizes, asked: str) -> Codes:
    embed = given.value("embed") or given.value("inputs")
    if not embed or given.value("heads") or given.value("hidden") or WITHOUT_BIAS.search(asked):
        return []
    return [("gain and bias", f'parameters("layer_norm", size={embed})')]


def _feed_forward(given: Sizes, asked: str) -> Codes:
    embed, hidden = given.value("embed"), given.value("hidden")
    if not embed or not hidden or given.value("heads"):
        return []
    plain = f"2 * {embed} * {hidden}"
    if WITHOUT_BIAS.search(asked):
        return [("without biases", plain)]
    full = ("with biases", f'parameters("feed_forward", embed={embed}, hidden={hidden})')
    return [full] if WITH_BIAS.search(asked) else [full, ("without biases", plain)]


def _transformer_layer(given: Sizes, asked: str) -> Codes:
    embed, heads, hidden = (given.value(role) for role in ("embed", "heads", "hidden"))
    if not embed or not hidden or not heads or embed % heads or WITHOUT_BIAS.search(asked):
        return []
    whole = f'parameters("transformer_layer", embed={embed}, heads={heads}, hidden={hidden})'
    norms = f'2 * parameters("layer_norm", size={embed})'
    bare = f"4 * {embed}**2 + 2 * {embed} * {hidden}"
    return [
        ("", whole),
        ("without layer norms", f"{whole} - {norms}"),
        ("without biases and norms", bare),
        ("without biases", f"{bare} + {norms}"),
    ]


CODES: dict[str, Callable[[Sizes, str], Codes]] = {
    "multihead": _multihead, "projection": _projection, "linear": _linear, "embedding": _embedding,
    "layer_norm": _layer_norm, "feed_forward": _feed_forward, "transformer_layer": _transformer_layer,
}  # fmt: skip
