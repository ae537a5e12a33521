"""The promise of an update: sources are built, imported, studied, edited, rebuilt, imported again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from verideck import building, lock_files

if TYPE_CHECKING:
    from anki.notes import Note as AnkiNote
    from tests.conftest import Anki

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


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "deck.toml").write_text(f'namespace = "{NAMESPACE}"\ntitle = "Sums"\n', encoding="utf-8")
    lock_files.begin([folder])
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


def note_of(anki: Anki, card: str) -> AnkiNote:
    (found,) = anki.col.find_notes(f"ID:{NAMESPACE[:8]}/{card}")
    return anki.col.get_note(found)


def scheduling(anki: Anki) -> list[object]:
    return [
        *anki.rows("select id, nid, ord, type, queue, due, ivl, reps, flags from cards order by id"),
        *anki.rows("select id, cid, ease, ivl from revlog order by id"),
    ]


def test_an_update_keeps_every_review_and_every_edit(sources: Path, anki: Anki) -> None:
    assert anki.load(build(sources, 9000).package.read_bytes()) == {"new": 8}
    assert anki.col.card_count() == 10  # the cloze and the reversed card have two each
    anki.answer(3, "Sums::10 Weights")
    anki.answer(3, "Sums::20 Shapes")
    assert len(anki.rows("select id from revlog")) == 6
    # What a learner changes: a style, and one note that the author will not touch.
    note_type = anki.col.models.by_name("Verideck")
    assert note_type is not None
    note_type["css"] += "\n.card { font-size: 30px; }\n"
    anki.col.models.update_dict(note_type)
    own = note_of(anki, "value")
    own["Takeaway"] = "mine"
    own.tags = ["exam"]
    anki.col.update_note(own)
    before, guids = scheduling(anki), anki.rows("select guid, id from notes order by id")

    weights = sources / "weights.md"
    edit(weights, "A weight of zero.", "A weight of exactly zero.")
    edit(weights, "## Which axis does the softmax run over?", "## Over which axis does softmax run?")
    edit(weights, "As dot products of a query and the keys.", "- [x] By dot products\n- [ ] By sorting")
    edit(weights, WEIGHTS[WEIGHTS.index("## What does the softmax") : WEIGHTS.index("## What is left")], "")
    second = build(sources, 60)
    assert [change.card for change in second.examined.changes.retired] == ["even"]
    reworded = [change.card for change in second.examined.changes.reworded]
    assert reworded == ["scores", "masked", "which-axis-does-the-softmax-run-over"]

    assert anki.load(second.package.read_bytes()) == {"updated": 3, "duplicate": 4}
    assert "exactly zero" in note_of(anki, "masked")["Answer"]
    assert "By sorting" in note_of(anki, "scores")["Options"]
    assert anki.rows("select guid, id from notes order by id") == guids
    assert scheduling(anki) == before
    kept = note_of(anki, "value")
    assert (kept["Takeaway"], kept.tags) == ("mine", ["exam"])
    styled = anki.col.models.by_name("Verideck")
    assert styled is not None
    assert "font-size: 30px" in styled["css"]
    anki.check()

    again = build(sources, 0)
    assert again.package.read_bytes() == second.package.read_bytes()
    assert anki.load(again.package.read_bytes()) == {"duplicate": 7}


def test_building_one_file_retires_nothing(sources: Path, anki: Anki) -> None:
    anki.load(build(sources, 9000).package.read_bytes())
    lock = (sources / "deck.lock").read_text(encoding="utf-8")
    edit(sources / "weights.md", "A weight of zero.", "Nothing.")
    part = build(sources, 5000, "weights.md")
    assert anki.load(part.package.read_bytes()) == {"updated": 1, "duplicate": 3}
    after = (sources / "deck.lock").read_text(encoding="utf-8")
    assert "retired" not in after
    assert len(after.splitlines()) == len(lock.splitlines())
    assert len(build(sources, 0).examined.changes.unchanged) == 8
    anki.check()
