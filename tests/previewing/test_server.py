"""The page's server over real HTTP: what it shows, and to whom it does not."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    Preview = Any  # the class of conftest.py

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>'


def test_the_page_and_its_files_are_served(page: Preview) -> None:
    status, headers, data = page.ask()
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b'src="static/page.js"' in data
    for name, kind in (
        ("page.js", "text/javascript"),
        ("page.css", "text/css"),
        ("icon.svg", "image/svg+xml"),
    ):
        status, headers, _ = page.ask(f"static/{name}")
        assert (status, headers["content-type"].partition(";")[0]) == (200, kind)


def test_neither_page_nor_cards_can_reach_another_host_or_run_a_foreign_script(page: Preview) -> None:
    for path in ("", "frame/"):
        _, headers, _ = page.ask(path)
        policy = {part.split()[0]: part.split()[1:] for part in headers["content-security-policy"].split(";")}
        assert policy["default-src"] == ["'none'"]
        assert not {"*", "http:", "https:", "'unsafe-eval'"} & {
            word for part in policy.values() for word in part
        }
        assert "'unsafe-inline'" not in policy["script-src"]
        assert {"base-uri", "form-action", "frame-ancestors"} <= set(policy)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert not [name for name in headers if name.startswith("access-control")]
    assert policy["sandbox"] == ["allow-scripts"]


def test_the_page_is_told_of_cards_and_of_a_save(preview: Callable[..., Preview], deck: Path) -> None:
    events = preview().events()
    first = next(events)
    assert first["order"] == ["even", "query", "both", "key", "mix"]
    text = (deck / "sums.md").read_text(encoding="utf-8")
    (deck / "sums.md").write_text(text.replace("The vector that asks", "The row that asks"), encoding="utf-8")
    for told in events:
        if any(card["key"] == "query" for card in told["cards"]):
            break
    (card,) = (card for card in told["cards"] if card["key"] == "query")
    assert "The row that asks" in card["body"]["sides"][0]["back"]
    events.close()


def test_a_card_and_its_pictures_are_given_by_name(preview: Callable[..., Preview], deck: Path) -> None:
    page = preview()
    (deck / "dot.svg").write_text(PICTURE, encoding="utf-8")
    with (deck / "words.md").open("a", encoding="utf-8") as file:
        file.write("\n## Dot?\n<!-- card: #dot -->\n\n![A dot](dot.svg)\n")
    for told in page.events():
        if any(card["key"] == "dot" for card in told["cards"]):
            break
    status, _, data = page.ask("cards/dot")
    assert status == 200
    name = data.decode().partition(r"src=\"")[2].partition("\\")[0]
    status, headers, data = page.ask(f"frame/{name}", Origin="null")
    assert (status, headers["content-type"], data.decode()) == (200, "image/svg+xml", PICTURE)
    assert headers["content-security-policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "evil.test:{port}",
        "localhost:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1:{port}.evil.test",
    ],
)
def test_other_hosts_names_are_refused(host: str, page: Preview) -> None:
    for path in ("", "events", "/"):
        status, _, data = page.ask(path, host=host.format(port=page.port))
        assert status == 421
        assert b"even" not in data


@pytest.mark.parametrize(
    "origin", ["http://evil.test", "http://127.0.0.1:1", "https://127.0.0.1:{port}", "null"]
)
def test_other_pages_are_refused(origin: str, page: Preview) -> None:
    for path in ("", "events", "cards/even"):
        assert page.ask(path, Origin=origin.format(port=page.port))[0] == 403
    assert page.ask("", Origin=f"http://127.0.0.1:{page.port}")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"])
def test_it_only_shows(method: str, page: Preview) -> None:
    status, headers, _ = page.ask("", method=method)
    assert (status, headers.get("allow", "GET, HEAD")) in ((405, "GET, HEAD"), (400, "GET, HEAD"))
    assert page.ask("x/", method=method)[0] == status
    assert page.ask("", method="HEAD")[2] == b""


def test_there_is_nothing_but_the_page(page: Preview) -> None:
    half = page.path[: len(page.path) // 2]
    paths = ["/", "/x/", "/static/page.js", "/deck.toml", f"{half}/", f"{page.path[:-1]}x/"]
    paths += [
        page.path + path for path in ("x/", "deck.toml", "static/", "cards/none", "cards/", "frame/x.svg")
    ]
    ups = (
        "../",
        "../../",
        "..%2f",
        "..%2f..%2f",
        "%2e%2e/",
        "..%5c",
        "%00",
        "/etc/../",
        "%252e%252e%252f",
        "/",
    )
    names = ("server.py", "sums.md", "deck.toml", "page.html", "etc/passwd")
    paths += [
        f"{page.path}{folder}/{up}{name}"
        for folder in ("static", "frame", "cards")
        for up in ups
        for name in names
    ]
    for path in paths:
        status, _, data = page.ask(path)
        assert status == 404, path
        assert len(data) < 100


def test_it_listens_on_this_machine_alone(page: Preview) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", page.port), timeout=10)
