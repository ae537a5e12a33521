"""CSV and TSV as Anki exports it, `#separator:tab` and its like above the notes; or with a row of names."""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from verideck.reading.formats import anki_notes, anki_types, ledger, naming
from verideck.reading.formats.anki_types import NoteType, Role, Template
from verideck.reading.items import Fate, Item, Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LAYOUT = "anki text"
_SEPARATORS: Mapping[str, str] = {
    "comma": ",", "semicolon": ";", "tab": "\t", "space": " ", "pipe": "|", "colon": ":",
}  # fmt: skip
_HEADER = re.compile(r"#([a-z][a-z ]*):(.*)", re.IGNORECASE)
_COLUMNS = frozenset(f"{name} column" for name in ("notetype", "deck", "tags", "guid"))
_KNOWN = _COLUMNS | {"separator", "html", "tags", "columns", "notetype", "deck", "if matches"}
_TAGGED = re.compile(
    r"</?[a-z][a-z0-9]*(?: [^<>]*)?/?>|&(?:nbsp|lt|gt|amp|quot|#\d+);|\[sound:", re.IGNORECASE
)
_CLOZE = re.compile(r"\{\{c\d+::")
_SAMPLE = 50  # records that decide on the separator
_LONGEST = 5_000  # characters of each


@dataclass(slots=True)
class _Header:
    """What the lines above the notes say."""

    lines: int = 0
    separator: str = ""
    html: bool | None = None
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    kind: str = ""
    deck: str = ""
    columns: dict[str, int] = field(default_factory=dict)  # of tags, deck, notetype, guid; from 0


@dataclass(frozen=True, slots=True)
class _Record:
    first: int
    last: int
    values: tuple[str, ...]


def read(data: bytes, path: str) -> Page:
    """Read a file of notes; nothing that it holds makes this raise."""
    text, problems = ledger.decode(data, path)
    if text is None:
        return ledger.unread(path, LAYOUT, problems)
    lines = text.split("\n")
    book = ledger.Ledger(lines, path, LAYOUT, problems)
    header = _header(lines, book)
    separator = header.separator or _separator(lines[header.lines :], path)
    records = list(_records(lines, header.lines, separator, book))
    if header.html is None:
        header.html = any(_TAGGED.search(value) for record in records for value in record.values)
    if records and not header.names and not header.columns and (names := _named(records[0])):
        header.names = names
        book.claim(Fate.NOISE, records[0].first, records[0].last)
        records = records[1:]
        _special(header)
    read_each = (
        book.attempt(partial(_item, record, header, book), "note", record.first, record.last)
        for record in records
    )
    items = [made for made in read_each if made is not None]
    if not records and not book.problems:
        book.error(1, "no notes in this file", "export notes from Anki as plain text")
    return book.page(naming.deck(header.deck.split("::")) or naming.title(path), items)


def begins(text: str) -> bool:
    """Tell whether a file's first lines are those of Anki's export."""
    found = _HEADER.fullmatch(text.partition("\n")[0].strip())
    return bool(found and found[1].lower() in _KNOWN)


def _header(lines: Sequence[str], book: ledger.Ledger) -> _Header:
    header = _Header()
    for number, line in enumerate(lines, 1):
        if not line.startswith("#"):
            break
        header.lines = number
        book.claim(Fate.NOISE, number)
        found = _HEADER.fullmatch(line)
        if not found or found[1].lower().strip() not in _KNOWN:
            continue  # a comment, as Anki has it
        _take(found[1].lower().strip(), found[2].strip(), header)
    return header


def _take(key: str, value: str, header: _Header) -> None:
    match key.split():
        case ["separator"]:
            header.separator = _SEPARATORS.get(value.lower(), value[:1])
        case ["html"]:
            header.html = value.lower() == "true"
        case ["tags"]:
            header.tags = tuple(value.split())
        case ["columns"]:
            divider = header.separator or next((one for one in "\t;," if one in value), ",")
            header.names = tuple(next(csv.reader([value], delimiter=divider), ()))
        case ["notetype"]:
            header.kind = value
        case ["deck"]:
            header.deck = value
        case [what, "column"] if value.isascii() and value.isdigit() and 0 < int(value[:6]) < 1000:
            header.columns[what] = int(value[:6]) - 1
        case _:
            pass


def _separator(lines: Sequence[str], path: str) -> str:
    """Find the separator that divides most of the first records into equally many values."""
    sample = [line[:_LONGEST] for line in itertools.islice(filter(str.strip, lines), _SAMPLE)]
    best, most = "\t" if path.lower().endswith(".tsv") else ",", 0
    for separator in ("\t", ";", ",", "|"):
        counts = [len(row) for row in csv.reader(sample, delimiter=separator)]
        common = max(set(counts), key=counts.count) if counts else 1
        agreeing = counts.count(common) if common > 1 else 0
        if agreeing > most:
            best, most = separator, agreeing
    return best


def _records(lines: Sequence[str], above: int, separator: str, book: ledger.Ledger) -> Iterator[_Record]:
    """Divide a file into records, each over one line or, inside quotation marks, over several."""
    before = csv.field_size_limit(max(1_000_000, sum(map(len, lines)) + len(lines)))
    try:
        yield from list(_divided(lines, above, separator, book))
    finally:
        csv.field_size_limit(before)


def _divided(lines: Sequence[str], above: int, separator: str, book: ledger.Ledger) -> Iterator[_Record]:
    reader = csv.reader((f"{line}\n" for line in lines[above:]), delimiter=separator, strict=True)
    while True:
        first = above + reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            last = above + reader.line_num
            hint = 'a quotation mark inside a value is doubled: `"a ""word"""`'
            if "unexpected end" in str(fault):
                book.error(first, "a quotation mark that is never closed", hint, min(last, len(lines)))
                return
            book.error(first, "a quotation mark in the middle of a value", hint, last)
            continue
        last = above + reader.line_num
        if any(value.strip() for value in values):
            yield _Record(first, last, tuple(values))
        elif any(line.strip() for line in lines[first - 1 : last]):
            book.claim(Fate.NOISE, first, last)  # separators alone


def _named(record: _Record) -> tuple[str, ...]:
    """Give the first record's values if they are names of fields."""
    names = tuple(value.strip() for value in record.values)
    known = [anki_types.role(name) for name in names]
    certain = {Role.QUESTION, Role.ANSWER, Role.OPTIONS} & set(known)
    short = all(len(name) < 40 for name in names)
    return (
        names
        if short and len(names) > 1 and Role.QUESTION in known and (len(certain) > 1 or Role.OPTION in known)
        else ()
    )


def _special(header: _Header) -> None:
    """Take columns that a header row calls tags, deck or guid for what they are."""
    for place, name in enumerate(header.names):
        if name.lower() in {"tags", "deck", "guid", "notetype", "note type"}:
            header.columns.setdefault(name.lower().replace(" ", ""), place)


def _item(record: _Record, header: _Header, book: ledger.Ledger) -> Item | None:
    """Make a record's item."""
    special = set(header.columns.values())
    own = [(place, value) for place, value in enumerate(record.values) if place not in special]
    fields = tuple(value for _, value in own)

    def column(name: str) -> str:
        place = header.columns.get(name, -1)
        return record.values[place].strip() if 0 <= place < len(record.values) else ""

    kind = _kind(column("notetype") or header.kind, [place for place, _ in own], fields, header)
    note = anki_notes.Note(
        kind,
        fields,
        record.first,
        record.last,
        (*column("tags").split(), *header.tags),
        column("deck") or header.deck,
        column("guid"),
        html=bool(header.html),
    )
    return anki_notes.item(note, book)


def _kind(name: str, places: Sequence[int], fields: Sequence[str], header: _Header) -> NoteType:
    """Make a note type of what the file says: fields' names where it has them, else their order."""
    cloze = bool(_CLOZE.search("".join(fields)))
    if header.names:
        named = tuple(header.names[place] if place < len(header.names) else "" for place in places)
        return NoteType(name, named, (), cloze)
    names = ("Text", "Back Extra") if cloze else ("Front", "Back")
    named = (*names, *("Extra" for _ in fields[2:]))[: len(fields)]
    sides: tuple[Template, ...] = ()
    if not cloze and len(fields) > 1:
        one = Template(("Front",), ("Back",), "Back" if "type in" in name.lower() else "")
        two = (Template(("Back",), ("Front",)),) if "reversed" in name.lower() else ()
        sides = (one, *two)
        if "optional" in name.lower() and len(named) > 2:
            named = ("Front", "Back", "Add Reverse", *named[3:])
    return NoteType(name, named, sides, cloze)
