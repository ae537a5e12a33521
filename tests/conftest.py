"""The real Anki for every test that wants it, imported into as its dialog does by default."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

PROJECT = Path(__file__).parent.parent


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """Give an empty collection."""
    opened = Collection(str(tmp_path / "learner.anki2"))
    yield opened
    opened.close()


@dataclass(frozen=True, slots=True)
class Imported:
    """How many notes an import found, by what it did with them."""

    new: int
    updated: int
    duplicate: int
    conflicting: int


Importer = Callable[[Collection, Path], Imported]


@pytest.fixture
def import_package() -> Importer:
    """Import a package with the dialog's default options."""

    def importing(collection: Collection, path: Path) -> Imported:
        options = ImportAnkiPackageOptions(
            merge_notetypes=False, with_scheduling=False, with_deck_configs=False
        )
        request = ImportAnkiPackageRequest(package_path=str(path), options=options)
        log = collection.import_anki_package(request).log
        collection.models._clear_cache()  # the import changes note types behind the Python side's back
        return Imported(len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting))

    return importing
