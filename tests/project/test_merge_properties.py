"""Properties of the merge: no line of the user is lost, and a second update changes nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.project.merge import text
from blueprint.project.merge.outcome import FileOutcome
from blueprint.project.merge.reconcile import reconcile
from blueprint.render import Tree

from .trees import apply_changes, merge_inputs, tree, updated

PATHS = ("a.py", "b.py", "migrations/c.py", "d/e.py")
LINES = st.lists(st.sampled_from("uvwxyz"), max_size=8)


@st.composite
def states(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Draw the base, the new and the disk tree of an update.

    Every line of the user starts with "mine". Line endings differ, and files are added, deleted and renamed.
    """
    base = {path: draw(LINES) for path in draw(st.sets(st.sampled_from(PATHS)))}
    new = {path: draw(edited(lines, "theirs")) for path, lines in base.items() if draw(st.booleans())}
    for path in draw(st.sets(st.sampled_from(PATHS))):
        new.setdefault(path, draw(st.sampled_from([*base.values(), ["fresh"]])))
    moving = draw(st.sampled_from([None, *(path for path, lines in base.items() if len(lines) > 3)]))
    if moving:
        new.pop(moving, None)
        new["moved.py"] = draw(edited(base[moving], "theirs"))
    disk = {path: draw(edited(lines, "mine")) for path, lines in base.items() if draw(st.integers(0, 4))}
    for path in draw(st.sets(st.sampled_from(PATHS))):
        disk.setdefault(path, ["mine alone", "u"])
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return joined(base, "\n"), joined(new, "\n"), joined(disk, end)


def edited(lines: list[str], author: str) -> st.SearchStrategy[list[str]]:
    """`lines` with some removed and some inserted by `author`."""

    def edit(keep: list[bool], inserted: list[tuple[int, int]]) -> list[str]:
        kept = [line for line, stays in zip(lines, keep, strict=True) if stays]
        for index, number in inserted:
            kept.insert(index % (len(kept) + 1), f"{author} {number}")
        return kept

    size = len(lines)
    keep = st.lists(st.sampled_from([True, True, True, False]), min_size=size, max_size=size)
    return st.builds(edit, keep, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=3))


def joined(files: dict[str, list[str]], end: str) -> dict[str, str]:
    return {path: "".join(line + end for line in lines) for path, lines in files.items()}


def mine(files: Tree) -> set[str]:
    """Every line of the user in any of `files`."""
    lines = (line for file in files.values() for line in file.content.decode().splitlines())
    return {line for line in lines if line.startswith("mine")}


@pytest.mark.parametrize("tool", ["git", "merge3"])
def test_no_line_of_the_user_is_lost(tool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Merges, conflicts, renames and deletions keep every line of the user, with git and with merge3."""
    if tool == "merge3":
        monkeypatch.setattr(text, "_git", lambda: None)

    @given(states())
    def check(state: tuple[dict[str, str], dict[str, str], dict[str, str]]) -> None:
        _, after = updated(*state)
        assert mine(tree(state[2])) <= mine(after)

    check()


@given(states())
def test_a_file_that_differs_from_the_pattern_was_edited_or_is_reported(
    state: tuple[dict[str, str], dict[str, str], dict[str, str]],
) -> None:
    """After an update, each file equals the pattern's, was edited by the user or is in the report."""
    base, new, disk = state
    changes = reconcile(merge_inputs(base, new, disk))
    after = apply_changes(changes, tree(disk))
    reported = {change.path for change in changes if change.outcome is not FileOutcome.UNCHANGED}

    for path, file in tree(new).items():
        untouched = disk.get(path) == base.get(path)
        assert after.get(path) == file or not untouched or path in reported


@given(states())
def test_an_update_is_idempotent(state: tuple[dict[str, str], dict[str, str], dict[str, str]]) -> None:
    """A second update to the same pattern changes nothing."""
    _, new, _ = state
    _, after = updated(*state)
    changes = reconcile(merge_inputs(new, new, after))
    assert [change.path for change in changes if change.edits] == []


@st.composite
def texts(draw: st.DrawFn) -> list[list[bytes]]:
    """Draw a text with many equal lines, and two changed versions of it."""
    line = st.sampled_from("uvwx")

    def changed(lines: list[str]) -> list[str]:
        for index, kind in draw(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("+-~")), max_size=2)):
            here = index % (len(lines) + 1)
            lines = lines[:here] + [draw(line)] * (kind != "-") + lines[here + (kind != "+") :]
        return lines

    base = draw(st.lists(line, min_size=3, max_size=9))
    return [[f"{line}\n".encode() for line in text] for text in (base, changed(base), changed(base))]


@pytest.mark.skipif(text._git() is None, reason="git is not installed")
@settings(max_examples=10 * settings().max_examples)
@given(texts())
def test_disjoint_changes_are_merged_as_git_merges_them(versions: list[list[bytes]]) -> None:
    """The merge of disjoint changes equals that of git, even in texts with many equal lines."""
    base, yours, theirs = versions
    if base not in (yours, theirs) and yours != theirs:
        merged = text._merge_disjoint(base, yours, theirs)
        whole = [b"".join(lines) for lines in versions]
        assert merged in (None, text._by_git("git", whole[0], whole[1], whole[2], "x"))
