"""What may be in the add-on: names that every system has, known kinds of files, imports that Anki has.

The rules do not depend on the Python that checks them: modules are those of Python 3.10, the oldest that an
Anki runs on, without those gone by 3.13, which the packaged Anki has.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from verideck.cards import Location
from verideck.problems import Problem, error

KINDS = (".py", ".js", ".css", ".json", ".md", ".svg", ".txt")
MOST_BYTES = 256 * 1024  # of a file: a source that is longer is none
LONGEST = 100  # characters of a name: Windows has 260 for the whole path

_OURSELVES = {"addon", "verideck", "attention_heatmaps"}
_ANKI = {"anki", "aqt"}
_NEWER = {"annotationlib", "compression", "tomllib"}
_GONE = {"aifc", "asynchat", "asyncore", "audioop", "binhex", "cgi", "cgitb", "chunk", "crypt", "distutils"}
_GONE |= {"imghdr", "imp", "lib2to3", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes", "smtpd"}
_GONE |= {"sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"}
_STANDARD = sys.stdlib_module_names - _NEWER - _GONE
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')


def lines(data: bytes) -> bytes:
    """End lines as the repository does, whatever a checkout on Windows made of them."""
    return data.replace(b"\r\n", b"\n")


def problems(paths: Mapping[str, Path], files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Give all that is wrong: `paths` tells where a name stands, `files` what is in those that are files."""
    taken: dict[str, str] = {}
    for name, path in sorted(paths.items()):
        place = Location(str(path))
        yield from _name(name, path, place)
        other = taken.setdefault(name.casefold(), name)
        if other != name:
            yield error(place, f"`{name}` and `{other}` are one file on Windows and macOS", "rename one")
        if name in files:
            yield from _contents(name, files, place)
        else:
            yield error(place, "this is no file", "take it out of the add-on's folder")


def _name(name: str, path: Path, place: Location) -> Iterator[Problem]:
    if path.is_symlink():
        yield error(place, "this is a link; what it leads to may not be there", "put the file itself here")
    for part in PurePosixPath(name).parts:
        if part.startswith("."):
            yield error(place, f"`{part}` is hidden", "take it out of the add-on's folder")
        elif _DEVICES.fullmatch(part) or _FORBIDDEN.search(part) or part.endswith((".", " ")):
            yield error(place, f"Windows has no file called `{part}`", "rename it")
        elif not part.isascii():
            yield error(place, f"`{part}` is spelt differently from system to system", "use ASCII alone")
    if len(name) > LONGEST:
        yield error(place, f"a name of {len(name)} characters", f"{LONGEST} are the most")
    if PurePosixPath(name).suffix not in KINDS:
        hint = f"an add-on has {', '.join(KINDS)}; is this left over from an editor?"
        yield error(place, "a stray file: of no known kind", hint)


def _contents(name: str, files: Mapping[str, bytes], place: Location) -> Iterator[Problem]:
    data = files[name]
    if len(data) > MOST_BYTES:
        yield error(place, f"{len(data):,} bytes", f"a file has {MOST_BYTES:,} at most: split it")
        return
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        yield error(Location(place.path, line), "this is not UTF-8", "save it as UTF-8")
        return
    if name.endswith(".json"):
        yield from _json(text, place)
    elif name.endswith(".py"):
        yield from _python(name, text, files, place)


def _json(text: str, place: Location) -> Iterator[Problem]:
    try:
        json.loads(text)
    except json.JSONDecodeError as fault:
        yield error(Location(place.path, fault.lineno, fault.colno), f"no JSON: {fault.msg}", "mend it")


def _python(name: str, text: str, files: Mapping[str, bytes], place: Location) -> Iterator[Problem]:
    try:
        tree = ast.parse(text, feature_version=(3, 10))
    except SyntaxError as fault:
        at = Location(place.path, fault.lineno or 1, fault.offset or 1)
        yield error(at, f"Python 3.10 cannot read this: {fault.msg}", "mend it")
        return
    for node in ast.walk(tree):
        for module, level in _imports(node):
            at = Location(place.path, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)
            if level:
                yield from _relative(name, module, level, files, at)
            else:
                yield from _absolute(module, at)


def _imports(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Give the modules that a node imports, each with the number of dots before it."""
    match node:
        case ast.Import(names):
            yield from ((alias.name, 0) for alias in names)
        case ast.ImportFrom(module, names, level):
            yield module or "", level or 0
        case ast.Call(
            ast.Name("import_module" | "__import__") | ast.Attribute(attr="import_module"),
            [ast.Constant(str() as module), *_],
        ):
            yield module.lstrip("."), len(module) - len(module.lstrip("."))


def _absolute(module: str, at: Location) -> Iterator[Problem]:
    root = module.partition(".")[0]
    if root in _OURSELVES:
        hint = "in Anki the add-on's folder has any name: import relatively, `from .module import …`"
        yield error(at, f"the add-on imports itself as `{module}`", hint)
    elif root not in _STANDARD | _ANKI:
        hint = "only `anki`, `aqt` and what Python has had from 3.10 to 3.13 is there"
        yield error(at, f"Anki may have no module `{module}`", hint)


def _relative(
    name: str, module: str, level: int, files: Mapping[str, bytes], at: Location
) -> Iterator[Problem]:
    folders = PurePosixPath(name).parts[:-1]
    if level - 1 > len(folders):
        yield error(at, f"`{'.' * level}{module}` leads out of the add-on", "take a dot away")
        return
    target = "/".join((*folders[: len(folders) - level + 1], *filter(None, module.split("."))))
    if f"{target}.py" not in files and f"{target}/__init__.py".lstrip("/") not in files:
        yield error(at, f"the add-on has no module `{'.' * level}{module}`", "see how it is spelt")
