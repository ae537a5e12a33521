"""Open folders: no name in them is followed out of them, whatever it becomes meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from verideck.disk.folder import open_folder
from verideck.disk.refusals import LinkError, SpecialFileError, TooLargeError

pytestmark = [
    pytest.mark.usefixtures("handles", "no_wait"),
    pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them"),
]


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "file").write_bytes(b"outside")
    (tmp_path / "top" / "in").mkdir(parents=True)
    (tmp_path / "top" / "in" / "file").write_bytes(b"inside")
    return tmp_path / "top"


def test_files_are_read_up_to_a_limit(top: Path) -> None:
    with open_folder(top, ["in"]) as folder:
        assert folder.read("file", 6) == b"inside"
        assert folder.read("file", 3, cut=True) == b"ins"
        with pytest.raises(TooLargeError, match="6 bytes, expected at most 5") as caught:
            folder.read("file", 5)
    assert (caught.value.path, caught.value.size) == (top / "in" / "file", 6)


def test_a_file_that_grows_while_it_is_read_ends_at_the_limit(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its size is no promise."""
    real = os.fstat

    def growing(handle: int) -> os.stat_result:
        status = real(handle)
        with (top / "in" / "file").open("ab") as file:
            file.write(bytes(1000))
        return status

    monkeypatch.setattr(os, "fstat", growing)
    with open_folder(top, ["in"]) as folder, pytest.raises(TooLargeError):
        folder.read("file", 100)


def test_links_are_refused_wherever_they_lead(top: Path) -> None:
    for name, target in (("a", "in/file"), ("b", "../out/file"), ("c", "nowhere"), ("d", "d")):
        (top / name).symlink_to(target)
        with open_folder(top) as folder, pytest.raises(LinkError) as caught:
            folder.read(name, 100)
        assert (caught.value.path, caught.value.target) == (top / name, target)
    (top / "folder").symlink_to("in")
    with pytest.raises(LinkError):
        open_folder(top, ["folder"])
    (top.parent / "named").symlink_to("top")
    with open_folder(top.parent / "named", ["in"]) as folder:  # the user has named it
        assert folder.names() == ["file"]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["a named pipe", "a folder"])
def test_what_is_no_file_is_refused(make: Callable[[Path], None], top: Path) -> None:
    make(top / "it")
    with open_folder(top) as folder, pytest.raises(SpecialFileError, match="cannot read the file: it is a "):
        folder.read("it", 100)


def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check of the name was too early: the one of what was opened counts."""
    real = os.open

    def hooked(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if str(path).endswith("file"):
            (top / "in" / "file").unlink()
            os.mkfifo(top / "in" / "file")
        return real(path, flags, mode, dir_fd=dir_fd)

    with open_folder(top, ["in"]) as folder:
        monkeypatch.setattr(os, "open", hooked)
        with pytest.raises(SpecialFileError):
            folder.read("file", 100)


def test_a_folder_that_becomes_a_link_while_it_is_opened_is_not_entered(
    top: Path, handles: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not handles:
        pytest.skip("without handles nothing keeps a folder's name")
    real = os.open

    def hooked(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == "in":
            (top / "in").rename(top / "was")
            (top / "in").symlink_to("../out")
        return real(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", hooked)
    with pytest.raises((NotADirectoryError, OSError)):
        open_folder(top, ["in"])


def test_an_open_folder_is_the_same_when_its_path_leads_elsewhere(top: Path, handles: bool) -> None:
    with open_folder(top, ["in"]) as folder:
        (top / "in").rename(top / "was")
        (top / "in").symlink_to("../out")
        if not handles:  # the path is all there is: it is checked at each use
            for use in (folder.names, lambda: folder.read("file", 100), lambda: folder.create("new")):
                with pytest.raises(LinkError):
                    use()
            return
        assert folder.read("file", 100) == b"inside"
        os.close(folder.create("new"))
        folder.replace("new", "file")
        folder.make("deep")
        folder.remove("file")
    assert [path.name for path in (top / "was").iterdir()] == ["deep"]
    assert [path.name for path in (top.parent / "out").iterdir()] == ["file"]


def test_a_new_file_takes_nobody_elses_place(top: Path) -> None:
    (top / "link").symlink_to("../out/new")
    with open_folder(top) as folder:
        with pytest.raises(FileExistsError):
            folder.create("link")
        with pytest.raises(FileExistsError):
            folder.create("in")
    assert not (top.parent / "out" / "new").exists()


def test_a_rename_replaces_a_link_and_not_what_it_leads_to(top: Path) -> None:
    (top / "link").symlink_to("../out/file")
    with open_folder(top) as folder:
        os.close(folder.create("new"))
        folder.replace("new", "link")
    assert not (top / "link").is_symlink()
    assert (top.parent / "out" / "file").read_bytes() == b"outside"


def test_no_handle_is_left_open(top: Path) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("no /proc on this system")
    before = len(list(descriptors.iterdir()))
    for _ in range(3):
        open_folder(top, ["in"]).close()
        with open_folder(top, ["in"]) as folder:
            folder.read("file", 100)
        with pytest.raises(NotADirectoryError):
            open_folder(top, ["in", "file"])
        with pytest.raises(FileNotFoundError):
            open_folder(top, ["in", "none", "deep"])
    assert len(list(descriptors.iterdir())) == before
