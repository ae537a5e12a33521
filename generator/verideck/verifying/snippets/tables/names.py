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
from verideck.verifying.snippets.vocabulary import (
    CONSTANTS,
    DTYPES,
    FUNCTIONAL,
    INIT,
    LAYERS,
    LINALG,
    MATH,
    MODULES,
    OPTIMIZERS,
    TORCH,
)

__all__ = ["MODULES", "known"]


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
