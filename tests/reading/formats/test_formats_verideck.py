"""Verideck's own packages, read back from their notes' fields, also after the real Anki had them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anki.collection import Collection, ExportAnkiPackageOptions, ImportAnkiPackageRequest

from verideck import building
from verideck.cards import Kind
from verideck.reading import formats, markdown

if TYPE_CHECKING:
    from verideck.reading.items import Item

SOURCE = r"""---
deck: Sea::10 Birds
tags: [birds]
level: advanced
source: A field guide
---

## Which bird is *white*?
<!-- card: #white .near select-all -->

Look at $x_1$.

- [x] a `gull`

  It is.
- [ ] a crow
- [x] a swan, $y^2$

Both are. A table:

| a | b |
| --- | --- |
| 1 | 2 |

> [!TIP]
> Think of *snow*.

> [!WARNING]
> Crows are black.

> [!IMPORTANT]
> Some birds are white.

## How many legs?
<!-- card: #legs typed -->

---

- `2`
- two

---

Like us.

## What is a tern?
<!-- card: #tern reverse level=beginner -->

```python
x = {"a": 1}
```

---

A *seabird*:

* quick
* white

## Fill in
<!-- card: #fill -->

A {{c1::puffin::which?}} eats {{c2::*fish*}} and $z$.

---

Often.
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("deck")
    (folder / "birds.md").write_text(SOURCE, encoding="utf-8")
    built = building.build([folder], folder / "build", now=1_795_000_000)
    assert isinstance(built, building.Built), built
    return built.package.read_bytes()


def through_anki(package: bytes, folder: Path) -> bytes:
    col = Collection(str(folder / "collection.anki2"))
    path = folder / "deck.apkg"
    path.write_bytes(package)
    col.import_anki_package(ImportAnkiPackageRequest(package_path=str(path)))
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, legacy=False)
    col.export_anki_package(out_path=str(path), options=options, limit=None)
    col.close()
    return path.read_bytes()


@pytest.mark.parametrize("imported", [False, True], ids=["as built", "through Anki"])
def test_comes_back(package: bytes, tmp_path: Path, *, imported: bool) -> None:
    page = formats.read(through_anki(package, tmp_path) if imported else package, "birds.apkg")
    assert page is not None
    items = {item.id: item for item in page.items}
    cards = {card.id: card for card in markdown.read(SOURCE, "a.md").cards}
    assert set(items) == set(cards)
    assert not page.problems
    for identity, card in cards.items():
        item = items[identity]
        assert _item(item) == (
            card.kind, card.heading, _unmarked(card.body), card.answer, card.explanation, card.hint,
            card.mistake, card.takeaway, set(card.tags), card.level, card.deck,
            card.reverse, card.select_all, card.source,
        )  # fmt: skip
        assert [(one.text, one.ticked, one.reason) for one in item.options] == [
            (one.text, one.ticked, one.reason) for one in card.options
        ]
    assert items["legs"].accepted == ("`2`", "two")
    assert {item.kind for item in page.items} == set(Kind)


def _unmarked(body: str) -> str:
    return body.replace("```python", "```")  # a package's highlighted code does not name its language


def _item(item: Item) -> tuple[object, ...]:
    return (
        item.kind, item.question, item.body, item.answer, item.explanation, item.hint,
        item.mistake, item.takeaway, set(item.tags), item.level, item.deck,
        item.reverse, item.select_all, item.source,
    )  # fmt: skip
