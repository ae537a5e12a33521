"""Sides of real cards on their way to a page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from anki.collection import Collection

from addon.cards import answers, messages, reserving, showing, sources
from addon.reading import blocks
from addon.settings.values import Settings

if TYPE_CHECKING:
    from anki.cards import Card

BLOCK = {"weights": [[0.75, 0.25], [0.5, 0.5]], "tokens": ["the", "cat"], "alt": "Two <words>."}
DATA = {
    "v": 1,
    "heatmaps": [
        {"file": "verideck-one.svg", "shape": [1, 1, 2], "weights": [[[0.5, 0.5]]], "queries": ["a"],
         "keys": ["b", "c"], "alt": "Even."},
        {"file": "verideck-large.svg", "shape": [1, 900, 900], "alt": "Large."},
    ],
}  # fmt: skip


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    made = Collection(str(tmp_path / "collection.anki2"))
    yield made
    made.close()


@pytest.fixture
def card(collection: Collection) -> Callable[..., Card]:
    """Make a card of a note type with a field Data."""

    def make(front: str = "front", data: str = "") -> Card:
        models = collection.models
        name = "With data"
        if models.by_name(name) is None:
            made = models.new(name)
            for field in ("Front", "Data"):
                models.add_field(made, models.new_field(field))
            template = models.new_template("Card")
            template["qfmt"], template["afmt"] = "{{Front}}", "{{Front}}<hr>"
            models.add_template(made, template)
            models.add(made)
        notetype = models.by_name(name)
        assert notetype
        note = collection.new_note(notetype)
        note["Front"], note["Data"] = front, data
        collection.add_note(note, collection.decks.id("Some"))  # type: ignore[arg-type]
        return note.cards()[0]

    return make


class Shown:
    """Shows cards; keeps what was found."""

    def __init__(self, **settings: Any) -> None:
        self.settings = Settings(**settings)
        self.sources = sources.Sources()
        self.answers = answers.Answers(lambda name: name.encode())

    def drawing(self, name: str, view: Any, source: sources.Source) -> str:
        return answers.image(self.answers.of(messages.Draw(0, name, view, dark=False), source, self.settings))

    def room(self, source: sources.Source) -> tuple[int, int] | None:
        return self.answers.room(source, self.settings) if source.spec else None

    def __call__(self, card: Card, kind: str = "reviewQuestion") -> str:
        text = card.question() if kind.endswith("Question") else card.answer()
        return showing.shown(text, card, kind, self.sources, self.settings, self.drawing, self.room)


def block(**more: Any) -> str:
    return f"[attention]{html.escape(json.dumps({**BLOCK, **more}))}[/attention]"


def test_a_side_without_heatmaps_comes_back_as_it_was(card: Callable[..., Card]) -> None:
    plain = card("just text about attention and a heatmap", '{"v": 1}')
    assert Shown()(plain) == plain.question()


@pytest.mark.parametrize("kind", ["", "reviewSomething", "browserQuestion", "clayoutFront"])
def test_other_windows_are_left_alone(kind: str, card: Callable[..., Card]) -> None:
    one = card(block())
    assert showing.shown(one.question(), one, kind, sources.Sources(), Settings()) == one.question()


@pytest.mark.parametrize("kind", sorted(showing.SIDES))
def test_a_note_s_data_is_kept_for_the_page_to_ask_for(kind: str, card: Callable[..., Card]) -> None:
    shown = Shown(reveal="row")
    one = card("front", json.dumps(DATA))
    text = shown(one, kind)
    side = "question" if kind.endswith("Question") else "answer"
    assert text.endswith(
        f'<span class="attention-heatmaps-card" hidden data-card="{one.id}:0" data-side="{side}"'
        ' data-reveal="row"></span>'
    )
    source = shown.sources.find("verideck-one.svg")
    assert source
    assert source.spec
    assert source.spec()["weights"] == [[[0.5, 0.5]]]
    large = shown.sources.find("verideck-large.svg")
    assert large
    assert (large.spec, large.file) == (None, "verideck-large.svg")


def test_an_edit_of_the_data_is_another_heatmap(card: Callable[..., Card]) -> None:
    shown = Shown()
    shown(card("front", json.dumps(DATA)))
    before = shown.sources.find("verideck-one.svg")
    shown(card("front", json.dumps(DATA).replace("0.5, 0.5", "0.25, 0.75")))
    after = shown.sources.find("verideck-one.svg")
    assert before
    assert after
    assert before.identity != after.identity


def test_a_block_gives_way_to_a_place_with_a_picture(card: Callable[..., Card]) -> None:
    shown = Shown()
    text = shown(card(f"before {block()} after"))
    found = re.fullmatch(
        r'(?:<style>.*</style>)?before <span class="attention-heatmap" data-heatmap="(block-[0-9a-f]{20})" '
        r'data-view="[^"]*"><img src="data:image/svg\+xml;base64,[\w+/=]+" width="\d+" height="\d+" '
        r'alt="Two &lt;words&gt;."></span> after<span class="attention-heatmaps-card".*</span>',
        text,
        re.DOTALL,
    )
    assert found, text
    source = shown.sources.find(found[1])
    assert source
    assert source.spec
    assert source.spec()["weights"] == [BLOCK["weights"]]


def test_a_block_to_reveal_shows_nothing_on_the_front(card: Callable[..., Card]) -> None:
    one = card(block(reveal=True))
    front, back = Shown()(one), Shown()(one, "reviewAnswer")
    assert " data-reveal>" in front
    assert " data-reveal>" in back
    assert "Two" not in front
    assert "Two" in back
    pictures = [re.findall(r'src="([^"]+)"', side)[0] for side in (front, back)]
    assert pictures[0] != pictures[1]
    assert re.findall(r'src="([^"]+)"', Shown(reveal="never")(one))[0] == pictures[1]


def test_a_large_block_waits_for_the_background(card: Callable[..., Card]) -> None:
    text = Shown()(card(block(weights=[[1 / 30] * 30] * 30, tokens=[str(n) for n in range(30)])))
    assert re.search(r'data-heatmap="[^"]*" data-view="[^"]*" style="min-height: 4\d\dpx"></span>', text)
    assert "<img" not in text


def test_no_more_than_some_blocks_are_drawn_before_their_card(card: Callable[..., Card]) -> None:
    text = Shown()(card(block() * (showing.MOST_AHEAD + 3)))
    assert text.count("<img") == showing.MOST_AHEAD
    assert text.count('px"></span>') == 3


def test_a_side_says_how_its_drawings_differ_from_its_pictures(card: Callable[..., Card]) -> None:
    name = "verideck-0123456789abcdef0123.svg"
    one = card(f'<img src="{name}">', json.dumps(DATA).replace("verideck-one.svg", name))
    assert "data-anew" not in Shown()(one)
    assert " data-anew></span>" in Shown(colours="magma")(one)
    shown = Shown(size=700)
    rooms = re.search(r' data-anew data-rooms="([^"]*)"></span>', shown(one))
    source = shown.sources.find(name)
    assert rooms
    assert source
    made = shown.answers.of(messages.Draw(0, name, {}, dark=True), source, shown.settings)
    assert json.loads(html.unescape(rooms[1])) == {name: [made["width"], made["height"]]}


@pytest.mark.parametrize("size", [200, 330, 700])
@pytest.mark.parametrize("heads", ["all", "mean", 2])
@pytest.mark.parametrize(
    ("count", "rows", "word"), [(1, 30, "a"), (3, 25, "long token"), (8, 40, "w"), (3, 2, "x" * 30)]
)
def test_the_room_of_a_drawing_is_known_before_it(
    count: int, rows: int, word: str, heads: Any, size: int
) -> None:
    weights = [[[1 / 30] * 30] * rows] * count
    given: dict[str, Any] = {"weights": weights, "query_tokens": [word] * rows, "key_tokens": [word] * 30}
    request = blocks.read(json.dumps({**given, "view": {"heads": heads if heads != 2 else count}}))
    settings = Settings(size=size)
    source = sources.Source("x", lambda: blocks.resolved(request))
    asked = messages.Draw(0, "x", dict(request.view), dark=True)
    drawn = answers.Answers(lambda name: name.encode()).of(asked, source, settings)
    assert reserving.height(request, settings) == drawn["height"]


def test_a_malformed_block_says_why_and_its_reason_is_text(card: Callable[..., Card]) -> None:
    text = Shown()(card("[attention]{&quot;&lt;img onerror=x&gt;&quot;: 1}[/attention]"))
    classes = "attention-heatmaps-note mathjax_ignore tex2jax_ignore"
    assert f'<span class="{classes}" role="note"><b>Heatmap not shown:</b> ' in text
    assert "<img" not in text


def test_a_picture_of_the_editor_is_found_by_its_name(card: Callable[..., Card]) -> None:
    name = "attention-0123456789abcdef0123.svg"
    shown = Shown()
    assert "attention-heatmaps-card" in shown(card(f'<img class="attention-heatmap" src="{name}">'))
    assert shown.sources.find(name) == sources.Source(name, file=name)


@pytest.mark.parametrize(
    "name", ["../collection.anki2", "/etc/passwd", "a.svg", "attention-0.svg", "", "prefs21.db"]
)
def test_a_page_gets_no_other_file(name: str) -> None:
    assert sources.Sources().find(name) is None


def test_what_is_kept_is_bounded() -> None:
    kept = sources.Sources(most=3)
    for name in "abcab":
        kept.keep(name, sources.Source(name))
    for name in "def":
        kept.keep(name, sources.Source(name))
    assert len(kept) == 3
    assert kept.find("a") is None
    assert kept.find("f")


@pytest.mark.parametrize(
    "data",
    [
        '{"heatmaps"',
        '{"heatmaps": 7}',
        '{"heatmaps": [{"file": "../x", "weights": []}]}',
        "heatmaps" * 90_000,
        '{"heatmaps": ' + "[" * 90_000,
    ],
)
def test_data_that_is_none_changes_nothing(data: str, card: Callable[..., Card]) -> None:
    one = card("front", data)
    assert Shown()(one) == one.question()
