"""The sample of texts for a review has prose of each kind of file, and is the same for the same seed."""

from pathlib import Path

from tools.sample_texts import sample, texts_of

MODULE = '''"""Reads the file of settings."""

# Longer lines are refused:
# no setting needs them.
name = "settings"
raise ValueError(f"{name} cannot be read from here", hint="Make the file readable.")
'''
PAGE = """# Title of the page

A paragraph with
two lines.

- An item of a list.

```sh
echo this is no prose
```
"""


def test_docstrings_comments_and_messages_of_a_module(tmp_path: Path) -> None:
    """Comments of several lines are one text; short strings are no texts."""
    path = tmp_path / "module.py"
    path.write_text(MODULE)
    assert {(line, text) for _, line, text in texts_of(path)} == {
        (1, "Reads the file of settings."),
        (3, "Longer lines are refused:\nno setting needs them."),
        (6, "f'{name} cannot be read from here'"),
        (6, "Make the file readable."),
    }


def test_paragraphs_and_items_of_a_page(tmp_path: Path) -> None:
    """Headings and code are left out."""
    path = tmp_path / "page.md"
    path.write_text(PAGE)
    assert [text for _, _, text in texts_of(path)] == ["A paragraph with\ntwo lines.", "- An item of a list."]


def test_a_seed_picks_the_same_texts(tmp_path: Path) -> None:
    """A reviewer can repeat the sample."""
    (tmp_path / "page.md").write_text("\n\n".join(f"This is paragraph number {each}." for each in range(50)))
    assert sample(tmp_path, 1, 5) == sample(tmp_path, 1, 5) != sample(tmp_path, 2, 5)
