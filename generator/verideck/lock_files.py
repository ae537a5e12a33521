"""The lock of a deck on disk: what is said when it is missing, and how one is begun, forked and merged."""

from __future__ import annotations

import re
import shlex
import tomllib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from verideck import project as projects
from verideck import sources as disk
from verideck.cards import Location
from verideck.packaging import files, fork, lock, lock_merge
from verideck.packaging.entry import Lock
from verideck.problems import Problem, error, has_errors

if TYPE_CHECKING:
    from verideck.project import Project

_NAMESPACE = re.compile(r"(?m)^([ \t]*namespace[ \t]*=[ \t]*)([\"'])[^\"'\n]*\2")
_NEVER = 1 << 60  # a time after all dates: the build looks at dates, not a merge


@dataclass(frozen=True, slots=True)
class Done:
    """What a command wrote, told to the user; nothing if one of the problems is an error."""

    text: str = ""
    problems: tuple[Problem, ...] = ()


def missing(sources: disk.Sources) -> tuple[Problem, ...]:
    """Return the problem that a deck with a `deck.toml` has no lock, if that is so."""
    place = sources.root / disk.LOCK
    if sources.project is None or place.exists():
        return ()
    deck = shlex.quote(disk.shown(sources.root))
    message = "the file is missing, and deck.toml is there: without it every card would be a new note"
    hint = (
        f"if nobody has this deck yet, begin its history: `verideck lock --new {deck}`\n"
        "          if it was built before, restore the file from version control, or make it again from the\n"
        f"          last package: `verideck lock --from OLD.apkg {deck}`"
    )
    return (error(Location(disk.shown(place)), message, hint),)


def begin(paths: Sequence[Path]) -> Done:
    """Write a lock without cards for a deck that nobody has yet. Raises SourcesError and WriteError."""
    root = disk.common_root(paths)
    with files.alone(root):
        project, problems = _project(root)
        place = root / disk.LOCK
        if project is None:
            return Done(problems=problems)
        if place.exists():
            hint = "keep it: it has the identities of this deck's cards; `verideck build` carries them on"
            return Done(problems=(error(Location(disk.shown(place)), "the deck has a lock already", hint),))
        files.replace_all([(place, lock.dump(Lock(project.namespace)).encode())])
    return Done(f"{disk.shown(place)}: a lock without cards; the next build makes all cards new")


def make_fork(paths: Sequence[Path], now: int) -> Done:
    """Give a deck a namespace, guids and note ids of its own; `now` is in seconds since 1970.

    Raises SourcesError and WriteError.
    """
    root = disk.common_root(paths)
    with files.alone(root):
        project, problems = _project(root)
        if project is None:
            return Done(problems=problems)
        config, place = root / projects.CONFIG, root / disk.LOCK
        text, unread = disk.own_text(place)
        known, damaged = lock.load(text, disk.shown(place), project.namespace, now)
        if has_errors(problems := (*unread, *damaged)):
            return Done(problems=problems)
        if any(entry.live and entry.formula == 1 for entry in known.entries):
            hint = "build the deck once, and fork it then"
            return Done(problems=(error(Location(disk.shown(place)), "the lock has format 1", hint),))
        namespace = str(uuid.uuid4())
        renamed = _with_namespace(config.read_bytes(), namespace)
        if renamed is None:
            hint = f'write it as one line at the top of the file: `namespace = "{project.namespace}"`'
            return Done(problems=(error(Location(disk.shown(config)), "cannot find the namespace", hint),))
        forked = fork.fork(known, namespace, now)
        files.replace_all([(place, lock.dump(forked).encode()), (config, renamed)])
    count = len(forked.entries)
    return Done(
        f"{disk.shown(config)}: the namespace is {namespace} now\n"
        f"{disk.shown(place)}: {count} cards with guids and note ids of their own; build the deck again"
    )


def merge(base: Path, ours: Path, theirs: Path) -> Done:
    """Merge two versions of a lock or of evidence into `ours`, as git asks its drivers. Raises WriteError."""
    texts: list[tuple[str, str]] = []
    for path in (base, ours, theirs):
        text, problems = _text(path)
        if text is None:
            return Done(problems=problems)
        texts.append((text, disk.shown(path)))
    merged, problems = lock_merge.merge(texts, _NEVER)
    if merged is None:
        return Done(problems=problems)
    files.replace_all([(ours, merged.encode())])
    return Done(problems=problems)


def _text(path: Path) -> tuple[str | None, tuple[Problem, ...]]:
    try:
        return path.read_bytes().decode("utf-8"), ()
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "not UTF-8"
        return None, (error(Location(disk.shown(path)), f"cannot read the file: {reason}", "check the file"),)


def _project(root: Path) -> tuple[Project | None, tuple[Problem, ...]]:
    config = root / projects.CONFIG
    if not config.exists():
        hint = "build the deck: the first build writes deck.toml and deck.lock"
        return None, (error(Location(disk.shown(config)), "the deck has no deck.toml yet", hint),)
    return disk.read_project(config)


def _with_namespace(data: bytes, namespace: str) -> bytes | None:
    """Return a `deck.toml` with another namespace and all else as it was; None if that cannot be done."""
    text = data.decode("utf-8")
    renamed = _NAMESPACE.sub(rf"\g<1>\g<2>{namespace}\g<2>", text, count=1)
    wanted = {**tomllib.loads(text), "namespace": namespace}
    return renamed.encode() if tomllib.loads(renamed) == wanted else None
