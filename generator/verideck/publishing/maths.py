r"""Formulas between MathJax's delimiters to MathML, which browsers draw by themselves.

On a varying card the script writes formulas anew, as TeX; `table` gives the MathML of each that it can write.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from math_core import LatexError, LatexToMathML

from verideck.tex import find_faults

# The converter recurses in native code, where too deep ends the process: no macros, nothing long or deep.
_CONVERTER = LatexToMathML(fancy_error=False, max_expansions=0)
_DEEPEST = 40

# Scripts and tags come first: what stands in them is no formula. Elsewhere `\(` is one, for
# `rendering.inert` breaks up all others.
_PART = re.compile(r"<script\b.*?</script>|<!--.*?-->|<[^>]*>|\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
_TEMPLATE = re.compile(r'<[^>]* data-tex="([^"]*)"[^>]*>')
_PLACEHOLDER = re.compile("«([^«»]*)»")
_COMMENT = re.compile(r"<!--.*?-->")
_NESTING = re.compile(r"\\(?:begin|left)\b|\\(?:end|right)\b|\\.|[{}]", re.DOTALL)
_RUN = re.compile(rf"(?:\\[A-Za-z]+[\s\d]*){{{_DEEPEST}}}")
_TAG = re.compile("<[^>]*>")
# What a conversion may give: no other element, no handler, nothing that ends a rule or a style sheet.
_EXPECTED = re.compile(
    r'(?:[^<>]|</m[a-z]+>|<m[a-z]+(?: style="[\w:;#.% -]*"| (?!on|style)[a-z]+="[^"<>]*")*/?>)*', re.ASCII
)
_ATTRIBUTE = re.compile(r' (style|class|href|id)="([^"]*)"')

STYLE = """\
math { font-size: 1.06em; }
.maths > math, .maths math[display="block"] { margin: 0.2em auto; }
.tex { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.9em; }
menclose { position: relative; }
.menclose-updiagonalstrike, .menclose-downdiagonalstrike { position: absolute; inset: 0; }
.menclose-updiagonalstrike { background: linear-gradient(to top left, #0000 47%, currentcolor, #0000 53%); }
.menclose-downdiagonalstrike { background: linear-gradient(to top right, #0000 47%, currentcolor, #0000 53%) }
"""


@dataclass(slots=True)
class Typesetter:
    """Sets the formulas of a page: no element has a style of its own, `css` has the rules instead."""

    rules: dict[str, str] = field(default_factory=dict)

    @property
    def css(self) -> str:
        """Give the style sheet of all that was set."""
        return STYLE + "".join(f".{name} {{ {self.rules[name]} }}\n" for name in sorted(self.rules))

    def html(self, side: str) -> str:
        """Set every formula of a side; one that cannot be set stays as its TeX."""
        return _PART.sub(self._part, side)

    def table(self, sides: str, data: str) -> Mapping[str, str]:
        r"""Give MathML by the text that the card's script writes in its place, such as `\(2 / 4\)`.

        `data` is the note's Data field; the table is empty for a card that does not vary.
        """
        columns = _columns(data)
        return {
            text: self.html(html.escape(text, quote=False))
            for found in _TEMPLATE.finditer(sides)
            for text in _written(found, columns)
        }

    def _part(self, found: re.Match[str]) -> str:
        if found[1] is None and found[2] is None:
            return found[0]
        block = found[1] is None
        tex = html.unescape(_COMMENT.sub("", found[2] if block else found[1])).strip()
        if (set_ := mathml(tex, block=block)) is None:
            return f'<span class="tex">{html.escape(tex)}</span>'
        return _TAG.sub(self._tag, set_)

    def _tag(self, tag: re.Match[str]) -> str:
        """Turn a tag's style into a class; links and ids have no place on a page of many formulas."""
        classes: list[str] = []

        def attribute(found: re.Match[str]) -> str:
            if found[1] == "style":
                name = f"maths-{hashlib.sha256(found[2].encode()).hexdigest()[:8]}"
                self.rules[name] = found[2]
                classes.append(name)
            elif found[1] == "class":
                classes.append(found[2])
            return ""

        bare = _ATTRIBUTE.sub(attribute, tag[0])
        return re.sub(r"(?=/?>$)", f' class="{" ".join(classes)}"', bare, count=1) if classes else bare


def mathml(tex: str, *, block: bool = False) -> str | None:
    """Give a formula as MathML, None where it is not understood."""
    if find_faults(tex) or _RUN.search(tex) or max(_depths(tex), default=0) > _DEEPEST:
        return None
    try:
        converted = _CONVERTER.convert_with_local_state(tex, displaystyle=block)
    except LatexError:
        return None
    return converted if _EXPECTED.fullmatch(converted) else None


def _depths(tex: str) -> Iterator[int]:
    depth = 0
    for token in _NESTING.finditer(tex):
        if token[0] in ("{", r"\begin", r"\left"):
            depth += 1
        elif token[0] in ("}", r"\end", r"\right"):
            depth -= 1
        yield depth


def _columns(data: str) -> Mapping[str, Sequence[str]]:
    """Read from a note's Data what varies: every variant's text, by key."""
    try:
        vary = json.loads(data)["vary"]
        return dict(zip(vary["names"], zip(*vary["rows"], strict=True), strict=True))
    except (ValueError, TypeError, KeyError):
        return {}


def _written(element: re.Match[str], columns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Write a formula with the values of each variant, exactly as the card's script does."""
    template = html.unescape(element[1])
    own_line = "maths" in element[0].partition('class="')[2].partition('"')[0].split()
    opening, closing = (r"\[", r"\]") if own_line else (r"\(", r"\)")
    used = [name for name in dict.fromkeys(_PLACEHOLDER.findall(template)) if name in columns]
    for values in dict.fromkeys(zip(*(columns[name] for name in used), strict=True)):
        texts = {
            name: re.sub(r"[%#&_$]", r"\\\g<0>", value) for name, value in zip(used, values, strict=True)
        }
        filled = _PLACEHOLDER.sub(lambda found, texts=texts: texts.get(found[1], found[0]), template)  # type: ignore[misc]
        yield f"{opening}{filled}{closing}"
