from __future__ import annotations

import ast
import base64
import random
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from verideck.rendering import heatmap
from verideck.rendering.heatmap.cells import palette

SVG = "{http://www.w3.org/2000/svg}"


def spec(rows: int, columns: int | None = None, heads: int = 1, seed: int = 1) -> dict[str, Any]:
    """Random weights whose rows sum to one."""
    draw = random.Random(seed)  # noqa: S311  nothing secret
    columns = columns or rows
    weights = []
    for _ in range(heads):
        matrix = [[draw.random() for _ in range(columns)] for _ in range(rows)]
        weights.append([[cell / sum(row) for cell in row] for row in matrix])
    return {
        "weights": weights,
        "queries": [f"query{i}" for i in range(rows)],
        "keys": [f"key{i}" for i in range(columns)],
        "alt": "Random weights.",
    }


def parse(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314  our own output


def texts(drawn: str) -> list[str]:
    return ["".join(element.itertext()) for element in parse(drawn).iter(f"{SVG}text")]


def pixels(drawn: str) -> tuple[list[bytes], list[tuple[int, int, int]], bool]:
    """Read the PNG inside: rows of indices, the palette, whether index 0 is transparent."""
    found = re.search(r"data:image/png;base64,([^\"]+)", drawn)
    assert found
    data = base64.b64decode(found[1])
    chunks: dict[bytes, bytes] = {}
    place = 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert check == zlib.crc32(kind + body)
        chunks[kind] = body
        place += 12 + length
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    raw = zlib.decompress(chunks[b"IDAT"])
    rows = [raw[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height)]
    colours = [tuple(chunks[b"PLTE"][i : i + 3]) for i in range(0, len(chunks[b"PLTE"]), 3)]
    return rows, [(r, g, b) for r, g, b in colours], b"tRNS" in chunks


def cells(drawn: str) -> list[list[tuple[int, int, int] | None]]:
    """Read the colour of each cell; None where it is transparent."""
    rows, colours, transparent = pixels(drawn)
    return [[None if transparent and not index else colours[index] for index in row] for row in rows]


def test_small_and_large_pictures_stay_small() -> None:
    assert len(heatmap.svg(spec(10)).encode()) < 6_000
    assert len(heatmap.svg(spec(256)).encode()) < 100_000


def test_ten_by_ten_stays_small_with_a_full_scale_and_long_tokens() -> None:
    given = spec(10)
    given["weights"][0][0] = [1.0] + [0.0] * 9
    given["queries"] = given["keys"] = ["a-long-token"] * 10
    assert len(heatmap.svg(given).encode()) < 6_000


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 7, 1), (40, 2, 1), (10, 10, 8), (3, 3, 2), (5, 5, 5)])
def test_every_shape_is_well_formed(shape: tuple[int, int, int]) -> None:
    root = parse(heatmap.svg(spec(*shape)))
    assert root.findtext(f"{SVG}title") == "Random weights."
    assert len(root.findall(f".//{SVG}use")) == shape[2]


def test_cells_of_a_picture_give_the_weights_back() -> None:
    given = spec(6, 4, heads=2)
    given["weights"][0][0][0] = 1.0
    rows, colours, transparent = pixels(heatmap.svg(given))
    steps = {colour: step for step, colour in enumerate(palette())}
    flat = [row for matrix in given["weights"] for row in matrix]
    assert not transparent
    assert [len(row) for row in rows] == [4] * 12
    for row, weights in zip(rows, flat, strict=True):
        for index, weight in zip(row, weights, strict=True):
            assert steps[colours[index]] / 254 == pytest.approx(weight, abs=0.5 / 254 + 1e-9)


def test_masked_cells_are_transparent_over_hatching_and_carry_no_number(causal: Any) -> None:
    drawn = heatmap.svg(
        {
            "weights": causal.weights,
            "queries": causal.queries,
            "keys": causal.keys,
            "masked": causal.masked,
            "alt": "a",
        }
    )
    rows, _, transparent = pixels(drawn)
    assert transparent
    assert [[index == 0 for index in row] for row in rows] == [list(row) for row in causal.masked]
    assert 'fill="url(#m)"' in drawn
    numbers = [tspan.text for tspan in parse(drawn).iter(f"{SVG}tspan")]
    assert sorted(numbers, key=str) == [".33", ".33", ".33", ".50", ".50", "1.00"]


@pytest.mark.parametrize("heads", [1, 3])
def test_a_covered_picture_has_everything_in_its_place_but_what_the_cells_hold(heads: int) -> None:
    given = spec(4, heads=heads)
    given["masked"] = [[j > i for j in range(4)] for i in range(4)]
    whole, covered = heatmap.drawn(given), heatmap.drawn(given, covered=True)
    assert (covered.width, covered.height, covered.grid) == (whole.width, whole.height, whole.grid)
    named = [text for text in texts(whole.svg) if not re.search(r"\.\d\d", text)]
    assert texts(covered.svg) == named
    assert not list(parse(covered.svg).iter(f"{SVG}tspan"))
    colours = {colour for row in cells(covered.svg) for colour in row}
    (cover,) = colours - {None}
    assert cover not in palette()
    hidden = [[colour is None for colour in row] for row in cells(covered.svg)]
    assert hidden == given["masked"] * heads


def test_a_covered_picture_is_the_same_whatever_its_weights_are() -> None:
    one, other = ({**spec(5), "weights": spec(5, seed=seed)["weights"]} for seed in (1, 2))
    assert heatmap.svg(one) != heatmap.svg(other)
    assert heatmap.drawn(one, covered=True) == heatmap.drawn(other, covered=True)


def test_nothing_outside_is_asked_for_and_nothing_runs() -> None:
    given = spec(3)
    given["alt"] = given["queries"][0] = '"><script>alert(1)</script><image href="https://evil.test/x.png">'
    drawn = heatmap.svg(given)
    root = parse(drawn)
    assert not [
        e for e in root.iter() if e.tag.rpartition("}")[2] in ("script", "foreignObject", "a", "style")
    ]
    links = [value for e in root.iter() for key, value in e.attrib.items() if key.endswith("href")]
    assert all(link.startswith(("#", "data:image/png;base64,")) for link in links)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weights": []}, "0 heads"),
        ({"weights": None}, "not a list"),
        ({"weights": [[]]}, "no rows"),
        ({"weights": [[[]]]}, "without cells"),
        ({"weights": [[[0.5, 0.5], [1.0]]]}, "not 2 x 2"),
        ({"weights": [[[float("nan"), 0], [0, 0]]]}, "not finite"),
        ({"weights": [[[float("inf"), 0], [0, 0]]]}, "not finite"),
        ({"weights": [[["1", 0], [0, 0]]]}, "no number"),
        ({"weights": [[[True, 0], [0, 0]]]}, "no number"),
        ({"weights": [[[10**400, 0], [0, 0]]]}, "not finite"),
        ({"queries": ["a"]}, "1 labels for 2"),
        ({"keys": "ab"}, "not a list"),
        ({"heads": ["a", "b"]}, "2 labels for 1"),
        ({"masked": [[True]]}, "not 2 x 2"),
        ({"masked": [["x", 0], [0, 0]]}, "neither true nor false"),
        ({"words": ["x"]}, "not a table"),
        ({"weights": [[[0.0, 0.0]] * 2] * 65}, "65 heads"),
    ],
)
def test_a_malformed_specification_says_what_is_wrong(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        heatmap.svg({**spec(2), **change})


def test_too_many_cells_are_refused() -> None:
    row = [0.0] * 1025
    given = {"weights": [[row] * 1024], "queries": [""] * 1024, "keys": [""] * 1025}
    with pytest.raises(ValueError, match="too many"):
        heatmap.svg(given)


def test_the_folder_needs_the_standard_library_alone() -> None:
    folder = Path(heatmap.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            else:
                continue
            assert all(name.partition(".")[0] in sys.stdlib_module_names for name in names), (path, names)


def test_a_copy_of_the_folder_draws_the_same(tmp_path: Path) -> None:
    copy = tmp_path / "copied"
    copy.mkdir()
    for path in Path(heatmap.__file__).parent.glob("*.py"):
        (copy / path.name).write_bytes(path.read_bytes())
    code = (
        "import copied; print(copied.svg({'weights': [[[0.25, 0.75]]], 'queries': ['q'], "
        "'keys': ['a', 'b'], 'alt': 'x'}), end='')"
    )
    drawn = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={"PYTHONIOENCODING": "utf-8"},
    ).stdout
    assert drawn == heatmap.svg(
        {"weights": [[[0.25, 0.75]]], "queries": ["q"], "keys": ["a", "b"], "alt": "x"}
    )
