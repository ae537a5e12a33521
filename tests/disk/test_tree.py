"""Reading below one folder: links that stay are followed, and nothing outside is so much as looked at."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from verideck.disk.refusals import BrokenLinkError, LeavingLinkError, LinkError, OutsideError, RefusedError
from verideck.disk.tree import MAX_DEPTH, MAX_LINKS, Tree

pytestmark = [
    pytest.mark.usefixtures("handles", "no_wait"),
    pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them"),
]


@pytest.fixture
def top(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "file.md").write_bytes(b"outside")
    (tmp_path / "top" / "in").mkdir(parents=True)
    (tmp_path / "top" / "in" / "file.md").write_bytes(b"inside")
    return tmp_path / "top"


LEAVING = [
    "../out/file.md",
    "/etc/passwd",
    "/",
    "..",
    "in/../../out/file.md",
    "/proc/self/root",
    "/proc/self/cwd/in/file.md",
    "~/../../out",
    "../../../../../../../../../../../../../../../etc/passwd",
]


@pytest.mark.parametrize("target", LEAVING)
def test_a_link_that_leaves_is_refused_by_name(target: str, top: Path) -> None:
    (top / "link.md").symlink_to(target)
    (top / "first.md").symlink_to("link.md")
    for name in ("link.md", "first.md"):
        if target.startswith("~"):
            with pytest.raises(LeavingLinkError):
                Tree(top).read(Path(name), 100)
            continue
        with pytest.raises(LeavingLinkError) as caught:
            Tree(top).read(Path(name), 100)
        assert caught.value.path == top / "link.md"
        assert f"to `{target}`" in caught.value.message


@pytest.mark.parametrize(
    "target", ["in/file.md", "in/../in/./file.md", "{top}/in/file.md", "../top/in/file.md"]
)
def test_a_link_that_stays_is_followed(target: str, top: Path) -> None:
    (top / "link.md").symlink_to(target.format(top=top))
    (top / "in" / "up").symlink_to("..")
    for name in ("link.md", "in/up/link.md", "in/up/in/up/link.md"):
        assert Tree(top).read(Path(name), 100) == b"inside"
        assert Tree(top).resolve(Path(name)) == top / "in" / "file.md"


def test_the_root_may_be_a_link(top: Path) -> None:
    (top.parent / "named").symlink_to("top")
    assert Tree(top.parent / "named").read(Path("in/file.md"), 100) == b"inside"


@pytest.mark.parametrize("path", ["../out/file.md", "in/../../out/file.md", "/etc/passwd", ".."])
def test_a_path_that_leaves_without_a_link_is_refused(path: str, top: Path) -> None:
    with pytest.raises(OutsideError):
        Tree(top).read(Path(path), 100)


def test_links_that_lead_nowhere_are_refused_by_name(top: Path) -> None:
    for name, target in (
        ("a", "b"),
        ("b", "a"),
        ("self", "self"),
        ("gone", "in/none"),
        ("in/deep", "../in/deep/x"),
    ):
        (top / name).symlink_to(target)
    for name in ("a", "self", "gone", "in/deep"):
        with pytest.raises(BrokenLinkError) as caught:
            Tree(top).read(Path(name), 100)
        assert caught.value.path == top / name
    for number in range(MAX_LINKS + 1):
        (top / f"link{number}").symlink_to(f"link{number + 1}")
    (top / f"link{MAX_LINKS + 1}").write_bytes(b"far")
    assert Tree(top).read(Path("link2"), 100) == b"far"
    with pytest.raises(BrokenLinkError):
        Tree(top).read(Path("link0"), 100)


def test_nothing_outside_is_looked_at(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look can wake a network disk, or tell its server who looks."""
    for number, target in enumerate(LEAVING):
        (top / f"{number}.md").symlink_to(target)
    seen: list[str] = []

    def watched(name: str) -> None:
        real: Callable[..., Any] = getattr(os, name)

        def called(path: Any = ".", *rest: Any, **options: Any) -> Any:
            if isinstance(path, str | Path) and options.get("dir_fd") is None:
                seen.append(os.path.abspath(path))  # noqa: PTH100  `resolve` would look
            elif isinstance(path, str):
                assert "/" not in path
            return real(path, *rest, **options)

        monkeypatch.setattr(os, name, called)

    tree = Tree(top)
    for name in ("stat", "lstat", "open", "readlink", "listdir", "access"):
        watched(name)
    members = tree.members(tree.root)
    assert sum(member.refused is not None for member in members) == len(LEAVING)
    for member in members:
        try:
            tree.read(member.path, 100)
        except (OSError, RefusedError):
            continue
    monkeypatch.undo()
    assert seen
    assert [path for path in seen if not Path(path).is_relative_to(top)] == []


def test_members_are_listed_in_order_with_what_is_wrong(top: Path) -> None:
    (top / ".hidden").mkdir()
    (top / ".hidden" / "file.md").write_bytes(b"")
    (top / "more").symlink_to("../out")
    (top / "self").symlink_to(".")
    (top / "linked").symlink_to("in")
    (top / "in" / "up").symlink_to("..")
    (top / "shown").symlink_to(".hidden")
    (top / "gone.md").symlink_to("none.md")
    os.mkfifo(top / "pipe.md")
    members = Tree(top).members(top)
    found = [(member.path.relative_to(top).as_posix(), member.refused is not None) for member in members]
    assert found == [
        ("gone.md", False),
        ("in/file.md", False),
        ("more", True),
        ("pipe.md", False),
        ("shown/file.md", False),
    ]
    assert [member.real.relative_to(top).as_posix() for member in members][-1] == ".hidden/file.md"


def test_nested_folders_have_a_limit_that_is_told(top: Path) -> None:
    deep = top
    for _ in range(MAX_DEPTH + 5):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "file.md").write_bytes(b"")
    (refused,) = [member.refused for member in Tree(top).members(top) if member.refused]
    assert "nested more than 64 levels deep" in refused.message
    assert len(Tree(top).folders()) == MAX_DEPTH + 2  # and `in`


def test_many_folders_take_no_more_handles_than_one(top: Path) -> None:
    """Neither deep nor wide: one at a time is open."""
    resource = pytest.importorskip("resource")
    for number in range(300):
        (top / f"{number}" / "deep").mkdir(parents=True)
        (top / f"{number}" / "deep" / "file.md").write_bytes(b"")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 60
    resource.setrlimit(resource.RLIMIT_NOFILE, (used + 20, hard))
    try:
        assert len(Tree(top).members(top)) == 301
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="everything can be listed here")
def test_a_folder_that_cannot_be_listed_is_told(top: Path) -> None:
    (top / "in").chmod(0)
    try:
        (member,) = Tree(top).members(top)
        assert member.refused
        assert "cannot list this folder: Permission denied" in member.refused.message
    finally:
        (top / "in").chmod(0o755)


def test_watched_folders_are_those_without_links(top: Path) -> None:
    (top / ".hidden").mkdir()
    (top / ".git" / "objects").mkdir(parents=True)
    (top / "more").symlink_to("../out")
    (top / "linked").symlink_to("in")
    found = Tree(top).folders(skip=[".git"])
    assert sorted(path.relative_to(top).as_posix() for path in found) == [".", ".hidden", "in"]


def test_a_path_leads_where_the_system_says_or_is_refused(tmp_path: Path) -> None:
    """Held against `realpath` on trees of links that are drawn at random."""
    counts = {"stays": 0, "leaves": 0, "nowhere": 0}
    for seed in range(150):
        drawn = random.Random(seed)  # noqa: S311  the same trees each time
        top = tmp_path / f"{seed}" / "top"
        top.mkdir(parents=True)
        names = [f"{letter}" for letter in "abcdef"]
        for name in names:
            kind = drawn.choice(["file", "folder", "link", "link", "link"])
            parts = [drawn.choice([*names, "..", "."]) for _ in range(drawn.randint(1, 4))]
            if kind == "file":
                (top / name).write_bytes(name.encode())
            elif kind == "folder":
                (top / name).mkdir()
                (top / name / drawn.choice(names)).symlink_to("/".join(parts))
            else:
                (top / name).symlink_to("/".join([str(top)] * drawn.randint(0, 1) + parts))
        for _ in range(30):
            path = "/".join(drawn.choice([*names, "..", "."]) for _ in range(drawn.randint(1, 4)))
            counts[compared(top, path)] += 1
    assert min(counts.values()) > 200


def compared(top: Path, path: str) -> str:
    """Hold one path against the system."""
    try:
        real = Path(os.path.realpath(top / path, strict=True))
    except OSError:  # a part is missing, or a file: `..` after it is the folder that it would be in
        with suppress(OSError, RefusedError):
            assert Tree(top).read(Path(path), 100).decode() in "abcdef"
        return "nowhere"
    if not real.is_relative_to(top):
        with pytest.raises((LeavingLinkError, OutsideError)):
            Tree(top).resolve(Path(path))
        return "leaves"
    assert Tree(top).resolve(Path(path)) == real
    if real.is_file():
        assert Tree(top).read(Path(path), 100) == real.read_bytes()
    return "stays"


def test_a_folder_that_is_exchanged_after_the_look_is_not_followed(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = Tree.resolve

    def exchanged(self: Tree, path: Path) -> Path:
        found = resolve(self, path)
        (top / "in").rename(top / "was")
        (top / "in").symlink_to("../out")
        return found

    monkeypatch.setattr(Tree, "resolve", exchanged)
    with pytest.raises(LinkError):
        Tree(top).read(Path("in/file.md"), 100)
