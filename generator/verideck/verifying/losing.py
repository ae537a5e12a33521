"""Cards that have lost a part: they claim nothing of it, and no package holds them until they are whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.cards import Card, Kind, Subject, Verdict
from verideck.problems import Problem, Severity, warning
from verideck.reading.items import Lost
from verideck.reading.kinds import BLANK
from verideck.verifying.answers import Judgement, short

if TYPE_CHECKING:
    from collections.abc import Iterable

_OF_AN_ANSWER = (Lost.OPTIONS, Lost.KEY, Lost.ANSWER)


def excused(card: Card, judgement: Judgement) -> Judgement:
    """Judge a claim of a card that has lost a part: of an answer that is not there nothing can be said.

    Where only the key is lost and exactly one option equals the value, the key is found.
    """
    about = judgement.subject in {Subject.ANSWER, Subject.OPTION}
    if not about or not any(part in card.lost for part in _OF_AN_ANSWER):
        return judgement
    if judgement.verdict in {Verdict.VERIFIED, Verdict.MEASURED, Verdict.CITED}:
        return judgement
    equal = [match.n for match in judgement.options if match.match]
    if judgement.subject is Subject.ANSWER and len(equal) == 1 and Lost.OPTIONS not in card.lost:
        message = (
            f"the key can be found: option {equal[0]} {short(card.options[equal[0] - 1].text)} is computed"
        )
        return replace(
            judgement, verdict=Verdict.KEY_FOUND, message=message, hint=f"tick it, and take {_word(card)} out"
        )
    return replace(judgement, verdict=Verdict.UNCHECKED, message="", hint="", near=())


def weighed(card: Card, problems: Iterable[Problem]) -> list[Problem]:
    """Let no error of a card that is not built stop the build of the others."""
    if not card.lost:
        return list(problems)
    return [replace(problem, severity=Severity.WARNING) for problem in problems]


def told(card: Card, *, known: bool = False) -> Problem:
    """Warn of a card that is not built; `known` where learners may have it from an earlier build."""
    *first, last = card.lost
    parts = f"{', '.join(first)} and {last}" if first else last
    fate = "is retired until it is whole, as an earlier build had it" if known else "is not built"
    missing = [part for part in card.lost if not _there(card, Lost(part))]
    them = "them" if len(card.lost) > 1 or Lost.OPTIONS in card.lost else "it"
    if missing:
        hint = f"write {them}, and take {_word(card)} out of the directive"
    else:
        hint = f"it seems to be whole: take {_word(card)} out of the directive"
    return warning(card.location, f"a card that has lost its {parts} {fate}", hint)


def _word(card: Card) -> str:
    return f'`lost="{" ".join(card.lost)}"`'


def _there(card: Card, part: Lost) -> bool:
    """Tell whether a part that was lost is written by now; a text never tells that it is whole."""
    match part:
        case Lost.OPTIONS:
            return len(card.options) > 1 and all(option.text != BLANK for option in card.options)
        case Lost.KEY:
            return any(option.ticked for option in card.options)
        case Lost.ANSWER:
            return bool(card.answer or card.accepted) or card.kind is Kind.CLOZE
        case Lost.TEXT:
            return False
