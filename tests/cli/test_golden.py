"""A generated project equals the golden tree on disk; `pytest --regenerate` rewrites it."""

import shutil
from pathlib import Path

from .running import blueprint

GOLDEN = Path(__file__).with_name("golden")
PRIVATE = ".blueprint/private"
VARYING = {".env", ".blueprint/pristine.tar.gz", f"{PRIVATE}/.gitignore", f"{PRIVATE}/pristine.tar.gz"}
"""Files that differ between runs, as secrets and archives do, or that no git repository can hold."""


def project_files(folder: Path) -> dict[str, bytes]:
    """Return path and content of every file below `folder`."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_project_equals_the_golden_tree(tiny: Path, here: Path, regenerate: bool) -> None:
    """A generated project equals the golden tree byte by byte; its pattern is recorded as a relative path."""
    shutil.copytree(tiny, here / "tiny")
    blueprint("new", "my-shop", "-p", "./tiny", "--database", "mysql", cwd=here)
    generated = project_files(here / "my-shop")
    if regenerate:
        shutil.rmtree(GOLDEN, ignore_errors=True)
        shutil.copytree(
            here / "my-shop", GOLDEN, ignore=shutil.ignore_patterns(".env", "*.tar.gz", "private")
        )

    assert set(generated) - set(project_files(GOLDEN)) == VARYING
    assert {path: content for path, content in generated.items() if path not in VARYING} == project_files(
        GOLDEN
    )
