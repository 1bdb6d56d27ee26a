"""Line endings of templates and plain files are those of the pattern, byte for byte."""

from pathlib import Path

import pytest

from blueprint.patterns import check_answers
from blueprint.render import render
from tests.patterns_on_disk import one_file_pattern


@pytest.mark.parametrize(
    ("template", "rendered"),
    [
        (b"one\r\ntwo\nthree\rfour\r\n", b"one\r\ntwo\nthree\rfour\r\n"),
        (b"{{ project }}\r\n{% if project %}\r\nyes\r\n{% endif %}\r\nend", b"my-shop\r\nyes\r\nend"),
        (b"{% for n in [1, 2] %}\r\n{{ n }}\r\n\r\n{% endfor %}\n", b"1\r\n\r\n2\r\n\r\n"),
        (b"a\r\n{%- if project -%}\r\n  b\r\n{%- endif %}\r\nc\n", b"abc\n"),
        (b"{# one\r\ntwo #}\r\n{% raw %}\r\n{{ raw }}\r\n{% endraw %}\n", b"\r\n{{ raw }}\r\n"),
    ],
)
def test_a_template_keeps_its_line_endings(tmp_path: Path, template: bytes, rendered: bytes) -> None:
    """Each line of a template keeps its ending, and Jinja trims the lines of blocks as always."""
    pattern = one_file_pattern(tmp_path, "text.txt.jinja", template)
    assert render(pattern, check_answers(pattern, "my-shop", {})).tree["text.txt"].content == rendered


def test_an_included_fragment_keeps_its_line_endings(tmp_path: Path) -> None:
    """A fragment with CRLF in a template with LF gives both."""
    (tmp_path / "files/_parts").mkdir(parents=True)
    (tmp_path / "files/_parts/part").write_bytes(b"part\r\n")
    pattern = one_file_pattern(tmp_path, "text.txt.jinja", b'{% include "_parts/part" %}end\n')
    assert render(pattern, check_answers(pattern, "my-shop", {})).tree["text.txt"].content == b"part\r\nend\n"
