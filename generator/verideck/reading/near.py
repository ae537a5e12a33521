"""Lines that nearly open a block: Markdown and the eye would disagree about them, so each is a problem.

Structure stands at column 0. A line scanner can only be right about a document where nothing that looks like
structure stands elsewhere; these tables say what looks like it, and how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from verideck.problems import Problem, error
from verideck.reading import marks, names

if TYPE_CHECKING:
    from verideck.reading.passages import Line

DEEPEST = 12  # lists and quotes on one line
WIDEST = 80  # spaces in front of one


@dataclass(frozen=True, slots=True)
class Near:
    """A near miss: the lines that are one, what is wrong with them, and how to mend it."""

    pattern: re.Pattern[str]
    message: str
    hint: str


_LIST = r"(?:[-*+]|\d{1,9}[.)])"

_NEAR = (
    Near(
        re.compile(r" +#{1,6}(?=[ \t]|$)"),
        "an indented heading",
        "begin it at the first column; code stands in a fence",
    ),
    Near(
        re.compile(r"#{1,6}(?![# \t]|$)|#{7}"),
        "a heading without a space after `#`",
        "write `## Question`; a plain `#` at the start of a line is written `\\#`",
    ),
    Near(
        re.compile(r" +(?:`{3}|~{3})"),
        "an indented fence",
        "begin it at the first column; below an option, code stands in the explanation",
    ),
    Near(
        re.compile(r"`{3}"),
        "a line that begins like a fence",
        "a fence's first line holds no other backtick; code inside a line takes one backtick",
    ),
    Near(
        re.compile(rf"[ \t>]*(?:{_LIST}[ \t>]*+)+\[[ \t]*+[xX✓✔✗✘☑☒]?[ \t]*+\](?!\(|:)"),
        "not quite an option",
        "write `- [x] text` or `- [ ] text` at the first column, with one space between",
    ),
    Near(
        re.compile(r"[ \t]*-[ \t]*(?:-[ \t]*){2,}$"),
        "not quite a separator",
        "write `---` at the first column under a blank line; a decorative rule is `***`",
    ),
    Near(
        re.compile(r" +([*_])[ \t]*(?:\1[ \t]*){2,}$"),
        "an indented rule",
        "begin `***` at the first column",
    ),
    Near(
        re.compile(r"[ \t]*-{1,2}[ \t]*$"),
        "a line of nothing but dashes",
        "Markdown makes a heading of the text above it; write `---` under a blank line, or an item with text",
    ),
    Near(
        re.compile(r"[ \t]*=+[ \t]*$"),
        "a line of nothing but equals signs",
        "Markdown makes a heading of the text above it; write `##` in front of a heading instead",
    ),
    Near(
        re.compile(r" {0,3}\[[^\[\]]+\]:"),
        "a reference definition",
        "each part of a card is rendered by itself; write the address in place: `[text](address)`",
    ),
    Near(
        re.compile(r" +>[ \t]*\[!"),
        "an indented alert",
        "begin it at the first column",
    ),
    Near(
        re.compile(r" *\t|>+ *\t"),
        "a tab in the indentation",
        "indent with spaces",
    ),
)

TOO_DEEP = "lists or quotes nested too deep"
_MARKERS = re.compile(rf"[ \t]*+(?:>[ \t]*+|{_LIST}(?:[ \t]++|$))*")
_MARKER = re.compile(rf">|{_LIST}")
_NESTED_FAR = re.compile(rf" {{{WIDEST},}}(?:>|{_LIST}[ \t])")


def misses(line: Line, path: str) -> Iterator[Problem]:
    """Report what a line of text nearly is; the first reason only."""
    text = line.text
    bare = text.lstrip(" \t")
    if not bare:
        return
    offset = len(text) - len(bare)
    if _too_deep(text):  # whatever else it is: the card is not to be rendered
        hint = f"at most {DEEPEST} stand inside each other"
        yield error(line.at(path, offset), TOO_DEEP, hint)
    for near in _NEAR:
        if near.pattern.match(text):
            yield error(line.at(path, offset), near.message, near.hint)
            return
    if bare.startswith("<"):
        yield from _html(line, bare, path)


def _too_deep(text: str) -> bool:
    if _NESTED_FAR.match(text):
        return True
    found = _MARKERS.match(text)
    return found is not None and len(_MARKER.findall(found.group())) > DEEPEST


_AUTOLINK = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>|<[^\s<>@]+@[^\s<>@]+>")
_HTML = re.compile(r"<[A-Za-z/!?]")
_TAG_ALONE = re.compile(r"""</?[A-Za-z](?:"[^"]*+"|'[^']*+'|[^"'<>])*>[ \t]*""")

# The names that open an HTML block whatever follows them: CommonMark 0.31, section 4.6, kinds 1 and 6.
_BLOCK_TAG = re.compile(
    r"""</?(?:
    address | article | aside | base | basefont | blockquote | body | caption | center | col |
    colgroup | dd | details | dialog | dir | div | dl | dt | fieldset | figcaption | figure |
    footer | form | frame | frameset | h1 | h2 | h3 | h4 | h5 | h6 | head | header | hr | html |
    iframe | legend | li | link | main | menu | menuitem | nav | noframes | ol | optgroup | option
    | p | param | pre | script | search | section | source | style | summary | table | tbody | td |
    textarea | tfoot | th | thead | title | tr | track | ul
    )(?![A-Za-z0-9])""",
    re.VERBOSE | re.IGNORECASE,
)


def _html(line: Line, bare: str, path: str) -> Iterator[Problem]:
    if not _HTML.match(bare) or _AUTOLINK.match(bare):
        return
    at = line.at(path, len(line.text) - len(bare))
    if bare.startswith("<!--"):
        yield error(at, *_comment(bare))
        return
    if marks.LONE_IMAGE.fullmatch(line.text):
        return
    if opens_html(bare):
        yield error(at, "a block of HTML", "write Markdown; only an `<img>` may stand on a line by itself")


def opens_html(bare: str) -> bool:
    """Tell whether a line, without its indentation, begins a block of HTML."""
    return bare.startswith(("<!", "<?")) or bool(_BLOCK_TAG.match(bare) or _TAG_ALONE.fullmatch(bare))


def _comment(bare: str) -> tuple[str, str]:
    if "-->" not in bare:
        return "a comment that does not end on its line", "close it with `-->` on the same line"
    return (
        "a comment that does not stand alone",
        "write it at the first column, with nothing else on the line",
    )


ALERTS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")
ALERT = re.compile(r">[ ]?[ ]{0,3}\[!([^\[\]]*)\](.*)", re.DOTALL)


def alert_misses(lines: tuple[Line, ...], path: str) -> Iterator[Problem]:
    """Report what is wrong with the alert marks of a quote."""
    for index, line in enumerate(lines):
        found = ALERT.fullmatch(line.text)
        if found is None:
            continue
        at = line.at(path, line.text.index("["))
        if index:
            yield error(at, "an alert inside a quote", "leave a blank line above it")
        elif found[1].upper() not in ALERTS:
            hint = names.meant(found[1].upper(), ALERTS) or f"the alerts are {', '.join(ALERTS)}"
            yield error(at, f"an unknown alert `[!{names.shown(found[1])}]`", hint)
