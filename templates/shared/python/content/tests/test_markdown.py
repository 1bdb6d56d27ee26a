"""Markdown becomes HTML without anything that runs."""

import re

import pytest

from ..markdown import to_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#115;cript:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](vbscript:msgbox(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](file:///etc/passwd)",
    "![a](javascript:alert(1))",
    '![a](https://x.example/" onerror="alert(1))',
    "<javascript:alert(1)>",
    '[a](https://x.example "\\" onmouseover=alert(1)")',
    "[a]: javascript:alert(1)\n\n[a]",
    "```<script>\nalert(1)\n```",
    '<a href="https://x.example" style="position:fixed">a</a>',
    "<!--><script>alert(1)</script>-->",
    "<math><mtext></mtext><script>alert(1)</script></math>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_reaches_readers(text: str) -> None:
    """There are no scripts, frames, handlers, styles or addresses that run code, however they are written."""
    html = to_html(text)
    tags = re.findall("<[^>]*>", html)
    assert not [
        tag for tag in tags if re.match(r"</?(script|iframe|svg|math|style|object|embed)\b", tag, re.I)
    ]
    assert not [tag for tag in tags if re.search(r"\s(on\w+|style)\s*=", re.sub('"[^"]*"', '""', tag), re.I)]
    addresses = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert not [each for each in addresses if not each.startswith(("https://", "http://", "mailto:"))]


def test_common_markdown_is_rendered() -> None:
    """Headings, emphasis, links, images, lists, code and tables become their elements."""
    text = "# Title\n\n*a* **b** ~~c~~ `d`\n\n- [x](https://x.example)\n\n![y](https://y.example/z.jpg)\n\n"
    html = to_html(text + "|a|b|\n|-|-|\n|1|2|")
    for element in ("<h1>Title</h1>", "<em>a</em>", "<strong>b</strong>", "<s>c</s>", "<code>d</code>"):
        assert element in html
    assert 'href="https://x.example"' in html
    assert '<img src="https://y.example/z.jpg" alt="y">' in html
    assert "<td>1</td>" in html


@pytest.mark.parametrize("text", ["> " * 20_000, "[" * 60_000, "*a" * 20_000, "- " * 20_000, "`" * 40_000])
def test_hostile_nesting_is_rendered_too(text: str) -> None:
    """Deep nesting and unclosed marks neither fail nor exhaust the stack."""
    assert to_html(text)
