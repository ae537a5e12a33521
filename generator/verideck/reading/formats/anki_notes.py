"""A note of Anki to an item, whatever its note type calls its fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verideck.cards import Kind
from verideck.reading import clozes
from verideck.reading.formats import anki_types, escapes, html_text, naming, options, verideck_notes
from verideck.reading.formats.anki_types import NoteType, Role
from verideck.reading.formats.html_text import Converted
from verideck.reading.items import Fate, Item, Lost, Markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verideck.reading.formats.ledger import Ledger

_CLOZE = re.compile(r"\{\{c(\d{1,9})::")
_MULTIPLE = re.compile(r"\{\{c\d+(?:,\d+)+::")
WITHOUT = "What is asked here?"
WITHOUT_CLOZE = "Which words are missing?"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as its file holds it, on lines `line` to `last` of what a reader sees."""

    kind: NoteType
    fields: tuple[str, ...]
    line: int
    last: int
    tags: tuple[str, ...] = ()
    deck: str = ""
    guid: str = ""
    html: bool = True


@dataclass(frozen=True, slots=True)
class _Read:
    """A note's fields by what they are for; several of one role follow each other."""

    note: Note
    roles: tuple[Role, ...]

    def texts(self, role: Role) -> list[str]:
        pairs = zip(self.roles, self.note.fields, strict=False)
        return [text for found, text in pairs if found is role and text.strip()]

    def converted(self, role: Role, *, cloze: bool = False) -> Converted:
        made = [convert(text, self.note, cloze=cloze) for text in self.texts(role)]
        return Converted(
            tuple(block for one in made for block in one.blocks),
            tuple(name for one in made for name in one.images),
            sum(one.sounds for one in made),
            tuple(dict.fromkeys(what for one in made for what in one.left_out)),
        )


def convert(text: str, note: Note, *, cloze: bool = False) -> Converted:
    """Convert a field as its file says it is written."""
    if note.html or cloze:
        return html_text.convert(text if note.html else escapes.as_html(text), cloze=cloze)
    made = escapes.prose(text)
    return Converted(tuple(made.split("\n\n")) if made else ())


def item(note: Note, ledger: Ledger) -> Item | None:
    """Make a note's item, or report why none can be made; its lines are claimed either way."""
    if reason := _refused(note):
        ledger.skip(note.line, *reason, last=note.last)
        return None
    if verideck_notes.is_ours(note.kind.fields):
        made = verideck_notes.item(note.fields, note.kind, note.line, ledger)
    elif note.kind.cloze:
        made = _cloze(note, ledger)
    else:
        made = _plain(note, ledger)
    if made is None:
        return None
    ledger.claim(Fate.CARD, note.line, note.last)
    identity = made.id or (naming.from_guid(note.guid) if note.guid else None)
    deck = naming.deck(note.deck.split("::"))
    return replace(made, id=identity, tags=naming.tags((*note.tags, *made.tags)), deck=deck)


def _refused(note: Note) -> tuple[str, str] | None:
    if len(note.fields) > anki_types.MAX_FIELDS:
        most = anki_types.MAX_FIELDS
        return f"a note with over {most:,} fields, expected at most {most:,}", "divide it into several notes"
    everything = "".join(note.fields)
    if not everything.strip():
        return "an empty note", "delete it in Anki"
    name = note.kind.name.lower()
    if note.kind.occlusion or "image occlusion" in name or "image-occlusion:" in everything:
        return (
            "an image occlusion: what it asks is drawn on its picture",
            "ask it in words, or keep this note in Anki",
        )
    if note.kind.cloze and _MULTIPLE.search(everything):
        return "a cloze with several numbers", "give each number a cloze of its own in Anki"
    return None


def _cloze(note: Note, ledger: Ledger) -> Item | None:
    roles = tuple(
        Role.QUESTION if _CLOZE.search(text) else Role.EXPLANATION if role is Role.QUESTION else role
        for role, text in zip(_padded(anki_types.roles(note.kind), note), note.fields, strict=True)
    )
    read = _Read(note, roles)
    text = read.converted(Role.QUESTION, cloze=True)
    question, body = text.divided(WITHOUT_CLOZE)
    found, faults = clozes.scan(f"{question}\n\n{body}")
    wanted = {int(number) for one in read.texts(Role.QUESTION) for number in _CLOZE.findall(one)}
    if not wanted:
        ledger.skip(note.line, "a cloze note without a cloze", "write `{{c1::text}}` in Anki", last=note.last)
        return None
    if faults or wanted != {one.number for one in found}:
        message = faults[0].message if faults else "a cloze inside code"
        ledger.skip(note.line, f"cannot read this cloze note: {message}", "write it anew", last=note.last)
        return None
    _tell(read, ledger, text)
    return _finished(read, Item(ledger.layout, note.line, Kind.CLOZE, question, body=body), ledger)


def _padded(roles: Sequence[Role], note: Note) -> list[Role]:
    return [*roles, *[Role.EXPLANATION] * len(note.fields)][: len(note.fields)]


def _plain(note: Note, ledger: Ledger) -> Item | None:
    roles = tuple(_padded(anki_types.roles(note.kind), note))
    read = _Read(note, roles)
    text = read.converted(Role.QUESTION)
    question, body = text.divided(WITHOUT)
    if not question:
        reason = "a sound alone" if text.sounds else "no text"
        ledger.skip(note.line, f"a note whose question holds {reason}", "write the question", last=note.last)
        return None
    _tell(read, ledger, text)
    made = Item(ledger.layout, note.line, Kind.RECALL, question, body=body)
    if Role.OPTION in roles or Role.OPTIONS in roles:
        chosen = _choice(read, made, ledger)
        if chosen is not None:
            return _finished(read, chosen, ledger)
    return _finished(read, _answered(read, made, ledger), ledger)


def _answered(read: _Read, made: Item, ledger: Ledger) -> Item:
    """Fill in the answer of a recall or a typed card."""
    answer = read.converted(Role.ANSWER)
    _tell(read, ledger, answer)
    if not answer.blocks:
        ledger.warn(read.note.line, "a note without an answer", "write the answer")
        return replace(made, lost=(Lost.ANSWER,))
    first = read.note.kind.templates[0] if read.note.kind.templates else None
    if first and first.typed and len(answer.blocks) == 1 and "\n" not in answer.text:
        plain = " ".join(html_text.plain(text) for text in read.texts(Role.ANSWER))
        return replace(made, kind=Kind.TYPED, accepted=(escapes.words(plain),))
    decides = anki_types.reversed_too(read.note.kind)
    given = dict(zip(read.note.kind.fields, read.note.fields, strict=False))
    both = decides == "yes" or bool(decides and given.get(decides, "").strip())
    return replace(made, answer=answer.text, reverse=both)


def _choice(read: _Read, made: Item, ledger: Ledger) -> Item | None:
    """Fill in options and key; None where the note's fields for them are empty."""
    fields = dict(_option_fields(read))
    written = [convert(text, read.note) for text in fields.values()]
    texts = [one.inline for one in written]
    for text in read.texts(Role.OPTIONS):
        texts += options.listed(convert(text, read.note).text)
    if not texts:
        return None
    for one in written:
        _tell(read, ledger, one)
    answer = " ".join(convert(text, read.note).inline for text in read.texts(Role.ANSWER))
    kinds = read.texts(Role.TYPE)
    found = options.choose(
        texts, answer, wrong=_all_wrong(fields), several=bool(kinds) and kinds[0].strip() in {"0", "1"}
    )
    filled = replace(
        made,
        kind=Kind.CHOICE,
        options=options.made(found, read.note.line),
        select_all=found.several,
        lost=() if found.ticked else (Lost.KEY,),
    )
    if not found.ticked:
        shown = f"`{answer}` names none of the options" if answer else "no answer is given"
        ledger.warn(read.note.line, f"the key is missing: {shown}", "tick the right option")
        return replace(filled, explanation=answer)
    return filled


def _option_fields(read: _Read) -> Iterator[tuple[str, str]]:
    for name, role, text in zip(read.note.kind.fields, read.roles, read.note.fields, strict=False):
        if role is Role.OPTION and text.strip():
            yield name, text


def _all_wrong(fields: Mapping[str, str]) -> bool:
    return bool(fields) and all(name.lower().startswith(("wrong", "distractor")) for name in fields)


def _finished(read: _Read, made: Item, ledger: Ledger) -> Item:
    """Add what a note of any kind may hold besides."""
    explanation, hint = read.converted(Role.EXPLANATION), read.converted(Role.HINT)
    for one in (explanation, hint):
        _tell(read, ledger, one)
    texts = [text for text in (made.explanation, explanation.text) if text]
    levels = [naming.level(html_text.plain(text)) for text in read.texts(Role.LEVEL)]
    return replace(
        made,
        explanation="\n\n".join(texts),
        explanation_line=read.note.line if texts else 0,
        hint=hint.text,
        title=" ".join(html_text.plain(text) for text in read.texts(Role.TITLE)),
        source=tuple(convert(text, read.note).inline for text in read.texts(Role.SOURCE)),
        level=next((level for level in levels if level), ""),
        tags=tuple(word for text in read.texts(Role.TAGS) for word in text.split()),
        markup=Markup.MARKDOWN,
    )


def _tell(read: _Read, ledger: Ledger, converted: Converted) -> None:
    """Say what of a field could not be carried over."""
    if converted.sounds:
        ledger.warn(read.note.line, "a sound is left out", "a card holds text and images")
    for what in converted.left_out:
        ledger.warn(read.note.line, f"left out: {what}", "put it back by hand where the card needs it")
