"""The plan says what happens to each file, and never that an edit is lost."""

from hypothesis import given
from hypothesis import strategies as st

from blueprint.project import Action, plan_write
from blueprint.render import File

FILES = st.builds(File, st.binary(max_size=2), st.booleans())
TREES = st.dictionaries(st.sampled_from("abcd"), FILES)


def test_a_new_project_is_all_created() -> None:
    """Nothing is there yet."""
    tree = {"a": File(b"1"), "b": File(b"2")}
    assert plan_write({}, tree, {}).tree(Action.CREATE) == tree


def test_a_file_that_is_there_is_kept_or_a_conflict() -> None:
    """The same is kept; another was not ours, and its mode counts, too."""
    tree = {"same": File(b"1"), "other": File(b"2"), "mode": File(b"3", executable=True)}
    disk = {"same": File(b"1"), "other": File(b"x"), "mode": File(b"3"), "theirs": File(b"y")}
    files = plan_write({}, tree, disk)

    assert files.paths(Action.KEEP) == ["same"]
    assert files.paths(Action.CONFLICT) == ["other", "mode"]
    assert files.paths(Action.CREATE) == []


@given(TREES, TREES, TREES)
def test_only_what_the_user_did_not_touch_is_written(
    base: dict[str, File], tree: dict[str, File], disk: dict[str, File]
) -> None:
    """Carrying out the plan changes no file of the user's, and leaves nothing undone but conflicts."""
    files = plan_write(base, tree, disk)
    after = disk | files.tree(Action.CREATE)

    assert [step.path for step in files.files] == list(tree)
    for path in after:
        assert after[path] == disk.get(path) or disk.get(path) == base.get(path)
    for path in tree:
        assert after.get(path) == tree[path] or path in files.paths(Action.CONFLICT)
