"""A learner with a real collection: imports, reviews, flags, suspends, edits, and holds every import against it."""

from __future__ import annotations

import html
import random
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from tests.conftest import Anki
from tests.histories.model import Card, hold
from tests.histories.player import Shipped

_CARDS = "select id, nid, did, ord, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags from cards"
_REVIEWS = "select id, cid, ease, ivl, time, type from revlog order by id"
_TAG = re.compile(r"<[^>]*>")


@dataclass
class Known:
    """What the learner has of a card: its note, what the last import said, and an edit of the learner's own."""

    nid: int
    seen: Any  # what the card showed
    edit: str = ""


class Learner:
    """A collection, and what its owner has of each card that was meant."""

    def __init__(self, folder: Path, empty: Path) -> None:
        folder.mkdir(parents=True)
        shutil.copy(empty, folder / "collection.anki2")
        self.anki = Anki(folder)
        self.known: dict[int, Known] = {}
        self.asked: dict[tuple[int, int], int] = {}  # note and ordinal: the blank, or the side, that it asks

    def close(self) -> None:
        self.anki.col.close()

    def twin(self, folder: Path) -> Learner:
        """Return another learner who has just the same."""
        self.anki.col.close()
        other = Learner(folder, self.anki.folder / "collection.anki2")
        self.anki.col.reopen()
        other.known = {key: Known(one.nid, one.seen, one.edit) for key, one in self.known.items()}
        other.asked = dict(self.asked)
        return other

    # Studying.

    def study(self, chance: random.Random, now: int) -> None:
        """Review some cards, flag one, suspend one, edit a note."""
        ids = [row[0] for row in self.anki.rows("select id from cards where queue >= 0 order by id")]
        for card_id in chance.sample(ids, min(len(ids), 3)):
            self._answer(card_id, chance.randrange(4))
        if chance.random() < 0.3 and ids:
            self.anki.col.set_user_flag_for_cards(chance.randrange(1, 8), [chance.choice(ids)])
        if chance.random() < 0.2 and ids:
            self.anki.col.sched.suspend_cards([chance.choice(ids)])
        if chance.random() < 0.4 and self.known:
            self._edit(self.known[chance.choice(sorted(self.known))], f"mine {chance.randrange(1000)}", now)

    def _answer(self, card_id: int, rating: Any) -> None:
        card = self.anki.col.get_card(card_id)  # type: ignore[arg-type]
        card.start_timer()
        states = self.anki.col._backend.get_scheduling_states(card_id)
        scheduler: Any = self.anki.col.sched
        scheduler.answer_card(scheduler.build_answer(card=card, states=states, rating=rating))

    def _edit(self, known: Known, text: str, now: int) -> None:
        note = self.anki.col.get_note(known.nid)  # type: ignore[arg-type]
        note["Takeaway"], known.edit = text, text
        self.anki.col.update_note(note)
        # The clock of a history runs behind that of the system.
        self._run("update notes set mod = ? where id = ?", now + 60, known.nid)

    def _run(self, sql: str, *values: Any) -> None:
        assert self.anki.col.db
        self.anki.col.db.execute(sql, *values)

    # Importing.

    def load(self, shipped: Shipped, touched: set[int]) -> None:
        """Import a package and hold the collection against it; `touched` are cards that a merge made newer."""
        before = self._cards(), self.anki.rows(_REVIEWS), self._notes()
        log = self._import(shipped.data)
        cards, reviews, notes = self._cards(), self.anki.rows(_REVIEWS), self._notes()
        hold("reviews", "reviews came or went", kept=reviews == before[1])
        changed = [row for card_id, row in before[0].items() if cards.get(card_id) != row]
        hold("scheduling", f"cards changed: {changed}", kept=not changed)
        for name in ("conflicting", "missing_notetype", "missing_deck", "empty_first_field"):
            hold("conflicts", f"{name}: {log[name]}", kept=not log[name])
        self._check_collection()
        written = log["new"] | log["updated"]
        same = all(notes[guid] == row for guid, row in before[2].items() if guid not in written)
        hold("unchanged", "a note changed that the log does not name", kept=same)
        for key, (note, identity) in sorted(shipped.notes.items()):
            self._check_note(key, shipped, notes[identity.guid], log, touched)
        hold("doubled", "more notes than cards were meant", kept=len(notes) == len(self.known))

    def _import(self, data: bytes) -> Mapping[str, set[str]]:
        path = self.anki.folder / "deck.apkg"
        path.write_bytes(data)
        options = ImportAnkiPackageOptions(
            merge_notetypes=False, with_scheduling=False, with_deck_configs=False
        )
        request = ImportAnkiPackageRequest(package_path=str(path), options=options)
        log = self.anki.col.import_anki_package(request).log
        self.anki.col.models._clear_cache()
        guids = dict(self.anki.rows("select id, guid from notes"))
        names = (
            "new",
            "updated",
            "duplicate",
            "conflicting",
            "missing_notetype",
            "missing_deck",
            "empty_first_field",
        )
        return {
            name: {guids.get(one.id.nid, str(one.fields)) for one in getattr(log, name)} for name in names
        }

    def _cards(self) -> dict[int, list[Any]]:
        return {row[0]: row for row in self.anki.rows(_CARDS)}

    def _notes(self) -> dict[str, list[Any]]:
        return {row[0]: row for row in self.anki.rows("select guid, id, mid, mod, flds, tags from notes")}

    def _check_collection(self) -> None:
        names = [
            one.name for one in self.anki.col.models.all_names_and_ids() if one.name.startswith("Verideck")
        ]
        hold("note types", f"there are {names}", kept=not any("+" in name for name in names))
        schema = self.anki.rows("select scm from col")
        hold("full sync", "the schema changed", kept=schema == [[self.anki.schema]])

    def _check_note(
        self, key: int, shipped: Shipped, row: list[Any], log: Mapping[str, set[str]], touched: set[int]
    ) -> None:
        """Hold one note against the card that it is meant to be."""
        card, (_, identity) = shipped.cards[key], shipped.notes[key]
        seen = (*card.shown, shipped.decks[key], identity.card_id)
        known = self.known.get(key)
        fate = next(name for name, guids in log.items() if identity.guid in guids)
        if known is None:
            hold("moved", f"new card {card.texts} has a note from before", kept=fate == "new")
            known = self.known[key] = Known(row[1], seen)
        hold("moved", f"{card.texts} has another note", kept=known.nid == row[1])
        if known.seen == seen and key not in touched:
            hold("unchanged", f"{card.texts} is {fate}", kept=fate in {"duplicate", "new"})
        if fate == "updated":
            known.edit = ""
        elif known.seen != seen and fate == "duplicate":
            hold("corrections", f"{card.texts} did not arrive", kept=bool(known.edit))
            return  # the learner's edit is newer
        known.seen = seen
        fields = row[4].split("\x1f")
        hold("edits", f"the edit of {card.texts} is gone", kept=not known.edit or known.edit in fields)
        if not known.edit:
            self._check_text(card, fields)
        self._check_sides(card, known.nid)

    def _check_text(self, card: Card, fields: list[str]) -> None:
        """Hold what a note says against what is meant."""
        said = _squeezed("".join(html.unescape(_TAG.sub("", field)) for field in fields))
        wanted = [card.question, *map(str, card.blanks)] if card.blanks else [card.question, card.answer]
        for text in (*wanted, card.takeaway):
            hold("text", f"{text!r} is not on {fields}", kept=_squeezed(text) in said)

    def _check_sides(self, card: Card, nid: int) -> None:
        """Hold the cards of a note against the blanks and sides that they ask."""
        sides = {blank.number - 1: blank.key for blank in card.blanks}
        sides = sides or {0: card.key, **({1: -card.key} if card.is_reversed else {})}
        for ordinal, side in sides.items():
            was = self.asked.setdefault((nid, ordinal), side)
            hold("blanks", f"{card.texts}: card {ordinal + 1} asks another thing now", kept=was == side)
        there = {row[0] for row in self.anki.rows("select ord from cards where nid = ?", nid)}
        hold("blanks", f"{card.texts}: cards {sorted(there)}", kept=set(sides) <= there)

    def check(self) -> None:
        """Let Anki look for what is wrong with the collection."""
        report, good = self.anki.col.fix_integrity()
        hold("integrity", report, kept=good and report.strip() == "Database rebuilt and optimized.")


def _squeezed(text: str) -> str:
    return "".join(text.split())
