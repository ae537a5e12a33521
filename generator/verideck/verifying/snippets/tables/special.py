"""Functions of torch and math that need more than a call: seeds, modes, sizes to be known before."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import calling, layers
from verideck.verifying.snippets.budgets import allow_items
from verideck.verifying.snippets.objects import Context, Known, Stream

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine

MOST = 1_000  # of `math.factorial` and its like
LAYERS = 200  # of one layer that holds several
SEED = 256  # steps that seeding takes
TYPE = re.compile(r"torch\.(?:Float|Double|Half|BFloat16|Long|Int|Short|Char|Byte|Bool)Tensor")


def _seed(seed: Any) -> None:
    torch.manual_seed(seed)  # whose generator the language does not have


def _manual_seed(machine: Machine, seed: Any) -> None:
    machine.budget.spend(SEED)
    machine.perform(_seed, seed)
    machine.guard.seeded = True


def _mode(name: str, make: Callable[[], Any]) -> Known:
    return Known(name, lambda _machine: Context(name.rpartition(".")[2], lambda _: make()), inner=True)


def _set_grad_enabled(machine: Machine, mode: Any) -> Context:
    del machine
    if not isinstance(mode, bool):
        raise Refused("`torch.set_grad_enabled` without a truth value", "write `True` or `False`")
    return Context("set_grad_enabled", lambda _: torch.set_grad_enabled(mode))


def _set_printoptions(machine: Machine, precision: Any = None, sci_mode: Any = None) -> None:
    if not (precision is None or (type(precision) is int and 0 <= precision <= 16)):
        raise Refused("such a precision", "digits from 0 to 16")
    given = {"precision": precision, "sci_mode": sci_mode}
    machine.perform(
        torch.set_printoptions, **{word: value for word, value in given.items() if value is not None}
    )


def _device(machine: Machine, name: Any) -> Any:
    if name != "cpu":
        raise Refused("a device other than `cpu`", "a program runs on the processor")
    return machine.perform(torch.device, name)


def _tensor_type(machine: Machine, *values: Any) -> Any:
    if len(values) != 1 or not isinstance(values[0], list | tuple) or isinstance(values[0], torch.Size):
        raise Refused(
            "`torch.Tensor` of sizes, which holds whatever was in memory", "`torch.zeros`, `torch.rand`"
        )
    return machine.perform(torch.Tensor, *values)


def over_stream(name: str, function: Callable[..., object]) -> Known:
    """Make a function that takes parameters as a generator gives them."""

    def over(machine: Machine, parameters: Any, *arguments: Any, **keywords: Any) -> Any:
        listed = calling.items(machine, parameters) if isinstance(parameters, Stream) else parameters
        return machine.perform(function, listed, *arguments, **keywords)

    return Known(name, over, inner=True)


def _counting(name: str, function: Callable[..., Any]) -> Known:
    def counted(machine: Machine, *numbers: Any) -> Any:
        if any(type(number) not in (int, bool) or number > MOST for number in numbers):
            raise Refused(f"`{name}` of anything but whole numbers up to {MOST:,}", "use smaller ones")
        machine.budget.spend(max(map(abs, numbers), default=0))
        return machine.perform(function, *numbers)

    return Known(name, counted, inner=True)


def _einsum(machine: Machine, equation: Any, *operands: Any) -> Any:
    """Contract at most three tensors: each further one multiplies what may be tried."""
    if isinstance(equation, str) and (len(operands) > 3 or len(re.findall(r"[a-zA-Z]", equation)) > 40):
        raise Refused("`torch.einsum` of so much", "up to three tensors")
    return machine.perform(torch.einsum, equation, *operands)


def _tolist(machine: Machine, value: torch.Tensor) -> Any:
    allow_items(value.numel())
    machine.budget.spend(value.numel() >> 1)
    return machine.perform(torch.Tensor.tolist, value)


def _to(machine: Machine, value: Any, *arguments: Any, **keywords: Any) -> Any:
    for one in (*arguments, *keywords.values()):
        if isinstance(one, str | int) and one != "cpu" and not isinstance(one, bool):
            raise Refused(f"the device `{one}`", "a program runs on the processor")
    return machine.perform(value.to, *arguments, **keywords)


def _type(machine: Machine, value: torch.Tensor, kind: Any = None) -> Any:
    if isinstance(kind, str) and not TYPE.fullmatch(kind):
        raise Refused(f"the type `{kind[:40]}`", "name a dtype, such as `torch.float64`")
    return machine.perform(value.type, *(() if kind is None else (kind,)))


def _of_layers(kind: type, place: int) -> Known:
    """Make a type whose number of layers stands at a place or under a name that begins with `num_`."""

    def make(machine: Machine, *arguments: Any, **keywords: Any) -> Any:
        named = [value for word, value in keywords.items() if word.startswith("num_")]
        counts = [one for one in (*arguments[place : place + 2], *named[:2]) if isinstance(one, int)]
        if any(count > LAYERS for count in counts):
            raise Refused(f"`{kind.__name__}` of so many layers", f"up to {LAYERS}")
        copied = sum(layers.count(one) for one in arguments if isinstance(one, nn.Module))
        machine.budget.spend(layers.COPIED * copied * max(counts, default=1))
        calling.allow(arguments, keywords)
        return machine.perform(kind, *arguments, **keywords)

    return Known(kind.__name__, make, inner=True)


def _register_buffer(
    machine: Machine, value: nn.Module, name: Any, tensor: Any, persistent: Any = True
) -> None:
    if not isinstance(name, str) or name.startswith("_"):
        raise Refused("such a name of a buffer", "letters, digits and `_`, a letter first")
    machine.perform(value.register_buffer, name, tensor, persistent)


# By the module they stand in.
FUNCTIONS: Mapping[str, Mapping[str, Any]] = {
    "torch": {
        "manual_seed": Known("torch.manual_seed", _manual_seed, inner=True),
        "no_grad": _mode("torch.no_grad", torch.no_grad),
        "enable_grad": _mode("torch.enable_grad", torch.enable_grad),
        "inference_mode": _mode("torch.inference_mode", torch.inference_mode),
        "set_grad_enabled": Known("torch.set_grad_enabled", _set_grad_enabled, inner=True),
        "set_printoptions": Known("torch.set_printoptions", _set_printoptions, inner=True),
        "set_default_dtype": Known("torch.set_default_dtype", torch.set_default_dtype),
        "device": Known("torch.device", _device, inner=True),
        "einsum": Known("torch.einsum", _einsum, inner=True),
        "tensor": Known("torch.tensor", torch.tensor),
    },
    "torch.nn.utils": {"clip_grad_norm_": over_stream("clip_grad_norm_", nn.utils.clip_grad_norm_)},
    "math": {
        name: _counting(f"math.{name}", function)
        for name, function in (("factorial", math.factorial), ("comb", math.comb), ("perm", math.perm))
    },
}

for _holder in (nn.ModuleList, nn.ParameterList):
    calling.MAKERS[_holder] = over_stream(_holder.__name__, _holder)
calling.MAKERS[torch.Tensor] = Known("torch.Tensor", _tensor_type, inner=True)
calling.MAKERS[torch.Size] = Known("torch.Size", torch.Size)
calling.SPECIAL[torch.Tensor, "tolist"] = _tolist
for _layered, _place in (
    (nn.RNN, 2), (nn.LSTM, 2), (nn.GRU, 2), (nn.TransformerEncoder, 1), (nn.TransformerDecoder, 1),
    (nn.Transformer, 2),
):  # fmt: skip
    calling.MAKERS[_layered] = _of_layers(_layered, _place)
calling.SPECIAL |= {
    (torch.Tensor, "to"): _to,
    (torch.Tensor, "type"): _type,
    (nn.Module, "to"): _to,
    (nn.Module, "register_buffer"): _register_buffer,
}
