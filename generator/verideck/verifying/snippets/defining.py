"""Classes that a program defines: layers on torch's own base class, so that all else is torch's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import nn

from verideck.verifying.budgets import Refused
from verideck.verifying.snippets import calling
from verideck.verifying.snippets.machine import Definition
from verideck.verifying.snippets.objects import Function, Method, Type
from verideck.verifying.snippets.raising import Raised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verideck.verifying.snippets.machine import Machine
    from verideck.verifying.snippets.scopes import Scope

OWN = ("__init__", "forward")  # methods of torch's that a class may replace
RESERVED = frozenset(dir(nn.Module)) | frozenset(nn.Module().__dict__)
SETTABLE = ("training",)
CLASS = 64  # steps that making one takes


def define(machine: Machine, name: str, base: Any, methods: Mapping[str, Function]) -> Type:
    """Make a class; raises Refused where its base or a method is outside the language."""
    if not isinstance(base, Type) or not (base.real is nn.Module or base.real in machine.classes):
        raise Refused(f"the class `{name}` without `nn.Module`", "a class is `class Name(nn.Module):`")
    for method in methods:
        if method not in OWN and (method in RESERVED or method.startswith("_")):
            raise Refused(f"the method `{method}` of a class", "`__init__`, `forward`, and names of your own")
    body: dict[str, Any] = {"__module__": "__main__", "__qualname__": name}
    if "forward" in methods:
        body["forward"] = _forward(machine, methods["forward"])
    machine.budget.spend(CLASS)
    made = type(name, (base.real,), body)
    for method, function in methods.items():
        function.owner = made
        function.name = f"{name}.{method}"  # as Python's messages say it
    machine.classes[made] = Definition(name, base.real if base.real in machine.classes else None, methods)
    return Type(made)


def _forward(machine: Machine, function: Function) -> Any:
    """Make the method by which torch calls the program's `forward`."""

    def forward(self: nn.Module, *arguments: Any, **keywords: Any) -> Any:
        return calling.call_function(machine, function, (self, *arguments), keywords, self)

    return forward


def instance(machine: Machine, real: type[nn.Module]) -> nn.Module:
    """Make an instance that has not been initialised: the program's `super().__init__()` does that."""
    made: nn.Module = real.__new__(real)
    machine.budget.spend()
    return made


def find_method(machine: Machine, real: type | None, name: str) -> Function | None:
    """Find a method of the program in a class or those it is based on."""
    while real is not None and real in machine.classes:
        definition = machine.classes[real]
        if name in definition.methods:
            return definition.methods[name]
        real = definition.base
    return None


def call_super(
    machine: Machine, scope: Scope, name: str, arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> Any:
    """Call a method of the class that a method's own class is based on: `super().__init__()`."""
    method = scope.method()
    if method is None or method.owner is None:
        raise Raised(RuntimeError, "super(): no arguments")
    base = machine.classes[method.owner].base
    found = find_method(machine, base, name)
    if found is not None:
        return calling.call_function(machine, found, (method.instance, *arguments), keywords, method.instance)
    if name != "__init__":
        raise Refused(f"`super().{name}`", "only `super().__init__()` reaches torch's own class")
    return machine.perform(nn.Module.__init__, method.instance, *arguments, **keywords)


def get(machine: Machine, value: nn.Module, name: str) -> Any:
    """Give what an instance of the program's class has; raises KeyError where that is torch's."""
    kept = vars(value)
    if name in kept and name not in RESERVED:
        return kept[name]
    function = find_method(machine, type(value), name)
    if function is not None:
        return Method(value, function)
    raise KeyError(name)


def set_attribute(machine: Machine, value: nn.Module, name: str, item: Any) -> None:
    """Set an attribute of an instance; raises Refused where it would replace something of torch's."""
    if name in RESERVED and name not in SETTABLE:
        raise Refused(f"an assignment to `.{name}`, which torch's class has", "use another name")
    try:
        setattr(value, name, item)
    except (AttributeError, TypeError, KeyError) as wrong:
        raise Raised(type(wrong), str(wrong)) from None
    machine.budget.spend()
