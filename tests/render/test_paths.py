"""A pattern cannot write outside the project, to the folders of git or blueprint, or to misleading names."""

import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blueprint.errors import HostilePatternError
from blueprint.patterns import check_answers
from blueprint.render import render
from blueprint.render.paths import MAX_NAME, MAX_PATH, check_collisions, check_path
from tests.patterns_on_disk import one_file_pattern, write_files

HOSTILE = [
    "/etc/passwd",
    "//server/share",
    "../up",
    "a/../../up",
    "a/./b",
    "a//b",
    "",
    "a/",
    ".",
    "..",
    "C:/windows",
    "C:file",
    "back\\slash",
    "..\\up",
    ".git/hooks/post-checkout",
    ".GIT/config",
    "a/.git/config",
    ".git",
    ".git./config",
    ".git /config",
    ".git . ./config",
    "git~1/config",
    "GIT~1/config",
    ".git::$INDEX_ALLOCATION/config",
    ".g\u200cit/config",
    "\u202e.git",
    ".gi\ufefft/config",
    ".blueprint/answers.yaml",
    ".Blueprint/source.yaml",
    "a\x00b",
    "a\nb",
    "a\x1b[31m",
    "a\x7fb",
    "a\x85b",
    "a\u0008b",
    "a\ud800b",
    "file:stream",
    "what?",
    "star*",
    "pipe|",
    'quote"',
    "less<more>",
    "CON",
    "con.txt",
    "a/NUL",
    "lpt1.log",
    "COM9",
    "aux .txt",
    "trailing.",
    "trailing ",
    "x" * (MAX_NAME + 1),
    "é" * (MAX_NAME // 2 + 1),
    "/".join(["abcdefghi"] * (MAX_PATH // 10 + 1)),
]


@pytest.mark.parametrize("path", HOSTILE, ids=ascii)
def test_a_hostile_path_is_refused(path: str) -> None:
    """Paths outside the project, to reserved folders, or with unportable names are refused."""
    with pytest.raises(HostilePatternError, match="the pattern may not write") as caught:
        check_path(path)
    assert caught.value.hint == "If the name of the project or an answer is in the path, choose another one."


def test_a_path_without_end_is_cut_in_the_message() -> None:
    """A pattern cannot fill the terminal with a path of megabytes."""
    with pytest.raises(HostilePatternError, match=r"'xx+\.\.\.': the path is longer") as caught:
        check_path("x" * 1_000_000)
    assert len(caught.value.message) < MAX_PATH


@pytest.mark.parametrize(
    "path",
    [
        ".gitignore",
        ".github/workflows/ci.yml",
        ".gitattributes",
        "a/git/b",
        "..a",
        "a b",
        "ä/ö",
        "con-fig",
        "x" * MAX_NAME,
    ],
)
def test_an_ordinary_path_is_allowed(path: str) -> None:
    """Ordinary paths are allowed, also if they resemble a hostile one."""
    assert check_path(path) == path


@pytest.mark.parametrize("to", ["..", "/etc", ".git", "", "a\\x00", "a/../../b", "\\u202e", "./a"], ids=ascii)
def test_a_path_is_checked_after_rendering(tmp_path: Path, to: str) -> None:
    """A path is checked after its expressions are rendered."""
    pattern = one_file_pattern(tmp_path, "plain", layers=[{"from": "files", "to": f"{{{{ '{to}' }}}}"}])

    with pytest.raises(HostilePatternError):
        render(pattern, check_answers(pattern, "shop", {}))


@pytest.mark.parametrize(
    "paths",
    [
        ["README.md", "readme.MD"],
        ["a/x", "A/y"],
        ["caf\u00e9", "cafe\u0301"],
        ["stra\u00dfe", "STRASSE"],
        ["a", "a/b"],
        ["a/b/c", "a/B"],
        ["\u017f", "S"],
    ],
)
def test_paths_that_collide_on_some_systems_are_refused(paths: list[str]) -> None:
    """Paths that differ only in case or Unicode form collide, as do a file and a folder of the same name."""
    for order in (paths, paths[::-1]):
        with pytest.raises(HostilePatternError):
            check_collisions(order)


def test_a_tree_that_collides_is_refused(tmp_path: Path) -> None:
    """Files of two layers collide although they are in different folders on the author's system."""
    layers = [{"from": "files", "to": "."}, {"from": "other", "to": "."}]
    pattern = one_file_pattern(tmp_path, "README.md", layers=layers)
    write_files(tmp_path, {"other/Readme.md": ""})

    with pytest.raises(HostilePatternError, match="are the same file on some systems"):
        render(pattern, check_answers(pattern, "shop", {}))


NAMES = st.text(max_size=12) | st.sampled_from([*HOSTILE, ".git", "..", ".", "", "a", "A", "b.c"])


@given(st.lists(NAMES, max_size=4).map("/".join))
@example("a/..")
def test_an_allowed_path_stays_inside_on_every_system(path: str) -> None:
    """An allowed path is inside the project and has the same parts on POSIX systems, Windows and macOS."""
    try:
        check_path(path)
    except HostilePatternError:
        return
    for parts in (PurePosixPath("/project", path).parts[1:], PureWindowsPath("C:/project", path).parts[1:]):
        assert parts == ("project", *path.split("/"))
    for part in path.split("/"):
        shown = "".join(letter for letter in part if unicodedata.category(letter) != "Cf")
        assert shown.rstrip(". ").casefold() not in ("", ".git", "git~1")
    assert path.isprintable() or any(unicodedata.category(letter)[0] in "Z" for letter in path)


@given(st.lists(st.sampled_from(["a", "A", "b", "a/b", "A/b", "a/B/c", "b/a"]), unique=True))
def test_allowed_paths_can_be_written_where_case_is_ignored(paths: list[str]) -> None:
    """On a model of a disk that ignores case, allowed paths are distinct files, and none is a folder."""
    try:
        check_collisions(paths)
    except HostilePatternError:
        return
    files = {path.lower() for path in paths}
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}
    assert len(files) == len(paths)
    assert not files & folders
