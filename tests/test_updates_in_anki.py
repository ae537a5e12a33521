"""The promise of an update: sources are built, imported, studied, edited, rebuilt, imported again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verideck import building

if TYPE_CHECKING:
    from anki.collection import Collection
    from tests.conftest import Importer

NAMESPACE = "3c9e3c3e-7d5b-4f0e-9a44-0d9f1f8f2b11"

WEIGHTS = """\
---
deck: Sums::10 Weights
level: beginner
---

## What does the softmax of two equal scores give?
<!-- card: #even -->

- [x] `[0.5, 0.5]`
- [ ] `[1.0, 1.0]`

Equal scores share evenly.

```python check
answer == softmax([2, 2])
```

## What is left of a score of minus infinity?
<!-- card: #masked -->

A weight of zero.

## Which axis does the softmax run over?

The keys: each query's row of weights sums to 1.

## How are scores made?
<!-- card: #scores -->

As dot products of a query and the keys.
"""

SHAPES = """\
---
deck: Sums::20 Shapes
level: beginner
---

## What shape are the weights of 5 queries over 7 keys?
<!-- card: #shape typed -->

`(5, 7)`

## Softmax
<!-- card: #cloze -->

The {{c1::exponentials}} are divided by their {{c2::sum}}.

## Query
<!-- card: #query reverse -->

The vector that asks.

## What does a value do?
<!-- card: #value -->

It is what is mixed.
"""

Build = Callable[[int], building.Built]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "deck.toml").write_text(f'namespace = "{NAMESPACE}"\ntitle = "Sums"\n', encoding="utf-8")
    (folder / "weights.md").write_text(WEIGHTS, encoding="utf-8")
    (folder / "shapes.md").write_text(SHAPES, encoding="utf-8")
    return folder


def build(sources: Path, ago: int, *only: str) -> building.Built:
    """Build as if `ago` seconds ago, so that the test needs no waiting."""
    paths = [sources / name for name in only] or [sources]
    built = building.build(paths, sources.parent / "build", now=int(time.time()) - ago)
    assert isinstance(built, building.Built), [str(problem) for problem in built]
    return built


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def study(collection: Collection, answers: int) -> None:
    for _ in range(answers):
        top = collection.sched.get_queued_cards(fetch_limit=1).cards[0]
        card = collection.get_card(top.card.id)
        card.start_timer()
        collection.sched.answer_card(collection.sched.build_answer(card=card, states=top.states, rating=2))


def note_of(collection: Collection, card: str) -> int:
    (found,) = collection.find_notes(f"ID:{NAMESPACE[:8]}/{card}")
    return found


def scheduling(collection: Collection) -> list[list[int]]:
    rows = collection.db.all("select id, nid, ord, type, queue, due, ivl, reps, flags from cards order by id")
    return [list(row) for row in rows]


def test_an_update_keeps_every_review_and_every_edit(
    sources: Path, collection: Collection, import_package: Importer
) -> None:
    first = build(sources, 9000)
    log = import_package(collection, first.package)
    assert (log.new, log.updated, log.duplicate, log.conflicting) == (8, 0, 0, 0)
    assert collection.card_count() == 10  # the cloze and the reversed card have two each

    for deck in collection.decks.all_names_and_ids():
        collection.decks.select(deck.id)
        if deck.name.startswith("Sums::"):
            study(collection, 3)
    reviews = collection.db.all("select id, cid, ease, ivl from revlog order by id")
    assert len(reviews) == 6
    # What a learner changes: a style, and one note that the author will not touch.
    note_type = collection.models.by_name("Verideck")
    assert note_type is not None
    note_type["css"] += "\n.card { font-size: 30px; }\n"
    collection.models.update_dict(note_type)
    own = collection.get_note(note_of(collection, "value"))
    own["Takeaway"] = "mine"
    own.tags = ["exam"]
    collection.update_note(own)
    schema, before = collection.db.scalar("select scm from col"), scheduling(collection)
    guids = dict(collection.db.all("select guid, id from notes"))

    edit(sources / "weights.md", "A weight of zero.", "A weight of exactly zero.")
    edit(
        sources / "weights.md",
        "## Which axis does the softmax run over?",
        "## Over which axis does softmax run?",
    )
    edit(
        sources / "weights.md",
        "As dot products of a query and the keys.",
        "- [x] By dot products\n- [ ] By sorting",
    )
    start = WEIGHTS.index("## What does the softmax of two")
    end = WEIGHTS.index("## What is left")
    edit(sources / "weights.md", WEIGHTS[start:end], "")
    second = build(sources, 60)
    assert [change.card for change in second.changes.retired] == ["even"]
    assert len(second.changes.renamed) == 1

    log = import_package(collection, second.package)
    assert (log.new, log.updated, log.duplicate, log.conflicting) == (0, 3, 4, 0)
    assert "exactly zero" in collection.get_note(note_of(collection, "masked"))["Answer"]
    assert "By sorting" in collection.get_note(note_of(collection, "scores"))["Options"]
    assert dict(collection.db.all("select guid, id from notes")) == guids
    assert scheduling(collection) == before
    assert collection.db.all("select id, cid, ease, ivl from revlog order by id") == reviews
    assert collection.db.scalar("select scm from col") == schema, "a full sync would be forced"
    kept = collection.get_note(note_of(collection, "value"))
    assert (kept["Takeaway"], kept.tags) == ("mine", ["exam"])
    names = sorted(model.name for model in collection.models.all_names_and_ids() if "Verideck" in model.name)
    assert names == ["Verideck", "Verideck Cloze"]
    styled = collection.models.by_name("Verideck")
    assert styled is not None
    assert "font-size: 30px" in styled["css"]
    assert collection.fix_integrity()[1]
    assert not collection.get_empty_cards().notes

    again = build(sources, 0)
    assert again.package.read_bytes() == second.package.read_bytes()
    log = import_package(collection, again.package)
    assert (log.new, log.updated, log.duplicate, log.conflicting) == (0, 0, 7, 0)


def test_building_one_file_retires_nothing(
    sources: Path, collection: Collection, import_package: Importer
) -> None:
    import_package(collection, build(sources, 9000).package)
    lock = (sources / "deck.lock").read_text(encoding="utf-8")
    edit(sources / "weights.md", "A weight of zero.", "Nothing.")
    part = build(sources, 5000, "weights.md")
    log = import_package(collection, part.package)
    assert (log.new, log.updated, log.duplicate, log.conflicting) == (0, 1, 3, 0)
    after = (sources / "deck.lock").read_text(encoding="utf-8")
    assert "retired" not in after
    assert len(after.splitlines()) == len(lock.splitlines())
    assert len(build(sources, 0).changes.unchanged) == 8
