"""Following a deck: looks again when a file changes, has computed what waits, tells whoever listens."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import watchfiles
from watchfiles._rust_notify import WatchfilesRustInternalError

from verideck.disk.tree import Tree
from verideck.previewing import computing
from verideck.previewing.computing import Computer, Learned, Task
from verideck.previewing.entries import Snapshot
from verideck.previewing.looking import Seen, look
from verideck.previewing.remembering import Memory
from verideck.sources import SourcesError
from verideck.verifying.provenance import RECOMPUTE, Policy

STEP = 10  # milliseconds without another change after which a look begins: an editor renames what it wrote
MOST = 200  # milliseconds after which it begins in any case
RETRY = 1  # seconds after which folders that could not be watched are looked at again


class Follower:
    """One deck and what is known of it; all but `follow` may be called while that runs."""

    def __init__(
        self,
        paths: Sequence[Path],
        computer: Callable[..., Computer] = Computer,
        policy: Policy = RECOMPUTE,
    ) -> None:
        self.snapshot = Snapshot()
        self._policy = policy
        self._paths = paths
        self._computer = computer
        self._memory = Memory()
        self._learned: list[Learned] = []
        self._wake = asyncio.Event()
        self._news = asyncio.Event()
        self._closed = False

    async def snapshots(self) -> AsyncIterator[Snapshot]:
        """Give what the page shows, now and whenever it has changed, until the follower is closed."""
        number = 0
        while not self._closed:
            if self.snapshot.number != number:
                number = self.snapshot.number
                yield self.snapshot
            else:
                await self._news.wait()

    def close(self) -> None:
        """End `follow` and all that listen."""
        self._closed = True
        self._wake.set()
        self._news.set()

    async def follow(self) -> None:
        """Look at the deck, and again at every change, until closed."""
        loop = asyncio.get_running_loop()
        computer = self._computer(lambda learned: loop.call_soon_threadsafe(self._learn, learned))
        watch = _Watch(self._wake)
        try:
            while not self._closed:
                self._wake.clear()
                seen = await self._look()
                if seen is not None:
                    await watch.over(await asyncio.to_thread(_folders, seen.root))
                    waiting = computing.later(seen.waiting, self._learned)
                    computer.give(Task(waiting, seen.project, seen.evidence, self._policy))
                await self._wake.wait()
        finally:
            computer.close()
            await watch.end()

    async def _look(self) -> Seen | None:
        """Look once; what goes wrong with all of it is said on the page, which stays as it was."""
        learned, self._learned = self._learned, []
        for one in learned:
            if self._memory.project and one.project.works == self._memory.project.works:
                self._memory = self._memory.learn(
                    one.card, one.decided, one.records, one.forgotten, passing=one.passing
                )
        now = int(time.time())
        try:
            seen = await asyncio.to_thread(
                look, self._paths, self.snapshot, self._memory, now=now, policy=self._policy
            )
        except SourcesError as fault:
            self._publish(replace(self.snapshot, notice=str(fault)))
        except Exception as fault:  # noqa: BLE001 - the next save may be a better one
            said = f"{type(fault).__name__}: {fault}"[:500]
            self._publish(replace(self.snapshot, notice=f"This cannot be shown: {said}"))
        else:
            self._memory = seen.memory
            self._publish(seen.snapshot)
            return seen
        return None

    def _publish(self, snapshot: Snapshot) -> None:
        if snapshot == self.snapshot and snapshot.number:
            return
        self.snapshot = replace(snapshot, number=self.snapshot.number + 1)
        self._news.set()
        self._news = asyncio.Event()

    def _learn(self, learned: Learned) -> None:
        self._learned.append(learned)
        self._wake.set()


def _folders(root: Path) -> Sequence[Path]:
    """List the folders of a deck to watch; the system's own recursion would follow links out of it."""
    return Tree(root).folders(skip=watchfiles.DefaultFilter.ignore_dirs)


class _Watch:
    """Wakes somebody at every change in some folders."""

    def __init__(self, wake: asyncio.Event) -> None:
        self._wake = wake
        self._folders: Sequence[Path] = ()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def over(self, folders: Sequence[Path]) -> None:
        """Watch folders, without those below them, in place of the ones before."""
        if folders and (folders != self._folders or (self._task and self._task.done())):
            await self.end()
            self._folders, self._stop = folders, asyncio.Event()
            self._task = asyncio.create_task(self._watch(folders, self._stop))

    async def end(self) -> None:
        """Stop watching."""
        self._stop.set()
        if self._task:
            await self._task

    async def _watch(self, folders: Sequence[Path], stop: asyncio.Event) -> None:
        for polling in (False, True):  # where the system cannot tell, by looking
            changes = watchfiles.awatch(
                *(path for path in folders if path.is_dir() and not path.is_symlink()),
                debounce=MOST,
                step=STEP,
                stop_event=stop,
                force_polling=polling or None,
                recursive=False,
            )
            with contextlib.suppress(OSError, WatchfilesRustInternalError):
                first = asyncio.ensure_future(anext(changes, None))
                await asyncio.sleep(0)  # it watches: what changed before that is looked for now
                self._wake.set()
                await first
                self._wake.set()
                async for _ in changes:
                    self._wake.set()
                return
        with contextlib.suppress(TimeoutError):  # a folder was removed just now
            await asyncio.wait_for(stop.wait(), RETRY)
        self._wake.set()
