"""The sanitiser's output, cut into tags and text; it always writes attributes as ` name="value"`."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [^\s=<>"]+="[^"]*")*)>')
_PAIR = re.compile(r' ([^\s=<>"]+)="([^"]*)"')
_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Token:
    """A tag (`name`, whether it closes, attributes as plain text) or, without a name, HTML text."""

    name: str = ""
    closing: bool = False
    attributes: Mapping[str, str] = field(default_factory=lambda: _NONE)
    text: str = ""

    @property
    def classes(self) -> str:
        """Give the class attribute, empty where there is none."""
        return self.attributes.get("class", "")


def cut(clean: str) -> tuple[Token, ...]:
    """Cut clean HTML into tokens."""
    tokens: list[Token] = []
    done = 0
    for tag in _TAG.finditer(clean):
        if tag.start() > done:
            tokens.append(Token(text=clean[done : tag.start()]))
        attributes = {name: html.unescape(value) for name, value in _PAIR.findall(tag[3])}
        tokens.append(Token(tag[2], bool(tag[1]), attributes))
        done = tag.end()
    if done < len(clean):
        tokens.append(Token(text=clean[done:]))
    return tuple(tokens)


def text_of(tokens: Sequence[Token]) -> str:
    """Give the HTML text of tokens, their tags left out."""
    return "".join(token.text for token in tokens)


def end_of(tokens: Sequence[Token], start: int) -> int:
    """Find the tag that closes the one at `start`; the end of the tokens where none does."""
    name, depth = tokens[start].name, 0
    for index in range(start, len(tokens)):
        if tokens[index].name == name:
            depth += -1 if tokens[index].closing else 1
            if not depth:
                return index
    return len(tokens)
