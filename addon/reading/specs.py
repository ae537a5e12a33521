"""A heatmap's specification out of JSON: all parts checked, so that it can be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import labels, masks, matrices

_LABELS = (("queries", "query"), ("keys", "key"), ("heads", "head"))


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the specification that `given` holds; what else it holds is left out. Raises ValueError."""
    weights, deep = matrices.heads(given.get("weights"), "weights")
    if not deep:
        raise ValueError("`weights` have no heads")
    heads, queries, keys = matrices.shape(weights)
    matrices.check_cells(heads, queries, keys)
    spec: dict[str, Any] = {"weights": weights}
    for (name, noun), count in zip(_LABELS, (queries, keys, heads), strict=True):
        numbers = [] if name == "heads" else labels.positions(count)
        spec[name] = labels.labels(given[name], name, count, noun) if given.get(name) else numbers
    spec["masked"] = masks.mask(given["masked"], queries, keys) if given.get("masked") else []
    spec["alt"] = labels.alt(given.get("alt", ""))
    if given.get("words"):
        spec["words"] = labels.words(given["words"])
    return spec | ({"exact": False} if given.get("exact") is False else {})
