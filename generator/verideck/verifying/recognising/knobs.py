"""What turning something up does, as computations show it: a literal table."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """How one quantity moves: the conditions that it rises and that it falls, and in words what is so.

    `shows_rise` and `shows_fall` are experiments that stand alone as a condition, where there are some.
    """

    quantity: str
    rises: str
    falls: str
    so: str
    shows_rise: str = ""
    shows_fall: str = ""


@dataclass(frozen=True, slots=True)
class Knob:
    """Something that can be turned up: a question's words for it, a check's lines, the effects."""

    asked: re.Pattern[str]
    lines: str
    effects: tuple[Effect, ...]


MORE = r"\b(?:more|increas\w+|rais\w+|larger|higher|additional|extra|adding|number of)\b[^.?]{0,40}?"
KNOBS: tuple[Knob, ...] = (
    Knob(
        re.compile(rf"{MORE}\b(?:hash(?:es|ing)?(?: rounds| functions)?|rounds)\b"),
        "few = comparisons(4096, chunk=64, rounds=2)\n"
        "many = comparisons(4096, chunk=64, rounds=8)\n"
        "missed = 1 - found_in_rounds(0.5, 2)\n"
        "still_missed = 1 - found_in_rounds(0.5, 8)\n",
        (
            Effect(
                "accuracy",
                "still_missed < missed",
                "still_missed > missed",
                "more rounds miss fewer of the near pairs",
                'measured("rounds_capture_more")',
                'measured("rounds_capture_more", below=0)',
            ),
            Effect("cost", "many > few", "many < few", "each round compares pairs once more"),
        ),
    ),
    Knob(
        re.compile(rf"{MORE}\bbuckets\b"),
        "few = comparisons(4096, buckets=16)\nmany = comparisons(4096, buckets=64)\n",
        (
            Effect(
                "cost", "many > few", "many < few", "more buckets make shorter chunks, and fewer comparisons"
            ),
        ),
    ),
    Knob(
        re.compile(rf"{MORE}\bheads\b"),
        'one = parameters("multihead", embed=8, heads=1)\n'
        'eight = parameters("multihead", embed=8, heads=8)\n',
        (
            Effect(
                "parameters",
                "eight > one",
                "eight < one",
                "the standard layer has as many parameters with 8 heads as with 1",
                'measured("heads_add_no_parameters", above=1)',
                'measured("heads_add_no_parameters", below=1)',
            ),
        ),
    ),
    Knob(
        re.compile(r"\breversible\b"),
        "plain = operations(reversible=False)\n"
        "reversible = operations(reversible=True)\n"
        "kept = saved_bytes(reversible=False)\n"
        "kept_reversibly = saved_bytes(reversible=True)\n",
        (
            Effect(
                "cost",
                "reversible > plain",
                "reversible < plain",
                "reversible layers cost more operations than plain ones, not fewer",
                'measured("reversible_computes_more")',
                'measured("reversible_computes_more", below=1)',
            ),
            Effect(
                "memory",
                "kept_reversibly > kept",
                "kept_reversibly < kept",
                "reversible layers keep fewer bytes than plain ones",
                'measured("reversible_keeps_fewer_bytes", above=1)',
                'measured("reversible_keeps_fewer_bytes")',
            ),
        ),
    ),
    Knob(
        re.compile(r"\b(?:longer sequences?|doubl\w+ the (?:sequence )?length|length (?:doubles|grows))"),
        "short = comparisons(1024)\nlong = comparisons(2048)\n",
        (Effect("cost", "long > short", "long < short", "a longer sequence has more pairs to compare"),),
    ),
)
