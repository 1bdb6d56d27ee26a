"""`blueprint new --dry-run` shows a file, or what a folder that exists differs in."""

from pathlib import Path

from tests.patterns_on_disk import write_files

from .projects import content
from .running import blueprint


def test_a_file_is_shown_without_writing_anything(tiny: Path, here: Path) -> None:
    """`--show` prints one file as it would be written, and nothing else."""
    shown = blueprint("new", "shop", "-p", tiny, "--dry-run", "--show", "README.md", cwd=here)
    assert (shown.status, shown.out) == (0, "# shop\n\npostgresql 2 example/shop:1.2.3\n")
    described = blueprint("new", "shop", "-p", tiny, "--dry-run", "--show", "README.md", "--json", cwd=here)
    assert described.json["content"] == shown.out
    assert [*here.iterdir()] == []


def test_files_are_listed_with_size_and_mode(tiny: Path, here: Path) -> None:
    """The JSON output has the size and the permission bits of each file that the real run writes."""
    run = ("new", "shop", "-p", tiny, "--json")
    listed = blueprint(*run, "--dry-run", cwd=here).json["files"]
    assert blueprint(*run, cwd=here).status == 0
    for file in listed:
        status = (here / "shop" / file["path"]).stat()
        assert (file["bytes"], file["mode"]) == (status.st_size, f"{status.st_mode & 0o777:04o}"), file[
            "path"
        ]


def test_a_folder_that_exists_is_compared(tiny: Path, here: Path) -> None:
    """`--diff` shows the files that differ from a folder that is in use, which a real run would refuse."""
    assert blueprint("new", "shop", "-p", tiny, "--yes", cwd=here).status == 0
    write_files(here / "shop", {"README.md": "# mine\n"})
    before = content(here)
    run = ("new", "shop", "-p", tiny, "--dry-run", "--diff")
    done = blueprint(*run, cwd=here)
    assert (done.status, done.err) == (0, "")
    assert "--- a/README.md\n+++ b/README.md\n" in done.out
    assert "-# mine\n+# shop\n" in done.out
    assert ".env: edited, not shown" in done.out
    described = blueprint(*run, "--json", cwd=here).json["differences"]
    assert {each["path"] for each in described} == {"README.md", ".env"}
    assert content(here) == before


def test_what_cannot_be_shown_is_an_error(tiny: Path, here: Path) -> None:
    """A wrong path is an error with a suggestion, and so is --show or --diff without --dry-run."""
    wrong = blueprint("new", "shop", "-p", tiny, "--dry-run", "--show", "READM.md", cwd=here)
    assert wrong.status == 2
    assert "the project has no file READM.md; did you mean 'README.md'?" in wrong.err
    for flags in (("--show", "README.md"), ("--diff",)):
        refused = blueprint("new", "shop", "-p", tiny, *flags, cwd=here)
        assert refused.status == 2
        assert "Add --dry-run" in refused.err
    secret = blueprint("new", "shop", "-p", tiny, "--dry-run", "--show", ".env", cwd=here)
    assert secret.out == ".env is not text, or secret\n"
