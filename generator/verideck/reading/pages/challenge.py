"""Challenge pages: problems with a kind, a level and a time; options behind letters, a hint, an explanation.

A problem begins at its header. Where a copy has lost the header, it begins behind the last problem's hint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from verideck.cards import Kind, Location
from verideck.problems import Problem, warning
from verideck.reading.items import Fate, Item, Line
from verideck.reading.pages import choices, losing, prose, snippets
from verideck.reading.pages.heads import Head, heads
from verideck.reading.pages.layouts import Found, start
from verideck.reading.pages.tokens import Token, TokenKind

LAYOUT = "challenge"
MARKS = (
    "`Challenge - N Problems`",
    "a level and a time below a kind such as `Conceptual` or `Predict Output`",
)

_COUNT = re.compile(r"\d+")
_BADGE = re.compile(r"get all challenges correct", re.IGNORECASE)
_TITLE_LENGTH = 160
_NEAR = 200  # tokens within which a problem's hint stands
_NEEDS_CODE = re.compile(
    r"\b(?:following|below|given|this) (?:[\w+#]+ )?(?:code|program|snippet|query|script|function)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Reading:
    """What has been found so far."""

    path: str
    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fates: dict[int, Fate] = field(default_factory=dict)

    def give(self, lines: Sequence[int], fate: Fate) -> None:
        """Give lines a fate; what a card holds of a line outweighs the noise on it."""
        for line in lines:
            if fate is not Fate.NOISE or line not in self.fates:
                self.fates[line] = fate

    def warn(self, line: int, message: str, hint: str = "") -> None:
        self.problems.append(warning(Location(self.path, line), message, hint))


@dataclass(frozen=True, slots=True)
class _Zones:
    """A problem's tokens by what they are for; a token in front of a zone's text is its heading."""

    stem: tuple[Line, ...]
    hint: tuple[Line, ...] = ()
    explanation: tuple[Line, ...] = ()
    hint_heading: int = 0
    explanation_heading: int = 0
    key: str = ""


def find(tokens: Sequence[Token]) -> Sequence[int]:
    """Give the lines where challenges begin: headings, and headers with a level and a time."""
    headings = [
        start(tokens, index)
        for index, token in enumerate(tokens)
        if token.kind is TokenKind.HEADING and token.value == LAYOUT
    ]
    found = heads(tokens)
    timed = [head for head in found if head.timed and head.level]
    if not headings and not timed:
        loose = [head for head in found if head.kind and head.level]
        timed = loose if len(loose) > 1 else []
    return sorted({*headings, *(start(tokens, head.first) for head in timed)})


def read(tokens: Sequence[Token], path: str) -> Found:
    """Read a challenge page's problems; what belongs to none of them keeps no fate."""
    reading = _Reading(path)
    found = heads(tokens)
    first = found[0].first if found else _below_heading(tokens)
    title = _preamble(reading, tokens[:first])
    ends = [head.first for head in found[1:]] + [len(tokens)]
    for head, end in zip(found or [Head(first, first)], ends, strict=True):
        for token in tokens[head.first : head.after]:
            reading.give([token.line], Fate.NOISE if token.kind is TokenKind.TIME else Fate.CARD)
        for index, chunk in enumerate(_chunks(tokens[head.after : end])):
            _problem(reading, head if index == 0 else Head(head.after, head.after), chunk, tokens)
    _count(reading, tokens)
    return Found(tuple(reading.items), tuple(reading.problems), reading.fates, title)


def _below_heading(tokens: Sequence[Token]) -> int:
    """Give where a page's problems begin that has lost all headers: below the noise at its top."""
    noise = [
        index
        for index, token in enumerate(tokens)
        if token.kind is TokenKind.HEADING or _BADGE.match(token.text) or token.kind is TokenKind.TITLE
    ]
    return noise[-1] + 1 if noise else 0


def _preamble(reading: _Reading, tokens: Sequence[Token]) -> str:
    """Know the noise above the first problem, the badge's name too; give the page's title."""
    title = ""
    for index, token in enumerate(tokens):
        if token.kind is TokenKind.TITLE:
            title = title or token.value
        if token.kind is not TokenKind.TEXT or _is_badge(tokens, index):
            reading.give([token.line], Fate.NOISE)
    return title


def _is_badge(tokens: Sequence[Token], index: int) -> bool:
    following = next((token for token in tokens[index + 1 : index + 4] if token.text), None)
    return following is not None and _BADGE.match(following.text) is not None


def _chunks(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """Part what stands below one header, should another problem's header be lost: behind a hint's text."""
    chunks: list[Sequence[Token]] = []
    at = index = 0
    while index < len(tokens):
        hint = tokens[index].kind is TokenKind.HINT
        index += 1
        if hint and (end := _behind_hint(tokens, index)):
            chunks.append(tokens[at:end])
            at = index = end
    return [*chunks, tokens[at:]]


def _behind_hint(tokens: Sequence[Token], index: int) -> int:
    """Give where another problem begins behind a hint at `index`; 0 where none does.

    A hint is one paragraph; where empty lines are lost, too, the options of the other problem tell.
    """
    while index < len(tokens) and tokens[index].kind is TokenKind.BLANK:
        index += 1
    end = index
    while end < len(tokens) and tokens[end].kind is TokenKind.TEXT:
        end += 1
    if choices.runs([Line(token.line, token.raw) for token in tokens[index:end]]):
        goes_on = (at for at in range(index + 1, end) if not tokens[at].text[:1].islower())
        return next(goes_on, end)
    another = any(token.kind is TokenKind.HINT for token in tokens[end : end + _NEAR])
    return end if another else 0


def _zones(reading: _Reading, tokens: Sequence[Token]) -> _Zones:
    """Sort a problem's tokens by the headings between them."""
    zone, key, apart = "stem", "", False
    texts: dict[str, list[Line]] = {"stem": [], "hint": [], "explanation": [], "": []}
    heading = {"hint": 0, "explanation": 0}
    for token in tokens:
        if token.kind in {TokenKind.HINT, TokenKind.EXPLANATION, TokenKind.VERDICT}:
            zone, apart = ("hint" if token.kind is TokenKind.HINT else "explanation"), False
            reading.give([token.line], Fate.NOISE)
            if token.kind is not TokenKind.VERDICT:
                heading[zone] = heading[zone] or token.line
        elif token.kind is TokenKind.KEY:
            key = key or token.value
            reading.give([token.line], Fate.CARD)
        elif token.kind is TokenKind.BLANK:
            apart = zone == "hint" and bool(texts["hint"])
            texts[zone].append(Line(token.line, ""))
        elif _is_noise(token, zone):
            reading.give([token.line], Fate.NOISE)
        else:
            zone = "" if apart else zone  # a hint is one paragraph; what is below it belongs to nothing
            texts[zone].append(Line(token.line, token.raw if token.whole else token.text))
    return _Zones(
        tuple(texts["stem"]), tuple(texts["hint"]), tuple(texts["explanation"]),
        heading["hint"], heading["explanation"], key,
    )  # fmt: skip


def _is_noise(token: Token, zone: str) -> bool:
    """Tell whether a token is the page's noise; figures and signs within a stem may be code or output."""
    if token.kind is TokenKind.NOISE:
        return zone != "stem" or any(character.isalpha() for character in token.text)
    return token.kind in {
        TokenKind.HEADING,
        TokenKind.TITLE,
        TokenKind.TIME,
        TokenKind.REVEAL,
        TokenKind.RUBRIC,
    }


def _problem(reading: _Reading, head: Head, chunk: Sequence[Token], tokens: Sequence[Token]) -> None:
    """Read one problem, or several where a stem holds the options of several."""
    zones = _zones(reading, chunk)
    shown = [line.number for line in (*zones.stem, *zones.hint, *zones.explanation) if line.text]
    if not shown and not head.kind:
        return
    if not shown:
        line = tokens[head.first].line
        reading.give([line], Fate.PROBLEM)
        reading.warn(line, "a problem of which only the header is left", "copy the page again")
        return
    found = choices.runs(zones.stem)
    at = 0
    for index, run in enumerate(found):
        stem = zones.stem[at : run.first]
        own = replace(zones, stem=stem) if index == len(found) - 1 else _Zones(stem)
        _item(reading, head if index == 0 else Head(0, 0), own, run)
        reading.give([line.number for line in zones.stem[run.first : run.after] if line.text], Fate.CARD)
        at = run.after
    if not found:
        _item(reading, head, zones, None)


def _item(reading: _Reading, head: Head, zones: _Zones, run: choices.Run | None) -> None:
    """Make the item of one problem, and tell what is lost of it."""
    parted = snippets.part(zones.stem)
    snippet = parted.snippet or snippets.NONE
    title, question, body = _asked((*parted.before, Line(0, ""), *parted.after))
    lines = [*zones.stem, *zones.hint, *zones.explanation]
    options = run.options if run else ()
    line = next((one.number for one in lines if one.text), options[0].line if options else 0)
    codeless = parted.empty or (line if not snippet.code and _NEEDS_CODE.search(f"{question} {body}") else 0)
    item = Item(
        layout=LAYOUT, line=line, kind=Kind.CHOICE, question=question, title=title, body=body,
        level=head.level, tags=(head.kind.replace(" ", "-"),) if head.kind else (),
        code=snippet.code, language=snippet.language, code_line=snippet.line, joined=snippet.joined,
        readings=snippet.readings,
        options=losing.ticked(options, zones.key),
        hint=prose.joined(zones.hint), explanation=prose.joined(zones.explanation),
        explanation_line=next((one.number for one in zones.explanation if one.text), 0),
        lost=losing.parts(text=bool(question) and not codeless, run=run, key=zones.key),
    )  # fmt: skip
    reading.items.append(item)
    reading.give([one.number for one in lines if one.text], Fate.CARD)
    reading.problems += losing.told(item, reading.path)
    reading.problems += losing.of_options(run, reading.path) if run is not None else ()
    reading.problems += losing.of_code(snippet, reading.path)
    if codeless:
        reading.warn(codeless, "the question's code is lost", "copy it from the original page")
    _headings(reading, zones)


def _asked(lines: Sequence[Line]) -> tuple[str, str, str]:
    """Give title, question and body of a stem: the title is the short first line, if more follows."""
    found = prose.paragraphs(lines)
    title = ""
    if len(found) > 1 and _is_title(found[0]):
        title = found.pop(0)
    if not found:
        return "", "", ""
    return title, found[0], "\n\n".join(found[1:])


def _is_title(text: str) -> bool:
    return len(text) <= _TITLE_LENGTH and "\n" not in text and not text.endswith((".", ":", ",", ";"))


def _headings(reading: _Reading, zones: _Zones) -> None:
    for name, line, text in (
        ("hint", zones.hint_heading, zones.hint),
        ("explanation", zones.explanation_heading, zones.explanation),
    ):
        if line and not any(one.text for one in text):
            reading.give([line], Fate.PROBLEM)
            reading.warn(line, f"the {name} is lost", "write it from the original page, or leave it out")


def _count(reading: _Reading, tokens: Sequence[Token]) -> None:
    """Hold the number of problems against what the headings promise."""
    headings = [token for token in tokens if token.kind is TokenKind.HEADING and token.value == LAYOUT]
    reading.give([token.line for token in headings], Fate.NOISE)
    promised = sum(int(found.group()) for token in headings if (found := _COUNT.search(token.text)))
    if headings and promised != len(reading.items):
        reading.give([headings[0].line], Fate.PROBLEM)
        many, here = f"{promised} problem{'s' * (promised != 1)}", len(reading.items)
        message = f"the page promises {many}, {here} {'is' if here == 1 else 'are'} here"
        reading.warn(headings[0].line, message, "copy the whole page again")
