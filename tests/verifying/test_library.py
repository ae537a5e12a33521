"""The library's table: names, examples, steps, hashes; and that it costs no torch to look at it."""

from __future__ import annotations

import inspect
import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from verideck.verifying import library
from verideck.verifying.evaluator import evaluate
from verideck.verifying.library import CONSTANTS, FUNCTIONS, KINDS, LIBRARY, SUBJECTS, hashing, reference_hash
from verideck.verifying.values import UNITS

PINNED = [
    "softmax",
    "sigmoid",
    "exp",
    "log",
    "sqrt",
    "abs",
    "sum",
    "max",
    "min",
    "mean",
    "variance",
    "round",
    "len",
    "argmax",
    "sort",
    "shape",
    "cos",
    "sin",
    "tanh",
    "relu",
    "dot",
    "matmul",
    "transpose",
    "norm",
    "reshape",
    "concat",
    "ones",
    "zeros",
    "identity",
    "attention_scores",
    "attention_weights",
    "attention",
    "hard_attention",
    "causal_mask",
    "padding_mask",
    "multihead_shapes",
    "parameters",
    "linear",
    "layer_norm",
    "feed_forward",
    "cross_entropy",
    "positional_encoding",
    "data_flow",
    "entropy",
    "effective_keys",
    "softmax_jacobian",
    "dot_product_variance",
    "equations",
    "solve",
    "reversible_forward",
    "reversible_inverse",
    "lsh_buckets",
    "lsh_sort",
    "lsh_chunks",
    "lsh_attended",
    "collision_probability",
    "found_in_rounds",
    "saved_bytes",
    "operations",
    "attention_bytes",
    "memory",
    "lsh_attention",
    "shared_qk_attention",
    "number_of_buckets",
    "largest_weight",
    "gini",
    "comparisons",
]

PYTHON_WITHOUT_TORCH = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError("torch is not here", name="torch")
sys.meta_path.insert(0, Nothing())
"""


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_it_holds_every_name_and_no_other() -> None:
    assert sorted(LIBRARY) == sorted(PINNED)
    assert set(CONSTANTS) == {"pi", "e", "inf"}
    assert not set(LIBRARY) & (set(CONSTANTS) | set(UNITS))
    assert sum(len(entries) for entries in SUBJECTS.values()) == len(LIBRARY)
    assert set(FUNCTIONS) == set(LIBRARY)


@pytest.mark.parametrize("name", PINNED)
def test_every_entry_is_described(name: str) -> None:
    entry = LIBRARY[name]
    assert entry.name == name
    assert entry.summary
    assert entry.returns
    assert entry.source
    assert name in entry.example
    for parameter in entry.parameters:
        assert parameter.kind in KINDS
        assert parameter.meaning
        assert parameter.takes
    accepted = inspect.signature(entry.call).parameters
    assert tuple(accepted) == tuple(one.name for one in entry.parameters)
    for parameter in entry.parameters:
        assert bool(parameter.default) == (accepted[parameter.name].default is not inspect.Parameter.empty)
    assert entry.signature.startswith(f"{name}(")


@pytest.mark.parametrize("name", PINNED)
def test_every_example_can_be_pasted(name: str) -> None:
    evaluation = evaluate(LIBRARY[name].example, FUNCTIONS, {**UNITS, **CONSTANTS})
    assert evaluation.faults == ()
    assert evaluation.assertions


# The field of a result that its last step shows.
LAST = {
    "multihead_shapes": "output",
    "data_flow": "logits",
    "reversible_forward": "y2",
    "reversible_inverse": "x1",
}


@pytest.mark.parametrize("name", [name for name in PINNED if LIBRARY[name].steps])
def test_steps_end_with_the_value(name: str) -> None:
    steps = LIBRARY[name].steps
    assert steps is not None
    found: list[tuple[Any, Any]] = []

    def spy(*arguments: object, **keywords: object) -> object:
        value = LIBRARY[name].call(*arguments, **keywords)
        lines = steps(*arguments, **keywords)
        assert 1 <= len(lines) <= 8
        assert all(isinstance(what, str) and what for what, _ in lines)
        found.append((value, lines[-1][1]))
        return value

    evaluate(LIBRARY[name].example, {**FUNCTIONS, name: spy}, {**UNITS, **CONSTANTS})
    assert found
    for value, last in found:
        whole = getattr(value, LAST[name]) if name in LAST else value
        if isinstance(whole, torch.Tensor):
            assert torch.allclose(torch.as_tensor(last, dtype=whole.dtype), whole)
        else:
            assert last == whole or float(last) == pytest.approx(float(whole))


WITH_STEPS = [
    "attention_scores",
    "attention_weights",
    "attention",
    "softmax",
    "entropy",
    "lsh_buckets",
    "reversible_forward",
    "reversible_inverse",
    "multihead_shapes",
    "parameters",
    "found_in_rounds",
    "attention_bytes",
    "data_flow",
    "saved_bytes",
    "operations",
]


@pytest.mark.parametrize("name", WITH_STEPS)
def test_these_show_their_working(name: str) -> None:
    assert LIBRARY[name].steps is not None


def test_looking_at_the_library_imports_no_torch() -> None:
    code = """
import sys
from verideck.verifying.library import LIBRARY, reference_hash
for name, entry in LIBRARY.items():
    reference_hash(name), entry.signature, entry.example, [p.takes for p in entry.parameters]
print(sorted({"torch", "numpy"} & set(sys.modules)))
"""
    assert run(code) == "[]"


def test_plain_arithmetic_and_counting_need_no_torch() -> None:
    code = (
        PYTHON_WITHOUT_TORCH
        + """
from verideck.verifying.library import FUNCTIONS as f
print(f["sqrt"](9), f["exp"](0), f["log"](1), f["len"]([1, 2]), f["sum"]([1, 2]), f["max"](1, 3))
print(f["mean"]([1, 3]), f["variance"]([1, 3]), f["round"](0.126, 2), f["abs"](-1), f["min"]([2, 1]))
print(f["sort"]([2, 1]), f["argmax"]([1, 5]), f["sigmoid"](0), f["shape"]([[1, 2]]))
print(f["multihead_shapes"](2, 5, 64, 8).output, f["parameters"]("multihead", embed=64, heads=8))
print(f["attention_bytes"](64 * 1024).amount, f["operations"](True) > 0, f["comparisons"](10))
print(f["memory"]("reversible", b=1, l=10, d_ff=7, n_h=1), f["collision_probability"](45))
print(f["found_in_rounds"](0.5, 2), f["dot_product_variance"](64))
"""
    )
    assert run(code).splitlines() == [
        "3.0 1.0 0.0 2 3 3",
        "2.0 1.0 0.13 1 1",
        "[1, 2] 1 0.5 (1, 2)",
        "(2, 5, 64) 16640",
        f"{16 * 2**30} True 100",
        "100 0.75",
        "0.75 64",
    ]


def test_hashes_follow_the_modules_that_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: reference_hash(name) for name in LIBRARY}
    copied = tmp_path / "verideck"
    for path in hashing.PACKAGE.rglob("*.py"):
        target = copied / path.relative_to(hashing.PACKAGE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(hashing, "PACKAGE", copied)
    monkeypatch.setattr(hashing, "REFERENCE", copied / "reference")
    hashing._text.cache_clear()
    hashing.uses.cache_clear()
    try:
        assert {name: reference_hash(name) for name in LIBRARY} == before
        for module, changed, kept in (
            ("lsh", {"lsh_buckets", "lsh_sort"}, {"attention", "softmax", "entropy", "operations"}),
            ("attention", {"attention", "softmax", "entropy", "saved_bytes"}, {"lsh_buckets", "parameters"}),
            ("complexity", {"parameters", "operations"}, {"attention", "lsh_sort"}),
        ):
            path = copied / "reference" / f"{module}.py"
            text = path.read_text(encoding="utf-8")
            path.write_text(text + "\n# changed\n", encoding="utf-8")
            hashing._text.cache_clear()
            hashing.uses.cache_clear()
            differ = {name for name in LIBRARY if reference_hash(name) != before[name]}
            assert changed <= differ
            assert not kept & differ
            path.write_text(text, encoding="utf-8")
    finally:
        hashing._text.cache_clear()
        hashing.uses.cache_clear()


def test_a_hash_covers_the_glue(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = LIBRARY["softmax"]
    other = replace(entry, glue=LIBRARY["lsh_sort"].glue)
    assert hashing.hash_of(entry) != hashing.hash_of(other)
    assert reference_hash("softmax") != reference_hash("lsh_sort")
    with pytest.raises(KeyError, match="did you mean `softmax`"):
        reference_hash("sofmax")


def test_names_from_the_check_language_are_what_they_say() -> None:
    assert (library.CONSTANTS["pi"], library.CONSTANTS["e"]) == (math.pi, math.e)
