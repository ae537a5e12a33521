"""The whole way: sources to a package, each stage once. Nothing is written before all is good."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from verideck import change_report, directive_lines, local_record, lock_files
from verideck import project as projects
from verideck import sources as disk
from verideck.cards import Card, Checked, Identity, Location, Note
from verideck.packaging import apkg, files, lock
from verideck.problems import Problem, Severity, error, has_errors, ordered, warning
from verideck.rendering import notes
from verideck.verifying import evidence as kept
from verideck.verifying import executors, losing, provenance, run

if TYPE_CHECKING:
    from verideck.project import Project
    from verideck.sources import Sources
    from verideck.verifying.records import Record

Verify = Callable[..., run.Verification]
Render = Callable[..., tuple[Note, tuple[Problem, ...]]]


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages that look at each card; who examines a deck again and again gives ones that remember."""

    verify: Verify = run.verify
    render: Render = notes.render
    evidence: Callable[[str, str], tuple[kept.Evidence, tuple[Problem, ...]]] = kept.load
    unnamed: Callable[[str], Project] = projects.unnamed
    remember: Callable[[Sequence[Record]], tuple[Problem, ...]] = local_record.remember


@dataclass(frozen=True, slots=True)
class Examined:
    """A deck that has gone through every stage but the writing: a note a card, and every problem.

    A card that has lost a part is checked, and has no note.

    `lock` is the text of the next lock, `previous` that of the last one.
    """

    sources: Sources
    project: Project
    verification: run.Verification
    notes: tuple[tuple[Note, Identity], ...]
    changes: lock.Changes
    lock: str
    previous: str
    problems: tuple[Problem, ...]

    @property
    def checked(self) -> tuple[Checked, ...]:
        """Give the cards with their verdicts, in the order of the sources."""
        return self.verification.checked


# From a deck and its package to the files to write.
Products = Callable[[Examined, bytes], Sequence[tuple[Path, bytes]]]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: the package that was written, its size in bytes, and what is to be told.

    `listing` is the file that lists what changed, if that is too long for the terminal.
    """

    examined: Examined
    package: Path
    size: int
    problems: tuple[Problem, ...]
    listing: Path | None = None


def examine(
    paths: Sequence[Path],
    *,
    now: int,
    fresh: bool = False,
    policy: provenance.Policy = provenance.RECOMPUTE,
    progress: run.Progress = run.silent,
    compute: run.Compute = executors.compute_all,
) -> Examined:
    """Read, verify and render the sources; writes nothing beside them. `now` is in seconds since 1970.

    Raises SourcesError where the paths name no one deck, and what `compute` raises.
    """
    sources = disk.gather(paths, partial(import_pages, progress=progress, compute=compute))
    verify = partial(run.verify, fresh=fresh, policy=policy, progress=progress, compute=compute)
    examined = examine_sources(sources, now, Stages(verify))
    # Nothing is written, so that it does no harm yet.
    told = (replace(missing, severity=Severity.WARNING) for missing in lock_files.missing(sources))
    return replace(examined, problems=ordered((*examined.problems, *told)))


def build(
    paths: Sequence[Path],
    output: Path,
    *,
    now: int,
    base: Path | None = None,
    locked: bool = False,
    fresh: bool = False,
    policy: provenance.Policy = provenance.RECOMPUTE,
    progress: run.Progress = run.silent,
    compute: run.Compute = executors.compute_all,
    products: Products | None = None,
) -> Built | tuple[Problem, ...]:
    """Build the package of a deck into `output`; gives the problems alone where one of them is an error.

    `products` says what to write in place of the package alone, such as a gallery that has it. The user
    named `output`, which may be a link then; or only `base`, a folder above it, and nothing below may be one.
    Evidence, lock and package are written when everything else has succeeded. `locked` refuses a build
    that would change the lock, and writes the package only.
    Raises SourcesError as `examine` does, WriteError where a target cannot be written, and PackageError
    for a wrong SOURCE_DATE_EPOCH.
    """
    files.check_folder(output, base)
    pages = partial(import_pages, progress=progress, compute=compute)
    verify = partial(run.verify, fresh=fresh, policy=policy, progress=progress, compute=compute)
    with files.alone(disk.common_root(paths)):  # from before the first look at what another build may write
        sources = disk.gather(paths, pages, output=output)
        examined = examine_sources(sources, now, Stages(verify))
        problems = ordered((*examined.problems, *lock_files.missing(sources)))
        if locked and not has_errors(problems):  # an error changes the lock that would come of it, too
            problems = ordered((*problems, *_lock_problems(examined)))
        if has_errors(problems):
            return problems
        known, _ = lock.load(examined.lock, disk.LOCK, examined.project.namespace, now)
        package = apkg.package(examined.notes, examined.project, lock=known)
        target = output / f"{examined.project.slug}.apkg"
        files.make_folder(output, base)
        listed = [] if products else _listing(examined, output)
        made = products(examined, package) if products else [(target, package)]
        written = [*([] if locked else _own_files(examined)), *made, *listed]
        files.replace_all(written, bases=(sources.root, base or output))
    return Built(examined, target, len(package), problems, listed[0][0] if listed else None)


def _listing(examined: Examined, output: Path) -> list[tuple[Path, bytes]]:
    """Give the file that lists what changed, if the terminal cannot."""
    if not change_report.is_long(examined.changes):
        return []
    text = change_report.markdown(examined.changes, examined.project)
    return [(output / f"{examined.project.slug}.changes.md", text.encode())]


def import_pages(
    paths: Sequence[Path], root: Path, *, progress: run.Progress, compute: run.Compute
) -> Sequence[disk.PageCards]:
    """Import pages below the folder of a deck that are built without a source of their own."""
    from verideck.importing import direct  # most decks have no pages

    return direct.pages(paths, root, progress=progress, compute=compute)


def examine_sources(sources: Sources, now: int, stages: Stages) -> Examined:
    """Verify and render sources that have been read; `now` is in seconds since 1970."""
    project = sources.project or stages.unnamed(sources.title or sources.root.name)
    verification, unproven = _verify(sources, project, stages)
    place = sources.root / disk.LOCK
    # Without a `deck.toml` there is no lock, or that it is there has been told.
    previous, unread = disk.own_text(place) if sources.project else ("", ())
    old, damaged = lock.load(previous, disk.shown(place), project.namespace, now)
    whole = [one for one in verification.checked if not one.card.lost]
    lost = [one.card for one in verification.checked if one.card.lost]
    images, missing = _images(whole, sources)
    scope = lock.Scope(
        sources.files, sources.present, sources.whole, sources.seen, directive_lines.finder(sources)
    )
    plan = lock.plan(old, whole, project, scope, now, images, lost=lost, others=sources.others)
    incomplete = [_incomplete(card, known=known) for card, known in zip(lost, plan.known, strict=True)]
    rendered, unrendered = _render(stages.render, whole, plan.identities, project, images)
    media = {
        identity.guid: [file.name for file in note.media]
        for note, identity in zip(rendered, plan.identities, strict=True)
    }
    return Examined(
        sources,
        project,
        verification,
        tuple(zip(rendered, plan.identities, strict=True)),
        plan.changes,
        lock.dump(lock.with_media(plan.lock, media)),
        previous,
        ordered(
            (
                *sources.problems,
                *unproven,
                *unread,
                *damaged,
                *missing,
                *incomplete,
                *plan.problems,
                *_uncompared(plan.uncompared, place),
                *unrendered,
            )
        ),
    )


def _uncompared(cards: Sequence[str], place: Path) -> tuple[Problem, ...]:
    """Warn of cards that were edited since an old lock was written: it says little of what they were."""
    if not cards:
        return ()
    named = ", ".join(f"`{card}`" for card in cards[:5])
    more = f" and {len(cards) - 5} more" if len(cards) > 5 else ""
    message = (
        f"the lock had format 1, which kept no texts: {named}{more} cannot be compared with what they were"
    )
    hint = "check below that these cards are still the same cards; the next build can compare them"
    return (warning(Location(disk.shown(place)), message, hint),)


def _incomplete(card: Card, *, known: bool) -> Problem:
    """Warn of a card that has lost a part; one of a page has no source yet to write it in."""
    problem = losing.told(card, known=known)
    if not card.location.path.lower().endswith(disk.PAGES):
        return problem
    hint = f"write a source, and complete the card there: `verideck import {card.location.path} -o FILE.md`"
    return replace(problem, hint=hint)


def _verify(
    sources: Sources, project: Project, stages: Stages
) -> tuple[run.Verification, tuple[Problem, ...]]:
    place = sources.root / disk.EVIDENCE
    text, unread = disk.own_text(place)
    loaded, damaged = stages.evidence(text, disk.shown(place))
    evidence, unknown = local_record.mark(loaded)
    verification = stages.verify(sources.cards, project, evidence, whole=sources.whole)
    forgotten = stages.remember(verification.evidence.computed_since(evidence))
    refused = provenance.refuse_unconfirmed(len(verification.unconfirmed), disk.shown(place))
    return verification, (*unread, *damaged, *(unknown or forgotten), *refused, *verification.problems)


def _images(
    checked: Iterable[Checked], sources: Sources
) -> tuple[list[Mapping[str, bytes]], tuple[Problem, ...]]:
    found = [disk.images(one.card, sources) for one in checked]
    return [images for images, _ in found], tuple(problem for _, told in found for problem in told)


def _render(
    render: Render,
    checked: Iterable[Checked],
    identities: Iterable[Identity],
    project: Project,
    images: Iterable[Mapping[str, bytes]],
) -> tuple[list[Note], tuple[Problem, ...]]:
    found = [
        render(one, identity, project, pictures)
        for one, identity, pictures in zip(checked, identities, images, strict=True)
    ]
    return [note for note, _ in found], tuple(problem for _, told in found for problem in told)


def _own_files(examined: Examined) -> list[tuple[Path, bytes]]:
    """Give what a build keeps beside the sources, in the order in which it is safe to write."""
    sources = examined.sources
    config = [(sources.config, projects.new_config(examined.project))] if sources.project is None else []
    kept_files = [
        *config,
        (sources.root / disk.EVIDENCE, kept.dump(examined.verification.evidence)),
        (sources.root / disk.LOCK, examined.lock),
    ]
    return [(path, text.encode()) for path, text in kept_files]


def _lock_problems(examined: Examined) -> tuple[Problem, ...]:
    """Refuse a changed lock where it is to stay as it is, and say which card is the first to change."""
    if examined.lock == examined.previous:
        return ()
    changes = examined.changes
    changed = (
        *changes.new,
        *changes.changed,
        *changes.reworded,
        *changes.renamed,
        *changes.retired,
        *changes.revived,
    )
    message = f"this build would change the lock{f': {changed[0]}' if changed else ''}"
    if not changed and lock.is_old(examined.previous):
        message = "this build would upgrade the lock to a newer format"
    place = Location(disk.shown(examined.sources.root / disk.LOCK))
    return (error(place, message, "build without --locked and commit deck.lock"),)
