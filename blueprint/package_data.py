"""Data files of this package: YAML that is compiled to bytecode once, like the modules beside it."""

from importlib.machinery import SourceFileLoader
from math import inf
from pathlib import Path
from types import CodeType
from typing import Any


class _YamlLoader(SourceFileLoader):
    """Compiles YAML to a Python literal; Python keeps its bytecode like that of any module."""

    def source_to_code(  # type: ignore[override]  # static in its stub, but not in importlib
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> CodeType:
        # Loading PyYAML and parsing the files of the model takes as long as the recommendation.
        import yaml

        return compile(repr(yaml.load(data, Loader=yaml.CSafeLoader)), path, "eval")


def read_package_data(path: Path) -> Any:
    """Return the content of a YAML file of this package: texts, numbers, booleans, lists and mappings."""
    code = _YamlLoader(path.stem, str(path)).get_code(path.stem)
    return eval(code or "None", {"inf": inf})  # noqa: S307 - a literal from our own file
