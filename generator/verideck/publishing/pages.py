"""The gallery's pages: the index, and one for each deck.

Every page stands alone: its styles and scripts are in it, allowed by their hashes alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from verideck import __version__
from verideck.cards import LEVELS, Kind, Location, Verdict
from verideck.publishing import decks, exhibits
from verideck.publishing.maths import Typesetter
from verideck.rendering import labels, markup
from verideck.rendering.context import Context
from verideck.rendering.note_types import STANDARD
from verideck.reports import size

if TYPE_CHECKING:
    from verideck.building import Examined
    from verideck.project import Project, Work
    from verideck.publishing.exhibits import Exhibit

TEMPLATES = Path(__file__).parent / "templates" / "gallery"

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
    trim_blocks=True,
)
_LINK = re.compile(r"https?://", re.IGNORECASE)
_PALETTE = re.compile(r"([^{};]*)\{([^{}]*--paper:[^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# `file:` is for pages opened from a disk, where not every browser takes `'self'` to mean their own folder.
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' file: data:; "
    "base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Maker:
    """What the pages of one gallery share."""

    examined: Examined
    package: int  # its size
    tree: Sequence[decks.Node]
    exhibits: Sequence[Exhibit]
    description: str  # HTML, as are the sources: where cards come from, as their authors say it
    sources: Sequence[str]
    style: str
    words: Mapping[str, str]
    labels: Mapping[str, str]

    @property
    def project(self) -> Project:
        """Give what the deck is called, whose it is, and what it cites."""
        return self.examined.project

    def index(self) -> str:
        """Write the contents: what the deck is, where each card is, what it rests on."""
        shown, project = self.exhibits, self.project
        return self._fill(
            "index.html",
            _read("index.js"),
            description=Markup(self.description),  # noqa: S704  cleaned by `markup`
            package={"name": f"{project.slug}.apkg", "size": size(self.package)},
            kinds=decks.counted((one.kind for one in shown), Kind),
            levels=decks.counted((one.level for one in shown if one.level), LEVELS),
            verdicts=decks.counted((one.verdict for one in shown), tuple(reversed(Verdict))),
            total=len(shown),
            pages=sum(1 for node in decks.walked(self.tree) if node.page),
            proven=self._proven(),
            tree=self.tree,
            works=self._works(),
            homepage=_link(project.homepage),
            sources=[Markup(source) for source in self.sources],  # noqa: S704  cleaned by `markup`
        )

    def deck(self, node: decks.Node, before: decks.Node | None, after: decks.Node | None) -> str:
        """Write a deck's page."""
        filters = (
            ("kind", self.words["all_kinds"], node.kinds),
            ("level", self.words["all_levels"], node.levels),
            ("verdict", self.words["all_verdicts"], node.verdicts),
        )
        return self._fill(
            "deck.html",
            _cards_script(),
            deck=node,
            path=[step.title for step in decks.path(self.tree, node.name)],
            tree=self.tree,
            filters=[one for one in filters if len(one[2]) > 1],
            before=before,
            after=after,
        )

    def _fill(self, template: str, script: str, **values: Any) -> str:
        head = _read("theme.js")
        policy = _POLICY.format(scripts=f"{_hash(head)} {_hash(script)}", styles=_hash(self.style))
        project = self.project
        return _ENVIRONMENT.get_template(template).render(
            policy=policy,
            head_script=head,
            script=script,
            style=self.style,
            project=project,
            language=project.language,
            version=__version__,
            words=self.words,
            labels={**self.words, **self.labels},
            plural=self._plural,
            licence=self._licence,
            theme=self._theme,
            summary=" ".join(project.description.split()) or project.title,
            **values,
        )

    def _plural(self, count: int) -> str:
        return self.words["card"] if count == 1 else self.words["cards"].replace("{count}", f"{count:,}")

    def _theme(self) -> Markup:
        button = Markup('<button type="button" class="theme" aria-pressed="false">{}</button>')
        return button.format(self.words["theme"])

    def _licence(self) -> Markup:
        url = _link(self.project.license_url)
        if not url:
            return Markup("{}").format(self.project.license)
        link = Markup('<a href="{}" rel="license noopener noreferrer">{}</a>')
        return link.format(url, self.project.license)

    def _proven(self) -> str:
        choices = [one for one in self.examined.checked if one.card.options and not one.card.lost]
        proven = sum(one.options_proven for one in choices)
        options = sum(len(one.card.options) for one in choices)
        text = self.words["proven"].replace("{proven}", f"{proven:,}").replace("{options}", f"{options:,}")
        return text if proven else ""

    def _works(self) -> list[tuple[Mapping[str, str], int]]:
        """Give the works that cards cite, the most cited first, with the number of their cards."""
        cited = Counter(
            work
            for one in self.examined.checked
            if not one.card.lost
            for work in dict.fromkeys(citation.work for citation in one.citations)
        )
        known: Mapping[str, Work] = self.project.works
        return [
            (_work(known[key]), count)
            for key, count in sorted(cited.items(), key=lambda item: (-item[1], item[0]))
            if key in known
        ]


def maker(examined: Examined, package: int) -> Maker:
    """Set all that the pages of a deck's gallery show; `package` is the package's size."""
    setter = Typesetter()
    shown = tuple(exhibits.exhibits(examined, setter))
    project, said = examined.project, labels.of(examined.project)
    context = Context(Location(""), said)
    cards = [one.card for one in examined.checked if not one.card.lost]
    described = setter.html(markup.html(project.description.strip(), context))
    sources = {setter.html(markup.inline(text, context)) for card in cards for text in card.source}
    return Maker(
        examined,
        package,
        decks.tree(shown, project),
        shown,
        described,
        tuple(sorted(sources)),
        "\n".join((card_css(STANDARD.css), setter.css, _read("style.css"))),
        words(project.language),
        said,
    )


def words(language: str) -> Mapping[str, str]:
    """Give the gallery's own words in a language, English where it has none."""
    known = tomllib.loads(_read("words.toml"))
    return {**known["en"], **known.get(language.lower().replace("_", "-").partition("-")[0], {})}


def card_css(css: str) -> str:
    """Give the cards' styling for a page of many; the page has its two palettes, and follows the system."""
    plain = _COMMENT.sub("", css)
    palettes = [(found[1].strip(), found[2].strip()) for found in _PALETTE.finditer(plain)]
    light = next(palette for selector, palette in palettes if selector.endswith(".card"))
    dark = next(palette for selector, palette in palettes if "nightMode" in selector)
    return (
        f":root {{ {light} }}\n@media not print {{ :root.nightMode {{ {dark} }} }}\n{exhibits.css(plain)}"
        "@media not print { @media (prefers-color-scheme: dark) {\n"
        f"  :root:not(.live), :root:not(.live) .card {{ {dark} }}\n}} }}\n"
    )


def _cards_script() -> str:
    body = "\n".join(_read(name) for name in ("cards.js", "finding.js", "keys.js"))
    return (
        f'(function () {{\n"use strict";\nfunction cardScript(document, window) {{\n{exhibits.script()}\n}}\n'
        f"{body}}})();"
    )


def _work(work: Work) -> Mapping[str, str]:
    parts = {"title": work.title, "authors": work.authors, "year": work.year}
    return {**parts, "link": _link(work.url)}


def _link(url: str) -> str:
    return url if _LINK.match(url) else ""


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _read(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
