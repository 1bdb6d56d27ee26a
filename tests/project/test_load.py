"""Loading the state of a project, which is not trusted."""

import gzip
import io
import tarfile
from pathlib import Path

import pytest

from blueprint.errors import ProjectError
from blueprint.patterns import check_answers, load_pattern
from blueprint.project import load, with_state
from blueprint.project.load import find_project, load_project, load_templates
from blueprint.render import File, render
from tests.patterns_on_disk import write_files, write_pattern

NO_ARCHIVE = gzip.compress(b"no archive" * 999, mtime=0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project made from TINY."""
    pattern = load_pattern(write_pattern(tmp_path / "tiny"))
    answers = check_answers(pattern, "my-shop", {"replicas": 5})
    tree = with_state(render(pattern, answers).tree, pattern, answers, "./tiny")
    write_files(tmp_path / "my-shop", {path: file.content for path, file in tree.items()})
    return tmp_path / "my-shop"


def test_the_state_is_loaded(project: Path) -> None:
    """Loading returns the source, the answers and all files as they were rendered."""
    remembered = load_project(project)
    assert (remembered.name, remembered.source) == ("my-shop", "./tiny")
    assert (remembered.pattern, remembered.version) == ("tiny", "1.2.3")
    assert remembered.options == {
        "database": "postgresql",
        "kubernetes": True,
        "domain": "default",
        "replicas": 5,
    }
    assert set(remembered.base) == {
        "README.md",
        ".gitignore",
        ".env",
        "src/my_shop/main.py",
        "src/my_shop/version.py",
        "deploy/default/app.yaml",
    }
    assert remembered.base["README.md"] == File((project / "README.md").read_bytes())
    assert remembered.base[".env"] == File((project / ".env").read_bytes(), secret=True)
    assert remembered.complete


def test_a_fresh_clone_is_loaded_without_the_files_that_git_ignores(project: Path) -> None:
    """A fresh clone has no private archive, and an archive of another version does not count as its own."""
    private = project / ".blueprint/private/pristine.tar.gz"
    other = private.read_bytes()
    private.unlink()
    remembered = load_project(project)
    assert (".env" in remembered.base, remembered.complete) == (False, False)

    write_archive(project, tarfile.TarInfo("README.md"))
    private.write_bytes(other)
    remembered = load_project(project)
    assert (".env" in remembered.base, remembered.complete) == (True, False)


def test_a_damaged_private_archive_can_be_deleted(project: Path) -> None:
    """The error for the private archive says that the project works without it."""
    (project / ".blueprint/private/pristine.tar.gz").write_bytes(b"no archive")
    with pytest.raises(ProjectError, match="private") as error:
        load_project(project)
    assert error.value.hint == "Delete it; the next update works without it."


def test_a_project_is_found_from_a_subfolder(project: Path) -> None:
    """A project is found from any folder inside it; one that does not exist is a typing error."""
    assert find_project(project / "src/my_shop") == project
    with pytest.raises(ProjectError, match="typo is not in a blueprint project"):
        find_project(project / "typo")


def test_a_folder_without_a_project_is_an_error(tmp_path: Path) -> None:
    """The error outside of a project says how to recognize one."""
    with pytest.raises(ProjectError, match="is not in a blueprint project") as error:
        find_project(tmp_path)
    assert ".blueprint" in error.value.hint


def test_the_state_has_to_be_a_folder(project: Path) -> None:
    """A link could lead out of the project, and a file is no reason to look for a project above it."""
    state = project / ".blueprint"
    state.rename(project / "elsewhere")
    state.symlink_to(project / "elsewhere")
    with pytest.raises(ProjectError, match="is a symbolic link, and must be a folder"):
        find_project(project / "src")
    state.unlink()
    state.write_text("")
    with pytest.raises(ProjectError, match="is a file, and must be a folder"):
        find_project(project)


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("source.yaml", b"", "is empty"),
        ("source.yaml", b"format: 1\npattern: tiny\nversion: new\n", "version"),
        ("source.yaml", b"format: 1\npattern: ../tiny\nversion: 1.0.0\n", "pattern"),
        ("source.yaml", b"format: 2\npattern: tiny\nversion: 1.0.0\n", "format 2"),
        ("source.yaml", b"format: 2\npatterns: [tiny]\n", "format 2"),
        ("answers.yaml", b"- 1\n", "mapping"),
        ("answers.yaml", b"database: mysql\n", "`project`"),
        ("answers.yaml", b"project: x\n<<<<<<< a\nb: 1\n=======\nb: 2\n>>>>>>> b\n", "line 2 has a conflict"),
        ("pristine.tar.gz", b"", "pristine.*not the archive that blueprint wrote"),
        ("pristine.tar.gz", b"no archive", "pristine.*not a gzip file"),
        ("pristine.tar.gz", NO_ARCHIVE[:-9], "pristine.*not the archive that blueprint wrote"),
        ("pristine.tar.gz", NO_ARCHIVE, "pristine.*not the archive that blueprint wrote"),
    ],
)
def test_a_damaged_state_file_is_an_error(project: Path, path: str, content: bytes, problem: str) -> None:
    """The error for a damaged state file names the file and the problem."""
    (project / ".blueprint" / path).write_bytes(content)
    with pytest.raises(ProjectError, match=problem):
        load_project(project)


def test_a_missing_archive_is_an_error(project: Path) -> None:
    """A project without its archive cannot be loaded, because its edits would be unknown."""
    (project / ".blueprint/pristine.tar.gz").unlink()
    with pytest.raises(ProjectError, match="No such file"):
        load_project(project)


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", ".git/hooks/pre-commit", ".blueprint/answers.yaml"]
)
def test_an_archive_with_a_hostile_path_is_refused(project: Path, name: str) -> None:
    """A path outside of the project is refused, because an update could delete the file there."""
    write_archive(project, tarfile.TarInfo(name))
    with pytest.raises(ProjectError, match="may not write"):
        load_project(project)


def test_an_archive_with_a_link_is_refused(project: Path) -> None:
    """An archive with a link is refused: blueprint only archives regular files."""
    link = tarfile.TarInfo("link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    write_archive(project, link)
    with pytest.raises(ProjectError, match="not a regular file"):
        load_project(project)


def test_an_archive_that_is_too_large_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive is only read up to the size limit of a project."""
    monkeypatch.setattr(load, "MAX_TOTAL", 0)
    monkeypatch.setattr(load, "MAX_FILES", 1)
    with pytest.raises(ProjectError, match="too large"):
        load_project(project)


def add_template(project: Path, name: str) -> Path:
    """Give the project a further template with the state of its first one, and return the folder."""
    folder = project / ".blueprint/templates" / name
    files = {path.name: path.read_bytes() for path in (project / ".blueprint").iterdir() if path.is_file()}
    write_files(folder, files)
    return folder


def test_every_template_is_loaded(project: Path) -> None:
    """The first template is named main; the others follow by name, each with its own files."""
    before = load_project(project)
    for name in ("second", "first"):
        add_template(project, name)
    templates = load_templates(project)
    assert [*templates] == ["main", "first", "second"]
    assert {name: each.template for name, each in templates.items()} == {name: name for name in templates}
    assert templates["main"] == before
    assert ".env" not in templates["second"].base


def test_what_is_no_template_is_not_loaded(project: Path) -> None:
    """Links, names that blueprint does not give, and folders without a file that git tracks are ignored."""
    outside = add_template(project, "second").rename(project / "outside")
    (project / ".blueprint/templates/link").symlink_to(outside)
    for name in ("main", "private", "UPPER", ".hidden", "a" * 65):
        add_template(project, name)
    (project / ".blueprint/templates/leftover/private").mkdir(parents=True)
    assert [*load_templates(project)] == ["main"]
    (project / ".blueprint/templates").rename(project / "moved")
    (project / ".blueprint/templates").symlink_to(project / "moved")
    assert [*load_templates(project)] == ["main"]


def test_a_damaged_template_is_an_error(project: Path) -> None:
    """A template that lost one of its files is an error: its edits would be unknown."""
    (add_template(project, "second") / "source.yaml").unlink()
    with pytest.raises(ProjectError, match=r"templates/second/source\.yaml"):
        load_templates(project)


def test_templates_that_are_too_large_together_are_refused(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All templates together may be as large as one."""
    add_template(project, "second")
    size = sum(len(file.content) for file in load_project(project).base.values())
    monkeypatch.setattr(load, "MAX_TOTAL", size)
    with pytest.raises(ProjectError, match="templates are too large"):
        load_templates(project)


def write_archive(project: Path, member: tarfile.TarInfo) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(member)
    (project / ".blueprint/pristine.tar.gz").write_bytes(gzip.compress(buffer.getvalue()))
