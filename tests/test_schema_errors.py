"""What msgspec finds wrong with data is said without Python types and regular expressions."""

from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from blueprint.patterns.model import Layer
from blueprint.patterns.options import FORMS, Identifier, SemanticVersion, Slug
from blueprint.schema_errors import explain


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        (str, 1, "expected text, but found a whole number"),
        (int | None, "x", "expected a whole number or nothing, but found text"),
        (list[bool], [True, "x"], "in 1: expected true or false, but found text"),
        (dict[str, float], {"a": []}, "expected a number, but found a list"),
        (Slug, "A", "expected lowercase letters, digits and dashes, beginning with a letter"),
        (Identifier, "A", "expected lowercase letters, digits and underscores, beginning with a letter"),
        (SemanticVersion, "1", "expected a version such as 1.2.3"),
        (Annotated[str, Meta(pattern="^x$")], "y", "expected another form of text"),
        (Slug, "a" * 65, "expected at most 64 characters"),
        (Annotated[list[int], Meta(min_length=1)], [], "expected at least 1 item"),
        (Annotated[dict[str, int], Meta(min_length=2)], {}, "expected at least 2 entries"),
        (Annotated[int, Meta(ge=1)], 0, "expected at least 1"),
        (Literal["a", "b"], "c", "'c' is not allowed here"),
        (Layer, {"from": "x"}, "the key 'to' is missing"),
        (Layer, {"from": "x", "to": "x", "too": "x"}, "unknown key 'too'"),
        (list[Layer], [{"from": 1, "to": "x"}], "in 0.from: expected text, but found a whole number"),
        (Annotated[int, Meta(multiple_of=2)], 3, "is not valid here"),
    ],
)
def test_a_value_that_does_not_fit_is_explained(kind: Any, data: Any, message: str) -> None:
    """With the part that is to blame."""
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(data, kind)
    assert explain(caught.value, FORMS) == message


def test_malformed_json_is_said_to_be_that() -> None:
    """And not where msgspec stopped, in bytes."""
    with pytest.raises(msgspec.DecodeError) as caught:
        msgspec.json.decode(b"{")
    assert explain(caught.value) == "it is not valid JSON"
