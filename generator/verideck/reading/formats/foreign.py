"""Other programs' Markdown to a source's: what it shows is kept, what would be structure here is not."""

from __future__ import annotations

import html
import re

import comrak

from verideck.reading.formats import escapes, html_text

# Within these bounds Markdown reads the same everywhere, and stays as its author wrote it.
_TELLING = re.compile(
    r"[<>&$|\\«]|\{\{|^[ \t]*(?:#|[-=*_+>~]|\d+[.)]|`{3}|\[|!|\t)|^ {2}|  $|!\[|\]:|https?:", re.MULTILINE
)


def _options() -> tuple[comrak.ExtensionOptions, comrak.RenderOptions]:
    extensions, rendering = comrak.ExtensionOptions(), comrak.RenderOptions()
    for name in ("autolink", "math_dollars", "strikethrough", "table", "tasklist"):
        setattr(extensions, name, True)
    rendering.unsafe_ = True  # what comes out is read again, and only known elements are written
    return extensions, rendering


_EXTENSIONS, _RENDERING = _options()
_FORMULA = re.compile(r'<span data-math-style="(inline|display)">(.*?)</span>', re.DOTALL)
_INFO = re.compile(r"^([ \t]*(?:`{3,}|~{3,})[ \t]*)\{?\.?([A-Za-z0-9+#-]*)[^\n`]*$", re.MULTILINE)


def convert(markdown: str) -> html_text.Converted:
    """Convert Markdown; whatever it holds, this gives Markdown and never raises."""
    text = escapes.cleaned(markdown)
    if not _TELLING.search(text):
        blocks = tuple(part.strip() for part in re.split(r"\n[ \t]*\n", text) if part.strip())
        return html_text.Converted(
            tuple("\n".join(line.strip() for line in block.split("\n")) for block in blocks)
        )
    rendered = str(comrak.render_markdown(_INFO.sub(r"\1\2", text), _EXTENSIONS, None, _RENDERING))
    return html_text.convert(_FORMULA.sub(_formula, rendered), dollars=True)


def _formula(found: re.Match[str]) -> str:
    opening, closing = ("\\(", "\\)") if found[1] == "inline" else ("\\[", "\\]")
    return f"{opening}{found[2]}{closing}"


def plain(markdown: str) -> str:
    """Give what a person would read of one line of Markdown."""
    rendered = str(comrak.render_markdown(escapes.cleaned(markdown), _EXTENSIONS, None, _RENDERING))
    return html_text.plain(html.unescape(rendered) if "<" not in rendered else rendered)
