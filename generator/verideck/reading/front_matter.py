"""The front matter: strings and lists of strings, every one kept as it is written.

PyYAML's parser is used, its resolver is not: `no`, `012` and `2020-01-01` stay text. Working on the parser's
events keeps memory and depth bounded whatever the file says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

import yaml

from verideck.cards import Location
from verideck.problems import Problem, error
from verideck.reading import formula_faults, names

if TYPE_CHECKING:
    from verideck.reading.passages import Line

KEYS = ("deck", "tags", "level", "source")
MOST_LINES = 200
MOST_CHARACTERS = 20_000
DEEPEST = 20  # lists and tables in one another that are passed over
_BELOW = re.compile(r"#{2,6} |```|~~~|<!--")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file says of all its cards."""

    deck: str = ""
    tags: tuple[str, ...] = ()
    level: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key and its values, each with its place; `listed` where they stand in a list."""

    key: str
    at: Location
    values: tuple[tuple[str, Location], ...]
    listed: bool = False


def read(lines: Sequence[Line], path: str) -> tuple[FrontMatter, int, tuple[Problem, ...]]:
    """Read the front matter; give it, the number of lines it takes, and its problems."""
    top = Location(path)
    if not lines or lines[0].text.rstrip(" \t") != "---":
        first = next((line for line in lines if not line.blank), None)
        if first is not None and first.text.rstrip(" \t") == "---":
            return (
                FrontMatter(),
                0,
                (error(first.at(path), "front matter below a blank line", "begin it on line 1"),),
            )
        hint = "begin the file with `---`, `deck: A deck's name`, `---`"
        return FrontMatter(), 0, (error(top, "a file without front matter", hint),)
    end = 1
    while end < min(len(lines), MOST_LINES) and lines[end].text.rstrip(" \t") != "---":
        if _BELOW.match(lines[end].text):
            break
        end += 1
    closed = end < len(lines) and lines[end].text.rstrip(" \t") == "---"
    if not closed:
        hint = "write `---` on a line of its own below it"
        return FrontMatter(), end, (error(top, "front matter that is not closed", hint),)
    text = "\n".join(line.text for line in lines[1:end])
    if len(text) > MOST_CHARACTERS:
        hint = f"it holds at most {MOST_CHARACTERS:,}"
        return FrontMatter(), end + 1, (error(top, f"front matter of {len(text):,} characters", hint),)
    problems: list[Problem] = []
    matter = FrontMatter()
    for entry in _entries(text, path, problems):
        matter = _with(matter, entry, problems)
    if not matter.deck and not problems:
        problems.append(error(top, "no deck named", "write `deck: A deck's name` in the front matter"))
    return matter, end + 1, tuple(problems)


def _with(matter: FrontMatter, entry: _Entry, problems: list[Problem]) -> FrontMatter:
    """Add an entry to the front matter, or report why not."""
    if entry.key not in KEYS:
        hint = names.meant(entry.key, KEYS) or f"the keys are {', '.join(KEYS)}"
        problems.append(error(entry.at, f"an unknown key `{names.shown(entry.key)}`", hint))
        return matter
    if entry.listed and entry.key in {"deck", "level"}:
        problems.append(
            error(entry.at, f"a list where `{entry.key}` takes one text", f"write `{entry.key}: text`")
        )
        return matter
    faults: dict[str, Callable[[str], names.Fault | None]] = {
        "deck": names.deck_fault,
        "tags": names.tag_fault,
        "level": names.level_fault,
        "source": _source_fault,
    }
    good: dict[str, None] = {}  # in order
    for value, at in entry.values:
        if fault := faults[entry.key](value):
            problems.append(error(at, *fault))
        elif value in good:
            problems.append(
                error(at, f"`{names.shown(value)}` is listed twice in `{entry.key}`", "leave one out")
            )
        else:
            good[value] = None
    match entry.key:
        case "deck":
            return replace(matter, deck="".join(good))
        case "level":
            return replace(matter, level="".join(good))
        case "tags":
            return replace(matter, tags=tuple(good))
        case _:
            return replace(matter, source=tuple(good))


def _source_fault(source: str) -> names.Fault | None:
    """Say what is wrong with a source, which may hold formulas as any text of a card."""
    if fault := names.source_fault(source):
        return fault
    return next(((one.message, one.hint) for one in formula_faults.find(source)), None)


class _UnreadableError(Exception):
    """The front matter is not a flat table of texts: the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _entries(text: str, path: str, problems: list[Problem]) -> Iterator[_Entry]:
    """Give the entries that can be read; report duplicates, and what cannot be read."""
    seen: dict[str, int] = {}
    try:
        for entry in _table(_Events(text, path, problems)):
            if entry.key in seen:
                hint = f"it already stands on line {seen[entry.key]}; leave one out"
                problems.append(error(entry.at, f"the key `{names.shown(entry.key)}` twice", hint))
                continue
            seen[entry.key] = entry.at.line
            yield entry
    except _UnreadableError as fault:
        problems.append(fault.problem)


class _Events:
    """The parser's events one by one, with their places in the source."""

    def __init__(self, text: str, path: str, problems: list[Problem]) -> None:
        self._path = path
        self._problems = problems
        self._lines = text.split("\n")
        self._last = Location(path, 2)
        self._events = iter(self._parse(text))

    def _parse(self, text: str) -> Iterator[yaml.events.Event]:
        try:
            yield from yaml.parse(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as fault:
            mark = fault.problem_mark or fault.context_mark
            at = self._place(mark.line, mark.column) if mark else self._last
            hint = "put a text that holds `: `, ` #` or begins with a sign into quotation marks"
            message = f"front matter that YAML cannot read: {fault.problem or fault.context}"
            raise _UnreadableError(error(at, message, hint)) from fault
        except (yaml.YAMLError, ValueError, OverflowError) as fault:
            hint = "write plain text; control characters and `\\U` escapes beyond Unicode cannot stand here"
            raise _UnreadableError(
                error(self._last, "front matter with an impossible character", hint)
            ) from fault

    def _place(self, line: int, column: int) -> Location:
        """Give a place inside the text; the parser's end mark may lie below it."""
        if line < len(self._lines):
            return Location(self._path, line + 2, column + 1)
        return Location(self._path, len(self._lines) + 1, 1)

    def take(self) -> tuple[yaml.events.Event, Location]:
        """Give the next event and its place; an anchor, alias or tag is refused."""
        event = next(self._events)
        if (mark := event.start_mark) is not None:
            self._last = self._place(mark.line, mark.column)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            hint = "write the text out; a text that begins with `*` or `&` stands in quotation marks"
            self.refuse("an anchor or alias in the front matter", hint)
        if getattr(event, "tag", None):
            self.refuse(
                "a tag in the front matter", "every value is text; one that begins with `!` stands in quotes"
            )
        return event, self._last

    def pass_over(self, event: yaml.events.Event, message: str, hint: str) -> None:
        """Report the last event, and go on behind the list or table that it opens."""
        self._problems.append(error(self._last, message, hint))
        depth = int(isinstance(event, yaml.CollectionStartEvent))
        while depth:
            if depth > DEEPEST:
                self.refuse("front matter nested too deep", "it holds texts and lists of texts")
            event, _ = self.take()
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)

    def refuse(self, message: str, hint: str) -> NoReturn:
        """Stop at the last event."""
        raise _UnreadableError(error(self._last, message, hint))


def _table(events: _Events) -> Iterator[_Entry]:
    """Read a table of texts and lists of texts from the events."""
    event, _ = events.take()
    while isinstance(event, (yaml.StreamStartEvent, yaml.DocumentStartEvent)):
        event, _ = events.take()
    if isinstance(event, yaml.StreamEndEvent):
        return
    if not isinstance(event, yaml.MappingStartEvent):
        events.refuse("front matter that is not a table", "write lines such as `deck: A deck's name`")
    event, at = events.take()
    while not isinstance(event, yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            events.refuse("a key that is not a word", f"the keys are {', '.join(KEYS)}")
        if (entry := _entry(event.value, at, events)) is not None:
            yield entry
        event, at = events.take()
    while not isinstance(event, yaml.StreamEndEvent):
        event, _ = events.take()
        if isinstance(event, yaml.DocumentStartEvent):
            events.refuse("a second YAML document in the front matter", "leave out the `...` line")


def _entry(key: str, at: Location, events: _Events) -> _Entry | None:
    """Read a key's values; None, and a problem, where they are not text."""
    event, place = events.take()
    name = names.shown(key)
    if isinstance(event, yaml.ScalarEvent):
        if event.value or event.style is not None:
            return _Entry(key, at, ((event.value, place),))
        events.pass_over(event, f"no value for `{name}`", f"write `{name}: text`, or leave the line out")
        return None
    if not isinstance(event, yaml.SequenceStartEvent):
        hint = f"write `{name}: text` or `{name}: [text, text]`"
        events.pass_over(event, f"a table where `{name}` takes text", hint)
        return None
    values: list[tuple[str, Location]] = []
    event, place = events.take()
    while not isinstance(event, yaml.SequenceEndEvent):
        if isinstance(event, yaml.ScalarEvent):
            values.append((event.value, place))
        else:
            hint = f"write `{name}: [text, text]`"
            events.pass_over(event, f"a table or list inside the list `{name}`", hint)
        event, place = events.take()
    return _Entry(key, at, tuple(values), listed=True)
