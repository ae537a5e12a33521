"""Files are replaced whole or not at all: full disks, forbidden folders, a kill at any moment."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from verideck.packaging.files import WriteError, alone, make_folder, replace_all

DRIVER = Path(__file__).with_name("kill_driver.py")
ORDER = ("evidence.json", "deck.lock", "build/deck.apkg")
posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "build").mkdir()
    for name in ORDER:
        (tmp_path / name).write_bytes(b"old")
    return tmp_path


def drive(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DRIVER), str(folder), *words], capture_output=True, text=True, check=False
    )


NEW = {
    name: word * 9000
    for name, word in zip(ORDER, (b"new evidence", b"new lock", b"new package"), strict=True)
}


def states(folder: Path) -> str:
    """Give a letter for each file in the order of writing: `o`ld, `n`ew, or `?` for anything else."""
    found = ((folder / name).read_bytes() for name in ORDER)
    return "".join(
        {b"old": "o", NEW[name]: "n"}.get(data, "?") for name, data in zip(ORDER, found, strict=True)
    )


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.verideck-new")]


@pytest.mark.usefixtures("handles")
def test_all_files_are_replaced_and_nothing_is_left(folder: Path) -> None:
    replace_all([(folder / name, b"new") for name in ORDER])
    assert [(folder / name).read_bytes() for name in ORDER] == [b"new"] * 3
    assert sorted(path.name for path in folder.rglob("*")) == [
        "build",
        "deck.apkg",
        "deck.lock",
        "evidence.json",
    ]


@posix
def test_who_reads_while_a_file_is_replaced_reads_the_whole_old_one(folder: Path) -> None:
    with (folder / "deck.lock").open("rb") as reading:
        replace_all([(folder / "deck.lock", b"new")])
        assert reading.read() == b"old"


@posix
@pytest.mark.parametrize("late", [(), ("late",)], ids=["before", "after"])
def test_a_kill_at_any_moment_leaves_whole_files_in_order(folder: Path, late: tuple[str, ...]) -> None:
    """After every call all files are old or new, no lock older than its package; the next run mends all."""
    seen = set()
    for at in range(1, 100):
        for name in ORDER:
            (folder / name).write_bytes(b"old")
        run = drive(folder, str(at), "kill", *late)
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL, run.stderr
        seen.add(states(folder))
    else:
        pytest.fail("the driver never came to its end")
    # The first new file, then the second, then the third: never a gap, never half a file.
    assert seen <= {"ooo", "noo", "nno", "nnn"}
    assert {"ooo", "noo", "nno"} <= seen
    assert states(folder) == "nnn"
    assert leftovers(folder) == []


@posix
@pytest.mark.parametrize(
    ("fault", "words"),
    [("ENOSPC", "the disk is full"), ("EROFS", "read-only"), ("EIO", "nput/output error")],
)
def test_an_error_of_the_disk_at_any_moment_is_told_and_leaves_nothing(
    fault: str, words: str, folder: Path
) -> None:
    seen = set()
    for at in range(1, 100):
        for name in ORDER:
            (folder / name).write_bytes(b"old")
        run = drive(folder, str(at), fault)
        assert leftovers(folder) == []
        if run.returncode == 0 and int(run.stdout) < at:
            break
        if run.returncode:
            assert f"WriteError: {folder}" in run.stderr
            assert words in run.stderr
            seen.add(states(folder))
    assert seen <= {"ooo", "noo", "nno"}
    assert "ooo" in seen


@posix
def test_a_limit_on_file_sizes_stops_the_build_with_all_files_as_they_were(folder: Path) -> None:
    """The system itself refuses the bytes, in the middle of the second file."""
    code = (
        "import resource, signal, sys; from pathlib import Path;"
        "from verideck.packaging.files import replace_all;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000));"
        "f = Path(sys.argv[1]);"
        "replace_all([(f / 'evidence.json', b'n' * 40_000), (f / 'deck.lock', b'n' * 60_000)])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    message = f"{folder / 'deck.lock'}: cannot write this file: the file is larger than this system allows"
    assert message in run.stderr
    assert [(folder / name).read_bytes() for name in ORDER] == [b"old"] * 3
    assert leftovers(folder) == []


def failure(path: Path) -> str:
    """Replace two files of which the second cannot be; give what is said of it."""
    first = path.parents[1] / "first"
    with pytest.raises(WriteError) as caught:
        replace_all([(first, b"first"), (path, b"new")])
    assert caught.value.problem.path == str(path)
    assert not first.exists()
    return caught.value.problem.message


@pytest.mark.usefixtures("handles")
def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert failure(tmp_path / "none" / "deck.apkg").endswith("its folder does not exist")


@pytest.mark.usefixtures("handles")
def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "deck.apkg").mkdir()
    assert failure(tmp_path / "deck.apkg").endswith("a folder has its name")


@pytest.mark.usefixtures("handles")
def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "build").write_text("x")
    assert failure(tmp_path / "build" / "deck.apkg").endswith("its folder is a file")


@posix
def test_a_folder_that_takes_no_files_is_told() -> None:
    """Not even the superuser makes files there."""
    if not Path("/proc/self").is_dir():
        pytest.skip("no /proc on this system")
    with pytest.raises(WriteError, match="cannot write this file"):
        replace_all([(Path("/proc/deck.apkg"), b"new")])


@posix
def test_a_protected_file_is_not_replaced() -> None:
    """A rename would not ask; the superuser is asked as nobody, in a folder where nobody may rename."""
    code = (
        "import os, sys; from pathlib import Path;"
        "from verideck.packaging.files import replace_all;"
        "os.geteuid() == 0 and os.setuid(65534);"
        "replace_all([(Path(sys.argv[1]), b'new')])"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        path = folder / "deck.lock"
        path.write_bytes(b"old")
        path.chmod(0o444)
        run = subprocess.run(
            [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
        )
        assert f"{path}: cannot write this file: no permission to write it" in run.stderr
        assert path.read_bytes() == b"old"
        assert leftovers(folder) == []


@posix
@pytest.mark.usefixtures("handles")
def test_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "deck.lock"
    path.write_bytes(b"old")
    path.chmod(0o4640)
    replace_all([(path, b"new"), (tmp_path / "fresh", b"x")])
    assert stat.S_IMODE(path.stat().st_mode) == 0o640  # no right to run as its owner
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "fresh").stat().st_mode) == 0o666 & ~mask


@posix
@pytest.mark.usefixtures("handles")
@pytest.mark.parametrize("target", ["real", "none", "deck.lock", "/etc/passwd"])
def test_a_link_is_refused_and_neither_it_nor_its_target_changes(target: str, tmp_path: Path) -> None:
    path, link = tmp_path / "real", tmp_path / "deck.lock"
    path.write_bytes(b"old")
    link.symlink_to(target)
    with pytest.raises(WriteError) as caught:
        replace_all([(tmp_path / "fresh", b"x"), (link, b"new")])
    problem = caught.value.problem
    assert (problem.path, problem.message) == (
        str(link),
        f"cannot write here: this is a link, to `{target}`",
    )
    assert sorted(os.listdir(tmp_path)) == ["deck.lock", "real"]  # noqa: PTH208
    assert (os.readlink(link), path.read_bytes()) == (target, b"old")  # noqa: PTH115


@posix
def test_a_pipe_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "deck.lock")
    with pytest.raises(WriteError, match="cannot write this file: a named pipe has its name"):
        replace_all([(tmp_path / "deck.lock", b"new")])


@posix
@pytest.mark.usefixtures("handles")
def test_the_nearest_base_counts(tmp_path: Path) -> None:
    """What the user has named may be a link, also below a deck; nothing below it may."""
    (tmp_path / "disk" / "in").mkdir(parents=True)
    (tmp_path / "deck").mkdir()
    (tmp_path / "deck" / "out").symlink_to("../disk")
    (tmp_path / "disk" / "linked").symlink_to("in")
    root, out = tmp_path / "deck", tmp_path / "deck" / "out"
    replace_all([(root / "deck.lock", b"lock"), (out / "in" / "a", b"a")], bases=[root, out])
    assert (tmp_path / "disk" / "in" / "a").read_bytes() == b"a"
    with pytest.raises(WriteError, match="out: cannot write here: this is a link"):
        replace_all([(out / "in" / "a", b"b")], bases=[root])
    with pytest.raises(WriteError, match="linked: cannot write here: this is a link"):
        replace_all([(out / "linked" / "a", b"b")], bases=[root, out])
    with pytest.raises(WriteError, match="linked: cannot write here: this is a link"):
        make_folder(out / "linked" / "deep", out)
    make_folder(out / "in" / "deep", out)
    assert sorted(os.listdir(tmp_path / "disk" / "in")) == ["a", "deep"]  # noqa: PTH208
    assert (tmp_path / "disk" / "in" / "a").read_bytes() == b"a"


@pytest.mark.usefixtures("handles")
def test_what_stands_there_already_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "deck.lock"
    path.write_bytes(b"same")
    os.utime(path, (1000, 1000))
    replace_all([(path, b"same")])
    assert path.stat().st_mtime == 1000


@pytest.mark.usefixtures("handles")
def test_leftovers_of_a_killed_build_are_swept_and_those_of_others_are_not(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for name in (
        ".deck.lock.0000aaaa.verideck-new",
        ".other.lock.0000aaaa.verideck-new",
        "x/.deck.lock.0000aaaa.verideck-new",
    ):
        (tmp_path / name).write_bytes(b"half")
    replace_all([(tmp_path / "deck.lock", b"new"), (tmp_path / "x" / "other", b"new")])
    assert sorted(leftovers(tmp_path)) == [
        ".deck.lock.0000aaaa.verideck-new",
        ".other.lock.0000aaaa.verideck-new",
    ]


@pytest.mark.usefixtures("handles")
def test_folders_are_made_or_the_reason_told(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    (tmp_path / "file").write_text("x")
    with pytest.raises(WriteError, match="file"):
        make_folder(tmp_path / "file")
    with pytest.raises(WriteError, match="its folder is a file"):
        make_folder(tmp_path / "file" / "below")


@posix
def test_a_second_build_is_kept_out_for_as_long_as_the_first_lasts(tmp_path: Path) -> None:
    with (
        alone(tmp_path),
        pytest.raises(WriteError, match="another build is at work here"),
        alone(tmp_path),
    ):
        pytest.fail("two builds at once")
    with alone(tmp_path):
        assert list(tmp_path.iterdir()) == []


@posix
def test_a_build_locks_no_folder_but_the_decks_own(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "deck").symlink_to("elsewhere")
    with pytest.raises(WriteError, match="deck: cannot write this file: "), alone(tmp_path / "deck"):
        pytest.fail("it was locked through a link")
