"""Equations as a text states them: in maths marks, in code marks, or plainly between words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from verideck.verifying.formulas import Equation, FormulaError, Name, parse_all, same
from verideck.verifying.formulas.expressions import names
from verideck.verifying.formulas.isolating import sides

LONGEST = 4_000  # characters of a question that are searched
MARKED = re.compile(
    r"\$\$(?P<block>[^$]+)\$\$|\$(?P<inline>[^$\n]+)\$|`(?P<code>[^`\n]+)`"
    r"|\\\((?P<round>.+?)\\\)|\\\[(?P<square>.+?)\\\]",
    re.DOTALL,
)
# Remains of LaTeX that a scan or a lost backslash leaves in front of a formula.
SCRAMBLED = re.compile(r"\\?b?igcirc\b|\\circ\b|[○◯⊘☐□●✓✗]|^\s*[oO]\s+(?=[A-Za-z]\w*\s*=)")
_NAME = r"[^\W\d]\w*'*"
_ARGUMENTS = r"\((?:[^()\n=]|\((?:[^()\n=]|\([^()\n=]*\))*\))*\)"
_TERM = rf"(?:\d+(?:\.\d+)?)?{_NAME}(?:{_ARGUMENTS})?|\d+(?:\.\d+)?|{_ARGUMENTS}"
_SIDE = rf"[-−]?\s?(?:{_TERM})(?:\s*(?:\*\*|[-+−*/·^])\s*(?:{_TERM})){{0,30}}"
PLAIN = re.compile(rf"(?<![\w=(\[.])(?P<left>{_SIDE})\s*=(?!=)\s*(?P<right>{_SIDE})(?![\w(=\[])")
ASSIGNED = re.compile(r"^\w+=\S+$")  # `batch_size=2`: a setting, as code writes it


@dataclass(frozen=True, slots=True)
class Stated:
    """One equation of a text: as written, as read, in which paragraph under its own heading, and where."""

    text: str
    equation: Equation
    group: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statements:
    """The equations of a text, and the text with blanks in their place; `unread` ones did not parse."""

    found: tuple[Stated, ...]
    rest: str
    unread: int = 0


def statements(text: str) -> Statements:
    """Find the equations of a text, in their order."""
    text = text[:LONGEST]
    found: list[Stated] = []
    unread = 0
    rest = text
    groups = _groups(text)
    for match in MARKED.finditer(text):
        inner = next(part for part in match.groups() if part is not None)
        if "=" not in inner:
            continue
        written = _read(SCRAMBLED.sub(" ", inner))
        if written is None:
            unread += 1
        found += [Stated(str(one), one, groups[match.start()], *match.span()) for one in written or ()]
        rest = _blank(rest, *match.span())
    for match in PLAIN.finditer(rest):
        written = _read(match[0]) if not ASSIGNED.match(match[0]) else None
        if written is None or len(written) != 1:
            continue
        found.append(Stated(str(written[0]), written[0], groups[match.start()], *match.span()))
        rest = _blank(rest, *match.span())
    found.sort(key=lambda one: one.start)
    return Statements(tuple(found), rest, unread)


def _read(text: str) -> tuple[Equation, ...] | None:
    try:
        parts = parse_all(text.strip().strip(".,;"))
    except FormulaError:
        return None
    equations = tuple(part for part in parts if isinstance(part, Equation))
    return equations if len(equations) == len(parts) else None


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _groups(text: str) -> list[int]:
    """Give each character the number of its group: a line that ends in a colon heads a new one."""
    group, numbers = 0, []
    for line in text.splitlines(keepends=True):
        group += line.rstrip().endswith(":")
        numbers += [group] * len(line)
    return [*numbers, group]


def connected(found: tuple[Stated, ...], unknown: str) -> tuple[Stated, ...]:
    """Give the equations that are about an unknown: those that share a name with it, directly or by others.

    A definition that contradicts another one of the same name belongs to something else, such as the standard
    layer beside the reversible one: then only the groups that name the unknown count, else nothing does.
    """
    chosen = _component(found, unknown)
    if not _contradict(chosen):
        return chosen
    groups = {one.group for one in found if unknown in sides(one.equation)}
    chosen = _component(tuple(one for one in found if one.group in groups), unknown)
    return () if _contradict(chosen) else chosen


def _component(found: tuple[Stated, ...], unknown: str) -> tuple[Stated, ...]:
    reached, grown = {unknown}, True
    while grown:
        grown = False
        for one in found:
            quantities = sides(one.equation)
            if quantities & reached and not quantities <= reached:
                reached |= quantities
                grown = True
    return tuple(one for one in found if sides(one.equation) & reached)


def _contradict(chosen: tuple[Stated, ...]) -> bool:
    """Whether one name is defined in two ways, where no name is solved for from the other's definition."""
    return any(
        isinstance(one.equation.left, Name)
        and one.equation.left == other.equation.left
        and not same(one.equation, other.equation)
        for place, one in enumerate(chosen)
        for other in chosen[:place]
    )


def derived(chosen: tuple[Stated, ...]) -> tuple[Stated, ...]:
    """Give the equations that solve for a name which an earlier one has used: the page's own ways back.

    One that gives a value, such as `b = 3`, is none of them.
    """
    used: set[str] = set()
    found = []
    for one in chosen:
        left = one.equation.left
        if isinstance(left, Name) and left.name in used and names(one.equation.right):
            found.append(one)
        used |= sides(one.equation) - ({left.name} if isinstance(left, Name) else set())
    return tuple(found)
