"""Hashing, sorting and chunking."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from verideck.verifying.library.arguments import UnfitError, allow

if TYPE_CHECKING:
    from torch import Tensor

    from verideck.verifying.library.entries import Steps


def lsh_buckets(vectors: Tensor, rotations: Tensor) -> Any:
    """Hash vectors by one rotation."""
    if vectors.shape[-1] != len(rotations):
        raise UnfitError(
            f"`vectors` have {vectors.shape[-1]} features and `rotations` has {len(rotations)} rows; "
            "it is (features, buckets / 2)"
        )
    allow(2 * math.prod(vectors.shape[:-1]) * rotations.shape[1], "the rotated vectors")
    from verideck.reference import lsh as reference

    return reference.lsh_buckets(vectors, rotations)


def lsh_buckets_steps(vectors: Tensor, rotations: Tensor) -> Steps:
    """Show the products, both signs side by side, and the largest one's place."""
    import torch

    buckets = lsh_buckets(vectors, rotations)
    rotated = vectors @ rotations
    return (
        ("xR", rotated),
        ("[xR ; −xR]", torch.cat((rotated, -rotated), -1)),
        ("bucket = place of the largest, from 0", buckets),
    )


def lsh_sort(buckets: Tensor) -> Tensor:
    """Give the positions in bucket order."""
    from verideck.reference import lsh as reference

    return reference.lsh_sort(buckets)


def lsh_sort_steps(buckets: Tensor) -> Steps:
    """Show the buckets in order, and whose they are."""
    order = lsh_sort(buckets)
    return (("buckets in order", buckets[order]), ("whose they are: positions, from 0", order))


def _cut(buckets: Tensor, size: int) -> None:
    if len(buckets) % size:
        raise UnfitError(f"{len(buckets)} tokens cannot be cut evenly into chunks of {size}")


def lsh_chunks(buckets: Tensor, size: int) -> Tensor:
    """Sort and cut."""
    _cut(buckets, size)
    from verideck.reference import lsh as reference

    return reference.lsh_chunks(reference.lsh_sort(buckets), size)


def lsh_chunks_steps(buckets: Tensor, size: int) -> Steps:
    """Show the sorted positions, their buckets and the chunks."""
    order = lsh_sort(buckets)
    return (
        ("positions sorted by bucket", order),
        ("their buckets", buckets[order]),
        (f"chunks of {size}", lsh_chunks(buckets, size)),
    )


def lsh_attended(buckets: Tensor, size: int, position: int, causal: bool = False) -> Tensor:
    """Give the positions that a token may attend to."""
    _cut(buckets, size)
    if position >= len(buckets):
        raise UnfitError(f"`position` is {position} and {len(buckets)} tokens count from 0")
    from verideck.reference import lsh as reference

    return reference.lsh_attended(buckets, size, position, causal)


def lsh_attended_steps(buckets: Tensor, size: int, position: int, causal: bool = False) -> Steps:
    """Show the chunks, the two in view and what remains."""
    attended = lsh_attended(buckets, size, position, causal)
    chunks = lsh_chunks(buckets, size)
    own = int((chunks == position).any(-1).nonzero()[0])
    return (
        (f"positions sorted by bucket, in chunks of {size}", chunks),
        ("own chunk and the one before", chunks[max(own - 1, 0) : own + 1].flatten()),
        (f"of these in bucket {int(buckets[position])}, not itself unless alone", attended),
    )


def _attending(vectors: Tensor, values: Tensor, what: str = "vectors") -> None:
    if len(vectors) != len(values):
        raise UnfitError(f"there are {len(vectors)} rows in `{what}` and {len(values)} in `values`")
    allow(len(vectors) ** 2, "the weights")


def lsh_attention(
    vectors: Tensor,
    values: Tensor,
    rotations: Tensor,
    size: int,
    causal: bool = False,
    convention: str = "paper",
    length: int | None = None,
) -> Tensor:
    """Attend within buckets, in as many rounds as there are rotations."""
    _attending(vectors, values)
    turned = rotations if rotations.dim() == 3 else rotations.unsqueeze(0)
    if vectors.shape[-1] != turned.shape[1]:
        raise UnfitError(
            f"`vectors` have {vectors.shape[-1]} features and `rotations` has {turned.shape[1]} rows; "
            "it is (features, buckets / 2), or one such matrix for each round"
        )
    if len(vectors) % size:
        raise UnfitError(f"{len(vectors)} tokens cannot be cut evenly into chunks of {size}")
    allow(len(turned) * len(vectors) * 2 * size, "the pairs compared")
    from verideck.reference import lsh_attention as reference
    from verideck.reference.conventions import CONVENTIONS

    found = reference.lsh_attention(
        vectors.unsqueeze(0),
        values.unsqueeze(0),
        turned,
        size,
        causal,
        CONVENTIONS[convention],
        _visible(len(vectors), length),
    )[0]
    return found if length is None else found[:length]


def _visible(count: int, length: int | None) -> Any:
    if length is None:
        return None
    if length > count:
        raise UnfitError(f"`length` is {length}, and there are {count} tokens")
    import torch

    return (torch.arange(count) < length).unsqueeze(0)


def lsh_attention_steps(
    vectors: Tensor,
    values: Tensor,
    rotations: Tensor,
    size: int,
    causal: bool = False,
    convention: str = "paper",
    length: int | None = None,
) -> Steps:
    """Show the rotated vectors, buckets, sorted order, chunks and output; of several rounds, all buckets."""
    output = lsh_attention(vectors, values, rotations, size, causal, convention, length)
    from verideck.reference import lsh_attention as reference
    from verideck.reference.conventions import CONVENTIONS

    turned = rotations if rotations.dim() == 3 else rotations.unsqueeze(0)
    seen = _visible(len(vectors), length)
    at = reference.hashed(vectors.unsqueeze(0), turned, size, causal, CONVENTIONS[convention], seen)
    lines: list[tuple[str, object]] = []
    for number, rotation in enumerate(turned, 1):
        of_round = f", round {number}" if len(turned) > 1 else ""
        order = at.order[0, number - 1]
        lines += [
            (f"xR{of_round}", vectors @ rotation),
            (f"buckets, by the largest of [xR ; −xR]{of_round}", at.buckets[0, number - 1]),
            (f"positions sorted by bucket{of_round}", order),
            (f"chunks of {size}{of_round}", order.reshape(-1, size)),
        ]
    return (*lines, ("output", output))


def shared_qk_attention(
    vectors: Tensor, values: Tensor, causal: bool = False, convention: str = "paper"
) -> Tensor:
    """Attend in full with keys that are the normalised queries."""
    _attending(vectors, values)
    from verideck.reference import lsh_attention as reference
    from verideck.reference.conventions import CONVENTIONS

    return reference.shared_qk_attention(
        vectors.unsqueeze(0), values.unsqueeze(0), causal, CONVENTIONS[convention]
    )[0]


def shared_qk_attention_steps(
    vectors: Tensor, values: Tensor, causal: bool = False, convention: str = "paper"
) -> Steps:
    """Show keys, weights and output."""
    from verideck.reference import lsh, lsh_attention
    from verideck.reference.conventions import CONVENTIONS

    chosen = CONVENTIONS[convention]
    weights = lsh_attention.shared_qk_weights(vectors.unsqueeze(0), causal, chosen)[0]
    return (
        ("keys: q / ‖q‖", lsh.unit_keys(vectors, chosen.epsilon)),
        ("weights, a token's own last", weights),
        ("output = weights · v", shared_qk_attention(vectors, values, causal, convention)),
    )


def number_of_buckets(length: int, chunk: int, convention: str = "paper") -> int:
    """Give the number of buckets that goes with a chunk's length."""
    from verideck.reference import conventions

    found = conventions.number_of_buckets(length, chunk, convention)
    if not found:
        raise UnfitError(f"a chunk of {chunk} is longer than the {length} tokens")
    return found


def number_of_buckets_steps(length: int, chunk: int, convention: str = "paper") -> Steps:
    """Show the rule."""
    rules = {
        "paper": f"2 · {length} / {chunk}",
        "huggingface": f"the largest power of two up to 2 · ⌊{length} / {chunk}⌋",
        "lucidrains": f"⌊{length} / {chunk}⌋",
    }
    return ((f"buckets = {rules[convention]}", number_of_buckets(length, chunk, convention)),)


def found_in_rounds(probability: float, rounds: int) -> float:
    """Give the chance to meet in at least one round."""
    from verideck.reference import complexity

    return complexity.found_in_rounds(probability, rounds)


def found_in_rounds_steps(probability: float, rounds: int) -> Steps:
    """Show the chance to miss and the rest."""
    missed = 1 - probability
    return (
        ("missed in one round: 1 − p", missed),
        (f"missed in all: (1 − p)^{rounds}", missed**rounds),
        ("found: 1 − (1 − p)ⁿ", found_in_rounds(probability, rounds)),
    )


def collision_probability(degrees: float, buckets: int = 2) -> float:
    """Give the chance to share a bucket in one round."""
    if buckets % 2 or buckets > 4096:
        raise UnfitError(f"`buckets` is {buckets}; they come in pairs of opposite sides, up to 4096")
    if buckets == 2:
        return 1 - degrees / 180
    from verideck.reference import collisions

    return collisions.collision_probability(math.radians(degrees), buckets)


def collision_probability_steps(degrees: float, buckets: int = 2) -> Steps:
    """Show the share of the half turn, where there is a closed form."""
    found = collision_probability(degrees, buckets)
    if buckets == 2:
        return ((f"parted: θ/π = {degrees:g}/180", degrees / 180), ("together: 1 − θ/π", found))
    return ((f"chance to share one of {buckets} buckets, integrated", found),)
