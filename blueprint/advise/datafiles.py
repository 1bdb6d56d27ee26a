"""Data files of the model: weights, constants, prices, claims and cases."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from blueprint.errors import BlueprintError
from blueprint.package_data import read_package_data

DATA = Path(__file__).with_name("data")


@cache
def load(name: str) -> Mapping[str, Any]:
    """Return the content of the data file `name`.yaml."""
    document: Mapping[str, Any] = read_package_data(DATA / f"{name}.yaml")
    return document


@cache
def constants(section: str, file: str = "capacity") -> Mapping[str, Any]:
    """Return the values of one section of a data file by name, without their tags and sources."""
    return {name: row["value"] for name, row in load(file)[section].items()}


def read_data(path: Path, error: type[BlueprintError], path_hint: str, form_hint: str) -> Any:
    """Return the data in a file of the user.

    Raises `error`, with `path_hint` if the file cannot be read, and with `form_hint` if it is not valid YAML.
    """
    # Few recommendations read such a file, and the parser takes long to load.
    from blueprint.documents import DocumentError, read_document

    try:
        return read_document(path).data
    except OSError as failure:
        raise error(f"{path}: {failure.strerror}", hint=path_hint) from failure
    except DocumentError as failure:
        line = f" line {failure.line}:" if failure.line else ""
        raise error(f"{path}:{line} {failure.message}", hint=form_hint) from failure
