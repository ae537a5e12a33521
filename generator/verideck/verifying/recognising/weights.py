"""Softmax by hand, and rows of weights that must sum to one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising import matrices, text
from verideck.verifying.recognising.proposals import Convention, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verideck.reading.items import Item
    from verideck.verifying.recognising.matrices import Literal

NAME = "weights"
SOFTMAX = re.compile(r"\bsoft-?\s?max\b", re.IGNORECASE)
OUTPUT = re.compile(r"\bsoftmax outputs?\b|\boutputs? of (?:the )?softmax\b", re.IGNORECASE)
RESULT = re.compile(r"\b(?:what|which)\b.{0,20}\b(?:comes? out|results?)\b", re.IGNORECASE)
WEIGHTS = re.compile(r"\b(?:attention )?(?:weights?|probabilit\w+|distribution)\b", re.IGNORECASE)
SCORES = re.compile(
    r"\b(?:scores?|logits|similarit\w+|dot products?|values|inputs?|vector"
    r"|row)\b",
    re.IGNORECASE,
)
FOREIGN = text.words(r"""
    log-?softmax, sparsemax, gumbel, entmax, hard, mask\w*, causal, drop\w*, top-?k, entropy,
    perplexity, loss, cross-entropy, gradient\w*, derivative, jacobian, argmax, sigmoid, relu, tanh,
    hardmax, normali[sz]\w+ by, l2, averag\w+, mean, output, context, weighted sum, value vectors?,
    added, adding, add, subtract\w*, multipl\w+, doubl\w+, shift\w*, constant, instead, if all,
    change\w*, which of, invalid, valid, could, cannot, can be, how many, class, predict\w*, token,
    label, bits, nats, difference, ratio, which (?:position|index|key|entry|element|one|token|word),
    index, position, where, how (?:much|many times) (?:larger|more|smaller), times (?:larger|more),
    exponent\w*, denominator, numerator, partition, normali[sz]er
""")
TEMPERATURE = re.compile(
    r"\btemperature\b\s*(?:parameter\s*)?(?:(?:\(?T\)?|τ)\s*)?(?:(?:=|of|is"
    r"|:)\s*)?(?:T\s*=\s*)?(?P<n>\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
KEY_SIZE = re.compile(
    r"\bd_k\s*(?:=|is|of|:)\s*(?P<n>\d+)|\bsqrt\s?\(?\s*(?P<m>\d+)\)?"
    r"|√\s?\(?(?P<r>\d+)\)?",
    re.IGNORECASE,
)
ALREADY = re.compile(
    r"\b(?:already )?scaled (?:scores?|dot|attention scores?)|\bafter scaling\b"
    r"|\balready (?:been )?(?:scaled|divided)",
    re.IGNORECASE,
)
COLUMNS = re.compile(
    r"\b(?:dim|axis)\s*=\s*0\b|\bcolumn-?\s?wise\b|\b(?:over|along|down) (?:the "
    r"|each )?columns?\b|\beach column\b",
    re.IGNORECASE,
)
ROWS = re.compile(
    r"\b(?:dim|axis)\s*=\s*-?1\b|\brow-?\s?wise\b|\b(?:over|along|of|for) (?:the "
    r"|each )(?:keys|rows?)\b|\beach row\b",
    re.IGNORECASE,
)
PICKED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), code)
    for pattern, code in (
        (r"\b(?:sum|total)\b", "sum({})"),
        (r"\b(?:largest|highest|biggest|greatest|maximum|max)\b", "max({})"),
        (r"\b(?:smallest|lowest|minimum|min)\b", "min({})"),
        (r"\b(?:first)\b", "{}[0]"),
        (r"\b(?:second)\b", "{}[1]"),
        (r"\b(?:third)\b", "{}[2]"),
        (r"\b(?:fourth)\b", "{}[3]"),
        (r"\b(?:last)\b", "{}[-1]"),
    )
)


def softmax(item: Item) -> Iterator[Proposal]:
    """Propose the softmax of the scores that a question gives."""
    asked = matrices.levelled(text.level(text.asked(item)))
    sentence = text.asking(asked)
    foreign = FOREIGN.search(OUTPUT.sub("softmax", asked))
    if item.code.strip() or not SOFTMAX.search(asked) or not sentence or foreign:
        return
    found = matrices.literals(asked)
    if len(found) != 1 or found[0].columns < 2:
        return
    if not (SOFTMAX.search(sentence) or WEIGHTS.search(sentence) or RESULT.search(sentence)):
        return
    divisor, used, veto = _divisor(asked)
    spans = ((found[0].start, found[0].end), *used)
    picked = [code for pattern, code in PICKED if pattern.search(sentence)]
    axis = _axis(asked)
    rest = re.sub(r"\b(?:dim|axis)\s*=\s*-?\d", lambda match: " " * len(match[0]), asked)
    if veto or len(picked) > 1 or (picked and found[0].rows) or text.unused(rest, spans):
        return
    codes = [("", _code(found[0], divisor, axis or "", picked))]
    if found[0].rows > 1 and axis is None:
        codes.append(("each column sums to 1", _code(found[0], divisor, ", axis=0", picked)))
    if (
        divisor
        and not TEMPERATURE.search(asked)
        and not re.search(
            r"\bdivid\w+|\bsqrt"
            r"|√",
            asked,
            re.IGNORECASE,
        )
    ):
        codes.append(("unscaled", _code(found[0], "", axis or "", picked)))
    main, *others = codes
    conventions = tuple(Convention(name, code) for name, code in others)
    yield Proposal(NAME, main[1], Subject.ANSWER, item.line, complete=True, conventions=conventions)


def _divisor(asked: str) -> tuple[str, tuple[tuple[int, int], ...], bool]:
    """Give what the scores are divided by, as code; the last value says that this is not clear."""
    heat, size = TEMPERATURE.search(asked), KEY_SIZE.search(asked)
    if heat and size:
        return "", (), True
    if heat:
        return ("" if float(heat["n"]) == 0 else heat["n"]), (heat.span("n"),), float(heat["n"]) == 0
    if size:
        group = next(name for name in ("n", "m", "r") if size[name])
        scaled = ALREADY.search(asked) is not None
        return ("" if scaled else f"sqrt({size[group]})"), (size.span(group),), int(size[group]) == 0
    return "", (), re.search(r"\btemperature\b|\bd_k\b", asked, re.IGNORECASE) is not None


def _axis(asked: str) -> str | None:
    """Give the axis as an argument; None where the question does not say."""
    if COLUMNS.search(asked):
        return None if ROWS.search(asked) else ", axis=0"
    return "" if ROWS.search(asked) else None


def _code(found: Literal, divisor: str, axis: str, picked: list[str]) -> str:
    scores = f"scores = {found.code}\n"
    divided = f"ones(1) * scores / {divisor}" if divisor else "scores"
    weights = f"softmax({divided}{axis})"
    if not picked:
        return f"{scores}answer == {weights}"
    return f"{scores}weights = {weights}\nanswer == {picked[0].format('weights')}"


SHARES = re.compile(
    r"\b(?:weights?|probabilit\w+|softmax(?: output)?|distribution)\b[^\[\](){}.;]{0,30}$", re.IGNORECASE
)
DENIED = text.words(r"""
    before, raw, unnormali[sz]ed, not, n't, never, without, log, pre-softmax, partial, top, first, some,
    masked, dropout, initial, layer, weight matri, learn\w*, model, projection, kernel, gate, bias
""")


def row_sums(item: Item) -> Iterator[Proposal]:
    """Propose that the weights printed in an explanation or a stated answer sum to one, row by row."""
    for subject, slot, line in (
        (Subject.EXPLANATION, item.explanation, item.explanation_line or item.line),
        (Subject.OUTPUT, item.output, item.code_line or item.line),
    ):
        bare = matrices.levelled(text.level(slot))
        if "..." in bare or "…" in bare:
            continue
        for found in matrices.literals(bare):
            before = bare[max(found.start - 60, 0) : found.start]
            if SHARES.search(before) and not DENIED.search(before) and is_shared(found):
                yield Proposal(
                    "row sums", sums_to_one(found), subject, line, complete=True,
                    claimed=bare[found.start : found.end],
                    message=f"`{found.code}` is called weights, and does not sum to 1",
                )  # fmt: skip


def is_shared(found: Literal) -> bool:
    """Tell whether a literal can be rows of shares: two or more from 0 to 1, not all of them whole."""
    numbers = matrices.numbers_of(found.code)
    return found.columns > 1 and all(0 <= one <= 1 for one in numbers) and any(one % 1 for one in numbers)


def sums_to_one(found: Literal) -> str:
    """Write the check that each row sums to one, as far as its digits say."""
    digits = max((len(one) for one in re.findall(r"\.(\d+)", found.code)), default=6)
    slack = found.columns * 0.5 * 10.0**-digits + 1e-9
    return f"weights = {found.nested}\nexplanation(max(abs(sum(weights, axis=-1) - 1)) <= {slack:.3g})"
