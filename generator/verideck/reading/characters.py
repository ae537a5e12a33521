"""Characters that no source should hold: they are invisible, and Anki or a reader's eye trips over them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from verideck.cards import Location
from verideck.problems import Problem, error

_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"  # all but tab and newline
_BIDI = "\u202a-\u202e\u2066-\u2069"
_BREAKS = "\u2028\u2029"
_NO_CHARACTER = "\ufeff\ufffe\uffff\ud800-\udfff"
UNWANTED = re.compile(f"[{_CONTROL}{_BIDI}{_BREAKS}{_NO_CHARACTER}]")
_BIDI_ONE = re.compile(f"[{_BIDI}]")


def problems(lines: Sequence[str], path: str) -> Iterator[Problem]:
    """Report the first unwanted character of each line."""
    for number, line in enumerate(lines, start=1):
        if found := UNWANTED.search(line):
            yield error(Location(path, number, found.start() + 1), *explain(found.group()))


def explain(character: str) -> tuple[str, str]:
    """Say what an unwanted character is, and how to be rid of it."""
    code = f"U+{ord(character):04X}"
    if _BIDI_ONE.fullmatch(character):
        name = unicodedata.name(character).lower()
        return f"an invisible {name} ({code})", "it shows text in another order than it is read; remove it"
    if character in _BREAKS:
        return f"an invisible line break ({code})", "end the line with the Enter key"
    if character == "\ufeff":
        return "a byte order mark inside the text (U+FEFF)", "remove it; it comes from joining files"
    return f"a control character ({code})", "remove it; it is invisible and Anki does not keep it"
