"""Calling: functions of the tables, methods, types, layers, and the program's own functions."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import defining, layers
from verideck.verifying.snippets.budgets import CALLS, allow_items
from verideck.verifying.snippets.data import HOLDERS, describe, may_collide, type_name, weigh
from verideck.verifying.snippets.machine import Returned
from verideck.verifying.snippets.objects import OBJECTS, Bound, Context, Function, Known, Method, Stream, Type
from verideck.verifying.snippets.raising import caught, type_error
from verideck.verifying.snippets.scopes import Scope

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine

# Keyword arguments that change what a call may reach, or where its result is put.
REFUSED = ("out", "pin_memory", "layout", "names", "generator", "file", "hook", "memory_format")

DEVICE = re.compile(
    r"(?:torch\.)?(?:cuda|meta|mps|mkldnn|xpu|ipu|hpu|xla|mtia|vulkan|lazy|ve|fpga|maia|opengl|opencl|ideep|hip|privateuse)",
    re.IGNORECASE,
)


def call(machine: Machine, callee: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    """Call something that a program can name.

    Raises:
        Raised: it raises, or is nothing that can be called.
        Refused: the language has no such call.

    """
    match callee:
        case Known(inner=True):
            return _call_inner(machine, callee.name, callee.call, arguments, keywords)
        case Known():
            allow(arguments, keywords)
            return machine.perform(callee.call, *arguments, **keywords)
        case Bound():
            return _call_bound(machine, callee, arguments, keywords)
        case Function():
            return call_function(machine, callee, arguments, keywords)
        case Method():
            return call_function(
                machine, callee.function, (callee.instance, *arguments), keywords, callee.instance
            )
        case Type():
            return _make(machine, callee, arguments, keywords)
        case Context():
            raise type_error(f"'{callee.name}' object is not callable")
    if isinstance(callee, nn.Module):
        allow(arguments, keywords)
        machine.budget.spend(layers.CALLED * layers.count(callee))
        return machine.perform(callee, *arguments, **keywords)
    raise type_error(f"'{type_name(callee)}' object is not callable")


def _call_inner(
    machine: Machine,
    name: str,
    function: Callable[..., Any],
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
) -> Any:
    """Call a function of ours, after asking whether it takes such arguments."""
    try:
        _signature(function).bind(machine, *arguments, **keywords)
    except TypeError as wrong:
        raise Refused(f"such arguments of `{name}`: {wrong}", "the language has fewer than Python") from None
    return function(machine, *arguments, **keywords)


@cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


def allow(arguments: Sequence[Any], keywords: Mapping[str, Any]) -> None:
    """Refuse, with Refused, arguments that reach beyond plain computing on the processor."""
    for word in keywords:
        if word in REFUSED:
            raise Refused(f"the argument `{word}=`", "leave it out")
    devices = [value for value in (*arguments, *keywords.values()) if isinstance(value, str)]
    devices = [value for value in devices if DEVICE.match(value)]
    if keywords.get("device") not in (None, "cpu", torch.device("cpu")):
        devices.append(str(keywords["device"]))
    if devices:
        raise Refused(f"the device `{devices[0]}`", "a program runs on the processor")


def _call_bound(
    machine: Machine, callee: Bound, arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> Any:
    families = [
        type(callee.value),
        *(one for one in (torch.Tensor, nn.Module) if isinstance(callee.value, one)),
    ]
    special = next((SPECIAL[one, callee.name] for one in families if (one, callee.name) in SPECIAL), None)
    if special is not None:
        return _call_inner(machine, f".{callee.name}", special, (callee.value, *arguments), keywords)
    if isinstance(callee.value, HOLDERS):
        machine.budget.spend(weigh(callee.value, objects=True) >> 2)
    if isinstance(callee.value, nn.Module):
        machine.budget.spend(layers.VISITED * layers.count(callee.value))
    if isinstance(callee.value, torch.optim.Optimizer):
        machine.budget.spend(weigh(callee.value.param_groups))
    if isinstance(callee.value, dict) and callee.name in ("copy", "update"):
        for keys in (one for one in (callee.value, *arguments) if isinstance(one, dict)):
            spend_on_keys(machine, keys, callee.value)
    allow(arguments, keywords)
    return machine.perform(getattr(callee.value, callee.name), *arguments, **keywords)


# Methods that are weighed before they run, or call the program's functions: filled by the tables.
SPECIAL: dict[tuple[type, str], Any] = {}
# How the types of the tables make values: filled by the tables.
MAKERS: dict[type, Known] = {}


def _make(machine: Machine, callee: Type, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> Any:
    if callee.real in machine.classes:
        instance = defining.instance(machine, callee.real)
        constructor = defining.find_method(machine, callee.real, "__init__")
        if constructor is None:
            machine.perform(nn.Module.__init__, instance, *arguments, **keywords)
        else:
            call_function(machine, constructor, (instance, *arguments), keywords, instance)
        return instance
    maker = MAKERS.get(callee.real)
    if maker is None:
        raise Refused(f"{describe(callee)}, called", "the language cannot make one")
    return call(machine, maker, arguments, keywords)


def call_function(
    machine: Machine,
    function: Function,
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
    instance: object = None,
) -> Any:
    """Call a function that the program defined."""
    if machine.depth >= CALLS:
        raise Refused(
            f"functions that call one another more than {CALLS} deep",
            "use smaller sizes",
            "budget",
            stops=True,
        )
    machine.budget.spend((len(arguments) + len(keywords) + len(function.named)) >> 2)
    names = bind(function, arguments, keywords)
    scope = Scope(function.scope, function.own | names.keys(), names, instance, function.owner)
    machine.depth += 1
    try:
        if isinstance(function.body, ast.expr):
            return machine.evaluate(function.body, scope)
        signal = machine.execute(function.body, scope)
    finally:
        machine.depth -= 1
    return signal.value if isinstance(signal, Returned) else None


def bind(function: Function, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Bind arguments to parameters; raises Raised with Python's TypeError where they do not fit."""
    spec, named = function.arguments, function.named
    bound = dict(zip(named, arguments, strict=False))
    extra = tuple(arguments[len(named) :])
    if extra and spec.vararg is None:
        raise type_error(_too_many(function, named, len(arguments)))
    rest: dict[str, Any] = {}
    only = {one.arg for one in spec.kwonlyargs}
    for word, value in keywords.items():
        if word in bound and word in named:
            raise type_error(f"{function.name}() got multiple values for argument '{word}'")
        if word in only or word in named[len(spec.posonlyargs) :]:
            bound[word] = value
        elif spec.kwarg is None:
            raise type_error(f"{function.name}() got an unexpected keyword argument '{word}'")
        else:
            rest[word] = value
    if spec.vararg is not None:
        bound[spec.vararg.arg] = extra
    if spec.kwarg is not None:
        bound[spec.kwarg.arg] = rest
    defaults = dict(zip(named[len(named) - len(function.defaults) :], function.defaults, strict=False))
    bound = defaults | function.keyword_defaults | bound
    _expect_all(function, [name for name in named if name not in bound], "positional")
    _expect_all(function, [name for name in sorted(only) if name not in bound], "keyword-only")
    return bound


def _too_many(function: Function, named: Sequence[str], count: int) -> str:
    least = len(named) - len(function.defaults)
    takes = f"from {least} to {len(named)}" if function.defaults else str(len(named))
    plural = "" if takes == "1" else "s"
    were = "was" if count == 1 else "were"
    return f"{function.name}() takes {takes} positional argument{plural} but {count} {were} given"


def _expect_all(function: Function, missing: Sequence[str], kind: str) -> None:
    if not missing:
        return
    quoted = [f"'{name}'" for name in missing]
    *first, last = quoted
    if not first:
        listed = last
    elif len(first) == 1:
        listed = f"{first[0]} and {last}"
    else:
        listed = f"{', '.join(first)}, and {last}"
    plural = "" if len(missing) == 1 else "s"
    raise type_error(f"{function.name}() missing {len(missing)} required {kind} argument{plural}: {listed}")


def each(machine: Machine, value: Any) -> Iterator[Any]:
    """Go through a value as Python does, live: a list's items, a tensor's rows, a stream's values."""
    if isinstance(value, Stream):
        source = value.source
    elif isinstance(value, HOLDERS):
        source = iter(value)
    elif isinstance(value, OBJECTS) or (isinstance(value, nn.Module) and type(value) not in ITERABLE):
        raise type_error(f"'{type_name(value)}' object is not iterable")
    else:
        source = iter(machine.perform(list, value))
    return _pulled(machine, source)


def _pulled(machine: Machine, source: Iterator[Any]) -> Iterator[Any]:
    while (item := pull(machine, source)) is not END:
        yield item


END = object()


def pull(machine: Machine, source: Iterator[Any]) -> Any:
    """Take the next value of a stream, END where there is none.

    Raises:
        Raised: what it goes through was changed meanwhile, or what makes it raises.

    """
    machine.budget.spend()
    if machine.pulling >= CALLS:
        raise Refused(f"streams that wait for one another more than {CALLS} deep", "make a list in between")
    machine.pulling += 1
    try:
        return next(source, END)
    except (RuntimeError, ValueError) as wrong:  # such as a dict that changed its size
        raise caught(wrong) from None
    finally:
        machine.pulling -= 1


def spend_on_keys(machine: Machine, keys: Collection[Any], known: Collection[Any] = ()) -> None:
    """Pay for keys to be added to a dict; all can have one hash, and each is compared with the others."""
    if any(map(may_collide, keys)):
        machine.budget.spend(len(keys) * (len(keys) + len(known)) >> 4)


def items(machine: Machine, value: Any) -> list[Any]:
    """List what `each` goes through."""
    found: list[Any] = []
    for item in each(machine, value):
        found.append(item)
        allow_items(len(found))
    return found


ITERABLE = (nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.ParameterList)
