"""Where one part of a recall page ends and the next begins, told by the form of the lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from verideck.reading.items import Line
from verideck.reading.pages import codelike, prose, snippets
from verideck.reading.pages.tokens import language

if TYPE_CHECKING:
    from verideck.reading.pages.snippets import Snippet

_SCENE_LINES = 6  # lines that may stand before the sentence that asks
_OF_CODE = re.compile(
    r"\b(?:code|program|snippet|query|script|function|output|print|below|following|this)\b", re.IGNORECASE
)


def question(lines: Sequence[Line]) -> tuple[str, str]:
    """Give a question's first paragraph and the others."""
    found = prose.paragraphs(lines)
    return (found[0], "\n\n".join(found[1:])) if found else ("", "")


def explanation(lines: Sequence[Line], *, followed: bool, prompt: bool) -> int:
    """Give how many lines explain the question before; the next question's are behind them.

    `followed` says that another question must follow, `prompt` that it is one with a hint behind it.
    """
    shown = [index for index, line in enumerate(lines) if line.text]
    if not shown:
        return 0
    at = _asking(lines, shown, prompt=prompt)
    if at is None:
        at = _by_place(shown, followed=followed, prompt=prompt)
    while at > 1 and _belongs(lines[shown[at - 1]].text, lines[shown[at]].text if at < len(shown) else ""):
        at -= 1
    return shown[at] if at < len(shown) else len(lines)


def _asking(lines: Sequence[Line], shown: Sequence[int], *, prompt: bool) -> int | None:
    """Give which of the shown lines asks: the last with a question mark, of a prompt the first."""
    texts = [lines[index].text for index in shown]
    asking = [at for at, text in enumerate(texts) if prose.asks(text) and not codelike.looks_like_code(text)]
    telling = [at for at, text in enumerate(texts) if prose.tells_to(text)]
    if prompt:
        later = [at for at in telling if at] or telling
        return later[0] if later else None
    if asking:
        return asking[-1]
    later = [at for at in telling if at]
    return later[-1] if later else None


def _by_place(shown: Sequence[int], *, followed: bool, prompt: bool) -> int:
    """Guess where no line asks: an explanation is one line, a hint one, a question what is left."""
    if not followed or len(shown) == 1:
        return len(shown)
    return 1 if prompt else len(shown) - 1


def _belongs(above: str, below: str) -> bool:
    """Tell whether a line belongs to the question below it: it sets the scene, is wrapped, or is code."""
    wrapped = not prose.ended(above) and below[:1].islower()
    return prose.sets_a_scene(above) or wrapped or bool(language(above)) or codelike.looks_like_code(above)


def question_and_answer(lines: Sequence[Line]) -> tuple[Sequence[Line], Snippet | None, str]:
    """Part a question from its answer; code below the question is its own if it speaks of code."""
    shown = [index for index, line in enumerate(lines) if line.text]
    last = _last_asked([lines[index].text for index in shown])
    asked = list(lines[: shown[last] + 1])
    rest = list(lines[shown[last] + 1 :])
    head, glued = prose.split_question(asked[-1].text)
    if glued:
        rest = [Line(asked[-1].number, glued), *rest]
        asked[-1] = Line(asked[-1].number, head)
    parted = snippets.part(rest)
    in_front = any(line.text for line in parted.before)
    behind = any(line.text for line in parted.after)
    spoken_of = any(_OF_CODE.search(line.text) for line in asked)
    if parted.snippet is not None and not in_front and behind and spoken_of:
        return asked, parted.snippet, prose.joined(parted.after)
    return asked, None, _answer(rest, parted)


def _answer(lines: Sequence[Line], parted: snippets.Parted) -> str:
    if parted.snippet is None:
        return prose.joined(lines)
    parts = (prose.joined(parted.before), parted.snippet.code, prose.joined(parted.after))
    return "\n\n".join(part for part in parts if part)


def _last_asked(texts: Sequence[str]) -> int:
    """Give which line ends the question: the first, but for wrapped lines and a scene that is set first."""
    at = 0
    while at + 1 < len(texts) and not prose.ended(texts[at]) and texts[at + 1][:1].islower():
        at += 1
    if prose.sets_a_scene(texts[at]):
        for later in range(at + 1, min(at + 1 + _SCENE_LINES, len(texts))):
            if prose.asks(texts[later]):
                return later
    return at


def prompt_and_hint(lines: Sequence[Line], hinted: int) -> tuple[Sequence[Line], Sequence[Line]]:
    """Part a prompt from its hint: at the hint's heading, else behind the first line."""
    if hinted >= 0:
        return lines[:hinted], lines[hinted:]
    shown = [index for index, line in enumerate(lines) if line.text]
    last = shown[_last_asked([lines[index].text for index in shown])]
    return lines[: last + 1], lines[last + 1 :]
