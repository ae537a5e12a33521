"""Plain text to Markdown that reads as exactly that text; formulas in `$…$` stay formulas.

Only what would act is escaped: `d_model`, `-0.5`, `[0.5, 0.5]`, `a < b` and `2 * 3` stay as they are, that
values can be compared and people can read on.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping

from verideck.reading import characters, inline, marks, near, variants
from verideck.reading.passages import Line

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_CLOZE = re.compile(r"\{(?=\{(?:[ \t]*+[cC][ \t]*+\d*+[ \t]*+:|\d++::))")
_IMAGE = re.compile(r"<(?=img\b)", re.IGNORECASE)
_APART = re.compile(rf"{_CLOZE.pattern}|(?i:{_IMAGE.pattern})|!(?=\[)")
_TAG = re.compile(r"<[A-Za-z/!?]")
_MARKER = re.compile(r"(?:\d{1,9}(?=[.)])|(?=[-+]))(?=.(?:[ \t]|\Z))")
_NUMBERED = re.compile(r"\d{1,9}(?=[.)])")
_DOLLARS = re.compile(r"\\.|(\$+)", re.DOTALL)
_WORD_UNDERSCORES = re.compile(r"(?<=[^\W_])_++(?=[^\W_])")
_TABLE = re.compile(r"(?=[|: \t]*+-)[|:\- \t]*+")
_ADDRESS = re.compile(r"(?:(?:https?|ftp)://|www\.)\S*+", re.IGNORECASE)
_ADDRESS_MARK = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_OF_MATHS = re.compile(r"[\\^_={}]")
_WORD = re.compile(r"\s[^\W\d_]{2}")

Span = tuple[int, int]


def escape(text: str) -> str:
    """Escape a text of any number of lines; empty ones part paragraphs, spaces around a line are dropped.

    Characters that no source may hold are dropped, too; a formula over several lines becomes one line.
    """
    cleaned = characters.UNWANTED.sub("", _BREAKS.sub("\n", text))
    paragraphs: list[list[str]] = [[]]
    for line in cleaned.split("\n"):
        if bare := line.strip(" \t"):
            paragraphs[-1].append(bare)
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join(_paragraph("\n".join(lines)) for lines in paragraphs if lines)


def one_line(text: str) -> str:
    """Escape a text for a place that holds one line: a heading, an option, a typed answer."""
    return escape(" ".join(text.split()))


def _paragraph(text: str) -> str:
    for start, end in reversed(list(_formulas(text))):
        text = text[:start] + text[start:end].replace("\n", " ") + text[end:]
    lone = text.count("*") == 1  # one star alone is a product
    return "\n".join(_opened(_inside(line, lone=lone)) for line in text.split("\n"))


def _formulas(text: str) -> Iterator[Span]:
    """Find the formulas of a text, without amounts of money."""
    position = 0
    while (found := _DOLLARS.search(text, position)) is not None:
        position, length = found.end(), len(found[1] or "")
        end = inline.closing_dollars(text, position, len(text), length) if 1 <= length <= 2 else None
        if end is not None and not _is_money(text[position : end - length]):
            yield found.start(), end
            position = end


def _is_money(text: str) -> bool:
    """Tell whether what stands between two dollars is an amount, and words up to the next amount."""
    return text[:1].isdigit() and bool(_WORD.search(text)) and not _OF_MATHS.search(text)


def _inside(line: str, *, lone: bool) -> str:
    written = [_character(line, at) for at in range(len(line))]
    for found in _WORD_UNDERSCORES.finditer(line):
        written[found.start() : found.end()] = found.group()
    if lone and (at := line.find("*", 1)) > 0:
        written[at] = "*"
    for fault in variants.strays(line):
        written[fault.offset] = "&laquo;"
        if line[fault.offset - 1 : fault.offset] == "\\":
            written[fault.offset - 1] = "\\\\"
    for found in _ADDRESS.finditer(line):
        if "".join(written[found.start() : found.end()]) != found.group():
            for mark in _ADDRESS_MARK.finditer(line, *found.span()):
                written[mark.start()] = f"\\{mark.group()}"  # a link would show the backslashes
    for start, end in _formulas(line):
        written[start:end] = [_formula(line[start:end]), *[""] * (end - start - 1)]
    return "".join(written)


def _formula(text: str) -> str:
    """Keep a formula, but for what would be a cloze, a varying value or an image: a space parts it."""
    for fault in reversed(list(variants.strays(text))):
        text = f"{text[: fault.offset + 1]} {text[fault.offset + 1 :]}"
    return _APART.sub(r"\g<0> ", text)


def _character(line: str, at: int) -> str:
    """Give a character of a line, with a backslash where it would act."""
    character = line[at]
    if character == "{" and _CLOZE.match(line, at):
        return "{\\"  # between the braces
    if character == "<" and _IMAGE.match(line, at):
        return "&lt;"  # the reader looks for images behind a backslash, too
    acts = _ACTS.get(character)
    return f"\\{character}" if acts is not None and acts(line, at) else character


# What acts inside a line, and where it does.
_ACTS: Mapping[str, Callable[[str, int], bool]] = {
    "\\": lambda line, at: at + 1 == len(line) or line[at + 1] in string.punctuation,
    "`": lambda line, at: True,  # noqa: ARG005 - one signature for all
    "$": lambda line, at: True,  # noqa: ARG005 - those of formulas are not asked for
    "*": lambda line, at: not (_spaced(line, at - 1) and _spaced(line, at + 1)),
    "_": lambda line, at: True,  # noqa: ARG005 - those within words are not asked for
    "~": lambda line, at: line[at + 1 : at + 2] == "~" or bool(at and not _spaced(line, at - 1)),
    "[": lambda line, at: line[at - 1 : at] == "!" or (at == 0 and line.startswith("[!")),  # an alert's mark
    "]": lambda line, at: line[at + 1 : at + 2] == "(",
    "<": lambda line, at: _TAG.match(line, at) is not None,
    "&": lambda line, at: _ENTITY.match(line, at) is not None,
}


def _spaced(line: str, at: int) -> bool:
    return 0 <= at < len(line) and line[at] in " \t"


def _opened(line: str) -> str:
    """Keep a line from opening a block, by a backslash in front of the mark that would."""
    if (marker := _MARKER.match(line)) is not None:
        return f"{line[: marker.end()]}\\{line[marker.end() :]}"
    if not (line[0] in "#>" or _TABLE.fullmatch(line) or marks.opens_block(line) or _misread(line)):
        return line
    numbered = _NUMBERED.match(line)
    at = numbered.end() if numbered else 0
    return f"{line[:at]}\\{line[at:]}"


def _misread(line: str) -> bool:
    return any(near.misses(Line(line, 1), ""))
