"""What attention costs: the bytes and entries of its weights, and how they grow with the length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from verideck.cards import Subject
from verideck.verifying.recognising import sizes, text
from verideck.verifying.recognising.proposals import Convention, Proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verideck.reading.items import Item
    from verideck.verifying.recognising.sizes import Sizes

NAME = "costs"
MATRIX = re.compile(
    r"\battention (?:weights?|matri(?:x|ces)|scores?|maps?)\b|\b(?:score|weight) matri(?:x|ces)\b"
    r"|\bl x l\b|\bn x n matri",
    re.IGNORECASE,
)
MEMORY = re.compile(
    r"\b(?:how much memory|how many (?:[kmg]i?b|(?:kilo|mega|giga)?bytes)|memory|bytes"
    r"|size in)\b",
    re.IGNORECASE,
)
ENTRIES = re.compile(
    r"\bhow many (?:entries|elements|scores|numbers|weights|attention scores|attention weights"
    r"|comparisons|dot products|pairs)\b"
    r"|\bnumber of (?:entries|elements|scores|comparisons|dot products|pairs)\b",
    re.IGNORECASE,
)
# `how many GB`: an option without a unit is in this one, by either meaning
UNIT = re.compile(r"\bhow many ([kmgt]i?b|(?:kilo|mega|giga|tera)bytes)\b", re.IGNORECASE)
UNITS = {"k": ("KiB", "KB"), "m": ("MiB", "MB"), "g": ("GiB", "GB"), "t": ("TiB", "TB")}
TYPES: tuple[tuple[re.Pattern[str], int], ...] = (
    (
        re.compile(
            r"\b(?:float|fp|bf|bfloat)-?\s?16\b|\bhalf[- ]precision\b|\b2 bytes\b|\b2-byte\b"
            r"|\b16-bit\b",
            re.IGNORECASE,
        ),
        2,
    ),
    (
        re.compile(
            r"\b(?:float|fp)-?\s?32\b|\bsingle[- ]precision\b|\b4 bytes\b|\b4-byte\b"
            r"|\b32-bit\b",
            re.IGNORECASE,
        ),
        4,
    ),
    (
        re.compile(
            r"\b(?:float|fp)-?\s?64\b|\bdouble[- ]precision\b|\b8 bytes\b|\b8-byte\b"
            r"|\b64-bit\b",
            re.IGNORECASE,
        ),
        8,
    ),
)
FOREIGN = text.words(r"""
    lsh, hash\w*, bucket\w*, chunk\w*, window\w*, sparse, local, linear, flash, reversible, parameters?,
    gradients?, activations?, optimi[sz]er, causal, mask\w*, triang\w+, half of, kv, cache, compress\w*,
    quanti[sz]\w+, d_model, d_k, features?, embedding, multiplications?, flops?, multiply, cross,
    encoder-decoder, training, backward, reformer, linformer, save[ds]?, reduc\w+,
    (?:each|every|per|one|a|single) (?:query|token|word|position|row|key|element|entry|number), rows?,
    columns?
""")


def costs(item: Item) -> Iterator[Proposal]:
    """Propose the bytes or the number of attention weights."""
    asked = text.level(text.asked(item))
    sentence = text.asking(asked)
    if item.code.strip() or not (MATRIX.search(asked) or ENTRIES.search(sentence)):
        return
    kinds = [number for pattern, number in TYPES if pattern.search(asked)]
    bare = asked
    for pattern, _ in TYPES:
        bare = pattern.sub(lambda match: " " * len(match[0]), bare)
    given = sizes.read(bare)
    known = {"length", "batch", "heads", "layers"}
    if (
        FOREIGN.search(asked)
        or given.clashing
        or given.shapes
        or not given.value("length")
        or set(given.roles) - known
    ):
        return
    if text.unused(bare, given.spans) or len(kinds) > 1:
        return
    entries, memory = ENTRIES.search(sentence) is not None, MEMORY.search(sentence) is not None
    if entries == memory:
        return
    codes = _entries(given) if entries else _bytes(given, kinds)
    if memory and (unit := UNIT.search(sentence)) and not any(_has_unit(one) for one in _written(item)):
        codes = [
            (f"{name} {of}".strip(), f"{code} / {of}")
            for name, code in codes
            for of in UNITS[unit[1].lower()[0]]
        ]
    main, *others = codes
    conventions = tuple(Convention(name, code) for name, code in others)
    yield Proposal(NAME, main[1], Subject.ANSWER, item.line, complete=True, conventions=conventions)


def _written(item: Item) -> list[str]:
    return [item.answer, *item.accepted, *(option.text for option in item.options)]


def _has_unit(written: str) -> bool:
    return re.search(r"\d\s?(?:[KMGTkmgt]i?)?B\b|\bbytes\b", written) is not None


def _readings(given: Sizes) -> list[tuple[str, str]]:
    """Give the length as code: `64 * K` means 65,536 to some and 64,000 to others."""
    length = given.roles["length"]
    if not length.thousands:
        return [("", str(length.value))]
    return [("K is 1024", length.code), ("K is 1000", str(length.value * 1000))]


def _entries(given: Sizes) -> list[tuple[str, str]]:
    many = "".join(
        f"{given.value(role)} * " for role in ("layers", "batch", "heads") if given.value(role) > 1
    )
    found = [(name, f"answer == {many}comparisons({length})") for name, length in _readings(given)]
    return found + (
        [("of one head", f"answer == comparisons({length})") for _, length in _readings(given)]
        if many
        else []
    )


def _bytes(given: Sizes, kinds: list[int]) -> list[tuple[str, str]]:
    layers = f"{given.value('layers')} * " if given.value("layers") > 1 else ""
    more = "".join(f", {role}={given.value(role)}" for role in ("batch", "heads") if given.value(role) > 1)
    return [
        (
            f"{size} bytes a number" if not kinds else name,
            f"answer == {layers}attention_bytes({length}{more}, bytes_per_number={size})",
        )
        for size in (kinds or [4, 2])
        for name, length in _readings(given)
    ]


FACTORS = {"doubl": 2, "tripl": 3, "quadrupl": 4, "halv": 0.5, "twice": 2}
GROWS = re.compile(
    r"\b(?P<word>doubl|tripl|quadrupl|halv)(?:es|ed|ing|e)?\b|\b(?P<twice>twice) as (?:long|many)"
    r"|\b(?:factor of |by )(?P<n>\d+)\b|\b(?P<times>\d+|three|four|five|eight|ten)(?:x| times)\b"
    r"|\bfrom (?P<low>\d[\d,]*)(?: tokens)? to (?P<high>\d[\d,]*)",
    re.IGNORECASE,
)
LENGTH = re.compile(
    r"\b(?:sequence|input|context|text|sentence|prompt)(?:'s)?(?: sequence)? (?:length"
    r"|window|size)?|\blength\b|\btokens\b",
    re.IGNORECASE,
)
COST = re.compile(
    r"\b(?:cost|memory|comput\w+|operations|work|scores|weights|entries|comparisons|complexity"
    r"|size of the attention|attention matrix)\b",
    re.IGNORECASE,
)
ATTENTION = re.compile(r"\b(?:self-?|full |standard |dot-product )?attention\b", re.IGNORECASE)
OTHER_COST = text.words(r"""
    heads?, layers?, batch, feed-?forward, d_model, features, dimension\w*, parameters?, embedding, lsh,
    hash\w*, reformer, linformer, sparse, window\w*, local, flash, linear attention, projections?,
    recurrent, rnn, kv, cache, whole model, chunk\w*, per token, each token,
    (?:per|each|every|one|single) (?:query|token|word|position|row|key|head|entry|element), rows?,
    columns?
""")
SAME = re.compile(
    r"\b(?:stays? the same|unchanged|does not change|no change|remains? (?:the same"
    r"|constant)|constant)\b",
    re.IGNORECASE,
)
OPTION = re.compile(
    r"\b(?P<word>doubl|tripl|quadrupl|halv)(?:es|ed|ing|e)?\b|\b(?P<twice>twice)\b|\bfactor of (?P<n>\d+)\b"
    r"|(?<![\w.])(?P<times>\d+|two|three|four|five|six|eight|nine|ten|sixteen)(?:x\b|-fold|fold| times)"
    r"|^\W*(?P<bare>\d+)\W*$",
    re.IGNORECASE,
)


def growth(item: Item) -> Iterator[Proposal]:
    """Propose by what attention's cost grows when the sequence gets longer, option by option."""
    asked = text.level(text.asked(item))
    if item.code.strip() or not text.asking(asked) or OTHER_COST.search(asked):
        return
    if not (LENGTH.search(asked) and COST.search(asked) and ATTENTION.search(asked)):
        return
    found = list(GROWS.finditer(asked))
    if len(found) != 1 or not _is_of_length(asked, found[0]) or text.unused(asked, [found[0].span()]):
        return
    ratio = _ratio(found[0])
    if not ratio:
        return
    if not item.options:
        yield Proposal("growth", f"answer == {ratio}", Subject.ANSWER, item.line, complete=True)
        return
    texts = [option.text for option in item.options]
    factors = [_factor(one) for one in texts]
    complete = all(factors) and len(set(factors)) == len(factors)
    for option, factor in zip(item.options, factors, strict=True):
        if factor:
            code = f"option({text.quoted(text.fragment(option.text, texts))}, {ratio} == {factor})"
            yield Proposal("growth", code, Subject.OPTION, option.line, complete=complete)


CLAUSE = re.compile(r"[,.?;:](?:\s|$)|\b(?:if|when|how|what|and|while|then)\b", re.IGNORECASE)


def _is_of_length(asked: str, grows: re.Match[str]) -> bool:
    """Tell whether it is the length that grows by a given factor; that of the cost is asked for."""
    ends = [match.start() for match in CLAUSE.finditer(asked, grows.end())] or [len(asked)]
    starts = [match.end() for match in CLAUSE.finditer(asked) if match.end() <= grows.start()] or [0]
    clause = asked[max(starts) : min(ends)]
    return LENGTH.search(clause) is not None and not COST.search(clause)


def _ratio(match: re.Match[str]) -> str:
    """Write the cost of the longer sequence over that of the shorter."""
    if match["low"]:
        low, high = (int(match[name].replace(",", "")) for name in ("low", "high"))
        return f"comparisons({high}) / comparisons({low})" if 0 < low < high < 10**9 else ""
    factor = _amount(match, ("n", "times"))
    if factor == 0.5:
        return "comparisons(500) / comparisons(1000)"
    return f"comparisons({int(factor)} * 1000) / comparisons(1000)" if 1 < factor < 10**6 else ""


def _amount(match: re.Match[str], names: tuple[str, ...]) -> float:
    word = match["word"] or match["twice"]
    if word:
        return FACTORS[word.lower()]
    written = next((match[name] for name in names if match[name]), "0").lower()
    return text.SPELLED.get(written) or (int(written) if len(written) < 9 else 0)


def _factor(option: str) -> str:
    """Read by how much an option says that something grows; empty where it does not say."""
    bare = text.level(option)
    found = list(OPTION.finditer(bare))
    if text.negated(bare) and not SAME.search(bare):
        return ""
    if SAME.search(bare):
        return "" if found else "1"
    if len(found) != 1 or text.unused(bare, [found[0].span()]):
        return ""
    amount = _amount(found[0], ("n", "times", "bare"))
    fewer = re.search(
        r"\b(?:less|fewer|smaller|decreas\w+|shrinks?|drops?"
        r"|reduc\w+)\b",
        bare,
        re.IGNORECASE,
    )
    return "" if not amount or fewer else f"{amount:g}"
