"""The sizes that a question gives in words: a batch of 4, length 10, 8 heads, `shape (4, 10, 64)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from verideck.verifying.recognising import text

WORD = "|".join(text.SPELLED)
N = rf"(?P<n>\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,12}}|\b(?:{WORD})\b)(?P<k>\s?[Kk]\b)?(?![\w^]|\.\d|,\d)"
LINK = (
    r"(?:\s*\([^()\d]*\))?\s*(?:=|:|\bof\b|\bis\b|\bare\b|\bequals?\b(?: to)?|\bset to\b|\bbeing\b)?\s*"
    r"(?:\b(?:size|dimension|length)\b(?: of)?\s*)?"
)
LONGEST = 60  # characters of a shape

DIMENSION = r"dim(?:ension)?(?:ality)?s?"
# Per role, most special first: nouns that stand before the number, and nouns behind it.
ROLES: Mapping[str, tuple[str, str]] = {
    "words": (
        r"vocab(?:ulary)?(?:[_ ]size)?|num_embeddings|n_vocab",
        r"[ -](?:word|token|entry|term)s?(?: in (?:the|its))?[ -]vocabulary"
        r"|vocabulary (?:words|tokens|entries|items)"
        r"|(?:words|tokens|entries|terms) in (?:the|its) vocabulary",
    ),
    "head_size": (
        rf"d_k|d_v|d_head|(?:per-)?head[_ ](?:{DIMENSION}|size)|heads? of(?: size| dimension)?"
        r"|(?:key|query) (?:dimension|size)|dimension of (?:the |each )?(?:head|keys?|key vectors)"
        r"|(?:keys|queries)(?: vectors)? (?:of|have|has|with)(?: the)? (?:dimension|size|length)",
        r"(?:features|dimensions|units) (?:per|for each|in each|for every) head"
        r"|-dimensional (?:keys?|quer(?:y|ies)|heads?)\b",
    ),
    "hidden": (
        r"d_ff|dim_feedforward|ffn?_dim|inner layer"
        r"|(?:feed-?\s?forward|ffn|inner)(?: network| layer)?(?: hidden| inner)?"
        r" (?:dimension|size|width|layer)",
        r"(?:hidden|inner) (?:units|features|neurons|dimensions)|neurons",
    ),
    "heads": (
        r"num[_ ]heads|n_?heads?|number of(?: attention| parallel)? heads|nhead|h(?=\s*=)",
        r"[ -]?(?:(?:self-)?attention |parallel )?heads?\b",
    ),
    "keys": (
        r"(?:source|memory|key|encoder)(?: sequence)? length|src_len|memory of length|number of keys",
        r"(?:key|source|encoder|memory)(?: and value)?(?:s\b| vectors| tokens| positions| states)",
    ),
    "queries": (
        r"(?:target|query|decoder)(?: sequence)? length|tgt_len|number of queries",
        r"(?:quer(?:y|ies)\b|(?:query|target|decoder) (?:vectors|tokens|positions|states))",
    ),
    "layers": (
        r"num_layers|n_layers|number of layers",
        r"(?:(?:identical|stacked|reversible|encoder|decoder|transformer|attention) )*(?:layers?|blocks?)\b",
    ),
    "inputs": (
        rf"in_features|input (?:features|size|{DIMENSION})|fan[_-]in",
        r"inputs?(?: features| units| neurons| values)?\b|incoming features",
    ),
    "outputs": (
        rf"out_features|output (?:features|size|{DIMENSION}|units)|fan[_-]out|num_classes|number of classes",
        r"outputs?(?: features| units| neurons| values)?\b|classes\b",
    ),
    "batch": (
        r"batch(?:[_ ]size)?|B(?=\s*=)",
        r"(?:input )?(?:sequences|sentences?|examples|samples|documents|prompts)\b",
    ),
    "length": (
        r"seq(?:uence)?[_ ]?len(?:gth)?s?|(?:sequences?|sentences?|inputs?) of(?: length)?"
        r"|(?:context|input) (?:length|window|size)|lengths?|[LT](?=\s*=)",
        r"(?:-|input )?(?:tokens?|words?|positions?|time ?steps?)\b(?: each| long)?",
    ),
    "embed": (
        rf"embed(?:ding)?s?[_ ](?:{DIMENSION}|size|width)"
        rf"|d_?model|model[_ ](?:{DIMENSION}|size|width)"
        rf"|feature (?:size|{DIMENSION})|hidden[_ ](?:size|{DIMENSION})"
        r"|normali[sz]ed_shape|width|[ED](?=\s*=)"
        r"|(?:embeddings?|vectors?|features) of(?: size| dimension| length)?",
        r"features?\b(?: each| per (?:token|word|position))?|(?:-| )?dimensional\b"
        r"|-d (?:embeddings?|vectors?)|embedding dimensions",
    ),
}
CALLS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"MultiheadAttention", ("embed", "heads")),
    (r"TransformerEncoderLayer", ("embed", "heads", "hidden")),
    (r"Linear", ("inputs", "outputs")),
    (r"Embedding", ("words", "embed")),
    (r"LayerNorm", ("embed",)),
)
# `maps 64 features to 10`, `from 512 to 2048`
MAPPED = re.compile(
    rf"\b(?:from|maps?|mapping|projects?|projecting|takes?) {N}(?:[ -]\w+){{0,2}}? (?:in)?to "
    + N.replace("P<n>", "P<to>").replace("P<k>", "P<tok>"),
    re.IGNORECASE,
)
SHAPE = re.compile(r"[(\[]\s*\d+(?:\s*,\s*\d+)+\s*[)\]]|(?<![\w.])\d+(?:\s*x\s*\d+)+(?![\w.])")


@dataclass(frozen=True, slots=True)
class Size:
    """A size as the text gives it; `thousands` where it was written with a K."""

    value: int
    start: int
    end: int
    thousands: bool = False

    @property
    def code(self) -> str:
        """Write it as a person would in a check."""
        return f"{self.value} * K" if self.thousands else str(self.value)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape that the text writes out."""

    sizes: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a text gives, by role; `clashing` are roles that are given twice, differently."""

    roles: Mapping[str, Size]
    shapes: tuple[Shape, ...]
    spans: tuple[tuple[int, int], ...]
    clashing: frozenset[str]

    def get(self, role: str) -> str:
        """Give a role's size as code, empty where it is not given."""
        return self.roles[role].code if role in self.roles else ""

    def value(self, role: str) -> int:
        """Give a role's size, 0 where it is not given."""
        size = self.roles.get(role)
        return 0 if size is None else size.value * (1024 if size.thousands else 1)


def read(asked: str) -> Sizes:
    """Read the sizes of a levelled text."""
    found: list[tuple[str, Size]] = []
    taken: list[tuple[int, int]] = []
    for role, size in (*_calls(asked), *_named(asked)):
        if not any(start <= size.start < end for start, end in taken):
            found.append((role, size))
            taken.append((size.start, size.end))
    shapes = tuple(
        Shape(tuple(int(one) for one in re.findall(r"\d+", match[0])), *match.span())
        for match in SHAPE.finditer(asked)
        if len(match[0]) < LONGEST and not any(match.start() <= start < match.end() for start, _ in taken)
    )
    roles: dict[str, Size] = {}
    clashing: set[str] = set()
    for role, size in found:
        if role in roles and (roles[role].value, roles[role].thousands) != (size.value, size.thousands):
            clashing.add(role)
        roles.setdefault(role, size)
    return Sizes(roles, shapes, tuple(taken), frozenset(clashing))


def _named(asked: str) -> Iterator[tuple[str, Size]]:
    for mapped in MAPPED.finditer(asked):
        yield "inputs", _size(mapped)
        yield "outputs", _size(mapped, "to", "tok")
    for role, (before, behind) in ROLES.items():
        for pattern in (_before(before), _behind(behind)):
            for match in pattern.finditer(asked):
                yield role, _size(match)


def _before(nouns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{nouns}){LINK}{N}", re.IGNORECASE)


def _behind(nouns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,^-]){N}[ -]?(?:{nouns})", re.IGNORECASE)


def _calls(asked: str) -> Iterator[tuple[str, Size]]:
    for name, roles in CALLS:
        for call in re.finditer(rf"\b{name}\(([^()]*)\)", asked):
            for place, argument in enumerate(_arguments(call[1], call.start(1))):
                if place < len(roles) and (match := re.compile(rf"\s*{N}\s*").fullmatch(asked, *argument)):
                    yield roles[place], _size(match)


def _arguments(inside: str, start: int) -> Iterator[tuple[int, int]]:
    for part in inside.split(","):
        yield start, start + len(part)
        start += len(part) + 1


def _size(match: re.Match[str], number: str = "n", thousands: str = "k") -> Size:
    word = match[number].lower()
    value = text.SPELLED.get(word) or int(word.replace(",", ""))
    end = match.end(thousands) if match[thousands] else match.end(number)
    return Size(value, match.start(number), end, bool(match[thousands]))
