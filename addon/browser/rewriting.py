"""A field with its heatmaps drawn anew, or with blocks of text made pictures. Pure: files are handed over."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from ..drawing import static
from ..editor.describing import described
from ..editor.drafts import marked
from ..reading import blocks, pictures
from . import tags

if TYPE_CHECKING:
    from ..heatmap.style import Style

_SIZE = re.compile(rb'<svg [^>]*?width="([0-9.]+)" height="([0-9.]+)"')
_METADATA = b"<metadata>"
_HEAD = 500  # bytes of a picture in which its size stands

NOT_OURS = "it carries no data, so it was not made by this add-on"


@dataclass
class Rewritten:
    """A field's new text, which is the old one but for its heatmaps, and what became of them.

    `files` are new pictures by their names. `done` and `unchanged` count heatmaps; `faults` are reasons for a
    person, one for each heatmap that stays as it was because something is wrong with it.
    """

    html: str
    files: dict[str, bytes] = field(default_factory=dict)
    done: int = 0
    unchanged: int = 0
    faults: list[str] = field(default_factory=list)


# Does one of the two to a field; `media` reads a file of the media folder and raises OSError or ValueError.
Rewriter = Callable[[str, Callable[[str], bytes], "Style"], Rewritten]


def redrawn(html: str, media: Callable[[str], bytes], style: Style) -> Rewritten:
    """Draw each of our pictures anew in a style. Never raises."""
    made = Rewritten(html)
    for tag in tags.pictures(html):
        if fault := _redraw(made, html, tag, media, style):
            made.faults.append(f"{tag.file[:80] or 'a picture without a file'}: {fault}")
    return made


def _redraw(made: Rewritten, html: str, tag: tags.Tag, media: Callable[[str], bytes], style: Style) -> str:
    """Draw one anew; give the reason where it stays as it was."""
    try:
        old = media(tag.file)
        name, data = _again(old, style)
    except (ValueError, OSError) as fault:
        return str(fault)
    if name == tag.file:
        made.unchanged += 1
        return ""
    new = {"src": name}
    before, after = _size(old), _size(data)
    if (tags.value(html, tag, "width"), tags.value(html, tag, "height")) == before and before and after:
        new |= {"width": after[0], "height": after[1]}  # unless a person chose another size
    made.html = tags.changed(made.html, tag, new, len(made.html) - len(html))
    made.files[name] = data
    made.done += 1
    return ""


def _again(old: bytes, style: Style) -> tuple[str, bytes]:
    if _METADATA not in old:
        raise ValueError(NOT_OURS)
    return static.picture(pictures.spec_of(old), style)


def _size(svg: bytes) -> tuple[str, str] | tuple[()]:
    found = _SIZE.search(svg[:_HEAD])
    return (found[1].decode(), found[2].decode()) if found else ()


def made_static(html: str, _media: Callable[[str], bytes], style: Style) -> Rewritten:
    """Put a picture that carries its data in the place of each `[attention]` block. Never raises."""
    made = Rewritten(html)
    pieces, at = [], 0
    for block in blocks.blocks(html):
        try:
            image = _image(made, block, style)
        except ValueError as fault:
            made.faults.append(f"[attention] block: {fault}")
            continue
        pieces += [html[at : block.start], image, block.kept]
        at = block.end
        made.done += 1
    made.html = "".join((*pieces, html[at:]))
    return made


def _image(made: Rewritten, block: blocks.Block, style: Style) -> str:
    if block.spec is None:
        raise ValueError(block.reason)
    spec: dict[str, Any] = blocks.resolved(block.spec)
    if not spec.get("alt"):
        spec["alt"] = described(spec)
    name, data = static.picture(spec, style)
    made.files[name] = data
    image = marked(static.html(name, spec, style), reveal=block.spec.reveal)
    view = dict(block.spec.view)
    if view and view != {"heads": "all"}:
        image = f'{image[:-1]} data-view="{escape(json.dumps(view))}">'
    return image
