"""Calling a library function; whatever it raises becomes a word to the author."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from verideck.problems import nearest
from verideck.verifying.budgets import Refused, too_large
from verideck.verifying.kinds import plain

INSTALL = "pip install torch"

# What a library function may raise for arguments that it did not foresee.
FAILURES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a library function that was made: what is needed to show its working."""

    name: str
    arguments: tuple[object, ...]
    keywords: Mapping[str, object]


def perform(function: Callable[..., object], call: Call) -> object:
    """Call a library function.

    Raises:
        Refused: an argument is missing, unknown or does not fit, or the value cannot be had.

    """
    name = call.name
    _fit(function, call)
    try:
        return plain(function(*call.arguments, **call.keywords))
    except ModuleNotFoundError as missing:
        raise without_torch(missing) from None
    except ValueError as wrong:
        message = str(wrong) or "an argument that does not fit"
        raise Refused(message if name in message else f"`{name}`: {message}", usage(name, function)) from None
    except (MemoryError, OverflowError):
        raise too_large(f"a value of `{name}`") from None
    except FAILURES as wrong:
        first = (str(wrong).splitlines() or [type(wrong).__name__])[0][:200]
        raise Refused(f"`{name}` cannot compute this: {first}", usage(name, function)) from None


def without_torch(missing: ModuleNotFoundError) -> Refused:
    """Make the refusal of what needs torch; raises `missing` again where another module is missing."""
    if missing.name != "torch":
        raise missing
    return Refused("torch is not installed", f"install it: {INSTALL}", "torch", stops=True)


def _fit(function: Callable[..., object], call: Call) -> None:
    """Refuse a missing or unknown argument before the call, naming it."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # a built-in without one
        return
    try:
        signature.bind(*call.arguments, **call.keywords)
    except TypeError as wrong:
        unknown = [word for word in call.keywords if word not in signature.parameters]
        open_ended = any(one.kind is one.VAR_KEYWORD for one in signature.parameters.values())
        if unknown and not open_ended:
            hint = nearest(unknown[0], signature.parameters) or usage(call.name, function)
            raise Refused(f"`{call.name}` takes no argument `{unknown[0]}`", hint) from None
        raise Refused(f"`{call.name}`: {binding_message(wrong)}", usage(call.name, function)) from None


def binding_message(wrong: TypeError) -> str:
    """Say for a person what `Signature.bind` found."""
    return str(wrong).replace("'", "`").replace("a required argument: ", "the argument ")


def usage(name: str, function: Callable[..., object]) -> str:
    """Say how a function is called."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ""
    parts = [one.name if one.default is one.empty else f"{one.name}={one.default!r}" for one in parameters]
    return f"write `{name}({', '.join(parts)})`"
