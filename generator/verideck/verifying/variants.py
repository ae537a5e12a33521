"""Varying cards: each variant is the card with that variant's values in it, verified as a card of its own.

What a `python vary` fence draws (see `drawing`) is bound before the card's checks run; the names that the
checks leave can stand in its texts, too. A heatmap's code and a snippet get the values as texts, where they
are spelled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, zip_longest
from types import MappingProxyType
from typing import TYPE_CHECKING

from verideck.cards import Card, Checked, Claim, Fence, Kind, Step, Subject, Variant, Verdict
from verideck.problems import Problem, error
from verideck.reading.kinds import plain
from verideck.reading.variants import fill, spelled
from verideck.verifying import formats, given, planning, working
from verideck.verifying.answers import bare, short
from verideck.verifying.claims import ORDER, name, place
from verideck.verifying.misconceptions import merged
from verideck.verifying.records import JobKind
from verideck.verifying.worker import Job

if TYPE_CHECKING:
    from verideck.verifying.planning import Needed, Plan
    from verideck.verifying.records import Record
    from verideck.verifying.values import Value

MOST_PLACEHOLDERS = 200
_PRINTED = "~printed"  # what no name is
_SHOWN = 6  # of a variant's names in a message

Decided = tuple[Checked, Sequence[Problem]]


@dataclass(frozen=True, slots=True)
class Instance:
    """A varying card with one variant's values in its texts.

    `row` holds the names drawn, as `given` writes them; `values` the text of each placeholder; `wrong` says
    of placeholders without a text why, empty where no line of the card gives the name a value.
    """

    card: Card
    row: str
    values: Mapping[str, str]
    wrong: Mapping[str, str]


def drawing(card: Card) -> Job | None:
    """Give the job that draws a card's variants; None for a card that does not vary.

    The card's id seeds the draw, without the deck's namespace: a fork or a translation asks with the same
    numbers.
    """
    if card.vary is None:
        return None
    asked: dict[str, Value] = {"card": name(card), "count": card.vary_count}
    return Job(JobKind.VARY, card.vary.code, given.encode(asked))


def needed(card: Card, plan: Plan) -> list[Needed]:
    """List the jobs of a varying card that can be told by now: its draws, then its checks, then the rest."""
    job = drawing(card)
    if job is None or card.vary is None:
        return []
    found: list[Needed] = [(job, card.vary)]
    for row in rows(card, plan):
        checks = [(one, fence) for one, fence in planning.needed(card, row) if one.kind is JobKind.CHECK]
        found += checks
        if all(one in plan.records for one, _ in checks):
            found += planning.needed(instance(card, row, plan).card, row)
    return found


def rows(card: Card, plan: Plan) -> tuple[str, ...]:
    """Give the names that each variant draws, as far as they are known."""
    job = drawing(card)
    return plan.records[job].outcome.rows if job in plan.records else ()


def instance(card: Card, row: str, plan: Plan) -> Instance:
    """Put a variant's values into a card's texts; its checks must have been computed."""
    names = given.decode(row)
    for fence in card.checks:
        record = plan.records[Job(JobKind.CHECK, fence.code, planning.narrowed(row, fence.code))]
        names |= dict(record.outcome.names)
    texts, wrong = dict[str, str](), dict[str, str]()
    for spelling in _spellings(card):
        word, _, spec = spelling.partition(":")
        try:
            texts[spelling] = formats.written(names[word], spec)
        except KeyError:
            wrong[spelling] = ""
        except ValueError as fault:
            wrong[spelling] = str(fault)
    return Instance(_filled(card, texts), row, MappingProxyType(texts), MappingProxyType(wrong))


def _spellings(card: Card) -> tuple[str, ...]:
    texts = [card.heading, card.body, card.answer, *card.accepted, card.explanation]
    texts += [text for option in card.options for text in (option.text, option.reason)]
    texts += [card.hint, card.mistake, card.takeaway, *(fence.code for fence in card.checks)]
    return tuple(dict.fromkeys(spelling for text in texts for spelling in spelled(text)))


def _filled(card: Card, values: Mapping[str, str]) -> Card:
    def code(fence: Fence) -> Fence:
        return replace(fence, code=fill(fence.code, values))

    return replace(
        card,
        heading=fill(card.heading, values),
        body=fill(card.body, values),
        answer=fill(card.answer, values),
        accepted=tuple(fill(text, values) for text in card.accepted),
        options=tuple(
            replace(option, text=fill(option.text, values), reason=fill(option.reason, values))
            for option in card.options
        ),
        explanation=fill(card.explanation, values),
        hint=fill(card.hint, values),
        mistake=fill(card.mistake, values),
        takeaway=fill(card.takeaway, values),
        runs=tuple(map(code, card.runs)),
        outputs=tuple(map(code, card.outputs)),
        heatmaps=tuple(one if one.shared else replace(one, fence=code(one.fence)) for one in card.heatmaps),
    )


def spoken(record: Record, values: Mapping[str, str]) -> Record:
    """Put a variant's values into the texts that a check quotes: `says("«w:.3f»", w)`."""
    findings = tuple(
        replace(one, text=fill(one.text, values)) if one.text else one for one in record.outcome.findings
    )
    return replace(record, outcome=replace(record.outcome, findings=findings))


def decide(card: Card, plan: Plan, decider: Callable[[Instance], Decided]) -> tuple[Checked, list[Problem]]:
    """Decide a varying card by each of its variants; `decider` decides an instance as any other card."""
    job = drawing(card)
    if job is None or card.vary is None:  # pragma: no cover - only varying cards come here
        raise ValueError("a card that does not vary")
    record = plan.records[job]
    if record.outcome.faults:
        return _undrawn(card, card.vary, record)
    instances = [instance(card, row, plan) for row in record.outcome.rows]
    decided = [decider(made) for made in instances]
    told = [
        [*problems, *_equal_texts(made.card), *(() if problems or _failed(one) else _unwritten(card, made))]
        for made, (one, problems) in zip(instances, decided, strict=True)
    ]
    return _merged(card, instances, [checked for checked, _ in decided]), list(_told(instances, told))


def _undrawn(card: Card, fence: Fence, record: Record) -> tuple[Checked, list[Problem]]:
    faults = record.outcome.faults
    problems = [
        error(place(fence, fault), fault.message, fault.hint) for fault in faults if not fault.is_general
    ]
    line = place(fence, faults[0]).line
    claim = Claim(
        name(card), fence.location.path, line, Subject.ANSWER, fence.code, Verdict.NOT_EVALUATED,
        reason=faults[0].reason,
    )  # fmt: skip
    return Checked(card, Verdict.NOT_EVALUATED, (claim,)), problems


def _failed(checked: Checked) -> bool:
    return any(claim.verdict is Verdict.NOT_EVALUATED for claim in checked.claims)


def _unwritten(card: Card, made: Instance) -> Iterator[Problem]:
    """Report placeholders without a text, where no other problem of the card explains it."""
    for spelling, why in made.wrong.items():
        if why:
            yield error(
                card.location, f"`«{spelling}»` cannot be written: {why}", "write another format or name"
            )
        else:
            hint = "give it a value in the `vary` fence or in a check"
            yield error(card.location, f"`«{spelling}»` has no value", hint)
    if len(made.values) > MOST_PLACEHOLDERS:
        hint = f"a card may have {MOST_PLACEHOLDERS}"
        yield error(card.location, f"{len(made.values)} different varying values", hint)


def _equal_texts(card: Card) -> Iterator[Problem]:
    """Report options that read the same in a variant; those that differ as written are equal only there."""
    for (one, first), (other, second) in combinations(enumerate(card.options, 1), 2):
        if plain(first.text) == plain(second.text):
            message = f"options {one} and {other} are both {short(second.text)}"
            yield error(second.location, message, "draw other values, or keep them apart with `where(…)`")


def _merged(card: Card, instances: Sequence[Instance], decided: Sequence[Checked]) -> Checked:
    claims = tuple(
        replace(claim, variant=number) for number, one in enumerate(decided) for claim in one.claims
    )
    card, printed = _filled_in(card, [one.card for one in decided])
    steps = _aligned([one.steps for one in decided])
    pictures = [{picture.name: picture for picture in one.heatmaps} for one in decided]
    shared = [picture for picture in pictures[0] if all(picture in one for one in pictures)]
    variants = tuple(
        Variant({**made.values, **text}, lines, tuple(maps[picture] for picture in shared))
        for made, text, lines, maps in zip(instances, printed, steps, pictures, strict=True)
    )
    return replace(
        decided[0],
        card=card,
        verdict=min((one.verdict for one in decided), key=ORDER.__getitem__),
        claims=claims,
        options_proven=min(one.options_proven for one in decided),
        steps=steps[0],
        heatmaps=variants[0].heatmaps,
        misconceptions=merged(one.misconceptions for one in decided),
        variants=variants,
    )


def _filled_in(card: Card, made: Sequence[Card]) -> tuple[Card, list[Mapping[str, str]]]:
    """Let an answer vary that was left to the card's program, and so differs between its variants."""
    if card.kind is Kind.RECALL and not card.answer and all(one.answer for one in made):
        texts = ["\n".join(one.answer.split("\n")[1:-1]) for one in made]  # inside an output fence
        filled = replace(card, answer=f"```text output\n«{_PRINTED}»\n```")
    elif card.kind is Kind.TYPED and not card.accepted and all(one.accepted for one in made):
        texts = [bare(one.accepted[0]) for one in made]
        filled = replace(card, accepted=(f"`«{_PRINTED}»`",))
    else:
        return card, [{} for _ in made]
    return filled, [{_PRINTED: text} for text in texts]


def _aligned(steps: Sequence[Sequence[Step]]) -> list[tuple[Step, ...]]:
    """Make every variant's worked solution equally long: lines that one lacks are empty there."""
    longest = list(zip_longest(*steps, fillvalue=Step("", "")))[: working.STEPS]
    return [tuple(lines[number] for lines in longest) for number in range(len(steps))]


def _told(instances: Sequence[Instance], told: Sequence[Sequence[Problem]]) -> Iterator[Problem]:
    """Say each problem once, with the values of the first variant that has it, unless all have the same."""
    places: dict[tuple[object, ...], dict[int, Problem]] = {}
    for number, problems in enumerate(told):
        for problem in problems:
            key = (problem.path, problem.line, problem.column, problem.severity)
            places.setdefault(key, {}).setdefault(number, problem)
    for found in places.values():
        number, problem = next(iter(found.items()))
        if len(found) == len(told) and len({one.message for one in found.values()}) == 1:
            yield problem
            continue
        more = f" (and for {len(found) - 1} more of {len(told)} variants)" if len(found) > 1 else ""
        yield replace(problem, message=f"{problem.message}, for {_drawn(instances[number])}{more}")


def _drawn(made: Instance) -> str:
    """Name a variant's values in the order in which its fence gives them."""
    values = given.decode(made.row)
    code = made.card.vary.code if made.card.vary else ""
    places = {word: re.search(rf"^[ \t]*{word}[ \t]*=", code, re.MULTILINE) for word in values}
    words = sorted(values, key=lambda word: found.start() if (found := places[word]) else len(code))
    shown = [f"{word} = {formats.written(values[word])}" for word in words[:_SHOWN]]
    return ", ".join(shown) + (", …" if len(words) > _SHOWN else "")
