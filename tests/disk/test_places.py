"""Every place that touches files is known, and has a reason why no stranger's link can lead it astray.

A new place fails here. Does it read or write what a deck has? Then it goes through `verideck.disk`. Otherwise
it gets a line below.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "generator" / "verideck"

# Functions of `os` and methods of paths that look at a file, open it, or change it.
OF_OS = {
    "access", "chmod", "chown", "fdopen", "fwalk", "link", "listdir", "lstat", "makedirs", "mkdir",
    "mkfifo", "open", "readlink", "remove", "removedirs", "rename", "renames", "replace", "rmdir",
    "scandir", "stat", "symlink", "truncate", "unlink", "utime", "walk",
}  # fmt: skip
OF_PATHS = {
    "chmod", "exists", "glob", "hardlink_to", "is_dir", "is_file", "is_symlink", "isdir", "isfile",
    "islink", "iterdir", "lexists", "lstat", "mkdir", "open", "read_bytes", "read_text", "readlink",
    "realpath", "resolve", "rglob", "rmdir", "samefile", "stat", "symlink_to", "touch", "unlink",
    "write_bytes", "write_text",
}  # fmt: skip
OTHERS = {
    "FileSystemLoader", "NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile", "ZipFile",
    "awatch", "connect", "copyfile", "copytree", "mkdtemp", "mkstemp", "move", "rmtree",
}  # fmt: skip

# Reading and writing in strangers' folders.
SAFE = {
    "disk/folder.py": "follows no link but in a folder's own path, which the user has named",
    "disk/paths.py": "resolves what the user has named; looks whether a `deck.toml` is there",
    "disk/tree.py": "looks at each link before it follows it, and at nothing outside",
    "packaging/files.py": "writes to handles of open folders; locks the deck's own folder, resolved before",
}
# Elsewhere: what the user has named, looked at but not read; our own files; memory.
KNOWN = {
    "local_record.py": (
        {"connect", "exists", "mkdir", "os.open", "stat", "unlink"},
        "the user's state folder, which no deck can name",
    ),
    "lock_files.py": ({"lexists"}, "is there a file? it is read by a Tree"),
    "lock_recovery.py": ({"lexists", "resolve"}, "is there a lock? the package that the user has named"),
    "importing/gathering.py": ({"is_dir", "stat"}, "is it a folder that was named? when was a page saved?"),
    "importing/placing.py": ({"is_dir", "is_file", "realpath"}, "what kind of output was named?"),
    "packaging/addonrules.py": ({"is_symlink"}, "our add-on"),
    "packaging/ankiaddon.py": ({"ZipFile", "is_dir", "is_file", "os.scandir", "read_bytes"}, "our add-on"),
    "packaging/apkg.py": ({"TemporaryDirectory", "connect", "read_bytes"}, "a temporary folder of our own"),
    "packaging/archive.py": ({"ZipFile"}, "in memory"),
    "previewing/following.py": ({"awatch", "is_dir", "is_symlink"}, "watches folders that a Tree listed"),
    "previewing/page.py": ({"iterdir", "read_bytes", "read_text"}, "our files"),
    "previewing/panel.py": ({"FileSystemLoader"}, "our files"),
    "publishing/pages.py": ({"FileSystemLoader", "read_text"}, "our files"),
    "reading/formats/anki_archive.py": ({"ZipFile", "open"}, "in memory"),
    "reading/formats/anki_database.py": ({"connect"}, "in memory"),
    "rendering/fields.py": ({"FileSystemLoader"}, "our files"),
    "rendering/note_types.py": ({"read_text"}, "our files"),
    "sources.py": ({"is_dir", "lexists", "realpath", "resolve"}, "is there a file? it is read by a Tree"),
    "terminal.py": ({"is_dir", "is_symlink"}, "is there a folder `sources`?"),
    "verifying/child.py": ({"os.fdopen", "os.open"}, "pipes to the parent, the null device"),
    "verifying/compute.py": ({"read_text"}, "our files"),
    "verifying/executors.py": ({"read_bytes", "rglob"}, "our files"),
    "verifying/library/hashing.py": ({"exists", "read_text", "rglob"}, "our files"),
    "verifying/limits.py": ({"read_bytes"}, "what the system says of this process"),
    "verifying/mutants/__init__.py": ({"read_bytes"}, "our files"),
}


def touches(source: str) -> Iterator[str]:
    """Give the calls in a module that touch files."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(ast.Attribute(ast.Name("os"), name)) if name in OF_OS:
                yield f"os.{name}"
            case ast.Call(ast.Attribute(_, name)) if name in OF_PATHS | OTHERS:
                yield name
            case ast.Call(ast.Name(name)) if name in OTHERS | {"open"}:
                yield name


def test_every_place_that_touches_files_is_known() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): set(touches(path.read_text(encoding="utf-8")))
        for path in PACKAGE.rglob("*.py")
    }
    unsafe = {name: calls for name, calls in found.items() if calls and name not in SAFE}
    assert unsafe == {name: calls for name, (calls, _) in KNOWN.items()}
    assert all(found[name] for name in SAFE)


def test_a_new_place_is_found() -> None:
    source = (
        "import os\nopen(x)\nos.remove(x)\nPath(x).read_bytes()\nsqlite3.connect(x)\n'a'.replace('b', 'c')\n"
    )
    assert list(touches(source)) == ["open", "os.remove", "read_bytes", "connect"]
