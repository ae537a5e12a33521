"""Ten thousand hostile blocks, Data fields and pictures give a value or a reason; what is drawn is inert."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

from tests.addon.hostile import COUNT, Case, cases

from addon import heatmap
from addon.reading import blocks, data, pictures


def read(case: Case) -> Iterator[dict[str, object] | str]:
    """Give the specifications that a case holds, and the reasons why it holds none."""
    if case.kind == "block":
        for block in blocks.blocks(case.text):
            yield blocks.resolved(block.spec) if block.spec else block.reason
    elif case.kind == "data":
        for entry in data.heatmaps(case.text).values():
            yield entry.spec or entry.reason
    else:
        try:
            yield pictures.spec_of(case.picture)
        except ValueError as fault:
            yield str(fault)


def assert_inert(svg: str) -> None:
    for element in ElementTree.fromstring(svg).iter():  # noqa: S314  drawn here
        assert element.tag.rpartition("}")[2] in {
            *(
                "svg",
                "title",
                "defs",
                "linearGradient",
                "stop",
                "pattern",
                "path",
                "image",
                "rect",
                "g",
                "text",
            ),
            *("tspan", "use"),
        }
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not name.endswith("href") or value.startswith(("#", "data:image/png;base64,"))


def test_each_gives_a_value_or_a_reason() -> None:
    fates: Counter[str] = Counter()
    for case in cases():
        for found in read(case):
            if isinstance(found, str):
                assert found.isprintable()
                assert 0 < len(found) < 250
                fates[f"{case.kind} refused"] += 1
            else:
                json.dumps(found, allow_nan=False).encode()
                fates[f"{case.kind} read"] += 1
                if case.what != "wide":  # a thousand times the same
                    assert_inert(heatmap.drawn(found).svg)
    assert fates.total() > COUNT
    assert min(fates[f"{kind} read"] for kind in ("block", "data", "picture")) > 300
    assert min(fates[f"{kind} refused"] for kind in ("block", "data", "picture")) > 100


def test_the_cases_are_the_same_each_time() -> None:
    assert list(cases(300)) == list(cases(300))
