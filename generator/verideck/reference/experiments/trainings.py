"""Trainings that go wrong, in small: too high a learning rate, and overfitting.

Goodfellow et al. 2016, sections 5.2 and 8.2.4. The networks are those of `learning`.
"""

from __future__ import annotations

from functools import cache

from verideck.reference.learning import Trace, train


def share_of_nan(seed: int, rate: float) -> float:
    """Give the share of 16 networks whose training loss is NaN within 150 steps."""
    losses = train(seed, 16, 32, 4, 16, rate, 150).training  # (steps + 1, K)
    return float(losses.isnan().any(0).double().mean())


@cache
def _overfitted(seed: int) -> Trace:
    """Train once for both losses."""
    return train(seed, 32, 16, 8, 64, 0.05, 300, noise=1.0)


def training_ratio(seed: int) -> float:
    """Give the last training loss over the first, the mean of 32 networks with more weights than examples."""
    losses = _overfitted(seed).training  # (steps + 1, K)
    return float((losses[-1] / losses[0]).mean())


def validation_ratio(seed: int) -> float:
    """Give the last validation loss over the lowest, the mean of the same networks."""
    losses = _overfitted(seed).validation  # (steps + 1, K)
    return float((losses[-1] / losses.amin(0)).mean())
