"""The head of the update's dialog: which deck, from which version to which, and what must be known first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aqt import colors
from aqt.qt import QFrame, QLabel, Qt, QVBoxLayout, QWidget
from aqt.theme import theme_manager

from . import wording

if TYPE_CHECKING:
    from .plan import Plan

MOST_WARNINGS = 4  # the rest is counted


def header(parent: QWidget, plan: Plan) -> QWidget:
    """Give the deck's title, its versions and warnings."""
    widget = QWidget(parent)
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 4)
    title = label(plan.title or "A deck without a title")
    font = title.font()
    font.setBold(True)
    font.setPointSizeF(font.pointSizeF() * 1.2)
    title.setFont(font)
    layout.addWidget(title)
    if versions := wording.versions(plan):
        layout.addWidget(label(versions))
    warnings = wording.warnings(plan)
    if len(warnings) > MOST_WARNINGS:
        more = wording.count(len(warnings) - MOST_WARNINGS, "more problem")
        warnings = (*warnings[:MOST_WARNINGS], f"And {more}.")
    for text in warnings:
        layout.addWidget(_warning(text))
    return widget


def label(text: str) -> QLabel:
    """Give a line of plain text that can be selected, wrapped where it is long."""
    made = QLabel(text[:1_000])
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _warning(text: str) -> QWidget:
    frame = QFrame()
    frame.setObjectName("warning")
    line = theme_manager.var(colors.FLAG_2)
    frame.setStyleSheet(f"#warning {{ border: 0; border-left: 3px solid {line}; }}")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(8, 2, 4, 2)
    layout.addWidget(label(text))
    return frame
