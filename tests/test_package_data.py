"""Tests of the data files of the package, which are compiled to bytecode."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import blueprint
from blueprint.package_data import read_package_data

PACKAGE = Path(blueprint.__file__).parent
FILES = sorted([*PACKAGE.glob("advise/data/*.yaml"), *PACKAGE.glob("needs/data/**/*.yaml")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_bytecode_has_the_content_of_the_file(path: Path) -> None:
    """Compiled data equals what PyYAML reads, also in its types."""
    assert repr(read_package_data(path)) == repr(yaml.safe_load(path.read_text("utf-8")))


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    """The bytecode of an earlier version of a file is not used."""
    path = tmp_path / "weights.yaml"
    path.write_text("points: 1")
    assert read_package_data(path) == {"points": 1}
    path.write_text("points: .inf")
    assert read_package_data(path) == {"points": float("inf")}


def test_a_second_recommendation_parses_no_yaml(tmp_path: Path) -> None:
    """Once its data are compiled, a recommendation from a preset does not load PyYAML."""
    script = "import sys, blueprint.cli.app as app; app.run(sys.argv[1:]); print('yaml' in sys.modules)"
    command = [sys.executable, "-c", script, "recommend", "--preset", "cms", "--json"]
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    loaded = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()[
            -1
        ]
        for _ in range(2)
    ]
    assert loaded == ["True", "False"]
