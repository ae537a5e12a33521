"""The hash of the code that an entry computes with: evidence is renewed when it changes.

Files are read as text; nothing is imported for it, torch least of all.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verideck.reference.experiments import Experiment
    from verideck.verifying.library.entries import Entry


EPOCH = "1"
"""Raise it where the conversion of arguments changes in a way that changes values."""

PACKAGE = Path(__file__).parents[2]  # generator/verideck
REFERENCE = PACKAGE / "reference"


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def is_folder(module: str) -> bool:
    """Tell whether an entry's module is a package such as `verifying/formulas`, not of the reference."""
    return "/" in module and not (REFERENCE / f"{module}.py").exists()


@cache
def uses(module: str) -> tuple[str, ...]:
    """List a reference module and the reference modules that it imports, directly or not, sorted."""
    found, waiting = set[str](), [module]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        tree = ast.parse(_text(REFERENCE / f"{name}.py"))
        modules = [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        own = "verideck.reference."
        waiting += [one.removeprefix(own).replace(".", "/") for one in modules if one.startswith(own)]
    return tuple(sorted(found))


def _files(entry: Entry) -> list[Path]:
    """List the files an entry computes with: reference modules, its own glue, other packages."""
    names = sorted({used for module in entry.modules if not is_folder(module) for used in uses(module)})
    files = [REFERENCE / f"{name}.py" for name in names]
    for folder in filter(is_folder, entry.modules):
        files += sorted((PACKAGE / folder).rglob("*.py"))
    if entry.glue:
        files.append(PACKAGE.joinpath(*entry.glue.split(".")[1:]).with_suffix(".py"))
    return files


def hash_of(entry: Entry) -> str:
    """Hash the text of everything that an entry computes with; 16 hexadecimal digits."""
    return _hash(_files(entry), EPOCH)


def hash_of_experiment(experiment: Experiment) -> str:
    """Hash the text of everything that an experiment computes with, and what its row says of the figure."""
    files = [REFERENCE / f"{name}.py" for name in uses(experiment.module)]
    settings = sorted(experiment.given.items()), sorted(experiment.settings.items())
    row = experiment.function, experiment.direction, experiment.threshold, experiment.unit, *settings
    return _hash(files, repr(row))


def _hash(files: Iterable[Path], first: str) -> str:
    digest = hashlib.sha256(first.encode())
    for path in files:
        digest.update(f"\0{path.relative_to(PACKAGE).as_posix()}\0{_text(path)}".encode())
    return digest.hexdigest()[:16]
