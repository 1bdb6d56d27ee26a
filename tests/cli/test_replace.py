"""Every verb that renders a pattern replaces the texts of its layers."""

import zipfile
from pathlib import Path

from tests.patterns_on_disk import tiny, write_pattern

from .projects import edit, outcomes
from .running import blueprint

BASE = {
    "type": "string",
    "format": "java-package",
    "question": "Which package?",
    "default": "com.example.shop",
}
LAYER = {
    "from": "files",
    "to": ".",
    "replace": {
        "com.example.shop": "{{ base_package }}",
        "com/example/shop": "{{ base_package | replace('.', '/') }}",
    },
}
CART = "package com.example.shop;\n\n\n\nclass Cart {}\n"


def write(folder: Path, version: str, cart: str) -> None:
    """Write a version of a pattern for a Java project."""
    content = tiny(version=version, options={"base_package": BASE}, values={}, layers=[LAYER], look=[])
    write_pattern(folder, content, {"files/src/com/example/shop/Cart.java": cart})


def test_projects_follow_the_pattern(here: Path) -> None:
    """`new`, `diff` and `update` replace texts: an edit is merged with what the pattern changed."""
    write(here / "tiny", "1.0.0", CART)
    source = ["-p", "./tiny", "--yes", "--set", "base_package=org.acme"]
    assert blueprint("new", "shop", *source, cwd=here).status == 0
    shop, path = here / "shop", "src/org/acme/Cart.java"
    assert (shop / path).read_text() == CART.replace("com.example.shop", "org.acme")
    assert blueprint("diff", cwd=shop).out == ""

    edit(shop, path, "class Cart {}", "class Cart { int lines; }")
    write(here / "tiny", "1.1.0", CART.replace("package", "/** com.example.shop */\npackage"))
    assert outcomes(blueprint("update", "--json", cwd=shop)) == {path: "merged"}
    merged = "/** org.acme */\npackage org.acme;\n\n\n\nclass Cart { int lines; }\n"
    assert (shop / path).read_text() == merged


def test_another_answer_moves_files(here: Path) -> None:
    """An update with another answer moves the files to the folders of the other package."""
    write(here / "tiny", "1.0.0", CART)
    assert blueprint("new", "shop", "-p", "./tiny", "--yes", cwd=here).status == 0
    shop = here / "shop"
    done = blueprint("update", "--set", "base_package=org.acme", "--json", cwd=shop)
    assert outcomes(done) == {
        "src/com/example/shop/Cart.java": "deleted",
        "src/org/acme/Cart.java": "created",
    }
    assert (shop / "src/org/acme/Cart.java").read_text().startswith("package org.acme;\n")
    refused = blueprint("update", "--set", "base_package=org.class", "--json", cwd=shop)
    assert refused.json["error"]["message"] == (
        "'org.class' is not valid for --set base_package: 'class' is a keyword of Java; write 'class_'"
    )


def test_a_deleted_file_does_not_move(here: Path) -> None:
    """A file that the user deleted does not return in the folders of another package, and back again."""
    write(here / "tiny", "1.0.0", CART)
    assert blueprint("new", "shop", "-p", "./tiny", "--yes", cwd=here).status == 0
    shop = here / "shop"
    (shop / "src/com/example/shop/Cart.java").unlink()
    for package in ("org.acme", "com.example.shop"):
        done = blueprint("update", "--set", f"base_package={package}", "--json", cwd=shop)
        assert outcomes(done) == {f"src/{package.replace('.', '/')}/Cart.java": "left-deleted"}
    assert not [*shop.rglob("*.java")]


def test_authors_see_what_projects_get(here: Path) -> None:
    """`pattern preview`, a golden tree and a packed pattern have the replaced texts."""
    write(here / "tiny", "1.0.0", CART)
    answer = ["--set", "base_package=org.acme"]
    path = "src/org/acme/Cart.java"
    shown = blueprint("pattern", "preview", "tiny", *answer, "--file", path, "--json", cwd=here)
    assert shown.json["content"] == CART.replace("com.example.shop", "org.acme")
    assert blueprint("pattern", "check", "tiny", cwd=here).status == 0

    assert blueprint("pattern", "pack", "tiny", "--json", cwd=here).status == 0
    (archive,) = here.glob("**/*.zip")
    with zipfile.ZipFile(archive) as packed:
        assert packed.read("files/src/com/example/shop/Cart.java").decode() == CART
    assert blueprint("new", "shop", "-p", archive, "--yes", *answer, cwd=here).status == 0
    assert (here / "shop" / path).read_text() == shown.json["content"]
