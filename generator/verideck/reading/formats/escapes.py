"""Plain text to Markdown that reads as that text, with as few escapes as will do."""

from __future__ import annotations

import html
import re
import sys

from verideck.reading import characters, variants

# Private characters carry what is Markdown already through the escaping; they are taken out of what is read.
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000f1fff]")
SPACE = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_ESCAPED = re.compile(
    r"""
    \\(?=[!-/:-@\[-`{-~\s\ue000-\uf8ff]|$)  # a backslash that would escape what follows it
    | [`$~]
    | (?<![ ])\*|\*(?![ ])
    | (?<![^\W_])_|_(?![^\W_])              # underlines inside a word are no emphasis
    | <(?=[A-Za-z/!?\ue000-\uf8ff]|$)
    | &(?=\#?\w+;)
    | \](?=[(\[:\ue000-\uf8ff])
    | \[(?=[ xX✓✔✗✘☑☒]?\]|!|\^)
    | (?<=!)\[
    | (?<=\{)\{(?=\s*(?:[cC]\s*)?(?:\d+\s*)?:)
    """,
    re.VERBOSE,
)
# `«x:.3f»` would be a varying value. A stretch reaches to the next mark, so that no character is read twice.
_STRETCH = re.compile("[^«»]*[«»]?")
_COLON = re.compile("(?<=[0-9A-Za-z_]):")
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,8})|0*([0-9]{1,8}));?")
_BRACKET = "\ue015"  # behind a `]` that ends a text: what follows it decides
_FOLLOWED = re.compile(f"\\]{_BRACKET}(?=[(:\\[])")
_IMAGE = re.compile(r"\\<(?=img\b)", re.IGNORECASE)
_BLOCK = re.compile(r"\[[^\[\]]+\]:|\#|>|[-+*](?:[ ]|$)|=+$|-{1,3}[ -]*$|~|:?-[-:| ]*$|\||:[-:| ]+$")
_NUMBERED = re.compile(r"(\d{1,9})[.)](?:[ ]|$)")
_CLOSING = re.compile(r"(?<![\\#])(#+)$")


def cleaned(text: str) -> str:
    """Drop characters that no source may hold, and those that mean something to this package."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return PRIVATE.sub("", characters.UNWANTED.sub(" ", text))


def cleaned_html(text: str) -> str:
    """Drop the same characters from HTML, written as references, too: `&#57360;`."""
    return _REFERENCE.sub(_kept, cleaned(text))


def _kept(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    unwanted = code > sys.maxunicode or PRIVATE.match(chr(code)) or characters.UNWANTED.match(chr(code))
    return " " if unwanted else reference.group()


def words(text: str) -> str:
    """Escape a text inside a line; white space becomes one space."""
    return joined(part(text))


def part(text: str) -> str:
    """Escape one of several texts that stand side by side; `joined` makes one of them."""
    text = _ESCAPED.sub(lambda found: f"\\{found.group()}", SPACE.sub(" ", text))
    text = _STRETCH.sub(_without_value, text) if "»" in text else text
    return f"{text}{_BRACKET}" if text.endswith("]") and not text.endswith("\\]") else text


def _without_value(stretch: re.Match[str]) -> str:
    text = stretch.group()
    return _COLON.sub(r"\:", text) if text.endswith("»") else text


def joined(text: str) -> str:
    """Settle what `part` left open where texts of several elements meet."""
    text = _IMAGE.sub("&lt;", text)
    return _FOLLOWED.sub(r"\]", text).replace(_BRACKET, "")


def line(text: str) -> str:
    """Guard a line of Markdown text against being read as the beginning of a block."""
    text = text.strip(" ")
    if found := _NUMBERED.match(text):
        return f"{found[1]}\\{text[found.end(1) :]}"
    return f"\\{text}" if _BLOCK.match(text) else text


def heading(text: str) -> str:
    """Guard a line of Markdown that becomes a heading: `#` at its end would be dropped."""
    return _CLOSING.sub(lambda found: "\\" + found[1], text.strip(" "))


def code(text: str) -> str:
    """Write a code span; its line breaks become spaces."""
    text = SPACE.sub(" ", text)
    if not text.strip():
        return ""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    if longest > 1 or varies(text):  # the marks would open a fence, or the text be a varying value
        return f"<code>{words(text.strip())}</code>"
    marks = "`" * (longest + 1)
    wide = text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " ")
    return f"{marks} {text} {marks}" if wide else f"{marks}{text}{marks}"


def varies(text: str) -> bool:
    """Tell whether a text holds what would be a varying value, `«x:.3f»`."""
    return "«" in text and any(True for _ in variants.strays(text))


def fence(text: str, language: str = "") -> str:
    """Write a fence of code to show."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    marks = "`" * (longest + 1)
    return f"{marks}{language}\n{text}\n{marks}"


def prose(text: str) -> str:
    """Write plain text as Markdown: blank lines divide paragraphs, other line ends are kept."""
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", cleaned(text).strip())
    written = ([line(words(one)) for one in paragraph.split("\n") if one.strip()] for paragraph in paragraphs)
    return joined("\n\n".join("\\\n".join(lines) for lines in written))


def as_html(text: str) -> str:
    """Write plain text as HTML that shows it, its line ends kept."""
    return html.escape(text, quote=False).replace("\n", "<br>")
