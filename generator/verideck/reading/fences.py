"""What a fence's info string means: the second word says what becomes of the code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from verideck.cards import Fence
from verideck.problems import Problem, error
from verideck.reading import names

if TYPE_CHECKING:
    from verideck.reading.blocks import Fenced

MOST_VARIANTS = 1000


class Meaning(StrEnum):
    """The fences with a meaning; every other one is code to show."""

    RUN = "run"
    CHECK = "check"
    VARY = "vary"
    HEATMAP = "heatmap"
    OUTPUT = "output"


_LANGUAGE = {meaning: "text" if meaning is Meaning.OUTPUT else "python" for meaning in Meaning}
_LANGUAGES = ("python", "text")
_ARGUMENT = {Meaning.VARY: "N", Meaning.HEATMAP: "NAME"}
_PREDICT = "predict"  # may stand behind a heatmap's name


@dataclass(frozen=True, slots=True)
class Meant:
    """A fence's meaning, its argument (a heatmap's name, a number of variants), and its code."""

    meaning: Meaning
    fence: Fence
    name: str = ""
    count: int = 0
    predict: bool = False


def interpret(block: Fenced, path: str) -> tuple[Meant | None, tuple[Problem, ...]]:
    """Give a fence's meaning, or None for code to show, and what is wrong with its info string."""
    words = block.info.split()
    if not words:
        return None, ()
    meaning, fault = _meaning(words)
    at = block.first.at(path)
    if fault is not None:
        return None, (error(at, *fault),)
    if meaning is None:
        return None, ()
    if all(line.blank for line in block.code):
        return None, (
            error(at, f"an empty `{words[0]} {words[1]}` fence", "write the code into it, or leave it out"),
        )
    code = "\n".join(line.text for line in block.code)
    place = block.code[0].at(path)
    meant, fault = _with_argument(Meant(meaning, Fence(code, place)), words[2:])
    return meant, () if fault is None else (error(at, *fault),)


def _meaning(words: list[str]) -> tuple[Meaning | None, names.Fault | None]:
    """Find what the first two words mean."""
    language, second = words[0], words[1] if len(words) > 1 else ""
    if second in set(Meaning):
        meaning = Meaning(second)
        if language == _LANGUAGE[meaning]:
            return meaning, None
        return None, (
            f"`{names.shown(language)} {second}` has no meaning",
            f"did you mean `{_LANGUAGE[meaning]} {second}`?",
        )
    if not second and language in set(Meaning):
        meaning = Meaning(language)
        return None, (
            f"a fence in the language `{language}`",
            f"did you mean `{_LANGUAGE[meaning]} {language}`?",
        )
    if not second or language not in _LANGUAGES:
        return None, None
    known = [meaning for meaning in Meaning if _LANGUAGE[meaning] == language]
    hint = names.meant(second, known) or f"after `{language}` stands nothing, or one of {', '.join(known)}"
    return None, (f"an unknown word `{names.shown(second)}` after `{language}`", hint)


def _with_argument(meant: Meant, words: list[str]) -> tuple[Meant | None, names.Fault | None]:
    """Read the words after a meaning."""
    meaning = meant.meaning
    head = f"{_LANGUAGE[meaning]} {meaning}"
    usage = f"write `{head} {_ARGUMENT[meaning]}`" if meaning in _ARGUMENT else f"write `{head}`"
    takes = 1 if meaning in _ARGUMENT else 0
    predict = meaning is Meaning.HEATMAP and words[1:2] == [_PREDICT]
    if over := words[takes + predict :]:
        near = names.meant(over[0], [_PREDICT]) if meaning is Meaning.HEATMAP and not predict else ""
        fault = f"an unknown word `{names.shown(over[0])}` after `{head}`"
        return meant if not takes else None, (fault, near or usage)
    match meaning:
        case Meaning.VARY:
            return _vary(meant, words, usage)
        case Meaning.HEATMAP if not words:
            return None, ("a heatmap without a name", usage)
        case Meaning.HEATMAP if not names.HEATMAP.fullmatch(words[0]):
            return None, (
                f"not a heatmap's name: `{names.shown(words[0])}`",
                "write letters, digits, `-` and `_`",
            )
        case Meaning.HEATMAP:
            return Meant(meaning, meant.fence, words[0], predict=predict), None
        case _:
            return meant, None


def _vary(meant: Meant, words: list[str], usage: str) -> tuple[Meant | None, names.Fault | None]:
    if not words:
        return None, ("a `python vary` fence without a number", f"{usage}, N being the number of variants")
    number = words[0]
    if not (number.isascii() and number.isdigit() and len(number) <= 6 and 1 <= int(number) <= MOST_VARIANTS):
        return None, (
            f"not a number of variants: `{names.shown(number)}`",
            f"write a whole number from 1 to {MOST_VARIANTS}",
        )
    return Meant(meant.meaning, meant.fence, count=int(number)), None
