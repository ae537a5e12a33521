"""A block's text to what it asks for.

A block holds one JSON object. These are its keys; `weights`, or `query` and `key`, must be there.

| key | value |
|---|---|
| `weights` | numbers, [queries][keys] or [heads][queries][keys] |
| `query`, `key` | numbers, [length][features] or [heads][length][features]: the weights are softmax(Q Kᵀ · scale) |
| `heads` | a whole number: the features of a `query` and `key` without heads are dealt out to so many |
| `scale` | a number, or "none" for 1; without it 1/√d, d being the features of one head |
| `mask` | "causal"; or true and false (1 and 0), [queries][keys], or [keys] for padding. True hides |
| `tokens` | texts that name both the rows (queries) and the columns (keys); without them the positions from 1 |
| `query_tokens`, `key_tokens` | texts for the rows or for the columns alone |
| `head_names` | texts, one for each head |
| `alt` | text that says what the picture shows, for those who do not see it |
| `words` | texts in the place of `query`, `key`, `masked`, `weight`, `score`, `value`: {"query": "Frage"} |
| `reveal` | true: covered on the front, until it is tapped |
| `view` | what is shown first: {"heads": "mean"} or "all" or a head's number from 1, "rows": true, "log": true |

`mask` is as the boolean `attn_mask` and `key_padding_mask` of torch's `nn.MultiheadAttention`: true hides
(`F.scaled_dot_product_attention` has it the other way round). "causal" hides each key behind its query. A
query that may look at no key gets weights of 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Matrices = list[list[list[float]]]


@dataclass(frozen=True)
class Request:
    """A block found good: matrices of equal shapes and finite numbers, labels that fit.

    Either `weights` [heads][queries][keys] are there, or `query` and `key` [heads][length][features]. `identity`
    is a hash of the text; `cells` counts all heads; `view` is as `drawing.views.View.of` takes it.
    """

    identity: str
    cells: int
    queries: list[str]
    keys: list[str]
    weights: Matrices = field(default_factory=list)
    query: Matrices = field(default_factory=list)
    key: Matrices = field(default_factory=list)
    scale: float = 1.0
    heads: list[str] = field(default_factory=list)
    masked: list[list[bool]] = field(default_factory=list)
    alt: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    reveal: bool = False
    view: Mapping[str, Any] = field(default_factory=dict)


def read(text: str) -> Request:
    """Read a block's text. Raises ValueError with a reason for a person."""
    raise ValueError(f"not read yet: {len(text)} letters")


def resolved(request: Request) -> dict[str, Any]:
    """Give the specification, with the weights computed where they are not given. Takes up to half a second."""
    return {"weights": request.weights, "queries": request.queries, "keys": request.keys}
