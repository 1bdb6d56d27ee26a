"""Golden trees: equal files pass, differences are shown, and one flag replaces the trees."""

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
    """TINY with one current golden tree."""
    folder = write_pattern(tmp_path / "tiny")
    write_files(folder, ANSWERS)
    pattern = load_pattern(folder)
    assert run(pattern, update=True).updated
    return pattern


def run(pattern: Pattern, *, update: bool = False) -> GoldenCase:
    """Compare the only case of `pattern`."""
    (folder,) = find_cases(pattern)
    return compare_case(pattern, folder, update=update)


def golden(pattern: Pattern, path: str) -> Path:
    """The path of a file in the golden tree."""
    return pattern.folder / "tests/mysql/expected" / path


def test_equal_files_pass(pattern: Pattern) -> None:
    """A golden tree has the project name and the answers of its case, and no secret files."""
    assert run(pattern) == GoldenCase("mysql")
    assert golden(pattern, "README.md").read_text() == "# shop\n\nmysql 2 example/shop:1.2.3\n"
    assert golden(pattern, "src/shop/main.py").is_file()
    assert not golden(pattern, ".env").exists()


def test_a_file_that_differs_is_shown(pattern: Pattern) -> None:
    """The diff of a file leads from the golden tree to the output of the pattern."""
    golden(pattern, "README.md").write_text("# shop\n\npostgresql\n")
    case = run(pattern)
    assert not case.passed
    (difference,) = case.differences
    assert "-postgresql\n+mysql 2 example/shop:1.2.3\n" in difference.text


def test_missing_and_extra_files_and_modes_are_differences(pattern: Pattern) -> None:
    """A missing file, an extra file and another mode are each a difference."""
    golden(pattern, "README.md").unlink()
    golden(pattern, "old.txt").write_text("")
    golden(pattern, ".gitignore").chmod(0o755)
    found = {difference.path: difference.kind for difference in run(pattern).differences}
    assert found == {".gitignore": "edited", "README.md": "added", "old.txt": "deleted"}


def test_update_replaces_the_tree(pattern: Pattern) -> None:
    """An update replaces the tree and deletes extra files; a second update changes nothing."""
    golden(pattern, "README.md").unlink()
    golden(pattern, "old.txt").write_text("")
    case = run(pattern, update=True)
    assert case.passed
    assert [difference.path for difference in case.differences] == ["README.md", "old.txt"]
    assert not golden(pattern, "old.txt").exists()
    assert run(pattern, update=True) == GoldenCase("mysql")


def test_a_case_without_a_tree_fails(pattern: Pattern) -> None:
    """A case without a golden tree fails instead of passing without a comparison."""
    shutil.rmtree(golden(pattern, ""))
    assert run(pattern).error == "the tree expected/ is missing; create it with --update"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ("databse: mysql\n", "has no option 'databse'"),
        ("- a\n", "is not a mapping"),
        ("a: [\n", "answers.yaml: "),
    ],
)
def test_invalid_answers_fail_the_case(pattern: Pattern, answers: str, error: str) -> None:
    """A case with invalid answers fails with the reason, and its golden tree is unchanged."""
    write_files(pattern.folder, {"tests/mysql/answers.yaml": answers})
    assert error in run(pattern, update=True).error
    assert golden(pattern, "README.md").is_file()


def test_a_pattern_without_cases_is_an_error(tmp_path: Path) -> None:
    """The error for a pattern without cases says how to create one."""
    with pytest.raises(PatternError, match="contains no golden trees") as caught:
        find_cases(load_pattern(write_pattern(tmp_path, tiny())))
    assert "tests/NAME/answers.yaml" in caught.value.hint
