"""Authors' HTML to harmless HTML: what these lists lack is dropped, scripts and styles with their text."""

from __future__ import annotations

import nh3

_TEXT = "a abbr b br code del em i img ins kbd mark q s samp small span strong sub sup u var wbr ruby rp rt"
_BLOCKS = (
    "blockquote dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr input li ol p pre summary ul "
    "table tbody td tfoot th thead tr"
)
TAGS = frozenset(f"{_TEXT} {_BLOCKS}".split())
_CODE = {"script", "style", "iframe", "object", "embed", "noscript", "template", "svg", "math", "xmp"}
_DROPPED_WITH_TEXT = frozenset(_CODE | {"plaintext", "textarea", "title"})
# Classes are those by which Markdown says what it found; `markup` reads them and writes its own.
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "code": {"class", "data-math-style", "data-meta"},
    "div": {"class"},
    "img": {"alt", "src"},
    "input": {"checked", "disabled", "type"},
    "li": {"value"},
    "ol": {"start"},
    "p": {"class"},
    "span": {"data-math-style"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
}
_LINKS = ("http://", "https://", "mailto:")


def _attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if value.lower().startswith(_LINKS) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(_DROPPED_WITH_TEXT),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    strip_comments=True,
    link_rel="noopener noreferrer",
    url_schemes={"http", "https", "mailto", "heatmap"},
)


def clean(html: str) -> str:
    """Drop from HTML all that could act, load or mislead; what comes back is well-formed."""
    return _CLEANER.clean(html)
