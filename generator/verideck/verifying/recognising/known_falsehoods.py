"""The literal table of false statements that explanations often make, each with the check that shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Falsehood:
    """A false statement: words that must all stand in one clause, and words that must not.

    `code` states it as a check, which fails; `{n}` in it is the pattern's group of that name. `message` says
    what is so. `context` are words that make it true when they stand anywhere in the item.
    """

    name: str
    words: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str]
    code: str
    message: str
    context: re.Pattern[str]
    weak: bool = False  # loose words rather than an error


def _row(
    name: str,
    words: tuple[str, ...],
    unless: str,
    code: str,
    message: str,
    context: str = "",
    *,
    weak: bool = False,
) -> Falsehood:
    never = r"(?!)"
    return Falsehood(
        name, tuple(map(re.compile, words)), re.compile(unless or never), code, message,
        re.compile(context or never), weak,
    )  # fmt: skip


HEADS = (
    r"\bmulti-?head|\bmore (?:attention )?heads|\bmultiple (?:attention )?heads|\b(?:extra|additional) heads"
)
MORE_PARAMETERS = (
    r"\b(?:increas\w*|adds?|adding|rais\w*|doubl\w*|multipl(?:y|ies))(?: the| its| up)?(?: number of| total)?"
    r"(?: more| extra| additional| trainable| learnable| model)* parameters?\b"
    r"|\b(?:has|have|uses?|needs?|means?|requires?|gives?|introduc\w+|leads? to) (?:more|extra|additional)"
    r"(?: trainable| learnable| model)* parameters\b"
    r"|\bparameters?(?: count)? (?:increases?|grows?|rises?|doubles?)\b"
)
FIXED_HEADS = (
    r"head[_ ](?:size|dim)\w*\s*(?:=|of|fixed|is|stays)|fixed head|d_head"
    r"|size of (?:each|a) head (?:is )?fixed|each (?:head )?of (?:fixed |the same )?size"
)
EFFICIENT = (
    r"linear (?:attention|layer|projection|transform|map|combin|algebra)|\blsh\b|reformer"
    r"|hash|sparse|linformer|"
    r"performer|longformer|flash|local|window|approximat|efficient|per token|per query"
    r"|each (?:token|query|word)|"
    r"path|sequential|n log|quadratic|\^2|²|log-linear|reduc|recurrent|\brnn|conv|cach|decod"
    r"|generat|single query"
)
FEWER = r"\bfew|less (?:hash|round)|single|one round"
ROUNDS = (
    r"\b(?:more|additional|extra|increasing (?:the number of )?"
    r"|number of) (?:hash\w*(?: (?:rounds|functions))?|rounds)"
)
HEAD_COUNTS = (
    'eight = parameters("multihead", embed=64, heads=8)\none = parameters("multihead", embed=64, heads=1)\n'
)
REVERSIBLE = r"\brevers(?:ible|ing) (?:residual )?(?:layers?|blocks?|networks?|connections?|transformers?)"

FALSEHOODS: tuple[Falsehood, ...] = (
    _row(
        "more heads add parameters",
        (HEADS, MORE_PARAMETERS),
        r"reduc|fewer|same|equal|constant|projection|output matrix|embedding|d_model|dimension|wider|layers"
        r"|hidden|bias|vocab|feed|larger|bigger|than (?!single|one|a single)",
        f"{HEAD_COUNTS}explanation(eight > one)",
        "more heads add no parameters in the standard layer: they share its features; they do only where the "
        "size of a head is fixed",
        FIXED_HEADS,
    ),
    _row(
        "more heads save parameters",
        (
            HEADS,
            r"\b(?:reduc|decreas|lower|cut|sav)\w*\b[^,;]*\bparameters\b"
            r"|\bfewer (?:trainable )?parameters\b",
        ),
        r"increas|same|equal|constant|per head|each head|multi-?query|grouped|shar|prun|low-?rank|single",
        f"{HEAD_COUNTS}explanation(eight < one)",
        "more heads save no parameters in the standard layer: it has as many with 1 head as with 8",
        FIXED_HEADS,
    ),
    _row(
        "weights sum to something else",
        (
            r"\bsoftmax",
            r"\bsum(?:s|med)? (?:up )?to (?P<n>(?!1(?:\.0*)?(?![\d.]))\d{1,6}(?:\.\d+)?)(?!\s?%)"
            r"(?![\d.]*\d)",
        ),
        r"logits|scores? (?:that |which )?sum|inputs?|exponential|before|raw|unnormali[sz]ed|row \d|heads"
        r"|batch|all rows|together",
        "explanation(abs(sum(softmax([1, 2, 3])) - {n}) < 1e-9)",
        "softmax makes weights that sum to 1",
    ),
    _row(
        "attention is linear in the length",
        (
            r"\battention\b",
            r"\b(?:linearly|linear|o\[[nl]\])(?!\w)",
            r"\b(?:length|sequence|tokens|o\[[nl]\])",
            r"\b(?:scales?|grows?|increases?|costs?|complexity|memory|time|computation)\b",
        ),
        EFFICIENT,
        "explanation(comparisons(2048) == 2 * comparisons(1024))",
        "full attention compares every pair: twice the length is four times the comparisons",
        EFFICIENT,
    ),
    _row(
        "twice the length costs twice",
        (
            r"\battention\b",
            r"\bdoubl\w+ (?:the )?(?:sequence |input |context )?(?:length|tokens|sequence)\b",
            r"\b(?:doubles|costs twice)\b[^,;]*\b(?:cost|computation|comparisons|memory|operations|work)\b",
        ),
        EFFICIENT,
        "explanation(comparisons(2048) == 2 * comparisons(1024))",
        "full attention compares every pair: twice the length is four times the comparisons",
        EFFICIENT,
    ),
    _row(
        "reversible layers are faster",
        (
            REVERSIBLE,
            r"\b(?:speeds? up|faster|accelerat\w+|quicker|less comput\w+|fewer (?:operations|computations)|"
            r"reduces? (?:the )?(?:computation|training time|computational cost))\b",
        ),
        r"slow|batch|\blsh\b|hash|larger|memory|cost of",
        "explanation(operations(reversible=True) < operations(reversible=False))",
        "reversible layers save memory, not time: each block is computed once more on the way back",
    ),
    _row(
        "reversible layers' memory grows with depth",
        (
            REVERSIBLE,
            r"\b(?:memory|activations)\b",
            r"\b(?:grows?|proportional|scales?|increases?)\b",
            r"\b(?:depth|layers)$",
        ),
        r"ordinary|standard|plain|residual net|non-|constant|regardless|no matter|parameter"
        r"|where|saves?|reduc",
        "explanation(saved_bytes(reversible=True, layers=12) == 2 * saved_bytes(reversible=True, layers=6))",
        "reversible layers keep the same bytes however many there are",
    ),
    _row(
        "hashing finds the exact neighbours",
        (
            r"\blsh\b|locality[- ]sensitive|\bhashing\b",
            r"\b(?:exact(?:ly)?|always|guarantees?|guaranteed)\b",
            r"\b(?:nearest|neighbou?rs?|similar|closest)\b",
        ),
        r"approximat|probab|likely|identical|same vectors?|equal vectors?|duplicate|exact search|compar",
        "explanation(found_in_rounds(collision_probability(30), 8) == 1)",
        "hashing finds near vectors with a probability only: two of them may miss each other in every round",
    ),
    _row(
        "hashing is more accurate than full attention",
        (
            r"\blsh\b|locality[- ]sensitive|\bhashing\b",
            r"\b(?:more|higher|better) (?:accura\w+|precis\w+|exact)\b",
            r"\bthan (?:full|standard|regular|ordinary|exact|dot-product|normal|vanilla)\b",
        ),
        r"less|lower|fewer|rounds|nearly",
        "explanation(found_in_rounds(collision_probability(30), 1) >= 1)",
        "hashing only approximates full attention: it misses some of the near pairs",
    ),
    _row(
        "more rounds are less accurate",
        (
            ROUNDS,
            r"\b(?:less|lower|worse|reduc\w+|decreas\w+|drops?|hurts?)\b[^,;]*\b(?:accura\w+|quality)\b",
        ),
        FEWER,
        "explanation(found_in_rounds(0.5, 8) < found_in_rounds(0.5, 2))",
        "more rounds of hashing find more of the near pairs, not fewer",
    ),
    _row(
        "more rounds are cheaper",
        (ROUNDS, r"\b(?:faster|cheaper|quicker|speeds? up|less comput\w+|fewer comparisons)\b"),
        FEWER,
        "explanation(comparisons(4096, chunk=64, rounds=8) < comparisons(4096, chunk=64, rounds=2))",
        "more rounds of hashing compare more pairs, not fewer",
    ),
    _row(
        "high entropy is focus",
        (
            r"\b(?:high|higher|large|larger|maximal|maximum) entropy\b",
            r"\b(?:focus\w*|concentrat\w+|sharp\w*|peaked|confident|certain)\b",
        ),
        r"\blow|less|uncertain|spread|uniform|flat|even|unfocus|diffuse|fewer|lack|loss|reduc",
        "explanation(entropy([1 / 4] * 4) < entropy([0.97, 0.01, 0.01, 0.01]))",
        "entropy is highest for even weights and lowest for focused ones",
    ),
    _row(
        "low entropy is spread",
        (
            r"\b(?:low|lower|small|smaller|zero) entropy\b",
            r"\b(?:spread|uniform\w*|even(?:ly)?|diffuse|uncertain\w*)\b",
        ),
        r"\bhigh|more (?:focus|certain|concentrat|confident)|less|un(?:even|focus)|fewer|lack",
        "explanation(entropy([1 / 4] * 4) < entropy([0.97, 0.01, 0.01, 0.01]))",
        "entropy is highest for even weights and lowest for focused ones",
    ),
    _row(
        "a high temperature sharpens",
        (
            r"\b(?:high|higher|larger|raising|increasing)\b[^,;]*\btemperature\b",
            r"\b(?:sharp\w*|peak\w*|confident|concentrat\w*|deterministic)\b",
        ),
        r"\blow|flat|soft(?:er|en)|less|uniform|spread|even|random|diverse",
        "explanation(max(softmax([1 / 2, 2 / 2, 3 / 2])) > max(softmax([1, 2, 3])))",
        "a higher temperature divides the scores and makes the weights flatter",
    ),
    _row(
        "a causal mask shows the future",
        (
            r"\b(?:causal|look-?ahead|autoregressive) mask|\bmasked self-?attention",
            r"\b(?:lets?|allows?|enables?|permits?)\b[^,;]*\b(?:attend|see|look|access)",
            r"\b(?:future|later|subsequent|upcoming) (?:tokens|positions|words)\b",
        ),
        r"prevent|stop|block|hid|forbid|only|earlier|previous|past|from",
        "explanation(softmax(zeros(3, 3), mask=causal_mask(3))[0][1] > 0)",
        "a causal mask hides every later token",
    ),
    _row(
        "attention alone knows the order",
        (
            r"\bself-?attention\b|\battention mechanism\b",
            r"\b(?:by itself|on its own|inherently|naturally|automatically|alone)\b",
            r"\b(?:knows?|captures?|preserves?|encodes?|understands?|aware|keeps?|sensitive)\b",
            r"\b(?:word order|order of|token order|sequence order|the order)\b",
        ),
        r"regardless|irrespective|any position|between|relation|depend|lacks?|ignor|unaware"
        r"|invariant|equivariant|positional",
        "x = [[1, 2], [3, 1]]\nswap = [[0, 1], [1, 0]]\nbefore = attention(x, x, x)\n"
        "after = attention(matmul(swap, x), matmul(swap, x), matmul(swap, x))\n"
        "explanation(max(abs(after - matmul(swap, before))) > 1e-12)",
        "attention without positions does not see the order: words that change places only "
        "change their outputs' places",
    ),
    _row(
        "weights mix the embeddings",
        (
            r"\b(?:multipl\w+|appl\w+|weighted sum|combin\w+|mix\w*)\b",
            r"\bweights?\b[^,;]*\b(?:by|with|to|of)\b[^,;]{0,24}\bembeddings?\b",
        ),
        r"values?\b|project|positional|matrix of the embedding|query|queries|keys?\b|embedding layer|learn",
        "x = [[1, 2], [3, 1]]\nweights = attention_weights(x, x)\nvalues = matmul(x, [[2, 0], [1, 1]])\n"
        "explanation(max(abs(matmul(weights, x) - matmul(weights, values))) < 1e-12)",
        "attention's weighted sum takes the projected values, not the embeddings themselves",
        weak=True,
    ),
)
