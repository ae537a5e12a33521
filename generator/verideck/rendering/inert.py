r"""Text that Anki, MathJax and JSON readers must take as text: sequences that would act are broken up.

Anki runs `[sound:…]`, `[latex]…[/latex]`, `[$]`, `[anki:…]` and `[[type:…]]` wherever they stand in a
field, `{{c1::…}}` in a cloze's field, and MathJax `\(…\)`.
"""

from __future__ import annotations

import re
import unicodedata

# A comment survives an edit in Anki's editor, where an entity would turn back into the character.
SPLIT = "<!-- -->"

_ACTING = re.compile(r"\[(?=sound:|/?latex\]|/?\${1,2}\]|/?anki:|\[?type:)", re.IGNORECASE)
JOINER = "\u2060"  # shows nowhere
_DELIMITER = re.compile(r"\\(?=[()\[\]])")
# Text may end in a backslash: what stands behind a tag that MathJax passes over is not known here.
_BEFORE_DELIMITER = re.compile("\\\\(?=[\U000f0000-\U000f1fff]*(?:[()\\[\\]]|\\Z))")
_SPOKEN = re.compile(rf"\\{JOINER}(?=[()\[\]])")
_OPENING = re.compile(r"\{(?=\{)")
_SOLIDUS = re.compile(r"^\u0338")
# Control characters but tab and line end, lone surrogates, noncharacters; and what stands for clozes and for
# varying values here.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U000f1fff]"
)


def clean(text: str) -> str:
    """Bring a source's text to what a field can hold: NFC, line feeds, no control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("\ufffd", text))


def escape(text: str) -> str:
    """Make plain text into HTML text in which nothing acts."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return prose(text)


def prose(html: str) -> str:
    """Make HTML text (without tags) inert for Anki and MathJax."""
    return code(_BEFORE_DELIMITER.sub('<span class="tex2jax_ignore">&#92;</span>', html))


def code(html: str) -> str:
    """Make HTML text in `<code>` or `<pre>` inert: MathJax leaves it alone, Anki's cloze filter does not."""
    return maths(_DELIMITER.sub("&#92;", html))


def spoken(text: str) -> str:
    r"""Break up `\(` in plain text that a card's script writes into its page: it can write no tag there."""
    return _DELIMITER.sub(rf"\g<0>{JOINER}", text)


def unspoken(text: str) -> str:
    """Undo `spoken`, for a text that is compared or checked."""
    return _SPOKEN.sub(r"\\", text)


def maths(html: str) -> str:
    """Make HTML text inside MathJax delimiters inert for Anki."""
    # The overlay solidus would join a `>` in front of it when Anki normalises the field.
    html = _SOLIDUS.sub("&#824;", html)
    return _OPENING.sub("{" + SPLIT, _ACTING.sub("&#91;", html))


def attribute(value: str) -> str:
    """Make a value into the inside of a double-quoted attribute in which nothing acts."""
    for letter, entity in _ATTRIBUTE:
        value = value.replace(letter, entity)
    return value


_ATTRIBUTE = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&quot;"),
    ("[", "&#91;"),
    ("{", "&#123;"),
    ("}", "&#125;"),
    ("::", ":&#58;"),
    ("\\", "&#92;"),
)
