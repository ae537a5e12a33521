"""Text to cards: one reader for each kind of source file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from verideck.reading import markdown

READERS: Mapping[str, Callable[[str, str], markdown.Reading]] = MappingProxyType({".md": markdown.read})
