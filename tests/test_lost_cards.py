"""Cards that have lost a part, the whole way: listed, warned of, not built, and nothing of theirs taken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verideck import lock_files
from verideck.cli import main

pytestmark = pytest.mark.usefixtures("children_stay")

CONFIG = 'namespace = "c0ffee00-0000-4000-8000-000000000000"\ntitle = "Lost"\n'
WHOLE = "## Is this one whole?\n<!-- card: #whole -->\n\nYes, it is.\n"
KEY = (
    "## What is one and one?\n<!-- card: #sum{lost} -->\n\n- [{tick}] `1`\n- [ ] `3`\n- [{right}] `2`\n\n"
    "```python check\nanswer == 1 + 1\n```\n"
)
LOST_KEY = KEY.format(lost=' lost="key"', tick=" ", right=" ")


def run(tmp_path: Path, cards: str, *words: str) -> Result:
    sources = tmp_path / "deck"
    sources.mkdir(exist_ok=True)
    if not (sources / "deck.toml").exists():
        (sources / "deck.toml").write_text(CONFIG)
        lock_files.begin([sources])
    (sources / "cards.md").write_text(f"---\ndeck: Lost\n---\n\n{cards}")
    where = ["-o", str(tmp_path / "build")] if words[0] == "build" else []
    result = CliRunner().invoke(main, [*words, str(sources), "--jobs", "1", *where])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def built(tmp_path: Path) -> dict[str, str]:
    """Give the state of each card in the lock."""
    lines = (tmp_path / "deck" / "deck.lock").read_text().splitlines()[1:]
    return {entry["id"]: entry["state"] for entry in map(json.loads, lines)}


def test_check_lists_a_lost_card_and_warns(tmp_path: Path) -> None:
    result = run(tmp_path, f"{WHOLE}\n{LOST_KEY}", "check")
    assert result.exit_code == 0
    assert "source-lost" in result.stdout
    assert "#sum  lost: key" in result.stdout
    assert "1 card not built: a part of each is lost" in result.stdout
    assert "warning: a card that has lost its key is not built" in result.stderr
    assert 'hint: write it, and take `lost="key"` out of the directive' in result.stderr
    assert "2 warnings" in result.stderr


def test_a_lost_key_that_a_check_computes_is_named(tmp_path: Path) -> None:
    result = run(tmp_path, LOST_KEY, "check", "--format", "json")
    report = json.loads(result.stdout)
    [card] = report["cards"]
    assert (card["verdict"], card["lost"]) == ("source-lost", ["key"])
    assert [claim["verdict"] for claim in card["claims"]] == ["key-found"]
    assert "the key can be found: option 3 `2` is computed" in result.stderr


@pytest.mark.parametrize(
    "card",
    [
        '## Q?\n<!-- card: #q lost="options key" -->\n\n```python check\nanswer == 2\n```\n',
        '## Q?\n<!-- card: #q lost="options key" -->\n\n- [ ] `3`\n\n```python check\nanswer == 2\n```\n',
        "## Q?\n<!-- card: #q lost=answer -->\n\n```python check\nanswer == 2\n```\n",
        "## Q?\n<!-- card: #q typed lost=answer -->\n\n```python check\nanswer == 2\n```\n",
        '## Q?\n<!-- card: #q lost="key" -->\n\n- [ ] yes\n- [ ] no\n\n'
        '```python check\noption("yes", 1 < 2)\n```\n',
        '## Q?\n<!-- card: #q lost="options key" -->\n\n```python run\nprint(1)\n```\n',
        '## «n»?\n<!-- card: #q lost="options key" -->\n\n```python vary 2\nn = [1, 2]\n```\n\n'
        "```python check\nanswer == n\n```\n",
    ],
)
def test_nothing_is_said_of_an_answer_that_is_not_there(tmp_path: Path, card: str) -> None:
    result = run(tmp_path, card, "check", "--format", "json")
    assert result.exit_code == 0
    assert result.stderr.count("warning: ") == 1
    assert "error: " not in result.stderr
    claims = json.loads(result.stdout)["cards"][0]["claims"]
    assert {claim["verdict"] for claim in claims} <= {"unchecked", "verified"}


def test_what_is_left_of_a_lost_card_is_still_checked(tmp_path: Path) -> None:
    card = (
        '## Q?\n<!-- card: #q lost="options key" -->\n\n---\n\nThe entropy is 2.386.\n\n'
        '```python check\nsays("2.386", entropy([1/4] * 4))\n```\n'
    )
    result = run(tmp_path, f"{WHOLE}\n{card}", "build")
    assert result.exit_code == 0
    assert "error: " not in result.stderr
    assert "2.386" in result.stderr


def test_build_makes_the_others(tmp_path: Path) -> None:
    result = run(tmp_path, f"{WHOLE}\n{LOST_KEY}", "build")
    assert result.exit_code == 0
    assert built(tmp_path) == {"whole": "live"}
    assert (tmp_path / "build" / "lost.apkg").exists()
    assert run(tmp_path, f"{WHOLE}\n{LOST_KEY}", "build", "--locked").exit_code == 0


def test_a_card_that_was_built_is_retired_until_it_is_whole(tmp_path: Path) -> None:
    whole = KEY.format(lost="", tick=" ", right="x")
    run(tmp_path, f"{WHOLE}\n{whole}", "build")
    assert built(tmp_path) == {"whole": "live", "sum": "live"}
    result = run(tmp_path, f"{WHOLE}\n{LOST_KEY}", "build")
    assert result.exit_code == 0
    assert built(tmp_path) == {"whole": "live", "sum": "retired"}
    assert "retired sum: until its lost part is written" in result.stdout
    assert "is retired until it is whole, as an earlier build had it" in result.stderr
    result = run(tmp_path, f"{WHOLE}\n{whole}", "build")
    assert built(tmp_path) == {"whole": "live", "sum": "live"}
    assert "revived sum" in result.stdout


def test_no_card_takes_the_history_of_a_lost_one(tmp_path: Path) -> None:
    """Without ids, a new card with the same answer would be taken for the old one under a new question."""
    run(tmp_path, "## Which one?\n\nThe one.\n", "build")
    lost = "## Which one?\n<!-- card: lost=answer -->\n\n## What other one?\n\nThe one.\n"
    result = run(tmp_path, lost, "build")
    assert result.exit_code == 0
    assert built(tmp_path) == {"which-one": "retired", "what-other-one": "live"}


def test_no_new_card_gets_the_id_of_a_lost_one(tmp_path: Path) -> None:
    cards = "## Which one?\n\nThe one.\n\n## Another\n<!-- card: #which-one lost=answer -->\n"
    run(tmp_path, cards, "build")
    [name] = built(tmp_path)
    assert name != "which-one"


def test_explain_names_what_is_lost(tmp_path: Path) -> None:
    run(tmp_path, LOST_KEY, "check")
    result = CliRunner().invoke(main, ["explain", "sum", str(tmp_path / "deck"), "--jobs", "1"])
    assert "choice, source-lost" in result.stdout
    assert "Lost\n  key\n" in result.stdout


def test_a_card_that_seems_whole_says_so(tmp_path: Path) -> None:
    result = run(tmp_path, KEY.format(lost=' lost="key"', tick=" ", right="x"), "check")
    assert 'it seems to be whole: take `lost="key"` out of the directive' in result.stderr
