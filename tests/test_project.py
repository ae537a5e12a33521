from __future__ import annotations

import pytest

from verideck import project as projects

NAMESPACE = 'namespace = "3c9e3c3e-7d5b-4f0e-9a44-0d9f1f8f2b11"\n'
GOOD = NAMESPACE + 'title = "Sums and Differences"\n'


def test_a_minimal_config_gives_a_slug_from_the_title() -> None:
    project, problems = projects.load(GOOD, "deck.toml")
    assert problems == ()
    assert project is not None
    assert project.slug == "sums-and-differences"
    assert project.short == "3c9e3c3e"


@pytest.mark.parametrize("folder", ["my_cards", 'A "quoted" \\ title', "", "tab\there"])
def test_a_new_config_can_be_read(folder: str) -> None:
    made = projects.unnamed(folder)
    project, problems = projects.load(projects.new_config(made), "deck.toml")
    assert problems == ()
    assert project is not None
    assert (project.namespace, project.slug) == (made.namespace, made.slug)


def test_two_unnamed_decks_have_namespaces_of_their_own() -> None:
    assert projects.unnamed("a").namespace != projects.unnamed("a").namespace


def test_deck_keys_survive_below_a_listed_deck() -> None:
    project, _ = projects.load(GOOD + '[decks]\nsums = "A::10 Sums"\n', "deck.toml")
    assert project is not None
    assert project.deck_key("A::10 Sums") == "sums"
    assert project.deck_key("A::10 Sums::Small") == "sums::Small"
    assert project.deck_key("B") == "B"


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("", 1, "`namespace` is missing", "namespace ="),
        (NAMESPACE, 1, "`title` is missing", "title ="),
        (GOOD + "language = 3\n", 3, "`language` must be a text", 'language = "…"'),
        (GOOD + 'langage = "en"\n', 3, "unknown key `langage`", "`language`"),
        (GOOD + "works = 1\n", 3, "`works` must be a table", "[works]"),
        (GOOD + 'slug = "A b"\n', 3, "`A b` is not a file name", "`a-b`"),
        ('title = "x"\nnamespace = "me"\n', 2, "the namespace must be a UUID in lowercase", "a new one is"),
        (GOOD + "\n[works.vaswani]\ntitel = 'x'\n", 4, "work `vaswani` has no title", "title ="),
        (GOOD + "[works.a]\ntitle = 'x'\nyear = 2017\n", 5, "work `a`: `year` must be a text", "year ="),
        (GOOD + '[decks]\na = "A::"\n', 4, "deck `A::`: a part of the name is empty", ""),
        (GOOD + '[decks]\na = "Default::x"\n', 4, "deck `Default::x`: `Default` is Anki's own deck", ""),
        (GOOD + '[decks]\na = "A"\nb = "A"\n', 5, "deck `A` has two keys, `a` and `b`", "older"),
        (GOOD + "[decks]\na = 1\n", 4, "`decks.a` must be a text", ""),
        (GOOD + "title = 'again'\n", 3, "not TOML: cannot overwrite a value", ""),
    ],
)  # fmt: skip
def test_a_wrong_config_is_told_with_its_line(text: str, line: int, message: str, hint: str) -> None:
    project, problems = projects.load(text, "deck.toml")
    assert project is None
    told = [problem for problem in problems if problem.message.startswith(message)]
    assert told, [str(problem) for problem in problems]
    assert told[0].line == line
    assert hint in told[0].hint
