"""Code within a question: under a language line, between fences, or known by its look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from verideck.reading.items import Line
from verideck.reading.pages import codelike, joined
from verideck.reading.pages.tokens import LANGUAGES, language

_FENCE = re.compile(r"(?:`{3,}|~{3,})\s*(?:(?P<language>[\w+#.-]+)\s*)?")
_NAME = re.compile(r"[A-Z][\w+#.]{1,15}(?: [A-Z0-9][\w+#.]{0,12})?")
_GLUED = re.compile(
    f"(?:{'|'.join(re.escape(name) for name in sorted(LANGUAGES, key=len, reverse=True))})(?=\\S)"
)
_PROSE = re.compile(r"(?=[A-Z$\"'(`])[^{}]*[.?:][\"')*]*\s*\Z")
_FEWEST_WORDS = 3  # of a sentence below code
_FREE_TEXT = frozenset({"Text", "Plain text", "Pseudocode"})
_PYTHON = frozenset(
    {"", "PyTorch", "Python", "Python 3", "TensorFlow", "Keras", "NumPy", "Pandas", "JAX", "scikit-learn"}
    | {"ML Python", "Matplotlib", "LangChain", "Code", "python", "py", "python3"}
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A question's code as restored, and what is unclear; `joined` where the page had lost its breaks."""

    code: str
    language: str
    line: int
    joined: bool = False
    ambiguous: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()  # what the code may have been instead


NONE = Snippet("", "", 0)


@dataclass(frozen=True, slots=True)
class Parted:
    """A question's lines in front of its code, the code if there is any, and the lines behind it.

    `empty` is the number of a language line under which no code is left.
    """

    before: tuple[Line, ...]
    snippet: Snippet | None = None
    after: tuple[Line, ...] = ()
    empty: int = 0


def part(lines: Sequence[Line]) -> Parted:
    """Part a question's lines at its code."""
    for index, line in enumerate(lines):
        text = line.text.strip()
        if not text:
            continue
        if (fence := _FENCE.fullmatch(text)) is not None:
            return _fenced(lines, index, fence["language"] or "")
        if name := language(text):
            if (found := _below(lines, index, name)) is not None:
                return found
        elif (glued := _GLUED.match(text)) and codelike.looks_like_code(text[glued.end() :]):
            first = Line(line.number, text[glued.end() :])
            return _taken(lines[:index], glued.group(), [first, *lines[index + 1 :]])
        elif codelike.looks_like_code(line.text) and not text.endswith("?"):
            return _by_look(lines, index)
    return _without(lines)


def _without(lines: Sequence[Line]) -> Parted:
    """Give lines without code; a language line at their end has lost its code."""
    shown = [line for line in lines if line.text.strip()]
    if len(shown) > 1 and language(shown[-1].text.strip()):
        return Parted(tuple(line for line in lines if line is not shown[-1]), empty=shown[-1].number)
    return Parted(tuple(lines))


def _fenced(lines: Sequence[Line], index: int, name: str) -> Parted:
    end = index + 1
    while end < len(lines) and not _FENCE.fullmatch(lines[end].text.strip()):
        end += 1
    return Parted(tuple(lines[:index]), _snippet(lines[index + 1 : end], name), tuple(lines[end + 1 :]))


def _below(lines: Sequence[Line], index: int, name: str) -> Parted | None:
    """Take the code below a language line; None where prose stands there."""
    taken = _taken(lines[:index], name, lines[index + 1 :])
    return taken if taken.snippet is not None else None


def _taken(before: Sequence[Line], name: str, lines: Sequence[Line]) -> Parted:
    """Take lines as code up to the prose at their end, or to the next language line."""
    end = next(
        (index for index, line in enumerate(lines) if index and language(line.text.strip())), len(lines)
    )
    while end and name not in _FREE_TEXT and _is_prose(lines[end - 1].text):
        end -= 1
    return Parted(tuple(before), _snippet(lines[:end], name), tuple(lines[end:]))


def _is_prose(text: str) -> bool:
    if not text.strip():
        return True
    if text[0].isspace() or len(text) > 2_000 or codelike.looks_like_code(text):
        return False
    return len(text.split()) >= _FEWEST_WORDS and _PROSE.match(text) is not None


def _by_look(lines: Sequence[Line], index: int) -> Parted:
    """Take the code that begins at a line by its look; a short name right above it is its language."""
    end = index + codelike.code_length([line.text for line in lines[index:]])
    above = lines[index - 1].text.strip() if index > 1 else ""
    named = bool(_NAME.fullmatch(above)) and any(line.text.strip() for line in lines[: index - 1])
    before = lines[: index - 1] if named else lines[:index]
    return Parted(tuple(before), _snippet(lines[index:end], above if named else ""), tuple(lines[end:]))


def _snippet(lines: Sequence[Line], name: str) -> Snippet | None:
    shown = [index for index, line in enumerate(lines) if line.text.strip()]
    if not shown:
        return None
    kept = lines[shown[0] : shown[-1] + 1]
    code = "\n".join(line.text for line in kept)
    if name not in _PYTHON:
        return Snippet(code, name, kept[0].number)
    restored = joined.restore(code)
    found = Snippet(restored.code, name, kept[0].number, restored.joined, restored.ambiguous)
    return replace(found, readings=restored.readings)
