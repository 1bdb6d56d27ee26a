"""Jinja extensions that a template wants to be imported."""

from pathlib import Path

from .foreign import Code
from .texts import printable

HARMLESS = frozenset({"jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n"})
"""Jinja's own extensions: no code of the template's author is in them."""


def extension_code(name: str, folder: Path) -> Code:
    """An extension for people to read: its text where it comes with the template, or else only its name.

    `name` is `module.Class`, or `path/module.py:Class` as copier-template-extensions has it.
    """
    path, colon, _ = name.partition(":")
    module = path if colon else name.rpartition(".")[0].replace(".", "/")
    places = [folder / module] if colon else [folder / f"{module}.py", folder / module / "__init__.py"]
    text = next((place.read_text("utf-8", errors="replace") for place in places if place.is_file()), "")
    return Code(f"Jinja extension {printable(name)}", printable(text or name))
