"""A heatmap in a dialog: a small page of its own, since Qt's own SVG (Tiny 1.2) leaves the cells out.

The page is one `<img>` with a `data:` address, in which no script runs; its policy lets nothing else in, and
it goes nowhere. A new picture is decoded before it takes the place of the one before, so nothing flickers.
"""

from __future__ import annotations

import base64
import json

from aqt.qt import (
    QColor,
    QEvent,
    QSizePolicy,
    Qt,
    QUrl,
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineScript,
    QWebEngineSettings,
    QWebEngineView,
    QWidget,
)

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_PAGE = (
    f"""<!doctype html><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
"""
    + """<style>
html, body { height: 100%; margin: 0; overflow: hidden; user-select: none; }
body { display: grid; place-items: center; grid-template-rows: 100%; font: 13px system-ui, sans-serif; }
img { box-sizing: border-box; padding: 8px; max-width: 100%; max-height: 100%; min-width: 0; min-height: 0; }
p { margin: 1em; text-align: center; text-wrap: balance; }
</style>"""
)

_SHOW = """(given => {
  const turn = globalThis.turn = (globalThis.turn || 0) + 1;
  const { background, ink, source, alt, note } = given;
  document.body.style.background = background;
  document.body.style.color = ink;
  if (!source) {
    const text = document.createElement("p");
    text.textContent = note;
    document.body.replaceChildren(text);
    return;
  }
  const image = new Image();
  image.alt = alt;
  image.src = source;
  image.decode().then(() => turn === globalThis.turn && document.body.replaceChildren(image), () => {});
})(%s)"""


class _Page(QWebEnginePage):
    def acceptNavigationRequest(  # noqa: N802  Qt's name
        self,
        url: QUrl,
        type: QWebEnginePage.NavigationType,  # noqa: A002  Qt's name
        isMainFrame: bool,  # noqa: ARG002, N803  Qt's name
    ) -> bool:
        """Go nowhere but to the page that `setHtml` gives."""
        return url.scheme() == "data" and type == QWebEnginePage.NavigationType.NavigationTypeTyped


class Picture(QWebEngineView):
    """Shows one heatmap, as large as it is or as there is room for, or a line of text in its place."""

    def __init__(self, parent: QWidget | None = None, *, background: str = "") -> None:
        """Start empty, on a background of its own or the window's."""
        super().__init__(parent)
        self._background = background
        self._ready = False
        self._given: dict[str, str] = {"source": "", "alt": "", "note": ""}
        self._profile = QWebEngineProfile(self)  # without a name: nothing of it is kept
        page = _Page(self._profile, self._profile)  # ends before its profile does
        self.setPage(page)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAcceptDrops(False)
        page.setBackgroundColor(QColor(self._colours()["background"]))
        page.loadFinished.connect(self._loaded)
        if settings := page.settings():  # the page is for the eye: what is typed goes to the dialog
            settings.setAttribute(QWebEngineSettings.WebAttribute.FocusOnNavigationEnabled, False)
        self.setHtml(_PAGE)

    def draw(self, svg: str, alt: str = "") -> None:
        """Show an SVG in the place of what is shown."""
        self.setAccessibleName(alt)
        source = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
        self._show(source=source, alt=alt, note="")

    def say(self, note: str) -> None:
        """Show a line of text in the place of what is shown; an empty one clears."""
        self._show(source="", alt="", note=note)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802  Qt's name
        """Follow a switch of the theme."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._show()

    def _loaded(self, good: bool) -> None:
        self._ready = good
        if inner := self.focusProxy():
            inner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._show()

    def _show(self, **given: str) -> None:
        self._given.update(given)
        page = self.page()
        if page is None or not self._ready:
            return
        colours = self._colours()
        page.setBackgroundColor(QColor(colours["background"]))
        # Out of reach of whatever might ever come into the page.
        world = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
        page.runJavaScript(_SHOW % json.dumps({**self._given, **colours}), world)

    def _colours(self) -> dict[str, str]:
        palette = self.palette()
        own = self._background or palette.window().color().name()
        return {"background": own, "ink": palette.windowText().color().name()}
