"""The whole way: sources to a package, each stage once. Nothing is written before all is good."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verideck import project as projects
from verideck import sources as disk
from verideck.cards import Checked, Identity, Location, Note
from verideck.packaging import apkg, files, lock
from verideck.problems import Problem, error, has_errors, ordered
from verideck.rendering import notes
from verideck.verifying import evidence as kept
from verideck.verifying import run

if TYPE_CHECKING:
    from verideck.project import Project
    from verideck.sources import Sources

Progress = Callable[[int, int], None]  # (checks done, checks to do)


def silent(done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Sources read and verified."""

    sources: Sources
    project: Project
    verification: run.Verification
    problems: tuple[Problem, ...]

    @property
    def checked(self) -> tuple[Checked, ...]:
        """Give the cards with their verdicts, in the order of the sources."""
        return self.verification.checked


def examine(paths: Sequence[Path], *, fresh: bool = False, progress: Progress = silent) -> Examined:
    """Read and verify the sources; writes nothing. Raises SourcesError where the paths name no one deck."""
    sources = disk.gather(paths)
    project = sources.project or projects.unnamed(sources.root.name)
    place = sources.root / disk.EVIDENCE
    text, unread = disk.own_text(place)
    evidence, told = kept.load(text, disk.shown(place))
    verification = run.verify(
        sources.cards, project, evidence, fresh=fresh, whole=sources.whole, progress=progress
    )
    return Examined(
        sources, project, verification, ordered((*sources.problems, *unread, *told, *verification.problems))
    )


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: what was written and what changed since the lock."""

    examined: Examined
    package: Path
    size: int
    changes: lock.Changes
    made_config: bool
    problems: tuple[Problem, ...]


def build(
    paths: Sequence[Path],
    output: Path,
    *,
    now: int,
    locked: bool = False,
    fresh: bool = False,
    progress: Progress = silent,
) -> Built | tuple[Problem, ...]:
    """Build the package of a deck into `output`; gives the problems alone where one of them is an error.

    Evidence, lock and package are written when everything else has succeeded. `locked` refuses a build
    that would change the lock. `now` is in seconds since 1970.
    Raises SourcesError as `examine` does, and WriteError where the target cannot be written.
    """
    examined = examine(paths, fresh=fresh, progress=progress)
    if has_errors(examined.problems):
        return examined.problems
    with files.alone(examined.sources.root):
        return _build(examined, output, now=now, locked=locked)


def _build(examined: Examined, output: Path, *, now: int, locked: bool) -> Built | tuple[Problem, ...]:
    """Carry the identities on, render, and write; the lock is read and replaced under a guard."""
    sources, project = examined.sources, examined.project
    place = sources.root / disk.LOCK
    previous, unread = disk.own_text(place)
    old, problems = lock.load(previous, disk.shown(place), project.namespace, now)
    images, told = _images(examined)
    scope = lock.Scope(sources.files, sources.present, sources.whole)
    plan = lock.plan(old, examined.checked, project, scope, now, images)
    problems = ordered((*examined.problems, *unread, *problems, *told, *plan.problems))
    if has_errors(problems):
        return problems
    rendered, told = _render(examined, plan.identities, images)
    media = {
        identity.guid: [file.name for file in note.media]
        for note, identity in zip(rendered, plan.identities, strict=True)
    }
    new = lock.dump(lock.with_media(plan.lock, media))
    problems = ordered((*problems, *told, *_held(locked, previous, new, disk.shown(place), plan.changes)))
    if has_errors(problems):
        return problems
    package = apkg.package(list(zip(rendered, plan.identities, strict=True)), project)
    target = output / f"{project.slug}.apkg"
    own = {
        sources.config: projects.new_config(project) if sources.project is None else None,
        sources.root / disk.EVIDENCE: kept.dump(examined.verification.evidence),
        place: new,
    }
    written = [] if locked else [(path, text.encode()) for path, text in own.items() if text is not None]
    files.make_folder(output)
    files.replace_all([*written, (target, package)])
    return Built(examined, target, len(package), plan.changes, sources.project is None, problems)


def _images(examined: Examined) -> tuple[list[Mapping[str, bytes]], tuple[Problem, ...]]:
    found = [disk.images(one.card, examined.sources) for one in examined.checked]
    return [images for images, _ in found], tuple(problem for _, told in found for problem in told)


def _render(
    examined: Examined, identities: Sequence[Identity], images: Sequence[Mapping[str, bytes]]
) -> tuple[list[Note], tuple[Problem, ...]]:
    found = [
        notes.render(checked, identity, examined.project, pictures)
        for checked, identity, pictures in zip(examined.checked, identities, images, strict=True)
    ]
    return [note for note, _ in found], tuple(problem for _, told in found for problem in told)


def _held(locked: bool, previous: str, new: str, place: str, changes: lock.Changes) -> tuple[Problem, ...]:
    """Refuse a changed lock where it is to stay as it is, and say which card is the first to change."""
    if not locked or new == previous:
        return ()
    changed = (*changes.new, *changes.changed, *changes.renamed, *changes.retired, *changes.revived)
    first = f": {changed[0]}" if changed else ""
    message = f"this build would change the lock{first}"
    return (error(Location(place), message, "build without --locked and commit deck.lock"),)
