"""What a build changed since the lock, for the terminal, for a file and for a program."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verideck.packaging.changes import Change, Changes
    from verideck.project import Project

MAX_LISTED = 20  # lines on the terminal; a longer list goes to a file
_LISTED = ("reworded", "renamed", "moved", "retired", "revived", "changed", "new")
_MOVED = "cards that moved stay in their old deck with Anki's own import; the add-on moves them"


def counts(found: Changes) -> str:
    """Return how many cards changed in which way, or that none did."""
    numbers = {field.name: len(getattr(found, field.name)) for field in fields(found)}
    listed = ", ".join(f"{count} {name}" for name, count in numbers.items() if count)
    return f"{listed or 'none'} since deck.lock"


def is_long(found: Changes) -> bool:
    """Return whether the list is too long for the terminal."""
    return len(_entries(found)) > MAX_LISTED


def listed(found: Changes, path: Path | None = None) -> list[str]:
    """List every card that changed; with `path`, the file that has the complete list, the first ones only."""
    lines = [f"{sort} {change}" for sort, change in _entries(found)]
    if path is not None:
        lines = [
            *lines[:MAX_LISTED],
            f"and {len(lines) - MAX_LISTED} more: all are listed in {path.as_posix()}",
        ]
    return [*lines, *([_MOVED] if found.moved else [])]


def reviews(found: Changes) -> list[str]:
    """Say for which cards an import keeps every review, and what becomes of the others."""
    known = [*found.unchanged, *found.changed, *found.reworded, *found.renamed, *found.revived]
    kept = sum(change.keeps for change in known)
    lines = []
    if kept:
        lines.append(f"Importing it over an earlier build keeps every review of {_cards(kept)}.")
    if len(known) > kept:
        lines.append(f"{_cards(len(known) - kept)} gave up reviews by consent: see the list above.")
    if found.retired:
        lines.append(f"{_cards(len(found.retired))} retired: learners keep what they have of them.")
    if not known:
        lines.append("Importing a later build again updates these notes in place.")
    return lines


def markdown(found: Changes, project: Project) -> str:
    """Return the complete list as a file."""
    parts = [f"# {project.title} {project.version}: {counts(found)}\n"]
    for sort in _LISTED:
        if changes := getattr(found, sort):
            note = f"\n{_MOVED[:1].upper()}{_MOVED[1:]}.\n" if sort == "moved" else ""
            lines = "".join(f"- {change}\n" for change in changes)
            parts.append(f"## {len(changes)} {sort}\n{note}\n{lines}")
    return "\n".join(parts)


def as_json(found: Changes) -> dict[str, Any]:
    """Return every list of changes, by its name."""
    return {
        field.name: [
            {"card": change.card, "text": change.text, "keeps_reviews": change.keeps}
            for change in getattr(found, field.name)
        ]
        for field in fields(found)
    }


def _entries(found: Changes) -> list[tuple[str, Change]]:
    return [(sort, change) for sort in _LISTED for change in getattr(found, sort)]


def _cards(count: int) -> str:
    return f"{count:,} card" if count == 1 else f"{count:,} cards"
