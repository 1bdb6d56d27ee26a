"""`blueprint new` without a terminal: from one command to a project, and never a question."""

from pathlib import Path

import pytest
import yaml

from .running import blueprint

PROJECT = {
    ".blueprint/answers.yaml",
    ".blueprint/pristine.tar.gz",
    ".blueprint/source.yaml",
    ".env",
    ".gitignore",
    "README.md",
    "deploy/default/app.yaml",
    "src/my_shop/main.py",
    "src/my_shop/version.py",
}


def files(folder: Path) -> set[str]:
    """The paths of all files below `folder`."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_it_makes_a_project_and_says_how_to_go_on(tiny: Path, here: Path) -> None:
    """What was made as a tree, how to run it, how to test it, and where to look first."""
    run = blueprint("new", "My Shop", "--pattern", tiny, "--yes", cwd=here)

    assert (run.status, run.err) == (0, "")
    assert files(here / "my-shop") == PROJECT
    for expected in ("cd my-shop", "make run", "make test", "src/my_shop/main.py", "└── ", "README.md"):
        assert expected in run.out


def test_without_a_terminal_it_asks_nothing_even_without_yes(tiny: Path, here: Path) -> None:
    """A pipeline never waits for input."""
    assert blueprint("new", "shop", "-p", tiny, cwd=here).status == 0


def test_json_is_one_object_with_everything(tiny: Path, here: Path) -> None:
    """Compared whole, so that no key goes missing unseen."""
    run = blueprint("new", "my-shop", "-p", tiny, "--json", "--set", "replicas=3", cwd=here)
    made = run.json
    listed = made.pop("files")

    assert run.status == 0
    assert made == {
        "project": "my-shop",
        "package": "my_shop",
        "path": str(here / "my-shop"),
        "written": True,
        "pattern": {"name": "tiny", "version": "1.2.3"},
        "answers": {"database": "postgresql", "kubernetes": True, "domain": "default", "replicas": 3},
        "run": "make run",
        "test": "make test",
        "look": ["src/my_shop/main.py"],
        "message": "",
    }
    assert {file["path"] for file in listed} == PROJECT
    for file in listed:
        assert file == {
            "path": file["path"],
            "action": "create",
            "bytes": (here / "my-shop" / file["path"]).stat().st_size,
            "secret": file["path"] == ".env",
        }


def test_a_dry_run_says_the_same_and_makes_nothing(tiny: Path, here: Path) -> None:
    """Only `written` differs."""
    dry = blueprint("new", "shop", "-p", tiny, "--dry-run", "--json", cwd=here).json
    assert list(here.iterdir()) == []
    real = blueprint("new", "shop", "-p", tiny, "--json", cwd=here).json
    assert {**dry, "written": True} == real
    assert "Would create other: Tiny 1.2.3, 9 files\n" in blueprint("new", "other", "-p", tiny, "--dry-run", cwd=here).out


def test_the_project_goes_where_output_says(tiny: Path, here: Path) -> None:
    """The folder itself, with all that is missing above it."""
    assert blueprint("new", "shop", "-p", tiny, "--output", "a/b/c", cwd=here).status == 0
    assert (here / "a/b/c/README.md").is_file()


def test_flags_sets_and_the_answers_file_come_together(tiny: Path, here: Path) -> None:
    """The command line wins over the file, the file over the defaults."""
    (here / "answers.yaml").write_text("database: mysql\nreplicas: 7\nproject: from-file\n")
    run = blueprint(
        "new",
        "-p",
        tiny,
        "--answers",
        "answers.yaml",
        "--set",
        "replicas=8",
        "--no-kubernetes",
        "--json",
        cwd=here,
    )
    assert run.json["answers"] == {"database": "mysql", "kubernetes": False, "replicas": 8}
    assert run.json["project"] == "from-file"


def test_a_project_can_be_made_again_from_its_own_answers(tiny: Path, here: Path) -> None:
    """Byte by byte, but for the secrets."""
    blueprint("new", "shop", "-p", tiny, "--database", "mysql", "--set", "domain=prod", cwd=here)
    run = blueprint("new", "--answers", "shop/.blueprint/answers.yaml", "-o", "again", cwd=here)

    assert run.status == 0
    assert files(here / "again") == files(here / "shop")
    for path in files(here / "again") - {".env"}:
        assert (here / "again" / path).read_bytes() == (here / "shop" / path).read_bytes()
    assert yaml.safe_load((here / "again/.blueprint/answers.yaml").read_bytes())["domain"] == "prod"


@pytest.mark.parametrize("existing", [["shop"], ["shop/README.md"]])
def test_an_empty_folder_may_be_used_and_a_full_one_not(tiny: Path, here: Path, existing: list[str]) -> None:
    """Until --force allows it."""
    for path in existing:
        place = here / path
        place.parent.mkdir(exist_ok=True)
        place.write_text("mine") if "." in path else place.mkdir()
    run = blueprint("new", "shop", "-p", tiny, "--json", cwd=here)
    if existing == ["shop"]:
        assert run.status == 0
    else:
        assert run.status == 5
        assert run.json["error"]["code"] == "target-in-use"
        assert "--force" in run.json["error"]["hint"]


def test_the_current_folder_can_become_the_project(tiny: Path, here: Path) -> None:
    """It stays the same folder, so the shell that stands in it sees the files."""
    inode = here.stat().st_ino
    assert blueprint("new", "shop", "-p", tiny, "-o", ".", cwd=here).status == 0
    assert here.stat().st_ino == inode
    assert (here / "README.md").is_file()


def test_force_adds_and_changes_nothing_that_is_there(tiny: Path, here: Path) -> None:
    """What differs is named, and nothing at all is written."""
    shop = here / "shop"
    shop.mkdir()
    (shop / "LICENSE").write_text("mine")
    (shop / "README.md").write_text("mine")
    (shop / ".gitignore").write_text(".env\n")
    refused = blueprint("new", "shop", "-p", tiny, "--force", "--json", cwd=here)

    assert refused.status == 5
    assert "README.md" in refused.json["error"]["message"]
    assert ".gitignore" not in refused.json["error"]["message"]
    assert files(shop) == {"LICENSE", "README.md", ".gitignore"}

    (shop / "README.md").unlink()
    run = blueprint("new", "shop", "-p", tiny, "--force", "--json", cwd=here)
    assert {file["path"]: file["action"] for file in run.json["files"]}[".gitignore"] == "keep"
    assert (shop / "LICENSE").read_text() == "mine"
    assert (shop / "README.md").read_text().startswith("# shop")
