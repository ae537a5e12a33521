"""Names by module: what `torch.…`, `nn.…`, `F.…` and `math.…` mean to a program."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  its customary name, and the program's
from torch import nn

from verideck.verifying.snippets import calling
from verideck.verifying.snippets.objects import Known, Namespace, Type
from verideck.verifying.snippets.tables import special

TORCH = """
    abs add addmm all allclose amax amin any arange argmax argmin argsort atleast_1d atleast_2d baddbmm
    bernoulli bmm broadcast_shapes broadcast_tensors broadcast_to bucketize cat cdist ceil chunk clamp clip
    clone column_stack concat concatenate cos cosh cosine_similarity count_nonzero cov cross cumprod cumsum
    deg2rad det detach diag diag_embed diagonal diff dist div divide dot dropout dstack einsum eq equal erf
    exp expm1 eye flatten flip floor floor_divide fmod full full_like gather ge get_default_dtype greater gt
    hstack index_select inner inverse is_floating_point is_grad_enabled is_tensor isclose isfinite isinf
    isnan kthvalue le less lerp linspace log log10 log1p log2 log_softmax logaddexp logical_and logical_not
    logical_or logical_xor logit logspace logsumexp lt masked_fill masked_select matmul max maximum mean
    median meshgrid min minimum mm mode movedim mul multinomial multiply mv nan_to_num narrow ne neg
    negative nonzero norm normal numel ones ones_like outer permute pow prod quantile rad2deg rand rand_like
    randint randint_like randn randn_like randperm ravel reciprocal relu remainder repeat_interleave reshape
    roll round rsqrt scatter searchsorted select sigmoid sign sin sinh softmax sort split sqrt square
    squeeze stack std sub subtract sum swapaxes t take take_along_dim tan tanh tensor tensordot tile topk
    trace transpose tril tril_indices triu triu_indices true_divide trunc unbind unflatten unique unsqueeze
    var vdot vstack where xlogy zeros zeros_like
"""
DTYPES = """
    float32 float64 float16 bfloat16 float double half int8 int16 int32 int64 uint8 int long short bool
"""
FUNCTIONAL = """
    avg_pool1d avg_pool2d binary_cross_entropy binary_cross_entropy_with_logits conv1d conv2d
    cosine_embedding_loss cosine_similarity cross_entropy dropout elu embedding gelu glu hardtanh
    hinge_embedding_loss huber_loss kl_div l1_loss layer_norm leaky_relu linear log_softmax logsigmoid
    margin_ranking_loss max_pool1d max_pool2d mse_loss nll_loss normalize one_hot pad pairwise_distance relu
    relu6 rms_norm scaled_dot_product_attention selu sigmoid silu smooth_l1_loss softmax softmin softplus
    softsign tanh triplet_margin_loss
"""
LAYERS = """
    AdaptiveAvgPool1d AdaptiveAvgPool2d AvgPool1d AvgPool2d BCELoss BCEWithLogitsLoss BatchNorm1d
    BatchNorm2d Bilinear Conv1d Conv2d CosineSimilarity CrossEntropyLoss Dropout ELU Embedding Flatten GELU
    GRU GRUCell GroupNorm HuberLoss Identity KLDivLoss L1Loss LSTM LSTMCell LayerNorm LeakyReLU Linear
    LogSigmoid LogSoftmax MSELoss MaxPool1d MaxPool2d ModuleDict ModuleList MultiheadAttention NLLLoss
    ParameterList RMSNorm RNN RNNCell ReLU SELU Sequential SiLU Sigmoid SmoothL1Loss Softmax Softmin
    Softplus Tanh Transformer TransformerDecoder TransformerDecoderLayer TransformerEncoder
    TransformerEncoderLayer Unflatten
"""
LINALG = "det inv matrix_norm matrix_rank norm solve vector_norm"
INIT = """
    constant_ eye_ kaiming_normal_ kaiming_uniform_ normal_ ones_ trunc_normal_ uniform_ xavier_normal_
    xavier_uniform_ zeros_
"""
MATH = """
    acos asin atan atan2 ceil cos cosh degrees dist erf exp expm1 fabs floor fmod fsum hypot isclose
    isfinite isinf isnan isqrt log log10 log1p log2 pow radians sin sinh sqrt tan tanh trunc
"""
OPTIMIZERS = "SGD Adam AdamW"
CONSTANTS = ("pi", "e", "inf", "nan")
MODULES = (
    "torch", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.nn.utils", "torch.optim",
    "torch.linalg", "torch.autograd", "math",
)  # fmt: skip


def known(path: str) -> Mapping[str, Any]:
    """Give what a module has in the language; nothing for one that it has not."""
    return _known().get(path, {})


@cache
def _known() -> Mapping[str, Mapping[str, Any]]:
    tables: dict[str, dict[str, Any]] = {
        "torch": _functions("torch", torch, TORCH)
        | {name: getattr(torch, name) for name in DTYPES.split()}
        | {name: getattr(math, name) for name in CONSTANTS}
        | {"Tensor": Type(torch.Tensor), "Size": Type(torch.Size), "dtype": Type(torch.dtype)}
        | {"finfo": _type(torch.finfo), "iinfo": _type(torch.iinfo)},
        "torch.nn": _types(nn, LAYERS) | {"Module": Type(nn.Module), "Parameter": _type(nn.Parameter)},
        "torch.nn.functional": _functions("F", F, FUNCTIONAL),
        "torch.nn.init": _functions("nn.init", nn.init, INIT),
        "torch.nn.utils": {},
        "torch.optim": {},
        "torch.linalg": _functions("torch.linalg", torch.linalg, LINALG),
        "torch.autograd": _functions("torch.autograd", torch.autograd, "grad"),
        "math": _functions("math", math, MATH) | {name: getattr(math, name) for name in (*CONSTANTS, "tau")},
    }
    for name in OPTIMIZERS.split():
        kind = getattr(torch.optim, name)
        tables["torch.optim"][name] = Type(kind)
        calling.MAKERS[kind] = special.over_stream(name, kind)
    for path, functions in special.FUNCTIONS.items():
        tables[path] |= functions
    for path in MODULES[1:]:
        parent, _, name = path.rpartition(".")
        if parent:
            tables[parent][name] = Namespace(path)
    return tables


def _functions(prefix: str, module: Any, listed: str) -> dict[str, Any]:
    return {name: Known(f"{prefix}.{name}", getattr(module, name)) for name in listed.split()}


def _types(module: Any, listed: str) -> dict[str, Any]:
    return {name: _type(getattr(module, name)) for name in listed.split()}


def _type(kind: type) -> Type:
    maker: Callable[..., object] = kind
    calling.MAKERS.setdefault(kind, Known(kind.__name__, maker))
    return Type(kind)
