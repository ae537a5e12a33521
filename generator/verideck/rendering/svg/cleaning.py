"""Cleaning an SVG: what is kept, what is dropped with a word, and what makes it one that is refused."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from verideck.rendering.svg import allowed, styles
from verideck.rendering.svg.document import read_svg
from verideck.rendering.svg.drawing_cost import check_drawing_cost

MAX_DEPTH = 200  # elements in one another
MAX_REPORTED = 5

_PICTURE = re.compile(r"data:image/([a-z]{3,4});base64,([A-Za-z0-9+/=\s]*)\Z", re.IGNORECASE)
_CALL = re.compile(r"[(\\]|/\*")
_HREFS = ("href", f"{{{allowed.XLINK}}}href")
_SPACE = f"{{{allowed.XML}}}space"
_KEPT_XML = (_SPACE, f"{{{allowed.XML}}}lang")


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """An SVG that only draws, and what was dropped for that."""

    data: bytes
    dropped: tuple[str, ...] = ()


def clean_svg(data: bytes) -> CleanPicture:
    """Return an SVG that only draws; one that did before keeps its bytes.

    Raises ValueError, with what is wrong with it, for one that acts, loads something, or cannot be read.
    """
    root, plain = read_svg(data)
    if root.tag != f"{{{allowed.SVG}}}svg":
        raise ValueError("is no SVG: its first element is not <svg> of the namespace of SVG")
    cleaner = _Cleaner()
    cleaner.clean(root)
    check_drawing_cost(root)
    if plain and not cleaner.changed:
        return CleanPicture(data)
    return CleanPicture(etree.tostring(root, encoding="utf-8"), tuple(dict.fromkeys(cleaner.dropped)))


def describe(dropped: tuple[str, ...]) -> str:
    """Return what was dropped as words for a message."""
    more = len(dropped) - MAX_REPORTED
    named = [*dropped[:MAX_REPORTED], *([f"{more} more"] if more > 0 else [])]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"


class _Cleaner:
    """One pass over a picture, from its root to its leaves."""

    def __init__(self) -> None:
        self.dropped: list[str] = []
        self.changed = False

    def clean(self, root: etree._Element) -> None:
        waiting = [(root, 1)]
        while waiting:
            element, depth = waiting.pop()
            if depth > MAX_DEPTH:
                raise ValueError(f"has more than {MAX_DEPTH} elements in one another")
            self._clean_attributes(element)
            if _name(element) == "style":
                self._clean_sheet(element)
                continue
            kept = [one for child in list(element) for one in self._keep(element, child)]
            waiting += [(child, depth + 1) for child in reversed(kept)]

    def _keep(self, parent: etree._Element, child: etree._Element) -> Iterator[etree._Element]:
        """Keep an element, put its content in its place, drop it, or refuse the picture."""
        name = _name(child)
        local = name or etree.QName(child).localname
        if name in allowed.ELEMENTS:
            yield child
        elif name in allowed.UNWRAPPED:
            self._drop(f"the link <{name}>")
            child.tag = f"{{{allowed.SVG}}}g"
            for key in (
                *_HREFS,
                f"{{{allowed.XLINK}}}title",
                f"{{{allowed.XLINK}}}show",
                "target",
                "download",
            ):
                child.attrib.pop(key, None)
            yield child
        elif name in allowed.ACTING or _is_html(child):
            raise ValueError(f"holds <{local[:40]}>")
        elif name == "foreignObject":
            if _name(parent) != "switch" or len(parent) < 2:
                raise ValueError("holds <foreignObject>, whose text would be lost")
            self._drop("<foreignObject>, for which it has a replacement")
            _remove(parent, child)
        else:
            self._drop("" if name is None or name in allowed.SILENT else f"<{local[:40]}>")
            _remove(parent, child)

    def _clean_attributes(self, element: etree._Element) -> None:
        for key, value in list(element.attrib.items()):
            if key in _HREFS:
                _check_address(element, value)
            elif key.lower().startswith("on"):
                raise ValueError(f"holds a handler, `{key[:40]}`")
            elif key == "style":
                self._clean_style(element, value)
            elif key in _KEPT_XML or key.startswith("aria-"):
                continue
            elif key.startswith(("{", "data-")) or key in allowed.SILENT_ATTRIBUTES:
                self._drop_attribute(element, key, "")
            elif key not in allowed.ATTRIBUTES:
                self._drop_attribute(element, key, f"the attribute `{key[:40]}`")
            elif _CALL.search(value) and key in allowed.PROPERTIES and not styles.is_safe_value(value):
                raise ValueError(f"loads something from elsewhere, in `{key}`")

    def _clean_style(self, element: etree._Element, value: str) -> None:
        dropped: list[str] = []
        kept = styles.clean_declarations(value, dropped.append)
        if dropped:
            element.set("style", kept)
            self._drop(*dropped)

    def _clean_sheet(self, element: etree._Element) -> None:
        """Clean a style sheet; what is in an element inside it is no style."""
        dropped = ["an element in a style sheet" for _ in element]
        kept = styles.clean_sheet(element.text or "", dropped.append)
        if dropped:
            del element[:]
            element.text = kept
            self._drop(*dropped)

    def _drop_attribute(self, element: etree._Element, key: str, what: str) -> None:
        self._drop(what)
        del element.attrib[key]

    def _drop(self, *what: str) -> None:
        """Remember what is dropped; an empty string is something that needs no word."""
        self.changed = True
        self.dropped += filter(None, what)


def _name(element: etree._Element) -> str | None:
    """Return an element's name in SVG; None if it is of another namespace."""
    name = etree.QName(element)
    return name.localname if name.namespace == allowed.SVG else None


def _is_html(element: etree._Element) -> bool:
    return "xhtml" in (etree.QName(element).namespace or "") or etree.QName(element).namespace is None


def _remove(parent: etree._Element, child: etree._Element) -> None:
    child.tail = None
    parent.remove(child)


def _check_address(element: etree._Element, value: str) -> None:
    """Refuse an address that is neither a part of this picture nor a picture inside it."""
    if value.startswith("#"):
        return
    if _name(element) == "image" and (found := _PICTURE.match(value.strip())):
        kind = found[1].lower()
        try:
            held = base64.b64decode(re.sub(r"\s+", "", found[2]), validate=True)
        except binascii.Error:
            held = b""
        if held.startswith(allowed.PICTURES.get(kind, (b"\0",))):
            return
        raise ValueError("holds a picture that is none of the kind its address names")
    raise ValueError("loads something from elsewhere")
