"""Both ways: what is right refutes nothing, what was planted wrong is caught; `pytest -rP` prints the rates.

The right answers are computed here, with nothing of ours: a few lines of plain arithmetic for each kind.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verideck.cards import Kind, Subject, Verdict
from verideck.importing.deciding import Decision, decide
from verideck.reading.items import Item, ItemOption, Lost, Page, Stage, Trace
from verideck.verifying.executors import compute_all
from verideck.verifying.recognising import recognise

if TYPE_CHECKING:
    from verideck.verifying.records import Outcome
    from verideck.verifying.worker import Job

WORDINGS = Path(__file__).parent / "corpora" / "wordings.txt"
Numbers = dict[str, str]
Rows = list[list[float]]


@dataclass(frozen=True)
class Case:
    """A question with its right answer and wrong ones; `changed` is the same with another figure in it."""

    kind: str
    item: Item
    right: int  # the option, from 1; 0 where the answer is written
    changed: str = ""


def listed(row: Sequence[float], digits: int | None = None) -> str:
    return ", ".join(f"{x:.{digits}f}" if digits is not None else f"{x:g}" for x in row)


def rows(matrix: Rows) -> str:
    return ", ".join(f"[{listed(row)}]" for row in matrix)


def softmax(row: Sequence[float]) -> list[float]:
    powers = [math.exp(x - max(row)) for x in row]
    return [x / sum(powers) for x in powers]


def attended(q: list[float], k: Rows, v: Rows, scale: float) -> list[float]:
    weights = softmax([sum(a * b for a, b in zip(q, key, strict=True)) / scale for key in k])
    return [sum(w * row[n] for w, row in zip(weights, v, strict=True)) for n in range(len(v[0]))]


def entropy(p: Sequence[float], base: float) -> float:
    return -sum(x * math.log(x, base) for x in p if x)


Made = tuple[Numbers, str, list[str]]  # the numbers of the wording, the right answer, wrong ones


def make_softmax(rng: random.Random) -> Made:
    row = rng.sample([-2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0], rng.choice([2, 3, 4]))
    right = softmax(row)
    wrong = [[1 / (1 + math.exp(-x)) for x in row], right[::-1], softmax([x / 2 for x in row])]
    digits = rng.choice([2, 3, 4])
    shape = rng.choice(["[{}]", "({})", "tensor([{}])"])
    return (
        {"scores": listed(row), "n": str(len(row))},
        shape.format(listed(right, digits)),
        [shape.format(listed(one, digits)) for one in wrong],
    )


def make_attention(rng: random.Random, scaled: bool) -> Made:
    size = rng.choice([2, 4])
    q = [float(rng.randint(0, 2)) for _ in range(size)]
    q[0] = 2.0
    k = [[float(rng.randint(0, 2)) for _ in range(size)] for _ in range(2)]
    k[0][0], k[1][0] = 2.0, 0.0
    v = [[float(rng.randint(0, 5)), 4.0], [10.0, float(rng.randint(5, 9))]]
    root = math.sqrt(size)
    right = attended(q, k, v, root if scaled else 1)
    wrong = [
        attended(q, k, v, 1 if scaled else root),
        attended(q, k, v[::-1], root),
        attended(q, k, v, size * 3),
    ]
    numbers = {"q": listed(q), "k": rows(k), "v": rows(v)}
    return numbers, f"[[{listed(right, 3)}]]", [f"[[{listed(one, 3)}]]" for one in wrong]


def sizes(rng: random.Random) -> tuple[int, int, int, int]:
    h = rng.choice([2, 4, 8])
    return rng.choice([2, 3, 4, 16, 32]), rng.choice([5, 7, 10, 12, 20]), h * rng.choice([8, 16, 64]), h


def shape(rng: random.Random, *axes: int) -> str:
    return rng.choice(["({})", "[{}]", "torch.Size([{}])"]).format(", ".join(map(str, axes)))


def make_shape(which: str) -> Callable[[random.Random], Made]:
    def make(rng: random.Random) -> Made:
        b, t, e, h = sizes(rng)
        d = e // h
        axes: dict[str, list[tuple[int, ...]]] = {  # the right shape, and wrong ones
            "output": [(b, t, e), (b, t, d), (b, h, t), (b, e, t)],
            "weights": [(b, h, t, t), (b, h, t, d), (h, b, t, t + 1), (b, h, d, d)],
            "split": [(b, h, t, d), (b, h, d, t + 1), (b, h, t, e), (h, t, d, b)],
        }
        state = rng.getstate()
        texts = []
        for one in axes[which]:
            rng.setstate(state)
            texts.append(shape(rng, *one))
        return {"b": str(b), "l": str(t), "e": str(e), "h": str(h)}, texts[0], texts[1:]

    return make


def counted(rng: random.Random, n: int) -> str:
    return rng.choice([f"{n:,}", str(n)])


def make_count(which: str) -> Callable[[random.Random], Made]:
    def make(rng: random.Random) -> Made:
        i, o, e = rng.choice([16, 20, 128]), rng.choice([10, 24, 64]), rng.choice([32, 64, 96])
        n, h = rng.choice([500, 1200, 30000]), rng.choice([2, 4, 8])
        right, wrong = {
            "linear": (i * o + o, [i * o, i * o + i, i + o]),
            "bare": (i * o, [i * o + o, i * o + i, 2 * (i + o)]),
            "embedding": (n * e, [n * e + e, n + e, n * e + n]),
            "multihead": (4 * (e * e + e), [4 * e * e, 3 * (e * e + e), 4 * (e * e + e) * h]),
            "head": (e // h, [e * h, e, e - h]),
        }[which]
        names = {"i": str(i), "o": str(o), "e": str(e), "n": str(n), "h": str(h)}
        return names, counted(rng, right), [counted(rng, one) for one in wrong]

    return make


def make_entropy(base: float) -> Callable[[random.Random], Made]:
    def make(rng: random.Random) -> Made:
        p = rng.choice([[0.5, 0.5], [0.7, 0.2, 0.1], [0.25] * 4, [0.9, 0.1], [0.5, 0.25, 0.25], [0.6, 0.4]])
        digits = rng.choice([2, 3])
        right = entropy(p, base)
        wrong = [entropy(p, 10), right + 0.5, sum(x * x for x in p) / 7]
        return {"p": listed(p)}, f"{right:.{digits}f}", [f"{one:.{digits}f}" for one in wrong]

    return make


def make_growth(rng: random.Random) -> Made:
    f = rng.choice([2, 3, 4])
    n = rng.choice([128, 500, 1000])
    numbers = {"l": str(n), "l2": str(2 * n), "f": ["", "", "two", "three", "four"][f]}
    return numbers, str(f), [str(f + 3), str(f * f * f), "10"]  # the right one is its wording's, see `cases`


def make_inverse(rng: random.Random) -> Made:
    x1, x2, y1, y2 = rng.choice(
        [("x_1", "x_2", "y_1", "y_2"), ("a_1", "a_2", "b_1", "b_2"), ("u", "v", "p", "q")]
    )
    f, g = rng.choice([("F", "G"), ("G", "F"), ("Attention", "FF"), ("f", "g"), ("A", "B")])
    numbers = {"x1": x1, "x2": x2, "y1": y1, "y2": y2, "F": f, "G": g}
    wrong = [f"{y2} - {f}({x1})", f"{x1} - {g}({y2})", f"{y2} + {g}({y1})"]
    return numbers, f"${x2} = {y2} - {g}({y1})$", [f"${x2} = {one}$" for one in wrong]


def make_line(rng: random.Random) -> Made:
    a, c = rng.choice([2, 3, 4, 5]), rng.choice([1, 3, 6, 7])
    numbers = {"a": str(a), "c": str(c)}
    wrong = [f"(y + {c}) / {a}", f"y / {a} - {c}", f"{a}(y - {c})"]
    return numbers, f"$x = (y - {c}) / {a}$", [f"$x = {one}$" for one in wrong]


MAKERS: dict[str, Callable[[random.Random], Made]] = {
    "softmax": make_softmax,
    "attention scaled": lambda rng: make_attention(rng, scaled=True),
    "attention unscaled": lambda rng: make_attention(rng, scaled=False),
    "output shape": make_shape("output"),
    "weights shape per head": make_shape("weights"),
    "split shape": make_shape("split"),
    "linear count": make_count("linear"),
    "linear count without bias": make_count("bare"),
    "embedding count": make_count("embedding"),
    "multihead count": make_count("multihead"),
    "head size": make_count("head"),
    "entropy nats": make_entropy(math.e),
    "entropy bits": make_entropy(2),
    "greatest entropy": make_softmax,  # its answer hangs on the wording, see `cases`
    "growth": make_growth,
    "inverse": make_inverse,
    "line": make_line,
}
EACH = 6  # questions of each wording
NOISE = ("", "Question 3: ", "Quick check. ", "For a small model: ", "(2 points) ")
LEVELS = ("", "beginner", "expert")


@cache
def wordings() -> dict[str, list[str]]:
    parts = re.split(r"^== (.*)\n", WORDINGS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {kind: text.strip().split("\n") for kind, text in pairs}


def special(kind: str, wording: str, made: Made) -> Made:
    """Give the answer where it hangs on the wording."""
    numbers, right, wrong = made
    if kind == "growth":
        factor = 2 if "doubled" in wording else ["", "", "two", "three", "four"].index(numbers["f"])
        return numbers, str(factor**2), [str(factor), str(factor**3 + 1), str(factor**2 + 3)]
    if kind == "greatest entropy":
        n = int(numbers["n"]) * 4
        base = 2 if "bits" in wording else math.e
        answers = [math.log(n, base), math.log(n, 10), math.log(n, base) + 0.6, 1 / n]
        return {"n": str(n)}, f"{answers[0]:.3f}", [f"{one:.3f}" for one in answers[1:]]
    if kind.startswith("attention") and "[[{q}]]" not in wording:  # one query, a row alone
        return numbers, right[1:-1], [one[1:-1] for one in wrong]
    return numbers, right, wrong


def choice(
    kind: str, question: str, right: str, wrong: Sequence[str], rng: random.Random, code: str = ""
) -> Case:
    texts = list(dict.fromkeys([right, *wrong]))
    rng.shuffle(texts)
    place = texts.index(right)
    options = tuple(
        ItemOption(text, 10 + n, "ABCD"[n], ticked=n == place) for n, text in enumerate(texts)
    )  # fmt: skip
    level = rng.choice(LEVELS)
    item = Item(
        "own",
        3,
        Kind.CHOICE,
        question,
        level=level,
        options=options,
        code=code,
        language="python" if code else "",
    )
    return Case(kind, item, place + 1)


@cache
def cases() -> tuple[Case, ...]:
    found = []
    for kind, texts in wordings().items():
        if kind not in MAKERS:
            continue
        for at, wording in enumerate(texts):
            for turn in range(EACH):
                rng = random.Random(f"{kind} {at} {turn}")  # noqa: S311
                numbers, right, wrong = special(kind, wording, MAKERS[kind](rng))
                question = rng.choice(NOISE) + wording.format(**numbers)
                found.append(choice(kind, question, right, wrong, rng))
                other = special(kind, wording, MAKERS[kind](random.Random(f"{kind} {at} {turn} other")))  # noqa: S311
                if other[1] != right:
                    found[-1] = replace(found[-1], changed=wording.format(**other[0]))
    return (*found, *programs())


PRINTED = """import torch
scores = torch.tensor([{scores}])
print(torch.softmax(scores, dim=0))"""
SHAPED = """import torch
import torch.nn as nn
layer = nn.MultiheadAttention(embed_dim={e}, num_heads={h}, batch_first=True)
x = torch.rand({b}, {l}, {e})
out, weights = layer(x, x, x)
print(out.shape)"""


def programs() -> list[Case]:
    found = []
    for at, turn in itertools.product(range(3), range(EACH)):
        rng = random.Random(f"program {at} {turn}")  # noqa: S311
        row = rng.sample([0.0, 1.0, 2.0, 3.0, -1.0], 3)
        right = softmax(row)
        wrong = [right[::-1], [1 / (1 + math.exp(-x)) for x in row], [x / 6 for x in (1, 2, 3)]]
        texts = [f"tensor([{listed(one, 4)}])" for one in (right, *wrong)]
        question = wordings()["printed softmax"][at]
        code = PRINTED.format(scores=", ".join(f"{x:.1f}" for x in row))
        found.append(choice("printed softmax", question, texts[0], texts[1:], rng, code))
        b, t, e, h = sizes(rng)
        shapes = [f"torch.Size([{x}, {y}, {z}])" for x, y, z in ((b, t, e), (t, b, e), (b, t, h), (b, h, e))]
        question = wordings()["printed shape"][at % 2]
        code = SHAPED.format(b=b, l=t, e=e, h=h)
        found.append(choice("printed shape", question, shapes[0], shapes[1:], rng, code))
    return found


def decided(items: Sequence[Item], page: Page | None = None) -> tuple[Decision, ...]:
    return decide(items, [recognise(item, page) for item in items], computed)


KNOWN: dict[Job, Outcome] = {}  # what one plant computed, the others need not compute again


def computed(jobs: Sequence[Job], progress: Callable[[int, int], None]) -> list[Outcome]:
    missing = [job for job in jobs if job not in KNOWN]
    KNOWN.update(zip(missing, compute_all(missing, progress), strict=True))
    return [KNOWN[job] for job in jobs]


EXPLANATIONS_CAUGHT = 4
# The least shares of each kind: right keys verified, keys found, swaps, removals and changed figures caught.
FLOORS: dict[str, tuple[float, float, float, float, float]] = {
    "softmax": (0.77, 0.77, 0.77, 0.77, 0.22),
    "attention scaled": (1, 1, 0.5, 0.5, 0.5),
    "attention unscaled": (0.66, 0.66, 0.33, 0.33, 0.33),
    "output shape": (1, 1, 1, 1, 1),
    "weights shape per head": (1, 0.33, 1, 1, 1),
    "split shape": (0.5, 0.5, 0.5, 0.5, 0.5),
    "linear count": (1, 0.33, 0.83, 0.33, 1),
    "linear count without bias": (1, 1, 1, 1, 1),
    "embedding count": (0.5, 0.5, 0.5, 0.5, 0.5),
    "multihead count": (1, 0.5, 0.75, 0.5, 0.5),
    "head size": (1, 1, 1, 1, 1),
    "entropy nats": (0.88, 0.88, 0.88, 0.88, 0.8),
    "entropy bits": (0.94, 0.94, 0.94, 0.94, 0.7),
    "greatest entropy": (0.33, 0.33, 0.33, 0.33, 0.33),
    "growth": (0.16, 0.16, 0.16, 0, 0.8),
    "inverse": (1, 1, 1, 1, 1),
    "line": (1, 1, 1, 1, 1),
    "printed softmax": (1, 1, 1, 1, 0),
    "printed shape": (1, 1, 1, 1, 0),
}
WRONG = (Verdict.REFUTED, Verdict.NO_OPTION, Verdict.SEVERAL_OPTIONS)


def rates(title: str, found: Sequence[tuple[Case, bool]]) -> dict[str, float]:
    """Print how many of each kind were caught; gives the shares."""
    every, caught = Counter(case.kind for case, _ in found), Counter(case.kind for case, hit in found if hit)
    print(f"{title}: {sum(caught.values())} of {len(found)}")  # noqa: T201
    for kind, count in every.items():
        print(f"  {kind:28} {caught[kind]:3} of {count}")  # noqa: T201
    return {kind: caught[kind] / count for kind, count in every.items()}


@cache
def judged(planted: str) -> tuple[Decision, ...]:
    """Decide all cases, each as it was planted, in one batch."""
    return decided([PLANTS[planted](case) for case in cases()])


def stated(case: Case) -> Item:
    return case.item


def unkeyed(case: Case) -> Item:
    options = tuple(replace(one, ticked=False) for one in case.item.options)
    return replace(case.item, options=options, lost=(Lost.KEY,))


def swapped(case: Case) -> Item:
    other = case.right % len(case.item.options) + 1
    options = tuple(replace(one, ticked=n == other) for n, one in enumerate(case.item.options, 1))
    return replace(case.item, options=options)


def removed(case: Case) -> Item:
    options = tuple(one for n, one in enumerate(unkeyed(case).options, 1) if n != case.right)
    return replace(unkeyed(case), options=options)


def changed(case: Case) -> Item:
    return replace(case.item, question=case.changed or case.item.question)


PLANTS: dict[str, Callable[[Case], Item]] = {
    "stated": stated, "unkeyed": unkeyed, "swapped": swapped, "removed": removed, "changed": changed,
}  # fmt: skip


def test_right_items_are_not_refuted() -> None:
    found = list(zip(cases(), judged("stated"), strict=True))
    assert len(found) >= 300
    assert [told(c, d) for c, d in found if d.verdict in WRONG or d.problems] == []
    shares = rates("right keys verified", [(c, d.verdict is Verdict.VERIFIED) for c, d in found])
    assert {kind: share for kind, share in shares.items() if share < FLOORS[kind][0]} == {}


def test_the_key_that_is_found_is_the_right_one() -> None:
    found = list(zip(cases(), judged("unkeyed"), strict=True))
    assert [told(c, d) for c, d in found if d.ticks not in ((), (c.right,)) or d.verdict in WRONG] == []
    shares = rates("keys found", [(c, d.ticks == (c.right,)) for c, d in found])
    assert {kind: share for kind, share in shares.items() if share < FLOORS[kind][1]} == {}


def test_swapped_keys_are_caught() -> None:
    found = list(zip(cases(), judged("swapped"), strict=True))
    shares = rates("swaps caught", [(c, d.verdict is Verdict.REFUTED) for c, d in found])
    assert {kind: share for kind, share in shares.items() if share < FLOORS[kind][2]} == {}


def test_removed_options_are_missed_and_no_other_is_made_the_key() -> None:
    found = list(zip(cases(), judged("removed"), strict=True))
    assert [told(c, d) for c, d in found if d.ticks] == []
    shares = rates("removals caught", [(c, d.verdict is Verdict.NO_OPTION) for c, d in found])
    assert {kind: share for kind, share in shares.items() if share < FLOORS[kind][3]} == {}


def test_changed_figures_are_caught() -> None:
    found = [(c, d) for c, d in zip(cases(), judged("changed"), strict=True) if c.changed]
    shares = rates("changes caught", [(c, d.verdict in WRONG) for c, d in found])
    assert {kind: share for kind, share in shares.items() if share < FLOORS[kind][4]} == {}


def told(case: Case, decision: Decision) -> tuple[object, ...]:
    options = [one.text for one in case.item.options]
    return case.item.question, options, case.right, decision.verdict, decision.ticks, decision.problems


# Questions whose right answer is another than the one computed, for a word turns them round or softens them.
TURNED = (
    ("Which of these is NOT what softmax gives for the scores [1, 1]?", ["[0.5, 0.5]", "[1.0, 0.0]"], 2),
    ("All of these but one are softmax([2, 2]). Which is the exception?", ["[0.5, 0.5]", "[2.0, 2.0]"], 2),
    ("Which of these is never a possible entropy in nats of [0.5, 0.5]?", ["0.693", "1.386"], 2),
    ("What is the incorrect value of the entropy in nats of [0.5, 0.5]?", ["0.693", "0.347"], 2),
    ("Roughly how many parameters does nn.Linear(100, 100) have?", ["10,000", "1,000", "100,000"], 1),
    ("About how large is the entropy in nats of [0.5, 0.5]?", ["0.7", "0.5", "1.4"], 1),
    ("How many parameters does nn.Linear(10, 5) have at least?", ["50", "15", "5"], 1),
    ("Which statement about nn.Linear(10, 5) is false?", ["It has 55 parameters", "It has 60 parameters"], 2),
    ("A batch of 4 sequences of length 10 with 64 features enters multi-head attention with 8 heads. "
     "Which of these is NOT a shape inside it?", ["(4, 10, 64)", "(4, 10, 65)"], 2),
    ("Except for rounding, which row is softmax([0, 0, 0])?", ["[0.33, 0.33, 0.34]", "[1, 0, 0]"], 1),
    ("What is d_k typically for d_model = 512 and 8 heads?", ["64", "512", "8"], 1),
    ("Which of these cannot be the output shape for a (2, 5, 64) input of attention with 8 heads?",
     ["(2, 5, 64)", "(2, 64, 64)"], 2),
)  # fmt: skip


@pytest.mark.parametrize(("question", "texts", "right"), TURNED, ids=[one[0][:40] for one in TURNED])
def test_turned_and_softened_questions_are_left_alone(question: str, texts: list[str], right: int) -> None:
    options = tuple(ItemOption(text, 10 + n, ticked=n == right) for n, text in enumerate(texts, 1))
    case = Case("turned", Item("own", 3, Kind.CHOICE, question, options=options), right)
    keyed, open_ = decided([case.item, unkeyed(case)])
    assert keyed.verdict not in WRONG, keyed.problems
    assert open_.ticks in ((), (right,))
    assert open_.verdict not in WRONG


def stages(*rows: tuple[str, str, str, str, str]) -> Page:
    items = tuple(
        Item(
            "pipeline", 10 * n, Kind.TYPED, f"What shape leaves stage {n}, {name}?", accepted=(given,),
            stage=Stage(n, name, taken, operation, given, example),
        )
        for n, (name, taken, operation, given, example) in enumerate(rows, 1)
    )  # fmt: skip
    return Page("own", "pipeline", "Own", items, ())


def pipeline(b: int, t: int, e: int, c: int, rows: str) -> Page:
    whole, square = f"{b} x {t} x {e}", f"{b} x {t} x {t}"
    return stages(
        ("Tokens in", f"{b} x {t}", "Look up embeddings for each token", whole, ""),
        ("Self-attention scores", whole, "Compare every word with every word", square, rows),
        ("Mix the values", f"{square} and {whole}", "Weighted sum of the values", whole, ""),
        ("Feed-forward network", whole, "Process each position by a small network", whole, ""),
        ("Classifier", whole, f"Linear layer to {c} classes", f"{b} x {t} x {c}", ""),
    )


PIPELINES = [(b, t, e, c) for b in (1, 2, 32) for t in (6, 12) for e in (16, 64) for c in (3, 5)]
WEIGHTS = "[[0.2, 0.5, 0.3], [0.1, 0.1, 0.8]] (attention weights)"
OFF = "[[0.2, 0.5, 0.6], [0.1, 0.1, 0.8]] (attention weights)"


def together(pages: Sequence[Page]) -> list[Decision]:
    """Decide the items of several pages in one batch."""
    items = [(item, page) for page in pages for item in page.items]
    return list(decide([item for item, _ in items], [recognise(*one) for one in items], computed))


def spoilt(page: Page, given: str) -> Page:
    last = page.items[-1]
    assert last.stage is not None
    return replace(
        page,
        items=(*page.items[:-1], replace(last, accepted=(given,), stage=replace(last.stage, given=given))),
    )


def test_pipelines() -> None:
    pages = [pipeline(*sizes, WEIGHTS) for sizes in PIPELINES]
    right = together(pages)
    assert len(right) == 120
    assert [one.problems for one in right if one.verdict in WRONG or one.problems] == []
    verified = sum(one.verdict is Verdict.VERIFIED for one in right)
    bad = [spoilt(page, f"{b} x {t} x {c + 1}") for page, (b, t, _, c) in zip(pages, PIPELINES, strict=True)]
    caught = [one.verdict is Verdict.REFUTED for one in together(bad)]
    print(f"stages: {verified} of {len(right)} verified, {sum(caught)} of {len(bad)} changes caught")  # noqa: T201
    assert verified == len(right)
    assert caught == [False, False, False, False, True] * len(bad)
    off = together([pipeline(2, 6, 16, 3, OFF)])
    assert [one.verdict for one in off].count(Verdict.REFUTED) == 1


def trace(losses: Sequence[float], chart: Sequence[float], words: str = "Loss decreases") -> Item:
    rows = tuple(
        (str(n), f"{loss:g}", f"{0.5 + n / 20:g}", words if n > 1 else "Starts")
        for n, loss in enumerate(losses, 1)
    )
    told = Trace(rows, tuple(chart), tuple(row[0] for row in rows), 0.2)
    return Item("pipeline", 5, Kind.RECALL, "How does the loss change?", answer="It falls.", trace=told)


FALLING = [[1.2 - 0.1 * k - 0.2 * n for n in range(4)] for k in range(5)] + [
    [2.0, 1.4, 0.8],
    [0.9, 0.5, 0.3, 0.1],
]


def test_traces() -> None:
    right = [trace(losses, [round(loss, 1) for loss in losses]) for losses in FALLING]
    near = [trace(losses, [*losses[:-1], losses[-1] + 0.05]) for losses in FALLING]
    far = [trace(losses, [*losses[:-1], losses[-1] + 0.5]) for losses in FALLING]
    rising = [trace([*losses[:-1], losses[-2] + 0.3], [*losses[:-1], losses[-2] + 0.3]) for losses in FALLING]
    assert [one.problems for one in decided(right) if one.verdict in WRONG] == []
    assert {one.verdict for one in decided(near)} == {Verdict.IMPRECISE}
    assert {(one.verdict, one.subject) for one in decided(far)} == {(Verdict.REFUTED, Subject.EXPLANATION)}
    assert {(one.verdict, one.subject) for one in decided(rising)} == {(Verdict.REFUTED, Subject.EXPLANATION)}


# An explanation that is right, and the same with a figure changed.
EXPLAINED = (
    ("What do 3 boxes of 4 hold?", "They hold 3 * 4 = 12.", "They hold 3 * 4 = 14."),
    ("How wide is a head?", "Each head has 64 / 8 = 8 features.", "Each head has 64 / 8 = 6 features."),
    ("How many scores are there?", "There are 10 x 10 = 100 scores.", "There are 10 x 10 = 110 scores."),
    ("Do more heads need more memory?", "More heads keep more weights.", "More heads add more parameters."),
    ("What does softmax do?", "Its outputs sum to 1.", "Its outputs sum to 2."),
)


def explained(question: str, explanation: str) -> Item:
    options = (ItemOption("yes", 4, ticked=True), ItemOption("no", 5))
    return Item("own", 3, Kind.CHOICE, question, options=options, explanation=explanation, explanation_line=9)


def test_explanations() -> None:
    right = decided([explained(question, said) for question, said, _ in EXPLAINED])
    assert [one.problems for one in right if one.problems or one.verdict in WRONG] == []
    wrong = decided([explained(question, said) for question, _, said in EXPLAINED])
    caught = [
        one.subject is Subject.EXPLANATION and one.verdict in (Verdict.REFUTED, Verdict.IMPRECISE)
        for one in wrong
    ]
    print(f"explanations caught: {sum(caught)} of {len(caught)}")  # noqa: T201
    assert sum(caught) >= EXPLANATIONS_CAUGHT
