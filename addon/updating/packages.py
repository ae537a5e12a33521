"""Opens a package with the real Anki, in a temporary collection of its own: every format that it can read."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any

from anki.collection import Collection
from anki.dbproxy import DBProxy  # noqa: TC002 - a name of Anki that is imported with it anyway

from . import anki_import, comparing, manifest, meta, package_check, safe_fields
from .manifest import Manifest
from .meta import Shipped
from .note_types import NoteType  # noqa: TC001 - a dataclass below names it
from .plan import RETIRED

if TYPE_CHECKING:
    from .looking import Looked

MOST_NOTES = 200_000
MOST_FIELD = 2_000_000  # characters
_NO_DECK = "The package holds no deck of Verideck: import it as usual."


@dataclass(frozen=True, slots=True)
class PackageNote:
    """A note of a package: its fields by name in the order of its note type, and where it lives."""

    guid: str
    id: int
    note_type: int
    mod: int
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    home: str  # the name of the deck
    cards: frozenset[int]  # their ordinals

    @property
    def meta(self) -> Shipped:
        """Give what the next comparison is to start from: hashes of the fields as they are in the package."""
        own = meta.read(self.fields["Meta"])
        hashes = {name: meta.digest(text) for name, text in self.fields.items() if text and name != "Meta"}
        if own is None:
            return Shipped("", self.home, frozenset(self.tags), hashes)
        if dict(own.fields) != hashes or comparing.clean(own.tags) != comparing.clean(self.tags):
            return Shipped(own.namespace, self.home, frozenset(self.tags), hashes)
        return replace(own, retired=None)


@dataclass(slots=True)
class Package:
    """A package that was read: unpacked in a temporary folder until it is closed."""

    path: Path
    manifest: Manifest
    complete: bool  # a manifest told what the deck had before
    notes: Mapping[str, PackageNote]
    note_types: Mapping[int, NoteType]
    retired: frozenset[str]
    problems: tuple[str, ...]
    _folder: tempfile.TemporaryDirectory[str] = field(repr=False)
    looked: Looked | None = field(default=None, repr=False)  # kept by `looking.look`

    @property
    def media(self) -> Path:
        """Give the folder of its media files."""
        return Path(self._folder.name) / "package.media"

    @contextlib.contextmanager
    def collection(self) -> Iterator[Collection]:
        """Open its collection; what is done to it goes when the package is closed."""
        col = Collection(str(Path(self._folder.name) / "package.anki2"))
        try:
            yield col
        finally:
            col.close()

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        """Give a folder for files that are needed for a moment."""
        with tempfile.TemporaryDirectory(dir=self._folder.name) as folder:
            yield Path(folder)

    def close(self) -> None:
        """Delete what was unpacked."""
        self._folder.cleanup()

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def db(col: Collection) -> DBProxy:
    """Give the database of an open collection."""
    if col.db is None:
        raise ValueError("The collection is closed.")
    return col.db


def read_package(path: str | Path) -> Package:
    """Read a package of Verideck; to be closed, as by `with`.

    Raises ValueError with a message for a person where the file is no package, is damaged or too large, or
    holds no deck of Verideck.
    """
    path = Path(path)
    said = manifest.read(path)
    folder = tempfile.TemporaryDirectory(prefix="verideck-update-")
    try:
        return _unpacked(path, said, folder)
    except BaseException:
        folder.cleanup()
        raise


def _unpacked(path: Path, said: Manifest | None, folder: tempfile.TemporaryDirectory[str]) -> Package:
    try:
        package_check.check(path, Path(folder.name))
    except OSError as fault:
        raise ValueError(f"There is no room to unpack the package: {fault}") from fault
    try:
        col = Collection(str(Path(folder.name) / "package.anki2"))
    except Exception as fault:
        raise ValueError(f"There is no room to unpack the package: {fault}") from fault
    try:
        try:
            anki_import.plainly(col, path)
        except Exception as fault:  # whatever Anki says of a file that it cannot import
            raise ValueError(f"Anki cannot read this package: {fault}") from fault
        note_types = {
            one["id"]: one
            for one in col.models.all()
            if {"ID", "Question", "Meta"} <= {field["name"] for field in one["flds"]}
        }
        unsafe = safe_fields.make_safe(db(col), note_types)
        found = _notes(col, note_types)
    finally:
        with contextlib.suppress(Exception):
            col.close()
    return _sorted_out(path, said, found, note_types, folder, unsafe)


def _notes(col: Collection, note_types: Mapping[int, NoteType]) -> list[PackageNote]:
    """Read the notes that have a Meta, each with the deck of its first card."""
    database = db(col)
    decks = {deck.id: deck.name for deck in col.decks.all_names_and_ids()}
    home: dict[int, str] = {}
    cards: dict[int, set[int]] = {}
    for nid, did, ordinal in database.execute("select nid, did, ord from cards order by ord"):
        home.setdefault(nid, decks.get(did, "Default"))
        cards.setdefault(nid, set()).add(ordinal)
    (count,) = database.first("select count() from notes") or (0,)
    if count > MOST_NOTES:
        raise ValueError(f"The package has {count:,} notes, more than a deck has.")
    found = []
    for one, note_type in note_types.items():
        names = [field["name"] for field in note_type["flds"]]
        for nid, guid, mod, tags, flds in database.execute(
            "select id, guid, mod, tags, flds from notes where mid = ? order by id", one
        ):
            texts = flds.split("\x1f")
            if len(texts) != len(names) or max(map(len, texts)) > MOST_FIELD:
                raise ValueError("The package has a note that is damaged or far too large.")
            fields = MappingProxyType(dict(zip(names, texts, strict=True)))
            own = meta.read(fields["Meta"])
            deck = own.deck if own else home.get(nid, "Default")
            ordinals = frozenset(cards.get(nid, ()))
            found.append(PackageNote(guid, nid, one, mod, fields, tuple(tags.split()), deck, ordinals))
    return found


def _sorted_out(
    path: Path,
    said: Manifest | None,
    found: list[PackageNote],
    note_types: Mapping[int, NoteType],
    folder: tempfile.TemporaryDirectory[str],
    unsafe: int = 0,
) -> Package:
    """Keep the notes of the one deck that the package is of; say which are left alone."""
    spaces = {note.guid: shipped.namespace for note in found if (shipped := meta.read(note.fields["Meta"]))}
    counted = Counter(spaces.values())
    namespace = said.namespace if said else max(counted, key=lambda one: (counted[one], one), default="")
    own = {note.guid: note for note in found if spaces.get(note.guid) == namespace}
    if not own and not (said and said.retired):
        raise ValueError(_NO_DECK)
    problems = [safe_fields.problem(unsafe)] if unsafe else []
    if others := len(found) - len(own):
        problems.append(
            f"Left alone in this package: {others:,} note{'s' if others > 1 else ''} of other decks."
            " Import the package as usual to have what is not of this deck."
        )
    # In a copy of a learner's or publisher's collection, what was retired there is still a note.
    gone = {guid for guid, note in own.items() if RETIRED in note.tags}
    retired = frozenset(gone | (set(said.retired or ()) if said else set())) - (set(own) - gone)
    notes = {guid: note for guid, note in own.items() if guid not in gone}
    if said is None:
        title = _common([note.home for note in notes.values()])
        said = Manifest(namespace, title, date=max((note.mod for note in notes.values()), default=0))
    complete = said.retired is not None
    if not complete:
        problems.append(
            "The package does not say which cards its deck no longer has: those stay in your collection."
        )
    return Package(
        path, said, complete, MappingProxyType(notes), note_types, retired, tuple(problems), folder
    )


def _common(homes: list[str]) -> str:
    """Name a deck by what the homes of its notes have in common."""
    split: Callable[[str], list[str]] = lambda home: home.split("::")  # noqa: E731 - one line, used once
    first, last = (split(pick(homes, default="Deck")) for pick in (min, max))
    common: list[Any] = []
    for one, other in zip(first, last, strict=False):
        if one != other:
            break
        common.append(one)
    return "::".join(common) or first[0]
