"""The words of the language of programs: what its modules and Python's own functions are called.

The tables say what each word means and need torch for it; this says which there are, and needs none. So a
program's names can be looked up on a machine without torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

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

# What `tables.special` and `tables.names` have beside the lists above, by module.
_MORE: Mapping[str, str] = MappingProxyType({
    "torch": """
        Tensor Size dtype finfo iinfo device einsum enable_grad inference_mode manual_seed no_grad
        set_default_dtype set_grad_enabled set_printoptions tensor
    """,
    "torch.nn": "Module Parameter",
    "torch.nn.utils": "clip_grad_norm_",
    "torch.autograd": "grad",
    "math": "comb factorial perm tau",
})  # fmt: skip
_LISTED: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "torch": (TORCH, DTYPES),
    "torch.nn": (LAYERS,),
    "torch.nn.functional": (FUNCTIONAL,),
    "torch.nn.init": (INIT,),
    "torch.optim": (OPTIMIZERS,),
    "torch.linalg": (LINALG,),
    "math": (MATH,),
})  # fmt: skip
_FUNCTIONS = """
    abs all any bool dict divmod enumerate filter float format int isinstance iter len list map max min next
    pow print range repr reversed round sorted str sum tuple type zip
"""
_EXCEPTIONS = """
    Exception ArithmeticError AssertionError AttributeError IndexError KeyError LookupError NameError
    NotImplementedError OverflowError RuntimeError StopIteration TypeError ValueError ZeroDivisionError
"""
BUILTINS = frozenset((*_FUNCTIONS.split(), *_EXCEPTIONS.split()))
"""Python's own names that a program may use."""


@cache
def words(path: str) -> frozenset[str]:
    """Return the names that a module has in the language; none for one that it has not."""
    if path not in MODULES:
        return frozenset()
    listed = " ".join((*_LISTED.get(path, ()), _MORE.get(path, ""))).split()
    parts = [module.removeprefix(f"{path}.") for module in MODULES if module.startswith(f"{path}.")]
    constants = CONSTANTS if path in ("torch", "math") else ()
    return frozenset((*listed, *constants, *(part for part in parts if "." not in part)))
