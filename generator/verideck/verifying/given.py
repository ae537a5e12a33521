"""The names that a variant draws, as one line of JSON: what a job is given before its code runs.

The line is canonical (names sorted), because it is part of the evidence's key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from verideck.verifying import values
from verideck.verifying.values import Tensor, Value

NOTHING = "{}"


def encode(names: Mapping[str, Value]) -> str:
    """Write names and their values: the same line for the same values, whatever their order."""
    data = {name: values.to_json(value) for name, value in names.items()}
    return json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def decode(given: str) -> dict[str, Value]:
    """Read names and their values; none from an empty text.

    Raises:
        ValueError: it is not what `encode` writes.

    """
    data = json.loads(given) if given else {}
    if not isinstance(data, dict):
        raise ValueError("names that are no object")  # noqa: TRY004  damaged data, not a wrong type of ours
    return {str(name): values.from_json(item) for name, item in data.items()}


def bound(given: str) -> dict[str, object]:
    """Give names as code sees them: plain numbers, texts and shapes, and lists for tensors."""
    return {name: _thawed(value) for name, value in decode(given).items()}


def _thawed(value: Value) -> object:
    return _listed(value.data) if isinstance(value, Tensor) else value


def _listed(data: object) -> object:
    return [_listed(item) for item in data] if isinstance(data, tuple) else data
