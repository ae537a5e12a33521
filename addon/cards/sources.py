"""What was found on the cards now shown: a heatmap's name on its page, and where its specification is."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_KEPT = 512
PICTURE = re.compile(r"(?:attention|verideck)-[0-9a-f]{20}\.svg")  # what this project's pictures are called

Spec = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """A heatmap: `identity` tells contents apart; its specification is to be computed, or stands in a file.

    `spec` may take its time, so it is called in the background; it raises ValueError.
    """

    identity: str
    spec: Callable[[], Spec] | None = None
    file: str = ""


class Sources:
    """The newest heatmaps by what a page calls them: a file's name, or a token."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[str, Source] = OrderedDict()

    def keep(self, name: str, source: Source) -> None:
        """Remember a heatmap; beyond the most that are kept, the oldest goes."""
        self._kept[name] = source
        self._kept.move_to_end(name)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def find(self, name: str) -> Source | None:
        """Give what a page means by a name: something kept, or one of our pictures in the media folder."""
        if name in self._kept:
            return self._kept[name]
        return Source(name, file=name) if PICTURE.fullmatch(name) else None

    def __len__(self) -> int:
        return len(self._kept)
