"""The gallery's files: whole, safe, the same for the same deck, and never at the cost of anybody else's."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from verideck import building, cli, lock_files
from verideck.packaging.files import WriteError
from verideck.publishing import claiming, decks, exhibits, gallery, pages
from verideck.publishing.maths import Typesetter
from verideck.rendering.labels import LANGUAGES
from verideck.rendering.note_types import STANDARD

pytestmark = pytest.mark.usefixtures("children_stay")

NOW = 4_000_000_000
SOURCES = Path(__file__).parents[2] / "sources"
CONFIG = """namespace = "0b0e1a1c-4a1e-4b57-9f3a-8d7a4c1d2e3f"
title = "Sums & <more>"
author = "A <b>"
license = "CC BY 4.0"
license_url = "https://creativecommons.org/licenses/by/4.0/"
homepage = "javascript:alert(1)"
description = "Small *sums*, $1 + 1$. <script>alert(1)</script>"

[works.gauss]
title = "Disquisitiones"
authors = "Gauss"
year = "1801"
url = "https://example.org/gauss"

[works.unused]
title = "Not cited"
"""
CARDS = """---
deck: Sums::10 Small
level: beginner
---

## What is $1 + 1$?
<!-- card: #two -->

$2$

## Which is even? `</noscript><img src=x onerror=alert(1)>`
<!-- card: #even -->

- [x] `2`
- [ ] `3`

```python check
answer == 1 + 1
cited("gauss", "article 1")
```

## A query
<!-- card: #query reverse -->

What a position looks for.
"""
MORE = """---
deck: Sums::20 Large
level: expert
source: A *book*
---

## Half of «n»?
<!-- card: #half typed -->

$«n» / 2$ is

---

`«h»`

```python vary 3
n = [2, 4, 6]
```

```python check
h = n // 2
answer == n / 2
```

## Attention
<!-- card: #cloze deck="::Nested" -->

{{c1::Weights}} mix {{c2::values}}.

```python heatmap even
weights = softmax(causal_mask(3))
tokens = ["the", "cat", "sat"]
alt = "Even over its past."
```
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "deck.toml").write_text(CONFIG, encoding="utf-8")
    lock_files.begin([folder])
    (folder / "10.md").write_text(CARDS, encoding="utf-8")
    (folder / "20.md").write_text(MORE, encoding="utf-8")
    return folder


def made(sources: Path, output: Path) -> gallery.Published:
    result = gallery.publish([sources], output, now=NOW)
    assert isinstance(result, gallery.Published), result
    return result


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


class Elements(HTMLParser):
    """Every start tag of a page, with script on as a browser reads it, or with it off."""

    def __init__(self, *, script: bool = False) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.script = script

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if self.script and tag == "noscript":
            self.set_cdata_mode(tag)


def elements(page: bytes, *, script: bool = False) -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements(script=script)
    parser.feed(page.decode())
    return parser.found


def test_the_site_has_an_index_a_page_a_deck_the_pictures_and_the_package(
    sources: Path, tmp_path: Path
) -> None:
    done = made(sources, tmp_path / "site")
    site = files(tmp_path / "site")
    html = {name for name in site if name.endswith(".html")}
    assert html == {
        "index.html",
        "decks/sums-10-small.html",
        "decks/sums-20-large.html",
        "decks/sums-20-large-nested.html",
    }
    assert (done.cards, done.pages) == (7, 4)
    assert sorted(re.sub("[0-9a-f]{20}", "…", name) for name in set(site) - html) == [
        "decks/verideck-….svg",
        "gallery.json",
        "sums-more.apkg",
    ]
    index = site["index.html"].decode()
    for said in (
        "7 cards in 3 decks",
        "Gauss, 1801",
        "Sums &amp; &lt;more&gt;",
        "A &lt;b&gt;",
        "<em>sums</em>",
    ):
        assert said in index
    for not_said in ("Not cited", "javascript:", "<script>alert", "10 Small", "\\("):
        assert not_said not in index
    assert f"{len(site['sums-more.apkg']) / 1000:.0f} kB" in index
    assert 'href="https://example.org/gauss"' in index
    assert "<li>A <em>book</em></li>" in index
    assert 'href="decks/sums-20-large-nested.html#cloze%3D2"' in index


def test_the_package_is_the_one_that_a_build_makes(sources: Path, tmp_path: Path) -> None:
    built = building.build([sources], tmp_path / "out", now=NOW)
    assert isinstance(built, building.Built)
    lock = (sources / "deck.lock").read_bytes()
    made(sources, tmp_path / "site")
    assert (tmp_path / "site" / "sums-more.apkg").read_bytes() == built.package.read_bytes()
    assert (sources / "deck.lock").read_bytes() == lock


def test_the_same_deck_gives_the_same_bytes(sources: Path, tmp_path: Path) -> None:
    made(sources, tmp_path / "one")
    later = gallery.publish([sources], tmp_path / "two", now=NOW + 86_400)
    assert isinstance(later, gallery.Published)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_pages_load_nothing_but_their_pictures_and_run_nothing_but_their_own(
    sources: Path, tmp_path: Path
) -> None:
    made(sources, tmp_path / "site")
    site = files(tmp_path / "site")
    for name in (name for name in site if name.endswith(".html")):
        page = site[name].decode()
        for tag, attributes in elements(site[name]):
            for key, value in attributes.items():
                assert not key.startswith("on"), (name, tag, key)
                assert key not in ("style", "srcset", "ping", "background", "action"), (name, tag, key)
                if key == "src":
                    assert f"decks/{value}" in site, (name, value)
                if key == "href" and tag == "link":
                    assert (value or "").startswith("data:image/svg+xml,"), name
            assert tag not in ("iframe", "object", "embed", "base", "form", "video", "audio"), (name, tag)
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
        assert policy
        assert page.index(policy[0]) < page.index("<script")
        rules = dict(rule.split(" ", 1) for rule in policy[1].replace("&#39;", "'").split("; "))
        assert rules["default-src"] == "'none'"
        assert rules["img-src"] == "'self' file: data:"
        for kind, pattern in (("script", r"<script>(.*?)</script>"), ("style", r"<style>(.*?)</style>")):
            hashes = {
                f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
                for text in re.findall(pattern, page, re.DOTALL)
            }
            assert hashes == set(rules[f"{kind}-src"].split()), name
        assert not re.search(r"@import|url\(|http-equiv=\"refresh", page.partition("<body>")[0]), name


def test_ids_are_unique_and_those_of_the_cards(sources: Path, tmp_path: Path) -> None:
    made(sources, tmp_path / "site")
    found: list[str] = []
    for path in sorted((tmp_path / "site" / "decks").glob("*.html")):
        ids = [str(attributes["id"]) for _, attributes in elements(path.read_bytes()) if "id" in attributes]
        assert len(ids) == len(set(ids))
        found += [name for name in ids if name != "=cards"]
    assert sorted(found) == ["cloze", "cloze=2", "even", "half", "query", "query=2", "two"]


def test_what_a_card_needs_later_costs_no_element_before(sources: Path, tmp_path: Path) -> None:
    made(sources, tmp_path / "site")
    page = (tmp_path / "site" / "decks" / "sums-10-small.html").read_bytes()
    backs = [tag for tag, found in elements(page) if "card side" in str(found.get("class", ""))]
    fronts = [tag for tag, found in elements(page, script=True) if "card side" in str(found.get("class", ""))]
    assert (len(fronts), len(backs)) == (4, 8)


def test_a_cards_text_cannot_leave_its_place(sources: Path, tmp_path: Path) -> None:
    made(sources, tmp_path / "site")
    page = (tmp_path / "site" / "decks" / "sums-10-small.html").read_text(encoding="utf-8")
    body = page.partition("<body>")[2].rpartition("<script>")[0]
    assert body.count("<noscript>") == body.count("</noscript>") == 4
    assert not [found for tag, found in elements(page.encode()) if tag == "img" or "onerror" in found]


def test_a_varying_cards_formulas_are_there_for_every_variant(sources: Path, tmp_path: Path) -> None:
    made(sources, tmp_path / "site")
    page = (tmp_path / "site" / "decks" / "sums-20-large.html").read_text(encoding="utf-8")
    (table,) = re.findall(r'class="verideck-table">(.*?)</script>', page)
    assert list(json.loads(table)) == [r"\(2 / 2\)", r"\(4 / 2\)", r"\(6 / 2\)"]


def test_foreign_files_stay_and_stand_in_the_way_of_none(sources: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "decks").mkdir(parents=True)
    for name in ("CNAME", "notes.txt", "decks/mine.html", ".nojekyll"):
        (site / name).write_text("mine", encoding="utf-8")
    made(sources, site)
    made(sources, site)
    for name in ("CNAME", "notes.txt", "decks/mine.html", ".nojekyll"):
        assert (site / name).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["index.html", "sums-more.apkg", "decks/sums-10-small.html"])
def test_a_foreign_file_with_a_name_of_ours_is_an_error_and_nothing_is_written(
    name: str, sources: Path, tmp_path: Path
) -> None:
    path = tmp_path / "site" / name
    path.parent.mkdir(parents=True)
    path.write_text("mine", encoding="utf-8")
    lock = (sources / "deck.lock").read_bytes()
    with pytest.raises(WriteError, match="no gallery wrote it"):
        made(sources, tmp_path / "site")
    assert files(tmp_path / "site") == {name: b"mine"}
    assert (sources / "deck.lock").read_bytes() == lock


def test_what_is_gone_from_the_deck_goes_from_the_site_unless_it_was_changed(
    sources: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    made(sources, site)
    changed = site / "decks" / "sums-20-large.html"
    changed.write_bytes(changed.read_bytes() + b"<!-- mine -->")
    (sources / "20.md").unlink()
    done = made(sources, site)
    assert [problem.message for problem in done.problems if "kept" in problem.message] == [
        "changed since it was written, and kept"
    ]
    assert sorted(files(site)) == [
        "decks/sums-10-small.html",
        "decks/sums-20-large.html",
        "gallery.json",
        "index.html",
        "sums-more.apkg",
    ]
    assert sorted(json.loads((site / "gallery.json").read_bytes())["files"]) == [
        "decks/sums-10-small.html",
        "index.html",
        "sums-more.apkg",
    ]
    assert not [problem for problem in made(sources, site).problems if "kept" in problem.message]


@pytest.mark.parametrize("name", ["../victim", "/victim", "decks/../../victim", ".victim", "a/b/victim"])
def test_a_list_from_elsewhere_reaches_nothing_outside(name: str, sources: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    made(sources, site)
    victims = [tmp_path / "victim", site / ".victim", site / "a" / "b" / "victim"]
    for victim in victims:
        victim.parent.mkdir(parents=True, exist_ok=True)
        victim.write_bytes(b"mine")
    listed = json.loads((site / "gallery.json").read_bytes())
    listed["files"][name] = hashlib.sha256(b"mine").hexdigest()
    (site / "gallery.json").write_text(json.dumps(listed), encoding="utf-8")
    made(sources, site)
    assert [victim.read_bytes() for victim in victims] == [b"mine"] * 3


def test_a_linked_folder_is_not_swept(sources: Path, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    made(sources, site)
    elsewhere.mkdir()
    (elsewhere / "old.html").write_bytes(b"mine")
    (site / "linked").symlink_to(elsewhere)
    listed = json.loads((site / "gallery.json").read_bytes())
    listed["files"]["linked/old.html"] = hashlib.sha256(b"mine").hexdigest()
    (site / "gallery.json").write_text(json.dumps(listed), encoding="utf-8")
    made(sources, site)
    assert (elsewhere / "old.html").read_bytes() == b"mine"


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"files": 1}', '{"files": {"index.html": 1}}', "\x00"])
def test_a_damaged_list_owns_nothing(damage: str, sources: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    made(sources, site)
    before = files(site)
    (site / "gallery.json").write_text(damage, encoding="utf-8")
    made(sources, site)  # nothing has changed, so nothing is in the way
    assert files(site) == before
    (site / "gallery.json").write_text(damage, encoding="utf-8")
    (site / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(WriteError):
        made(sources, site)


def test_a_gallery_that_was_stopped_half_way_is_taken_up_again(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    done: list[Path] = []
    rename = Path.replace

    def stopped(self: Path, target: Path) -> Path:
        if Path(target).is_relative_to(site) and len(done) == 4:
            raise KeyboardInterrupt
        done.append(target)
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        made(sources, site)
    monkeypatch.undo()
    assert "index.html" not in files(site)
    (sources / "10.md").write_text(CARDS.replace("A query", "A key"), encoding="utf-8")
    made(sources, site)
    assert sorted(json.loads((site / "gallery.json").read_bytes())["files"]) == sorted(
        set(files(site)) - {"gallery.json"}
    )


def test_problems_keep_the_site_from_being_written(sources: Path, tmp_path: Path) -> None:
    (sources / "10.md").write_text(CARDS.replace("answer == 1 + 1", "answer == 1 + 2"), encoding="utf-8")
    result = CliRunner().invoke(cli.main, ["gallery", str(sources), "-o", str(tmp_path / "site")])
    assert (result.exit_code, (tmp_path / "site").exists()) == (1, False)
    assert "error" in result.output


def test_the_command_says_where_to_begin(sources: Path, tmp_path: Path) -> None:
    arguments = ["gallery", str(sources), "-o", str(tmp_path / "site")]
    refused = CliRunner().invoke(cli.main, [*arguments, "--locked"])
    assert refused.exit_code == 1
    result = CliRunner().invoke(cli.main, arguments)
    assert result.exit_code == 0, result.output
    assert re.search(r"site/index\.html: 7 cards on 4 pages, \d+ kB", result.output)
    assert CliRunner().invoke(cli.main, [*arguments, "--locked"]).exit_code == 0


def test_decks_are_named_by_key_sorted_as_anki_does_and_keep_clear_of_reserved_names(sources: Path) -> None:
    examined = building.examine([sources], now=NOW)
    project, shown = examined.project, next(exhibits.exhibits(examined, Typesetter()))

    def card(deck: str) -> exhibits.Exhibit:
        return replace(shown, deck=deck)

    names = ["B", "a::2 Two", "a::10 Ten", "a", "Con", "x::b", "x-b", "x::3 alone"]
    tree = decks.tree(map(card, names), project)
    found = [(node.name, node.title, node.page) for node in decks.walked(tree)]
    assert found == [
        ("a", "a", "decks/a.html"),
        ("a::10 Ten", "Ten", "decks/a-10-ten.html"),
        ("a::2 Two", "Two", "decks/a-2-two.html"),
        ("B", "B", "decks/b.html"),
        ("Con", "Con", "decks/con-deck.html"),
        ("x", "x", ""),
        ("x::3 alone", "3 alone", "decks/x-3-alone.html"),
        ("x::b", "b", "decks/x-b-2.html"),
        ("x-b", "x-b", "decks/x-b.html"),
    ]


def test_each_language_has_the_words_of_english_and_no_others() -> None:
    known = tomllib.loads((pages.TEMPLATES / "words.toml").read_text(encoding="utf-8"))
    assert known.keys() == LANGUAGES.keys()
    for language, words in known.items():
        assert words.keys() == known["en"].keys(), language
        for name, word in words.items():
            found, expected = (sorted(re.findall(r"\{\w+\}", text)) for text in (word, known["en"][name]))
            assert found == expected, (language, name)
    assert pages.words("de-AT") == known["de"]
    assert pages.words("xx") == known["en"]


def test_the_cards_styling_and_script_are_those_of_the_templates() -> None:
    css = pages.card_css(STANDARD.css)
    assert css.count("--paper:") >= 4
    assert "@import" not in css
    assert not re.search(r"(?<!:is\()#(?:answer|typeans|typearrow)\b", css)
    assert exhibits.script() in STANDARD.templates[0].back


def test_the_whole_deck(tmp_path: Path) -> None:
    shutil.copytree(SOURCES, tmp_path / "sources")
    done = made(tmp_path / "sources", tmp_path / "site")
    site = files(tmp_path / "site")
    assert done.cards > 238
    assert len([name for name in site if name.startswith("decks/") and name.endswith(".html")]) == 11
    assert "decks/why.html" in site  # by the key of deck.toml
    for name, page in site.items():
        if name.endswith(".html"):
            body = re.sub(rb"<(script|style)\b.*?</\1>", b"", page, flags=re.DOTALL)
            assert b'class="tex"' not in body, name
            assert not re.search(rb"\\[(\[]", body), name  # no formula is left to MathJax
    assert claiming.LIST in site
    assert Typesetter().css
