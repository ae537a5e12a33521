"""The kinds of argument: a literal table from a kind's name to how it is taken and described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from verideck.verifying.library import arguments, arrays
from verideck.verifying.library.arguments import choice


@dataclass(frozen=True, slots=True)
class Kind:
    """What an argument may be: the converter, and its description for a person."""

    convert: Callable[[Any, str], Any]
    text: str


FUNCTIONS: Mapping[str, str] = {
    "double": "2x",
    "half": "x / 2",
    "square": "x²",
    "negate": "−x",
    "increment": "x + 1",
    "identity": "x",
    "zero": "0",
    "tanh": "tanh x",
    "sin": "sin x",
    "cos": "cos x",
    "relu": "max(0, x)",
}
"""The named functions, element by element, that a check can put in for F and G."""
LAYERS = ("multihead", "linear", "embedding", "layer_norm", "feed_forward", "transformer_layer")
CONVENTIONS = ("paper", "huggingface", "lucidrains")
MODELS = ("transformer", "reversible", "chunked", "lsh", "reformer")

KINDS: Mapping[str, Kind] = {
    "number": Kind(arguments.number, "a number"),
    "integer": Kind(arguments.integer, "a whole number"),
    "count": Kind(arguments.count, "a whole number from 1"),
    "position": Kind(arguments.position, "a whole number from 0"),
    "positive": Kind(arguments.positive, "a number above 0"),
    "digits": Kind(arguments.digits, "a whole number from -15 to 15"),
    "probability": Kind(arguments.probability, "a number from 0 to 1"),
    "degrees": Kind(arguments.degrees, "degrees from 0 to 180"),
    "flag": Kind(arguments.flag, "True or False"),
    "text": Kind(arguments.text, "a text"),
    "empty": Kind(choice("nan", "zero"), '"nan" or "zero"'),
    "layer": Kind(choice(*LAYERS), "one of " + ", ".join(f'"{one}"' for one in LAYERS)),
    "model": Kind(choice(*MODELS), "one of " + ", ".join(f'"{one}"' for one in MODELS)),
    "convention": Kind(choice(*CONVENTIONS), "one of " + ", ".join(f'"{one}"' for one in CONVENTIONS)),
    "function": Kind(choice(*FUNCTIONS), "one of " + ", ".join(f'"{one}"' for one in FUNCTIONS)),
    "tensor": Kind(arrays.tensor, "numbers of any shape"),
    "scores": Kind(arrays.scores, "numbers with at least one axis, -inf allowed"),
    "listed": Kind(arrays.listed, "numbers with at least one axis"),
    "mask": Kind(arrays.mask, "numbers to add: 0 to look, -inf to hide"),
    "vector": Kind(arrays.of_axes(1), "a flat list of numbers"),
    "matrix": Kind(arrays.of_axes(2), "a matrix"),
    "vectors": Kind(arrays.of_axes(1, 2), "a vector, or a matrix with a vector in each row"),
    "rotations": Kind(arrays.of_axes(2, 3), "a matrix, or one for each round"),
    "rows": Kind(arrays.rows, "a matrix, or several"),
    "whole": Kind(arrays.whole, "whole numbers from 0"),
    "whole list": Kind(arrays.whole_list, "a flat list of whole numbers from 0"),
    "numbers": Kind(arrays.numbers, "a number, or numbers of any shape"),
    "elementwise": Kind(arrays.elementwise, "a number, or numbers of any shape"),
    "shape": Kind(arrays.shape, "a shape, such as (2, 3)"),
    "anything": Kind(arrays.anything, "any value"),
}
"""What a parameter's kind is called, how it is taken, and how it is described."""
