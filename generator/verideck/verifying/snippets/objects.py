"""The objects a program meets that are no plain data: modules, functions, types, streams.

A program never holds a real module, a real function or a real class: each is one of these, and what can be
done with it is in the tables.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verideck.verifying.snippets.machine import Machine
    from verideck.verifying.snippets.scopes import Scope


@dataclass(frozen=True, slots=True)
class Namespace:
    """A module that the program imported, by its full name."""

    path: str


@dataclass(frozen=True, slots=True)
class Known:
    """A function of the tables. With `inner` it is called with the machine, and values of any kind."""

    name: str
    call: Callable[..., object]
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """A type that the program can name; calling it makes a value where the tables say how."""

    real: type


@dataclass(frozen=True, slots=True)
class Bound:
    """A method of plain data, a tensor, a layer or an optimizer, allowed by the tables."""

    value: Any
    name: str


@dataclass(slots=True, eq=False)
class Function:
    """A function that the program defined, with its defaults evaluated."""

    name: str
    arguments: ast.arguments
    body: tuple[ast.stmt, ...] | ast.expr
    scope: Scope
    own: frozenset[str]
    defaults: tuple[Any, ...] = ()
    keyword_defaults: dict[str, Any] = field(default_factory=dict)
    owner: type | None = None  # the class whose method it is

    @property
    def named(self) -> list[str]:
        """The names of its parameters that take positional arguments."""
        return [one.arg for one in (*self.arguments.posonlyargs, *self.arguments.args)]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a class that the program defined, with its instance."""

    instance: Any
    function: Function


@dataclass(slots=True, eq=False)
class Stream:
    """Values that can be gone through once: what a generator, `zip`, `enumerate` and the like give."""

    name: str
    source: Iterator[Any]


@dataclass(frozen=True, slots=True)
class Context:
    """What may stand in a `with`: a mode of autograd."""

    name: str
    make: Callable[[Machine], Any]


OBJECTS = (Namespace, Known, Type, Bound, Function, Method, Stream, Context)
