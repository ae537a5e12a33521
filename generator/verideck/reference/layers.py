"""The layers around attention: linear maps, layer norm, feed-forward, loss, positional encoding.

Vaswani et al. 2017: section 3.3, equation (2) for FFN(x) = max(0, x W_1 + b_1) W_2 + b_2; section 3.5 for the
positional encoding. Ba, Kiros, Hinton 2016, "Layer Normalization", section 3, equation (3).

Symbols: x (…, E) holds E features (d_model); H is the feed-forward layer's inner size (d_ff); C the number of
classes. A weight is stored as `nn.Linear` stores it, (outputs, inputs): the transpose of the paper's W.
"""

from __future__ import annotations

import torch
from torch import Tensor


def linear(x: Tensor, W: Tensor, b: Tensor | None = None) -> Tensor:
    """Map features linearly: x Wᵀ + b with W (outputs, inputs) and b (outputs,)."""
    y = x @ W.transpose(-2, -1)  # (…, outputs)
    return y if b is None else y + b  # (…, outputs)


def layer_norm(x: Tensor, epsilon: float = 1e-5) -> Tensor:
    """Give each row mean 0 and variance 1: (x − μ) / √(σ² + ε), σ² divided by E and not by E − 1."""
    mu = x.mean(-1, keepdim=True)  # (…, 1)
    variance = ((x - mu) ** 2).mean(-1, keepdim=True)  # (…, 1)
    return (x - mu) / torch.sqrt(variance + epsilon)  # (…, E)


def feed_forward(x: Tensor, W_1: Tensor, b_1: Tensor, W_2: Tensor, b_2: Tensor) -> Tensor:
    """Transform each position on its own: W_1 (H, E) widens, ReLU cuts, W_2 (E, H) narrows again."""
    hidden = torch.relu(linear(x, W_1, b_1))  # (…, H)
    return linear(hidden, W_2, b_2)  # (…, E)


def cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Average −log p(target) over the rows: logits (…, C), target (…) holds class numbers from 0."""
    log_p = logits - torch.logsumexp(logits, -1, keepdim=True)  # (…, C)
    chosen = log_p.gather(-1, target.unsqueeze(-1)).squeeze(-1)  # (…)
    return -chosen.mean()  # ()


def positional_encoding(L: int, E: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Mark L positions by E sines and cosines, E even.

    PE(pos, 2i) = sin(pos / 10000^(2i/E)) and PE(pos, 2i + 1) = cos(pos / 10000^(2i/E)).
    """
    pos = torch.arange(L, dtype=dtype).unsqueeze(-1)  # (L, 1)
    even = torch.arange(0, E, 2, dtype=dtype)  # (E / 2,)
    angle = pos / 10000 ** (even / E)  # (L, E / 2)
    pairs = torch.stack((angle.sin(), angle.cos()), -1)  # (L, E / 2, 2)
    return pairs.reshape(L, E)  # (L, E)
