"""Documents that cannot be read: what is wrong and where, in our own words with every PyYAML."""

from pathlib import Path

import pytest
import yaml

from blueprint import documents
from blueprint.documents import MAX_DEPTH, DocumentError, parse_document, read_json

FAULTS = [
    (
        "a:\n\tb: 1\n",
        2,
        "has a tab, or a value that begins with @ or `; indent with spaces, or quote the value",
    ),
    ("a: @x\n", 1, "has a tab, or a value that begins with @ or `; indent with spaces, or quote the value"),
    ("a: b: c\n", 1, "has a colon where none is expected; quote the value, or correct the indentation"),
    ("a: 1\nb\n", 3, "has a key without a colon after it"),
    ("a:\n  - 1\n - 2\n", 3, documents._MISPLACED),
    ("- a\nb: 1\n", 2, documents._MISPLACED),
    ("a: - b\n", 1, "has a list item where none is expected; begin the list on a new line"),
    ("a: [1, 2\nb: 3\n", 2, "has a bracket that is not closed, or a comma is missing"),
    ("a: 'x\n", 2, "has a quotation mark that is not closed"),
    ('a: "x\\q"\n', 1, "has an unknown escape after a backslash; use single quotation marks"),
    ("a: 1\n---\nb: 2\n", 2, "has a second document; remove the line `---`"),
    ("a: 1\nb: !x 1\n", 2, "has the tag !x; remove it"),
    ("a: !!python/name:os.system\n", 1, "has the tag !!python/name:os.system; remove it"),
    ("a: 1\nb: \x00\n", 2, "has a control character; remove it"),
    ("a: 2020-13-01\n", 1, "has the value '2020-13-01', which YAML cannot convert; quote it"),
    ("a: 1\nb: 12:30\n", 2, "has the value 12:30, which YAML reads as a number to the base 60; quote it"),
    (
        "a: 1\nb: -010\n",
        2,
        "has the value -010, which YAML reads as an octal number; write it without a leading 0, or quote it",
    ),
    (
        "a: 1\n<<<<<<< ours\nb: 1\n=======\nb: 2\n>>>>>>> theirs\n",
        2,
        "has a conflict of git; edit the file, and keep one of both versions",
    ),
    ("a: !!bool perhaps\n", 1, "has the value 'perhaps', which YAML cannot convert; quote it"),
    ("a: !e!x 1\n", 1, "is not valid YAML here; check the indentation and the quotation marks"),
    ("a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), 1, "is nested deeper than 32 levels"),
    ("a: " + "[" * 5000, 1, "is nested deeper than 32 levels"),
    ("a: " + "{a: " * 5000, 1, "is nested deeper than 32 levels"),
]


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize(("text", "line", "message"), FAULTS)
def test_a_fault_in_yaml_has_a_line_and_a_remedy(
    monkeypatch: pytest.MonkeyPatch, text: str, line: int, message: str, loader: str
) -> None:
    """The parser in C and the one in Python describe some faults differently; we do not."""
    if not hasattr(yaml, loader):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(documents, "_Loader", getattr(yaml, loader))
    with pytest.raises(DocumentError) as caught:
        parse_document(text)
    assert (caught.value.line, caught.value.message) == (line, message)


def test_a_rewording_of_the_library_does_not_reach_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """A description that we do not know is left out, and the line stays."""

    def reworded(text: str, Loader: object) -> object:
        mark = yaml.Mark("", 0, 1, 0, text, 0)
        raise yaml.scanner.ScannerError(None, None, "the tokenizer is unhappy", mark)

    monkeypatch.setattr(yaml, "parse", reworded)
    with pytest.raises(DocumentError) as caught:
        parse_document("a: 1\n")
    assert caught.value.line == 2
    assert caught.value.message == "is not valid YAML here; check the indentation and the quotation marks"


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b'{\n  "a": \n}', 3, "is not valid JSON"),
        (b"", 1, "is not valid JSON"),
        (b"[" * 100_000, None, "is nested too deeply"),
        (b"1" * 5000, None, "has a number with too many digits"),
        (b"\xff", None, "is not UTF-8 text"),
        (b" " * (documents.MAX_BYTES + 1), None, "is larger than 256 KiB"),
    ],
)
def test_so_has_a_fault_in_json(tmp_path: Path, content: bytes, line: int | None, message: str) -> None:
    """Where a line can be named."""
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_json(path)
    assert (caught.value.line, caught.value.message) == (line, message)
