"""Options behind letters among lines of text: `AIt grows`, `B) It shrinks`, `C. Both`, one on several lines.

A question can begin with a capital A, too (`Attention is …`): options are a run of consecutive letters, and
of all runs that the lines allow the likeliest is taken. A letter that is missing in a run is a lost option.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from verideck.reading.items import ItemOption, Line, Mark
from verideck.reading.pages.option_marks import MARKS

LETTERS = "ABCDEFGHIJ"
LONGEST = 2_000  # characters of a line in which a further option is looked for

_SIGNS = "".join(MARKS)
_MARKED = re.compile(rf"(?P<mark>[{_SIGNS}])\ufe0f?[ \t]*")
_LETTERED = re.compile(
    r"(?:[Oo]ption )?(?:\((?P<round>[A-Ja-j])\)|(?P<stopped>[A-Ja-j])[.):](?=\s|\Z|[^\w\s=]|[A-Z0-9])"
    r"|(?P<bare>[A-J]))"
)
_NO_OPTION = re.compile(r"\s*(?:[-+*/@]?=(?!=)|,\s*[A-Z]\s*=|\[[^\]]{0,80}\]\s*=(?!=)|'s\b|’s\b|-[a-z])")
_INNER = re.compile(r"(?<=[a-z0-9.)\]}?!\"'%;])(?P<letter>[B-J])(?=[A-Z][a-z]|\d|[\[(\"'{]|[.)]\s?[A-Z])")
_CAPITALS = re.compile(r"[A-Z]{2,}(?![a-z])")
_SENTENCE = re.compile(r"[a-z].{0,1000}[a-z] [a-z]", re.DOTALL)
_SIGNS_OF_CODE = re.compile(
    r"[a-z_][\w.]* ?[\[(={]|(?:if|for|while|with|def|class) .*:\Z|[a-z]+_[a-z]|[a-z]\.[a-z]"
)
_FEW_WORDS = frozenset({"true", "false", "yes", "no", "none", "null", "nan", "both", "neither"})
_WRAPPED = re.compile(r"[a-z(\[{]|[)\]}]|[-+*/=&|<>]")

_STRONG, _ALONE, _FAIR, _INSIDE, _WEAK = 2.0, 1.6, 1.1, 1.0, 0.6
_LINE_BETWEEN, _MOST_BETWEEN, _SKIPPED = 0.25, 1.0, 1.5


@dataclass(frozen=True, slots=True)
class Run:
    """The options of one question: lines `first` up to `after` hold them; `lost` are letters that lack.

    `inside` are letters of options that stood on another option's line.
    """

    options: tuple[ItemOption, ...]
    first: int
    after: int
    lost: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A place that can begin an option: line index, letter, where in the line its text begins, how likely."""

    index: int
    letter: int
    start: int  # of the letter with its mark
    text: int
    score: float
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class _Chain:
    """A run of options up to one candidate, linked backwards."""

    last: _Candidate
    score: float
    length: int
    before: _Chain | None = None


def runs(lines: Sequence[Line]) -> tuple[Run, ...]:
    """Find the runs of options in lines, in order."""
    candidates = [found for index, line in enumerate(lines) for found in _candidates(line.text, index)]
    best = [_best(group) for group in _groups(candidates)]
    chains = [_links(chain) for chain in best if chain is not None and _holds(chain)]
    ends = [chain[0].index for chain in chains[1:]]  # no option goes on into the next run
    found: list[Run] = []
    for chain, end in zip(chains, [*ends, len(lines)], strict=False):
        found.append(_run(lines[:end], chain, found[-1].after if found else 0))
    return tuple(found)


def _groups(candidates: Sequence[_Candidate]) -> Iterator[list[_Candidate]]:
    """Part the candidates where a new `A` begins that is none by chance."""
    group: list[_Candidate] = []
    for one in candidates:
        if one.letter == 0 and one.score >= _STRONG and group:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _candidates(text: str, index: int) -> Iterator[_Candidate]:
    stripped = text.lstrip()
    offset = len(text) - len(stripped)
    marked = _MARKED.match(stripped)
    at = marked.end() if marked else 0
    found = _LETTERED.match(stripped, at)
    if found is None:
        return
    name = found["round"] or found["stopped"] or found["bare"]
    score = _score(stripped[found.end() : found.end() + 1_200], found)
    if score == 0:
        return
    letter = LETTERS.index(name.upper())
    mark = MARKS[marked["mark"]] if marked else Mark.NONE
    yield _Candidate(index, letter, offset, offset + found.end(), score, mark)
    for inner in _INNER.finditer(text, offset + found.end(), offset + LONGEST):
        if LETTERS.index(inner["letter"]) == letter + 1:
            letter += 1
            end = inner.end() + (2 if re.match(r"[.)] ", text[inner.end() :][:2]) else 0)
            yield _Candidate(index, letter, inner.start(), end, _INSIDE)


def _score(rest: str, found: re.Match[str]) -> float:
    """Tell how likely a letter with `rest` behind it begins an option; 0 where it cannot."""
    if found["bare"] is None or found.group().lower().startswith("option"):
        return _STRONG if found["round"] or found["stopped"].isupper() or rest[:1].isspace() else _FAIR
    if _NO_OPTION.match(rest):
        return 0
    if not rest.strip():
        return _ALONE  # its text is on the next line, or lost
    if rest[0].isspace():
        article = found["bare"] in "AI" and rest.strip()[:1].islower()
        return _WEAK if article else (_FAIR if _SENTENCE.match(rest.strip()) else _STRONG)
    if rest[0].islower():
        word = re.split(r"\W", rest, maxsplit=1)[0]
        if word in _FEW_WORDS:
            return _STRONG
        return _FAIR if _SIGNS_OF_CODE.match(rest) else _WEAK
    if _CAPITALS.match(found["bare"] + rest):
        return _FAIR  # `AI is …`, `ARNN`
    return _STRONG


def _best(candidates: Sequence[_Candidate]) -> _Chain | None:
    """Give the likeliest run, the later one of equals: one pass, the best chain up to each letter is kept."""
    near: dict[int, _Chain] = {}  # by letter: best if few lines lie between
    ever: dict[int, _Chain] = {}
    best: _Chain | None = None
    for one in candidates:
        chain = _chained(one, near, ever)
        if chain is None:
            continue
        worth = chain.score + _LINE_BETWEEN * one.index
        kept = near.get(one.letter)
        if kept is None or worth >= kept.score + _LINE_BETWEEN * kept.last.index:
            near[one.letter] = chain
        if one.letter not in ever or chain.score >= ever[one.letter].score:
            ever[one.letter] = chain
        if best is None or chain.score >= best.score:
            best = chain
    return best


def _chained(one: _Candidate, near: dict[int, _Chain], ever: dict[int, _Chain]) -> _Chain | None:
    """Give the best chain that ends with a candidate: behind the letter before it, or behind a lost one."""
    starts = one.letter == 0 or (one.letter == 1 and one.score >= _STRONG)
    found = _Chain(one, one.score - _SKIPPED * one.letter, 1) if starts else None
    for skipped in (0, 1):
        if skipped and one.score < _STRONG:
            break
        for kept in (near, ever):
            before = kept.get(one.letter - 1 - skipped)
            if before is None or not _behind(one, before.last):
                continue
            between = max(0, one.index - before.last.index - 1)
            cost = min(_LINE_BETWEEN * between, _MOST_BETWEEN) + _SKIPPED * skipped
            score = before.score + one.score - cost
            if found is None or score > found.score:
                found = _Chain(one, score, before.length + 1, before)
    return found


def _behind(one: _Candidate, other: _Candidate) -> bool:
    return (one.index, one.start) > (other.index, other.start)


def _holds(chain: _Chain) -> bool:
    return chain.score >= 2.6 if chain.length == 2 else (chain.length > 2 and chain.score >= 1.5)


def _links(chain: _Chain) -> list[_Candidate]:
    links: list[_Candidate] = []
    link: _Chain | None = chain
    while link is not None:
        links.append(link.last)
        link = link.before
    return links[::-1]


def _run(lines: Sequence[Line], links: Sequence[_Candidate], least: int) -> Run:
    after = _end(lines, links[-1])
    options = []
    for one, following in zip(links, [*links[1:], None], strict=True):
        end = following.index if following else after
        cut = following.start if following and following.index == one.index else None
        first = lines[one.index].text[one.text : cut].strip()
        more = [line.text for line in lines[one.index + 1 : end]]
        text = _text(first, more)
        options.append(
            ItemOption(text, lines[one.index].number, LETTERS[one.letter], one.mark, blank=not text)
        )
    has = {one.letter for one in links}
    lost = tuple(LETTERS[letter] for letter in range(links[-1].letter) if letter not in has)
    inside = tuple(LETTERS[one.letter] for before, one in pairwise(links) if before.index == one.index)
    return Run(tuple(options), max(links[0].index, least), after, lost, inside)


def _end(lines: Sequence[Line], last: _Candidate) -> int:
    """Give the index behind the last option: only lines that go on with its text belong to it."""
    index = last.index + 1
    empty = not lines[last.index].text[last.text :].strip()
    while index < len(lines):
        text = lines[index].text
        if not text.strip():
            break
        if not (empty or text[0].isspace() or _WRAPPED.match(text)):
            break
        empty = False
        index += 1
    return index


def _text(first: str, more: Sequence[str]) -> str:
    """Join an option's lines: indented or bracketed ones are code and stay lines, others were wrapped."""
    kept = [line.rstrip() for line in more if line.strip()]
    if any(line[0].isspace() or line[0] in ")]}" for line in kept):
        return "\n".join([first, *kept]).strip()
    return " ".join([first, *(line.strip() for line in kept)]).strip()
