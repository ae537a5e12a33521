"""Code and maths inside paragraphs are found where comrak finds them."""

from __future__ import annotations

import random
import re

import comrak

from verideck.reading import inline

TOKENS = ("`", "``", "```", "\\`", "a", " ", "$", "$$", "\\", "5", "b ", "\\$", "{", "x$ ")


def test_code_and_maths_agree_with_comrak() -> None:
    extensions = comrak.ExtensionOptions()
    extensions.math_dollars = True
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    with_spans = 0
    for _ in range(4000):
        text = "q" + "".join(chance.choice(TOKENS) for _ in range(chance.randrange(1, 10)))
        (paragraph,) = inline.paragraphs(text)
        html = comrak.render_markdown(text, extensions)
        counted = (
            len(re.findall("<code>", html)),
            len(re.findall("data-math-style", html)),
        )
        assert (len(paragraph.code), len(paragraph.maths)) == counted, (text, html)
        with_spans += any(counted)
    assert with_spans > 500


def test_paragraphs_end_where_blocks_do() -> None:
    text = "one\ntwo\n\n```text\ncode\n```\nthree\n- four\n| five |"
    found = [text[one.start : one.end] for one in inline.paragraphs(text)]
    assert found == ["one\ntwo", "three", "- four", "| five |"]
