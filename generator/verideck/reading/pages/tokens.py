"""The tokeniser that all page readers share: what a line is by itself, whatever page it stands on.

One line can hold several tokens (`intermediate2:00remaining`), for copies glue words. A token says what its
words look like; a reader that knows better takes the line as it is (`raw`): a `0` may be code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from verideck.reading.items import Line

LONGEST = 200  # characters of a piece that can be anything but text


class TokenKind(StrEnum):
    """What a piece of a line looks like."""

    TEXT = "text"
    BLANK = "blank"
    NOISE = "noise"  # counters, badges, buttons
    TITLE = "title"  # `Tides - Challenge Your Understanding`; value: the part in front
    HEADING = "heading"  # `Challenge - 5 Problems`; value: the family
    KIND = "kind"  # `🧠 Conceptual`; value: `conceptual`
    LEVEL = "level"  # value: a word of `cards.LEVELS`
    TIME = "time"  # `2:00remaining`
    LANGUAGE = "language"  # `PyTorch`, the line above code
    HINT = "hint"  # `💡 Hint`, the line above a hint
    VERDICT = "verdict"  # `✗ Incorrect`, residue of the page; value: `correct` or `incorrect`
    EXPLANATION = "explanation"  # `Explanation:`
    KEY = "key"  # `Correct answer: B`; value: the letter
    REVEAL = "reveal"  # `Click to reveal answer`
    RUBRIC = "rubric"  # `You got /5 concepts.`


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of line `line`: `text` is the piece, stripped; `raw` the whole line with its indentation.

    Where a mark was found, several spaces in a row are one in `text`.
    """

    kind: TokenKind
    text: str
    line: int
    raw: str
    value: str = ""

    @property
    def whole(self) -> bool:
        """Whether the piece is all of its line."""
        return self.text == self.raw.strip()


_LEVELS = {
    "beginner": "beginner",
    "easy": "beginner",
    "intermediate": "intermediate",
    "medium": "intermediate",
    "advanced": "advanced",
    "hard": "advanced",
    "expert": "expert",
}
KINDS = (
    "Conceptual", "Predict Output", "Model Choice", "Hyperparameter", "Metrics", "Debug", "Data",
    "Architecture", "Query Result", "Data Output", "Command Output", "State Output", "Syntax",
    "Optimization", "Scenario", "Best Practice", "Application", "Troubleshoot", "Troubleshooting",
    "Configuration", "Workflow", "Component Behavior", "Lifecycle", "Visualization", "Security",
    "Comparison", "Fill in the Blank", "Code Completion", "Error Analysis", "Schema", "Tradeoff",
    "Design Choice", "Data Analysis", "Preprocessing", "Evaluation", "Training", "Code Output",
    "Analysis",
)  # fmt: skip
LANGUAGES = (
    "PyTorch", "Python", "Python 3", "TensorFlow", "Keras", "NumPy", "Pandas", "JAX", "scikit-learn",
    "ML Python", "Matplotlib", "SQL", "MySQL", "PostgreSQL", "SQLite", "Java", "JavaScript",
    "TypeScript", "React", "Vue", "Angular", "Node.js", "C", "C++", "C#", "Go", "Rust", "Ruby", "PHP",
    "Perl", "Kotlin", "Swift", "Scala", "R", "Julia", "MATLAB", "Bash", "Shell", "Bash Script",
    "PowerShell", "HTML", "CSS", "SCSS", "JSON", "YAML", "Dockerfile", "Docker", "Haskell", "Lua",
    "Dart", "Elixir", "GraphQL", "Terraform", "LangChain", "Text", "Plain text", "Pseudocode", "Code",
)  # fmt: skip
_LANGUAGES = frozenset(LANGUAGES)
_NOISE = (
    r"\d{1,4}(?: \d{1,4}){0,2}",
    r"[^.?!]{0,60}~ ?\d{1,3} ?(?:mins?|minutes|hours?|hrs?)",
    r"choose your learning style ?\d* ?(?:modes?)? ?(?:available)?",
    r"\d{1,2} modes? available",
    r"get all challenges correct.{0,60}",
    r"test your (?:skills|understanding).{0,40}",
    r"attempts? ?:? ?(?:\d{1,3} ?(?:/ ?\d{1,3})?)? ?(?:left)?",
    r"\d{1,3} (?:attempts? )?left",
    r"copy|copied!?|run|run code|submit|share|bookmark|like|dislike|next|previous|skip|reset",
    r"(?:show|hide) (?:hint|answer|explanation)|report (?:an )?issue|mark (?:as )?(?:complete|read)",
    r"back to top|sign in|log in|loading(?:\.{3}|…)?|advertisement",
    r"[-_=*·•—–]{1,80}",
)
_LEVEL = "beginner|intermediate|advanced|expert"
_PIECES = (
    r"(?P<noise>attempts: ?(?:\d{1,3} left)?|choose your learning style ?\d{0,3} ?modes available"
    r"|get all challenges correct to earn this badge!?|test your skills under time pressure!?)",
    r"(?P<heading>challenge [-–—] \d{1,4} problems?"
    rf"|\Arecall (?:&|&amp;|and) review(?=\Z|[ ]?(?-i:{_LEVEL})))",
    r"(?P<reveal>click to (?:reveal|show|see)(?: the)? answer)",
    r"(?P<rubric>you (?:got|covered) ?[\d_]{0,3} ?(?:/|of) ?\d{1,3} (?:key )?(?:concepts?|points?)\.?)",
    r"(?P<verdict>[✗✘✕❌×✓✔✅☑]\ufe0f?[ ]?(?:in)?correct(?-i:(?![a-z]))[!.:]?)",
    r"(?P<hint>💡[ ]?hints?(?-i:(?![a-z])):?)",
    rf"(?P<level>(?-i:{_LEVEL})(?=[ ]?\d{{1,2}}:\d\d[ ]?(?:remaining|left|\Z)))",
    r"(?P<time>(?<![\d:])\d{1,2}:\d\d[ ]?remaining)",
)
_PIECE = re.compile("|".join(_PIECES), re.IGNORECASE)
_LEVEL_IN_FRONT = re.compile(rf"(?:{_LEVEL})(?=[A-Z])")
_LEVEL_BEHIND = re.compile(rf"(?<=[a-z])(?:{_LEVEL})\Z")
_SIGNS = re.compile(r"(?:[^\w\s\"'`$(\[{<#/@.,;:!?*+=~^&|%\\>)\]}-]|\A\?{1,4}(?= ))*")  # `?`: lost emoji
_TITLE_ENDS = (
    "challenge your understanding|model pipeline impact|quick (?:recall|review|revision)"
    "|recall (?:&|and) review|practice (?:problems|questions)|mini quiz|test your knowledge"
)
_WHOLE: tuple[tuple[TokenKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (TokenKind.LEVEL, f"(?P<value>{'|'.join(_LEVELS)})"),
        (TokenKind.TIME, r"\d{1,2}:\d\d(?::\d\d)?(?: ?(?:remaining|left|mins?|minutes))?"),
        (TokenKind.NOISE, "|".join(_NOISE)),
        (TokenKind.TITLE, rf"(?P<value>.+?) [-–—] (?:{_TITLE_ENDS})"),
        (TokenKind.KIND, f"(?P<value>{'|'.join(KINDS)})"),
        (TokenKind.LANGUAGE, f"(?P<value>{'|'.join(map(re.escape, LANGUAGES))})"),
        (TokenKind.HINT, r"hints?:?"),
        (TokenKind.VERDICT, r"(?P<value>(?:in)?correct)[!.:]?"),
        (TokenKind.EXPLANATION, r"explanation:?"),
        (
            TokenKind.KEY,
            r"(?:the )?(?:correct |right )?(?:answer|option|key)(?: is)? ?: ?"
            r"(?:option )?\(?(?P<value>[A-J])[).]?"
            r"|(?:the )?(?:correct|right) (?:answer|option)(?: is)?:? \(?(?P<bare>[A-J])[).]?",
        ),
    )
)
_IN_FRONT = (
    (TokenKind.LEVEL, _LEVEL_IN_FRONT),
    (TokenKind.EXPLANATION, re.compile(r"explanation: ?(?=\S)", re.IGNORECASE)),
    (TokenKind.HINT, re.compile(r"hint: ?(?=\S)", re.IGNORECASE)),
)


def tokenise(lines: Sequence[Line]) -> tuple[Token, ...]:
    """Take lines apart into tokens, at least one a line, in order."""
    return tuple(token for line in lines for token in _of_line(line))


def lines_of(tokens: Sequence[Token]) -> tuple[Line, ...]:
    """Give back the lines that tokens were made of, for a reader that goes by lines."""
    return tuple(
        Line(token.line, token.raw)
        for index, token in enumerate(tokens)
        if index == 0 or tokens[index - 1].line != token.line
    )


def without_signs(text: str) -> str:
    """Take the emoji and signs off the front of a line: `🧠 Conceptual` is `Conceptual`."""
    return text[_SIGNS.match(text).end() :].strip()  # type: ignore[union-attr]  # it matches nothing, too


def language(text: str) -> str:
    """Give the language that a line names and nothing else; empty where it names none."""
    return text if text in _LANGUAGES else ""


def _of_line(line: Line) -> Iterator[Token]:
    stripped = line.text.strip()
    if not stripped:
        yield Token(TokenKind.BLANK, "", line.number, line.text)
        return
    if "  " in stripped and len(stripped) <= LONGEST:
        spaced = tuple(_pieces(" ".join(stripped.split()), line))
        if any(token.kind is not TokenKind.TEXT for token in spaced):
            yield from spaced
            return
    yield from _pieces(stripped, line)


def _pieces(stripped: str, line: Line) -> Iterator[Token]:
    at = 0
    for found in _PIECE.finditer(stripped):
        yield from _between(stripped[at : found.start()], line)
        yield _marked(found, line)
        at = found.end()
    yield from _between(stripped[at:], line)


def _marked(found: re.Match[str], line: Line) -> Token:
    kind = TokenKind(found.lastgroup or "text")
    text = found.group().strip()
    lower = text.lower()
    values = {
        TokenKind.HEADING: "challenge" if lower.startswith("challenge") else "recall",
        TokenKind.VERDICT: "incorrect" if "incorrect" in lower else "correct",
        TokenKind.LEVEL: _LEVELS.get(lower, ""),
    }
    return Token(kind, text, line.number, line.text, values.get(kind, ""))


def _between(piece: str, line: Line) -> Iterator[Token]:
    """Make tokens of a piece in which no mark was found: all of it is one, or a level is glued to it."""
    text = piece.strip()
    if not text:
        return
    if (whole := _whole(text, line)) is not None:
        yield whole
        return
    for kind, pattern in _IN_FRONT:
        if (found := pattern.match(text)) is not None:
            yield Token(kind, found.group().strip(), line.number, line.text, _LEVELS.get(found.group(), ""))
            yield from _between(text[found.end() :], line)
            return
    if len(text) <= LONGEST and (found := _LEVEL_BEHIND.search(text)) is not None:
        yield from _between(text[: found.start()], line)
        yield Token(TokenKind.LEVEL, found.group(), line.number, line.text, found.group())
        return
    yield Token(TokenKind.TEXT, text, line.number, line.text)


def _whole(text: str, line: Line) -> Token | None:
    if len(text) > LONGEST:
        return None
    bare = without_signs(text)
    if not bare and not text.isascii():
        return Token(TokenKind.NOISE, text, line.number, line.text)  # nothing but emoji
    for kind, pattern in _WHOLE:
        if found := pattern.fullmatch(bare):
            groups = found.groupdict()
            value = groups.get("value") or groups.get("bare") or ""
            return Token(kind, text, line.number, line.text, _value(kind, value))
    return None


def _value(kind: TokenKind, value: str) -> str:
    if kind is TokenKind.LEVEL:
        return _LEVELS[value.lower()]
    if kind is TokenKind.KEY:
        return value.upper()
    return value.lower() if kind in {TokenKind.KIND, TokenKind.VERDICT} else value
