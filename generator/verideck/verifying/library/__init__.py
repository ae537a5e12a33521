"""What checks can compute: a closed table from a name to its reference computation.

Importing this imports no torch; an entry's `call` imports what it computes with.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from verideck.problems import nearest
from verideck.reference.experiments import EXPERIMENTS
from verideck.verifying import syntax
from verideck.verifying.library.arguments import MOST_ELEMENTS
from verideck.verifying.library.entries import Entry, Parameter, Steps
from verideck.verifying.library.hashing import hash_of, hash_of_experiment
from verideck.verifying.library.kinds import KINDS
from verideck.verifying.library.tables import attending, general, reforming

__all__ = [
    "CONSTANTS",
    "FUNCTIONS",
    "KINDS",
    "LIBRARY",
    "MOST_ELEMENTS",
    "SUBJECTS",
    "Entry",
    "Parameter",
    "Steps",
    "reference_hash",
    "references",
]

SUBJECTS: Mapping[str, tuple[Entry, ...]] = MappingProxyType(
    {
        "Attention": attending.ATTENTION,
        "Layers": attending.LAYERS,
        "Shapes and counts": reforming.COUNTING,
        "Reversible layers": reforming.REVERSIBLE,
        "Hashing": reforming.LSH,
        "Arithmetic, tensors, formulas": general.ENTRIES,
    }
)
"""The entries by subject, in the order to list them."""

LIBRARY: Mapping[str, Entry] = MappingProxyType(
    {entry.name: entry for entries in SUBJECTS.values() for entry in entries}
)
"""Every function of the check language by its name."""

FUNCTIONS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {name: entry.call for name, entry in LIBRARY.items()}
)
"""What the evaluator calls."""

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "e": math.e, "inf": math.inf})
"""Names that stand for numbers; units are in `values.UNITS`."""


def references(tree: ast.Module) -> dict[str, str]:
    """Hash all reference code that a check computes with, by the name under which it asks for it."""
    names = sorted(syntax.called(tree) & LIBRARY.keys())
    experiments = sorted(syntax.measured(tree) & EXPERIMENTS.keys())
    hashes = {name: reference_hash(name) for name in names}
    return hashes | {f"measured {name}": hash_of_experiment(EXPERIMENTS[name]) for name in experiments}


def reference_hash(name: str) -> str:
    """Hash the source of all that a function computes with, without importing torch.

    A change in one reference module changes only the hashes of the functions that use it. Raises KeyError,
    with a message for a person, for a name that is not in the library.
    """
    if name not in LIBRARY:
        raise KeyError(f"`{name}` is not in the library; {nearest(name, LIBRARY)}".rstrip("; "))
    return hash_of(LIBRARY[name])
