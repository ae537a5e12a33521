"""The real Anki, and children that stay, for every test that wants them; examples take the time they take."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from hypothesis import HealthCheck, settings

from verideck.disk import folder
from verideck.verifying import executors
from verideck.verifying.executors import Crew
from verideck.verifying.worker import Worker

# On top of what Hypothesis does of itself, such as the same examples each time in CI.
settings.register_profile("patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session", autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Remember what was computed in a folder of this run, which its workers share, not in the user's own."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "state"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield folder


class Anki:
    """A learner's collection, and what a learner does with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.col = Collection(str(folder / "collection.anki2"))
        self.schema = self.col.db.scalar("select scm from col") if self.col.db else 0

    def load(self, package: bytes) -> dict[str, int]:
        """Import with the options of the desktop's dialog; count the notes by what became of them."""
        path = self.folder / "deck.apkg"
        path.write_bytes(package)
        options = ImportAnkiPackageOptions(
            merge_notetypes=False, with_scheduling=False, with_deck_configs=False
        )
        log = self.col.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(path), options=options)
        ).log
        self.col.models._clear_cache()  # Anki's own cache is stale after an import
        names = (
            "new",
            "updated",
            "duplicate",
            "conflicting",
            "missing_notetype",
            "missing_deck",
            "empty_first_field",
        )
        return {name: len(found) for name in names if (found := getattr(log, name))}

    def rows(self, sql: str, *values: Any) -> list[Any]:
        assert self.col.db
        return self.col.db.all(sql, *values)

    def answer(self, count: int, deck: str = "Deck") -> None:
        """Review the cards on top of a deck."""
        chosen = self.col.decks.id_for_name(deck)
        assert chosen
        self.col.decks.select(chosen)
        scheduler: Any = self.col.sched  # its types are those of protobuf
        for _ in range(count):
            top = scheduler.get_queued_cards(fetch_limit=1).cards[0]
            shown = self.col.get_card(top.card.id)
            shown.start_timer()
            scheduler.answer_card(scheduler.build_answer(card=shown, states=top.states, rating=3))

    def check(self) -> None:
        """Hold the collection against all that Anki itself can find wrong."""
        report, good = self.col.fix_integrity()
        assert good
        assert "rebuilt" in report or report.strip() == "Database rebuilt and optimized.", report
        media = self.col.media.check()
        assert (list(media.missing), list(media.unused)) == ([], [])
        assert not self.col.get_empty_cards().notes
        assert not [name.name for name in self.col.models.all_names_and_ids() if "+" in name.name]
        assert self.rows("select scm from col") == [[self.schema]]  # else a full sync is due


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    with Crew() as crew:
        yield crew


@pytest.fixture
def children_stay(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute in the real children, but leave them to the next test: each has to import torch."""

    def started(workers: Callable[[], Worker] = Worker) -> AbstractContextManager[Crew]:
        return nullcontext(crew) if workers is Worker else Crew(workers)

    monkeypatch.setattr(executors, "Crew", started)


@pytest.fixture(params=[True, False], ids=["by handle", "by path"])
def handles(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Look names up in open folders, or as on a system that cannot."""
    if request.param and not folder.HAS_HANDLES:
        pytest.skip("this system looks nothing up in an open folder")
    monkeypatch.setattr(folder, "HAS_HANDLES", request.param)
    return bool(request.param)


@pytest.fixture
def no_wait() -> Iterator[None]:
    """End a test that waits for a pipe that nobody writes to."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ended(*_: object) -> None:
        raise TimeoutError("this waits")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(300)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    learner = Anki(tmp_path)
    yield learner
    learner.col.close()


_RESTARTED: list[str] = []


class _Workers:
    """Collects from the processes of the tests which desktops they started once more."""

    def pytest_testnodedown(self, node: Any) -> None:
        _RESTARTED.extend(getattr(node, "workeroutput", {}).get("restarted", ()))


def pytest_configure(config: pytest.Config) -> None:
    if config.pluginmanager.hasplugin("dsession"):
        config.pluginmanager.register(_Workers())


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name the desktops that died by a signal and were started once more."""
    from tests.desktop import restarts

    for line in (*_RESTARTED, *restarts.RESTARTED):
        terminalreporter.write_line(f"restarted: {line}")
