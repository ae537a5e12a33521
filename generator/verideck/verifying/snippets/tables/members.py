"""Methods and properties by type: everything that a program can reach with a dot."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from verideck.verifying.snippets.data import is_named_tuple


@dataclass(frozen=True, slots=True)
class Family:
    """What values of a type have; `hidden` can only be compared with None."""

    methods: frozenset[str]
    properties: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TENSOR = Family(
    _words("""
        abs abs_ add add_ addmm all allclose amax amin any argmax argmin argsort backward baddbmm bernoulli
        bmm bool broadcast_to ceil chunk clamp clamp_ clamp_max clamp_min clip clone contiguous copy_ cos
        cosh count_nonzero cpu cross cumprod cumsum deg2rad det detach diag diag_embed diagonal diff dim
        dist div div_ dot double element_size eq equal erf exp exp_ expand expand_as expm1 fill_
        fill_diagonal_ flatten flip float floor floor_ floor_divide fmod gather ge greater gt half index_add
        index_add_ index_fill index_select inner int inverse is_contiguous is_floating_point isclose
        isfinite isinf isnan item kthvalue le less log log10 log1p log2 log_ log_softmax logical_and
        logical_not logical_or logical_xor logsumexp long lt masked_fill masked_fill_ masked_scatter
        masked_select matmul max maximum mean median min minimum mm mode moveaxis movedim mul mul_ multiply
        mv nan_to_num narrow ndimension ne neg negative nelement new_full new_ones new_tensor new_zeros
        nonzero norm normal_ numel outer permute pow pow_ prod quantile rad2deg ravel reciprocal relu relu_
        remainder repeat repeat_interleave requires_grad_ reshape reshape_as retain_grad roll round round_
        rsqrt scatter scatter_ scatter_add scatter_add_ select short sigmoid sigmoid_ sign sin sinh size
        softmax sort split sqrt sqrt_ square squeeze std stride sub sub_ subtract sum swapaxes t take
        take_along_dim tan tanh tanh_ tile to tolist topk trace transpose tril tril_ triu triu_ true_divide
        trunc type type_as unbind unflatten unfold uniform_ unique unsqueeze var view view_as where xlogy
        zero_
    """),
    _words("shape dtype device ndim T mT H grad requires_grad is_leaf itemsize nbytes"),
    _words("grad_fn"),
)
LAYER = Family(
    _words("""
        parameters named_parameters buffers named_buffers children named_children modules named_modules
        train eval zero_grad requires_grad_ state_dict float double half forward register_buffer to
    """),
    _words("""
        training weight bias in_features out_features embed_dim num_heads head_dim dropout batch_first
        num_embeddings embedding_dim padding_idx normalized_shape eps elementwise_affine p kernel_size
        stride padding in_channels out_channels in_proj_weight in_proj_bias out_proj num_features
        running_mean running_var num_layers hidden_size input_size d_model nhead weight_ih_l0 weight_hh_l0
        bias_ih_l0 bias_hh_l0 self_attn linear1 linear2 norm1 norm2 dropout1 dropout2 layers encoder decoder
        multihead_attn norm3 linear
    """),
)
CONTAINER = _words("append extend insert")  # of a ModuleList
LISTED = Family(LAYER.methods | CONTAINER, LAYER.properties)
TABLED = Family(LAYER.methods | _words("keys values items"), LAYER.properties)
OPTIMIZER = Family(_words("step zero_grad"), _words("param_groups"))
DICT = Family(_words("get items keys values pop update setdefault copy"))

FAMILIES: Mapping[type, Family] = {
    list: Family(_words("append extend insert pop index count reverse sort copy clear remove")),
    tuple: Family(_words("index count")),
    torch.Size: Family(_words("index count numel")),
    dict: DICT,
    OrderedDict: DICT,
    str: Family(
        _words("""
            upper lower title capitalize strip lstrip rstrip split splitlines join replace startswith
            endswith count find index isdigit isalpha ljust rjust center zfill
        """)
    ),
    torch.finfo: Family(frozenset(), _words("min max eps tiny bits dtype")),
    torch.iinfo: Family(frozenset(), _words("min max bits dtype")),
    torch.dtype: Family(frozenset(), _words("is_floating_point itemsize")),
    torch.device: Family(frozenset(), _words("type")),
    torch.optim.SGD: OPTIMIZER,
    torch.optim.Adam: OPTIMIZER,
    torch.optim.AdamW: OPTIMIZER,
    nn.ModuleList: LISTED,
    nn.ParameterList: LISTED,
    nn.Sequential: Family(LAYER.methods | _words("append"), LAYER.properties),
    nn.ModuleDict: TABLED,
    float: Family(_words("is_integer")),
    int: Family(_words("bit_length")),
}
NAMED_TUPLE = Family(_words("index count"))


def family(value: Any) -> Family | None:
    """Give what a value has; None where nothing."""
    if isinstance(value, torch.Tensor):
        return TENSOR
    found = FAMILIES.get(type(value))
    if found is not None:
        return found
    if is_named_tuple(value):
        return NAMED_TUPLE
    return LAYER if isinstance(value, nn.Module) else None
