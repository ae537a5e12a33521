"""The record of what was computed on this machine: it saves work, and whatever befalls it claims nothing."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from verideck import local_record
from verideck.problems import Severity
from verideck.verifying import evidence
from verideck.verifying.evidence import Evidence
from verideck.verifying.records import JobKind, Outcome, Record
from verideck.verifying.working import Line


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the record's place in a state folder that does not exist yet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "home" / "state"))
    found = local_record.default_path()
    assert found == tmp_path / "home" / "state" / "verideck" / "computed.sqlite3"
    return found


def records(*numbers: int) -> tuple[Record, ...]:
    return tuple(
        Record(
            evidence.key(JobKind.CHECK, f"x = {n}", {}),
            JobKind.CHECK,
            f"x = {n}",
            Outcome(steps=(Line("x", n),)),
        )
        for n in numbers
    )


def committed(*numbers: int) -> Evidence:
    """Give evidence as it is read from a file."""
    loaded, problems = evidence.load(evidence.dump(Evidence().with_records(records(*numbers))), "e.json")
    assert (problems, loaded.here) == ((), frozenset())
    return loaded


def known(*numbers: int) -> list[int]:
    """Give those of some records that were computed here."""
    marked, problems = local_record.mark(committed(*numbers))
    assert problems == ()
    return [n for n, record in zip(numbers, records(*numbers), strict=True) if record.key in marked.here]


def hashes(path: Path) -> int:
    with closing(sqlite3.connect(path)) as record:
        (count,) = record.execute("SELECT count(*) FROM computed").fetchone()
    return int(count)


def test_what_was_remembered_is_known_and_nothing_else(path: Path) -> None:
    assert known(1, 2, 3) == []
    assert not path.exists()  # looking makes nothing
    assert local_record.remember(records(1, 3)) == ()
    assert known(1, 2, 3) == [1, 3]
    assert local_record.remember(records(2, 3)) == ()
    assert known(1, 2, 3) == [1, 2, 3]
    assert hashes(path) == 3


def test_a_line_counts_to_the_last_byte(path: Path) -> None:
    assert local_record.remember(records(1)) == ()
    text = evidence.dump(Evidence().with_records(records(1)))
    assert local_record.mark(evidence.load(text, "e.json")[0])[0].here
    for old, new in (('["x",1]', '["x",1.0]'), ('["x",1]', '["x", 1]'), ('["x",1]', '["x",1]],"luck":[[')):
        changed = text.replace(old, new)
        assert changed != text
        assert not local_record.mark(evidence.load(changed, "e.json")[0])[0].here


def test_a_file_laid_out_anew_is_still_known(path: Path) -> None:
    assert local_record.remember(records(1, 2)) == ()
    text = json.dumps(json.loads(evidence.dump(Evidence().with_records(records(1, 2)))), indent=2)
    marked, _ = local_record.mark(evidence.load(text, "e.json")[0])
    assert len(marked.here) == 2
    windows = evidence.dump(Evidence().with_records(records(1, 2))).replace("\n", "\r\n")
    assert len(local_record.mark(evidence.load(windows, "e.json")[0])[0].here) == 2


def test_only_the_user_can_read_it(path: Path) -> None:
    before = os.umask(0)
    try:
        local_record.remember(records(1))
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_it_stays_small_and_forgets_the_oldest(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_record, "MAX_HASHES", 100)
    local_record.remember(records(*range(60)))
    local_record.remember(records(*range(60, 120)))
    assert hashes(path) == 100
    assert known(*range(60, 120)) == list(range(60, 120))
    assert len(known(*range(60))) == 40


def test_a_quarter_of_a_million_hashes_take_little(path: Path) -> None:
    local_record.remember(records(1))
    with closing(sqlite3.connect(path)) as record:
        many = ((os.urandom(32), 1) for _ in range(25_000))
        record.executemany("INSERT INTO computed VALUES (?, ?)", many)
        record.commit()
    assert path.stat().st_size * (local_record.MAX_HASHES / 25_000) < 20e6


def _garbage(path: Path) -> None:
    path.write_bytes(b"this is no database" * 1000)


def _truncated(path: Path) -> None:
    local_record.remember(records(*range(1000)))
    path.write_bytes(path.read_bytes()[:5000])


def _overwritten(path: Path) -> None:
    local_record.remember(records(*range(1000)))
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)


def _another(path: Path) -> None:
    with closing(sqlite3.connect(path)) as record:
        record.execute("DROP TABLE computed")
        record.execute("CREATE TABLE computed (something TEXT)")
        record.commit()


def _without_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as record:
        record.execute("DROP TABLE computed")
        record.execute("CREATE TABLE other (something TEXT)")
        record.commit()


@pytest.mark.parametrize("damage", [_garbage, _truncated, _overwritten, _another, _without_table])
def test_a_damaged_record_knows_nothing_and_is_begun_again(
    damage: Callable[[Path], None], path: Path
) -> None:
    local_record.remember(records(1))
    damage(path)
    marked, problems = local_record.mark(committed(1, 2))
    assert marked.here == frozenset()
    (problem,) = problems
    assert (problem.path, problem.severity) == (str(path), Severity.WARNING)
    assert "damaged and is begun again" in problem.message
    assert local_record.remember(records(1)) == ()
    assert known(1, 2) == [1]


@pytest.mark.parametrize("damage", [_garbage, _overwritten, _another])
def test_damage_that_only_writing_meets_is_mended_too(damage: Callable[[Path], None], path: Path) -> None:
    local_record.remember(records(1))
    damage(path)
    assert local_record.remember(records(2)) == ()
    assert known(1, 2) == [2]


def test_an_empty_file_is_an_empty_record(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()  # as another build leaves it for a moment
    assert known(1) == []
    assert local_record.remember(records(1)) == ()
    assert known(1) == [1]


def unusable(problems: Sequence[object]) -> str:
    (problem,) = problems
    assert "cannot be used: " in str(problem)
    assert "warning" in str(problem)
    return str(problem)


def test_a_folder_in_its_place_is_a_warning(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "keep").touch()
    marked, problems = local_record.mark(committed(1))
    assert marked.here == frozenset()
    assert unusable(problems) == unusable(local_record.remember(records(1)))  # so that it is said once
    assert (path / "keep").exists()


def test_a_file_in_place_of_the_folder_is_a_warning(path: Path) -> None:
    path.parent.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.parent.write_text("no folder", encoding="utf-8")
    assert local_record.mark(committed(1)) == (committed(1), ())
    unusable(local_record.remember(records(1)))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no file system is here that root cannot write")
def test_a_disk_that_cannot_be_written_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/state")
    assert known(1) == []
    unusable(local_record.remember(records(1)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_record_that_may_only_be_read_is_read(path: Path) -> None:
    local_record.remember(records(1))
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        assert known(1) == [1]
        unusable(local_record.remember(records(2)))
        path.chmod(0)
        unusable(local_record.mark(committed(1))[1])
    finally:
        path.parent.chmod(0o700)


def run(code: str, limit: int = 0) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own, with the helpers of this file and files of at most `limit` bytes."""
    root = str(Path(__file__).parents[1])

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    start = f"import sys; sys.path.insert(0, {root!r})\nfrom tests.test_local_record import *\n"
    return subprocess.run(
        [sys.executable, "-B", "-c", start + code],  # bytecode would be cut off at the limit, and kept
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        preexec_fn=limited if limit else None,
    )


@pytest.mark.parametrize("limit", [1, 4096, 8192, 20_000])
def test_a_full_disk_is_a_warning_and_harms_nothing(limit: int, path: Path) -> None:
    local_record.remember(records(1))
    done = run("print(*local_record.remember(records(*range(2, 2000))))", limit)
    assert (done.returncode, done.stderr) == (0, "")
    assert "cannot be used: " in done.stdout
    assert known(1, 2, 1999) == [1]
    assert local_record.remember(records(2)) == ()
    assert known(1, 2) == [1, 2]


def test_builds_at_once_lose_nothing(path: Path) -> None:
    code = "for n in range({}, 400, 4): assert local_record.remember(records(n, n + 1000)) == ()"
    started = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
                f"from tests.test_local_record import *\n{code.format(first)}",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        for first in range(4)
    ]
    for process in started:
        _, told = process.communicate(timeout=1800)
        assert (process.returncode, told) == (0, "")
    numbers = [*range(400), *range(1000, 1400)]
    assert known(*numbers) == numbers


def test_a_build_that_is_killed_leaves_the_record_as_it_was(path: Path) -> None:
    local_record.remember(records(*range(500)))
    done = run(
        "record = sqlite3.connect(local_record.default_path(), isolation_level=None)\n"
        "record.execute('PRAGMA cache_size = 1')\n"
        "record.execute('BEGIN IMMEDIATE')\n"
        "many = ((os.urandom(32),) for _ in range(20000))\n"
        "record.executemany('INSERT INTO computed VALUES (?, 9)', many)\n"
        "os._exit(9)"
    )
    assert done.returncode == 9, done.stderr
    assert path.with_name(f"{path.name}-journal").stat().st_size > 0
    assert known(*range(500)) == list(range(500))
    assert hashes(path) == 500


def test_a_record_that_is_busy_for_long_is_a_warning(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local_record.remember(records(1))
    monkeypatch.setattr(local_record, "BUSY", 0.0)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        marked, problems = local_record.mark(committed(1))
        assert marked.here == frozenset()
        assert unusable(problems) == unusable(local_record.remember(records(2)))
    assert known(1, 2) == [1]


@pytest.mark.parametrize("name", ["XDG_STATE_HOME", "HOME"])
@pytest.mark.parametrize("value", [".", "state", "../state", ""])
def test_the_current_folder_has_no_say(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    deck = tmp_path / "deck"
    deck.mkdir()
    monkeypatch.chdir(deck)
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv(name, value)
    found = local_record.default_path()
    assert found is None or (found.is_absolute() and not found.is_relative_to(deck))
    assert list(deck.iterdir()) == []


def test_a_state_folder_that_is_no_absolute_path_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As releases of platformdirs before 4.3 give it where XDG_STATE_HOME is `state`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: Path("state/verideck"))
    assert local_record.default_path() is None
    (problem,) = local_record.remember(records(1))
    assert "absolute path" in problem.hint
    assert known(1) == []
    assert list(tmp_path.iterdir()) == []
