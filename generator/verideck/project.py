"""`deck.toml` to a Project: what a folder of sources is called, whose it is, and what it cites."""

from __future__ import annotations

import re
import tomllib
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verideck.cards import Location
from verideck.problems import Problem, error, nearest

CONFIG = "deck.toml"


@dataclass(frozen=True, slots=True)
class Work:
    """A work that checks may cite."""

    key: str
    title: str
    authors: str = ""
    year: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of sources. `decks` maps frozen keys to deck names, in the order of `deck.toml`."""

    namespace: str
    title: str
    slug: str
    author: str = ""
    license: str = ""
    license_url: str = ""
    homepage: str = ""
    description: str = ""
    language: str = "en"
    version: str = "0.1.0"
    decks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    works: Mapping[str, Work] = field(default_factory=lambda: MappingProxyType({}))
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def short(self) -> str:
        """Give the namespace's first eight characters, the head of every card's ID field."""
        return self.namespace[:8]

    def deck_key(self, name: str) -> str:
        """Give the frozen key of a deck's name; the part below a known deck is added to its key."""
        for key, known in sorted(self.decks.items(), key=lambda item: -len(item[1])):
            if name == known or name.startswith(known + "::"):
                return key + name[len(known) :]
        return name
