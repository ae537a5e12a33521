"""Joined code: a program that a copy has put on one line, or some of its lines on one, gets its breaks back.

Every way that Python's parser accepts is weighed by how people write programs. Where another way is nearly as
likely, nothing is chosen silently: it is among the readings, and the doubt is told in words.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from verideck.reading.pages.joining import doubts, statements
from verideck.reading.pages.joining.candidates import Finder, TooMuch
from verideck.reading.pages.joining.layout import laid_out
from verideck.reading.pages.joining.lexing import Code
from verideck.reading.pages.joining.search import Way, ways

LONGEST = 12_000  # characters of code that is looked at
READINGS = 24
DOUBT = 2.0  # by how much another reading may cost more than the best to be told

_WRITTEN_BREAK = re.compile(r"\\r?\\?n(?![\w'\"])|\\n(?=[ \t]*(?:[A-Za-z_@#}\])]|\\n|$))")
_INDENTED = re.compile(r"^[ \t]+\S", re.MULTILINE)
_ASSIGNMENT = re.compile(r"(?<![\w.])[^\W\d]\w*\s*=(?!=)")
_PRINT = re.compile(r"(?<![\w.])print\(")
_TARGET = re.compile(r"(?<![\w.])([^\W\d]\w*)\s*(?:,|\Z)")
_LINE = re.compile(r"\n(?=[ \t]*\S)")


@dataclass(frozen=True, slots=True)
class Restored:
    """Code with its lines put back; `joined` where the file did not hold it so.

    `readings` are the programs that it may have been instead, with another meaning; `ambiguous` says in words
    where they differ.
    """

    code: str
    joined: bool = False
    readings: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()


def restore(code: str) -> Restored:
    """Put the line breaks of Python code back; what is not joined, or not Python, is given back as it is."""
    if not code.strip() or len(code) > LONGEST:
        return Restored(code)
    whole = _parsed(code)
    if whole is not None and not _is_doubtful(code, whole):
        return Restored(code)
    text = _prepared(code)
    if text != code and whole is None and _parsed(text) is not None and _LINE.search(text.strip()):
        return Restored(text, joined=True)
    found = _read(text)
    if not found:
        return Restored(code)
    best, others = found[0], found[1:]
    shown = laid_out(best)
    if whole is not None and _same(whole, _parsed(shown)):
        shown = code
    return Restored(
        shown,
        shown != code,
        tuple(laid_out(way) for way in others),
        doubts.told(best, others),
    )


def _is_doubtful(code: str, whole: ast.Module) -> bool:
    """Tell whether code that parses may be joined all the same: one line, or a comment that holds code."""
    if "\n" not in code.strip():
        return True
    if "#" not in code:
        return False
    reads, binds = statements.of(whole)
    missing = reads - binds - statements.KNOWN
    comments = [line.partition("#")[2] for line in code.split("\n")]
    if "print" not in reads and any(map(_holds_assignment_and_print, comments)):
        return True
    return any(not missing.isdisjoint(_assigned(one)) for one in comments)


def _holds_assignment_and_print(comment: str) -> bool:
    """Return whether a comment holds an assignment and a print after it: all to the end of the program."""
    places = [found.start() for found in _PRINT.finditer(comment)]
    return bool(places) and _ASSIGNMENT.search(comment, 0, places[-1]) is not None


def _assigned(comment: str) -> Iterator[str]:
    """Give the names in front of each `=` of a comment, those with commas between them, too."""
    parts = comment.split("=")
    for place, part in enumerate(parts[:-1]):
        compared = not parts[place + 1] and place + 2 < len(parts)  # `==`
        yield from (found[1] for found in _TARGET.finditer(part) if not compared)


def _prepared(code: str) -> str:
    """Give code with plain spaces, and with the breaks that were written as a backslash and an n."""
    text = code.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").strip("\n").rstrip()
    if "\n" not in text.strip() and "\\n" in text:
        broken = _outside_strings(text)
        text = broken if _parsed(broken) is not None or "\n" in broken else text
    lines = text.split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)


def _outside_strings(text: str) -> str:
    code = Code(text)
    parts, place = [], 0
    while place < len(text):
        token = code.token(place)
        if token is None:
            at = text.find("\\n", place)
            if at < 0 or text[place:at].strip():
                return text
            parts.append(text[place:at] + "\n")
            place = at + 2
        elif token.end == token.start:
            break
        else:
            parts.append(text[place : token.end])
            place = token.end
            if token.text == "#":
                end = text.find("\\n", place)
                end = len(text) if end < 0 else end
                parts.append(text[place:end])
                place = end
    return "".join([*parts, text[place:]])


def _read(text: str) -> list[Way]:
    """Give the best way to read a text, then those that are a doubt, each with a meaning of its own."""
    code = Code(text)
    try:
        found = ways(code, Finder(code), indented=_INDENTED.search(text) is not None)
    except TooMuch:
        return []
    kept: list[Way] = []
    meanings: list[str] = []
    for way in found:
        if kept and (way.cost > kept[0].cost + DOUBT or len(kept) > READINGS):
            break
        tree = _parsed(laid_out(way))
        if tree is None or not _compiles(tree):
            continue
        meaning = ast.dump(tree)
        if meaning not in meanings:
            meanings.append(meaning)
            kept.append(way)
    return kept


def _parsed(code: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _compiles(tree: ast.Module) -> bool:
    """Ask Python's compiler for what its parser lets pass; what it makes is thrown away."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, "<code>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _same(one: ast.Module, other: ast.Module | None) -> bool:
    return other is not None and ast.dump(one) == ast.dump(other)


__all__: Sequence[str] = ["Restored", "restore"]
