"""HTML of fields to Markdown: a table of examples, and what holds for any HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.reading import markdown
from verideck.reading.formats import escapes, foreign, html_text

EXAMPLES = [
    ("a<br>b", "a\\\nb"),
    ("a<br><br>b", "a\n\nb"),
    ("<div>a</div><div>b&nbsp;c</div>", "a\n\nb c"),
    ("<b>bold</b> <i>leaning</i> <u>under</u>", "**bold** *leaning* <u>under</u>"),
    ("in<b>side</b>", "in<strong>side</strong>"),
    ("<b> a </b>b", "**a** b"),
    ("<b></b>a", "a"),
    ("<b><i>both</i></b>", "<strong><em>both</em></strong>"),
    ("x<sub>2</sub>y<sup>3</sup>", "x<sub>2</sub>y<sup>3</sup>"),
    ("<code>a_b`c</code>", "``a_b`c``"),
    ("snake_case, 5 * 3, _x_, *y*", "snake_case, 5 * 3, \\_x\\_, \\*y\\*"),
    ("1. first<br>- second<br># third<br>&gt; fourth", "1\\. first\\\n\\- second\\\n\\# third\\\n\\> fourth"),
    ("---<br>===", "\\---\\\n\\==="),
    ("&lt;mask&gt; &amp;amp; $5", "\\<mask> \\&amp; \\$5"),
    ("[0.5, 0.5] [k](y) !z", "[0.5, 0.5] [k\\](y) !z"),
    ("[k]<span>(y)</span>", "[k\\](y)"),
    ("{{c1::no cloze}}", "{\\{c1::no cloze}}"),
    ("«mot» «x:.3f»", "«mot» «x\\:.3f»"),
    (r"\(a_1^2\) and \[b\]", "$a_1^2$ and $$b$$"),
    (r"[$]a &lt; b[/$], [latex]$x$[/latex]", "$a < b$, $x$"),
    (r"<anki-mathjax>c</anki-mathjax>2", "$c$&#50;"),
    (r"\(open and <code>\(code\)</code>", "\\\\(open and `\\(code\\)`"),
    ("<ul><li>a<ul><li>b</li></ul></li><li>[x] c</li></ul>", "* a\n  * b\n* \\[x] c"),
    ("<ol><li><p>a</p><p>b</p></li><li>c</li></ol>", "1. a\n\n   b\n2. c"),
    ('<pre><code class="language-python">if x:\n\ty</code></pre>', "```python\nif x:\n    y\n```"),
    ("<ul><li><pre>a\nb</pre></li></ul>", "* `a`\\\n  `b`"),
    ("<blockquote>a<br>b</blockquote>c", "> a\\\n> b\n\nc"),
    ("<h1>Title #</h1>text<hr>", "### Title \\#\n\ntext\n\n***"),
    (
        "<table><tr><th>a|b</th></tr><tr><td>c</td><td>d</td></tr></table>",
        "| a\\|b |  |\n| --- | --- |\n| c | d |",
    ),
    ('<img src="my%20cat.png" alt="a cat">', "![a cat](<my cat.png>)"),
    ('<img src="cat.png">', "![cat](cat.png)"),
    ('<a href="https://x.org/a(b)">here</a>', "[here](https://x.org/a%28b%29)"),
    ('<a href="javascript:x">here</a><script>alert(1)</script>', "here"),
    ("a [sound:b.mp3]", "a"),
    ("<!-- c -->a<?b?>", "a"),
]


@pytest.mark.parametrize(("html", "expected"), EXAMPLES)
def test_converts(html: str, expected: str) -> None:
    assert html_text.convert(html).text == expected


def test_clozes_stay_and_hide_formulas() -> None:
    made = html_text.convert(r"A {{c1::<i>mean</i>::what?}} of \({{c2::x}}\), {{c1::\(y\)}}", cloze=True)
    assert made.text == "A {{c1::*mean*::what?}} of ${{c2::x}}$, {{c1::$y$}}"


def test_names_what_is_left_out() -> None:
    made = html_text.convert('<img src="https://x.org/a.png" alt="far">[sound:a.mp3]<img src="../up.png">')
    assert (made.text, made.images, made.sounds) == ("far", (), 1)
    assert made.left_out == (
        "an image from elsewhere, `https://x.org/a.png`",
        "an image from elsewhere, `../up.png`",
    )


@pytest.mark.parametrize(
    ("html", "heading", "below"),
    [
        ("one<br>two<p>three</p>", "one", "two\n\nthree"),
        ("<ul><li>a</li></ul>", "Without", "* a"),
        ("C #", "C \\#", ""),
        ("", "", ""),
    ],
)
def test_divides_a_heading_from_the_rest(html: str, heading: str, below: str) -> None:
    assert html_text.convert(html).divided("Without") == (heading, below)


def test_one_line_of_everything() -> None:
    html = "a<br>b<ul><li>c</li></ul><pre>d\ne</pre><table><tr><td>f</td></tr></table>"
    assert html_text.convert(html).inline == "a<br>b<br>c<br>`d`<br>`e`<br>| f |"


TAGS = "b i u code pre p div ul ol li table tr td blockquote h1 h4 span a sub img br hr mask script"
MARKS = r"""
# ## - + * ** _ ` ``` ~~~ > 1. 2) --- === *** |
$ $$ \ \( \) \[ [ ] [x] ]( ]: { } {{c1:: }} :: « » & < ! [!NOTE]
&lt; &gt; &amp; &nbsp; &#35; a word 5 é [latex] [/latex] [$] [/$] [sound:x] <!-- --> www.x.org «x:.2f»
"""
PIECES = [
    *(f"<{tag}>" for tag in TAGS.split()),
    *(f"</{tag}>" for tag in TAGS.split()),
    *MARKS.split(),
    *("\n", " ", "  ", "    ", "\t", "\x00", '<img src="a.png">'),
]
HTML = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@settings(max_examples=50, deadline=None)
@given(HTML, HTML)
def test_a_source_may_hold_whatever_comes_out(question: str, answer: str) -> None:
    """Nothing that a field holds becomes structure: one card comes back, and nothing is wrong with it."""
    asked, told = html_text.convert(question), html_text.convert(answer)
    heading, body = asked.divided("Without")
    source = f"---\ndeck: D\n---\n\n## {heading or 'x'}\n\n{body}\n\n---\n\n{told.text or 'x'}\n"
    reading = markdown.read(source, "a.md")
    assert not reading.problems, source
    assert [card.answer for card in reading.cards] == [told.text or "x"]


@settings(max_examples=50, deadline=None)
@given(HTML, HTML)
def test_a_choice_may_hold_whatever_comes_out(one: str, other: str) -> None:
    first, second = html_text.convert(one), html_text.convert(other)
    options = f"- [x] 1{first.inline}\n- [ ] 2{second.inline}\n"
    source = f"---\ndeck: D\n---\n\n## Q\n\n{second.text}\n\n{options}\n{first.text}\n"
    reading = markdown.read(source, "a.md")
    assert not reading.problems, source
    assert [len(card.options) for card in reading.cards] == [2]


@settings(max_examples=50, deadline=None)
@given(st.text(st.sampled_from("#-+*_`>1.)=|$\\[](){}!<&;:«» ab\n\té~^x"), max_size=40))
def test_plain_text_reads_as_itself(text: str) -> None:
    written = escapes.prose(text)
    assert "".join(foreign.plain(written).split()) == "".join(text.split())
    reading = markdown.read(f"---\ndeck: D\n---\n\n## Q\n\n{written or 'x'}\n", "a.md")
    assert not reading.problems, written


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "x",
        "<b>" * 300 + "x",
        "<ul><li>" * 50 + "x",
        "<table><tr><td>" * 19 + "x",
        r"\(" * 100_000,
        "[latex]" * 40_000,
        "<" * 300_000,
        "&" * 300_000,
        "*a" * 100_000,
        "`" * 200_000,
        "[" * 200_000,
        "<br>" * 60_000,
        "x" * 5_000_000,
    ],
)
def test_hostile_html_is_read_at_once(html: str) -> None:
    """The guard is the suite's own time: quadratic work would not end."""
    made = html_text.convert(html)
    assert html_text.plain(html) is not None
    assert ("x" in html) <= ("x" in made.text)


def test_other_markdown_keeps_to_the_rules() -> None:
    text = "Setext\n======\n\n* item\n    * nested\n\n- [x] task\n\n<div>html</div>\n\n"
    text += "~~~ {.python .numberLines}\nx\n~~~\n\n## h"
    made = foreign.convert(text)
    assert made.text == "### Setext\n\n* item\n  * nested\n\n* task\n\nhtml\n\n```python\nx\n```\n\n### h"
    assert foreign.convert("Plain *text* with `code`.").text == "Plain *text* with `code`."
    assert foreign.convert(r"A formula \\(x\_1\\), and $y$.").text == "A formula $x_1$, and $y$."
    assert re.search("[#=]", foreign.convert("a\n=\n\nb").text) is not None
