"""Runs scenarios in the real Anki desktop, each in a process of its own."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.desktop import restarts

from verideck import building
from verideck.packaging import ankiaddon

HERE = Path(__file__).parent
SHOWCASE = HERE.parent / "browser" / "showcase.md"
OLDEST = Path(sys.prefix) / "oldest-anki"  # its packages, seen in the place of the newest's
LIMIT = 1200  # seconds: a hang, not a slow machine
ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu",  # the tests may run as root
    "LC_ALL": "C.UTF-8",
}


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the deck that has a card of every kind."""
    folder = tmp_path_factory.mktemp("showcase")
    (folder / "cards").mkdir()
    (folder / "cards" / "showcase.md").write_text(SHOWCASE.read_text(encoding="utf-8"), encoding="utf-8")
    built = building.build([folder / "cards"], folder, now=1_790_000_000)
    assert isinstance(built, building.Built), built
    return built.package


@pytest.fixture(scope="session")
def libraries() -> None:
    """Skip where Qt cannot be loaded for want of the system's libraries; in CI that is a failure."""
    tried = subprocess.run(
        [sys.executable, "-c", "import aqt, PyQt6.QtWebEngineWidgets"], capture_output=True, text=True
    )
    if tried.returncode:
        fault = tried.stderr.strip().splitlines()[-1]
        message = f"Anki's desktop does not start: {fault}; see APT_PACKAGES in Makefile"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bundle the add-on."""
    path = tmp_path_factory.mktemp("addon") / "attention-heatmaps.ankiaddon"
    path.write_bytes(ankiaddon.bundle())
    return path


@pytest.fixture
def desktop(tmp_path: Path, package: Path, libraries: None) -> Callable[..., Any]:
    """Run a scenario: `desktop("keys", name="choice", digit="2")`; `desktop={…}` goes to its start.

    A scenario `module.function` stands in a module of its own beside the driver.
    """
    return runner(sys.executable, tmp_path, package)


@pytest.fixture
def with_addon(tmp_path: Path, package: Path, bundle: Path, libraries: None) -> Callable[..., Any]:
    """Run a scenario in an Anki that has the add-on; `desktop={"config": {…}}` are its settings."""
    return having(bundle, runner(sys.executable, tmp_path, package))


@pytest.fixture(params=["newest", "oldest"])
def with_addon_in_each(
    request: pytest.FixtureRequest, tmp_path: Path, package: Path, bundle: Path, libraries: None
) -> Callable[..., Any]:
    """Run a scenario as `with_addon` does: once in the newest Anki, once in the oldest that is declared."""
    if request.param == "newest":
        return having(bundle, runner(sys.executable, tmp_path, package))
    if not (OLDEST / "aqt").is_dir():
        message = f"no oldest Anki in {OLDEST}: see constraints-oldest.txt, or use `make test`"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return having(bundle, runner(sys.executable, tmp_path, package, {"PYTHONPATH": str(OLDEST)}))


def having(bundle: Path, run: Callable[..., Any]) -> Callable[..., Any]:
    """Give a runner whose Anki has the add-on."""

    def with_it(scenario: str, *, desktop: dict[str, Any] | None = None, **given: Any) -> Any:
        return run(scenario, desktop={"addon": str(bundle), **(desktop or {})}, **given)

    return with_it


def runner(
    python: str, folder: Path, package: Path, environment: Mapping[str, str] | None = None
) -> Callable[..., Any]:
    """Give what runs a scenario with the Anki that an interpreter has, or the environment shows it."""
    rooms = itertools.count()
    variables = {**os.environ, **ENVIRONMENT, **(environment or {})}

    def run(scenario: str, **given: Any) -> Any:
        def start() -> subprocess.CompletedProcess[str]:
            room = folder / f"anki-{next(rooms)}"
            room.mkdir()
            command = [python, str(HERE / "driver.py"), str(room), str(package), scenario, json.dumps(given)]
            return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, env=variables)

        done = restarts.run_twice((start, start), scenario)
        assert done.returncode == 0, done.stderr[-4000:]
        answered = json.loads(done.stdout.splitlines()[-1])
        assert not answered["console"]
        return answered["answer"]

    return run


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was started once more to the process that prints the summary."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["restarted"] = restarts.RESTARTED
