"""Which layout a page has: by its marks alone, two families on one page, unknown pages; HTML."""

from __future__ import annotations

from pathlib import Path

import pytest

from verideck.problems import Severity
from verideck.reading import pages
from verideck.reading.items import Fate
from verideck.reading.pages import html

FIXTURES = Path(__file__).parent / "fixtures"
CHALLENGE = "Challenge - 1 Problems\nConceptual\nbeginner\n2:00remaining\nRain\nWhy?\nAOne\nBTwo\n"
RECALL = "Recall & Review\nbeginner\nWhat is dew?\nWater.\nClick to reveal answer\n"


@pytest.mark.parametrize("family", ["challenge", "recall"])
def test_the_name_and_the_line_ends_do_not_matter(family: str) -> None:
    for page in sorted((FIXTURES / family).glob("*.txt")):
        text = page.read_bytes()
        if text.startswith(b"\xff\xfe"):
            continue
        plain = text.replace(b"\r\n", b"\n")
        for name, data in (("x.html", plain), ("README", plain.replace(b"\n", b"\r\n"))):
            found = pages.read(data, name)
            expected = pages.read(text, page.name)
            assert (found.layout, found.items, found.fates) == (
                expected.layout,
                expected.items,
                expected.fates,
            )


def test_two_families_on_one_page_are_both_read() -> None:
    for first, second, name in (
        (CHALLENGE, RECALL, "challenge + recall"),
        (RECALL, CHALLENGE, "recall + challenge"),
    ):
        page = pages.read((first + "0\n0\nTides - Quick Review\n" + second).encode(), "page.txt")
        assert page.layout == name
        assert len(page.items) == 2
        assert Fate.PROBLEM not in page.fates
        assert [problem.message for problem in page.problems] == ["the key is lost"]


def test_an_unknown_page_is_told_which_marks_were_looked_for() -> None:
    page = pages.read(b"Dear Ann,\n\nit rains.\n", "letter.txt")
    (problem,) = page.problems
    assert (page.layout, page.items) == ("", ())
    assert problem.severity is Severity.ERROR
    for layout in pages.LAYOUTS:
        assert layout.name in problem.hint
        assert all(mark in problem.hint for mark in layout.marks)
    assert page.fates == (Fate.PROBLEM, Fate.NOISE, Fate.PROBLEM)


def test_html_is_known_by_its_beginning_and_not_by_a_tag_in_code() -> None:
    assert html.is_html("<!DOCTYPE html><p>x")
    assert html.is_html("\n<!-- saved --><html>")
    assert html.is_html("<div class='x'>x</div>")
    assert not html.is_html("0\n<div>x</div>\n")
    assert not html.is_html("<3 this page\n")
    assert not html.is_html("")


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>a  b\nc</p><p>d</p>", ["a b c", "", "d"]),
        ("<div>a</div><div>b<br>c</div>", ["a", "b", "c"]),
        ("<pre>a\n  b\n\nc</pre>", ["a", "  b", "", "c"]),
        ("<ul><li>a<li>b</ul>", ["a", "b"]),
        ("<ol><li>a<li>b</ol>", ["1. a", "2. b"]),
        ("<ol type=A start=2><li>a<li>b</ol>", ["B. a", "C. b"]),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", ["a\tb", "c\td"]),
        ("<p>a<script>b</script><span hidden>c</span><i style='display: none'>d</i>e</p>", ["ae"]),
        ("<input type=checkbox checked> a <input type=checkbox> b", ["☑ a", "☐ b"]),
        ("<input type=radio> a <input type=radio checked> b", ["○ a", "◉ b"]),
        ("<p>2<sup>10</sup> x<sub>1</sub> 1<sup>st</sup></p>", ["2¹⁰ x₁ 1st"]),
        ("<p>a&nbsp;&amp;&lt;b&#8203;&#x200e;c</p>", ["a &<bc"]),
        (
            "<p>a <math><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></math> b</p>",
            ["a $x^2$ b"],
        ),
        ("<p>a</p></html>\n<!-- x --><?x?><html><p>b</p></html><p>c</p><!-- y -->", ["a", "", "b", "", "c"]),
        ("<p>a<p>b</div></span>c<b>d", ["a", "", "bcd"]),
        ("<p><img alt='🧠'> a <img alt='A long picture'></p>", ["🧠 a"]),
    ],
)
def test_html_gives_the_lines_that_are_seen(markup: str, lines: list[str]) -> None:
    document = html.read(f"<html><body>{markup}</body></html>", "page.html")
    assert [line.text for line in document.lines] == lines


def test_html_lines_keep_the_file_s_numbers() -> None:
    text = (
        "<html>\n<!-- x\ny -->\n<p>a\nb</p>\n\n<pre>c\nd</pre><script>\n\n</script>\n<p\nclass=x>e</p></html>"
    )
    found = [(line.number, line.text) for line in html.read(text, "page.html").lines if line.text]
    assert found == [(4, "a b"), (7, "c"), (8, "d"), (12, "e")]


@pytest.mark.parametrize(
    "text",
    [
        "<html>" + "<div>" * 100_000 + "x",
        "<html>" + "<b><i>" * 50_000 + "x",
        "<html>" + "<" * 100_000,
        "<html><p " + "a=b " * 50_000 + ">x",
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><html><p>&b;&b;</p>',
        "<html>" + "<p>AOne" * 70_000,
        "<html><pre>" + "x\n" * 100_000,
        "<html>" + "&nbsp;&amp;&lt;" * 400_000,
        "<html>",
        "<p></p>",
        "<html>\x00\x01<p>a</p>",
    ],
)
def test_hostile_html_is_read_or_refused(text: str) -> None:
    page = pages.read(text.encode(), "page.html")
    assert page.problems
    assert not page.items
    assert Fate.UNACCOUNTED not in page.fates


def test_deep_html_says_that_it_was_not_read_whole() -> None:
    page = pages.read(("<html>" + "<div>" * 100_000 + "x").encode(), "page.html")
    assert "the HTML nests too deeply to be read whole" in [problem.message for problem in page.problems]


def test_minified_html_has_each_line_at_its_number() -> None:
    lines = "".join(f"<div>{line}</div>" for line in CHALLENGE.splitlines())
    page = pages.read(f"<html>\n<body>{lines}</body>\n</html>".encode(), "page.html")
    (item,) = page.items
    assert [option.text for option in item.options] == ["One", "Two"]
    assert (
        {line.number for line in page.lines} == {2} == {option.line for option in item.options} | {item.line}
    )
    assert [problem.line for problem in page.problems] == [2]
    assert Fate.PROBLEM not in page.fates


@pytest.mark.parametrize("text", ["\n0\nGrade received 92.5%\n", "Model Pipeline\n", "Recall & Review\n"])
def test_a_page_whose_questions_are_gone_is_told_so(text: str) -> None:
    page = pages.read(text.encode(), "page.txt")
    assert page.layout
    (problem,) = page.problems
    assert "no question is left on it" in problem.message
    assert (problem.severity, page.lines[problem.line - 1].text != "") == (Severity.WARNING, True)
