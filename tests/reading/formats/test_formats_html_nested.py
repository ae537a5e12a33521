"""Elements of a line that hold blocks, and blocks where none belong: nothing raises, and no word is lost."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verideck.reading import formats, markdown
from verideck.reading.formats import html_text

LINK = '<a href="https://x.org">'
LINKED = "](https://x.org)"

EXAMPLES = [
    ("<b>First<br><br>Second</b>", "**First**\n\n**Second**"),
    ("<b>First<br>Second</b>", "**First\\\nSecond**"),
    ("<b><br><br>First</b><br><br>Second", "**First**\n\nSecond"),
    ("<i><b>x<br><br>y</b> z</i>", "<em><strong>x</strong></em>\n\n<em><strong>y</strong> z</em>"),
    ("<b><p>First</p><p>Second</p></b>", "**First**\n\n**Second**"),
    ("<b>a<div>b</div>c</b>", "**a**\n\n**b**\n\n**c**"),
    ("<b><ul><li>a</li><li>b</li></ul></b>", "* **a**\n* **b**"),
    ("<strong><h2>Title</h2>text</strong>", "### **Title**\n\n**text**"),
    ("<em><blockquote>a</blockquote></em>", "> *a*"),
    ("<u>a<br>b</u>", "<u>a</u>\\\n<u>b</u>"),
    ("<sub>a<br><br>b</sub>", "<sub>a</sub>\n\n<sub>b</sub>"),
    ("<font color=red><s>a<div>b</div></s></font>", "<s>a</s>\n\n<s>b</s>"),
    (f"{LINK}a<br>b</a>", f"[a{LINKED}\\\n[b{LINKED}"),
    (f"{LINK}<b>a<br>b</b></a>", f"[<strong>a</strong>{LINKED}\\\n[<strong>b</strong>{LINKED}"),
    (
        f"{LINK}<table><tr><td>a</td><td>b</td></tr></table></a>",
        f"| [a{LINKED} | [b{LINKED} |\n| --- | --- |",
    ),
    ("<code><div>a</div><div>b_c</div></code>", "`a`\\\n`b_c`"),
    ("<pre><div>a</div><div> b</div></pre>", "```\na\n b\n```"),
    ("<h1>a<div>b</div></h1>", "a\n\nb"),
    ("<ul>a<li>b</li><!-- -->c</ul>", "* a\n* b\n* c"),
    ("<table>a<tr>b<td>c</td>d</tr>e<td>f</td></table>", "a\n\nbd\n\ne\n\nf\n\n| c |\n| --- |"),
    ("{{c1::<b>a<br>b</b>}} <u>{{c2::c<br>d}}</u>", "{{c1::**a\\\nb**}} {{c2::c\\\nd}}"),
    ("a&#xe012;b&#xe000;5&#xe001;&#57362;c&#x1f;d&#x202e;e&#xffffffff;f", "a b 5 c d e f"),
]


@pytest.mark.parametrize(("html", "expected"), EXAMPLES)
def test_converts(html: str, expected: str) -> None:
    made = html_text.convert(html, cloze="{{c" in html)
    assert made.text == expected
    assert not made.left_out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tsv", "#separator:tab\n#html:true\nWhich way?\t<b>North<br><br>South</b>\nother\tfine\n"),
        ("a.csv", "Front,Back\nWhich way?,<b>North<br><br>South</b>\nother,fine\n"),
        ("a.gift", "Which way?{#### [html]<b>North<br><br>South</b>}\n\nother{####fine}\n"),
    ],
)
def test_a_bold_field_of_two_paragraphs_in_each_format(name: str, text: str) -> None:
    page = formats.read(text.encode(), name)
    assert page is not None
    assert [(item.question, item.answer) for item in page.items] == [
        ("Which way?", "**North**\n\n**South**"),
        ("other", "fine"),
    ]
    assert page.problems == ()


INLINE = "b i em strong a u s sub sup mark span font small code tt kbd del ins big center abbr"
BLOCK = "p div ul ol li blockquote h1 h4 pre table tbody tr td th dl dt dd section details summary"
VOID = ("<br>", "<br><br>", "<hr>", '<img src="a.png" alt="">', "<!-- c -->", " ", "\n", "&nbsp;")


WORD = "¤"


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Put some HTML into an element; a few are never closed, or closed twice."""
    tags = st.sampled_from(f"{INLINE} {BLOCK}".split())
    ends = st.sampled_from((1, 1, 1, 1, 1, 1, 0, 2))
    begin = {"a": LINK}
    return st.builds(
        lambda tag, text, times: begin.get(tag, f"<{tag}>") + text + f"</{tag}>" * times, tags, inner, ends
    )


HTML = st.recursive(
    st.sampled_from([*[WORD] * 6, *VOID]),
    lambda inner: st.lists(st.one_of(inner, element(inner)), min_size=1, max_size=5).map("".join),
    max_leaves=25,
)


def numbered(html: str) -> str:
    """Give each word of a text a number of its own."""
    count = itertools.count(100)
    return re.sub(WORD, lambda _: f" w{next(count)}w ", html)


@settings(max_examples=300, deadline=None)
@given(HTML)
def test_every_word_comes_through_in_its_order(html: str) -> None:
    html = numbered(html)
    made = html_text.convert(html)
    assert not any("cannot be read" in text for text in made.left_out), made.left_out
    words = re.findall(r"w\d+w", html)
    for written in (made.text, made.inline, html_text.plain(html)):
        found = re.findall(r"w\d+w", written)
        assert sorted(found) == sorted(words), html
        if "<t" not in html:  # misplaced text comes above its table, as in browsers
            assert found == words, html


@settings(max_examples=150, deadline=None)
@given(HTML)
def test_what_comes_out_is_no_structure(html: str) -> None:
    made = html_text.convert(numbered(html))
    reading = markdown.read(f"---\ndeck: D\n---\n\n## Q\n\nx\n\n---\n\n{made.text or 'x'}\n", "a.md")
    assert not [one for one in reading.problems if "picture" not in one.message], html
    assert len(reading.cards) == 1
