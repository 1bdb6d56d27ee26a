"""A whole project as it should be on disk: `pytest --regenerate` writes it anew."""

import shutil
from pathlib import Path

from .running import blueprint

GOLDEN = Path(__file__).with_name("golden")
UNLIKE = {".env", ".blueprint/pristine.tar.gz"}
"""What differs from run to run, or with the library that compresses."""


def project_files(folder: Path) -> dict[str, bytes]:
    """Path and content of every file below `folder`."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_project_is_as_it_always_was(tiny: Path, here: Path, regenerate: bool) -> None:
    """Byte by byte. The pattern is named as a user would, relative to where they are."""
    shutil.copytree(tiny, here / "tiny")
    blueprint("new", "my-shop", "-p", "./tiny", "--database", "mysql", cwd=here)
    made = project_files(here / "my-shop")
    if regenerate:
        shutil.rmtree(GOLDEN, ignore_errors=True)
        shutil.copytree(here / "my-shop", GOLDEN, ignore=shutil.ignore_patterns(".env", "*.tar.gz"))

    assert set(made) - set(project_files(GOLDEN)) == UNLIKE
    assert {path: content for path, content in made.items() if path not in UNLIKE} == project_files(GOLDEN)
