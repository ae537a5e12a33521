"""Options that are one value in two forms, such as `0.5` and `1/2`: nobody could tell the right one."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from verideck.problems import Problem, error, warning
from verideck.verifying import values
from verideck.verifying.answers import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verideck.cards import Card


def equal_options(card: Card) -> Iterator[Problem]:
    """Report each option that equals an earlier one as a value or as a formula; equal texts are the reader's.

    Formulas are compared as if their products commuted, which matrices do not: equal ones are a warning.
    """
    read = [(option, value) for option in card.options if (value := values.parse(option.text)) is not None]
    for (first, one), (second, two) in combinations(read, 2):
        if first.text == second.text or not values.equal_values(one, two):
            continue
        if isinstance(one.value, values.FORMULA):
            message = f"option {short(second.text)} is the same formula as {short(first.text)}"
            yield warning(second.location, message, "keep one, unless the order of the factors matters")
        else:
            message = f"option {short(second.text)} is the same value as {short(first.text)}"
            yield error(second.location, message, "make them differ in value, or keep one")
