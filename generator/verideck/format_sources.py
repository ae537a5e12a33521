"""Sources to their canonical form: no card changes but for an id that is asked for."""

from __future__ import annotations

import difflib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verideck import directive_lines, lock_files
from verideck import project as projects
from verideck import sources as disk
from verideck.cards import Checked, Location, Verdict
from verideck.packaging import files, lock
from verideck.problems import Problem, Severity, error, has_errors, ordered
from verideck.reading import READERS, canonical_form, duplicates
from verideck.reading import files as texts
from verideck.reports import plural

if TYPE_CHECKING:
    from verideck.reading.markdown import Reading
    from verideck.sources import Sources

# The ids to write: by file, then by the line of the card's heading.
Ids = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Formatted:
    """A source without a problem, before and after; `ids` counts those that are written into it."""

    path: Path
    name: str
    before: bytes
    after: bytes
    ids: int

    @property
    def is_changed(self) -> bool:
        """Return whether the file has to be written."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Formatting:
    """The sources that can be formatted, and why the others cannot."""

    root: Path
    sources: tuple[Formatted, ...]
    problems: tuple[Problem, ...]

    @property
    def changed(self) -> tuple[Formatted, ...]:
        """Return the sources that are not in canonical form yet."""
        return tuple(source for source in self.sources if source.is_changed)


def format_sources(paths: Sequence[Path], *, now: int, with_ids: bool = False) -> Formatting:
    """Return the sources that `paths` name, in canonical form; writes nothing.

    With `with_ids`, each card without an id gets the one under which the next build would know it: that of
    deck.lock, or one derived from its heading. `now` is in seconds since 1970.
    Raises SourcesError if the paths name two decks or none.
    """
    read: dict[str, bytes] = {}

    def keep(data: bytes, name: str, _: str) -> tuple[tuple[()], tuple[()]]:
        read[name] = data
        return (), ()

    named = disk.gather(paths, parse=keep)
    problems = [problem for problem in named.problems if problem.path != disk.shown(named.config)]
    ids, refused = _find_ids(disk.gather([named.root]), now) if with_ids else ({}, ())
    problems += refused
    if ids is None:
        return Formatting(named.root, (), ordered(problems))
    formatted: list[Formatted] = []
    for name in sorted(named.files.keys() & read.keys() - {problem.path for problem in refused}):
        path = named.root / named.files[name]
        made, found = _format(path, name, read[name], ids.get(name, {}))
        problems += found
        formatted += [made] if made else []
    return Formatting(named.root, tuple(formatted), ordered(problems))


def write_sources(formatting: Formatting) -> None:
    """Write the sources that change, all of them or none. Raises WriteError."""
    with files.alone(formatting.root):
        files.replace_all([(source.path, source.after) for source in formatting.changed])


def report(formatting: Formatting, *, is_written: bool, as_diff: bool = False) -> Iterator[str]:
    """Yield the lines that say which files change; with `as_diff`, how."""
    changed = formatting.changed
    if as_diff:
        for source in changed:
            yield from _diff(source)
        return
    for source in changed:
        ids = f", {plural(source.ids, 'id')} added" if source.ids else ""
        yield f"{source.name}: {'formatted' if is_written else 'would be formatted'}{ids}"
    total = plural(len(formatting.sources), "file")
    yield f"{len(changed)} of {total} {'changed' if is_written else 'would change'}"


def _diff(source: Formatted) -> Iterator[str]:
    before, after = (list(io.StringIO(data.decode(), newline="\n")) for data in (source.before, source.after))
    for line in difflib.unified_diff(before, after, source.name, source.name):
        yield line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def _format(
    path: Path, name: str, data: bytes, ids: Mapping[int, str]
) -> tuple[Formatted | None, tuple[Problem, ...]]:
    """Format a source, and read it again: no card may have changed."""
    text, problems = texts.decode(data, name)
    if text is None:
        return None, problems
    read = READERS[path.suffix]
    before = read(text, name)
    made = canonical_form.rewrite(text, name, ids)
    after = read(made, name)
    # What cannot be read would be dropped; an id may have been all that was missing.
    plain = read(canonical_form.rewrite(text, name, {}), name) if ids else after
    if has_errors(after.problems) or _messages(plain) != _messages(before):
        errors = tuple(problem for problem in before.problems if problem.severity is Severity.ERROR)
        return None, errors or before.problems
    if canonical_form.find_changes(before, after, ids):
        hint = "the file was left as it is; report this fault with the file"
        return None, (error(Location(name), "formatting would change a card of this file", hint),)
    return Formatted(path, name, data, made.encode(), len(ids)), ()


def _messages(read: Reading) -> Counter[str]:
    return Counter(problem.message for problem in read.problems)


def _find_ids(deck: Sources, now: int) -> tuple[Ids | None, tuple[Problem, ...]]:
    """Find the ids of the cards that have none in their source; None if deck.toml or deck.lock is damaged.

    A card whose identity is not certain is an error, as in a build.
    """
    config, place = disk.shown(deck.config), disk.shown(deck.root / disk.LOCK)
    project = deck.project or projects.unnamed(deck.root.name)
    text, unread = disk.own_text(deck.root / disk.LOCK) if deck.project else ("", ())
    known, damaged = lock.load(text, place, project.namespace, now)
    named = (problem for problem in deck.problems if problem.path == config)
    found = (*named, *unread, *damaged, *lock_files.missing(deck))
    if has_errors(found):
        return None, found
    scope = lock.Scope(deck.files, deck.present, deck.whole, deck.seen, directive_lines.finder(deck))
    cards = [Checked(card, Verdict.UNCHECKED) for card in deck.cards]
    plan = lock.plan(known, cards, project, scope, now, others=deck.others)
    problems = (*duplicates.find(deck.cards), *plan.problems)
    ids: dict[str, dict[int, str]] = {}
    for card, identity in zip(deck.cards, plan.identities, strict=True):
        if card.id is None:
            ids.setdefault(card.location.path, {})[card.location.line] = identity.card_id
    return ids, tuple(problem for problem in problems if problem.severity is Severity.ERROR)
