"""What stands in the dialog to a heatmap, or to what is wrong with it and where. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..drawing.views import View, shown
from ..reading.limits import MOST_ALT, MOST_LABEL
from . import tokens
from .describing import described
from .faults import PasteError
from .pasting import pasted


@dataclass(frozen=True)
class Inputs:
    """What a person has typed and ticked.

    `keys` counts where `apart` is ticked; else the tokens of the rows are those of the columns, too. Empty
    boxes take the tokens that stand with the matrix, else positions. An empty `alt` takes the proposed one.
    `base` is the heatmap that is edited: its mask, words and heads' names stay while they fit.
    """

    matrix: str = ""
    queries: str = ""
    keys: str = ""
    apart: bool = False
    causal: bool = False
    normalised: bool = False
    reveal: bool = False
    alt: str = ""
    base: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Composed:
    """A heatmap, or none and at least one message; each message stands beneath its box.

    `matrix`, `queries` and `keys` are such messages; `fault` is the place in the matrix. `found` tells
    what the matrix is, `counts` how many tokens there are of how many. `proposed` is the text for `alt`.
    """

    spec: dict[str, Any] | None = None
    matrix: str = ""
    queries: str = ""
    keys: str = ""
    fault: PasteError | None = None
    found: str = ""
    counts: tuple[str, str] = ("", "")
    shape: tuple[int, int, int] = (0, 0, 0)
    proposed: str = ""
    sketch: dict[str, Any] | None = None  # to be shown while the tokens do not fit yet
    given: tuple[Sequence[str], Sequence[str]] = field(default=((), ()))  # tokens that stand with the matrix


def composed(inputs: Inputs) -> Composed:
    """Make a heatmap of what stands in the dialog. Never raises."""
    try:
        paste = pasted(inputs.matrix)
    except PasteError as fault:
        message = str(fault) if inputs.matrix.strip() else ""
        return Composed(matrix=message, fault=fault if message else None, counts=_counted(inputs))
    heads, rows, columns = shape = paste.shape
    size = f"{rows} × {columns}" if heads == 1 else f"{heads} heads of {rows} × {columns}"
    found = f"{size}, {paste.format}"
    own_queries = paste.queries or (paste.keys if rows == columns else [])
    own_keys = paste.keys or (paste.queries if rows == columns else [])
    apart = inputs.apart or rows != columns
    queries, fault_q, count_q = _axis(inputs.queries, own_queries, rows, "row")
    keys, fault_k, count_k = _axis(inputs.keys if apart else inputs.queries, own_keys, columns, "column")
    if not apart:
        fault_k = count_k = ""
    known = Composed(
        queries=fault_q,
        keys=fault_k,
        found=found,
        counts=(count_q, count_k),
        shape=shape,
        given=(own_queries, own_keys),
    )
    wrong = bool(fault_q or fault_k)
    spec: dict[str, Any] = {
        "weights": paste.weights,
        "queries": queries or _positions(rows),
        "keys": keys or _positions(columns),
    }
    _add(spec, inputs, paste.spec or inputs.base or {}, shape)
    try:
        if inputs.normalised:
            spec = shown(spec, View(rows=True))
        proposed = str((paste.spec or {}).get("alt") or described(spec))
    except ValueError as fault:
        return replace(known, matrix=_sentence(str(fault)))
    if wrong:
        return replace(known, sketch=spec)
    spec["alt"] = (inputs.alt.strip() or proposed)[:MOST_ALT]
    return replace(known, spec=spec, proposed=proposed)


def _axis(text: str, given: Sequence[str], count: int, what: str) -> tuple[list[str], str, str]:
    """Give an axis' labels, what is wrong with them, and how many of how many there are."""
    if not text.strip():
        if len(given) == count:
            return list(given), "", f"{count} from the text"
        return _positions(count), "", f"numbered 1 to {count}"
    try:
        found = tokens.read(text, count)
    except PasteError as fault:
        return [], str(fault), ""
    told = f"{len(found)} of {count}"
    if len(found) != count:
        one = "token" if len(found) == 1 else "tokens"
        return [], f"{len(found)} {one} for {count} {what}{'s' if count != 1 else ''}", told
    if any(len(token) > MOST_LABEL for token in found):
        return [], f"A token has more than {MOST_LABEL} letters", told
    return found, "", told


def _positions(count: int) -> list[str]:
    return [str(number + 1) for number in range(count)]


def _add(spec: dict[str, Any], inputs: Inputs, base: Mapping[str, Any], shape: tuple[int, int, int]) -> None:
    """Add what a heatmap may have beside weights and tokens."""
    heads, rows, columns = shape
    if len(base.get("heads") or ()) == heads:
        spec["heads"] = list(base["heads"])
    if base.get("words"):
        spec["words"] = dict(base["words"])
    if base.get("exact") is False and base.get("weights") == spec["weights"]:
        spec["exact"] = False
    masked = base.get("masked") or []
    if inputs.causal:
        masked = causal(rows, columns)
    elif len(masked) != rows or len(masked[0]) != columns:
        masked = []  # of another matrix
    elif base is inputs.base and masked == causal(rows, columns):
        masked = []  # the tick was taken away
    if any(any(row) for row in masked):
        spec["masked"] = [list(row) for row in masked]
        spec["weights"] = [
            [
                [0.0 if hidden else weight for weight, hidden in zip(row, line, strict=True)]
                for row, line in zip(matrix, masked, strict=True)
            ]
            for matrix in spec["weights"]
        ]


def causal(rows: int, columns: int) -> list[list[bool]]:
    """Give the mask that hides each key behind its query: [queries][keys], true hides."""
    return [[key > query for key in range(columns)] for query in range(rows)]


def inputs_of(spec: Mapping[str, Any], *, reveal: bool = False) -> Inputs:
    """Give what would have to stand in the dialog for a heatmap. Raises ValueError where it is malformed."""
    rows, columns = len(spec["queries"]), len(spec["keys"])
    queries, keys = (_labels(spec[name]) for name in ("queries", "keys"))
    alt = str(spec.get("alt") or "")
    return Inputs(
        matrix=written(spec["weights"]),
        queries=queries,
        keys="" if keys == queries else keys,
        apart=keys != queries,
        causal=rows * columns > 1 and spec.get("masked") == causal(rows, columns),
        reveal=reveal,
        alt="" if alt == described(spec) else alt,
        base=spec,
    )


def _labels(labels: Sequence[str]) -> str:
    names = [str(label) for label in labels]
    return "" if names == _positions(len(names)) else tokens.written(names)


def written(weights: Sequence[Sequence[Sequence[float]]]) -> str:
    """Write weights [heads][queries][keys] as JSON, a row a line; one head without the outer list."""
    heads = [
        "[" + ",\n ".join(json.dumps([_plain(w) for w in row]) for row in matrix) + "]" for matrix in weights
    ]
    return heads[0] if len(heads) == 1 else "[" + ",\n\n".join(heads) + "]"


def _plain(weight: float) -> float | int:
    return int(weight) if weight == int(weight) and abs(weight) < 1e15 else weight


def _counted(inputs: Inputs) -> tuple[str, str]:
    """Count tokens where there is no matrix yet."""

    def count(text: str) -> str:
        try:
            return str(len(tokens.read(text))) if text.strip() else ""
        except PasteError:
            return ""

    return count(inputs.queries), count(inputs.keys)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
