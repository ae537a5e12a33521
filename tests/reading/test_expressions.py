"""Regular expressions mean the same on every Python that the project runs on."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path for folder in ("generator", "addon") for path in (ROOT / folder).rglob("*.py") if path.is_file()
)
# Before Python 3.11.5 a group that is repeated possessively, or atomic, fails to match where something in it
# would have to backtrack (CPython issue 106052). A class such as `[^>]*+` is sound.
BROKEN = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+|\(\?>")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_group_is_possessive(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = (
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    found = [(node.lineno, node.value) for node in texts if BROKEN.search(str(node.value))]
    assert found == []
