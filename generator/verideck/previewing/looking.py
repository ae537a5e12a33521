"""One look at the files of a deck: what the page shows now, and what must still be computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from verideck import building
from verideck import sources as disk
from verideck.previewing import entries, remembering
from verideck.verifying import executors, run
from verideck.verifying.provenance import RECOMPUTE, Policy

if TYPE_CHECKING:
    from verideck.cards import Card
    from verideck.previewing.entries import Snapshot
    from verideck.previewing.remembering import Memory
    from verideck.project import Project
    from verideck.verifying.evidence import Evidence
    from verideck.verifying.run import Compute


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look saw. `waiting` are the cards to compute, as if they began on line 1."""

    root: Path
    snapshot: Snapshot
    memory: Memory
    project: Project
    evidence: Evidence
    waiting: tuple[Card, ...]


def look(
    paths: Sequence[Path],
    snapshot: Snapshot,
    memory: Memory,
    *,
    now: int,
    policy: Policy = RECOMPUTE,
    compute: Compute = executors.compute_all,
) -> Seen:
    """Read the sources that `paths` name, and do again what their changes ask for.

    `now` is in seconds since 1970. `compute` serves saved pages only, which are read through it. Raises
    SourcesError where the paths name no one deck.
    """
    one = remembering.Look(memory, policy)
    pages = partial(building.import_pages, progress=run.silent, compute=compute)
    sources = disk.gather(paths, pages, one.parse)
    # What is computed in the background is remembered there.
    stages = building.Stages(one.verify, one.render, one.evidence, one.unnamed, remember=lambda _: ())
    examined = building.examine_sources(sources, now, stages)
    shown = entries.snapshot(examined, one.ground, one.waiting, one.sections, snapshot)
    if not sources.cards and snapshot.entries:  # a broken deck.toml is mended soon
        shown = replace(shown, title=snapshot.title, language=snapshot.language)
    return Seen(
        sources.root,
        shown,
        one.memory if sources.cards else memory,
        examined.project,
        examined.verification.evidence,
        tuple(one.waiting),
    )
