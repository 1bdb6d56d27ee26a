"""Data files of the model: weights, constants, prices, claims and cases."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).with_name("data")


@cache
def load(name: str) -> Mapping[str, Any]:
    """Return the content of the data file `name`.yaml."""
    text = (DATA / f"{name}.yaml").read_text("utf-8")
    document: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return document


@cache
def constants(section: str, file: str = "capacity") -> Mapping[str, Any]:
    """Return the values of one section of a data file by name, without their tags and sources."""
    return {name: row["value"] for name, row in load(file)[section].items()}
