"""How cards lie on the page: nothing runs off it, nothing jumps, in every theme and size, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import pytest

from verideck.publishing import showing

if TYPE_CHECKING:
    Screen = Any  # the classes of conftest.py
    Cards = Any
    State = Any

# Which sides make the page scroll sideways: each is set in one page, with all that opens open, at the usual
# size of letters and at twice that.
RUNS_OFF = """async (sides) => {
  const qa = document.getElementById("qa");
  const root = document.scrollingElement;
  const large = document.head.appendChild(document.createElement("style"));
  const found = [];
  for (const [name, side] of sides) {
    qa.innerHTML = side;
    MathJax.typesetClear();
    await MathJax.typesetPromise([qa]);
    qa.querySelectorAll("details").forEach((one) => { one.open = true; });
    for (const css of ["", "body.card.card { font-size: 34px; }"]) {
      large.textContent = css;
      const by = root.scrollWidth - root.clientWidth;
      if (by > 0) found.push(`${name} by ${by} px ${css}`);
    }
  }
  return found;
}"""
# Note where everything stands at each moment from when Anki's reviewer lets the card be seen.
WATCH = """() => {
  const qa = document.getElementById("qa");
  window.places = () => Array.from(qa.querySelectorAll("p, li, pre, hr, img, section, table"), (part) => {
    const box = part.getBoundingClientRect();
    const name = [part.tagName.toLowerCase(), ...part.classList].join(".");
    return [
      `${name} ${JSON.stringify(part.textContent.trim().slice(0, 20))}`,
      `at ${Math.round(box.top + window.scrollY)}, ${Math.round(box.height)} high`,
    ];
  });
  window.seen = [];
  new MutationObserver(() => {
    if (qa.style.opacity !== "0" && qa.querySelector(".verideck")) seen.push(places());
  }).observe(qa, { attributes: true, childList: true, subtree: true });
}"""
# A font that has come may ask for the next, so all is still only when a frame has asked for none.
SETTLED = """async () => {
  const frame = () => new Promise((done) => { requestAnimationFrame(done); });
  const pictures = () => Array.from(document.images).filter((one) => !one.complete);
  do {
    await Promise.all(pictures().map((one) => one.decode()));
    await document.fonts.ready;
    await frame();
    await frame();
  } while (document.fonts.status !== "loaded" || pictures().length);
}"""
SMALL = """() => Array.from(document.querySelectorAll(
  ".choosable > li, .verideck summary, .verideck button, .verideck input#typeans",
)).filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"""
MOVES = """() => Array.from(document.querySelectorAll(".verideck, .verideck *"))
  .filter((one) => /[1-9]/.test(["transitionDuration", "animationDuration"].map((name) =>
    getComputedStyle(one)[name]).join())).map((one) => one.className)"""


def test_no_card_of_the_deck_scrolls_the_page_sideways(deck: Cards, screen: Callable[..., Screen]) -> None:
    with_maths = next(shown.front for shown in deck.shown if r"\(" in shown.front)
    page = screen(deck, width=320, height=568, reviewer=True).show(with_maths)
    style = page.locator("#qa style").evaluate("(style) => style.outerHTML")
    sides = [
        (f"card {place} {side}", style + getattr(shown, side))
        for place, shown in enumerate(deck.shown)
        for side in ("front", "back")
    ]
    assert page.evaluate(RUNS_OFF, sides) == []


@pytest.mark.parametrize("width", [320, 481, 1280])
@pytest.mark.parametrize("script", [True, False])
def test_nothing_of_the_showcase_runs_off(
    width: int, script: bool, showcase: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(showcase, width=width, script=script)
    for shown in showcase.shown:
        for side in (shown.front, shown.back):
            page = client.show(side)
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width
            assert page.locator(".verideck").inner_text().strip()


def test_long_code_and_long_maths_scroll_in_boxes_of_their_own(
    showcase: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(showcase, width=320, reviewer=True)
    scrolls = "(box) => { box.scrollLeft = 1e6; return box.scrollLeft > 0; }"
    by_id = {note.fields["ID"].rpartition("/")[2]: note.fields["Question"] for note in showcase.notes}
    found = {}
    for name, box in (("code", "pre.code"), ("table", ".wide"), ("maths", ".maths")):
        shown = next(one for one in showcase.shown if by_id[name] in one.front)
        page = client.show(shown.back)
        found[name] = page.locator(box).first.evaluate(scrolls)
        if name != "maths":
            page.locator(box).first.focus()
            assert page.locator(f"{box}:focus").count() == 1
    assert found == {"code": True, "table": True, "maths": True}


def test_nothing_jumps_once_anki_lets_it_be_seen(showcase: Cards, screen: Callable[..., Screen]) -> None:
    """Anki hides a card until its formulas are set; then fonts, pictures and scripts must move nothing.

    The first formula of all counts, too: no font of MathJax is there yet.
    """
    client = screen(showcase, width=390, reviewer=True)
    client.show("<p>Nothing yet.</p>").evaluate(WATCH)
    jumps = []
    for note in showcase.notes:
        for shown in showing.sides(note):
            for name, side in (("front", shown.front), ("back", shown.back)):
                card = f"{note.fields['ID'].rpartition('/')[2]} {shown.ordinal}, {name}"
                client.page.evaluate("seen.length = 0")
                page = client.show(side)
                page.evaluate(SETTLED)
                end = page.evaluate("places()")
                seen = page.evaluate("seen")
                assert seen, card
                for moment, places in enumerate(seen):
                    jumps += [f"{card}, moment {moment}: {jump}" for jump in moved(places, end)]
    assert not jumps, "\n".join(jumps)


def moved(places: list[list[str]], end: list[list[str]]) -> list[str]:
    """Tell what stands elsewhere in the end, or is not there at one of the two moments."""
    return [
        f"{' '.join(before)}, in the end {' '.join(after)}"
        for before, after in zip_longest(places, end, fillvalue=["nothing"])
        if before != after
    ]


@pytest.mark.parametrize("width", [320, 390])
def test_what_can_be_tapped_is_large_enough_for_a_thumb(
    width: int, showcase: Cards, screen: Callable[..., Screen]
) -> None:
    client = screen(showcase, width=width)
    for shown in showcase.shown:
        for side in (shown.front, shown.back):
            assert client.show(side).evaluate(SMALL) == []


def test_nothing_moves_where_less_motion_is_asked_for(showcase: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(showcase, reduced_motion="reduce")
    for shown in showcase.shown:
        assert client.show(shown.front).evaluate(MOVES) == []
        assert client.show(shown.back).evaluate(MOVES) == []


def test_the_dark_page_is_ours_and_a_learner_s_styling_wins(
    showcase: Cards, screen: Callable[..., Screen]
) -> None:
    """Anki's own style sheets name the dark page more closely than `.card` does."""
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = screen(showcase, theme="dark", reviewer=True)
    assert dark.show(showcase.shown[0].front).evaluate(colour) == "rgb(28, 29, 35)"
    own = screen(showcase, theme="dark", reviewer=True)
    own.media["_verideck_user.css"] = b"body.card.nightMode { background: #000; }"
    page = own.show(showcase.shown[0].front)
    page.wait_for_function(f"{colour} === 'rgb(0, 0, 0)'")


def test_paper_is_white_and_shows_all(showcase: Cards, screen: Callable[..., Screen]) -> None:
    client = screen(showcase, theme="dark", width=640)
    for shown in showcase.shown:
        page = client.show(shown.back)
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.querySelector('.verideck')).color") == "rgb(0, 0, 0)"
        cut = "(boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).length"
        assert page.locator("pre.code").evaluate_all(cut) == 0


def test_states_differ_where_the_system_chooses_the_colours(
    states: tuple[State, ...], showcase: Cards, screen: Callable[..., Screen]
) -> None:
    (state,) = (one for one in states if one.kind == "select-all")
    client = screen(showcase, forced_colors="active")
    border = "(items) => items.map((item) => [item.dataset.option, getComputedStyle(item).border])"
    page = client.show(state.card.front)
    state.act(page)
    front = dict(page.locator(".options > li").evaluate_all(border))
    assert front["1"] == front["3"] != front["2"] == front["4"]
    back = dict(client.show(state.card.back).locator(".options > li").evaluate_all(border))
    assert len({back["1"], back["2"], back["3"], back["4"]}) == 4
