"""Options that say their value in words, `64 features`: one claim for each, instead of one for all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying import values
from verideck.verifying.recognising import text
from verideck.verifying.recognising.proposals import Convention, Proposal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verideck.reading.items import Item

CLAIM = "answer == "


def spelled(item: Item, proposal: Proposal) -> tuple[Proposal, ...]:
    """Give a proposal about the answer as it is, or option by option where the options are no bare values.

    A check `answer == …` finds its option among values; words beside them are for `option(…)`. Where there
    are several customary readings nothing is complete: each option has its truth under each of them.
    """
    *_, last = proposal.code.split("\n")
    if proposal.subject is not Subject.ANSWER or not last.startswith(CLAIM) or len(item.options) < 2:
        return (proposal,)
    texts = [option.text for option in item.options]
    if all(len(one) < LONGEST and values.parse(one) is not None for one in texts):
        return (proposal,)
    said = [_said(one) for one in texts]
    if not all(said) or len(set(texts)) < len(texts):
        return (proposal,)
    names = [text.fragment(one, texts) for one in texts]
    return tuple(
        replace(
            proposal,
            code=_code(proposal.code, name, value),
            subject=Subject.OPTION,
            line=option.line,
            complete=proposal.complete and not proposal.conventions,
            conventions=_conventions(proposal.conventions, name, value),
        )
        for option, name, value in zip(item.options, names, said, strict=True)
    )


LONGEST = 300  # characters of an option that says a value


def _said(option: str) -> str:
    """Give an option's value as text that is one, or nothing."""
    if len(option) >= LONGEST:
        return ""
    value = option if values.parse(option) is not None else text.valued(option)
    written = values.parse(value) if value else None
    fits = written is not None and type(written.value) in (int, float, tuple) and not written.unit
    return value if fits else ""


def _conventions(conventions: Sequence[Convention], option: str, value: str) -> tuple[Convention, ...]:
    return tuple(Convention(one.name, _code(one.code, option, value)) for one in conventions)


def _code(code: str, option: str, value: str) -> str:
    """Claim of one option that it is ticked if and only if its value is the computed one."""
    *lines, last = code.split("\n")
    computed = last.removeprefix(CLAIM)
    lines.append(f"option({text.quoted(option)}, {_condition(computed, value)})")
    return "\n".join(lines)


def _condition(computed: str, value: str) -> str:
    written = values.parse(value)
    if written is None or isinstance(written.value, int | tuple):
        return f"{computed} == {written.value if written else value}"
    return f"abs({computed} - {written.value}) <= {max(written.precision / 2, 1e-6):g}"
