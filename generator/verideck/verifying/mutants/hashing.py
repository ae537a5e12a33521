"""Misconceptions about hashing and about reversible layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verideck.verifying.mutants.changing import (
    Compute,
    Mutant,
    Trial,
    Untouched,
    after,
    call,
    flip,
    put,
    swap,
    tensor,
)


def _one_side(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    """Look at xR alone, not at −xR."""
    return (tensor(given["vectors"]) @ tensor(given["rotations"])).argmax(-1)


def _smallest(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    import torch

    rotated = tensor(given["vectors"]) @ tensor(given["rotations"])
    return torch.cat((rotated, -rotated), -1).argmin(-1)


def _in_sequence(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    """Leave the tokens in their order."""
    import torch

    order = torch.arange(len(given["buckets"]))
    return order.reshape(-1, given["size"]) if "size" in given else order


def _shifted(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Begin each chunk one token late."""
    chunks = call(compute, given)
    return chunks.reshape(-1).roll(-1).reshape(chunks.shape)


def _attended(*, own_only: bool = False, any_bucket: bool = False, itself: bool = False) -> Any:
    """Make the positions that a token would attend to by other rules."""

    def change(trial: Trial, _: Compute, given: Mapping[str, Any]) -> Any:
        buckets, i = tensor(given["buckets"]), given["position"]
        chunks = trial.functions["lsh_chunks"](given["buckets"], given["size"])
        own = int((chunks == i).any(-1).nonzero()[0])
        near = chunks[own if own_only else max(own - 1, 0) : own + 1].flatten()
        seen = near if any_bucket else near[buckets[near] == buckets[i]]
        seen = seen[seen <= i] if given["causal"] else seen
        others = seen if itself else seen[seen != i]
        return (others if len(others) else seen).sort().values

    return change


def _whole_bucket(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    """Attend to all of the bucket, wherever its chunks are."""
    buckets, i = tensor(given["buckets"]), given["position"]
    seen = (buckets == buckets[i]).nonzero().flatten()
    seen = seen[seen <= i] if given["causal"] else seen
    others = seen[seen != i]
    return others if len(others) else seen


def _in_all_rounds(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    return given["probability"] ** given["rounds"]


def _added(_: Trial, __: Compute, given: Mapping[str, Any]) -> Any:
    if given["rounds"] == 1:
        raise Untouched
    return min(1.0, given["probability"] * given["rounds"])


def _full(trial: Trial, _: Compute, given: Mapping[str, Any]) -> Any:
    return trial.functions["shared_qk_attention"](given["vectors"], given["values"], given["causal"])


def _other_convention(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    other = "lucidrains" if given["convention"] == "paper" else "paper"
    return call(compute, {**given, "convention": other})


def _functions(trial: Trial, f: str, g: str, x: Any) -> tuple[Any, Any]:
    """Give F(x) and G(x): a block with a first half of 0 gives F, one with a second half moved gives G."""
    forward = trial.functions["reversible_forward"]
    zero = tensor(x) * 0
    return forward(zero, x, f, "zero").y1, forward(zero, x, g, "zero").y1


def _not_updated(trial: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Compute y_2 = x_2 + G(x_1): as if y_1 were not known yet."""
    from dataclasses import replace

    right = call(compute, given)
    _, g = _functions(trial, given["f"], given["g"], given["x1"])
    return replace(right, y2=tensor(given["x2"]) + tensor(g))


def _wrong_order(trial: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Undo x_1 first, from y_2, and then x_2 from it."""
    from dataclasses import replace

    f, _ = _functions(trial, given["f"], given["g"], given["y2"])
    x_1 = tensor(given["y1"]) - tensor(f)
    _, g = _functions(trial, given["f"], given["g"], x_1)
    return replace(call(compute, given), x1=x_1, x2=tensor(given["y2"]) - tensor(g))


def _added_back(trial: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Undo a sum by adding once more."""
    from dataclasses import replace

    _, g = _functions(trial, given["f"], given["g"], given["y1"])
    x_2 = tensor(given["y2"]) + tensor(g)
    f, _ = _functions(trial, given["f"], given["g"], x_2)
    return replace(call(compute, given), x2=x_2, x1=tensor(given["y1"]) + tensor(f))


def _letters_swapped(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Read F for G and G for F in equations."""
    texts = [str(text) for text in given["texts"]]
    changed = [text.translate(str.maketrans("FG", "GF")) for text in texts]
    if changed == texts:
        raise Untouched
    return call(compute, {**given, "texts": tuple(changed)})


def _signs_turned(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
    """Read minus for plus and plus for minus in equations."""
    texts = [str(text) for text in given["texts"]]
    changed = [text.translate(str.maketrans("+-−", "-++")) for text in texts]
    if changed == texts:
        raise Untouched
    return call(compute, {**given, "texts": tuple(changed)})


MUTANTS: tuple[Mutant, ...] = (
    Mutant("one-sided-hash", "the bucket is the largest of xR, without −xR", {"lsh_buckets": _one_side}),
    Mutant("smallest-hash", "the bucket is the place of the smallest", {"lsh_buckets": _smallest}),
    Mutant("not-sorted", "tokens stay in their sequence",
           {"lsh_sort": _in_sequence, "lsh_chunks": _in_sequence}),
    Mutant("chunk-one-off", "chunks begin one token late", {"lsh_chunks": _shifted}),
    Mutant("own-chunk-only", "a token does not look at the chunk before",
           {"lsh_attended": _attended(own_only=True)}),
    Mutant("any-bucket", "a token attends to its chunks, whatever the bucket",
           {"lsh_attended": _attended(any_bucket=True)}),
    Mutant("itself-too", "a token attends to itself", {"lsh_attended": _attended(itself=True)}),
    Mutant("whole-bucket", "a token attends to its whole bucket", {"lsh_attended": _whole_bucket}),
    Mutant("future-visible", "causality is left out, or put in",
           dict.fromkeys(("lsh_attended", "lsh_attention", "shared_qk_attention"), flip("causal"))),
    Mutant("full-for-hashed", "hashing changes nothing", {"lsh_attention": _full}),
    Mutant("other-convention", "an implementation's choices for the paper's, or the other way round",
           dict.fromkeys(("lsh_attention", "shared_qk_attention", "number_of_buckets"), _other_convention)),
    Mutant("parted-for-together", "θ/π is the chance to share a bucket",
           {"collision_probability": after(lambda p: 1 - p)}),
    Mutant("two-buckets", "the number of buckets does not count", {"collision_probability": put(buckets=2)}),
    Mutant("in-all-rounds", "all rounds must find a pair", {"found_in_rounds": _in_all_rounds}),
    Mutant("rounds-added", "the chances of the rounds add up", {"found_in_rounds": _added}),
    Mutant(
        "f-for-g", "F and G change places",
        {"reversible_forward": swap("f", "g"), "reversible_inverse": swap("f", "g"),
         "equations": _letters_swapped},
    ),
    Mutant(
        "inverse-in-forward-order", "the inverse finds x_1 first, as the block did y_1",
        {"reversible_inverse": _wrong_order},
    ),
    Mutant("halves-not-updated", "y_2 uses x_1 instead of y_1", {"reversible_forward": _not_updated}),
    Mutant(
        "signs-turned", "what was added is added again to undo it",
        {"reversible_inverse": _added_back, "equations": _signs_turned},
    ),
)  # fmt: skip
"""Misconceptions about hashing and reversible layers."""
