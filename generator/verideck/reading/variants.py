"""Varying values in a text: `«name»` and `«name:.3f»`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from verideck.reading import names
from verideck.reading.inline import Fault

if TYPE_CHECKING:
    from verideck.cards import Fence

_MOST_HINTS = 20  # a suggestion takes long
PLACEHOLDER = re.compile(r"«([^«»\n]*+)»")
_MARK = re.compile(r"[«»]")
_FORMAT = re.compile(r"[<>=^+ -]?0?\d{0,3}[,_]?(?:\.\d{1,2})?[bcdeEfFgGnoxX%s]?")
_FORMATTED = re.compile(r"[A-Za-z_]\w*:[<>=^+ -]?0?\d*[,_]?(?:\.\d+)?[bcdeEfFgGnoxX%]")
_ASSIGNED = re.compile(r"([A-Za-z_]\w*(?:[ \t]*,[ \t]*[A-Za-z_]\w*)*)[ \t]*=(?!=)")


def assigned(fences: Iterable[Fence]) -> frozenset[str]:
    """Give the names that `name = …` lines of some fences define."""
    found = (_ASSIGNED.match(line) for fence in fences for line in fence.code.split("\n"))
    return frozenset(name.strip() for match in found if match for name in match[1].split(","))


def faults(text: str, known: Collection[str]) -> Iterator[Fault]:
    """Report what is wrong with the varying values of a text of a varying card."""
    placed = {offset for found in PLACEHOLDER.finditer(text) for offset in (found.start(), found.end() - 1)}
    for mark in _MARK.finditer(text):
        if mark.start() not in placed:
            hint = "a varying value is written `«name»` on one line"
            yield Fault(mark.start(), f"a `{mark.group()}` without its partner", hint)
    ordered = sorted(known)
    listed = f"the card's names are {', '.join(ordered[: names.MOST_KNOWN])}" if known else "none is defined"
    hints: dict[str, str] = {}
    for found in PLACEHOLDER.finditer(text):
        name, colon, form = found[1].partition(":")
        if name not in known:
            if name not in hints and len(hints) < _MOST_HINTS:
                hints[name] = names.meant(name, ordered) or listed
            message = f"an unknown varying value `{names.shown(found.group())}`"
            yield Fault(found.start(), message, hints.get(name, listed))
        elif colon and not (form and _FORMAT.fullmatch(form)):
            hint = "write a format as Python does: `«name:.3f»`"
            yield Fault(found.start(), f"not a number format: `{names.shown(form)}`", hint)


def strays(text: str) -> Iterator[Fault]:
    """Report formatted values in a card that does not vary; bare `«words»` are mere quotation marks."""
    for found in PLACEHOLDER.finditer(text):
        if _FORMATTED.fullmatch(found[1]):
            hint = "add a `python vary N` fence that gives its values"
            message = f"a varying value `{names.shown(found.group())}` in a card that does not vary"
            yield Fault(found.start(), message, hint)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put each varying value in its place; what `values` lacks stays as it is written."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def spelled(text: str) -> tuple[str, ...]:
    """Give the varying values of a text as they are spelled, `name` or `name:.3f`, in order."""
    return tuple(dict.fromkeys(found[1] for found in PLACEHOLDER.finditer(text)))
