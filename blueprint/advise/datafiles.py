"""The model's data files: weights, constants, claims and cases, each versioned and tagged."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load(name: str) -> Mapping[str, Any]:
    """The data file `name`.yaml of the model."""
    text = files("blueprint.advise").joinpath(f"data/{name}.yaml").read_text("utf-8")
    document: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return document


@cache
def constants(section: str) -> Mapping[str, Any]:
    """The values of one section of capacity.yaml, without their tags and sources."""
    return {name: row["value"] for name, row in load("capacity")[section].items()}
