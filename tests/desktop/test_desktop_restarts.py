from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.desktop import restarts

KILLED = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
MARKING = "from pathlib import Path; import sys; path = Path(sys.argv[1]); "


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(restarts, "RESTARTED", told)
    return told


def start(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)


def twice(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    return restarts.run_twice([lambda: start(code, str(path))] * 2, "a scenario")


def test_a_process_that_dies_by_a_signal_is_started_once_more(tmp_path: Path, log: list[str]) -> None:
    code = f"{MARKING}done = path.exists(); path.touch()\nif not done:\n    {KILLED}\nprint('answer')"
    done = twice(code, tmp_path / "mark")
    assert (done.returncode, done.stdout) == (0, "answer\n")
    assert log == ["a scenario: its process died by SIGSEGV and was started once more"]


def test_one_that_dies_again_fails(tmp_path: Path, log: list[str]) -> None:
    assert twice(KILLED, tmp_path).returncode == -11
    assert len(log) == 1


def test_one_that_fails_is_not_started_again(tmp_path: Path, log: list[str]) -> None:
    code = f"{MARKING}path.write_text(path.read_text() + 'x' if path.exists() else 'x'); sys.exit(3)"
    assert twice(code, tmp_path / "mark").returncode == 3
    assert (tmp_path / "mark").read_text() == "x"
    assert log == []
