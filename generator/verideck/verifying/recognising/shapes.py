"""Shapes asked for in words: of attention, of simple layers, of a matrix product."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising import sizes, text
from verideck.verifying.recognising.attending import ASKS, ATTENTION, FOREIGN, attention_shape
from verideck.verifying.recognising.proposals import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verideck.reading.items import Item
    from verideck.verifying.recognising.attending import Found
    from verideck.verifying.recognising.sizes import Sizes

NAME = "shapes"
LAYER = re.compile(
    r"\b(?P<linear>nn\.Linear|linear (?:layer|projection|transformation)"
    r"|fully[- ]connected layer|dense layer)"
    r"|\b(?P<embedding>nn\.Embedding|embedding (?:layer|table|matrix|lookup))"
    r"|\b(?P<same>nn\.LayerNorm|layer ?norm(?:ali[sz]ation)?|nn\.Dropout|dropout(?: layer)?"
    r"|nn\.ReLU|relu\b|gelu\b"
    r"|softmax(?: (?:layer|function|operation))?\b|residual connection|positional encodings?)",
    re.IGNORECASE,
)
PRODUCT = re.compile(
    r"\b(?:matrix product|matrix multiplication|multipl(?:y|ying|ied)|matmul|times|product)\b|@",
    re.IGNORECASE,
)


def shapes(item: Item) -> Iterator[Proposal]:
    """Propose the shapes that a question asks for in words."""
    asked = text.level(text.asked(item))
    sentence = text.asking(asked)
    if item.code.strip() or not ASKS.search(sentence):
        return
    for find in (attention_shape, layer_shape, product_shape):
        found = find(asked, sentence)
        if found is not None:
            code, conventions, used = found
            if not text.unused(asked, used):
                yield Proposal(NAME, code, Subject.ANSWER, item.line, complete=True, conventions=conventions)
            return


def layer_shape(asked: str, sentence: str) -> Found | None:
    """Give the shape of a linear layer's, an embedding's or an elementwise layer's output."""
    kinds = {match.lastgroup for match in LAYER.finditer(asked)}
    given = sizes.read(asked)
    wanted = re.search(r"\boutput|\bresult|\bcomes? out|\breturn|\bproduc|\bafter\b", sentence, re.IGNORECASE)
    if len(kinds) != 1 or ATTENTION.search(asked) or _after(asked) or not wanted or given.clashing:
        return None
    if re.search(r"\bweights?\b|\bparameters?\b", sentence, re.IGNORECASE):
        return None
    shape, used = _input(given)
    kind = kinds.pop()
    if kind == "same" and shape and not given.roles:
        return f"answer == shape(zeros{shape})", (), used
    if kind == "linear" and shape and given.value("inputs") == shape[-1] and given.value("outputs"):
        code = f"answer == {_tuple(shape[:-1])} + ({given.value('outputs')},)"
        return code, (), (*given.spans, *used)
    if kind == "embedding" and given.value("embed") and shape:
        if given.shapes and len(shape) > 2:
            return None
        return f"answer == {_tuple(shape)} + ({given.value('embed')},)", (), (*given.spans, *used)
    return None


def _after(asked: str) -> bool:
    bare = re.sub(r"vocab\w*|bias\s*=\s*\w+", " ", asked, flags=re.IGNORECASE)
    return FOREIGN.search(bare) is not None


def _input(given: Sizes) -> tuple[tuple[int, ...], tuple[tuple[int, int], ...]]:
    """Give the one shape written out, else batch and length."""
    if len(given.shapes) == 1:
        return given.shapes[0].sizes, ((given.shapes[0].start, given.shapes[0].end),)
    if given.shapes or not (given.value("batch") and given.value("length")):
        return (), ()
    return (given.value("batch"), given.value("length")), given.spans


def _tuple(shape: tuple[int, ...]) -> str:
    return f"({shape[0]},)" if len(shape) == 1 else str(shape)


def product_shape(asked: str, _: str) -> Found | None:
    """Give the shape of the product of two matrices whose shapes are written out."""
    given = sizes.read(asked)
    if (
        not PRODUCT.search(asked)
        or len(given.shapes) != 2
        or given.roles
        or _after(asked)
        or LAYER.search(asked)
    ):
        return None
    if ATTENTION.search(asked) or re.search(
        r"element-?wise|hadamard|broadcast|\badd|\bT\b|\^", asked, re.IGNORECASE
    ):
        return None
    left, right = (one.sizes for one in given.shapes)
    if len(left) < 2 or len(right) != 2 or left[-1] != right[0]:
        return None
    used = tuple((one.start, one.end) for one in given.shapes)
    return f"answer == shape(zeros{left} @ zeros{right})", (), used
