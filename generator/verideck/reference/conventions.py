"""Where implementations of LSH attention differ from the paper: each choice by its name. Needs no torch.

Kitaev et al. 2020, section 2 and appendix A, against trax, Hugging Face's `ReformerModel` and lucidrains'
`reformer-pytorch`. The defaults are the paper's; where it leaves something open, the plainest choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Buckets = Literal["paper", "huggingface", "lucidrains"]


@dataclass(frozen=True, slots=True)
class Convention:
    """The choices that implementations make differently; the defaults are the paper's."""

    buckets: Buckets = "paper"  # how many buckets go with chunks of m tokens
    scaled: bool = False  # logits divided by √d; the paper leaves the scale out "for clarity"
    across_buckets: bool = False  # a token may attend to other buckets of its two chunks
    wrap: bool = False  # the first chunk looks back at the last one, rounds standing in one ring
    discount_repeats: bool = True  # a pair met in N rounds weighs 1/N in each: −log N (appendix A)
    self_logit: float = -1e5  # a token's logit with itself
    factors: tuple[int, ...] = ()  # the number of buckets as a product, each factor hashed on its own
    epsilon: float = 0.0  # added to the mean square of a key before it is normalised
    padding_last: bool = True  # padding has a bucket of its own behind all others, so it moves no token

    def number_of_buckets(self, L: int, m: int) -> int:
        """Give the number of buckets for L tokens in chunks of m."""
        return number_of_buckets(L, m, self.buckets)


PAPER = Convention()
HUGGING_FACE = Convention(
    buckets="huggingface", across_buckets=True, wrap=True, discount_repeats=False, epsilon=1e-6
)
LUCIDRAINS = Convention(
    buckets="lucidrains",
    scaled=True,
    across_buckets=True,
    wrap=True,
    discount_repeats=False,
    self_logit=-5e4,
    padding_last=False,
)

CONVENTIONS: Mapping[str, Convention] = MappingProxyType(
    {"paper": PAPER, "huggingface": HUGGING_FACE, "lucidrains": LUCIDRAINS}
)
"""The conventions by the name under which a check knows them."""


def number_of_buckets(L: int, m: int, convention: str = "paper") -> int:
    """Give the number of buckets that goes with chunks of m tokens.

    "paper": 2 l / m. "huggingface": the largest power of two up to 2 ⌊l / m⌋. "lucidrains": ⌊l / m⌋.
    """
    if convention == "huggingface":
        return int(2 ** ((2 * (L // m)).bit_length() - 1))
    return L // m if convention == "lucidrains" else 2 * L // m
