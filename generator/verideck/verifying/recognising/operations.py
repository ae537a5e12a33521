"""What a stage's operation makes of the shapes that it takes, as far as its words say: a literal table."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from verideck.verifying.recognising.stage_shapes import Sizes, ones, small, written


@dataclass(frozen=True, slots=True)
class Flow:
    """A stage's words and shapes; what states the size of a new last axis, and what the next stage takes."""

    words: str
    taken: tuple[Sizes, ...]
    given: Sizes
    stated: tuple[int, ...] = ()
    following: int = 0


@dataclass(frozen=True, slots=True)
class Derived:
    """The shape that leaves an operation: as sizes, and as the last lines of a check.

    `sure` where no figure of the given shape was needed; `others` are other customary readings.
    """

    sizes: Sizes
    code: str
    sure: bool = True
    others: tuple[tuple[str, Sizes], ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One row: how it is called, the words that name it, the words that make it something else."""

    name: str
    words: re.Pattern[str]
    unless: re.Pattern[str]
    derive: Callable[[Flow], Derived | None]


def _plainly(size: Sizes, *, sure: bool = True, others: tuple[tuple[str, Sizes], ...] = ()) -> Derived:
    return Derived(size, f"answer == {written(size)}", sure, others)


def _computed(size: Sizes, expression: str, *tensors: Sequence[int], sure: bool = True) -> Derived:
    """Compute with the library where the tensors are small, else write the shape down."""
    return (
        Derived(size, f"answer == shape({expression})", sure)
        if small(*tensors)
        else _plainly(size, sure=sure)
    )


def _last(flow: Flow) -> tuple[int, bool] | None:
    """Give the size of a new last axis, and whether something else than the given shape says it.

    None where the next stage takes another size and nothing tells which of the two is meant.
    """
    given = flow.given[-1]
    if given in flow.stated or (not flow.stated and given == flow.following):
        return given, True
    if len(set(flow.stated)) == 1 and flow.stated[0] != flow.taken[0][-1]:
        return flow.stated[0], True
    return (given, False) if flow.following in (0, given) else None


def _embedding(flow: Flow) -> Derived | None:
    taken = flow.taken[0]
    last = _last(flow)
    if len(taken) > 2 or len(flow.given) != len(taken) + 1 or last is None:
        return None
    features, sure = last
    names = ("batch", "length")[2 - len(taken) :]
    lines = [f"{name} = {size}" for name, size in zip((*names, "features"), (*taken, features), strict=True)]
    listed = ", ".join((*names, "features"))
    return Derived((*taken, features), "\n".join((*lines, f"answer == ({listed})")), sure)


def _scores(flow: Flow) -> Derived | None:
    taken = flow.taken[0]
    if len(flow.taken) > 1 or len(taken) not in (2, 3) or len(flow.given) != len(taken):
        return None
    return _computed((*taken[:-1], taken[-2]), f"attention_scores({ones(taken)}, {ones(taken)})", taken)


def _weighted(flow: Flow) -> Derived | None:
    if len(flow.taken) != 2:
        return None
    for weights, values in (flow.taken, flow.taken[::-1]):
        square = len(weights) == len(values) > 1 and weights[-1] == weights[-2] == values[-2]
        if square and weights[:-2] == values[:-2]:
            expression = f"matmul({ones(weights)}, {ones(values)})"
            return _computed((*weights[:-1], values[-1]), expression, weights, values)
    return None


def _split(flow: Flow) -> Derived | None:
    taken, heads = flow.taken[0], _heads(flow.words)
    if len(taken) != 3 or not heads or taken[-1] % heads or len(flow.given) != 4:
        return None
    batch, length, embed = taken
    code = f"multihead_shapes(batch={batch}, length={length}, embed={embed}, heads={heads}).query"
    kept = ("heads behind the tokens", (batch, length, heads, embed // heads))
    return Derived((batch, heads, length, embed // heads), f"answer == {code}", others=(kept,))


def _joined(flow: Flow) -> Derived | None:
    taken = flow.taken[0]
    if len(flow.taken) > 1 or len(taken) != 4 or len(flow.given) != 3:
        return None
    batch, heads, length, size = taken
    return _plainly(
        (batch, length, heads * size), others=(("heads behind the tokens", (batch, heads, length * size)),)
    )


def _feed_forward(flow: Flow) -> Derived | None:
    taken = flow.taken[0]
    if len(flow.taken) > 1 or len(taken) != 3 or re.search(r"\d", flow.words):
        return None
    e = taken[-1]
    layers = f"ones({e}, {e}), zeros({e}), ones({e}, {e}), zeros({e})"
    return _computed(taken, f"feed_forward({ones(taken)}, {layers})", taken, (e, e))


def _kept(flow: Flow) -> Derived | None:
    taken = flow.taken[0]
    if len(set(flow.taken)) > 1 or len(taken) != len(flow.given):
        return None
    return Derived(taken, f"taken = {written(taken)}\nanswer == taken")


def _unsurely_kept(flow: Flow) -> Derived | None:
    found = _kept(flow)
    return Derived(found.sizes, found.code, sure=False) if found else None


def _flattened(flow: Flow) -> Derived | None:
    taken = flow.taken[0]
    if len(flow.taken) > 1 or len(taken) < 3:
        return None
    product = " * ".join(map(str, taken[1:]))
    return Derived(
        (taken[0], math.prod(taken[1:])),
        f"answer == ({taken[0]}, {product})",
        others=(("no batch axis", (math.prod(taken),)),),
    )


def _pooled(flow: Flow) -> Derived | None:
    taken = flow.taken[0]
    window = re.search(r"(\d+)\s*[x×]\s*(\d+)", flow.words)
    if len(flow.taken) > 1 or len(taken) != 4:
        return None
    channels_last, channels_first = taken[1] == taken[2], taken[2] == taken[3]
    if channels_last == channels_first:
        return None
    if "global" in flow.words:
        return _plainly((taken[0], taken[3] if channels_last else taken[1]))
    stride = re.search(r"strides?\s*(?:of|=)?\s*(\d+)", flow.words)
    if window is None or window[1] != window[2] or "pad" in flow.words:
        return None
    width, step = int(window[1]), int(stride[1] if stride else window[1])
    if not 0 < width <= taken[2] or not step:
        return None
    side = (taken[2] - width) // step + 1
    found = (taken[0], side, side, taken[3]) if channels_last else (*taken[:2], side, side)
    count = f"({taken[2]} - {width}) // {step} + 1"
    axes = [
        "side" if place in ((1, 2) if channels_last else (2, 3)) else str(n) for place, n in enumerate(taken)
    ]
    return Derived(found, f"side = {count}\nanswer == ({', '.join(axes)})")


def _transposed(flow: Flow) -> Derived | None:
    taken = flow.taken[0]
    if len(flow.taken) > 1 or len(taken) < 2 or sorted(taken) != sorted(flow.given):
        return None
    swaps = [_swapped(taken, one, other) for one, other in combinations(range(len(taken)), 2)]
    first = _swapped(taken, len(taken) - 2, len(taken) - 1)
    others = tuple(("other axes swapped", size) for size in dict.fromkeys(swaps) if size != first)
    return _plainly(first, others=others)


def _swapped(size: Sizes, one: int, other: int) -> Sizes:
    axes = list(size)
    axes[one], axes[other] = axes[other], axes[one]
    return tuple(axes)


def _linear(flow: Flow) -> Derived | None:
    taken = flow.taken[0]
    last = _last(flow)
    if len(flow.taken) > 1 or len(taken) < 2 or taken[:-1] != flow.given[:-1] or last is None:
        return None
    outputs, sure = last
    matrix = (outputs, taken[-1])
    expression = f"linear({ones(taken)}, {ones(matrix)})"
    return _computed((*taken[:-1], outputs), expression, taken, matrix, sure=sure)


def _heads(words: str) -> int:
    match = re.search(r"\b(\d{1,4})\s+(?:\w+\s+)?heads\b", words)
    return int(match[1]) if match else 0


def _row(name: str, words: str, unless: str, derive: Callable[[Flow], Derived | None]) -> Operation:
    return Operation(name, re.compile(words), re.compile(unless or r"(?!)"), derive)


SEVERAL = r"conv|lstm|gru|recurrent|\brnn|pool|flatten"
OPERATIONS: tuple[Operation, ...] = (
    _row("embedding", r"embed", r"weights|scores|positional|average|mean|sentence embedding", _embedding),
    _row("splitting into heads", r"(?:split|divid|reshap|into).*\bheads\b", r"concat|join|merge", _split),
    _row("joining the heads", r"(?:concat|join|merge|combin).*\bheads\b", r"split|divid", _joined),
    _row(
        "the weighted sum",
        r"weighted (?:sum|average)|weights?\b.*\b(?:values?|embeddings?|vectors?)\b",
        SEVERAL,
        _weighted,
    ),
    _row(
        "comparing every query with every key",
        r"attention (?:scores?|weights?|matrix|map)|scores? between|similarit\w+ between|quer\w+.*\bkeys?\b",
        rf"{SEVERAL}|context|output|weighted|\bvalues?\b|vectors?\b|embeddings? (?:are|is)|\bheads\b",
        _scores,
    ),
    _row(
        "the feed-forward network",
        r"feed[- ]?forward|\bffn\b|position-?wise",
        rf"{SEVERAL}|classif|logit|predict|probabilit|project|expand|reduc|output layer|\bunits?\b",
        _feed_forward,
    ),
    _row(
        "transposing",
        r"transpos|swap\w* .*(?:axes|dimensions|axis)",
        rf"{SEVERAL}|matmul|multipl|quer",
        _transposed,
    ),
    _row(
        "flattening",
        r"\bflatten",
        r"conv|lstm|gru|recurrent|\brnn|pool|linear|dense|fully|unflatten",
        _flattened,
    ),
    _row(
        "pooling",
        r"\b(?:max|average|avg|mean|global)[- ]?\w*[- ]?pool",
        r"conv|flatten|linear|dense|fully",
        _pooled,
    ),
    _row(
        "a linear layer",
        r"\blinear|\bdense\b|fully[- ]connected|classif|logits?\b|class (?:scores|probabilit)|predict",
        rf"{SEVERAL}|generat(?!e output)|attention|regress|metric|evaluat|split|tree|forest|svm|logistic",
        _linear,
    ),
    _row(
        "an operation on each element",
        r"\b(?:relu|gelu|tanh|sigmoid|activation|softmax|dropout|residual|skip connection|layer ?norm\w*)\b"
        r"|(?:layer|batch) normali[sz]ation|positional encoding",
        rf"{SEVERAL}|linear|dense|fully|project|class|logit|token|one-hot|resiz|crop|pad|mean|average|score"
        r"|attention|multipl|raw|convert|text",
        _kept,
    ),
    _row(
        "attention",
        r"self-?attention|multi-?head attention|attention layer",
        rf"{SEVERAL}|scores?|weights|matrix|map\b|classif",
        _unsurely_kept,
    ),
)


def derive(flow: Flow) -> tuple[Operation, Derived] | None:
    """Find the first operation that the words name, and the shape that leaves it; else None."""
    for operation in OPERATIONS:
        if operation.words.search(flow.words) and not operation.unless.search(flow.words):
            found = operation.derive(flow)
            if found is not None:
                return operation, found
    return None
