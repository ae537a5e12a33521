"""The add-on's bundle: the same bytes everywhere, and nothing in it that Anki could not use."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from verideck import __version__
from verideck.cli import main
from verideck.packaging import addonrules, ankiaddon
from verideck.packaging.ankiaddon import BundleError, bundle

INIT = b'"""An add-on."""\n\nfrom .hooks import register\n'
HOOKS = b"import json\nfrom concurrent import futures\n\nfrom anki.collection import Collection\n"


@pytest.fixture
def addon(tmp_path: Path) -> Path:
    """Give the folder of a small add-on that is as it should be."""
    return write(tmp_path / "addon", {"__init__.py": INIT, "hooks.py": HOOKS, "web/cards.js": b"1;\n"})


def write(root: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(root: Path) -> list[str]:
    """Give what is wrong, with paths as the add-on has them."""
    with pytest.raises(BundleError) as caught:
        bundle(root)
    return [f"{p.place}: {p.message}".removeprefix(f"{root}{os.sep}") for p in caught.value.problems]


def test_the_bundle_of_the_add_on_is_whole() -> None:
    found = members(bundle())
    assert {"manifest.json", "__init__.py", "hooks.py", "heatmap/drawing.py", "config.json"} <= set(found)
    assert {"config.schema.json", "config.md", "settings/values.py"} <= set(found)
    assert list(found) == sorted(found)
    assert not [name for name in found if "__pycache__" in name or name.endswith("/")]
    assert json.loads(found["manifest.json"]) == {
        "package": "attention_heatmaps",
        "name": "Attention Heatmaps",
        "human_version": __version__,
        "min_point_version": 250700,
    }


def test_the_oldest_anki_that_is_declared_is_the_one_that_is_tested() -> None:
    pins = (Path(__file__).parents[2] / "constraints-oldest.txt").read_text(encoding="utf-8")
    year, month = divmod(ankiaddon.OLDEST // 100, 100)
    assert {f"anki=={year}.{month}", f"aqt=={year}.{month}"} <= set(pins.splitlines())


def test_the_same_files_give_the_same_bytes(addon: Path, tmp_path: Path) -> None:
    first = bundle(addon)
    other = tmp_path / "other"
    for name in ("web/cards.js", "hooks.py", "__init__.py"):  # another order
        write(other, {name: (addon / name).read_bytes()})
        (other / name).chmod(0o600)
        os.utime(other / name, (1, 1))
    assert bundle(other) == first


def test_neither_umask_locale_zone_nor_hash_seed_has_a_say(tmp_path: Path) -> None:
    code = "import os, sys; os.umask(0o077); from verideck.packaging import ankiaddon as a;"
    code += "sys.stdout.buffer.write(a.bundle())"
    odd = {"LC_ALL": "C", "TZ": "Pacific/Apia", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0", "LANG": "tr_TR"}
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, **odd}, cwd=tmp_path
    )
    assert made.stdout == bundle()


def test_a_checkout_on_windows_gives_the_same_bytes(addon: Path) -> None:
    first = bundle(addon)
    write(addon, {"hooks.py": HOOKS.replace(b"\n", b"\r\n")})
    assert bundle(addon) == first


def test_what_python_and_anki_leave_in_the_folder_stays_out(addon: Path) -> None:
    first = bundle(addon)
    write(addon, {"__pycache__/hooks.cpython-311.pyc": b"\0", "web/__pycache__/a.pyc": b"\0"})
    write(addon, {"meta.json": b'{"config": {"secret": 1}}', "user_files/notes.txt": b"mine"})
    assert bundle(addon) == first


def test_members_have_no_top_folder_no_date_and_plain_rights(addon: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle(addon))) as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.external_attr == 0o644 << 16
        assert "manifest.json" in archive.namelist()


WRONG_FILES = {
    "hooks.py~": "a stray file: of no known kind",
    "hooks.py.orig": "a stray file: of no known kind",
    "web/cards": "a stray file: of no known kind",
    ".DS_Store": "`.DS_Store` is hidden",
    ".git/config.txt": "`.git` is hidden",
    "web/.cards.js.swp": "`.cards.js.swp` is hidden",
    "aux.py": "Windows has no file called `aux.py`",
    "LPT1/cards.js": "Windows has no file called `LPT1`",
    "web/a:b.js": "Windows has no file called `a:b.js`",
    "web./cards.js": "Windows has no file called `web.`",
    "größe.py": "`größe.py` is spelt differently from system to system",
    "Hooks.py": "`hooks.py` and `Hooks.py` are one file on Windows and macOS",
    f"{'long' * 25}.py": "a name of 103 characters",
}


@pytest.mark.parametrize("name", WRONG_FILES, ids=lambda name: name[:20])
def test_a_file_that_has_no_place_there_is_refused(addon: Path, name: str) -> None:
    write(addon, {name: b"\n"})
    assert WRONG_FILES[name] in [said.partition(": ")[2] for said in refused(addon)]


@pytest.mark.parametrize("target", ["hooks.py", "/etc/passwd", "../outside.py", "missing.py"])
def test_a_link_is_refused_wherever_it_leads(addon: Path, target: str) -> None:
    (addon.parent / "outside.py").write_text("")
    (addon / "link.py").symlink_to(target)
    assert "link.py:1:1: this is a link; what it leads to may not be there" in refused(addon)


def test_a_link_to_a_folder_is_refused_and_not_followed(addon: Path) -> None:
    (addon / "more").symlink_to(addon.parent)
    assert "more:1:1: this is a link; what it leads to may not be there" in refused(addon)


def test_a_fifo_is_refused_and_not_read(addon: Path) -> None:
    os.mkfifo(addon / "pipe.py")
    assert refused(addon) == ["pipe.py:1:1: this is no file"]


WRONG_SOURCES = {
    "import addon.guard": "1:1: the add-on imports itself as `addon.guard`",
    "x = 1\nfrom addon import guard": "2:1: the add-on imports itself as `addon`",
    "import verideck": "1:1: the add-on imports itself as `verideck`",
    "def f():\n    import attention_heatmaps": "2:5: the add-on imports itself as `attention_heatmaps`",
    "import json, numpy.linalg": "1:1: Anki may have no module `numpy.linalg`",
    "from PyQt6.QtCore import Qt": "1:1: Anki may have no module `PyQt6.QtCore`",
    "import tomllib": "1:1: Anki may have no module `tomllib`",
    "import imghdr": "1:1: Anki may have no module `imghdr`",
    "import importlib\nimportlib.import_module('addon.x')": "2:1: the add-on imports itself as `addon.x`",
    "__import__('numpy')": "1:1: Anki may have no module `numpy`",
    "from .absent import x": "1:1: the add-on has no module `.absent`",
    "from ..web.absent import x": "1:1: the add-on has no module `..web.absent`",
    "from ... import aqt": "1:1: `...` leads out of the add-on",
    "def f(:\n    pass": "1:7: Python 3.10 cannot read this: invalid syntax",
    "try:\n    f()\nexcept* ValueError:\n    pass": "Python 3.10 cannot read this",
}


@pytest.mark.parametrize("source", WRONG_SOURCES)
def test_an_import_or_syntax_that_anki_has_not_is_refused_at_its_place(addon: Path, source: str) -> None:
    write(addon, {"web/more.py": source.encode()})
    (said,) = refused(addon)
    assert WRONG_SOURCES[source] in said
    assert said.startswith(f"web{os.sep}more.py:")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("config.json", b'{\n  "size": 3,\n}', "config.json:3:1: no JSON"),
        ("a.md", b"one\ntw\xff", "a.md:2:1: this is not UTF-8"),
        ("a.txt", b"x" * (addonrules.MOST_BYTES + 1), "a.txt:1:1: 262,145 bytes"),
    ],
)
def test_contents_that_cannot_be_right_are_refused(addon: Path, name: str, data: bytes, said: str) -> None:
    write(addon, {name: data})
    assert any(line.startswith(said) for line in refused(addon))


def test_all_that_is_wrong_is_said_in_one_run(addon: Path) -> None:
    write(addon, {"b.py": b"import numpy\nimport verideck\n", "a.py~": b"", "c.json": b"{"})
    assert [said.split(":")[0] for said in refused(addon)] == ["a.py~", "b.py", "b.py", "c.json"]


def test_what_is_allowed_does_not_hang_on_the_python_that_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"json", "zipfile", "html", "concurrent"} <= addonrules._STANDARD
    assert not {"tomllib", "cgi", "imp", "distutils", "compression"} & addonrules._STANDARD


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_writes_the_bundle_and_says_where(elsewhere: Path) -> None:
    done = CliRunner().invoke(main, ["addon"], catch_exceptions=False)
    path = elsewhere / "build" / "attention-heatmaps.ankiaddon"
    assert (done.exit_code, path.read_bytes()) == (0, bundle())
    assert done.stdout.startswith(f"{Path('build') / path.name}: Attention Heatmaps {__version__}, ")
    assert CliRunner().invoke(main, ["addon", "-o", "a/b.ankiaddon"]).exit_code == 0
    assert (elsewhere / "a" / "b.ankiaddon").read_bytes() == bundle()


def test_the_command_tells_problems_and_leaves_the_old_bundle(
    elsewhere: Path, addon: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(addon, {"b.py": b"import verideck\n"})
    monkeypatch.setattr(ankiaddon, "folder", lambda: addon)
    (elsewhere / "x.ankiaddon").write_bytes(b"old")
    done = CliRunner().invoke(main, ["addon", "-o", "x.ankiaddon"], catch_exceptions=False)
    assert done.exit_code == 1
    assert "b.py:1:1: error: the add-on imports itself as `verideck`" in done.stderr
    assert "hint: in Anki" in done.stderr
    assert (elsewhere / "x.ankiaddon").read_bytes() == b"old"


def test_a_place_that_cannot_be_written_is_said(elsewhere: Path) -> None:
    (elsewhere / "taken").write_text("")
    done = CliRunner().invoke(main, ["addon", "-o", "taken/x.ankiaddon"])
    assert done.exit_code == 1
    assert "cannot write this file" in done.stderr
