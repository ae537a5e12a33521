"""The styles of an SVG: declarations of the allowlist, whose values load nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import tinycss2
from tinycss2 import ast

from verideck.rendering.svg.allowed import FUNCTIONS, PROPERTIES

MAX_NESTING = 32  # brackets in one another; a reader of CSS calls itself for each

Report = Callable[[str], None]

_OPENING, _CLOSING = "([{", ")]}"
_PLAIN = (
    ast.DimensionToken,
    ast.HashToken,
    ast.IdentToken,
    ast.LiteralToken,
    ast.NumberToken,
    ast.PercentageToken,
    ast.StringToken,
    ast.WhitespaceToken,
    ast.Comment,
)


def clean_declarations(text: str, report: Report) -> str:
    """Return the declarations that are allowed; `report` is called for each that is dropped.

    It gets an empty string for what needs no word, such as an editor's own property.
    """
    if _is_too_deep(text):
        report("a style with too many brackets")
        return ""
    return _written(tinycss2.parse_declaration_list(text, skip_comments=True, skip_whitespace=True), report)


def clean_sheet(text: str, report: Report) -> str:
    """Return the rules of a style sheet with the declarations that are allowed; @ rules are dropped."""
    if _is_too_deep(text):
        report("a style sheet with too many brackets")
        return ""
    rules = []
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, ast.QualifiedRule):
            declared = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
            rules.append(f"{_serialized(rule.prelude)}{{{_written(declared, report)}}}")
        elif isinstance(rule, ast.AtRule):
            report(f"the rule @{rule.at_keyword[:40]}")
        else:
            report("a damaged rule")
    return "\n".join(rules)


def is_safe_value(text: str) -> bool:
    """Return whether the value of an attribute that is a property loads nothing."""
    return not _is_too_deep(text) and _is_safe(tinycss2.parse_component_value_list(text))


def _written(declared: Iterable[ast.Node], report: Report) -> str:
    kept = []
    for one in declared:
        if not isinstance(one, ast.Declaration):
            report("a damaged style")
        elif one.lower_name not in PROPERTIES:
            is_editors = one.lower_name.startswith("-")  # such as -inkscape-font-specification
            report("" if is_editors else f"the style `{one.lower_name[:40]}`")
        elif not _is_safe(one.value):
            report(f"the value of the style `{one.lower_name}`")
        else:
            important = " !important" if one.important else ""
            kept.append(f"{one.lower_name}:{_serialized(one.value)}{important}")
    return ";".join(kept)


def _serialized(nodes: Sequence[ast.Node]) -> str:
    """Write values without white space around them; an escaped space is no white space."""
    kept = list(nodes)
    while kept and isinstance(kept[0], ast.WhitespaceToken):
        kept.pop(0)
    while kept and isinstance(kept[-1], ast.WhitespaceToken):
        kept.pop()
    return str(tinycss2.serialize(kept))


def _is_safe(values: Sequence[ast.Node]) -> bool:
    """Return whether values are plain, or functions of the table; `url` only of a part of this picture."""
    for value in values:
        if isinstance(value, ast.URLToken):
            if not value.value.startswith("#"):
                return False
        elif isinstance(value, ast.FunctionBlock):
            if value.lower_name == "url":
                if not all(
                    isinstance(one, ast.StringToken) and one.value.startswith("#") for one in value.arguments
                ):
                    return False
            elif value.lower_name not in FUNCTIONS or not _is_safe(value.arguments):
                return False
        elif not isinstance(value, _PLAIN) or value == "\\":  # which would swallow what is written behind it
            return False
    return True


def _is_too_deep(text: str) -> bool:
    depth = 0
    for letter in text:
        if letter in _OPENING:
            depth += 1
            if depth > MAX_NESTING:
                return True
        elif letter in _CLOSING:
            depth = max(0, depth - 1)
    return False
