"""Where the add-on finds text in HTML, a browser shows text, however broken the HTML is."""

from __future__ import annotations

import html
import random
from typing import TYPE_CHECKING

from addon.reading import markup

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_WHOLE = (
    "<b> </b> <br> <div> </div> <i/> </> </Script > <SCRIPT> <img/alt='[a]'> <!--> <!---> [a] x &amp; &lt;"
)
_BROKEN = "<!-- --> --!> <! <?x > < </ <1 ' \" = / <a'b> <a/b='>' <a/b=\"> <p =a> <p/a=it's> <a\tb <a/b=>"
_RAW = "<{0}> </{0}> </{0} <{0}/x>"
PIECES = [
    *(_WHOLE.split(" ")),
    *(_BROKEN.split(" ")),
    *(
        piece
        for name in ("script", "style", "textarea", "title", "iframe", "xmp")
        for piece in _RAW.format(name).split(" ")
    ),
    *(" ", "\n", "<a b='", "<p a = 'x'>", "<a b= >", "</ b>", "&nbsp;"),
]
COUNT = 5_000

# The text of a document that runs nothing, without the elements whose text is none.
_TEXTS = """([texts, raw]) => texts.map(html => {
  const place = document.implementation.createHTMLDocument("").createElement("div");
  place.innerHTML = html;
  const text = node => node.nodeType === 3 ? node.data
    : raw.includes(node.localName) ? "" : [...node.childNodes].map(text).join("");
  return text(place);
})"""


def test_text_is_found_where_a_browser_finds_it(browser: Browser) -> None:
    chance = random.Random(0)  # noqa: S311  nothing secret
    written = ["".join(chance.choices(PIECES, k=chance.randint(1, 12))) for _ in range(COUNT)]
    page = browser.new_page()
    shown = page.evaluate(_TEXTS, [written, sorted(markup.RAW)])
    page.close()
    for text, seen in zip(written, shown, strict=True):
        parts = (text[part.start : part.end] for part in markup.parts(text) if part.kind == "text")
        assert html.unescape("".join(parts)) == seen, text
