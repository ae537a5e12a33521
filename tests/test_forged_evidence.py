"""Decks of strangers as a person builds them: forged evidence, evidence from elsewhere, and no torch."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from verideck import building
from verideck.cli import main
from verideck.verifying import evidence
from verideck.verifying.provenance import RECOMPUTE, TRUST
from verideck.verifying.records import JobKind

pytestmark = pytest.mark.usefixtures("children_stay")

CARDS = """\
---
deck: Sums
---

## What does the softmax of two equal scores give?
<!-- card: #even -->

- [x] `[0.5, 0.5]`
- [ ] `[0.9, 0.1]`

```python check
answer == softmax([2, 2])
```

## What does this print?
<!-- card: #total -->

```python run
import torch
print(torch.tensor([1.0, 2.0]).sum())
```

- [x] `tensor(3.)`
- [ ] `tensor(4.)`

## What is half of «n»?
<!-- card: #half typed -->

---

`«n / 2»`

```python vary 2
n = [2, 4]
```

```python check
answer == n / 2
```

## Where does each token attend?
<!-- card: #past -->

```python heatmap past
weights = softmax(causal_mask(2))
tokens = ["the", "cat"]
alt = "Even over its past."
```

To its past.
""".replace("«n / 2»", "«h»").replace("answer == n / 2", "h = n / 2\nanswer == h")
COUNT = 6  # two checks, a program, a draw and the checks of two variants, a heatmap: `#even` has one
ANNOUNCED = f"{COUNT} checks were computed elsewhere: computing them once on this machine\n"
REFUSED = "checks were computed elsewhere; install verideck[verify], or pass --trust-evidence"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Go on another machine: one that has computed nothing yet, or one that was there before."""

    def moved(name: str) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "machines" / name))

    return moved


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, move: Callable[[str], None]) -> Path:
    """Give a folder with a deck that its author has built, on a machine that has computed nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "sums.md").write_text(CARDS, encoding="utf-8")
    move("the author's")
    built = run("build", "cards")
    assert built.exit_code == 0, built.stderr
    move("mine")
    return tmp_path


def edit(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for name in ("cards", "build")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


def forge(folder: Path) -> None:
    """Tick a wrong option, and let evidence prove it."""
    edit(folder / "cards" / "sums.md", ("[x] `[0.5", "[ ] `[0.5"), ("[ ] `[0.9", "[x] `[0.9"))
    edit(
        folder / "cards" / "evidence.json",
        ('"tensor":[0.5,0.5],"shape":[2]', '"tensor":[0.9,0.1],"shape":[2]'),
    )


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_forged_answer_is_refuted_and_the_card_named(command: str, folder: Path) -> None:
    forge(folder)
    before = files(folder)
    result = run(command, "cards")
    assert result.exit_code == 1
    assert (
        "cards/sums.md:12:1: error: option 1 `[0.5, 0.5]` equals the computed `[0.5, 0.5]`" in result.stderr
    )
    said = (
        "cards/sums.md:12:1: warning: the committed evidence of card `even` did not agree with what was comp"
    )
    assert said in result.stderr
    assert files(folder) == before
    again = run(command, "cards").stderr  # only what is forged is computed again
    assert "1 check was computed elsewhere: computing it once on this machine\n" in again
    assert again.count("error: ") == 1


def test_forged_evidence_beside_a_right_answer_is_replaced(folder: Path) -> None:
    honest = files(folder)
    edit(folder / "cards" / "evidence.json", ('["their sum",', '["the sum of their squares",'))
    result = run("build", "cards")
    assert result.exit_code == 0
    assert "warning: the committed evidence of card `even` did not agree" in result.stderr
    assert files(folder) == honest


def test_a_function_that_does_not_exist_proves_nothing(folder: Path) -> None:
    edit(folder / "cards" / "sums.md", ("softmax([2, 2])", "softmacks([2, 2])"))
    asked = run("check", "cards").stderr
    assert "error: an unknown name `softmacks`" in asked
    key = evidence.key(JobKind.CHECK, "answer == softmacks([2, 2])", {})
    lines = json.loads((folder / "cards" / "evidence.json").read_text(encoding="utf-8"))
    (line,) = [line for line in lines if line["code"] == "answer == softmax([2, 2])"]
    text = json.dumps({**line, "key": key}).replace("softmax([2, 2])", "softmacks([2, 2])")
    (folder / "cards" / "evidence.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")
    for options in ([], ["--trust-evidence"]):
        result = run("build", "cards", *options)
        assert result.exit_code == 1
        assert "sums.md:12:11: error: an unknown name `softmacks`" in result.stderr


def test_evidence_is_computed_once_on_each_machine(folder: Path, move: Callable[[str], None]) -> None:
    before = files(folder)
    first = run("build", "cards")
    assert first.exit_code == 0
    assert first.stderr.startswith(ANNOUNCED)
    assert f"computed  {COUNT} checks now, 0 from evidence.json" in first.stdout
    second = run("build", "cards")
    assert second.stderr == ""
    assert f"computed  0 checks now, {COUNT} from evidence.json" in second.stdout
    move("another")
    assert run("build", "cards").stderr.startswith(ANNOUNCED)
    move("the author's")
    assert run("build", "cards").stderr == ""
    assert files(folder) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "cards"),
        ("explain", "even", "cards"),
        ("export", "cards", "--format", "gift", "-o", "cards.gift"),
        ("gallery", "cards", "-o", "site"),
    ],
    ids=lambda arguments: str(arguments[0]),
)
def test_each_command_computes_remembers_and_trusts(arguments: tuple[str, ...], folder: Path) -> None:
    trusted = run(*arguments, "--trust-evidence")
    assert trusted.exit_code == 0
    assert ANNOUNCED not in trusted.stderr
    said = (
        "trusted, not computed"
        if arguments[0] == "explain"
        else f"; {COUNT} checks computed elsewhere and trusted"
    )
    assert said in trusted.stdout
    computed = run(*arguments)
    assert ANNOUNCED in computed.stderr
    assert "trusted" not in computed.stdout
    assert "computed  0 checks now" in run("build", "cards").stdout


def test_package_lock_and_evidence_depend_on_neither_record_nor_flag(
    folder: Path, move: Callable[[str], None]
) -> None:
    made = []
    for machine, policy in (("mine", RECOMPUTE), ("mine", RECOMPUTE), ("new", TRUST), ("mine", TRUST)):
        move(machine)
        built = building.build([folder / "cards"], folder / "build", now=2_000_000_000, policy=policy)
        assert isinstance(built, building.Built)
        done = built.examined.verification
        made.append((files(folder), done.computed, done.trusted))
    assert [one for _, *one in made] == [[COUNT, 0], [0, 0], [0, COUNT], [0, 0]]
    assert all(one == made[0][0] for one, *_ in made)
    assert {"build/cards.apkg", "cards/deck.lock", "cards/evidence.json"} <= made[0][0].keys()


def test_json_tells_what_was_computed_here(folder: Path) -> None:
    def told(*options: str) -> tuple[dict[str, bool], dict[str, int]]:
        data = json.loads(run("check", "cards", "--format", "json", *options).stdout)
        return {card["id"]: card["computed_here"] for card in data["cards"]}, data["evidence"]

    here, counts = told("--trust-evidence")
    assert here == dict.fromkeys(("even", "total", "half", "past"), False)
    assert counts == {"computed_now": 0, "computed_here": 0, "computed_elsewhere": COUNT}
    edit(folder / "cards" / "sums.md", ("softmax([2, 2])", "softmax([3, 3])"))
    here, counts = told("--trust-evidence")
    assert here == {"even": True, "total": False, "half": False, "past": False}
    assert counts == {"computed_now": 1, "computed_here": 1, "computed_elsewhere": COUNT - 1}
    here, counts = told()
    assert set(here.values()) == {True}
    assert counts == {"computed_now": COUNT, "computed_here": COUNT, "computed_elsewhere": 0}


def test_a_build_reports_to_programs(folder: Path) -> None:
    told = json.loads(run("build", "cards", "--format", "json", "--trust-evidence").stdout)
    assert (told["written"], told["package"], told["problems"]) == (True, "build/cards.apkg", [])
    assert [change["card"] for change in told["changes"]["unchanged"]] == ["even", "total", "half", "past"]
    assert told["counts"] == {"verified": 3, "unchecked": 1}
    assert told["evidence"]["computed_elsewhere"] == COUNT
    forge(folder)
    refused = run("build", "cards", "--format", "json")
    told = json.loads(refused.stdout)
    assert (refused.exit_code, told["written"]) == (1, False)
    assert [problem["severity"] for problem in told["problems"]] == ["error", "warning"]
    told = json.loads(run("gallery", "cards", "--format", "json").stdout)
    assert (told["written"], len(told["problems"])) == (False, 2)
    told = json.loads(run("export", "cards", "--format", "gift", "-o", "x.gift", "--report", "json").stdout)
    assert (told["written"], told["total"], len(told["problems"])) == (False, 4, 2)
    told = json.loads(run("gallery", "cards", "--format", "json", "--trust-evidence").stdout)
    assert (told["written"], told["computed_elsewhere"]) == (True, 1)  # the forged one: the others are known


def without_torch(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = (
        f"import sys; sys.modules['torch'] = None\nfrom verideck.cli import main; main({list(arguments)!r})\n"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def test_without_torch_evidence_is_refused_or_trusted(folder: Path, move: Callable[[str], None]) -> None:
    before = files(folder)
    refused = without_torch("build", "cards")
    assert refused.returncode == 1
    assert f"cards/evidence.json:1:1: error: {COUNT} {REFUSED}\n" in refused.stderr
    assert refused.stderr.endswith("\n1 error\n")
    assert "Traceback" not in refused.stderr
    assert files(folder) == before
    trusted = without_torch("build", "cards", "--trust-evidence")
    assert (trusted.returncode, trusted.stderr) == (0, "")
    assert f"{COUNT} checks computed elsewhere and trusted" in trusted.stdout
    move("the author's")  # which has computed all of it, and lost its torch
    assert without_torch("build", "cards").returncode == 0
    assert files(folder) == before


def test_one_check_is_told_in_the_singular(folder: Path) -> None:
    path = folder / "cards" / "sums.md"
    path.write_text(CARDS.partition("## What does this print?")[0], encoding="utf-8")
    message = REFUSED.replace("checks were", "check was")
    assert f"error: 1 {message}\n" in without_torch("check", "cards").stderr


def test_without_torch_the_other_problems_are_told_in_the_same_run(folder: Path) -> None:
    edit(folder / "cards" / "sums.md", ("#past -->", "#past levle=beginner -->"))
    told = without_torch("check", "cards").stderr
    assert f" error: {COUNT} {REFUSED}\n" in told
    assert "cards/sums.md:43:18: error: " in told
    assert told.endswith("\n2 errors\n")


@pytest.mark.parametrize("place", ["mine/verideck", "mine"])
def test_a_record_that_cannot_be_kept_costs_computing_and_one_warning(folder: Path, place: str) -> None:
    blocked = folder / "machines" / place
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_text("a file where the folder should be", encoding="utf-8")
    before = files(folder)
    for _ in range(2):
        result = run("build", "cards")
        assert result.exit_code == 0
        assert ANNOUNCED in result.stderr
        assert result.stderr.count("warning: ") == 1
        assert "the record of what was computed on this machine cannot be used: " in result.stderr
    assert files(folder) == before


def test_a_damaged_record_is_told_once_and_begun_again(folder: Path) -> None:
    run("build", "cards")
    (folder / "machines" / "mine" / "verideck" / "computed.sqlite3").write_bytes(b"rubbish" * 500)
    damaged = run("build", "cards")
    assert damaged.exit_code == 0
    assert damaged.stderr.count("warning: ") == 1
    assert ANNOUNCED in damaged.stderr
    assert run("build", "cards").stderr == ""


def test_a_deck_cannot_say_that_it_was_computed_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ship the author's record with the deck, in every place that it might be looked for."""
    record = (folder / "machines" / "the author's" / "verideck" / "computed.sqlite3").read_bytes()
    for name in (".", ".local/state", "state", "cards", "cards/.local/state"):
        path = folder / name / "verideck" / "computed.sqlite3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(record)
    (folder / ".env").write_text(f"XDG_STATE_HOME={folder}\n", encoding="utf-8")
    for value in ("", ".", "state", "cards"):
        monkeypatch.setenv("HOME", str(folder / "machines" / f"home {value}"))
        monkeypatch.setenv("XDG_STATE_HOME", value)
        assert ANNOUNCED in run("check", "cards").stderr
