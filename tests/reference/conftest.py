"""One thread, and tensors from a seed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

Random = Callable[..., torch.Tensor]


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def random() -> Callable[[int], Random]:
    """`random(seed)(2, 3)` draws a (2, 3) tensor of normal numbers, the same for the same seed."""

    def make(seed: int) -> Random:
        generator = torch.Generator().manual_seed(seed)
        return lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)

    return make
