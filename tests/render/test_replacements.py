"""The `replace` of a layer replaces literal texts in the files that it copies, and in their paths."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from blueprint.errors import HostilePatternError, PatternError, RenderError
from blueprint.patterns import Value, check_answers, load_pattern
from blueprint.render import File, Tree, render
from blueprint.render.layers import Replacements
from blueprint.sources.includes import with_includes
from tests.patterns_on_disk import one_file_pattern, tiny, write_pattern

BASE = {"type": "string", "question": "Which package?", "default": "com.example.shop"}
JAVA = {
    "com.example.shop": "{{ base }}",
    "com/example/shop": "{{ base | replace('.', '/') }}",
}


def write(folder: Path, files: dict[str, str | bytes], replace: dict[str, str], **layer: Any) -> None:
    """Write a pattern with the option `base` and one layer that replaces texts."""
    layers = [{"from": "files", "to": ".", "replace": replace, **layer}]
    content = tiny(options={"base": BASE}, values={}, layers=layers, look=[])
    write_pattern(folder, content, {f"files/{path}": text for path, text in files.items()})


def rendered(folder: Path, **options: Value) -> Tree:
    """Render the pattern in `folder` for a project named my-shop."""
    pattern = load_pattern(folder)
    return render(pattern, check_answers(pattern, "my-shop", options)).tree


def contents(tree: Tree) -> dict[str, bytes]:
    """The content of each file."""
    return {path: file.content for path, file in tree.items()}


def test_a_package_is_renamed_in_files_and_folders(tmp_path: Path) -> None:
    """Every occurrence in a file is replaced, and the folders of the package are renamed."""
    source = "package com.example.shop.cart;\r\nimport com.example.shop.Shop; // com.example.shop\r\n"
    files: dict[str, str | bytes] = {"src/com/example/shop/cart/Cart.java": source, "src/com/Other.java": ""}
    write(tmp_path, files, JAVA)
    assert contents(rendered(tmp_path)) == {path: str(text).encode() for path, text in files.items()}
    assert contents(rendered(tmp_path, base="org.acme.store.web")) == {
        "src/org/acme/store/web/cart/Cart.java": (
            b"package org.acme.store.web.cart;\r\nimport org.acme.store.web.Shop; // org.acme.store.web\r\n"
        ),
        "src/com/Other.java": b"",
    }


def test_the_longest_text_is_replaced(tmp_path: Path) -> None:
    """Of texts that begin at the same place, the longest is replaced, and what it became is not searched."""
    replace = {"Shop": "Cart", "ShopTest": "ShopShop", "Cart": "Shop"}
    write(tmp_path, {"Shop.txt": "Shop ShopTest Cart ShopTester"}, replace)
    assert contents(rendered(tmp_path)) == {"Cart.txt": b"Cart ShopShop Shop ShopShoper"}


def test_values_are_rendered_once(tmp_path: Path) -> None:
    """A value is a template over the answers. Tags in an answer stay text, in files and in paths."""
    write(tmp_path, {"com.example.shop/{{ project }}": "com.example.shop"}, JAVA)
    tree = rendered(tmp_path, base="{{ project }}")
    assert contents(tree) == {"{{ project }}/my-shop": b"{{ project }}"}


def test_answers_are_not_replaced(tmp_path: Path) -> None:
    """Templates keep what they contain, and an answer in a path is not replaced; the rest of the path is."""
    files: dict[str, str | bytes] = {
        "com.example.shop/{{ base }}/com/example/shop/a.jinja": "com.example.shop {{ base }}",
        "{com.example.shop}": "",
    }
    write(tmp_path, files, {**JAVA, "com.example.shop": "x"})
    assert contents(rendered(tmp_path)) == {
        "x/com.example.shop/com/example/shop/a": b"com.example.shop com.example.shop",
        "{x}": b"",
    }


@pytest.mark.parametrize(
    "content",
    [b"\0com.example.shop", b"com.example.shop \xe9", "com.example.shop".encode("utf-16")],
)
def test_files_that_are_not_utf_8_text_are_unchanged(tmp_path: Path, content: bytes) -> None:
    """A file with a NUL byte or in another encoding is copied byte for byte; its path is not special."""
    write(tmp_path, {"com.example.shop.bin": content}, JAVA)
    assert contents(rendered(tmp_path, base="org.acme")) == {"org.acme.bin": content}


def test_a_byte_order_mark_and_the_mode_of_a_file_stay(tmp_path: Path) -> None:
    """What surrounds a replaced text stays as it is."""
    write(tmp_path, {"run.sh": "\ufeffcom.example.shop\n"}, JAVA)
    (tmp_path / "files/run.sh").chmod(0o755)
    tree = rendered(tmp_path, base="org.ä")
    assert tree == {"run.sh": File("\ufefforg.ä\n".encode(), executable=True)}


def test_each_item_has_its_values(tmp_path: Path) -> None:
    """The values of a layer with `each` see the item, and `when` keeps values of other items unrendered."""
    each = {"to": "{{ name }}", "each": {"name": "['cart', 'orders']"}, "when": "name != 'orders'"}
    write(tmp_path, {"Sample.java": "class Sample {}"}, {"Sample": "{{ name | capitalize }}"}, **each)
    assert contents(rendered(tmp_path)) == {"cart/Cart.java": b"class Cart {}"}


def test_other_layers_are_unchanged(tmp_path: Path) -> None:
    """Texts are replaced only in the layer that says so."""
    layers = [{"from": "a", "to": "a", "replace": {"x": "y"}}, {"from": "b", "to": "b"}]
    write_pattern(tmp_path, tiny(options={}, values={}, layers=layers, look=[]), {"a/x": "x", "b/x": "x"})
    assert contents(rendered(tmp_path)) == {"a/y": b"y", "b/x": b"x"}


def test_a_replaced_path_is_checked(tmp_path: Path) -> None:
    """A value cannot lead out of the project."""
    write(tmp_path, {"shop/a": ""}, {"shop": "{{ base }}"})
    with pytest.raises(HostilePatternError, match="is not a file name"):
        rendered(tmp_path, base="..")


def test_an_undefined_name_in_a_value_is_an_error(tmp_path: Path) -> None:
    """The error names the value."""
    write(tmp_path, {"a": ""}, {"text": "{{ bas }}"})
    with pytest.raises(PatternError, match=r"in '\{\{ bas \}\}': 'bas' is not defined"):
        rendered(tmp_path)


@pytest.mark.parametrize("replace", [{"": "x"}, {"a\nb": "x"}, {"a": ""}, ["a"], {"a": 1}])
def test_texts_and_values_are_lines(tmp_path: Path, replace: Any) -> None:
    """An empty text would be everywhere; texts and values are lines."""
    write(tmp_path, {"a": ""}, replace)
    with pytest.raises(PatternError, match=r"layers\.0\.replace"):
        load_pattern(tmp_path)


def test_a_value_that_no_file_can_contain_is_an_error(tmp_path: Path) -> None:
    """Half of a surrogate pair cannot be written, whether it comes from a value or from a template."""
    write(tmp_path, {"a": "text"}, {"text": "{{ '\\ud800' }}"})
    with pytest.raises(RenderError, match=r"files/a: the result contains '\\ud800', which UTF-8"):
        rendered(tmp_path)
    pattern = one_file_pattern(tmp_path / "other", "a.jinja", "{{ '\\ud800' }}")
    with pytest.raises(RenderError, match=r"files/a\.jinja: the result contains"):
        render(pattern, check_answers(pattern, "my-shop", {}))


def test_an_including_pattern_replaces_texts_of_included_layers(tmp_path: Path) -> None:
    """The layers of an included pattern keep their `replace`."""
    write(tmp_path / "base", {"a": "com.example.shop"}, JAVA)
    content = tiny(name="outer", options={}, values={}, layers=[], look=[], include=["./base"])
    pattern = with_includes(load_pattern(write_pattern(tmp_path, content, {})))
    tree = render(pattern, check_answers(pattern, "my-shop", {"base": "org.acme"})).tree
    assert contents(tree) == {"a": b"org.acme"}


TEXT = st.text("ab", min_size=1, max_size=3)
VALUES = st.dictionaries(TEXT, st.text("ab{}é", max_size=4), max_size=5)


@given(VALUES, st.text("ab.é", max_size=30), st.randoms())
def test_the_order_of_the_texts_makes_no_difference(values: dict[str, str], text: str, random: Any) -> None:
    """Any order of the same texts gives the same result, in texts and in files."""
    shuffled = list(values.items())
    random.shuffle(shuffled)
    assert Replacements(dict(shuffled)).in_text(text) == Replacements(values).in_text(text)
    assert Replacements(values).in_content(text.encode()) == Replacements(values).in_text(text).encode()


@given(VALUES, st.text("ab.é", max_size=30))
def test_one_pass_replaces_the_longest_text_at_each_place(values: dict[str, str], text: str) -> None:
    """The result is that of a search from left to right that takes the longest text and goes on behind it."""
    result, place = "", 0
    while place < len(text):
        found = max((each for each in values if text.startswith(each, place)), key=len, default="")
        result += values[found] if found else text[place]
        place += len(found) or 1
    assert Replacements(values).in_text(text) == result


@given(VALUES, st.text("ab.é", max_size=30))
def test_a_text_that_stays_the_same_changes_nothing(values: dict[str, str], text: str) -> None:
    """Replacing each text by itself changes nothing, and texts that occur nowhere change nothing."""
    assert Replacements({each: each for each in values}).in_text(text) == text
    assume(not any(each in text for each in values))
    assert Replacements(values).in_text(text) == text
    assert Replacements(values).found_in(text) == set()
