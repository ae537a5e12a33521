"""What a learner does in front of Anki's desktop, each as a function that answers what was seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.desktop.driver import Desktop

ORDER = "Array.from(document.querySelectorAll('.options > li')).map(item => Number(item.dataset.option))"
CHOSEN = (
    "Array.from(document.querySelectorAll('.options > .chosen')).map(item => Number(item.dataset.option))"
)
STATE = """({
  kind: JSON.parse(document.querySelector('script.verideck-data').textContent).kind,
  maths: document.querySelectorAll('mjx-container').length,
  raw: /\\\\\\(|\\\\\\[/.test(document.querySelector('.verideck').innerText),
  pictures: Array.from(document.querySelectorAll('img.heatmap')).map(image => image.naturalWidth),
  wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  night: document.body.classList.contains('nightMode'),
})"""


def gallery(desktop: Desktop, names: list[str], screenshots: str, theme: str) -> dict[str, Any]:
    """Look at both sides of cards, and take pictures of them."""
    seen = {}
    for name in names:
        desktop.ask(name)
        front = desktop.js(STATE)
        desktop.grab(Path(screenshots) / f"desktop-{name}-{theme}-front.png")
        desktop.answer()
        seen[name] = {"front": front, "back": desktop.js(STATE)}
        desktop.grab(Path(screenshots) / f"desktop-{name}-{theme}-back.png")
    return seen


def reviews(desktop: Desktop, name: str, count: int) -> list[dict[str, Any]]:
    """Review one card again and again; note order and text of both sides."""
    noted = f"({{order: {ORDER}, text: document.querySelector('.verideck .question').innerText}})"
    seen = []
    desktop.ask(name)
    for _ in range(count):
        front = desktop.js(noted)
        desktop.answer()
        seen.append({"front": front, "back": desktop.js(noted)})
        desktop.mw.reviewer._answerCard(1)
        desktop.until(lambda: desktop.mw.reviewer.state == "question", "the next card")
        desktop.front()
    return seen


def keys(desktop: Desktop, name: str, digit: str) -> dict[str, Any]:
    """Choose by a digit, show the answer with Space, grade with a digit."""
    desktop.ask(name)
    order = desktop.js(ORDER)
    desktop.key(digit)
    desktop.page("document.querySelector('.options > .chosen')")
    chosen = desktop.js(CHOSEN)
    desktop.key("Space")
    desktop.until(lambda: desktop.mw.reviewer.state == "answer", "the answer")
    desktop.settled(".verideck.back")
    judged = desktop.js(CHOSEN)
    desktop.key("3")
    desktop.until(desktop.grades, "the grade")
    return {"order": order, "chosen": chosen, "judged": judged, "grades": desktop.grades()}


def edits(desktop: Desktop, name: str) -> bool:
    """Press `e` on the front of a choice card: Anki's own key for the editor."""
    import aqt

    desktop.ask(name)
    desktop.key("E")
    desktop.until(lambda: aqt.dialogs._dialogs["EditCurrent"][1], "the editor")
    return True


def click(desktop: Desktop, name: str, option: int) -> dict[str, Any]:
    """Choose an option with the mouse."""
    desktop.ask(name)
    desktop.js(f"document.querySelector('[data-option=\"{option}\"]').click()")
    chosen = desktop.js(CHOSEN)
    desktop.answer()
    return {"chosen": chosen, "judged": desktop.js(CHOSEN), "classes": desktop.js(
        f"document.querySelector('[data-option=\"{option}\"]').className"
    )}  # fmt: skip


def typing(desktop: Desktop, name: str, texts: list[str]) -> dict[str, str]:
    """Type answers and read the comparison."""
    seen = {}
    for text in texts:
        desktop.ask(name)
        desktop.page("document.activeElement && document.activeElement.id == 'typeans'")
        desktop.js(f"document.execCommand('insertText', false, {text!r})")
        desktop.answer()
        desktop.page("document.querySelector('code#typeans')")
        seen[text] = desktop.js("document.querySelector('code#typeans').innerText")
    return seen


def themes(desktop: Desktop, name: str) -> list[str]:
    """Switch the theme while a card is open; give the paper's colour before and after."""
    from aqt.theme import Theme

    desktop.ask(name)
    colour = "getComputedStyle(document.body).backgroundColor"
    before = desktop.js(colour)
    desktop.mw.set_theme(Theme.DARK)
    desktop.page("document.body.classList.contains('nightMode')")
    return [before, desktop.js(colour)]


def undo(desktop: Desktop, name: str) -> dict[str, Any]:
    """Grade a card and take it back: its front comes again, and can be answered."""
    desktop.ask(name)
    desktop.answer()
    desktop.mw.reviewer._answerCard(3)
    desktop.until(lambda: desktop.grades() and desktop.mw.reviewer.state == "question", "the next card")
    desktop.mw.undo()
    desktop.until(lambda: not desktop.grades(), "the undo")
    desktop.until(
        lambda: desktop.mw.reviewer.state == "question" and desktop.mw.reviewer.card, "the card again"
    )
    desktop.front()
    front = desktop.js(ORDER)
    desktop.answer()
    return {"front": front, "back": desktop.js(ORDER)}


def windows(desktop: Desktop, name: str) -> dict[str, Any]:
    """Look at a card in the browser's previewer and in the window of card templates."""
    import aqt
    from aqt.browser.previewer import BrowserPreviewer
    from aqt.clayout import CardLayout

    seen = {}
    card = desktop.cards(name)[0]
    browser = aqt.dialogs.open("Browser", desktop.mw)
    browser.search_for(f"cid:{card}")
    desktop.until(lambda: browser.card and browser.card.id == card, "the browser's card")
    previewer = BrowserPreviewer(browser, desktop.mw, lambda: None)
    previewer.open()
    desktop.until(lambda: previewer._web, "the previewer")
    desktop.page("document.querySelector('.verideck.front .options > li')", previewer._web)
    previewer._on_next()
    desktop.page("document.querySelector('.verideck.back .options > .right')", previewer._web)
    seen["previewer"] = desktop.js("document.querySelectorAll('.options > li').length", previewer._web)
    layout = CardLayout(desktop.mw, desktop.mw.col.get_card(card).note())
    web = layout.preview_web
    desktop.page("document.querySelector('.verideck .options > li')", web)
    seen["layout"] = desktop.js("document.querySelectorAll('.options > li').length", web)
    return seen


def predicting(desktop: Desktop, name: str) -> dict[str, Any]:
    """Reveal a cell of a covered heatmap with the keyboard and one with the mouse, then go on with Space."""
    label = "document.activeElement.getAttribute('aria-label')"
    said = "document.querySelector('[role=status]').textContent"
    desktop.ask(name)
    before = desktop.js(said)
    desktop.key("Tab")
    desktop.page(f"/: covered$/.test({label})")
    first = desktop.js(label)
    desktop.key("Down")
    desktop.page(f"{label} != {first!r}")
    below = desktop.js(label)
    desktop.key("Return")
    desktop.page(f"{said} != {before!r}")
    seen = {"first": first, "below": below, "revealed": desktop.js(said)}
    seen["state"] = desktop.mw.reviewer.state
    desktop.js("document.querySelector('[role=gridcell]').click()")
    seen["clicked"] = desktop.js(said)
    desktop.key("Space")  # the cell that has the focus is open: Anki's own key again
    desktop.until(lambda: desktop.mw.reviewer.state == "answer", "the answer")
    desktop.settled(".verideck.back")
    seen["marked"] = desktop.js("document.querySelectorAll('.seen').length")
    return seen


def stepping(desktop: Desktop, name: str) -> list[int]:
    """Open a worked solution by its key, step by step; count the steps that stand. Then grade."""
    standing = "document.querySelectorAll('details[open] .solution > div:not(.later)').length"
    every = "document.querySelectorAll('.solution > div').length"
    desktop.ask(name)
    desktop.answer()
    counts = [desktop.js(standing)]
    for _ in range(desktop.js(every)):
        desktop.key("N")
        desktop.page(f"{standing} == {counts[-1] + 1}")
        counts.append(desktop.js(standing))
    desktop.key("4")
    desktop.until(desktop.grades, "the grade")
    return counts
