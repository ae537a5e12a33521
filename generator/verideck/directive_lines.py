"""The directives of cards as their author wrote them, for hints that say what to write in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from verideck.reading import READERS, directive, files

if TYPE_CHECKING:
    from verideck.cards import Location
    from verideck.sources import Sources


def finder(sources: Sources) -> Callable[[Location], Sequence[str]]:
    """Return what finds the words of the directive below a card's heading; a file is read once, if at all."""
    lines: dict[str, Sequence[str]] = {}

    def find(heading: Location) -> Sequence[str]:
        name = sources.files.get(heading.path, "")
        if heading.path not in lines:
            lines[heading.path] = _lines(sources.root / name) if name.endswith(tuple(READERS)) else ()
        return directive.words("".join(lines[heading.path][heading.line : heading.line + 1]))

    return find


def _lines(path: Path) -> Sequence[str]:
    try:
        text, _ = files.decode(path.read_bytes(), path.name)
    except OSError:
        return ()
    return text.split("\n") if text else ()
