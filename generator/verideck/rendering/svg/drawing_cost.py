"""How many elements an SVG draws, what its elements refer to counted each time that it is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import tinycss2
from lxml import etree
from tinycss2 import ast

from verideck.rendering.svg import allowed

MAX_DRAWN = 50_000

_HREFS = ("href", f"{{{allowed.XLINK}}}href")
_REFERRING = frozenset(("use", "pattern", "textPath"))  # by an address; the others refer in their style
_CHEAP = frozenset(("linearGradient", "radialGradient"))  # to fill with them draws no element
_INHERITED = frozenset(("fill", "stroke", "marker", "marker-start", "marker-mid", "marker-end"))
_ANY = "*"
_SELECTED = re.compile(r"(?:\A|[\s>+~])([.#]?[\w-]++)[^\s>+~]*+\s*+\Z")  # in `g > rect.a:hover` it is `rect`

Rules = Mapping[str, "list[tuple[str, str]]"]


def check_drawing_cost(root: etree._Element) -> None:
    """Refuse a picture that draws too much because what it repeats repeats something itself.

    A `use` repeats an element; so does each element with a mask, a pattern, a clip path, a filter or a
    marker. Raises ValueError.
    """
    by_id: dict[str, etree._Element] = {}
    for element in root.iter():
        by_id.setdefault(element.get("id") or "", element)  # of equal ids browsers take the first
    by_id.pop("", None)
    rules = _rules(root)
    sizes: dict[etree._Element, int] = {}
    waiting: list[tuple[etree._Element, bool]] = [(root, False)]
    open_: set[etree._Element] = set()
    while waiting:
        element, is_done = waiting.pop()
        if is_done:
            open_.discard(element)
            sizes[element] = _size(element, sizes, by_id, rules)
            if sizes[element] > MAX_DRAWN:
                raise ValueError(f"draws more than {MAX_DRAWN:,} elements")
        elif element not in sizes and element not in open_:
            open_.add(element)
            waiting.append((element, True))
            for part in (*element, *(target for _, target in _targets(element, by_id, rules))):
                if part in open_:
                    raise ValueError("uses a part of itself inside that part")
                waiting.append((part, False))


def _size(
    element: etree._Element,
    sizes: Mapping[etree._Element, int],
    by_id: Mapping[str, etree._Element],
    rules: Rules,
) -> int:
    """Count an element with all that it draws; what its parts inherit counts for each of them."""
    drawn, inherited = 1 + sum(sizes[child] for child in element), 0
    for name, target in _targets(element, by_id, rules):
        if name in _INHERITED:
            inherited += sizes[target]
        else:
            drawn += sizes[target]
    return drawn * (1 + inherited)


def _targets(
    element: etree._Element, by_id: Mapping[str, etree._Element], rules: Rules
) -> Iterator[tuple[str, etree._Element]]:
    """Yield what an element refers to, each with the property, or `href`, that does."""
    found = []
    if _name(element) in _REFERRING:
        found += [
            ("href", address[1:]) for key in _HREFS if (address := element.get(key, "")).startswith("#")
        ]
    for key, value in element.attrib.items():
        if key in allowed.PROPERTIES and "#" in value:
            found += [(key, one) for one in _named(tinycss2.parse_component_value_list(value))]
    found += _declared(tinycss2.parse_declaration_list(element.get("style", "")))
    if rules:
        classes = (f".{one}" for one in element.get("class", "").split())
        for key in (_ANY, _name(element) or "", f"#{element.get('id')}", *classes):
            found += rules.get(key, ())
    for name, one in dict.fromkeys(found):
        if (target := by_id.get(one)) is not None and _name(target) not in _CHEAP:
            yield name, target


def _rules(root: etree._Element) -> Rules:
    """Return what style sheets refer to, each by a name, class or id that its selector's elements have."""
    rules: dict[str, list[tuple[str, str]]] = {}
    for sheet in root.iter(f"{{{allowed.SVG}}}style"):
        for rule in tinycss2.parse_stylesheet(sheet.text or "", skip_comments=True, skip_whitespace=True):
            if isinstance(rule, ast.QualifiedRule):
                found = list(_declared(tinycss2.parse_declaration_list(rule.content)))
                for selector in tinycss2.serialize(rule.prelude).split(",") if found else ():
                    last = _SELECTED.search(selector)
                    rules.setdefault(last[1] if last else _ANY, []).extend(found)
    return rules


def _declared(nodes: Iterable[ast.Node]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Declaration):
            yield from ((node.lower_name, one) for one in _named(node.value))


def _named(values: Iterable[ast.Node]) -> Iterator[str]:
    """Yield the ids that the calls of `url` among the values of a style name."""
    for value in values:
        if isinstance(value, ast.URLToken):
            yield value.value.removeprefix("#")
        elif isinstance(value, ast.FunctionBlock) and value.lower_name == "url":
            strings = (one.value for one in value.arguments if isinstance(one, ast.StringToken))
            yield from (one.removeprefix("#") for one in strings)


def _name(element: etree._Element) -> str | None:
    name = etree.QName(element)
    return name.localname if name.namespace == allowed.SVG else None
