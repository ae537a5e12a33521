"""What a mutant is: a misconception as a change of library entries, and the ways to make one.

A change takes what an entry computes by and gives what a person with the misconception would compute. It says
through `Trial` when it really did something, and names luck where it sees why its value is no other.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from verideck.verifying.kinds import is_tensor

Compute = Callable[..., Any]
Change = Callable[["Trial", Compute, Mapping[str, Any]], Any]
"""Takes the trial, the entry's own computation, and the arguments by name; gives the changed value."""


@dataclass(slots=True)
class Trial:
    """One evaluation under a mutant: whether it changed anything, and what luck it met."""

    functions: Mapping[str, Compute]
    touched: bool = False
    luck: list[str] = field(default_factory=list)

    def lucky(self, text: str) -> None:
        """Name a reason why a value may be the same all the same."""
        if text not in self.luck:
            self.luck.append(text)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A misconception: what it believes, and what it makes of library entries and of constants."""

    name: str
    belief: str
    changes: Mapping[str, Change] = field(default_factory=lambda: MappingProxyType({}))
    constants: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


class Untouched(Exception):  # noqa: N818 - no failure: the misconception makes no difference here
    """The arguments leave a misconception nothing to change."""


def bound(compute: Compute, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Give a call's arguments by name, with their defaults; those of `*values` under their one name."""
    found = inspect.signature(compute).bind(*arguments, **keywords)
    found.apply_defaults()
    return dict(found.arguments)


def call(compute: Compute, given: Mapping[str, Any]) -> Any:
    """Call with arguments by name, as `bound` gives them."""
    parameters = inspect.signature(compute).parameters.values()
    spread = next((one.name for one in parameters if one.kind is one.VAR_POSITIONAL), None)
    rest = {name: value for name, value in given.items() if name != spread}
    return compute(*given[spread], **rest) if spread else compute(**rest)


def applied(trial: Trial, change: Change, compute: Compute) -> Compute:
    """Give what a person with the misconception calls by the entry's name."""

    def changed(*arguments: Any, **keywords: Any) -> Any:
        given = bound(compute, arguments, keywords)
        try:
            value = change(trial, compute, given)
        except Untouched:
            return compute(*arguments, **keywords)
        trial.touched = True
        return value

    changed.__signature__ = inspect.signature(compute)  # type: ignore[attr-defined]  # inspect reads it
    return changed


def flip(name: str) -> Change:
    """Turn a flag over."""
    return lambda _, compute, given: call(compute, {**given, name: not given[name]})


def put(**values: Any) -> Change:
    """Put other values in the place of arguments; nothing changes where they were those already."""

    def change(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
        if all(given[name] == value for name, value in values.items()):
            raise Untouched
        return call(compute, {**given, **values})

    return change


def swap(one: str, other: str) -> Change:
    """Take each of two arguments for the other."""

    def change(_: Trial, compute: Compute, given: Mapping[str, Any]) -> Any:
        if given[one] is given[other] or (isinstance(given[one], str) and given[one] == given[other]):
            raise Untouched
        return call(compute, {**given, one: given[other], other: given[one]})

    return change


def after(function: Callable[[Any], Any]) -> Change:
    """Change what comes out."""
    return lambda _, compute, given: function(call(compute, given))


def instead(name: str) -> Change:
    """Call another entry of the library with the arguments that it shares with this one."""

    def change(trial: Trial, _: Compute, given: Mapping[str, Any]) -> Any:
        other = trial.functions[name]
        known = inspect.signature(other).parameters
        return call(other, {key: value for key, value in given.items() if key in known})

    return change


def scaled(value: Any, factor: float) -> Any:
    """Multiply numbers, however they are held."""
    if isinstance(value, list | tuple):
        return [scaled(item, factor) for item in value]
    return value * factor


def tensor(value: Any) -> Any:
    """Give numbers as a float64 tensor."""
    import torch

    return value if is_tensor(value) else torch.tensor(value, dtype=torch.float64)


def all_equal(value: Any) -> bool:
    """Tell whether all rows of a matrix, or all numbers of a list, are the same, and there are several."""
    rows = tensor(value)
    if rows.dim() < 2:
        return rows.numel() > 1 and bool((rows == rows[:1]).all())
    return rows.shape[-2] > 1 and bool((rows == rows[..., :1, :]).all())
