"""`verideck export`: the whole deck as GIFT, and nothing where an answer is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from verideck.cli import main
from verideck.reading.formats import gift

pytestmark = pytest.mark.usefixtures("children_stay")

GOOD = """---
deck: Sums
---

## What is 2 + 2?
<!-- card: #four typed -->

---

`4`

```python check
answer == 2 + 2
```

## What does this print?
<!-- card: #prints -->

```python run
print(1 + 1)
```

---

---

So it does.

## Fill in
<!-- card: #fill -->

Two and {{c1::two}}.
"""


@pytest.fixture
def deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "sums.md"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_writes_verified_cards(deck: Path) -> None:
    result = CliRunner().invoke(main, ["export", "--format", "gift", "-o", "sums.gift", "sums.md"])
    assert (result.exit_code, result.stdout) == (0, "sums.gift: 2 of 3 cards\n"), result.output
    assert "not exported: a cloze card" in result.stderr
    page = gift.read(Path("sums.gift").read_bytes(), "sums.gift")
    assert [(item.question, item.accepted, item.answer) for item in page.items] == [
        ("What is 2 + 2?", ("4",), ""),
        ("What does this print?", (), "```text\n2\n```"),
    ]
    assert not page.problems


def test_an_error_writes_nothing(deck: Path) -> None:
    deck.write_text(GOOD.replace("`4`", "`5`"), encoding="utf-8")
    result = CliRunner().invoke(main, ["export", "--format", "gift", "-o", "sums.gift", "sums.md"])
    assert result.exit_code == 1
    assert "sums.md:13:1: error: the accepted answer is `5`, but `4` was computed" in result.stderr
    assert not Path("sums.gift").exists()


def test_a_folder_in_the_way(deck: Path) -> None:
    Path("sums.gift").mkdir()
    result = CliRunner().invoke(main, ["export", "--format", "gift", "-o", "sums.gift", "sums.md"])
    assert result.exit_code == 1
    assert "a folder has its name" in result.stderr


def test_an_unknown_format(deck: Path) -> None:
    result = CliRunner().invoke(main, ["export", "--format", "qti", "-o", "sums.qti", "sums.md"])
    assert result.exit_code == 2
