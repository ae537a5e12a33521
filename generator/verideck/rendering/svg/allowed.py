"""The allowlist of an SVG: elements, attributes, CSS properties and functions, as literal tables."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"

ELEMENTS = _names(
    """
    svg g defs symbol use switch path rect circle ellipse line polyline polygon text tspan textPath
    image linearGradient radialGradient stop pattern clipPath mask marker title desc style filter
    feBlend feColorMatrix feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB feFuncG
    feFuncR feGaussianBlur feMerge feMergeNode feOffset
    """
)

# Elements whose place their content takes: a picture in a card leads nowhere.
UNWRAPPED = frozenset({"a"})

# Elements that say something about a drawing and show nothing.
SILENT = frozenset({"metadata"})

# What cannot be dropped without a word, for the picture would be another one.
ACTING = _names(
    """
    script handler listener iframe object embed audio video canvas animate animateColor animateMotion
    animateTransform set discard feImage feTurbulence feConvolveMatrix feDisplacementMap cursor
    font-face-uri
    """
)

# Properties that a style sheet, `style` or an attribute of the same name can set.
PROPERTIES = _names(
    """
    alignment-baseline background background-color baseline-shift clip-path clip-rule color
    color-interpolation color-interpolation-filters direction display dominant-baseline
    enable-background fill fill-opacity fill-rule filter flood-color flood-opacity font font-family
    font-feature-settings font-size font-size-adjust font-stretch font-style font-variant
    font-variant-caps font-variant-east-asian font-variant-ligatures font-variant-numeric font-weight
    image-rendering isolation letter-spacing lighting-color line-height marker marker-end marker-mid
    marker-start mask mask-type mix-blend-mode opacity overflow paint-order pointer-events
    shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
    stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration
    text-rendering transform transform-box transform-origin unicode-bidi vector-effect visibility
    white-space word-spacing writing-mode
    """
)

ATTRIBUTES = PROPERTIES | _names(
    """
    id class style lang role width height viewBox preserveAspectRatio x y x1 y1 x2 y2 cx cy r rx ry fx
    fy fr dx dy d points pathLength rotate textLength lengthAdjust startOffset method spacing side
    offset gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits
    patternTransform clipPathUnits maskUnits maskContentUnits markerUnits markerWidth markerHeight refX
    refY orient filterUnits primitiveUnits in in2 result mode type values tableValues slope intercept
    amplitude exponent operator k1 k2 k3 k4 stdDeviation edgeMode systemLanguage requiredFeatures
    requiredExtensions version baseProfile
    """
)

# Attributes of editors and of the web that a picture can do without, and that need no word.
SILENT_ATTRIBUTES = frozenset(
    {"content", "contentScriptType", "contentStyleType", "zoomAndPan", "tabindex", "target"}
)

FUNCTIONS = _names(
    """
    rgb rgba hsl hsla hwb lab lch oklab oklch color-mix light-dark calc min max clamp matrix translate
    translatex translatey scale scalex scaley rotate skewx skewy blur brightness contrast drop-shadow
    grayscale hue-rotate invert opacity saturate sepia
    """
)

# The beginnings of pictures inside a picture, by the kind that their address names.
PICTURES = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpeg": (b"\xff\xd8\xff",),
    "jpg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
}
