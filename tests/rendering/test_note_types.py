from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict

import pytest

from verideck.rendering.note_types import CLOZE, FIELD_NAMES, FIELDS, MOD, NOTE_TYPES, STANDARD

# MOD and the hash change together: after a change of templates, styling or fields set MOD to the present
# time in seconds and put the new hash here.
TIED = (1_795_273_185, "2901b878c69e7571")


def test_the_stamp_is_tied_to_templates_styling_and_fields() -> None:
    state = {name: asdict(note_type) for name, note_type in sorted(NOTE_TYPES.items())}
    found = hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]
    assert (MOD, found) == TIED, "raise MOD and write down the new hash"


def test_fields_stand_as_they_were_first_released() -> None:
    assert FIELD_NAMES == (
        "ID", "Question", "Options", "Answer", "Typed", "Hint", "Why", "Mistake", "Takeaway",
        "Steps", "Source", "Media", "Data", "Meta", "Reverse", "Spare 2", "Spare 3", "Spare 4",
    )  # fmt: skip
    assert [field.id for field in FIELDS] == list(range(730_264_001, 730_264_019))
    assert [note_type.id for note_type in NOTE_TYPES.values()] == [1_795_132_800_417, 1_795_132_800_418]
    assert [[t.id for t in n.templates] for n in NOTE_TYPES.values()] == [
        [730_264_101, 730_264_102],
        [730_264_101],
    ]
    assert [[t.name for t in n.templates] for n in NOTE_TYPES.values()] == [["Card", "Reverse"], ["Card"]]
    assert STANDARD.fields == CLOZE.fields
    assert FIELD_NAMES[STANDARD.sort_field] == "Question"


def test_field_flags() -> None:
    machine = set(FIELD_NAMES[11:])
    assert {field.name for field in FIELDS if field.exclude_from_search} == machine
    assert {field.name for field in FIELDS if field.collapsed} == machine
    assert {field.name for field in FIELDS if field.plain_text} == {"Typed", "Data", "Meta"}


SCRIPT = re.compile(r"<script[^>]*>.*?</script>", re.DOTALL)


def test_templates_hold_no_words_and_no_script_but_one() -> None:
    for note_type in NOTE_TYPES.values():
        for template in note_type.templates:
            for side in (template.front, template.back):
                scripts = SCRIPT.findall(side)
                assert len(scripts) == 2
                assert scripts[0].endswith(
                    'type="application/json" data-card="{{ID}} {{Card}}">{{Data}}</script>'
                )
                text = re.sub(r"\{\{[^{}]*\}\}|<[^<>]*>", "", SCRIPT.sub("", side))
                assert not text.strip()
                assert "@@" not in side
                assert not re.search(r"<[^>]* on\w+=|javascript:", side)


def test_the_script_evaluates_nothing_and_loads_nothing() -> None:
    (script,) = {SCRIPT.findall(t.front)[1] for note_type in NOTE_TYPES.values() for t in note_type.templates}
    for word in (
        "eval",
        "Function(",
        "innerHTML",
        "outerHTML",
        "document.write",
        "fetch",
        "http",
        "import",
        "{{",
    ):
        assert word not in script
    assert script.isascii() or set(filter(lambda letter: not letter.isascii(), script)) == set("«»")


def test_templates_name_only_fields_that_exist() -> None:
    for note_type in NOTE_TYPES.values():
        for template in note_type.templates:
            for side in (template.front, template.back):
                for name in re.findall(r"\{\{[#/^]?(?:[a-z]+:)*([^{}]+)\}\}", side):
                    assert name in (*FIELD_NAMES, "Card")  # Anki's own name of the template


def test_the_learner_s_styling_comes_first() -> None:
    assert STANDARD.css.startswith('@import url("_verideck_user.css");')
    assert re.findall(r"url\(([^),]*)", STANDARD.css) == ['"_verideck_user.css"', '"data:font/woff;base64']
    assert ".nightMode" in STANDARD.css
    assert ".night_mode" in STANDARD.css


def palettes() -> list[dict[str, str]]:
    blocks = re.findall(r"\{([^{}]*--paper:[^{}]*)\}", STANDARD.css)
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        values = [value / 255 for value in bytes.fromhex(colour[1:])]
        red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_text_stands_out_as_wcag_aa_asks(palette: dict[str, str]) -> None:
    assert len(palette) >= 18
    text = ["ink", "soft", "accent", "good", "bad", *(name for name in palette if name.startswith("code-"))]
    pairs = [(name, ground) for name in text for ground in ("paper", "panel")]
    pairs += [(name, f"{name}-panel") for name in ("good", "bad", "warm", "deep")]
    pairs += [
        (name, f"{panel}-panel") for name in ("ink", "soft", "accent") for panel in ("good", "warm", "deep")
    ]
    for name, ground in pairs:
        assert contrast(palette[name], palette[ground]) >= 4.5, (name, ground)


def test_there_are_two_palettes_with_the_same_names() -> None:
    light, dark = palettes()
    assert set(light) == set(dark)
    used = set(re.findall(r"var\(--([a-z-]+)\)", STANDARD.css))
    assert used == set(light)
