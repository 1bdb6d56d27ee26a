"""`blueprint new` without a terminal creates a project from one command, without questions."""

from pathlib import Path

import pytest
import yaml

from tests.patterns_on_disk import tiny as tiny_content
from tests.patterns_on_disk import write_pattern

from .running import blueprint

PROJECT = {
    ".blueprint/answers.yaml",
    ".blueprint/pristine.tar.gz",
    ".blueprint/private/.gitignore",
    ".blueprint/private/pristine.tar.gz",
    ".blueprint/source.yaml",
    ".env",
    ".gitignore",
    "README.md",
    "deploy/default/app.yaml",
    "src/my_shop/main.py",
    "src/my_shop/version.py",
}


SECRET = {".env", ".blueprint/private/pristine.tar.gz"}


def files(folder: Path) -> set[str]:
    """Return the paths of all files below `folder`."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_project_is_created_with_next_steps(tiny: Path, here: Path) -> None:
    """The output shows a tree of the files, how to run and test the project, and where to look first."""
    run = blueprint("new", "My Shop", "--pattern", tiny, "--yes", cwd=here)

    assert (run.status, run.err) == (0, "")
    assert files(here / "my-shop") == PROJECT
    for expected in ("cd my-shop", "make run", "make test", "src/my_shop/main.py", "└── ", "README.md"):
        assert expected in run.out


def test_without_a_terminal_nothing_is_asked(tiny: Path, here: Path) -> None:
    """Without a terminal no question is asked, so a pipeline never waits for input."""
    assert blueprint("new", "shop", "-p", tiny, cwd=here).status == 0


def test_the_json_result_is_complete(tiny: Path, here: Path) -> None:
    """The JSON result is compared as a whole, so that no key disappears unnoticed."""
    run = blueprint("new", "my-shop", "-p", tiny, "--json", "--set", "replicas=3", cwd=here)
    result = run.json
    listed = result.pop("files")

    assert run.status == 0
    assert result == {
        "project": "my-shop",
        "package": "my_shop",
        "path": str(here / "my-shop"),
        "written": True,
        "git": False,
        "pattern": {"name": "tiny", "version": "1.2.3"},
        "answers": {"database": "postgresql", "kubernetes": True, "domain": "default", "replicas": 3},
        "defaults": None,
        "run": "make run",
        "test": "make test",
        "look": ["src/my_shop/main.py"],
        "opening_message": "",
        "message": "",
        "missing": [],
        "warnings": [],
        "content": None,
        "differences": None,
    }
    assert {file["path"] for file in listed} == PROJECT
    for file in listed:
        assert file == {
            "path": file["path"],
            "action": "create",
            "bytes": (here / "my-shop" / file["path"]).stat().st_size,
            "mode": "0600" if file["path"] in SECRET else "0644",
            "secret": file["path"] in SECRET,
        }


def test_a_dry_run_gives_the_same_result_and_creates_nothing(tiny: Path, here: Path) -> None:
    """A dry run gives the same result except for `written`, and creates nothing."""
    dry = blueprint("new", "shop", "-p", tiny, "--dry-run", "--json", cwd=here).json
    assert list(here.iterdir()) == []
    real = blueprint("new", "shop", "-p", tiny, "--json", cwd=here).json
    assert {**dry, "written": True} == real
    assert (
        "Would create other: Tiny 1.2.3, 11 files\n"
        in blueprint("new", "other", "-p", tiny, "--dry-run", cwd=here).out
    )


def test_output_names_the_project_folder(tiny: Path, here: Path) -> None:
    """--output names the folder itself; missing parent folders are created."""
    assert blueprint("new", "shop", "-p", tiny, "--output", "a/b/c", cwd=here).status == 0
    assert (here / "a/b/c/README.md").is_file()


def test_flags_override_the_answers_file(tiny: Path, here: Path) -> None:
    """The command line overrides the answers file, and the file overrides the defaults."""
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


def test_a_project_can_be_recreated_from_its_answers(tiny: Path, here: Path) -> None:
    """The recorded answers of a project give the same project again, except for its secrets."""
    blueprint("new", "shop", "-p", tiny, "--database", "mysql", "--set", "domain=prod", cwd=here)
    run = blueprint("new", "--answers", "shop/.blueprint/answers.yaml", "-o", "again", cwd=here)

    assert run.status == 0
    assert files(here / "again") == files(here / "shop")
    for path in files(here / "again") - SECRET:
        assert (here / "again" / path).read_bytes() == (here / "shop" / path).read_bytes()
    assert yaml.safe_load((here / "again/.blueprint/answers.yaml").read_bytes())["domain"] == "prod"


@pytest.mark.parametrize("existing", [["shop"], ["shop/README.md"]])
def test_only_an_empty_folder_is_used_without_force(tiny: Path, here: Path, existing: list[str]) -> None:
    """An existing folder is used only if it is empty; otherwise the hint names --force."""
    for path in existing:
        target = here / path
        target.parent.mkdir(exist_ok=True)
        target.write_text("mine") if "." in path else target.mkdir()
    run = blueprint("new", "shop", "-p", tiny, "--json", cwd=here)
    if existing == ["shop"]:
        assert run.status == 0
    else:
        assert run.status == 5
        assert run.json["error"]["code"] == "target-in-use"
        assert "--force" in run.json["error"]["hint"]


def test_the_current_folder_can_become_the_project(tiny: Path, here: Path) -> None:
    """The current folder stays the same inode, so that the shell in it sees the new files."""
    inode = here.stat().st_ino
    assert blueprint("new", "shop", "-p", tiny, "-o", ".", cwd=here).status == 0
    assert here.stat().st_ino == inode
    assert (here / "README.md").is_file()


def test_force_adds_files_and_changes_none(tiny: Path, here: Path) -> None:
    """--force adds files but never changes one; if a file differs, it is named and nothing is written."""
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


@pytest.mark.parametrize(
    ("text", "expected"), [("'yes'", True), ("'Off'", False), ("' n '", False), ("'1'", True)]
)
def test_a_boolean_in_an_answers_file_may_be_text(tiny: Path, here: Path, text: str, expected: bool) -> None:
    """Boolean answers as text are taken as Copier takes them."""
    (here / "answers.yaml").write_text(f"kubernetes: {text}\n")
    made = blueprint("new", "shop", "-p", tiny, "--answers", "answers.yaml", "--json", cwd=here)
    assert made.json["answers"]["kubernetes"] is expected


def test_other_text_is_no_boolean(tiny: Path, here: Path) -> None:
    """Copier takes any other text as true, which hides typing errors; here it is an error."""
    (here / "answers.yaml").write_text("kubernetes: flase\n")
    made = blueprint("new", "shop", "-p", tiny, "--answers", "answers.yaml", "--json", cwd=here)
    assert (made.status, made.json["error"]["code"]) == (3, "bad-answers")


def test_a_name_keeps_its_letters_if_the_pattern_allows_it(here: Path, tmp_path: Path) -> None:
    """The project and its folder have the name as it is written, and the package a name of ASCII letters."""
    files = {"files/{{ package }}.txt.jinja": "{{ project }}\n"}
    content = tiny_content(
        options={}, values={}, layers=[{"from": "files", "to": "."}], look=[], unicode_names=True
    )
    pattern = write_pattern(tmp_path / "tiny", content, files)
    done = blueprint("new", "Käse Straße", "-p", pattern, "--json", cwd=here)
    assert (done.json["project"], done.json["package"]) == ("käse-straße", "kase_strasse")
    assert (here / "käse-straße/kase_strasse.txt").read_text() == "käse-straße\n"
    assert blueprint("update", "--check", cwd=here / "käse-straße").status == 0


def test_a_package_that_no_name_gives_is_an_answer(here: Path, tmp_path: Path) -> None:
    """Where the name has no Latin letters, the package is one more required answer, which updates keep."""
    files = {"files/{{ package }}.txt.jinja": "{{ project }}\n"}
    content = tiny_content(
        options={}, values={}, layers=[{"from": "files", "to": "."}], look=[], unicode_names=True
    )
    pattern = write_pattern(tmp_path / "tiny", content, files)
    missing = blueprint("new", "商店", "-p", pattern, "--yes", cwd=here)
    assert missing.status == 3
    assert "package is required" in missing.err
    assert "--set package=VALUE" in missing.err
    for wrong, why in (
        ("json", "already uses"),
        ("My-Shop", "lowercase letters"),
        ("商店", "lowercase letters"),
    ):
        refused = blueprint("new", "商店", "-p", pattern, "--set", f"package={wrong}", cwd=here)
        assert refused.status == 3
        assert why in refused.err
    done = blueprint("new", "商店", "-p", pattern, "--set", "package=shangdian", "--json", cwd=here)
    assert (done.json["project"], done.json["package"]) == ("商店", "shangdian")
    assert (here / "商店/shangdian.txt").read_text() == "商店\n"
    assert blueprint("update", "--check", cwd=here / "商店").status == 0
    write_pattern(pattern, {**content, "version": "2.0.0"}, {"files/new_{{ package }}.txt": ""})
    assert blueprint("update", "--json", cwd=here / "商店").status == 0
    assert (here / "商店/new_shangdian.txt").exists()
    again = blueprint("new", "--answers", "商店/.blueprint/answers.yaml", "-o", "again", "--yes", cwd=here)
    assert again.status == 0, again.err
    assert (here / "again/shangdian.txt").exists()
    write_pattern(tmp_path / "other", {**content, "name": "other"}, {"files/{{ package }}.md": ""})
    added = blueprint("new", "--into", "商店", "-p", tmp_path / "other", "--json", cwd=here)
    assert (added.status, added.json["answers"]) == (0, {"package": "shangdian"})
    unknown = blueprint("new", "shop", "-p", pattern, "--set", "package=x", cwd=here)
    assert (unknown.status, "has no option 'package'" in unknown.err) == (3, True)


def test_a_pattern_has_ascii_names_unless_it_says_otherwise(tiny: Path, here: Path) -> None:
    """A pattern that does not mention names has ASCII letters only, and the hint is a name that works."""
    refused = blueprint("new", "Käse", "-p", tiny, "--yes", cwd=here)
    assert refused.status == 3
    assert "tiny allows only ASCII letters" in refused.err
    assert "Use the letters a to z: kase." in refused.err
    assert [*here.iterdir()] == []
