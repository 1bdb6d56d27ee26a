"""The published JSON Schema accepts exactly what the loader accepts."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from blueprint.documents import read_document
from blueprint.patterns.loading import pattern_names, templates_root
from blueprint.patterns.model import SCHEMA_FILE, PatternFile, json_schema
from tests.patterns_on_disk import TINY

VALIDATOR = Draft202012Validator(json_schema())


def test_the_published_schema_is_up_to_date(regenerate: bool) -> None:
    """The published schema equals that of the model; `pytest --regenerate` writes it."""
    text = json.dumps(json_schema(), indent=2) + "\n"
    if regenerate:
        SCHEMA_FILE.write_text(text)
    assert SCHEMA_FILE.read_text() == text
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("name", pattern_names())
def test_the_built_in_patterns_are_valid_by_the_schema(name: str) -> None:
    """Every built-in pattern.yaml is valid by the published schema."""
    VALIDATOR.validate(read_document(templates_root() / name / "pattern.yaml").data)


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=3), st.just("1.0.0"))
VALUES = st.one_of(
    SCALARS, st.lists(SCALARS, max_size=2), st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path] * bool(path) + [found for key, child in children for found in _paths(child, (*path, key))]


@pytest.mark.slow
@given(st.sampled_from(_paths(TINY)), st.one_of(st.just("delete"), st.just("rename"), VALUES))
def test_the_schema_accepts_what_the_loader_accepts(path: tuple[Any, ...], change: Any) -> None:
    """After any change to a valid pattern, either both accept it or both refuse it."""
    content = copy.deepcopy(TINY)
    *above, last = path
    parent: Any = content
    for step in above:
        parent = parent[step]
    if change in ("delete", "rename"):
        removed = parent.pop(last)
        if change == "rename" and isinstance(parent, dict):
            parent["surprise"] = removed
    else:
        parent[last] = change

    assert VALIDATOR.is_valid(content) is _loads(content)


def _loads(content: Any) -> bool:
    try:
        msgspec.convert(content, PatternFile)
    except msgspec.ValidationError:
        return False
    return True
