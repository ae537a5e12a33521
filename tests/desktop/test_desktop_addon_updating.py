"""A learner updates a deck that they have reviewed, edited, tagged and moved, in the real Anki."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from verideck import building, lock_files

NAMESPACE = "5f2b8a52-9a53-4d7f-8f3e-2f6a0f6f8c31"
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"

FIRST = """\
---
deck: Sums::10 Weights
---

## What does the softmax of two equal scores give?
<!-- card: #even -->

- [x] Equal weights
- [ ] Unequal weights

Equal scores share evenly.

## What is left of a score of minus infinity?
<!-- card: #masked -->

A weight of zero.

## How are scores made?
<!-- card: #scores -->

As dot products.

## What is divided by the root of the head's width?
<!-- card: #scale -->

The scores.

## What does a value do?
<!-- card: #value -->

It is what is mixed.

## What will be no more?
<!-- card: #gone -->

This card.

## What else will be no more?
<!-- card: #gone-too -->

This card, too.
"""

CHANGES = {
    "A weight of zero.": "A weight of exactly zero.",
    "As dot products.": "As dot products of a query and the keys.",
    "The scores.": "The dot products.",
}


@pytest.fixture(scope="session")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Build two versions of a deck."""
    folder = tmp_path_factory.mktemp("versions")
    corrected = FIRST
    for old, new in CHANGES.items():
        corrected = corrected.replace(old, new)
    values = corrected.index("## What does a value do?")
    gone = corrected.index("## What will be no more?")
    second = {
        "weights.md": corrected[:values] + "## What is new?\n<!-- card: #new new -->\n\nThis card.\n",
        "values.md": "---\ndeck: Sums::20 Values\n---\n\n" + corrected[values:gone],
    }
    return build(folder, "1.0", 9_000, {"weights.md": FIRST}), build(folder, "1.1", 60, second)


def build(folder: Path, version: str, ago: int, texts: dict[str, str]) -> str:
    """Build a version of the deck as if some seconds ago."""
    sources = folder / "sources"
    sources.mkdir(exist_ok=True)
    head = f'namespace = "{NAMESPACE}"\ntitle = "Sums"\nversion = "{version}"\n'
    for name, text in {"deck.toml": head, **texts}.items():
        (sources / name).write_text(text, encoding="utf-8")
    if not (sources / "deck.lock").exists():
        lock_files.begin([sources])
    built = building.build([sources], folder / "build", now=int(time.time()) - ago)
    assert isinstance(built, building.Built), [str(problem) for problem in built]
    kept = folder / f"sums-{version}.apkg"
    kept.write_bytes(built.package.read_bytes())
    return str(kept)


def test_a_learner_updates_a_deck_and_takes_it_back(
    with_addon_in_each: Callable[..., Any], versions: tuple[str, str]
) -> None:
    first, second = versions
    seen = with_addon_in_each(
        "addon_updating.update", first=first, second=second, folder=str(SHOTS), name="light"
    )
    assert seen["header"] == ["Sums", "Version 1.1; you have an earlier one"]
    assert seen["sections"] == {
        "conflicts": ["What is left of a score of minus infinity?", "How are scores made?"],
        "new": ["What is new?"],
        "changed": ["What is divided by the root of the head's width?"],
        "moved": ["What does a value do?"],
        "retired": ["What will be no more?", "What else will be no more?"],
        "edited": ["What does the softmax of two equal scores give?"],
    }
    assert seen["outcome"] == [
        "Notes: 1 added, 1 changed, 1 moved and 2 retired. Reviews, flags and your tags stay.",
        "Notes: 1 added, 2 changed, 1 moved, 1 retired and 1 deleted. Reviews, flags and your tags stay.",
    ]
    assert seen["before"] == seen["while open"]  # nothing is written before Update is pressed
    after = seen["after"]
    assert after["answers"] == {
        "even": "• ✓ Equal weights",
        "masked": "Nothing is left, I think.",
        "scores": "As dot products of a query and the keys.",
        "scale": "The dot products.",
        "value": "It is what is mixed.",
        "gone": "This card.",
        "new": "This card.",
    }
    assert after["mistakes"]["even"] == "Mine."
    assert after["tags"]["scale"] == ["exam"]
    assert after["tags"]["gone"] == ["verideck::retired"]
    assert after["decks"]["value"] == "Sums::20 Values"
    assert after["decks"]["scale"] == "Mine"  # as the learner moved it
    assert after["revlog"] == seen["before"]["revlog"]
    assert len(after["revlog"]) == 4
    assert after["suspended"] == ["gone"]
    assert "Update Sums" in seen["undo"]
    assert seen["browser"] == 1
    assert seen["report"]
    assert seen["undone"] == seen["before"]


def test_a_package_that_is_opened_offers_an_update(
    with_addon_in_each: Callable[..., Any], versions: tuple[str, str]
) -> None:
    first, second = versions
    seen = with_addon_in_each("addon_updating.offered", first=first, second=second)
    assert seen["first time"] == "ImportDialog"
    assert "“Sums”" in seen["offer"]
    assert seen["update"] == "UpdateDialog"
    assert seen["as usual"] == "ImportDialog"
    assert seen["cancel"] == seen["before"]
    for foreign in ("nothing", "without", "garbage", "of nobody", "of another"):
        assert seen[foreign] == "ImportDialog", foreign


def test_from_the_menu_a_deck_that_is_not_there_is_imported_by_anki(
    with_addon: Callable[..., Any], versions: tuple[str, str]
) -> None:
    seen = with_addon("addon_updating.absent", first=versions[0])
    assert "not in your collection" in seen["said"]
    assert seen["then"] == "ImportDialog"


def test_what_fails_leaves_the_collection_as_it_was(
    with_addon_in_each: Callable[..., Any], versions: tuple[str, str], tmp_path: Path
) -> None:
    whole = Path(versions[1]).read_bytes()
    broken = {
        "cut": whole[: len(whole) // 2],
        "garbled": whole[:200] + bytes(400) + whole[600:],
        "no zip": b"verideck.json",
        "empty": b"",
    }
    for name, content in broken.items():
        (tmp_path / f"{name}.apkg").write_bytes(content)
    seen = with_addon_in_each(
        "addon_updating.failing",
        first=versions[0],
        second=versions[1],
        broken=[str(tmp_path / f"{name}.apkg") for name in broken],
    )
    assert len(seen["said"]) == len(broken)
    assert all(seen["said"])
    assert "has changed since" in seen["changed"]
    assert seen["after"] == seen["before"]
    assert seen["again"] == "UpdateDialog"


def test_a_second_update_finds_nothing_and_an_older_one_asks(
    with_addon_in_each: Callable[..., Any], versions: tuple[str, str]
) -> None:
    seen = with_addon_in_each(
        "addon_updating.again", first=versions[0], second=versions[1], folder=str(SHOTS)
    )
    assert seen["keys"] == [0, 1]
    assert seen["unticked"]
    assert seen["ticked"]
    possible, said, sections = seen["again"]
    assert not possible
    assert said.startswith("There is nothing to update")
    assert sections == ["edited"]
    assert "older" in seen["older"]
    assert seen["kept"] == seen["updated"]
    assert seen["left"] == 0


def test_the_dialog_holds_ten_thousand_notes(with_addon: Callable[..., Any]) -> None:
    seen = with_addon(
        "addon_updating.look",
        folder=str(SHOTS),
        name="dark",
        width=900,
        height=600,
        notes=10_000,
        desktop={"theme": "dark"},
    )
    assert seen["changed"] == 10_000


@pytest.mark.parametrize(("name", "width", "height"), [("wide", 1280, 740), ("narrow", 640, 600)])
def test_each_section_at_several_sizes(
    with_addon: Callable[..., Any], name: str, width: int, height: int
) -> None:
    seen = with_addon("addon_updating.look", folder=str(SHOTS), name=name, width=width, height=height)
    assert seen == {
        "conflicts": 3,
        "new": 12,
        "changed": 30,
        "moved": 1,
        "retired": 3,
        "revived": 1,
        "edited": 1,
        "media": 2,
    }
    with_addon("addon_updating.tell", folder=str(SHOTS), name=name)


def test_cancelled_or_failing_it_changes_nothing_and_can_be_done_again(
    with_addon_in_each: Callable[..., Any], versions: tuple[str, str]
) -> None:
    first, second = versions
    seen = with_addon_in_each("addon_updating.interrupted", first=first, second=second, folder=str(SHOTS))
    assert seen["unread"] == [0, 0]
    cancelled, failed = seen["said"]
    assert cancelled == "The update was cancelled. Your collection is as it was."
    assert "the disk is full" in failed
    assert "as it was" in failed
    assert seen["before"] == seen["cancelled"] == seen["failed"]
    assert seen["undo"] != "Update Sums"
    assert "new" in seen["updated"]["answers"]
    assert seen["updated"]["revlog"] == seen["before"]["revlog"]


def test_the_dialog_follows_a_switch_of_the_theme(with_addon_in_each: Callable[..., Any]) -> None:
    light, dark, again = with_addon_in_each("addon_updating.themes", folder=str(SHOTS))
    assert light == again
    assert "#ffe2c2" in light
    assert "#6b4423" in dark
