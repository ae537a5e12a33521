"""An author's SVG, cleaned: elements, attributes and styles of an allowlist, and nothing from elsewhere.

What drawing programs write and a picture can do without, such as links and editors' own data, is dropped.
A picture that acts or loads something is refused: without that it might be another picture.
"""

from verideck.rendering.svg.cleaning import MAX_DEPTH, CleanPicture, clean_svg, describe

__all__ = ["MAX_DEPTH", "CleanPicture", "clean_svg", "describe"]
