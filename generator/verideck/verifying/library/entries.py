"""An entry of the library: what a function of the check language is called, takes, gives and comes from."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from verideck.problems import nearest
from verideck.verifying.library.arguments import UnfitError
from verideck.verifying.library.kinds import KINDS

Line = tuple[str, object]
Steps = tuple[Line, ...]

# What a reference computation may raise for arguments that pass one by one and do not fit together.
FAILURES = (ArithmeticError, IndexError, RuntimeError, TypeError)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its kind (a key of `kinds.KINDS`), its default as written, what it means."""

    name: str
    kind: str
    meaning: str
    units: str = ""
    default: str = ""  # empty where the argument must be given
    variadic: bool = False

    @property
    def takes(self) -> str:
        """What it takes, for a person, with its units."""
        return f"{KINDS[self.kind].text}, in {self.units}" if self.units else KINDS[self.kind].text


@dataclass(frozen=True, slots=True)
class Entry:
    """One function of the check language.

    `call` takes the arguments as a check gives them and raises ValueError, with a message for a person, for
    a missing, unknown or unfit one. `steps` takes the same and gives the lines of a worked solution; None
    where the value speaks for itself. `modules` are the reference modules that it computes with.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    returns: str
    source: str
    example: str
    call: Callable[..., object]
    steps: Callable[..., Steps] | None = None
    modules: tuple[str, ...] = ()
    glue: str = ""

    @property
    def signature(self) -> str:
        """How it is called, such as `softmax(scores, axis=-1, mask=None)`."""
        parts = [
            f"*{one.name}" if one.variadic else one.name + (f"={one.default}" if one.default else "")
            for one in self.parameters
        ]
        return f"{self.name}({', '.join(parts)})"


def entry(
    name: str,
    function: Callable[..., object],
    summary: str,
    parameters: Sequence[Parameter],
    returns: str,
    source: str,
    example: str,
    steps: Callable[..., Steps] | None = None,
    modules: Sequence[str] = (),
) -> Entry:
    """Make an entry; defaults are the function's own, and its arguments are converted by their kinds."""
    signature = inspect.signature(function)
    full = tuple(_with_default(one, signature) for one in parameters)
    if tuple(one.name for one in full) != tuple(signature.parameters):
        raise TypeError(f"{name}: parameters {signature} are described as {[one.name for one in full]}")
    return Entry(
        name,
        summary,
        full,
        returns,
        source,
        example,
        _checked(name, function, signature, full),
        None if steps is None else _checked(name, steps, signature, full),
        tuple(modules),
        function.__module__,
    )


def _with_default(parameter: Parameter, signature: inspect.Signature) -> Parameter:
    found = signature.parameters[parameter.name]
    variadic = found.kind is found.VAR_POSITIONAL
    default = "" if found.default is found.empty else "e" if found.default == math.e else repr(found.default)
    return Parameter(parameter.name, parameter.kind, parameter.meaning, parameter.units, default, variadic)


def _checked(
    name: str, function: Callable[..., Any], signature: inspect.Signature, parameters: tuple[Parameter, ...]
) -> Callable[..., Any]:
    """Wrap a function: bind, convert, call, and say for a person what went wrong."""

    def call(*arguments: object, **keywords: object) -> Any:
        bound = _bind(name, signature, arguments, keywords)
        for one in parameters:
            if one.name in bound:
                bound[one.name] = _converted(one, bound[one.name], signature)
        positional = bound.pop(parameters[0].name, ()) if parameters and parameters[0].variadic else ()
        try:
            return function(*positional, **bound)
        except FAILURES as wrong:
            first = (str(wrong).splitlines() or [type(wrong).__name__])[0][:200]
            raise UnfitError(f"cannot compute this: {first}") from None

    call.__name__ = name
    call.__signature__ = signature.replace(return_annotation=signature.empty)  # type: ignore[attr-defined]  # inspect reads it
    return call


def _bind(
    name: str, signature: inspect.Signature, arguments: tuple[object, ...], keywords: Mapping[str, object]
) -> dict[str, Any]:
    known = [one.name for one in signature.parameters.values() if one.kind is not one.VAR_POSITIONAL]
    for word in keywords:
        if word not in known:
            hint = nearest(word, known) or ("there are " + ", ".join(f"`{one}`" for one in known))
            raise UnfitError(f"`{name}` takes no argument `{word}`; {hint if known else 'it takes no names'}")
    try:
        return dict(signature.bind(*arguments, **keywords).arguments)
    except TypeError:
        pass
    missing = [
        one.name
        for place, one in enumerate(signature.parameters.values())
        if one.default is one.empty and place >= len(arguments) and one.name not in keywords
    ]
    if missing:
        raise UnfitError(f"`{name}` needs {' and '.join(f'`{one}`' for one in missing)}")
    twice = [word for place, word in enumerate(known) if word in keywords and place < len(arguments)]
    if twice:
        raise UnfitError(f"`{name}` is given `{twice[0]}` twice")
    raise UnfitError(f"`{name}` takes {len(known)} arguments and is given {len(arguments)}")


def _converted(parameter: Parameter, value: Any, signature: inspect.Signature) -> Any:
    convert = KINDS[parameter.kind].convert
    if parameter.variadic:
        return tuple(convert(one, parameter.name) for one in value)
    if value is None and signature.parameters[parameter.name].default is None:
        return None
    return convert(value, parameter.name)
