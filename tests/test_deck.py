"""The deck itself: what it promises to hold, and that the real Anki takes it whole."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verideck import building
from verideck.cards import Kind, Verdict
from verideck.verifying import evidence

if TYPE_CHECKING:
    from tests.conftest import Anki

SOURCES = Path(__file__).parent.parent / "sources"


@pytest.fixture(scope="module")
def examined() -> building.Examined:
    return building.examine([SOURCES], now=int(time.time()))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from the lock as it was committed."""
    built = building.build(
        [SOURCES],
        tmp_path_factory.mktemp("build"),
        now=int(time.time()),
        locked=True,
    )
    assert isinstance(built, building.Built), "\n".join(str(problem) for problem in built)
    return built.package


def test_the_sources_have_no_problem(examined: building.Examined) -> None:
    assert [str(problem) for problem in examined.problems] == []


def test_the_committed_evidence_is_complete_and_what_is_computed_here(examined: building.Examined) -> None:
    committed = (SOURCES / "evidence.json").read_text(encoding="utf-8")
    assert examined.verification.trusted == 0
    assert evidence.dump(examined.verification.evidence) == committed


def test_what_was_computed_here_is_not_computed_again(examined: building.Examined) -> None:
    again = building.examine([SOURCES], now=int(time.time()))
    assert (again.verification.computed, again.problems) == (0, ())
    assert again.checked == examined.checked


def test_the_deck_is_as_rich_as_it_says(examined: building.Examined) -> None:
    cards = [one.card for one in examined.checked]
    kinds = [card.kind for card in cards]
    assert len(cards) >= 100
    assert len({card.location.path for card in cards}) >= 8
    assert kinds.count(Kind.CHOICE) >= 30
    assert kinds.count(Kind.TYPED) >= 12
    assert kinds.count(Kind.CLOZE) >= 10
    assert sum(bool(card.heatmaps) for card in cards) >= 12
    assert sum(bool(card.runs) for card in cards) >= 25
    assert sum(card.vary is not None for card in cards) >= 15
    computing = [one for one in examined.checked if any(claim.computed for claim in one.claims)]
    assert len(computing) >= 60
    measuring = [one for one in examined.checked if any(claim.seeds for claim in one.claims)]
    assert len(measuring) >= 10


def test_every_card_has_an_id_a_level_and_help(examined: building.Examined) -> None:
    for one in examined.checked:
        card = one.card
        assert card.id, card.heading
        assert card.level, card.id
        assert card.hint or card.explanation, card.id


def test_no_verdict_is_worse_than_unchecked(examined: building.Examined) -> None:
    good = {Verdict.UNCHECKED, Verdict.CITED, Verdict.MEASURED, Verdict.VERIFIED}
    assert {one.card.id: one.verdict for one in examined.checked if one.verdict not in good} == {}


def test_the_real_anki_takes_the_deck_whole(package: Path, examined: building.Examined, anki: Anki) -> None:
    assert anki.load(package.read_bytes()) == {"new": len(examined.checked)}
    anki.check()
    for card_id in anki.col.find_cards(""):
        rendered = anki.col.get_card(card_id).render_output()
        assert len(rendered.question_text) > 20
        assert len(rendered.answer_text) > len(rendered.question_text) / 2
        for wrong in ("{{", "No cloze", "[sound:", "heatmap:"):
            assert wrong not in rendered.question_text, rendered.question_text
            assert wrong not in rendered.answer_text, rendered.answer_text


@pytest.mark.parametrize("option", ["--locked", "--trust-evidence"])
def test_a_build_that_computes_nothing_needs_no_torch(
    option: str, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if option == "--trust-evidence":  # on a machine that has computed nothing
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "sources"
    shutil.copytree(SOURCES, folder)
    program = (
        "import sys; sys.modules['torch'] = None\n"
        f"from verideck.cli import main; main(['build', 'sources', {option!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "build" / package.name).read_bytes() == package.read_bytes()
    for name in ("evidence.json", "deck.lock"):
        assert (folder / name).read_bytes() == (SOURCES / name).read_bytes()
