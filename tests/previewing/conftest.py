"""A small deck to preview, and looks at it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from verideck import sources as disk
from verideck.previewing.entries import Snapshot
from verideck.previewing.looking import Seen, look
from verideck.previewing.remembering import Memory, compute
from verideck.rendering import notes
from verideck.verifying import run
from verideck.verifying.worker import Worker

CONFIG = """\
namespace = "3a0f6a52-0c5b-4b58-9f5e-2c1f7f0a6c11"
title = "Sums and words"
language = "en"
"""
SUMS = """\
---
deck: Sums
---

## What does the softmax of two equal scores give?
<!-- card: #even level=beginner -->

- [x] `[0.5, 0.5]`
- [ ] `[1.0, 1.0]`

```python check
answer == softmax([2, 2])
```

## What is a query?
<!-- card: #query -->

The vector that asks.

## Which is the other way round?
<!-- card: #both reverse -->

Both.
"""
WORDS = """\
---
deck: Words
---

## What is a key?
<!-- card: #key -->

What a query is held against: $q \\cdot k$.

## The {{c1::values}} are mixed by {{c2::weights}}.
<!-- card: #mix -->
"""


@dataclass
class Looks:
    """One deck, looked at again and again as the preview does."""

    folder: Path
    memory: Memory = field(default_factory=Memory)
    seen: Seen | None = None
    counts: Counter[str] = field(default_factory=Counter)

    def __call__(self) -> Snapshot:
        """Look; `counts` has how often each stage was called for a file or card in this look."""
        self.counts.clear()
        before = self.seen.snapshot if self.seen else Snapshot()
        self.seen = look([self.folder], before, self.memory, now=4_000_000_000)
        self.memory = self.seen.memory
        return self.seen.snapshot

    def compute(self) -> Snapshot:
        """Compute what waits, as the computing thread does, and look again."""
        assert self.seen
        with Worker() as worker:
            for card in self.seen.waiting:
                decided, records, passing = compute(card, self.seen.project, self.seen.evidence, worker.run)
                self.memory = self.memory.learn(card, decided, records, passing=passing)
        return self()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> Snapshot:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1
        self.write(name, text.replace(old, new))
        return self()


def written(folder: Path) -> Path:
    """Write the deck into a new folder."""
    folder.mkdir()
    for name, text in (("deck.toml", CONFIG), ("sums.md", SUMS), ("words.md", WORDS)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return written(tmp_path / "deck")


@pytest.fixture(scope="session")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    """Give what is known once the deck's checks are computed, of no file yet."""
    looks = Looks(written(tmp_path_factory.mktemp("computed") / "deck"))
    looks()
    looks.compute()
    return Memory(computed=looks.memory.computed)


@pytest.fixture
def looks(deck: Path, computed: Memory, monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Look at the deck with counters in front of the real stages."""
    looks = Looks(deck, computed)

    def counted(module: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(module, name)

        def called(*arguments: Any, **options: Any) -> Any:
            looks.counts[name] += 1
            return real(*arguments, **options)

        monkeypatch.setattr(module, name, called)

    counted(disk, "parse")
    counted(run, "verify")
    counted(notes, "render")
    return looks


@dataclass
class Preview:
    """A preview that runs in a process of its own, as a person starts it."""

    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> int:
        return int(self.url.split(":")[2].partition("/")[0])

    @property
    def path(self) -> str:
        return "/" + self.url.split("/", 3)[3]

    def ask(
        self, path: str = "", *, method: str = "GET", host: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask for a path below the page's own, or for one from the root."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=1800)) as connection:
            connection.putrequest(method, path if path.startswith("/") else self.path + path, skip_host=True)
            for name, value in {"Host": host or f"127.0.0.1:{self.port}", **headers}.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def events(self) -> Iterator[dict[str, Any]]:
        """Listen to what the page is told."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=1800)) as connection:
            connection.request("GET", f"{self.path}events")
            answer = connection.getresponse()
            assert answer.getheader("content-type") == "text/event-stream; charset=utf-8"
            while line := answer.readline():
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])

    def end(self, by: int = signal.SIGINT) -> tuple[int, str, str]:
        """End it as Ctrl+C does; gives exit code, what else it printed, and its complaints."""
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=1800)
        return self.process.returncode, out, err


def started(*arguments: str) -> Preview:
    process = subprocess.Popen(
        [sys.executable, "-m", "verideck", "preview", "--no-open", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    line = process.stdout.readline()
    return Preview(process, next((word for word in line.split() if word.startswith("http")), ""))


@pytest.fixture
def preview(deck: Path) -> Iterator[Callable[..., Preview]]:
    """Start previews of the deck; they end with the test."""
    running: list[Preview] = []

    def start(*arguments: str) -> Preview:
        running.append(started(str(deck), *arguments))
        return running[-1]

    yield start
    for one in running:
        ended(one)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """Give one preview for tests that only ask."""
    one = started(str(written(tmp_path_factory.mktemp("page") / "deck")))
    try:
        next(one.events())
        yield one
    finally:
        ended(one)


def ended(one: Preview) -> None:
    if one.process.poll() is None:
        one.process.kill()
    one.process.communicate()
