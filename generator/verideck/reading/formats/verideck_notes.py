"""Notes that Verideck made, read back from their fields; checks are in the deck's sources alone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import lxml.html
from lxml import etree

from verideck.cards import LEVELS, Kind
from verideck.reading import names
from verideck.reading.formats import escapes, html_text
from verideck.reading.items import Item, ItemOption, Lost, Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verideck.reading.formats.anki_types import NoteType
    from verideck.reading.formats.ledger import Ledger

_OURS = (
    "ID",
    "Question",
    "Options",
    "Answer",
    "Typed",
    "Hint",
    "Why",
    "Mistake",
    "Takeaway",
    "Steps",
    "Source",
)
_LEVEL = re.compile(r"\blevel-(\d)")


def is_ours(fields: Sequence[str]) -> bool:
    """Tell whether a note type's fields are Verideck's."""
    return tuple(fields[: len(_OURS)]) == _OURS


def item(written: Sequence[str], kind: NoteType, line: int, ledger: Ledger) -> Item | None:
    """Read a note back: the first of its variants, and no checks."""
    fields = dict(zip(kind.fields, written, strict=False))
    question = _tree(fields.get("Question", ""))
    level = _LEVEL.search(_taken(question, "p", "level")[0])
    heading = html_text.convert(_taken(question, "p", "heading")[1], cloze=kind.cloze).inline
    if not heading:
        ledger.skip(line, "a note of Verideck's without a question", "build the deck anew")
        return None
    made = Item(
        ledger.layout,
        line,
        Kind.CLOZE if kind.cloze else Kind.RECALL,
        heading,
        body=html_text.convert(_inside(question), cloze=kind.cloze).text,
        level=LEVELS[int(level[1]) - 1] if level and 0 < int(level[1]) <= len(LEVELS) else "",
        id=_identity(fields.get("ID", "")),
        hint=_section(fields, "Hint", "summary"),
        explanation=_section(fields, "Why"),
        mistake=_section(fields, "Mistake"),
        takeaway=_section(fields, "Takeaway"),
        source=_source(fields.get("Source", "")),
        reverse=bool(fields.get("Reverse", "").strip()),
        markup=Markup.MARKDOWN,
    )
    if "data-v" in "".join(written):
        ledger.warn(line, "a varying card: its first variant is read", "its sources hold the others")
    return made if kind.cloze else _answered(made, fields, ledger)


def _answered(made: Item, fields: Mapping[str, str], ledger: Ledger) -> Item:
    answer = fields.get("Answer", "")
    if fields.get("Options", "").strip():
        options = _options(answer, made.line)
        several = len([one for one in options if one.ticked]) > 1 or "instruction" in fields["Options"]
        return replace(made, kind=Kind.CHOICE, options=options, select_all=several)
    if fields.get("Typed", "").strip():
        tree = _tree(answer)
        _taken(tree, "span", "label")
        texts = [html_text.convert(_inside(one)).inline for one in tree.iter("p", "span") if _shows_one(one)]
        accepted = tuple(dict.fromkeys(text for text in texts if text))
        return replace(made, kind=Kind.TYPED, accepted=accepted or (escapes.words(fields["Typed"]),))
    text = html_text.convert(answer).text
    if not text:
        ledger.warn(made.line, "a note without an answer", "write the answer")
    return replace(made, answer=text, lost=() if text else (Lost.ANSWER,))


def _shows_one(element: etree._Element) -> bool:
    """Tell whether an element of a typed card's answer holds one accepted answer."""
    parent = element.getparent()
    beside = parent is not None and parent.get("class") == "also"
    return element.get("class") == "accepted" or (element.tag == "span" and beside)


def _options(answer: str, line: int) -> tuple[ItemOption, ...]:
    found: list[tuple[int, ItemOption]] = []
    for one in _tree(answer).iter("li"):
        number = one.get("data-option") or ""
        if not number.isascii() or not number.isdigit() or len(number) > 4:
            continue
        _taken(one, "span", "mark")
        reason = html_text.convert(_taken(one, "div", "reason")[1]).text
        text = html_text.convert(_inside(one)).inline
        ticked = "right" in (one.get("class") or "").split()
        found.append((int(number), ItemOption(text, line, ticked=ticked, reason=reason)))
    return tuple(option for _, option in sorted(found, key=lambda pair: pair[0]))


def _section(fields: Mapping[str, str], name: str, label: str = "h3") -> str:
    tree = _tree(fields.get(name, ""))
    _taken(tree, label, "" if label == "summary" else "label")
    return html_text.convert(_inside(tree)).text


def _source(text: str) -> tuple[str, ...]:
    tree = _tree(text)
    _taken(tree, "p", "licence")
    _taken(tree, "span", "label")
    return tuple(part for part in (html_text.convert(_inside(tree)).inline,) if part)


def _identity(text: str) -> str | None:
    name = html_text.plain(text).rpartition("/")[2]
    return name if names.is_id(name) else None


def _tree(text: str) -> etree._Element:
    cleaned = escapes.cleaned(text[: html_text.MOST])
    try:
        root: etree._Element = lxml.html.fragment_fromstring(cleaned or " ", create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        root = etree.Element("div")
    return root


def _taken(tree: etree._Element, tag: str, name: str) -> tuple[str, str]:
    """Take the first element with a class out of a tree; give its classes and what it held."""
    for one in tree.iter(tag):
        parent = one.getparent()
        if parent is None or (name and name not in (one.get("class") or "").split()):
            continue
        held = (one.get("class") or "", _inside(one))
        before, tail = one.getprevious(), one.tail or ""
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(one)
        return held
    return "", ""


def _inside(tree: etree._Element) -> str:
    """Give the HTML inside an element."""
    text: str = lxml.html.tostring(tree, encoding="unicode", with_tail=False)
    return text[text.index(">") + 1 :].removesuffix(f"</{tree.tag}>")
