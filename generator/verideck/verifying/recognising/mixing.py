"""Attention by hand: scores, weights and outputs of queries, keys and values that a question writes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising import matrices, text
from verideck.verifying.recognising.proposals import Convention, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verideck.reading.items import Item
    from verideck.verifying.recognising.matrices import Literal

NAME = "attention"
LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("query", re.compile(r"\bquer(?:y|ies)\b|\bq(?:_?\d)?\b", re.IGNORECASE)),
    ("key", re.compile(r"\bkeys?\b|\bk(?:_?\d)?\b", re.IGNORECASE)),
    ("value", re.compile(r"\bvalues?\b|\bv(?:_?\d)?\b", re.IGNORECASE)),
    ("weights", re.compile(r"\b(?:attention )?(?:weights?|probabilities)\b", re.IGNORECASE)),
)
NUMBERED = re.compile(r"\b[kqv]_?\d", re.IGNORECASE)
BETWEEN = re.compile(
    r"(?:and|with|the|vectors?|matrix|matrices|tensors?|is|are|be|of|torch\.tensor|\W)*", re.IGNORECASE
)
JOINED = re.compile(r"\s*(?:,|;|and|, and)\s*", re.IGNORECASE)
PLAIN_ATTENTION = re.compile(
    r"\b(?P<scaled>scaled )?dot-? ?product (?P<attention>(?:self-)?attention)", re.IGNORECASE
)
WANTED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("weights", re.compile(r"\b(?:attention )?weights?\b|\bprobabilit\w+|\bdistribution\b"
                           r"|\bsoftmax\b", re.IGNORECASE)),
    ("scores", re.compile(r"\bscores?\b|\bdot products?\b|\bsimilarit\w+|\blogits?\b"
                          r"|\bq\s?k\^?t\b", re.IGNORECASE)),
    ("output", re.compile(
        r"\boutputs?\b|\bcontext\b|\bresult\b|\battention\(|\bweighted (?:sum|average|mean)"
        r"|\battended\b|\battention (?:gives?|returns?)\b", re.IGNORECASE
    )),
)  # fmt: skip
# The whole formula, in which the softmax is not what is asked for.
FORMULA = re.compile(r"\bsoftmax\s*\(.*\)\s*[·*@×x]?\s*(?:v|values?)\b", re.IGNORECASE)
UNSCALED = re.compile(
    r"\bun-?scaled|\bwithout (?:any )?scal\w+|\bno scal\w+|\bnot (?:be )?scaled|\braw\b"
    r"|\bbefore scal\w+|\bignor\w+ (?:the )?scal\w+"
    r"|\bwithout (?:dividing|the (?:scale|division|square root))",
    re.IGNORECASE,
)
SCALED = re.compile(r"\bscal(?:ed|ing|e)\b|\bsqrt\b|√|\bdivid\w+\b", re.IGNORECASE)
KEY_SIZE = re.compile(
    r"\bd_k\s*(?:=|is|of|:)\s*(?P<n>\d+)|\bsqrt\s?\(?\s*(?P<m>\d+)\)?"
    r"|√\s?\(?(?P<r>\d+)\)?",
    re.IGNORECASE,
)
FOREIGN = text.words(r"""
    mask\w*, causal, multi-?\s?head, heads?, temperature, project\w*, w_[qkvo], relu, sigmoid, cosine,
    additive, bias\w*, dropout, position\w*, hard, top-?k, lsh, hash\w*, normali[sz]ed, unit, norm,
    entropy, gradient\w*, loss, argmax, largest, highest, smallest, most, first, second, third, last,
    doubled?, instead, if all, bandanau, bahdanau, concat\w*, shape, dimensions?, sum of the weights,
    valid, invalid, could, transpose[ds]?, which key, column\w*, dim=, axis=, itself, euclid\w*,
    distance, angle, which (?:of|value|query)
""")


@dataclass(frozen=True, slots=True)
class Given:
    """What a question gives under one name: a vector as rows 0, or several."""

    rows: tuple[str, ...]
    matrix: bool
    columns: int

    @property
    def code(self) -> str:
        """Write it as a vector or a matrix."""
        return "[" + ", ".join(self.rows) + "]" if self.matrix else self.rows[0]


def mixing(item: Item) -> Iterator[Proposal]:
    """Propose the scores, weights or output of attention over vectors that are written out."""
    asked = PLAIN_ATTENTION.sub(r"\g<scaled>\g<attention>", matrices.levelled(text.level(text.asked(item))))
    sentence = text.asking(asked)
    if item.code.strip() or not sentence or FOREIGN.search(asked):
        return
    found = matrices.literals(asked)
    given = labelled(asked, found)
    wanted = _wanted(sentence)
    if given is None or not wanted:
        return
    used = [(one.start, one.end) for one in found]
    size = KEY_SIZE.search(asked)
    if size:
        group = next(name for name in ("n", "m", "r") if size[name])
        used.append(size.span(group))
        if "key" not in given or int(size[group]) != given["key"].columns:
            return
    codes = _codes(given, wanted, asked)
    if codes and not text.unused(asked, used):
        main, *others = codes
        conventions = tuple(Convention(name, code) for name, code in others)
        yield Proposal(NAME, main[1], Subject.ANSWER, item.line, complete=True, conventions=conventions)


def labelled(asked: str, found: tuple[Literal, ...]) -> Mapping[str, Given] | None:
    """Give each literal to the name before it; None where one has none, or a name has two matrices."""
    given: dict[str, list[Literal]] = {}
    label, end = "", 0
    for literal in found:
        before = asked[end : literal.start]
        places = [(match.end(), name) for name, pattern in LABELS for match in pattern.finditer(before)]
        if places:
            place, label = max(places)
            again = label in given and not NUMBERED.search(before)
            if again or not BETWEEN.fullmatch(before[place:]):
                return None
        elif not label or not JOINED.fullmatch(before):
            return None
        given.setdefault(label, []).append(literal)
        end = literal.end
    return (
        {name: _joined(parts) for name, parts in given.items()} if all(map(_fits, given.values())) else None
    )


def _fits(parts: list[Literal]) -> bool:
    return len(parts) == 1 or (
        all(not one.rows for one in parts) and len({one.columns for one in parts}) == 1
    )


def _joined(parts: list[Literal]) -> Given:
    if len(parts) == 1 and not parts[0].rows:
        return Given((parts[0].code,), False, parts[0].columns)
    rows = [parts[0].code[1:-1]] if len(parts) == 1 else [one.code for one in parts]
    return Given(tuple(rows), True, parts[0].columns)


def _wanted(sentence: str) -> str:
    """Name what is asked for: the first thing that the sentence names."""
    if FORMULA.search(sentence):
        return "output"
    found = [(match.start(), name) for name, pattern in WANTED if (match := pattern.search(sentence))]
    return min(found)[1] if found else ""


Codes = list[tuple[str, str]]


def _codes(given: Mapping[str, Given], wanted: str, asked: str) -> Codes:
    names = set(given)
    if names == {"weights", "value"} and wanted == "output":
        return _mixed(given["weights"], given["value"])
    if not {"query", "key"} <= names or "weights" in names:
        return []
    if given["query"].columns != given["key"].columns:
        return []
    if wanted == "output" and not ("value" in given and given["value"].matrix):
        return []
    query, keys = given["query"], given["key"]
    if not keys.matrix:
        return _single(query, keys, wanted, asked)
    flags = _flags(wanted, asked)
    forms = [("", query.code)] if query.matrix else [("", query.code), ("as a row", f"[{query.code}]")]
    lines = f"keys = {keys.code}\n" + (f"values = {given['value'].code}\n" if wanted == "output" else "")
    call = {"scores": "attention_scores", "weights": "attention_weights", "output": "attention"}[wanted]
    rest = ", values" if wanted == "output" else ""
    return [
        (
            " ".join(filter(None, (name, form))),
            f"query = {code}\n{lines}answer == {call}(query, keys{rest}{flag})",
        )
        for name, flag in flags
        for form, code in forms
    ]


def _flags(wanted: str, asked: str) -> list[tuple[str, str]]:
    """Say whether scores are scaled, as the words have it; both readings where they do not say."""
    scaled, raw = ("scaled", ""), ("unscaled", ", scaled=False")
    if UNSCALED.search(asked):
        return [raw]
    if SCALED.search(asked):
        return [scaled]
    return [raw, scaled] if wanted == "scores" else [scaled, raw]


def _single(query: Given, key: Given, wanted: str, asked: str) -> Codes:
    """Give the score of one query and one key."""
    if wanted != "scores" or query.matrix:
        return []
    product = f"answer == dot({query.code}, {key.code})"
    forms = {"unscaled": product, "scaled": f"{product} / sqrt({key.columns})"}
    flags = _flags(wanted, asked)
    return [(name, forms[name]) for name, _ in flags]


def _mixed(weights: Given, values: Given) -> Codes:
    """Give the values' weighted sum."""
    if weights.matrix or (not values.matrix and values.columns != weights.columns):
        return []
    if not values.matrix:
        return [("", f"answer == dot({weights.code}, {values.code})")]
    plain = f"answer == matmul([{weights.code}], {values.code})"
    return [("", f"{plain}[0]"), ("as a row", plain)]
