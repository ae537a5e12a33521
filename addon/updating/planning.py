"""What an update would do: the package held against the collection. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import explaining, finding, looking, looks, media, standing
from .plan import Plan, Progress

if TYPE_CHECKING:
    from anki.collection import Collection

    from .packages import Package


def planned(col: Collection, package: Package, progress: Progress | None = None) -> Plan:
    """Say what an update by a package would do.

    Raises Cancelled where `progress` says so.
    """
    looked = looking.look(col, package, progress)
    here, lacking, pairs = looked.here, looked.lacking, looked.pairs
    changed, conflicts, edited, silent = finding.sorted_out(pairs, looked.emptied)
    new = tuple(finding.new(here, package, lacking))
    retired, revived = tuple(finding.retired(here, package)), tuple(finding.revived(pairs))
    more = any(not one.deleted for one in new) or bool(retired or revived)
    version, stands = standing.standing(col, here, package, pairs, more=more)
    unused = media.unused(col, package)
    looking.tell(progress, "Looking at the deck", len(pairs), len(pairs))
    return Plan(
        package.manifest.title,
        package.manifest.namespace,
        package.manifest.version,
        version,
        stands,
        new=new,
        changed=tuple(changed),
        conflicts=tuple(conflicts),
        edited=tuple(edited),
        moved=tuple(finding.moved(here, pairs)),
        retired=retired,
        revived=revived,
        unchanged=len(pairs) - len(changed) - len(conflicts) - len(edited),
        media=unused,
        note_types=tuple(explaining.faults(here, package, lacking)),
        problems=(*package.problems, *explaining.problems(here, package, stands)),
        templates=bool(looks.newer_looks(here, package)),
        stamp=looked.stamp,
        silent=tuple(silent),
    )
