"""Where the statement that begins at a place may end, and where the comment that stands there may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from verideck.reading.pages.joining import statements
from verideck.reading.pages.joining.boundaries import ENDING, MUST, between
from verideck.reading.pages.joining.lexing import Code, Sort, Token
from verideck.reading.pages.joining.statements import HEADERS, Statement

ENDS = 24  # places at which one statement may end
WORDS = 60  # places at which one comment may end
BUDGET = 2_500  # texts that are read by the parser for one piece of code
SWALLOWED = 2.2  # the cost of a comment that holds a call, and of one that holds something plainer
MENTIONED = 0.9
CHARACTERS = 150_000  # of them together
STEPS = 40_000  # tokens that are walked over, and statements tried at a depth
DECORATORS = 8  # above one function

# What a statement looks like from its first character on, where it stands behind a comment.
_STARTS = re.compile(
    r"(?:import|from|def|class|for|while|with|if|elif|else|try|except|finally|return|assert|del|raise|async|pass)\b"
    r"|@\w|[^\W\d][\w.]*(?:\[[^\]\n]{0,60}\])?(?:\s*,\s*\*?[^\W\d][\w.]*){0,8},?\s*(?:[-+*/@%&|^]|//|\*\*)?=(?!=)"
    r"|\([^()\n]{1,60}\)\s*=(?!=)|[^\W\d]\w*\s*:\s*[\w.\[\], |]{1,40}=(?!=)"
    r"|[^\W\d][\w.]*[(\[]|[^\W\d][\w.]*\s*(?:\#|;|$)",
    re.MULTILINE,
)
_INNER = re.compile(
    r"[\])}]|[\"'\d\[({*-]|[rbfRBF][\"']|[^\W\d][\w.]*\s*(?:[(\[.,)\]}=:]|[-+*/]\s)|(?:None|True|False)\b"
)


class TooMuch(Exception):  # noqa: N818  it is no error: the code is given back as it is
    """The work that one piece of code may cost is used up."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement, where it ends, and what speaks against it, as a cost."""

    statement: Statement
    end: int
    cost: float


@dataclass(slots=True)
class Finder:
    """Finds candidates in one piece of code, each once."""

    code: Code
    read: int = 0
    weighed: int = 0
    walked: int = 0
    above: int = 0  # decorators that are being read
    found: dict[int, tuple[Candidate, ...]] = field(default_factory=dict)

    def at(self, place: int) -> tuple[Candidate, ...]:
        """Give the statements that may begin at a place.

        Raises:
            TooMuch: reading them takes more work than one piece of code may cost.

        """
        if place not in self.found:
            self.found[place] = ()  # what comes back to this place while it is looked at finds nothing
            self.found[place] = tuple(self._at(place))
        return self.found[place]

    def _at(self, place: int) -> Iterator[Candidate]:
        first = self.code.token(place)
        if (
            first is None
            or first.sort not in (*ENDING, Sort.OPENING, Sort.OPERATOR)
            or first.sort is Sort.CLOSING
        ):
            return
        if first.text == "@":
            yield from self._decorated(first)
            return
        header = first.text in HEADERS
        for text, end, cost in self._ends(first):
            if header and not text.endswith(":") and first.text not in ("match", "case"):
                continue
            statement = self._read(text)
            if statement is not None:
                yield Candidate(statement, end, cost)

    def _decorated(self, first: Token) -> Iterator[Candidate]:
        if self.above >= DECORATORS:
            return
        self.above += 1
        yield from self._under(first)
        self.above -= 1

    def _under(self, first: Token) -> Iterator[Candidate]:
        for text, end, cost in self._ends(first):
            following = self.code.token(end)
            while following is not None and following.sort is Sort.BREAK and following.text == "\n":
                following = self.code.token(following.end)
            if following is None or following.text not in ("@", "def", "class", "async"):
                continue
            for inner in self.at(following.start):
                statement = statements.decorated(text, inner.statement)
                if statement is not None:
                    yield Candidate(statement, inner.end, cost + inner.cost)

    def _read(self, text: str) -> Statement | None:
        self.read += 1
        self.weighed += len(text)
        if self.read > BUDGET or self.weighed > CHARACTERS:
            raise TooMuch
        return statements.read(text)

    def walk(self, steps: int = 1) -> None:
        """Count work; raises TooMuch where it is used up."""
        self.walked += steps
        if self.walked > STEPS:
            raise TooMuch

    def _ends(self, first: Token) -> Iterator[tuple[str, int, float]]:
        """Give each text from a token on that may be a statement, its end, and what going on so far cost."""
        trails = [_Trail("", first.start, first, 0, 0.0)]
        count = 0
        while trails and count < ENDS:
            trail = trails.pop()
            for text, end, cost, more in self._along(trail, trails):
                count += 1
                yield text, end, cost
                if not more or count >= ENDS:
                    break

    def _along(self, trail: _Trail, trails: list[_Trail]) -> Iterator[tuple[str, int, float, bool]]:
        """Walk over tokens from a trail's place on; where a comment stands inside brackets, trails part."""
        token, depth, cost, text_from = trail.token, trail.depth, trail.cost, trail.start
        header = trail.word(self.code) in HEADERS
        before = ""
        while True:
            self.walk()
            depth += {Sort.OPENING: 1, Sort.CLOSING: -1}.get(token.sort, 0)
            if depth < 0:
                return
            following = self.code.token(token.end, inside=depth > 0)
            if following is None or (depth > 0 and following.sort in (Sort.END, Sort.BREAK)):
                return
            if depth > 0 and following.sort is Sort.COMMENT:
                trails += self._parted(
                    trail.text + self.code.text[text_from : token.end], following, depth, cost
                )
                return
            if depth == 0:
                spaced = self.code.text[following.end : following.end + 1].isspace()
                all_of_it = token.text == "*" and before == "import"
                colon = token.text == ":" and header
                here = 0.0 if colon else between(token, following, spaced=spaced, complete=all_of_it)
                if here is not None:
                    text = trail.text + self.code.text[text_from : token.end]
                    yield text.strip(), token.end, cost, here is not MUST
                    if here is MUST:
                        return
                    cost += here
            before, token = token.text, following

    def _parted(self, text: str, comment: Token, depth: int, cost: float) -> Iterator[_Trail]:
        """Give the trails behind a comment inside brackets: each word of it may be code again."""
        end = self.code.line_end(comment.end)
        skipped, found = 0, []
        for place in _words(self.code.text, comment.end, end):
            if _INNER.match(self.code.text, place) is None:
                continue
            said = self.code.text[comment.start : place].rstrip()
            token = self.code.token(place, inside=True)
            if token is not None and said != "#":
                kept = f"{text}  {said}\n    "
                found.append(
                    _Trail(kept, token.start, token, depth, cost + SWALLOWED * skipped + _dangling(said))
                )
                skipped += 1
        if end < len(self.code.text):
            token = self.code.token(end, inside=True)
            if token is not None and token.sort is not Sort.END:
                said = self.code.text[comment.start : end].rstrip()
                found.append(_Trail(f"{text}  {said}\n", token.start, token, depth, cost))
        return reversed(found[:12])  # the nearest is walked first

    def resumed(self, comment: Token) -> tuple[tuple[int, float], ...]:
        """Give where code may begin again behind a comment, with costs; last the end of the file's line."""
        end = self.code.line_end(comment.end)
        found: list[tuple[int, float]] = []
        passed = 0.0
        for place in _words(self.code.text, comment.end, end):
            self.walk()
            if _STARTS.match(self.code.text, place) is None:
                continue
            strong = [one for one in self.at(place) if _is_strong(one.statement)]
            if not strong:
                continue
            said = self.code.text[comment.start : place].strip()
            bare = 1.2 if said == "#" else 0.0
            sure = any(_is_sure(one.statement) for one in strong)
            found.append((place, bare + passed + _dangling(said) + (0.0 if sure else 0.6)))
            called = any("(" in one.statement.text for one in strong)
            passed += (SWALLOWED if called else MENTIONED) if sure else 0.0
        if end == len(self.code.text) and passed:
            passed = max(passed, SWALLOWED)  # it would have swallowed all the rest
        found.append((end, min(passed, 4.0)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Trail:
    """The way to a place inside a statement: its text so far, with the comments inside it."""

    text: str
    start: int
    token: Token
    depth: int
    cost: float

    def word(self, code: Code) -> str:
        """Give the word that the statement begins with."""
        found = re.match(r"[^\W\d]\w*", self.text or code.text[self.start : self.start + 12])
        return found[0] if found else ""


def _words(text: str, start: int, end: int) -> Iterator[int]:
    """Give where the words of a comment begin, not too many."""
    for count, found in enumerate(re.compile(r"(?<=[\s#])[^\s#]").finditer(text, start, end)):
        if count >= WORDS:
            return
        yield found.start()


def _dangling(said: str) -> float:
    """Weigh a comment that stops in the middle of something."""
    cost = 2.5 if said[-1:] in tuple(",=([{+*/.&|") and said != "#" and not said.endswith("...") else 0.0
    opened = sum(said.count(sign) for sign in "([{") - sum(said.count(sign) for sign in ")]}")
    return cost + (2.5 if opened > 0 else 0.0)


def _is_strong(statement: Statement) -> bool:
    """Tell whether a statement may stand behind a comment at all: prose seldom looks like it."""
    if statement.root:
        return statement.sort in ("Call", "Attribute", "Subscript", "Name", "Await")
    return statement.sort not in (
        "Text",
        "Constant",
        "Tuple",
        "BinOp",
        "UnaryOp",
        "Compare",
        "BoolOp",
        "List",
        "Set",
    )


def _is_sure(statement: Statement) -> bool:
    if statement.sort in ("Attribute", "Subscript", "Name"):
        return False
    return not statement.calls or statement.root == "print"
