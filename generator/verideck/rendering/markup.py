"""Markdown to HTML that is safe on a card: maths for MathJax, highlighted code, pictures by media name."""

from __future__ import annotations

import html as entities
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote

import comrak

from verideck.problems import error, warning
from verideck.reading import formula_faults
from verideck.rendering import alternatives, clozes, formulas, highlight, inert, sanitise, tokens, variants

if TYPE_CHECKING:
    from verideck.rendering.context import Context, Picture
    from verideck.rendering.tokens import Token
    from verideck.rendering.variants import Varying


def _extensions() -> comrak.ExtensionOptions:
    options = comrak.ExtensionOptions()
    for name in ("alerts", "autolink", "math_dollars", "strikethrough", "table", "tasklist"):
        setattr(options, name, True)
    return options


def _rendering() -> comrak.RenderOptions:
    options = comrak.RenderOptions()
    options.unsafe_ = True  # authors' HTML goes through the sanitiser, which Markdown's own needs anyway
    options.full_info_string = True
    return options


_EXTENSIONS, _RENDERING = _extensions(), _rendering()
_VERBATIM = frozenset(("code", "pre"))  # in which MathJax looks for no formula
_HEADING = re.compile(r"<h2>(.*)</h2>\n?", re.DOTALL)


def html(markdown: str, context: Context, *, cloze: bool = False) -> str:
    """Render a slot's Markdown. With `cloze`, its `{{c1::…}}` stay clozes; else they become plain text."""
    text = _marked(markdown, context.varying)
    return _finish(_comrak(clozes.mark(text) if cloze else text), context, markdown)


def inline(markdown: str, context: Context, *, cloze: bool = False) -> str:
    """Render one line's worth of Markdown, such as a heading or an option, without a block around it."""
    text = " ".join(_marked(markdown, context.varying).split("\n"))
    # As a heading, no list or quotation can begin in it, as none could where it stands in the source.
    rendered = _HEADING.fullmatch(_comrak(f"## {clozes.mark(text) if cloze else text} ##"))
    return _finish(rendered[1], context, markdown) if rendered else inert.escape(text)


def plain(markdown: str, varying: Varying | None = None) -> str:
    """Give what a person would read, or type: Markdown's marks taken off, formulas as TeX.

    Varying values are still the private characters that stand for them.
    """
    text = " ".join(_marked(markdown, varying).split("\n"))
    cut = tokens.cut(sanitise.clean(_comrak(f"## {text} ##")))
    return unicodedata.normalize("NFC", entities.unescape(tokens.text_of(cut)).strip())


def _marked(markdown: str, varying: Varying | None) -> str:
    text = inert.clean(markdown)
    return varying.mark(text) if varying else text


def _comrak(text: str) -> str:
    return str(comrak.render_markdown(text, _EXTENSIONS, None, _RENDERING))


def _finish(rendered: str, context: Context, markdown: str) -> str:
    written = _rewrite(tokens.cut(sanitise.clean(rendered)), context).strip()
    _report_refused(markdown, context)
    if context.varying:
        written = context.varying.fill(written)
    if clozes.misplaced(written):
        hint = "let a cloze begin and end inside the same emphasis, list item or cell"
        context.problems.append(
            error(context.location, "a cloze that cuts through the text's structure", hint)
        )
    return unicodedata.normalize("NFC", clozes.unmark(written))


def _rewrite(cut: tuple[Token, ...], context: Context) -> str:
    parts: list[str] = []
    index = verbatim = 0
    while index < len(cut):
        token = cut[index]
        if not token.closing and (token.name == "pre" or "data-math-style" in token.attributes):
            end = tokens.end_of(cut, index)
            parts.append(_verbatim(cut[index:end], context))
            index = end + 1
            continue
        if token.name in _VERBATIM:
            verbatim += -1 if token.closing else 1
        parts.append(_written(token, context, verbatim=verbatim > 0))
        if "markdown-alert-title" in token.classes:
            index = tokens.end_of(cut, index)
        else:
            index += 1
    return "".join(parts)


def _written(token: Token, context: Context, *, verbatim: bool) -> str:
    """Write a tag or a text as it goes on a card."""
    match token.name:
        case "":
            return inert.code(token.text) if verbatim else inert.prose(token.text)
        case "img":
            return _image(token, context)
        case "input":
            ticked = "checked" in token.attributes
            return "☑" if ticked else "☐"
        case "table":
            return "</table></div>" if token.closing else f"<div {_box('wide', 'table', context)}><table>"
        case "div" if "markdown-alert" in token.classes:
            return f'<div class="note {token.classes.rpartition("-")[2]}">'
        case "p" if "markdown-alert-title" in token.classes:
            kind = token.classes.rpartition(" ")[2]
            return f'<p class="label">{inert.escape(context.labels["note"])}' if kind else "<p>"
        case _ if token.closing:
            return f"</{token.name}>"
        case _:
            _expect_one_address(token, context)
            kept = "".join(
                f' {name}="{inert.attribute(clozes.strip(value))}"'
                for name, value in token.attributes.items()
                if name not in ("class", "data-meta", "data-math-style")
            )
            return f"<{token.name}{kept}>"


def _verbatim(cut: tuple[Token, ...], context: Context) -> str:
    """Write a code block or a formula; `cut` runs from its opening tag to before the closing one."""
    inner = cut[1] if cut[0].name == "pre" and len(cut) > 1 and cut[1].name == "code" else cut[0]
    text = tokens.text_of(cut)
    if style := inner.attributes.get("data-math-style"):
        return _maths(text.strip("\n"), "" if style == "inline" else cut[0].name, context)
    meta = inner.attributes.get("data-meta", "").split()
    if meta[:1] == ["heatmap"]:
        picture = context.pictures.get(meta[1]) if len(meta) > 1 else None
        return show(picture, context) if picture else ""
    language = inner.classes.removeprefix("language-")
    code = highlight.html(entities.unescape(text).removesuffix("\n"), language)
    output = meta[:1] == ["output"]
    block = f"<pre {_box('code', 'output' if output else 'code', context)}><code>{code}</code></pre>"
    if not output:
        return block
    return f'<div class="output"><p class="label">{inert.escape(context.labels["output"])}</p>{block}</div>'


def _box(name: str, label: str, context: Context) -> str:
    """Give the attributes of what scrolls if it is too wide: the keyboard reaches it, and it has a name."""
    return f'class="{name}" tabindex="0" role="group" aria-label="{inert.attribute(context.labels[label])}"'


def _expect_one_address(token: Token, context: Context) -> None:
    if context.varying and variants.MARKER.search(unquote(token.attributes.get("href", ""))):
        hint = "write the link without it, or one link for each value"
        context.problems.append(error(context.location, "a varying value in a link's address", hint))


def _maths(text: str, block: str, context: Context) -> str:
    """Write a formula for MathJax; `block` names the element that a formula of its own line came in."""
    if refused := formulas.find_faults(text, context.varying):
        context.refused.extend(refused)
        return (
            f"<p><code>{inert.code(text)}</code></p>"
            if block == "pre"
            else f"<code>{inert.code(text)}</code>"
        )
    template = ""
    if context.varying:
        text, template = context.varying.formula(text)
        if template and clozes.MARKERS.search(text):
            hint = "let the cloze hold the whole formula: `{{c1::$…$}}`"
            message = "a cloze and a varying value in one formula"
            context.problems.append(error(context.location, message, hint))
            template = ""
    formula = inert.maths(text)
    varying = f' data-tex="{template}"' if template else ""
    if not block:
        return rf"<span{varying}>\({formula}\)</span>" if varying else rf"\({formula}\)"
    name = "div" if block == "pre" else "span"
    return rf'<{name} class="maths"{varying}>\[{formula}\]</{name}>'


def _report_refused(markdown: str, context: Context) -> None:
    """Report formulas that were not written, unless whoever read the text has: at their places."""
    if context.refused and not any(True for _ in formula_faults.find(markdown)):
        context.problems.extend(error(context.location, one.message, one.hint) for one in context.refused)
    context.refused.clear()


def show(picture: Picture, context: Context, alt: str = "") -> str:
    """Show a heatmap's picture; `alt` comes from the author's text, as it was marked.

    One to predict has both pictures: styling shows the covered one on a front and the whole one on a back.
    """
    if not picture.covered:
        return _heatmap(picture, "heatmap", alt)
    words = "".join(
        f' data-{name}="{inert.attribute(context.labels[name])}"' for name in ("predict", "covered", "masked")
    )
    covered, whole = _heatmap(picture.covered, "heatmap covered"), _heatmap(picture, "heatmap whole", alt)
    return f'<span class="predict"{words}>{covered}{whole}</span>'


def _heatmap(picture: Picture, name: str, alt: str = "") -> str:
    words = inert.attribute(clozes.strip(alt or inert.clean(picture.alt)))
    keys = {name: key for name, key in picture.varying.items() if not (alt and name == "alt")}
    varying = "".join(f' data-v-{name}="«{inert.attribute(key)}»"' for name, key in keys.items())
    size = f'width="{picture.width}" height="{picture.height}"'
    return f'<img class="{name}" src="{picture.name}" alt="{words}" {size}{varying}>'


def _image(token: Token, context: Context) -> str:
    """Show an image of the sources or a heatmap; anything from elsewhere is left out."""
    path, alt = token.attributes.get("src", ""), token.attributes.get("alt", "")
    words = inert.attribute(clozes.strip(alt))
    if path.startswith("heatmap:"):
        picture = context.pictures.get(unquote(path.removeprefix("heatmap:")))
        if fault := alternatives.fault(alt) if picture and alt else None:
            context.problems.append(warning(context.location, *fault))
        return show(picture, context, alt) if picture else ""
    for name in (unquote(path), path):
        if media := context.images.get(name):
            context.media[media.name] = media
            return f'<img src="{media.name}" alt="{words}">'
    _missing(unquote(path), context)
    return f"<em>{inert.escape(clozes.strip(alt))}</em>" if alt else ""


def _missing(path: str, context: Context) -> None:
    at = context.places.get(path)
    if at is None:
        # Whoever reads the files reports the images that a card lists; this one it does not list.
        hint = "put the file into the sources folder and name it relative to this file"
        context.problems.append(
            error(context.location, f"an image that cannot be shown: `{path[:80]}`", hint)
        )
