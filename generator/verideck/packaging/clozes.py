"""Clozes as Anki finds them in a field: they decide which cards a note has."""

from __future__ import annotations

import re

_ANKI_DEPTH = 10  # Anki ignores what opens deeper (tried with 26.09)

_FIELD = re.compile(r"\{\{c([0-9]{1,9}(?:,[0-9]{1,9})*)::|\}\}")


def ordinals(field: str) -> frozenset[int]:
    """Give the ordinals (from 0) of the cards that Anki makes of a field's clozes, nested ones included."""
    opened: list[set[int]] = []
    closed: set[int] = set()
    for token in _FIELD.finditer(field):
        if token[1]:
            if len(opened) < _ANKI_DEPTH:
                opened.append({int(number) for number in token[1].split(",")})
        elif opened:
            numbers = opened.pop()
            # What stands in a cloze that is never closed is lost with it.
            (opened[-1] if opened else closed).update(numbers)
    return frozenset(number - 1 for number in closed if number > 0)
