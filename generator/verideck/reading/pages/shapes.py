"""Shapes as pages print them: `1 x 10 x 64`, `32 images x 3`, `(2, 5, 64)`, several joined by `and`.

Every repetition in the patterns is bounded, so that a hostile line costs no more than its length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 600  # characters of a line in which shapes are looked for

_NUMBER = r"\d{1,3}(?:,\d{3}){1,3}|\d{1,12}"
_SYMBOL = r"(?:None|N|B|T|L|D|H|W|C|K|V|batch(?:[_ ]size)?|seq(?:uence)?[_ ]len(?:gth)?|\?)(?![\w])"
_WORD = r"(?!(?:x|by|and|with)\b)(?:[a-z][a-z'-]{0,30}|[A-Z]{2,5}(?![a-z]))"
_UNITS = rf"(?:[ -]{_WORD}){{0,4}}"
_NOTE = r"[ ]?\([^()]{1,120}\)"
_DIMENSION = rf"(?:(?:{_NUMBER}){_UNITS}|{_SYMBOL})(?:{_NOTE})?"
_TIMES = r"(?:[ ]?[x×✕*X][ ]?|[ ](?:by|with)[ ])"
_PRODUCT = rf"{_DIMENSION}(?:{_TIMES}{_DIMENSION}){{0,9}}"
_TUPLE = rf"(?:torch\.Size)?[(\[]{{1,2}}[ ]?(?:{_NUMBER}|{_SYMBOL})[^()\[\]]{{0,120}}[)\]]{{1,2}}(?:{_NOTE})?"
_SHAPE = rf"(?:{_TUPLE}|{_PRODUCT})"
_SHAPES = rf"{_SHAPE}(?:(?:[ ](?:and|or|plus)[ ]|[ ][+&/][ ]|,[ ]|;[ ]){_SHAPE}){{0,4}}"

_AT_START = re.compile(_SHAPES)
_LAST_NOTE = re.compile(r"(?<=\S)[ ]?\(([^()]{1,120})\)\Z")
_FIRST_NUMBER = re.compile(r"\d[\d,]*|[A-Za-z_?]+")
_SEVERAL = re.compile(rf"[\d)\]a-z]{_TIMES}[\d(\[A-Za-z?]|[(\[][^()\[\]]{{0,60}}\d[ ]?,|[a-z], \d")
_BARE = re.compile(r"(\d[\d,]*|None|N|B|\?)(?:[ -]+[A-Za-z']+){0,20}-*(?:[ ]?\([^()]*\))?")
_SPLIT = re.compile(r"[ ]?[x×✕*][ ]?|[ ](?:by|with)[ ]")


@dataclass(frozen=True, slots=True)
class Printed:
    """A shape as a page prints it: the shape, and the note in parentheses behind it."""

    text: str
    note: str = ""


def prefix(text: str) -> int:
    """Give the length of the shapes that `text` begins with; 0 where it begins with none."""
    found = _AT_START.match(text[:LONGEST])
    return found.end() if found else 0


def is_shape(text: str) -> bool:
    """Tell whether the whole of `text` is one shape or several joined ones."""
    return len(text) <= LONGEST and _AT_START.fullmatch(text) is not None


def several(text: str) -> bool:
    """Tell whether a shape has more than one dimension, which words behind a number do not have by chance."""
    return _SEVERAL.search(text) is not None


def printed(text: str) -> Printed:
    """Part a shape from the note in parentheses behind it: `1 x 5 (e.g., 5 classes)`."""
    note = _LAST_NOTE.search(text)
    if note is None or not is_shape(text[: note.start()].rstrip()):
        return Printed(text.strip())
    return Printed(text[: note.start()].strip(), note[1].strip())


def first_dimension(text: str) -> str:
    """Give a shape's first number or symbol, by which a batch is known again from stage to stage."""
    found = _FIRST_NUMBER.search(text)
    return found[0] if found else ""


def without_units(text: str) -> str:
    """Give `1 x 10 x 64` for `1 sentence x 10 words x 64 features`; the text itself where that is unsure."""
    parts = _SPLIT.split(text)
    bare = [_BARE.fullmatch(part.strip()) for part in parts]
    if len(parts) < 2 or not all(bare):
        return text
    return " x ".join(found[1] for found in bare if found)
