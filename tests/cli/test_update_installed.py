"""A built-in pattern moves on with blueprint: an older installation made the project, a newer updates it."""

import shutil
from pathlib import Path

import pytest

import blueprint as package
from blueprint.patterns.catalogue import templates_root

from .projects import edit, outcomes
from .running import blueprint


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of blueprint with its templates inside, as a wheel lays them out."""
    site = tmp_path / "site"
    source = Path(package.__file__).parent
    without = shutil.ignore_patterns("__pycache__", "_templates", ".*_cache")
    shutil.copytree(source, site / "blueprint", ignore=without)
    shutil.copytree(templates_root(), site / "blueprint/_templates", ignore=without)
    return site


def test_a_project_of_an_older_installation_is_updated_by_a_newer(here: Path, installed: Path) -> None:
    """No old template is needed; edits stay; going back is refused."""
    env = {"PYTHONPATH": str(installed)}
    templates = installed / "blueprint/_templates"
    pattern, wiring = templates / "monolith/pattern.yaml", "shared/python/catalog/service.py"
    older = pattern.read_text()
    assert blueprint("new", "shop", "--yes", cwd=here, env=env).status == 0
    edit(here / "shop", "src/shop/catalog/service.py", '"""', '"""Ours. ')

    newer = older.replace("\nversion: ", "\nversion: 9")
    pattern.write_text(newer)
    with (templates / wiring).open("a") as file:
        file.write("\n\nNEWER = True\n")
    done = blueprint("update", "--json", cwd=here / "shop", env=env)

    assert done.status == 0
    assert outcomes(done)["src/shop/catalog/service.py"] == "merged"
    merged = (here / "shop/src/shop/catalog/service.py").read_text()
    assert merged.startswith('"""Ours. ')
    assert merged.endswith("NEWER = True\n")

    pattern.write_text(older)
    refused = blueprint("update", "--json", cwd=here / "shop", env=env)
    assert (refused.status, refused.json["error"]["code"]) == (9, "downgrade")
