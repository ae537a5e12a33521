"""What is said of an update: sections of notes, sentences and plurals. Plain text throughout, and no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .plan import (
    RETIRED,
    ChangedNote,
    Choices,
    Decision,
    MovedNote,
    NewNote,
    Plan,
    Retire,
    RetiredNote,
    RevivedNote,
    Standing,
)

Row = ChangedNote | NewNote | MovedNote | RetiredNote | RevivedNote | str
"""A line of a section's table: a note, or the name of a file."""


@dataclass(frozen=True, slots=True)
class Section:
    """Notes that meet the same end: its key, its name, what becomes of them, and what the two columns say."""

    key: str
    title: str
    lead: str
    rows: Sequence[Row]
    columns: tuple[str, str]


def sections(plan: Plan) -> tuple[Section, ...]:
    """Give the sections that have something to show, those that ask something first."""
    everything = (
        Section("conflicts", "Conflicts", _CONFLICTS, plan.conflicts, ("Question", "Stays")),
        Section("new", "New", _new(plan), plan.new, ("Question", "Deck")),
        Section("changed", "Changed", _CHANGED, plan.changed, ("Question", "What changes")),
        Section("moved", "Moved", _MOVED, plan.moved, ("Question", "From → to")),
        Section("retired", "Retired", _RETIRED, plan.retired, ("Question", "You have")),
        Section("revived", "Back again", _REVIVED, plan.revived, ("Question", "Cards")),
        Section("edited", "Edited by you", _EDITED, plan.edited, ("Question", "What stays")),
        Section("media", "Unused files", _MEDIA, plan.media, ("File", "")),
    )
    return tuple(section for section in everything if section.rows)


_CONFLICTS = (
    "You and the deck both changed the same field of these notes. Your text stays unless you take the deck’s."
)
_CHANGED = "The deck’s changes arrive. What you edited elsewhere in these notes stays, and so do your tags."
_MOVED = "The deck keeps these cards elsewhere now, and you had not moved them. Their reviews stay."
_RETIRED = "The deck no longer has these notes."
_REVIVED = "The deck has these notes again. Cards that an earlier update suspended are unsuspended."
_EDITED = "You edited these notes, and the deck changed nothing there. They stay as they are."
_LOOK = (
    "The templates and the styling of the cards are brought up to date. If you have changed them, copy your"
    " changes first; a file _verideck_user.css in the media folder stays whatever is updated."
)
_MEDIA = "No note refers to these pictures of the deck any more. They are moved to the media trash."


def _new(plan: Plan) -> str:
    deleted = sum(one.deleted for one in plan.new)
    if not deleted:
        return "These notes are added. Untick those that you do not want."
    kept = "The one that you deleted stays" if deleted == 1 else f"The {deleted:,} that you deleted stay"
    return f"The ticked notes are added. {kept} deleted unless ticked."


def question(row: Row) -> str:
    """Give the first column of a section's table."""
    return row if isinstance(row, str) else row.question or "(no question)"


def detail(row: Row, choices: Choices) -> str:
    """Give the second column of a section's table."""
    match row:
        case ChangedNote():
            return _difference(row, choices)
        case NewNote():
            return f"deleted by you; {row.deck}" if row.deleted else row.deck
        case MovedNote():
            return f"{row.before} → {row.after}"
        case RetiredNote():
            return "never reviewed it" if row.untouched else "reviewed or edited it"
        case RevivedNote():
            return f"{count(len(row.cards), 'card')} unsuspended" if row.cards else "as they are"
        case _:
            return ""


def _difference(note: ChangedNote, choices: Choices) -> str:
    if note.conflicts:
        return listed(
            f"{one.name}: {'the deck’s' if (note.note_id, one.name) in choices.take else 'yours'}"
            for one in note.conflicts
        )
    names = [one.name for one in note.taken or note.kept]
    if note.tags_added or note.tags_removed:
        names.append("tags")
    if note.emptied:
        names.append(f"{count(len(note.emptied), 'card')} no longer asked")
    text = listed(names) or "details behind the card"
    return (
        f"{text} (yours stay: {listed(one.name for one in note.kept)})" if note.taken and note.kept else text
    )


def decision(one: Decision, *, taken: bool) -> str:
    """Say what becomes of a field."""
    match one:
        case Decision.TAKE:
            return "the deck’s text arrives"
        case Decision.KEEP:
            return "your text stays"
        case Decision.CONFLICT:
            return "the deck’s text arrives" if taken else "your text stays"


def tags(note: ChangedNote) -> str:
    """Say which of the deck's tags come and go."""
    parts = []
    if note.tags_added:
        parts.append(f"added: {', '.join(note.tags_added)}")
    if note.tags_removed:
        parts.append(f"removed: {', '.join(note.tags_removed)}")
    return "; ".join(parts)


def empty(note: ChangedNote) -> str:
    """Say what becomes of cards that the deck asks no more."""
    if not note.emptied:
        return ""
    cards = count(len(note.emptied), "card")
    return (
        f"The deck no longer asks {cards} of this note: left empty, with reviews, until Tools → Empty Cards…"
    )


def versions(plan: Plan) -> str:
    """Say from which version to which the deck goes."""
    if plan.installed and plan.version and plan.installed != plan.version:
        return f"Version {plan.installed} → {plan.version}"
    if not plan.version:
        return ""
    earlier = plan.standing is Standing.NEWER and not plan.installed
    return f"Version {plan.version}{'; you have an earlier one' if earlier else ''}"


def warnings(plan: Plan) -> tuple[str, ...]:
    """Say what a learner must know before anything else, worst first."""
    first: tuple[str, ...] = ()
    if plan.standing is Standing.UNKNOWN:
        first = ("Nothing tells whether this package is newer than what you have.",)
    types = tuple(
        f"{fault.note_type} ({count(fault.notes, 'note')}): {sentence(fault.message)} {sentence(fault.hint)}"
        for fault in plan.note_types
    )
    look = (_LOOK,) if plan.templates else ()
    return (*first, *types, *map(sentence, plan.problems), *look)


def idle(plan: Plan, choices: Choices) -> bool:
    """Tell whether Update would do nothing at all."""
    return plan.empty and all(one.guid in choices.skip for one in plan.new)


def outcome(plan: Plan, choices: Choices) -> str:
    """Say in one sentence what Update would do."""
    if idle(plan, choices):
        return "There is nothing to update: your deck is as this package has it."
    added = sum(one.guid not in choices.skip for one in plan.new)
    taken = {note for note, _ in choices.take}
    changed = len(plan.changed) + sum(one.note_id in taken for one in plan.conflicts)
    deleted = sum(one.untouched for one in plan.retired) if choices.retire is Retire.DELETE else 0
    retired = 0 if choices.retire is Retire.LEAVE else len(plan.retired) - deleted
    numbers = {
        "added": added,
        "changed": changed,
        "moved": len(plan.moved),
        "retired": retired,
        "deleted": deleted,
        "brought back": len(plan.revived),
    }
    parts = [f"{number:,} {what}" for what, number in numbers.items() if number]
    if not parts:
        behind = "the look of the cards" if plan.templates else "what stands behind the cards"
        return f"No note that you see changes; only {behind} is brought up to date."
    total = sum(number for number in numbers.values())
    return f"{'Note' if total == 1 else 'Notes'}: {listed(parts)}. Reviews, flags and your tags stay."


def retirements(plan: Plan) -> dict[Retire, str]:
    """Name what can be done with retired notes."""
    untouched = sum(one.untouched for one in plan.retired)
    ways = {Retire.SUSPEND: f"Suspend and tag as {RETIRED}", Retire.LEAVE: "Leave as they are"}
    if untouched:
        some = "one" if untouched == 1 else f"{untouched:,}"
        ways[Retire.DELETE] = f"Delete the {some} never reviewed, suspend the others"
        if untouched == len(plan.retired):
            ways[Retire.DELETE] = "Delete: none was ever reviewed"
    return ways


def sentence(text: str) -> str:
    """End a text as a sentence ends."""
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


def count(number: int, noun: str) -> str:
    """Count things: `1 note`, `1,200 notes`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(parts: Iterable[str]) -> str:
    """Join words as in a sentence."""
    *most, last = (*parts,) or ("",)
    return f"{', '.join(most)} and {last}" if most else last
