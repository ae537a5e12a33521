# ruff: noqa: E501  pictures are laid out as programs write them
"""SVGs in our own wording: hostile ones, and such as drawing programs write."""

from __future__ import annotations

import base64
import gzip

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 20).decode()
INNER = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>').decode()
AWAY = "http://evil.test/x"


def svg(content: str, attributes: str = "") -> bytes:
    return f'<svg {NS} width="20" height="20" {attributes}>{content}</svg>'.encode()


GROWING = "<g id='a0'><rect/></g>" + "".join(
    f"<g id='a{n}'>{uses * 10}</g>" for n in range(1, 9) for uses in [f"<use href='#a{n - 1}'/>"]
)


def _growing(element: str, part: str, rule: str = "") -> bytes:
    """Return a picture whose elements each refer to the one before four times."""
    made = [f"<{element} id='a0'><rect/></{element}>"]
    made += [
        f"<{element} id='a{number + 1}'>{part.format(number) * 4}</{element}>{rule.format(number)}"
        for number in range(9)
    ]
    return svg("".join(made) + part.format(9) + rule.format(9))


# What is refused, and a word of the reason.
REFUSED: dict[str, tuple[bytes, str]] = {
    "a script": (svg("<script>alert(1)</script>"), "<script>"),
    "a script from elsewhere": (svg(f'<script href="{AWAY}"/>'), "<script>"),
    "a script of no namespace": (svg('<script xmlns="">alert(1)</script>'), "<script>"),
    "a script of HTML": (svg('<s xmlns="http://www.w3.org/1999/xhtml"><b/></s>'), "<s>"),
    "a handler": (svg('<rect onclick="alert(1)"/>'), "handler"),
    "a handler on the root": (svg("", 'onload="alert(1)"'), "handler"),
    "a handler in capitals": (svg('<rect ONLOAD="alert(1)"/>'), "handler"),
    "a listener": (svg('<handler type="text/ecmascript">alert(1)</handler>'), "<handler>"),
    "a frame": (svg('<iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="x"/>'), "<iframe>"),
    "a frame in a foreign object": (
        svg('<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="x"/></foreignObject>'),
        "<foreignObject>",
    ),
    "an animated address": (
        svg('<a><animate attributeName="href" to="javascript:alert(1)"/></a>'),
        "<animate>",
    ),
    "a set address": (svg('<set attributeName="href" to="javascript:alert(1)"/>'), "<set>"),
    "a picture from elsewhere": (svg(f'<image href="{AWAY}.png"/>'), "elsewhere"),
    "a picture from elsewhere, xlink": (svg(f'<image xlink:href="{AWAY}.png"/>'), "elsewhere"),
    "a file": (svg('<image href="file:///etc/passwd"/>'), "elsewhere"),
    "a relative picture": (svg('<image href="other.png"/>'), "elsewhere"),
    "a use from elsewhere": (svg(f'<use href="{AWAY}.svg#a"/>'), "elsewhere"),
    "a use of data": (svg(f'<use href="data:image/svg+xml;base64,{INNER}#a"/>'), "elsewhere"),
    "a picture in a picture": (svg(f'<image href="data:image/svg+xml;base64,{INNER}"/>'), "elsewhere"),
    "a picture under another name": (
        svg(f'<image href="data:image/png;base64,{INNER}"/>'),
        "none of the kind",
    ),
    "a page as a picture": (svg('<image href="data:text/html,hello"/>'), "elsewhere"),
    "a script as a picture": (svg('<image href="javascript:alert(1)"/>'), "elsewhere"),
    "a paint from elsewhere": (svg(f'<rect fill="url({AWAY}#a)"/>'), "elsewhere"),
    "a paint in quotes": (svg(f"<rect fill=\"url('{AWAY}#a')\"/>"), "elsewhere"),
    "a paint with an escape": (svg(f'<rect fill="\\75rl({AWAY}#a)"/>'), "elsewhere"),
    "a paint after a comment": (svg(f'<rect fill="/**/url({AWAY}#a)"/>'), "elsewhere"),
    "a filter from elsewhere": (svg(f'<rect filter="url({AWAY}#a)"/>'), "elsewhere"),
    "a filter's picture": (svg(f'<filter><feImage href="{AWAY}"/></filter>'), "<feImage>"),
    "a costly filter": (svg('<filter><feTurbulence numOctaves="99999"/></filter>'), "<feTurbulence>"),
    "entities that grow": (
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + svg("<text>&b;</text>"),
        "more than a short text",
    ),
    "an entity from a file": (
        b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("<text>&a;</text>"),
        "more than plain entities",
    ),
    "a parameter entity": (b'<!DOCTYPE svg [<!ENTITY % a "x"> %a;]>' + svg(""), "more than plain entities"),
    "a long entity": (
        b'<!DOCTYPE svg [<!ENTITY a "' + b"x" * 500 + b'">]>' + svg(""),
        "more than a short text",
    ),
    "a damaged document type": (b"<!DOCTYPE svg [" + svg(""), "document type"),
    "an unknown entity": (svg("<text>&unknown;</text>"), "not well-formed"),
    "another encoding": (b'<?xml version="1.0" encoding="UTF-7"?>' + svg(""), "utf-7"),
    "compressed": (gzip.compress(svg("")), "compressed"),
    "no picture": (b"<html><body/></html>", "is no SVG"),
    "no namespace": (b"<svg><rect/></svg>", "is no SVG"),
    "open elements": (b'<svg xmlns="http://www.w3.org/2000/svg"><g>', "not well-formed"),
    "too deep": (svg("<g>" * 230 + "</g>" * 230), "in one another"),
    "uses that grow": (svg(f"<defs>{GROWING}</defs><use href='#a8'/>"), "draws more than"),
    "the first of equal ids": (
        svg(f"<defs>{GROWING}</defs><use href='#a8'/><g id='a8'/>"),
        "draws more than",
    ),
    "masks that grow": (_growing("mask", "<rect mask='url(#a{0})'/>"), "draws more than"),
    "patterns that grow": (_growing("pattern", "<rect style='fill:url(&quot;#a{0}&quot;)'/>"), "draws more"),
    "patterns whose parts inherit": (
        _growing("pattern", "<g fill='url(#a{0})'><rect/><rect/><rect/><rect/></g>"),
        "draws more than",
    ),
    "clip paths that grow": (_growing("clipPath", "<rect clip-path='url(#a{0})'/>"), "draws more than"),
    "markers that grow": (_growing("marker", "<path marker-end='url(#a{0})'/>"), "draws more than"),
    "masks that grow by style sheet": (
        _growing("mask", "<rect class='c{0}'/>", "<style>.c{0}{{mask:url(#a{0})}}</style>"),
        "draws more than",
    ),
    "masks that grow by a selector of many parts": (
        _growing("mask", "<g><rect class='c{0}'/></g>", "<style>g > .c{0}{{mask:url(#a{0})}}</style>"),
        "draws more than",
    ),
    "a mask of itself": (svg('<mask id="a"><rect mask="url(#a)"/></mask>'), "itself"),
    "a use of itself": (svg('<g id="a"><use href="#a"/></g>'), "itself"),
}

# What is packed without a part of it: the picture, what is said, what is left, what is gone.
CLEANED: dict[str, tuple[bytes, tuple[str, ...], str, str]] = {
    "a link": (
        svg('<a xlink:href="https://evil.test/" target="_blank"><rect width="5" height="5"/></a>'),
        ("the link <a>",),
        "<rect",
        "evil",
    ),
    "a script link": (svg('<a href="javascript:alert(1)"><text>a</text></a>'), ("the link <a>",), ">a<", "script"),
    "an import of a font": (
        svg(f"<style>@import url({AWAY}.css); .a {{ fill: red }}</style>"),
        ("the rule @import",),
        "fill:red",
        "evil",
    ),
    "a font": (
        svg(f'<style>@font-face {{ font-family: "x"; src: url({AWAY}) }} .a {{ fill: red }}</style>'),
        ("the rule @font-face",),
        "fill:red",
        "evil",
    ),
    "a background in a style sheet": (
        svg(f"<style>.a {{ background: url({AWAY}); fill: red }}</style>"),
        ("the value of the style `background`",),
        "fill:red",
        "evil",
    ),
    "an escaped address in a style": (
        svg(f'<rect style="fill:\\75rl({AWAY});stroke:blue"/>'),
        ("the value of the style `fill`",),
        "stroke:blue",
        "evil",
    ),
    "an image set": (
        svg(f"<rect style=\"fill:image-set('{AWAY}' 1x);stroke:blue\"/>"),
        ("the value of the style `fill`",),
        "stroke:blue",
        "evil",
    ),
    "a binding": (
        svg(f'<rect style="-moz-binding:url({AWAY}#a);behavior:url(#b);stroke:blue"/>'),
        ("the style `behavior`",),
        "stroke:blue",
        "binding",
    ),
    "a variable": (svg('<rect style="--x:url(a);fill:var(--x)"/>'), ("the value of the style `fill`",), "<rect", "var"),
    "an old expression": (
        svg('<rect style="width:expression(alert(1));fill:red"/>'),
        ("the style `width`",),
        "fill:red",
        "expression",
    ),
    "an element in a style sheet": (
        svg("<style>.a { fill: red }<rect/></style>"),
        ("an element in a style sheet",),
        "fill",
        "<rect",
    ),
    "an unknown element": (svg("<blink/><rect/>"), ("<blink>",), "<rect", "blink"),
    "an unknown attribute": (svg('<rect sandbox="a"/>'), ("the attribute `sandbox`",), "<rect", "sandbox"),
    "a base": (svg(f'<g xml:base="{AWAY}"><rect/></g>'), (), "<rect", "evil"),
    "a style sheet instruction": (
        f'<?xml-stylesheet href="{AWAY}.css"?>'.encode() + svg("<rect/>"), (), "<rect", "evil",
    ),
    "an instruction inside": (svg("<?php echo 1 ?><rect/>"), (), "<rect", "php"),
    "UTF-16": (b"\xff\xfe" + svg("<text>é</text>").decode().encode("utf-16-le"), (), "é", "\x00"),
    "Latin-1": (
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + svg("<text>é</text>").decode().encode("latin-1"),
        (),
        "é",
        "8859",
    ),
}  # fmt: skip

# What drawing programs write, in their dialects; with the words that may be said of it.
TOOLS: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "draw.io": (
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        + svg(
            '<defs/><g pointer-events="all"><rect x="1" y="1" width="18" height="10" fill="#dae8fc" '
            'stroke="rgb(0, 0, 0)" style="fill: light-dark(#dae8fc, #1d293b)"/>'
            '<switch><foreignObject pointer-events="none" width="100%" height="100%" '
            'requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility">'
            '<div xmlns="http://www.w3.org/1999/xhtml" style="color: #000">Encoder</div></foreignObject>'
            '<text x="10" y="8" text-anchor="middle" font-family="Helvetica" font-size="4px">Encoder</text>'
            "</switch></g>"
            '<switch><g requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility"/>'
            '<a transform="translate(0,-5)" xlink:href="https://www.example.org/help" target="_blank">'
            '<text x="50%" y="100%">Text is not SVG</text></a></switch>',
            'version="1.1" content="&lt;mxfile/&gt;" style="background-color: rgb(255, 255, 255)"',
        ),
        ("<foreignObject>, for which it has a replacement", "the link <a>"),
    ),
    "Illustrator": (
        b'<?xml version="1.0" encoding="utf-8"?><!-- Generator -->'
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" ['
        b'<!ENTITY ns_svg "http://www.w3.org/2000/svg"><!ENTITY ns_ai "http://ns.example.org/ai/10.0/">]>'
        b'<svg xmlns="&ns_svg;" xmlns:i="&ns_ai;" i:viewOrigin="0 0" width="20" height="20" '
        b'style="enable-background:new 0 0 20 20;" xml:space="preserve">'
        b'<style type="text/css">.st0{fill:#1D71B8;stroke-miterlimit:10;}</style>'
        b'<metadata><i:sfw/></metadata><i:pgf>eJzs</i:pgf><path class="st0" d="M1,1h18v8H1z"/></svg>',
        (),
    ),
    "Graphviz": (
        b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        + svg(
            '<g id="graph0" class="graph" transform="scale(1 1) rotate(0) translate(4 16)"><title>G</title>'
            '<polygon fill="white" stroke="none" points="-4,4 -4,-16 16,-16 16,4 -4,4"/>'
            '<g id="node1" class="node"><title>a</title><g id="a_node1">'
            '<a xlink:href="https://www.example.org/" xlink:title="key"><ellipse fill="none" stroke="black" '
            'cx="6" cy="-6" rx="5" ry="4"/><text text-anchor="middle" x="6" y="-4" font-family="Times,serif" '
            'font-size="5.00">key</text></a></g></g></g>',
            'viewBox="0.00 0.00 20.00 20.00"',
        ),
        ("the link <a>",),
    ),
    "Inkscape": (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!-- Created with Inkscape -->\n'
        f'<svg {NS} width="20mm" height="20mm" viewBox="0 0 20 20" version="1.1" id="svg5" '
        'inkscape:version="1.2" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
        'xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd">'
        '<sodipodi:namedview id="namedview7" pagecolor="#ffffff"/><defs id="defs2"><linearGradient id="lg">'
        '<stop style="stop-color:#000000;stop-opacity:1" offset="0"/></linearGradient>'
        '<linearGradient xlink:href="#lg" id="lg2" x1="0" x2="9" y1="0" y2="9" gradientUnits="userSpaceOnUse"/>'
        '</defs><g inkscape:label="Layer 1" inkscape:groupmode="layer" id="layer1"><path '
        'style="fill:url(#lg2);stroke:none;-inkscape-font-specification:sans" d="M 1,1 H 9 V 9 H 1 Z" id="p" '
        'sodipodi:nodetypes="cccc"/></g></svg>'.encode(),
        (),
    ),
    "matplotlib": (
        b'<?xml version="1.0" encoding="utf-8" standalone="no"?>\n'
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n  "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
        + svg(
            '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>'
            '<defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>'
            '<g id="figure_1"><g id="patch_1"><path d="M 0 20 L 20 20 L 20 0 L 0 0 z" style="fill: #ffffff"/></g>'
            '<g clip-path="url(#p1)"><use xlink:href="#m1" x="4" y="4" style="stroke: #000; stroke-width: 0.8"/>'
            '</g></g><defs><path id="m1" d="M 0 0 L 0 3.5"/><clipPath id="p1"><rect width="20" height="20"/>'
            "</clipPath></defs>",
            'viewBox="0 0 20 20" version="1.1"',
        ),
        (),
    ),
}
