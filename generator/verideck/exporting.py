"""A verified deck to another program's format: nothing is written while an answer is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from verideck import building
from verideck.packaging import files
from verideck.problems import Problem, has_errors, ordered
from verideck.reading.formats import gift_writing
from verideck.verifying import executors, provenance, run

if TYPE_CHECKING:
    from verideck.cards import Card
    from verideck.project import Project
    from verideck.reading.formats.gift_writing import Written

WRITERS: Mapping[str, Callable[[Sequence[Card], Project], Written]] = MappingProxyType(
    {"gift": gift_writing.write}
)


@dataclass(frozen=True, slots=True)
class Exported:
    """How many cards of how many were written, and what is to be told; `written` is false after an error.

    `trusted` is how many checks were computed elsewhere and trusted.
    """

    written: bool
    count: int
    total: int
    problems: tuple[Problem, ...]
    trusted: int = 0


def export(
    paths: Sequence[Path],
    target: Path,
    form: str,
    *,
    now: int,
    policy: provenance.Policy = provenance.RECOMPUTE,
    progress: run.Progress = run.silent,
    compute: run.Compute = executors.compute_all,
) -> Exported:
    """Verify a deck's sources and write their cards to `target` in the format `form`, a key of WRITERS.

    Answers that were left to a program are filled in. Raises what `building.examine` raises, and WriteError
    where the target cannot be written.
    """
    files.check_file(target)
    examined = building.examine(paths, now=now, policy=policy, progress=progress, compute=compute)
    cards = [checked.card for checked in examined.checked]
    if has_errors(examined.problems):
        return Exported(False, 0, len(cards), examined.problems, examined.verification.trusted)
    made = WRITERS[form](cards, examined.project)
    files.replace_all([(target, made.text.encode("utf-8"))])
    problems = ordered((*examined.problems, *made.problems))
    return Exported(True, made.count, len(cards), problems, examined.verification.trusted)
