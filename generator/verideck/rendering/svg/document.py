"""The text of an SVG as a tree: decoded, its own entities put in, and nothing else read."""

from __future__ import annotations

import codecs
import re

from lxml import etree

MAX_LENGTH = 8_000_000  # characters, after its entities are put in
MAX_ENTITY = 400  # characters that one entity can stand for

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]*?\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
}
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*(?:\[(?P<own>.*?)\]\s*)?>", re.DOTALL)
_ENTITY = re.compile(
    r"""<!ENTITY\s+(?P<name>[A-Za-z_][\w.-]{0,60})\s+(?P<quote>["'])(?P<text>.*?)(?P=quote)\s*>""", re.DOTALL
)
_REFERENCE = re.compile(r"&([A-Za-z_][\w.-]{0,60});")
_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})


def read_svg(data: bytes) -> tuple[etree._Element, bool]:
    """Return the root of an SVG, and whether its bytes are plain: UTF-8 without a DTD and instructions.

    Raises ValueError, with what is wrong with it, for what cannot be read.
    """
    text, plain = _decode(data)
    text, expanded = _without_doctype(_DECLARATION.sub("", text, count=1))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, UnicodeError) as fault:
        reason = str(fault).splitlines()[0] if str(fault) else "no picture in it"
        raise ValueError(f"is not well-formed: {reason}") from None
    strange = [node for node in root.iter() if not isinstance(node.tag, str)]
    for node in strange:
        _remove(node)
    outside = any(node is not None for node in (root.getprevious(), root.getnext()))
    return root, plain and not expanded and not strange and not outside


def _remove(node: etree._Element) -> None:
    """Take an instruction or an entity out, and keep the text that follows it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail:
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)


def _decode(data: bytes) -> tuple[str, bool]:
    if data[:2] == b"\x1f\x8b":
        raise ValueError("is compressed; save it as plain SVG")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _text(data[len(mark) :], encoding), encoding == "utf-8"
    declared = _ENCODING.search(data[:200].split(b"?>")[0].decode("latin-1"))
    name = declared[1].lower() if declared else "utf-8"
    if name not in _ENCODINGS:
        raise ValueError(f"is written in {name}; save it as UTF-8")
    return _text(data, _ENCODINGS[name]), _ENCODINGS[name] == "utf-8"


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise ValueError(
            f"is not {encoding.upper()}: byte 0x{data[fault.start]:02x} at {fault.start}"
        ) from None


def _without_doctype(text: str) -> tuple[str, bool]:
    """Remove the document type, and put in what its entities stand for, as Illustrator writes them."""
    found = _DOCTYPE.search(text)
    if found is None:
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError("has a damaged document type")
        return text, False
    text = text[: found.start()] + text[found.end() :]
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("has a second document type")
    entities = _entities(found["own"] or "")
    return (_expand(text, entities) if entities else text), True


def _entities(own: str) -> dict[str, str]:
    entities = {one["name"]: one["text"] for one in _ENTITY.finditer(own)}
    if _ENTITY.sub("", own).strip():
        raise ValueError("defines more than plain entities in its document type")
    for name, value in entities.items():
        if len(value) > MAX_ENTITY or any(letter in value for letter in "&%<"):
            raise ValueError(f"defines an entity, `{name}`, that is more than a short text")
    return entities


def _expand(text: str, entities: dict[str, str]) -> str:
    counts = {name: text.count(f"&{name};") for name in entities}
    if len(text) + sum(count * len(entities[name]) for name, count in counts.items()) > MAX_LENGTH:
        raise ValueError(f"has over {MAX_LENGTH:,} characters when its entities are put in")
    return _REFERENCE.sub(lambda one: one[0] if one[1] in _XML else entities.get(one[1], one[0]), text)
