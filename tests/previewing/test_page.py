"""What the page is sent: no more than has changed, and nothing that acts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from verideck.previewing import page
from verideck.previewing.entries import Snapshot
from verideck.publishing import showing
from verideck.rendering.note_types import STANDARD

if TYPE_CHECKING:
    Looks = Any  # the class of conftest.py


def numbered(snapshot: Snapshot, number: int) -> Snapshot:
    return replace(snapshot, number=number)


@pytest.fixture
def first(looks: Looks) -> Snapshot:
    return numbered(looks(), 1)


def test_a_new_page_gets_every_card_without_its_sides(first: Snapshot) -> None:
    delta = page.delta(Snapshot(), first)
    assert delta["order"] == ["even", "query", "both", "key", "mix"]
    assert [card["key"] for card in delta["cards"]] == delta["order"]
    assert not any("body" in card for card in delta["cards"])
    assert delta["cards"][0] | {"text": "", "path": "", "version": 0} == {
        "key": "even",
        "version": 0,
        "name": "even",
        "path": "",
        "line": 5,
        "deck": "Sums",
        "kind": "choice",
        "level": "beginner",
        "state": "current",
        "verdict": "verified",
        "errors": 0,
        "warnings": 0,
        "title": "What does the softmax of two equal scores give?",
        "text": "",
    }


def test_a_change_sends_the_changed_card_whole_and_the_others_lines(looks: Looks, first: Snapshot) -> None:
    after = numbered(looks.edit("sums.md", "The vector that asks.", "The\n\nrow."), 2)
    delta = page.delta(first, after)
    assert [card["key"] for card in delta["cards"]] == ["query"]
    assert "<p>row.</p>" in delta["cards"][0]["body"]["sides"][0]["back"]
    assert list(delta["lines"]) == ["both"]
    assert "order" not in delta
    assert "problems" not in delta


def test_many_changes_are_sent_without_sides(looks: Looks, first: Snapshot) -> None:
    many = "".join(f"\n## Question {n}?\n\nAnswer {n}.\n" for n in range(page.FEW + 1))
    looks.write("many.md", f"---\ndeck: Many\n---\n{many}")
    delta = page.delta(first, numbered(looks(), 2))
    assert len(delta["cards"]) == page.FEW + 1
    assert not any("body" in card for card in delta["cards"])


def test_a_body_has_each_card_that_anki_makes(first: Snapshot) -> None:
    found = {key: page.body(one) for key in ("both", "mix", "key") if (one := first.find(key))}
    assert [side["name"] for side in found["both"]["sides"]] == ["Card", "Reverse"]
    assert [side["name"] for side in found["mix"]["sides"]] == ["cloze 1", "cloze 2"]
    assert "<math>" in found["key"]["sides"][0]["back"]
    assert r"\(" not in found["key"]["sides"][0]["back"].partition("<script")[0]
    json.dumps(found)


def test_the_panel_tells_what_was_computed_and_where(first: Snapshot) -> None:
    placed = first.find("even")
    assert placed
    text = re.sub(r"<[^>]*>|\s+", " ", page.body(placed)["panel"])
    assert "verified" in text
    assert "computed [0.5, 0.5]" in " ".join(text.split())
    assert "sums.md:12" in text


def test_the_panel_shows_what_a_source_says_as_text(looks: Looks, first: Snapshot) -> None:
    after = looks.edit("sums.md", "answer == softmax([2, 2])", 'answer == softmx("<img src=x onerror=1>")')
    placed = after.find("even")
    assert placed
    panel = page.body(placed)["panel"]
    assert "<img" not in panel
    assert "&lt;img" in panel


def test_the_cards_script_is_known_by_its_hash() -> None:
    assert len(page.scripts()) == 1
    assert page.scripts()[0].startswith("'sha256-")
    assert showing.css(STANDARD.css).encode() in page.frame()
    assert b"@font-face" not in page.frame()  # its policy would refuse it, and its formulas need none
