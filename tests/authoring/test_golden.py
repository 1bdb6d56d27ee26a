"""Golden trees: the same files pass, any difference is shown, and one flag writes them anew."""

import shutil
from pathlib import Path

import pytest

from blueprint.authoring.golden import GoldenCase, compare_case, find_cases
from blueprint.errors import PatternError
from blueprint.patterns import Pattern, load_pattern
from tests.patterns_on_disk import tiny, write_files, write_pattern

ANSWERS = {"tests/mysql/answers.yaml": "project: shop\ndatabase: mysql\n"}


@pytest.fixture
def pattern(tmp_path: Path) -> Pattern:
    """TINY with one golden tree, which is up to date."""
    folder = write_pattern(tmp_path / "tiny")
    write_files(folder, ANSWERS)
    pattern = load_pattern(folder)
    assert run(pattern, update=True).updated
    return pattern


def run(pattern: Pattern, *, update: bool = False) -> GoldenCase:
    """Compare the only case."""
    (folder,) = find_cases(pattern)
    return compare_case(pattern, folder, update=update)


def golden(pattern: Pattern, path: str) -> Path:
    """A file of the golden tree."""
    return pattern.folder / "tests/mysql/expected" / path


def test_the_same_files_pass(pattern: Pattern) -> None:
    """With the project's name and the answers of the case, and without its secrets."""
    assert run(pattern) == GoldenCase("mysql")
    assert golden(pattern, "README.md").read_text() == "# shop\n\nmysql 2 example/shop:1.2.3\n"
    assert golden(pattern, "src/shop/main.py").is_file()
    assert not golden(pattern, ".env").exists()


def test_a_file_that_differs_is_shown(pattern: Pattern) -> None:
    """As a diff from what is expected to what the pattern gives."""
    golden(pattern, "README.md").write_text("# shop\n\npostgresql\n")
    case = run(pattern)
    assert not case.passed
    (difference,) = case.differences
    assert "-postgresql\n+mysql 2 example/shop:1.2.3\n" in difference.text


def test_files_that_are_missing_or_too_many_or_of_another_mode(pattern: Pattern) -> None:
    """Each is a difference."""
    golden(pattern, "README.md").unlink()
    golden(pattern, "old.txt").write_text("")
    golden(pattern, ".gitignore").chmod(0o755)
    found = {difference.path: difference.kind for difference in run(pattern).differences}
    assert found == {".gitignore": "edited", "README.md": "added", "old.txt": "deleted"}


def test_update_writes_the_tree_anew(pattern: Pattern) -> None:
    """And takes away what does not belong to it; a second time there is nothing to do."""
    golden(pattern, "README.md").unlink()
    golden(pattern, "old.txt").write_text("")
    case = run(pattern, update=True)
    assert case.passed
    assert [difference.path for difference in case.differences] == ["README.md", "old.txt"]
    assert not golden(pattern, "old.txt").exists()
    assert run(pattern, update=True) == GoldenCase("mysql")


def test_a_case_without_a_tree_fails(pattern: Pattern) -> None:
    """Or else it would never be compared with anything."""
    shutil.rmtree(golden(pattern, ""))
    assert run(pattern).error == "there is no expected tree; --update writes it"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ("databse: mysql\n", "has no option 'databse'"),
        ("- a\n", "is not a mapping"),
        ("a: [\n", "answers.yaml: "),
    ],
)
def test_wrong_answers_fail_the_case(pattern: Pattern, answers: str, error: str) -> None:
    """With what is wrong with them, and the golden tree stays as it is."""
    write_files(pattern.folder, {"tests/mysql/answers.yaml": answers})
    assert error in run(pattern, update=True).error
    assert golden(pattern, "README.md").is_file()


def test_a_pattern_without_cases(tmp_path: Path) -> None:
    """An error that says how to make one."""
    with pytest.raises(PatternError, match="there is no case") as caught:
        find_cases(load_pattern(write_pattern(tmp_path, tiny())))
    assert "tests/NAME/answers.yaml" in caught.value.hint
