"""What the dialog shows of the settings: one small heatmap, drawn as a card would have it."""

from __future__ import annotations

from typing import Any

from .. import heatmap
from . import values

_TOKENS = ["the", "cat", "sat", "down", "."]

# A head that looks mostly at the subject; each row sums to 1, the future is masked.
SPEC: dict[str, Any] = {
    "weights": [
        [
            [1.0, 0.0, 0.0, 0.0, 0.0],
            [0.3125, 0.6875, 0.0, 0.0, 0.0],
            [0.0625, 0.8125, 0.125, 0.0, 0.0],
            [0.03125, 0.28125, 0.5, 0.1875, 0.0],
            [0.015625, 0.171875, 0.25, 0.375, 0.1875],
        ]
    ],
    "queries": _TOKENS,
    "keys": _TOKENS,
    "masked": [[key > query for key in range(5)] for query in range(5)],
    "alt": "A sample: five words, each of which looks at itself and the words before it.",
}


def sample(settings: values.Settings, *, dark: bool) -> heatmap.Drawn:
    """Draw the sample under the settings."""
    return heatmap.drawn(SPEC, style=values.style(settings, dark))
