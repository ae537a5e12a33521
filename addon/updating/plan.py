"""The vocabulary of a deck update: what would happen, what the learner chose, what was done.

    with read_package(path) as package:      # packages.py; ValueError with a message for a person
        plan = planned(col, package)         # planning.py; reads only
        report = apply(col, package, plan, Choices.usual(plan))   # applying.py; one undoable step

Texts of fields are HTML as Anki keeps it; whatever is called a question is plain text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

RETIRED = "verideck::retired"
"""The tag of notes that their deck no longer has."""


class Decision(Enum):
    """What becomes of a field that differs between the collection and the package."""

    TAKE = "take"  # as it was shipped, and the deck changed it: the deck's arrives
    KEEP = "keep"  # the learner changed it, and the deck did not: the learner's stays
    CONFLICT = "conflict"  # both changed it: the learner's stays unless chosen otherwise


class Standing(Enum):
    """How a package stands to what the collection has of its deck."""

    ABSENT = "absent"  # the collection has no note of the deck: a plain import is what is wanted
    NEWER = "newer"
    SAME = "same"  # nothing would change
    OLDER = "older"  # the collection has a later version: to be asked before anything is applied
    UNKNOWN = "unknown"  # nothing tells which of the two is later


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs; `mine` is the collection's text, `theirs` the package's."""

    name: str
    mine: str
    theirs: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class ChangedNote:
    """A note of the collection whose fields or tags differ from the package's.

    `fields` holds those that people read, in the order of the note type. `holds` names further fields that
    stay as they are where a conflict is decided for the learner's text: they would not fit it. `emptied` are
    cards that the deck asks no more: with its texts they stay, empty.
    """

    note_id: int
    guid: str
    question: str
    fields: tuple[FieldChange, ...]
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    emptied: tuple[int, ...] = ()

    @property
    def conflicts(self) -> tuple[FieldChange, ...]:
        """Give the fields that both changed."""
        return tuple(one for one in self.fields if one.decision is Decision.CONFLICT)

    @property
    def kept(self) -> tuple[FieldChange, ...]:
        """Give the fields in which the learner's own text stays whatever is chosen."""
        return tuple(one for one in self.fields if one.decision is Decision.KEEP)

    @property
    def taken(self) -> tuple[FieldChange, ...]:
        """Give the fields in which the deck's text arrives."""
        return tuple(one for one in self.fields if one.decision is Decision.TAKE)


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note that the collection lacks. `deleted`: the learner deleted it; it is added only if chosen."""

    guid: str
    question: str
    deck: str  # where its cards will be, by the learner's names
    fields: tuple[tuple[str, str], ...]  # names and texts of those that people read and that are filled
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class MovedNote:
    """A note whose cards the deck keeps elsewhere now, and which the learner had not moved."""

    note_id: int
    guid: str
    question: str
    cards: tuple[int, ...]
    before: str  # deck names, the learner's
    after: str


@dataclass(frozen=True, slots=True)
class RetiredNote:
    """A note that the deck no longer has. `untouched`: never reviewed, not edited: it may be deleted."""

    note_id: int
    guid: str
    question: str
    cards: tuple[int, ...]  # those to suspend
    untouched: bool


@dataclass(frozen=True, slots=True)
class RevivedNote:
    """A note that had been retired and that the deck has again."""

    note_id: int
    guid: str
    question: str
    cards: tuple[int, ...]  # those that retiring suspended and that are suspended still


@dataclass(frozen=True, slots=True)
class NoteTypeFault:
    """A note type that the learner changed: what is different, and what follows from it.

    `blocking`: fields of ours are gone, so that its notes are left as they are and none is added.
    Else its notes are updated and added by the names of fields, and its templates stay the learner's.
    """

    note_type: str
    message: str  # what is different
    hint: str  # what follows, and what to do
    notes: int  # how many notes of the deck it concerns
    blocking: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update would do.

    Each note that both sides have is in one of `changed`, `conflicts` and `edited`, or counts as unchanged.
    `changed`: something of the deck's arrives, and own edits in other fields of the note stay; `conflicts`:
    both changed one field or more; `edited`: only the learner changed it, nothing arrives. `moved`, `retired`
    and `revived` name notes besides. `media` are files in the media folder that no note refers to any more.
    """

    title: str
    namespace: str
    version: str  # of the package; empty where it does not say
    installed: str  # of the collection; empty where nothing tells
    standing: Standing
    new: tuple[NewNote, ...] = ()
    changed: tuple[ChangedNote, ...] = ()
    conflicts: tuple[ChangedNote, ...] = ()
    edited: tuple[ChangedNote, ...] = ()
    moved: tuple[MovedNote, ...] = ()
    retired: tuple[RetiredNote, ...] = ()
    revived: tuple[RevivedNote, ...] = ()
    unchanged: int = 0
    media: tuple[str, ...] = ()
    note_types: tuple[NoteTypeFault, ...] = ()
    problems: tuple[str, ...] = ()  # sentences for a person
    templates: bool = False  # the cards' templates or styling become those of the package
    stamp: int = 0  # of the collection when the plan was made: `apply` refuses another
    silent: tuple[int, ...] = ()  # notes in which only what programs read is brought up to date

    @property
    def empty(self) -> bool:
        """Tell whether nothing would be written."""
        arriving = any(not one.deleted for one in self.new)
        touched = (self.changed, self.conflicts, self.moved, self.retired, self.revived, self.media)
        return not (arriving or self.templates or any(touched) or self.silent)


class Retire(Enum):
    """What is done with retired notes."""

    SUSPEND = "suspend"  # and tag
    DELETE = "delete"  # those that are untouched; the others are suspended and tagged
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the learner chose."""

    take: frozenset[tuple[int, str]] = field(
        default=frozenset()
    )  # note id and field of conflicts for the deck's text
    skip: frozenset[str] = field(default=frozenset())  # guids of new notes that are not to be added
    retire: Retire = Retire.SUSPEND
    clean: bool = True  # media

    @classmethod
    def usual(cls, plan: Plan) -> Choices:
        """Give what holds unless chosen otherwise: own texts stay, what was deleted stays deleted."""
        return cls(skip=frozenset(one.guid for one in plan.new if one.deleted))


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, by note id; `media` counts files."""

    added: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()  # the deck's fields or tags arrived
    kept: tuple[int, ...] = ()  # own text stayed in at least one field
    moved: tuple[int, ...] = ()
    retired: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    revived: tuple[int, ...] = ()
    emptied: tuple[int, ...] = ()  # a card of theirs is empty now
    media: int = 0
    problems: tuple[str, ...] = ()


Progress = Callable[[str, int, int], bool]
"""Called with what is done now, how much of it, and of how much.

False cancels, while nothing is written yet; it is called from the thread that plans or applies.
"""


class Cancelled(Exception):  # noqa: N818 - not a fault
    """The learner cancelled; nothing was written."""


class UpdateError(Exception):
    """An update failed, and the collection is as it was; the message is for a person."""
