"""What a page's program printed, held against an option: a label beside the value proves nothing wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.verifying import outputs, values
from verideck.verifying.answers import Held

if TYPE_CHECKING:
    from verideck.verifying.snippets.results import RunResult

_LABELLED = re.compile(r"^[^\n\[({\d]{1,60}?(?:[:=]|\bis\b|\bare\b|\bof\b)\s*(?P<value>\S[^\n]*)$")
_CLEARER = (
    (re.compile(r",\s*grad_fn=<[^<>]*>|,\s*requires_grad=True|,\s*dtype=torch\.\w+"), ""),
    (re.compile(r"\s+"), " "),
)


def hold(result: RunResult, text: str) -> Held:
    """Hold an option against a result.

    Only a result that is a value and nothing besides tells that an option is wrong; what stands behind a
    label, or among other lines, only tells that one is right.
    """
    found = outputs.hold(result, text)
    if found.equal or result.raised or is_value(result):
        return found
    for part in _parts(result):
        inner = outputs.hold(replace(result, printed=part, shown="", value=None), text)
        if inner.equal:
            return inner
    return Held(text, comparable=False)


def is_value(result: RunResult) -> bool:
    """Tell whether all that a program gave is one value."""
    if result.value is not None and not result.printed.strip():
        return True
    return values.parse(result.text) is not None


def _parts(result: RunResult) -> list[str]:
    """Give what may be the answer in a printed text: the value behind its label, or less of a print."""
    text = result.text.strip()
    labelled = _LABELLED.fullmatch(text)
    plain = text
    for pattern, replacement in _CLEARER:
        plain = pattern.sub(replacement, plain)
    return [part for part in (labelled["value"] if labelled else "", plain if plain != text else "") if part]
