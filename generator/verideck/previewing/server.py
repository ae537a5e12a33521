"""The page's server: reads only, on this machine only, for whoever has its address."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from verideck.previewing import page
from verideck.previewing.entries import Snapshot

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from verideck.previewing.following import Follower

# The page runs its own files and nothing else; a card runs the cards' script, known by its hash, in a frame
# that has no part in the page. Neither reaches another host.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FRAME_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src {files}frame.js {scripts}; "
    "style-src 'unsafe-inline' {files}; img-src {files}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors {origin}"
)
NO_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # a picture opened alone
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
MEDIA = {
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the page is: a port of this machine, and a word that nobody can guess."""

    port: int
    token: str

    @property
    def origin(self) -> str:
        """Give scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Give what a person opens."""
        return f"{self.origin}/{self.token}/"


def address(port: int) -> Address:
    """Make the address of a new preview."""
    return Address(port, secrets.token_urlsafe(18))


class Guard:
    """Lets through what only reads, names this server rightly, and does not come from another page.

    A page of another host can have its name resolved to this machine; then its name is in `Host`. What it
    sends across carries its `Origin`. A card's frame has none of its own, and says `null`.
    """

    def __init__(self, app: ASGIApp, address: Address) -> None:
        self._app = app
        self._origin = address.origin
        self._frames = f"/{address.token}/frame/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            return
        if refused := self._refusal(scope):
            await refused(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value.decode("latin-1"))
        hosts, origins = headers.get(b"host", []), headers.get(b"origin", [])
        if [f"http://{host}" for host in hosts] != [self._origin]:
            return _refused("this preview answers only to 127.0.0.1", 421)
        framed = scope["path"].startswith(self._frames)
        if any(origin != self._origin and not (framed and origin == "null") for origin in origins):
            return _refused("this preview does not answer other pages", 403)
        if scope["method"] not in ("GET", "HEAD"):
            return _refused("this preview only shows", 405, {"Allow": "GET, HEAD"})
        return None


def _refused(why: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(why + "\n", status, {**HEADERS, **(headers or {})})


def application(follower: Follower, address: Address) -> ASGIApp:
    """Make the server of a follower's page."""
    files = f"{address.url}frame/"
    frame_policy = FRAME_POLICY.format(files=files, origin=address.origin, scripts=" ".join(page.scripts()))

    async def document(_: Request) -> Response:
        return _answer(page.document(), "text/html", PAGE_POLICY)

    async def file(request: Request) -> Response:
        found = page.static().get(request.path_params["name"])
        return _answer(*found, PAGE_POLICY) if found else _missing()

    async def card(request: Request) -> Response:
        placed = follower.snapshot.find(request.path_params["key"])
        return JSONResponse(page.body(placed), headers=HEADERS) if placed else _missing()

    async def frame(_: Request) -> Response:
        return _answer(page.frame(), "text/html", frame_policy)

    async def framed(request: Request) -> Response:
        """Give what a side asks for by name: its pictures, the frame's script, the learner's own styling."""
        name = request.path_params["name"]
        if name == "frame.js":
            return _answer(*page.static()[name], NO_POLICY)
        if name == "_verideck_user.css":
            return _answer(b"", "text/css", NO_POLICY)
        kind = MEDIA.get(name.rpartition(".")[2])
        data = follower.snapshot.media(name) if kind else None
        return _answer(data, kind, NO_POLICY) if data is not None and kind else _missing()

    async def events(_: Request) -> Response:
        return StreamingResponse(_events(follower), headers=HEADERS, media_type="text/event-stream")

    routes = [
        Route("/", document),
        Route("/static/{name}", file),
        Route("/cards/{key:path}", card),
        Route("/frame/", frame),
        Route("/frame/{name}", framed),
        Route("/events", events),
    ]
    app = Starlette(routes=[Mount(f"/{address.token}", routes=routes)], exception_handlers={404: _nowhere})
    return Guard(app, address)


async def _events(follower: Follower) -> AsyncIterator[str]:
    shown = Snapshot()
    async for snapshot in follower.snapshots():
        yield f"data: {json.dumps(page.delta(shown, snapshot), separators=(',', ':'))}\n\n"
        shown = snapshot


async def _nowhere(_: Request, __: Exception) -> Response:
    return _refused("open the address that `verideck preview` printed", 404)


def _missing() -> Response:
    return _refused("there is no such file", 404)


def _answer(data: bytes, kind: str, policy: str) -> Response:
    return Response(data, media_type=kind, headers={**HEADERS, "Content-Security-Policy": policy})
