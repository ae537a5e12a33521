"""A block's text to what it asks for.

A block holds one JSON object. These are its keys; `weights`, or `query` and `key`, must be there.

| key | value |
|---|---|
| `weights` | numbers, [queries][keys] or [heads][queries][keys] |
| `query`, `key` | [length][features] or [heads][length][features]: the weights are softmax(Q Kᵀ · scale) |
| `heads` | a whole number: the features of a `query` and `key` without heads are dealt out to so many |
| `scale` | a number, or "none" for 1; without it 1/√d, d being the features of one head |
| `mask` | "causal"; or true and false (1 and 0), [queries][keys], or [keys] for padding. True hides |
| `tokens` | texts that name both rows (queries) and columns (keys); without them the positions from 1 |
| `query_tokens`, `key_tokens` | texts for the rows or for the columns alone |
| `head_names` | texts, one for each head |
| `alt` | text that says what the picture shows, for those who do not see it |
| `words` | texts in the place of `query`, `key`, `masked`, `weight`, `score`, `value`: {"query": "Frage"} |
| `reveal` | true: covered on the front, until it is tapped |
| `view` | what is shown first: {"heads": "mean", "all" or a number from 1, "rows": true, "log": true} |

`mask` is as the boolean `attn_mask` and `key_padding_mask` of torch's `nn.MultiheadAttention`: true hides
(`F.scaled_dot_product_attention` has it the other way round). "causal" hides each key behind its query. A
query that may look at no key gets weights of 0.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import attention, json_text, labels, masks, weighing
from .wording import kind, short

if TYPE_CHECKING:
    from .matrices import Matrix

KEYS = (
    "weights",
    "query",
    "key",
    "heads",
    "scale",
    "mask",
    "tokens",
    "query_tokens",
    "key_tokens",
    "head_names",
    "alt",
    "words",
    "reveal",
    "view",
)


@dataclass(frozen=True)
class Request:
    """A block found good: matrices of equal shapes and finite numbers, labels that fit.

    Either `weights` [heads][queries][keys] are there, or `query` and `key` [heads][length][features].
    `identity` is a hash of the text; `cells` counts all heads; `view` is as `drawing.views.View.of` takes it.
    """

    identity: str
    cells: int
    queries: list[str]
    keys: list[str]
    weights: list[Matrix] = field(default_factory=list)
    query: list[Matrix] = field(default_factory=list)
    key: list[Matrix] = field(default_factory=list)
    scale: float = 1.0
    heads: list[str] = field(default_factory=list)
    masked: list[list[bool]] = field(default_factory=list)
    alt: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    reveal: bool = False
    view: Mapping[str, Any] = field(default_factory=dict)


def read(text: str) -> Request:
    """Read a block's text. Raises ValueError with a reason for a person."""
    if not text.strip():
        raise ValueError("the block is empty")
    given = json_text.loads(text)
    if not isinstance(given, dict):
        raise ValueError(f"the block holds {kind(given)}, not an object in braces")  # noqa: TRY004  one for all
    _check_keys(given, KEYS, "")
    parts, (heads, queries, keys) = weighing.read(given)
    return Request(
        identity=hashlib.sha256(text.encode(errors="replace")).hexdigest()[:20],
        cells=heads * queries * keys,
        queries=_tokens(given, "query_tokens", queries, "query"),
        keys=_tokens(given, "key_tokens", keys, "key"),
        heads=labels.labels(given["head_names"], "head_names", heads, "head")
        if "head_names" in given
        else [],
        masked=masks.mask(given.get("mask"), queries, keys),
        alt=labels.alt(given.get("alt", "")),
        words=labels.words(given.get("words", {})),
        reveal=_flag(given, "reveal"),
        view=_view(given.get("view", {}), heads),
        **parts,
    )


def resolved(request: Request) -> dict[str, Any]:
    """Give the specification, computing weights that are not given: for up to half a second."""
    weights = request.weights
    if not weights:
        weights = attention.weights(request.query, request.key, request.scale, request.masked)
    elif request.masked:
        weights = [
            [
                [0.0 if hidden else weight for weight, hidden in zip(row, line, strict=True)]
                for row, line in zip(matrix, request.masked, strict=True)
            ]
            for matrix in weights
        ]
    spec: dict[str, Any] = {"weights": weights, "queries": request.queries, "keys": request.keys}
    spec |= {"heads": request.heads, "masked": request.masked, "alt": request.alt}
    return spec | ({"words": dict(request.words)} if request.words else {})


def _tokens(given: Mapping[str, Any], own: str, count: int, what: str) -> list[str]:
    name = own if own in given else "tokens"
    return labels.labels(given[name], name, count, what) if name in given else labels.positions(count)


def _flag(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"`{name}` is {kind(value)}, not true or false")  # noqa: TRY004  one for all
    return value


def _view(given: Any, count: int) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ValueError(f"`view` is {kind(given)}, not an object in braces")  # noqa: TRY004  one for all
    _check_keys(given, ("heads", "rows", "log"), " of `view`")
    view: dict[str, Any] = {name: True for name in ("rows", "log") if _flag(given, name)}
    heads = given.get("heads", "all")
    if heads in ("all", "mean"):
        return view | {"heads": heads}
    if type(heads) is not int or not 1 <= heads <= count:
        raise ValueError(f'`heads` of `view` is {kind(heads)}; it may be "all", "mean", or 1 to {count}')
    return view | {"heads": heads - 1}


def _check_keys(given: Mapping[str, Any], known: Collection[str], where: str) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name[:30], known, 1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(known)}"
            raise ValueError(f"`{short(name)}` is no key{where}{hint}")
