"""Equations given in a question and one unknown to be solved for: reversible blocks, linear equations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying import values
from verideck.verifying.formulas import Call, FormulaError, Name, Solution, equations, solve
from verideck.verifying.formulas.evaluating import KNOWN
from verideck.verifying.formulas.expressions import functions, names, spelled
from verideck.verifying.formulas.isolating import sides
from verideck.verifying.recognising import text as text_of
from verideck.verifying.recognising.proposals import Convention, Proposal
from verideck.verifying.recognising.stated import Stated, connected, derived, statements

if TYPE_CHECKING:
    from verideck.reading.items import Item

Reading = tuple[tuple[str, ...], Solution]  # the known names, and what follows from them

ASKING = re.compile(
    r"\b(?:recompute|recover|reconstruct|re-?derive|restore|compute|calculate|find|obtain|derive|express|"
    r"determine|isolate|solve(?:\s+\w+){0,4}?\s+for|rewrite|get|gives?|yields?|what\s+(?:is|was|does|must)|"
    r"(?:formula|expression|equation)\s+for|how\s+(?:is|are|was|can|could|should)"
    r"(?=[^?.]{0,300}\b(?:recomputed|recovered|reconstructed|restored|obtained|found|computed|derived|calculated)\b))\b",
    re.IGNORECASE,
)
FROM = re.compile(
    r"\b(?:from|given|in\s+terms\s+of|out\s+of|using|with|by\s+means\s+of|knowing|once|if|when|only)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^.?!\n]*(?:\.(?!\s|$)[^.?!\n]*)*[.?!]?")
# What may stand between the verb and the name: anything else asks about something else.
FILLER = re.compile(
    r"(?:\W|_|\b(?:the|a|an|value|values|of|for|back|out|input|inputs|activation|activations|vector|half|original|"
    r"first|second|variable|unknown|term|quantity|then|equal|to|be|hidden|state|number|you|we|formula|expression)\b)*",
    re.IGNORECASE,
)


def recognise(item: Item) -> Iterable[Proposal]:
    """Propose `answer == solve(equations(…), unknown, known=[…])` where the text asks for one."""
    text = f"{item.question}\n{item.body}"
    if "=" not in text:
        return ()
    stated = statements(text)
    unknown, given = _asked(stated.rest, frozenset().union(*(sides(one.equation) for one in stated.found)))
    if not unknown or any(isinstance(one.equation.left, Call) for one in stated.found):
        return ()  # what `F(x) = 2x` says of F is beyond solving
    chosen = connected(stated.found, unknown)
    system = tuple(one for one in chosen if one not in derived(chosen))
    for used in dict.fromkeys((system, chosen)):
        readings = _readings(used, unknown, given)
        if readings:
            fits = _fits(item, readings[0][1])
            numeral = not names(readings[0][1].formula)
            complete = stated.unread == 0 and not (numeral and text_of.unused(text_of.plain(stated.rest), ()))
            return (_proposal(item, used, readings, complete=complete),) if fits else ()
    return ()


def _proposal(item: Item, used: Sequence[Stated], readings: Sequence[Reading], *, complete: bool) -> Proposal:
    (first, solution), *others = readings
    return Proposal(
        "equations",
        _code(used, solution.unknown, first),
        Subject.ANSWER,
        item.line,
        complete=complete,
        conventions=tuple(
            Convention(f"{_listed(set(known) - set(first))} known, too", _code(used, solution.unknown, known))
            for known, _ in others
        ),
        message=f"the equations give `{solution}`",
    )


def _fits(item: Item, solution: Solution) -> bool:
    """Whether options and answer are of the kind that the formula is: formulas, or numbers for a number.

    What is lost altogether fits; a question answered in words, or with numbers where the formula still
    holds names, asks for something else.
    """
    written = [option.text for option in item.options] or [item.answer, *item.accepted]
    written = [text for text in written if text.strip()]
    if not written:
        return True
    read = [found.value for text in written if (found := values.parse(text)) is not None]
    if any(isinstance(value, int | float) for value in read):
        return not names(solution.formula) and functions(solution.formula) <= KNOWN.keys()
    return any(isinstance(value, values.FORMULA) for value in read) or any("=" in text for text in written)


def _asked(rest: str, quantities: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Find the one name that a text without its equations asks for, and those that it says are given.

    The last question counts, else the last sentence that asks; two names asked at once are one too many.
    """
    best: tuple[str, tuple[str, ...]] = ("", ())
    questioned = False
    for sentence in SENTENCE.findall(rest):
        match = ASKING.search(sentence)
        if match is None or (questioned and "?" not in sentence):
            continue
        after = sentence[match.end() :]
        cut = FROM.search(after)
        wanted = _named(after[: cut.start()] if cut else after, quantities)
        given = _named(after[cut.start() :], quantities) if cut else ()
        if not given and (before := FROM.search(sentence[: match.start()])):
            given = _named(sentence[before.end() : match.start()], quantities)
        if wanted and FILLER.fullmatch(after[: wanted[0][1]]):
            known = tuple(name for name, _ in given)
            best = (wanted[0][0], known) if len(wanted) == 1 and wanted[0][0] not in known else ("", ())
            questioned = questioned or "?" in sentence
    return best


def _named(text: str, quantities: frozenset[str]) -> tuple[tuple[str, int], ...]:
    """Find names of the equations in a text, with their places; an `a` only where it is no article."""
    found: list[tuple[str, int]] = []
    for name in quantities:
        stem, _, subscript = name.partition("_")
        spelling = rf"{re.escape(stem)}\s?_?\{{?{re.escape(subscript)}\}}?" if subscript else re.escape(stem)
        if name in ("a", "A", "I"):
            spelling += r"(?=\s*(?:[$`,.?;:)]|and\b|in\b|from\b|$))"
        match = re.search(rf"(?<![\w\\]){spelling}(?!\s?[-+*/^−·]|[\w(])", text)
        found += [(name, match.start())] if match else []
    return tuple(sorted(found, key=lambda one: one[1]))


def _readings(used: Sequence[Stated], unknown: str, given: Sequence[str]) -> list[Reading]:
    """Give the sets of known names under which the unknown follows, the customary one first."""
    every = sorted(frozenset().union(*(sides(one.equation) for one in used)) - {unknown})
    defined = {one.equation.left.name for one in used if isinstance(one.equation.left, Name)}
    outputs = sorted(defined - {unknown}) if unknown not in defined else sorted(set(every) - defined)
    tries = [tuple(given)] if given else [(), tuple(outputs)]
    found = [
        (known, solution)
        for known in dict.fromkeys((*tries, tuple(every)))
        if (solution := _solution(used, unknown, known)) is not None
    ]
    return found if not given or [known for known, _ in found[:1]] == [tuple(given)] else []


def _solution(used: Sequence[Stated], unknown: str, known: Sequence[str]) -> Solution | None:
    try:
        return solve(equations(*(one.text for one in used)), spelled(unknown), [*map(spelled, known)])
    except FormulaError:
        return None


def _code(used: Sequence[Stated], unknown: str, known: Sequence[str]) -> str:
    written = ", ".join(f'"{one.text}"' for one in used)
    listed = ", ".join(f'"{spelled(name)}"' for name in known)
    return f'block = equations({written})\nanswer == solve(block, "{spelled(unknown)}", known=[{listed}])'


def _listed(names: Iterable[str]) -> str:
    return " and ".join(f"`{spelled(name)}`" for name in sorted(names))
