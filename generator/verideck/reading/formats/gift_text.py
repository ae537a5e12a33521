r"""Texts of a GIFT file: escapes such as `\=`, and the formats `[html]`, `[markdown]`, `[plain]`."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.reading.formats import escapes, foreign, html_maths, html_text
from verideck.reading.items import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

# An escaped character stands for itself; while the text is cut up, a private one stands for it.
_ESCAPES = {
    "\\": "\\",
    ":": ":",
    "#": "#",
    "=": "=",
    "{": "{",
    "}": "}",
    "~": "~",
    "n": "\n",
    "%": "%",
    "*": "*",
}
_HIDDEN = {letter: chr(0xE100 + place) for place, letter in enumerate(_ESCAPES)}
_SHOWN = {chr(0xE100 + place): meant for place, meant in enumerate(_ESCAPES.values())}
_ESCAPE = re.compile(r"\\([\\:#={}~n%])")
_PRIVATE = re.compile("[\ue100-\ue1ff]")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TAGGED = re.compile(
    r"</?(?:a|b|br|code|div|em|h[1-6]|i|img|li|ol|p|pre|span|strong|sub|sup|table|td|th|tr|u|ul)\b[^<>]*>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """The numbered lines of one question."""

    lines: tuple[tuple[int, str], ...]

    def line_after(self, breaks: int) -> int:
        """Give the number of the line that stands behind some line breaks."""
        return self.lines[min(breaks, len(self.lines) - 1)][0]


@dataclass(frozen=True, slots=True)
class Rich:
    """A text and how it is written."""

    text: str
    format: str = "moodle"

    @property
    def tagged(self) -> bool:
        """Tell whether it is HTML: Moodle's own format is plain text that may hold tags."""
        return self.format == "html" or (self.format == "moodle" and bool(_TAGGED.search(self.text)))


def hidden(text: str) -> str:
    """Put private characters in place of escaped ones."""
    return _ESCAPE.sub(lambda found: _HIDDEN[found[1]], _PRIVATE.sub("", text))


def shown(text: str) -> str:
    """Put the characters that were escaped in place of the private ones."""
    return _PRIVATE.sub(lambda found: _SHOWN.get(found.group(), ""), text)


def rich(text: str, inherited: Rich) -> Rich:
    """Read a text with the format that it names; one that names none has its question's."""
    found = _FORMAT.match(text)
    written = shown(text[found.end() :] if found else text).strip()
    return Rich(written, found[1].lower() if found else inherited.format)


def markup(texts: Sequence[Rich]) -> Markup:
    """Tell whether an item's texts can all stay plain."""
    marked = any(one.tagged or one.format == "markdown" for one in texts if one.text)
    return Markup.MARKDOWN if marked else Markup.PLAIN


def divided(text: Rich, how: Markup, without: str) -> tuple[str, str, tuple[str, ...]]:
    """Give the heading, what stands below it, and what had to be left out."""
    if how is Markup.PLAIN:
        heading, _, below = plain(text).partition("\n")
        return heading.strip(), below.strip(), ()
    made = converted(text)
    return (*made.divided(without), made.left_out)


def block(text: Rich, how: Markup) -> str:
    """Give a text that may have several paragraphs."""
    return plain(text) if how is Markup.PLAIN else converted(text).text


def line(text: Rich, how: Markup) -> str:
    """Give a text in one line, as options have it."""
    return " ".join(plain(text).split()) if how is Markup.PLAIN else converted(text).inline


def converted(text: Rich) -> html_text.Converted:
    """Give a text as Markdown, whatever its format."""
    if text.format == "markdown":
        return foreign.convert(text.text)
    if text.tagged:
        source = text.text if text.format == "html" else text.text.replace("\n", "<br>")
        return html_text.convert(source, dollars=True)
    return html_text.convert(html.escape(text.text, quote=False).replace("\n", "<br>"), dollars=True)


def plain(text: Rich) -> str:
    r"""Give a plain text; its `\(…\)` and `$$…$$` become `$…$`."""
    formulas: list[html_maths.Formula] = []
    held = html_maths.hold(escapes.cleaned(text.text), formulas, dollars=True)
    return html_maths.HELD.sub(
        lambda found: f"${formulas[int(found[1])].markdown.strip('$')}$", html.unescape(held)
    )
