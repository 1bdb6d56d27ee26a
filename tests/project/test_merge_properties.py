"""Whatever a user and a pattern do to a project: nothing that the user wrote is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint.project.merge import text
from blueprint.project.merge.outcome import FileOutcome
from blueprint.project.merge.reconcile import reconcile
from blueprint.render import Tree

from .trees import carried_out, merge_inputs, tree, updated

PATHS = ("a.py", "b.py", "migrations/c.py", "d/e.py")
LINES = st.lists(st.sampled_from("uvwxyz"), max_size=8)


@st.composite
def states(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """A project as it was written, as the pattern has it now, and as the user has it.

    Every line that the user wrote begins with "mine". Line ends differ, files come, go and get other names.
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


def edited(lines: list[str], whose: str) -> st.SearchStrategy[list[str]]:
    """`lines` with some taken away and some put in."""

    def edit(keep: list[bool], put: list[tuple[int, int]]) -> list[str]:
        left = [line for line, stays in zip(lines, keep, strict=True) if stays]
        for place, number in put:
            left.insert(place % (len(left) + 1), f"{whose} {number}")
        return left

    size = len(lines)
    keep = st.lists(st.sampled_from([True, True, True, False]), min_size=size, max_size=size)
    return st.builds(edit, keep, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=3))


def joined(files: dict[str, list[str]], end: str) -> dict[str, str]:
    return {path: "".join(line + end for line in lines) for path, lines in files.items()}


def mine(files: Tree) -> set[str]:
    """Every line that the user wrote, wherever it is."""
    lines = (line for file in files.values() for line in file.content.decode().splitlines())
    return {line for line in lines if line.startswith("mine")}


@pytest.mark.parametrize("merger", ["git", "merge3"])
def test_no_line_of_the_user_is_lost(merger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in a merge, a conflict, a move or a deletion, by git or by merge3."""
    if merger == "merge3":
        monkeypatch.setattr(text, "_git", lambda: None)

    @given(states())
    def check(state: tuple[dict[str, str], dict[str, str], dict[str, str]]) -> None:
        _, after = updated(*state)
        assert mine(tree(state[2])) <= mine(after)

    check()


@given(states())
def test_what_is_not_as_the_pattern_has_it_is_the_users_or_reported(
    state: tuple[dict[str, str], dict[str, str], dict[str, str]],
) -> None:
    """Each file is then as the pattern has it, or the user changed it, or the report says why not."""
    base, new, disk = state
    changes = reconcile(merge_inputs(base, new, disk))
    after = carried_out(changes, tree(disk))
    reported = {change.path for change in changes if change.outcome is not FileOutcome.UNCHANGED}

    for path, file in tree(new).items():
        untouched = disk.get(path) == base.get(path)
        assert after.get(path) == file or not untouched or path in reported


@given(states())
def test_an_update_is_done_once(state: tuple[dict[str, str], dict[str, str], dict[str, str]]) -> None:
    """The same pattern again, on what an update left, changes nothing."""
    _, new, _ = state
    _, after = updated(*state)
    assert reconcile_again(new, after) == []


def reconcile_again(new: dict[str, str], disk: Tree) -> list[str]:
    changes = reconcile(merge_inputs(new, new, dict(disk)))
    return [change.path for change in changes if change.edits]


@st.composite
def texts(draw: st.DrawFn) -> list[list[bytes]]:
    """A text of lines that are often alike, and what two have made of it with more of the same lines."""
    line = st.sampled_from("uvwx")

    def changed(lines: list[str]) -> list[str]:
        for place, kind in draw(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("+-~")), max_size=2)):
            here = place % (len(lines) + 1)
            lines = lines[:here] + [draw(line)] * (kind != "-") + lines[here + (kind != "+") :]
        return lines

    base = draw(st.lists(line, min_size=3, max_size=9))
    return [[f"{line}\n".encode() for line in text] for text in (base, changed(base), changed(base))]


@pytest.mark.skipif(text._git() is None, reason="git is not installed")
@settings(max_examples=1000)
@given(texts())
def test_what_needs_no_decision_is_merged_as_git_does(versions: list[list[bytes]]) -> None:
    """Without starting it, and also among lines that are all alike."""
    base, yours, theirs = versions
    if base not in (yours, theirs) and yours != theirs:
        merged = text._merge_disjoint(base, yours, theirs)
        assert merged in (None, text._by_git("git", *map(b"".join, versions), "x"))
