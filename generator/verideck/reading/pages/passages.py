"""A recall page's text parted at the ends of its questions, and at the levels that begin one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from verideck.reading.items import Fate, Line
from verideck.reading.pages.tokens import Token, TokenKind

QUIZ_ENDS = frozenset({TokenKind.VERDICT, TokenKind.EXPLANATION})
_ENDS = QUIZ_ENDS | {TokenKind.REVEAL, TokenKind.RUBRIC}
_NOISE = frozenset({TokenKind.HEADING, TokenKind.TITLE, TokenKind.NOISE, TokenKind.TIME})


@dataclass(frozen=True, slots=True)
class Passage:
    """The text up to an end; `explained` if it begins with the explanation of the question before.

    `hinted` is the index of the first line below a hint's heading, or -1; `end` is None where the next
    question's level or the page's end cuts it off; `prompts` says that prompts have begun above.
    """

    lines: tuple[Line, ...] = ()
    end: TokenKind | None = None
    level: str = ""
    explained: bool = False
    hinted: int = -1
    key: str = ""
    prompts: bool = False


@dataclass(slots=True)
class _Parting:
    """The passages so far, and the one that is being gathered."""

    done: list[Passage] = field(default_factory=list)
    passage: Passage = field(default_factory=Passage)
    lines: list[Line] = field(default_factory=list)
    fates: dict[int, Fate] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not any(line.text for line in self.lines)

    def take(self, token: Token) -> None:
        """Take the next token: it ends the passage, says something of it, is noise, or is its text."""
        if self._is_text(token):
            if token.text or self.lines:
                self.lines.append(Line(token.line, token.raw if token.whole else token.text))
            return
        held = token.kind in {TokenKind.LEVEL, TokenKind.KEY}
        self.fates.setdefault(token.line, Fate.CARD if held else Fate.NOISE)
        if token.kind is TokenKind.LEVEL:
            self.close(None, level=token.value)
        elif token.kind is TokenKind.HINT and self.passage.hinted < 0:
            self.passage = replace(self.passage, hinted=len(self.lines))
        elif token.kind is TokenKind.KEY:
            self.passage = replace(self.passage, key=self.passage.key or token.value)
        elif token.kind in _ENDS and not self._is_ended(token):
            self.close(token.kind)

    def close(self, end: TokenKind | None, level: str = "") -> None:
        """End the passage and begin the next."""
        if self.lines or end in QUIZ_ENDS:
            self.done.append(replace(self.passage, lines=tuple(self.lines), end=end))
        prompts = self.passage.prompts or end is TokenKind.RUBRIC
        self.passage = Passage(level=level, explained=end in QUIZ_ENDS, prompts=prompts)
        self.lines.clear()

    def _is_text(self, token: Token) -> bool:
        """Tell whether a token is text here: `hard` can be an answer, and so can a figure."""
        if token.kind is TokenKind.LEVEL:
            return token.text != token.value and not self.empty
        if token.kind is TokenKind.NOISE:
            return token.text.isdigit() and not self.empty
        return token.kind not in {*_ENDS, *_NOISE, TokenKind.HINT, TokenKind.KEY}

    def _is_ended(self, token: Token) -> bool:
        """Tell whether an `Explanation:` stands below the `✗ Incorrect` that has ended the question."""
        return token.kind is TokenKind.EXPLANATION and self.passage.explained and self.empty


def passages(tokens: Sequence[Token]) -> tuple[list[Passage], dict[int, Fate]]:
    """Part a page's tokens; give the passages, and the fates of the lines between them."""
    parting = _Parting()
    for token in tokens:
        parting.take(token)
    parting.close(None)
    return parting.done, parting.fates
