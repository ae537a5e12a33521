"""What Anki reads beside the code, the defaults, the schema, the help, says what the code does."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.reading import blocks, requests
from addon.settings import values

jsonschema: Any = importlib.import_module("jsonschema")  # Anki's own; it ships no types
ADDON = Path(values.__file__).parents[1]
HELP = (ADDON / "config.md").read_text(encoding="utf-8")
README = (ADDON.parent / "README.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ADDON / "config.schema.json").read_text(encoding="utf-8"))
DEFAULTS = json.loads((ADDON / "config.json").read_text(encoding="utf-8"))


def accepted(config: Any) -> bool:
    return bool(jsonschema.Draft7Validator(SCHEMA).is_valid(config))


def test_the_defaults_are_the_defaults() -> None:
    assert values.written(values.DEFAULT) == DEFAULTS
    assert accepted(DEFAULTS)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 1300),
    st.floats(allow_nan=False),
    st.sampled_from([*values.COLOURS, *values.REVEALS, "", "330"]),
    st.lists(st.none(), max_size=1),
)


@given(st.dictionaries(st.sampled_from([*DEFAULTS, "size ", "colour"]), VALUES))
def test_the_schema_refuses_what_would_fall_back_and_nothing_else(config: dict[str, Any]) -> None:
    assert accepted(config) == (not values.read(config)[1])


@pytest.mark.parametrize("key", DEFAULTS)
def test_a_refused_setting_says_what_it_may_be(key: str) -> None:
    with pytest.raises(jsonschema.ValidationError) as caught:
        jsonschema.validate({key: ["wrong"]}, SCHEMA)
    message = caught.value.schema["error_msg"]
    assert f"`{key}`" in message.format(problem="", path="", schema="", erroneous_conf="")


def test_the_help_names_every_setting_every_value_and_every_key_of_a_block() -> None:
    words = {*DEFAULTS, *requests.KEYS}
    words |= {f'"{name}"' for name in (*values.COLOURS, *values.REVEALS)}
    missing = {word for word in words if not re.search(rf"`[^`]*{word}[^`]*`", HELP)}
    assert not missing


@pytest.mark.parametrize("text", [HELP, README], ids=["help", "readme"])
def test_every_example_of_a_block_can_be_read(text: str) -> None:
    examples = re.findall(r"\[attention\]\s*\{.*?\[/attention\]", text, re.DOTALL)
    assert examples
    for example in examples:
        (block,) = blocks.blocks(example)
        assert block.spec is not None, f"{example}: {block.reason}"
        assert blocks.resolved(block.spec)["weights"]


def test_the_help_needs_no_markdown_that_anki_does_not_render() -> None:
    assert "\n|" not in HELP  # no tables there
    assert "```" not in HELP
