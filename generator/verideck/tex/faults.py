r"""Faults of a formula: commands that act or are unknown, sizes without bound, braces without a partner.

The formula is read as one row of tokens, so a command counts wherever it is: in the argument of another, in
`\text{…}`, behind a comment. Each token is read once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from . import arguments
from .commands import COMMANDS, ENVIRONMENTS, SIZE_SWITCHES, STYLE_SWITCHES
from .refused import REFUSED
from .values import Wrong

MAX_LENGTH = 4_000  # characters of a formula
MAX_DEPTH = 40  # braces, environments, `\left` and switches such as `\small` inside each other
MAX_SWITCHES = 3  # of the size inside each other: they multiply
MAX_SIZES = 100.0  # em, of all sizes in a formula together
MAX_REPEATED = 3  # nested commands of REPEATED
MAX_FAULTS = 20  # of one formula
MAX_LETTERS_OFF = 2  # between a name and the one that was meant

# MathJax sets the argument of these more than once, so the work doubles with each that is nested.
_REPEATED = "pmb Aboxed adjustlimits centernot centerOver overbracket underbracket"
REPEATED = frozenset(_REPEATED.split()) | {name for name, takes in COMMANDS.items() if takes == "om"}

_TOKEN = re.compile(r"\\(?:([A-Za-z]+)|(.))?|[{}&]", re.DOTALL)
_SIZES = frozenset(SIZE_SWITCHES.split())
_STYLES = frozenset((*STYLE_SWITCHES.split(), "color"))
_SWITCHES = _SIZES | _STYLES
_CELL_ENDS = frozenset(("\\", "cr", "newline"))
_DELIMITERS = frozenset("()[]")
_SETS = frozenset("NZQRC")  # by far the commonest command that people define themselves
_SHOWN = 30  # characters of the formula that a message quotes
_PARTNERS = {"end": "begin", "right": "left"}


class Fault(NamedTuple):
    """Something that a formula cannot hold, at an offset, and how to fix it."""

    offset: int
    message: str
    hint: str


def find_faults(formula: str) -> tuple[Fault, ...]:
    """Return what a formula, without its delimiters, cannot hold; empty if it is safe to show."""
    if len(formula) > MAX_LENGTH:
        message = f"formula has {len(formula):,} characters, expected at most {MAX_LENGTH:,}"
        return (Fault(0, message, "split it into several formulas"),)
    found: list[Fault] = []
    for fault in _Reading(formula).faults():
        found.append(fault)
        if len(found) == MAX_FAULTS:
            break
    return tuple(found)


class _Reading:
    """One formula while it is read."""

    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.opened: list[tuple[str, int]] = []  # what is open, outermost first: braces, commands; offsets
        self.braces = 0  # of them
        self.repeated: list[int] = []  # how many braces are open at the commands of REPEATED
        self.sizes = 0.0
        self.said: set[str] = set()  # what is reported once

    def faults(self) -> Iterator[Fault]:
        for token in _TOKEN.finditer(self.formula):
            match token[0]:
                case "{":
                    self.braces += 1
                    yield from self._open("{", token.start())
                case "}":
                    yield from self._close_brace(token.start())
                case "&":
                    self._end_cell()
                case _:
                    yield from self._command(token.start(), token.end(), token[1] or token[2] or "")
        for _, offset in [one for one in self.opened if one[0] == "{"][:1]:
            yield Fault(offset, "`{` is not closed", r"add `}`; a brace to be shown is written `\{`")

    def _open(self, name: str, offset: int) -> Iterator[Fault]:
        self.opened.append((name, offset))
        if len(self.opened) == MAX_DEPTH + 1:
            message = f"formula is nested more than {MAX_DEPTH} deep"
            yield Fault(offset, message, "split it into several formulas")

    def _close_brace(self, offset: int) -> Iterator[Fault]:
        if not self.braces:
            if "}" not in self.said:
                yield Fault(offset, "`}` closes nothing", r"remove it; a brace to be shown is written `\}`")
            self.said.add("}")
            return
        self.braces -= 1
        while self.opened.pop()[0] != "{":
            pass
        while self.repeated and self.repeated[-1] > self.braces:
            self.repeated.pop()

    def _close(self, name: str) -> None:
        r"""Close an environment or a `\left`, unless a brace inside it is still open."""
        self._end_cell()
        if self.opened and self.opened[-1][0] == _PARTNERS[name]:
            self.opened.pop()

    def _end_cell(self) -> None:
        """End the switches of a cell, or of what stands in braces."""
        while self.opened and self.opened[-1][0] in _SWITCHES:
            self.opened.pop()

    def _command(self, start: int, end: int, name: str) -> Iterator[Fault]:
        if name in _DELIMITERS:
            yield from self._delimiter(start, name)
        elif not name:
            yield Fault(start, r"formula ends with a lone `\`", "remove it, or complete the command")
        elif name in REFUSED:
            does, instead = REFUSED[name]
            yield Fault(start, f"`\\{name}` is not allowed in a formula: it {does}", instead)
        elif name not in COMMANDS:
            yield from self._not_known(start, end, name)
        else:
            yield from self._nesting(start, name)
            yield from self._known(start, end, name)

    def _delimiter(self, start: int, name: str) -> Iterator[Fault]:
        r"""Report `\(` where it would end or begin a formula: elsewhere than in the braces of a text."""
        if name in "[]" or not self.braces:
            yield Fault(start, f"`\\{name}` inside a formula", r"remove it; inside `\text{…}` write `\(…\)`")

    def _not_known(self, start: int, end: int, name: str) -> Iterator[Fault]:
        if name not in self.said:
            self.said.add(name)
            takes = self.formula.startswith("{", end)
            yield Fault(start, f"Anki's MathJax does not know `\\{_shown(name)}`", _meant(name, takes=takes))

    def _nesting(self, start: int, name: str) -> Iterator[Fault]:
        """Keep account of what a command opens or closes, and report what is nested too deep."""
        if name in _PARTNERS:
            self._close(name)
        elif name in _CELL_ENDS:
            self._end_cell()
        elif name in _PARTNERS.values() or name in _STYLES:
            yield from self._open(name, start)
        elif name in _SIZES:
            yield from self._open(name, start)
            if sum(one in _SIZES for one, _ in self.opened) == MAX_SWITCHES + 1:
                message = f"more than {MAX_SWITCHES} switches of size inside each other"
                yield Fault(start, message, f"remove `\\{name}`, or put each into braces of its own")
        elif name in REPEATED:
            yield from self._again(start, name)

    def _known(self, start: int, end: int, name: str) -> Iterator[Fault]:
        if name in ("begin", "end"):
            yield from self._environment(start, end, name)
        else:
            yield from self._arguments(start, end, f"\\{name}", COMMANDS[name])

    def _again(self, start: int, name: str) -> Iterator[Fault]:
        if not self.repeated or self.repeated[-1] < self.braces:
            self.repeated.append(self.braces)
            if len(self.repeated) == MAX_REPEATED + 1:
                message = f"`\\{name}` is nested more than {MAX_REPEATED} deep"
                yield Fault(start, message, "MathJax would take minutes; write it flatter")

    def _environment(self, start: int, end: int, name: str) -> Iterator[Fault]:
        try:
            environment, behind = arguments.environment(self.formula, end)
        except Wrong as wrong:
            message = f"Anki's MathJax does not know the environment `{_shown(wrong.found)}`"
            near = _nearest(wrong.found, ENVIRONMENTS)
            yield Fault(start, message, f"did you mean `{near}`?" if near else "check how it is spelled")
            return
        if name == "begin":
            opening = f"\\begin{{{environment}}}"
            yield from self._arguments(start, behind, opening, ENVIRONMENTS[environment])

    def _arguments(self, start: int, end: int, command: str, takes: str) -> Iterator[Fault]:
        try:
            before, self.sizes = self.sizes, self.sizes + arguments.read(self.formula, end, takes)
        except Wrong as wrong:
            message = f"`{command}` has `{_shown(wrong.found)}`, expected {wrong.expected}"
            yield Fault(start, message, "fix what stands behind the command")
            return
        if before <= MAX_SIZES < self.sizes:
            message = f"the sizes in this formula add up to more than {MAX_SIZES:g}em"
            yield Fault(start, message, "use smaller sizes, or split the formula")


def _shown(text: str) -> str:
    text = " ".join(text.split()).replace("`", "'")
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@lru_cache(1024)
def _meant(name: str, *, takes: bool) -> str:
    """Suggest the nearest command: one that takes arguments where some stand behind it."""
    if name in _SETS:
        return f"write `\\mathbb{{{name}}}`"
    names = [one for one in COMMANDS if bool(COMMANDS[one]) >= takes]
    near = _nearest(name, names) if name.isalpha() else ""
    if not near:
        return "check how it is spelled; a card cannot define commands of its own"
    return f"did you mean `\\{near}`?"


def _nearest(name: str, known: Iterable[str]) -> str:
    """Suggest a name that begins alike: comparing with all of them would take milliseconds."""
    alike = [one for one in known if one[0] == name[:1] and abs(len(one) - len(name)) <= MAX_LETTERS_OFF]
    return next(iter(difflib.get_close_matches(name, alike, n=1, cutoff=0.6)), "")
