"""Small trainings: the same every time, and gradients as they should be."""

from __future__ import annotations

import torch

from verideck.reference.learning import train


def test_training_repeats_itself() -> None:
    first, second = (train(3, 2, 8, 4, 6, 0.1, 20, noise=0.5) for _ in range(2))
    assert torch.equal(first.training, second.training)
    assert torch.equal(first.validation, second.validation)
    assert first.training.shape == (21, 2)
    assert not torch.equal(train(4, 2, 8, 4, 6, 0.1, 20, noise=0.5).training, first.training)


def test_a_small_step_goes_downhill() -> None:
    losses = train(0, 8, 32, 4, 16, 0.01, 50).training
    assert bool((losses[1:] < losses[:-1]).all())


def test_networks_side_by_side_do_not_meet() -> None:
    """Each network's gradient is its own: with a rate that ruins some, the others go on."""
    losses = train(0, 16, 32, 4, 16, 0.45, 250).training[-1]
    assert 0 < int(losses.isnan().sum()) < 16
