"""Front matter as it is written: the exact inverse of reading it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verideck.reading.front_matter import FrontMatter

# What stands for itself without quotation marks, in a list, too; all else is put into them.
_PLAIN = re.compile(r"[^\W_](?:[\w/+-]|(?<=\S)[ .](?=\w))*")


def written(matter: FrontMatter) -> list[str]:
    """Write front matter, its marks included."""
    lines = ["---"]
    if matter.deck:
        lines.append(f"deck: {_deck(matter.deck)}")
    if matter.tags:
        lines.append(f"tags: {_listed(matter.tags)}")
    if matter.level:
        lines.append(f"level: {_scalar(matter.level)}")
    if matter.source:
        one = len(matter.source) == 1
        lines.append(f"source: {_scalar(matter.source[0]) if one else _listed(matter.source)}")
    return [*lines, "---"]


def _deck(name: str) -> str:
    plain = all(_PLAIN.fullmatch(part) for part in name.split("::"))
    return name if plain else _quoted(name)


def _listed(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_scalar, values))}]"


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
