"""Starting and ending a preview as a person does."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from verideck import building, lock_files
from verideck.cli import main

if TYPE_CHECKING:
    Preview = Any  # the class of conftest.py


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_while_pages_listen(by: int, preview: Callable[..., Preview]) -> None:
    page = preview()
    events = page.events()
    next(events)
    assert page.end(by) == (0, "", "")
    assert list(events) == []  # the page is told that it is over


def test_it_ends_quietly_before_the_first_look_is_done(preview: Callable[..., Preview]) -> None:
    assert preview().end() == (0, "", "")


def test_it_ends_quietly_while_something_is_computed(preview: Callable[..., Preview], deck: Path) -> None:
    page = preview()
    first = next(page.events())
    assert "computing" in {card["state"] for card in first["cards"]}
    assert page.end() == (0, "", "")


def test_two_previews_at_once(preview: Callable[..., Preview]) -> None:
    one, other = preview(), preview()
    assert one.port != other.port
    assert one.path != other.path
    for page in (one, other):
        assert next(page.events())["title"] == "Sums and words"
    assert one.ask(other.path)[0] == 404


def test_a_port_that_is_taken_is_said(preview: Callable[..., Preview]) -> None:
    taken = preview().port
    second = preview("--port", str(taken))
    _, err = second.process.communicate(timeout=1800)
    assert second.process.returncode == 2
    assert f"port {taken} cannot be had (address already in use)" in err
    assert "Traceback" not in err


def test_a_port_can_be_chosen(preview: Callable[..., Preview]) -> None:
    with socket.socket() as held:  # nobody else is given the port meanwhile
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        assert preview("--port", str(port)).port == port


def test_nothing_is_written(preview: Callable[..., Preview], deck: Path) -> None:
    before = {path: path.read_bytes() for path in deck.rglob("*")}
    page = preview()
    for told in page.events():
        if any(card["verdict"] == "verified" for card in told["cards"]):
            break
    page.end()
    assert {path: path.read_bytes() for path in deck.rglob("*")} == before


def test_without_its_packages_it_says_how_to_have_them(monkeypatch: pytest.MonkeyPatch, deck: Path) -> None:
    for name in [name for name in sys.modules if name.startswith("verideck.previewing.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = CliRunner().invoke(main, ["preview", str(deck)])
    assert result.exit_code == 2
    assert "the preview needs the package `uvicorn`: pip install" in result.stderr


def test_two_decks_at_once_are_refused(deck: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "deck.toml").write_text("", encoding="utf-8")
    result = CliRunner().invoke(main, ["preview", str(deck), str(tmp_path / "other"), "--no-open"])
    assert result.exit_code == 2
    assert "different decks" in result.stderr


def test_evidence_from_elsewhere_is_computed_without_a_word(
    preview: Callable[..., Preview], deck: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock_files.begin([deck])
    assert isinstance(building.build([deck], tmp_path / "out", now=1_700_000_000), building.Built)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another machine"))
    for first, options in (("computing", ()), ("current", ()), ("current", ("--trust-evidence",))):
        page = preview(*options)
        states = ({card["state"] for card in event["cards"]} for event in page.events())
        assert first in next(states)
        if first == "computing":
            assert {"current"} in states  # in the end
        assert page.end() == (0, "", "")
