"""An existing `.apkg` or `.colpkg`: each of its notes is a line of the page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from verideck.cards import Location
from verideck.problems import error
from verideck.reading.formats import anki_archive, anki_collection, anki_notes, html_text, naming
from verideck.reading.formats.anki_archive import Archive, ArchiveError
from verideck.reading.formats.anki_database import CollectionError
from verideck.reading.formats.ledger import Ledger, unread

if TYPE_CHECKING:
    from collections.abc import Iterable

    from verideck.reading.formats.anki_collection import Row
    from verideck.reading.items import Item, Page

LAYOUT = "anki package"
SUSPENDED = "suspended"
_LONGEST = 200  # characters of a note that its line shows


def read(data: bytes, path: str) -> Page:
    """Read a package's notes; nothing that it holds makes this raise."""
    try:
        archive = anki_archive.unpack(data)
        rows = anki_collection.read(archive.collection)
    except ArchiveError as fault:
        return unread(path, LAYOUT, (error(Location(path), fault.message, fault.hint),))
    except CollectionError as fault:
        hint = "export the deck from Anki again"
        return unread(path, LAYOUT, (error(Location(path), f"cannot read the collection: {fault}", hint),))
    ledger = Ledger([_shown(row) for row in rows], path, LAYOUT)
    items: list[Item] = []
    for line, row in enumerate(rows, 1):
        tags = (*row.tags, SUSPENDED) if row.suspended else row.tags
        note = anki_notes.Note(row.kind, row.fields, line, line, tags, row.deck, row.guid)
        made = ledger.attempt(partial(anki_notes.item, note, ledger), "note", line)
        if made is not None:
            items.append(made)
    if not rows:
        ledger.problems.append(
            error(Location(path), "a package without notes", "export a deck that has some")
        )
    media = tuple(_media(archive, items, ledger))
    return ledger.page(_title(rows, path), items, media)


def _shown(row: Row) -> str:
    first = next((text for field in row.fields if (text := html_text.plain(field[:2000]))), "")
    return first[:_LONGEST] or f"({row.kind.name or 'note'})"


def _title(rows: Iterable[Row], path: str) -> str:
    """Take the deck that holds all others, else the file's name."""
    tops = {row.deck.partition("::")[0] for row in rows}
    return naming.deck(tops) if len(tops) == 1 and naming.deck(tops) else naming.title(path)


def _media(archive: Archive, items: Iterable[Item], ledger: Ledger) -> Iterable[tuple[str, bytes]]:
    """Read the images that items name, each once; one that cannot be had is reported."""
    found: dict[str, bytes | str] = {}
    for item in items:
        for name in named(item):
            if name not in found:
                found[name] = archive.image(name)
            if isinstance(reason := found[name], str):
                ledger.warn(item.line, f"no image `{name[:60]}`: {reason}", "put the file beside the source")
    return [(name, data) for name, data in found.items() if isinstance(data, bytes)]


def named(item: Item) -> tuple[str, ...]:
    """Give the images that an item's texts name."""
    from verideck.reading import images

    texts = (item.question, item.body, item.answer, item.explanation, item.hint, item.mistake, item.takeaway)
    more = (text for option in item.options for text in (option.text, option.reason))
    whole = "\n\n".join((*texts, *more))
    return tuple(dict.fromkeys(one.target for one in images.scan(whole)[0])) if "](" in whole else ()
