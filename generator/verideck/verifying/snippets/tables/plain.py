"""Python's own functions, and the methods of lists, dicts and texts that need care."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any

from torch import nn

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import calling
from verideck.verifying.snippets.budgets import DIGITS, WIDTH, allow_items, allow_text
from verideck.verifying.snippets.calling import END, call, each, items, pull, spend_on_keys
from verideck.verifying.snippets.data import HOLDERS, describe, type_name
from verideck.verifying.snippets.objects import OBJECTS, Function, Known, Stream, Type
from verideck.verifying.snippets.operators import binary, truth
from verideck.verifying.snippets.raising import EXCEPTIONS, Failure, Raised, type_error
from verideck.verifying.snippets.text import formatted, written

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine


def _print(machine: Machine, *values: Any, sep: Any = " ", end: Any = "\n", flush: Any = False) -> None:
    del flush
    texts = [written(machine, value) for value in values]
    sep, end = " " if sep is None else sep, "\n" if end is None else end
    if not (isinstance(sep, str) and isinstance(end, str)):
        raise type_error(f"sep must be None or a string, not {type(sep).__name__}")
    machine.budget.write(sum(map(len, texts)) + len(sep) * max(len(texts) - 1, 0) + len(end))
    machine.output.append(sep.join(texts) + end)


def _len(machine: Machine, value: Any) -> Any:
    if isinstance(value, HOLDERS):
        return len(value)
    if isinstance(value, OBJECTS):
        name = value.name if isinstance(value, Stream) else "function"
        raise type_error(f"object of type '{name}' has no len()")
    return machine.perform(len, value)


def _range(machine: Machine, *bounds: Any) -> Any:
    made = machine.perform(range, *bounds)
    allow_items(max(made[-1] - made[0], made[0] - made[-1]) // abs(made.step) + 1 if made else 0, "a range")
    return made


def _sum(machine: Machine, values: Any, /, start: Any = 0) -> Any:
    total = start
    if isinstance(start, str):
        raise type_error("sum() can't sum strings [use ''.join(seq) instead]")
    for value in each(machine, values):
        total = binary(machine, ast.Add, total, value)
    return total


def _keyed(machine: Machine, values: list[Any], key: Any) -> list[Any]:
    return values if key is None else [call(machine, key, (value,), {}) for value in values]


def _sorted(machine: Machine, values: Any, /, *, key: Any = None, reverse: Any = False) -> Any:
    listed = items(machine, values)
    keys = _keyed(machine, listed, key)
    machine.budget.spend(16 * len(listed))
    backwards = truth(machine, reverse)

    def ordered(given: list[Any]) -> list[int]:
        return sorted(range(len(given)), key=given.__getitem__, reverse=backwards)

    order = machine.perform(ordered, keys)
    return [listed[place] for place in order]


def _extreme(name: str, function: Callable[..., Any]) -> Known:
    """Make `min` or `max`."""

    def extreme(machine: Machine, *values: Any, key: Any = None, default: Any = None) -> Any:
        listed = items(machine, values[0]) if len(values) == 1 else list(values)
        if not listed:
            if default is not None:
                return default
            raise Raised(ValueError, f"{name}() iterable argument is empty")
        keys = _keyed(machine, listed, key)
        return listed[machine.perform(lambda given: function(range(len(given)), key=given.__getitem__), keys)]

    return Known(name, extreme, inner=True)


def _every(name: str, wanted: bool) -> Known:
    """Make `all` or `any`."""

    def every(machine: Machine, values: Any) -> bool:
        return wanted if all(truth(machine, v) is wanted for v in each(machine, values)) else not wanted

    return Known(name, every, inner=True)


def _zip(machine: Machine, *many: Any, strict: Any = False) -> Stream:
    columns = [each(machine, one) for one in many]
    return Stream("zip", zip(*columns, strict=truth(machine, strict)))


def _enumerate(machine: Machine, values: Any, start: Any = 0) -> Stream:
    if not isinstance(start, int):
        raise type_error(f"'{type_name(start)}' object cannot be interpreted as an integer")
    return Stream("enumerate", enumerate(each(machine, values), start))


def _map(machine: Machine, function: Any, *many: Any) -> Stream:
    rows = zip(*[each(machine, one) for one in many], strict=False)
    return Stream("map", (call(machine, function, row, {}) for row in rows))


def _filter(machine: Machine, function: Any, values: Any) -> Stream:
    def holds(value: Any) -> bool:
        return truth(machine, value if function is None else call(machine, function, (value,), {}))

    return Stream("filter", filter(holds, each(machine, values)))


def _reversed(machine: Machine, values: Any) -> Stream:
    del machine
    if not isinstance(values, list | tuple | str | range | dict):
        raise type_error(f"'{type_name(values)}' object is not reversible")
    return Stream("reversed", reversed(values))


def _next(machine: Machine, stream: Any, *default: Any) -> Any:
    if not isinstance(stream, Stream):
        raise type_error(f"'{type_name(stream)}' object is not an iterator")
    found = pull(machine, stream.source)
    if found is not END:
        return found
    if default:
        return default[0]
    raise Raised(StopIteration, "")


def _iter(machine: Machine, values: Any) -> Stream:
    return values if isinstance(values, Stream) else Stream("iterator", each(machine, values))


def _round(machine: Machine, number: Any, ndigits: Any = None) -> Any:
    if ndigits is not None and (type(ndigits) is not int or abs(ndigits) > DIGITS):
        raise Refused("`round` to such a number of digits", f"a whole number up to {DIGITS}")
    return machine.perform(round, number) if ndigits is None else machine.perform(round, number, ndigits)


def _pow(machine: Machine, base: Any, exponent: Any) -> Any:
    return binary(machine, ast.Pow, base, exponent)


def _type(machine: Machine, value: Any) -> Type:
    del machine
    if isinstance(value, Function):
        return Type(FunctionType)
    if isinstance(value, OBJECTS):
        raise Refused(f"the type of {describe(value)}", "ask for the type of a value")
    return Type(value.kind if isinstance(value, Failure) else type(value))


def _isinstance(machine: Machine, value: Any, kinds: Any) -> bool:
    listed = kinds if isinstance(kinds, tuple) else (kinds,)
    machine.budget.spend(len(listed))
    if not all(isinstance(one, Type) for one in listed):
        raise Refused("`isinstance` with something that is no type", "name a type, or several in brackets")
    real = tuple(one.real for one in listed)
    return not isinstance(value, OBJECTS) and isinstance(value, real)


def _str(machine: Machine, value: Any = "") -> str:
    return written(machine, value)


def _repr(machine: Machine, value: Any) -> str:
    return written(machine, value, source=True)


def _format(machine: Machine, value: Any, spec: Any = "") -> str:
    if not isinstance(spec, str):
        raise type_error(f"format() argument 2 must be str, not {type(spec).__name__}")
    return formatted(machine, value, spec)


def _made(kind: Callable[..., Any]) -> Callable[..., Any]:
    def made(machine: Machine, values: Any = ()) -> Any:
        return machine.perform(kind, items(machine, values))

    return made


def _dict(machine: Machine, values: Any = (), **named: Any) -> Any:
    pairs = values if isinstance(values, dict) else items(machine, values)
    keys = (
        pairs
        if isinstance(pairs, dict)
        else [pair[0] for pair in pairs if isinstance(pair, list | tuple) and pair]
    )
    spend_on_keys(machine, keys)
    return machine.perform(lambda given, more: dict(given, **more), pairs, named)


TYPES: Mapping[str, tuple[type, Callable[..., Any]]] = {
    "int": (int, lambda machine, value=0: machine.perform(int, value)),
    "float": (float, lambda machine, value=0.0: machine.perform(float, value)),
    "bool": (bool, lambda machine, value=False: truth(machine, value)),
    "str": (str, _str),
    "list": (list, _made(list)),
    "tuple": (tuple, _made(tuple)),
    "dict": (dict, _dict),
}
_INNER: Mapping[str, Callable[..., Any]] = {
    "print": _print, "len": _len, "range": _range, "sum": _sum, "sorted": _sorted, "zip": _zip,
    "enumerate": _enumerate, "map": _map, "filter": _filter, "reversed": _reversed, "next": _next,
    "iter": _iter, "round": _round, "pow": _pow, "type": _type, "isinstance": _isinstance,
    "repr": _repr, "format": _format,
}  # fmt: skip
BUILTINS: Mapping[str, Any] = {
    **{name: Known(name, function, inner=True) for name, function in _INNER.items()},
    "abs": Known("abs", abs),
    "divmod": Known("divmod", divmod),
    "min": _extreme("min", min),
    "max": _extreme("max", max),
    "all": _every("all", wanted=True),
    "any": _every("any", wanted=False),
    **{name: Type(kind) for name, (kind, _) in TYPES.items()},
    **{name: Type(kind) for name, kind in EXCEPTIONS.items()},
}
for _kind, _maker in TYPES.values():
    calling.MAKERS[_kind] = Known(_kind.__name__, _maker, inner=True)


def _sort(machine: Machine, value: list[Any], *, key: Any = None, reverse: Any = False) -> None:
    listed = value[:]
    value.clear()  # as Python does: a key that changes the list is found out
    try:
        listed = _sorted(machine, listed, key=key, reverse=reverse)
    finally:
        changed = len(value) > 0
        value[:] = listed
    if changed:
        raise Raised(ValueError, "list modified during sort")


def _append(machine: Machine, value: list[Any], item: Any) -> None:
    machine.budget.spend()
    value.append(item)


def _extend(machine: Machine, value: Any, more: Any) -> None:
    added = items(machine, more)
    allow_items(len(value) + len(added))
    value.extend(added)


def _join(machine: Machine, value: str, parts: Any) -> Any:
    listed = items(machine, parts)
    allow_text(sum(len(part) for part in listed if isinstance(part, str)) + len(value) * len(listed))
    return machine.perform(value.join, listed)


def _replace(machine: Machine, value: str, old: Any, new: Any) -> Any:
    if isinstance(new, str):
        allow_text((len(value) + 1) * (len(new) + 1))
    return machine.perform(value.replace, old, new)


def _padded(name: str) -> Callable[..., Any]:
    def padded(machine: Machine, value: str, width: Any, *fill: Any) -> Any:
        if type(width) is not int or width > WIDTH:
            raise Refused(f"`.{name}` to such a width", f"a whole number up to {WIDTH}")
        return machine.perform(getattr(value, name), width, *fill)

    return padded


calling.SPECIAL |= {
    (list, "append"): _append,
    (list, "extend"): _extend,
    (list, "sort"): _sort,
    (nn.ModuleList, "extend"): _extend,
    (str, "join"): _join,
    (str, "replace"): _replace,
}
calling.SPECIAL |= {(str, name): _padded(name) for name in ("ljust", "rjust", "center", "zfill")}
