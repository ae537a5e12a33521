"""Running the preview: a port, a server, a browser, and a quiet end."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import FrameType

import uvicorn

from verideck import sources as disk
from verideck.previewing import server
from verideck.previewing.computing import Computer
from verideck.previewing.following import Follower
from verideck.verifying.budgets import MAX_DECK_STEPS
from verideck.verifying.provenance import RECOMPUTE, Policy

PATIENCE = 2  # seconds that open connections have to end


class PortError(Exception):
    """The preview cannot listen; the message is for a person."""


class _Server(uvicorn.Server):
    """A server that says when it has begun, ends with what it serves, and raises no signal that ended it."""

    def __init__(
        self, config: uvicorn.Config, begun: Callable[[], object], end: Callable[[], object]
    ) -> None:
        super().__init__(config)
        self._begun = begun
        self._end = end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so: from now on a signal ends it quietly."""
        await super().startup(sockets)
        self._begun()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002  as uvicorn calls it
        """Take a signal to end; a second one does not wait."""
        self.force_exit = self.should_exit
        self.should_exit = True
        self._end()


def listen(port: int) -> socket.socket:
    """Listen on a port of this machine, any free one for 0.

    Raises:
        PortError: the port is taken, or not ours to have.

    """
    try:
        return socket.create_server(("127.0.0.1", port), backlog=64)
    except OSError as fault:
        why = os.strerror(fault.errno).lower() if fault.errno else str(fault)
        hint = "name another one, or none for a free one"
        raise PortError(f"port {port} cannot be had ({why}): {hint}") from None


def serve(
    paths: Sequence[Path],
    port: int,
    started: Callable[[str], None],
    policy: Policy = RECOMPUTE,
    max_steps: int | None = None,
) -> None:
    """Show the deck that `paths` name until a signal ends it; `started` is told the address.

    What is computed meanwhile may take `max_steps`.

    Raises PortError as `listen` does, and SourcesError where the paths name no one deck.
    """
    disk.common_root(paths)
    with listen(port) as listening:
        asyncio.run(_serve(paths, listening, started, policy, max_steps or MAX_DECK_STEPS))


async def _serve(
    paths: Sequence[Path],
    listening: socket.socket,
    started: Callable[[str], None],
    policy: Policy,
    steps: int,
) -> None:
    loop = asyncio.get_running_loop()
    follower = Follower(paths, partial(Computer, steps=steps), policy)
    address = server.address(listening.getsockname()[1])
    config = uvicorn.Config(
        server.application(follower, address),
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    serving = _Server(config, lambda: started(address.url), lambda: loop.call_soon_threadsafe(follower.close))
    following = asyncio.create_task(follower.follow())
    following.add_done_callback(lambda _: setattr(serving, "should_exit", True))
    try:
        await serving.serve([listening])
    finally:
        follower.close()
        await following
