"""Write plans: one action for each file, and no edit is lost."""

from hypothesis import given
from hypothesis import strategies as st

from blueprint.project import Action, plan_write
from blueprint.render import File

FILES = st.builds(File, st.binary(max_size=2), st.booleans())
TREES = st.dictionaries(st.sampled_from("abcd"), FILES)


def test_all_files_of_a_new_project_are_created() -> None:
    """In an empty folder, the plan creates every file."""
    tree = {"a": File(b"1"), "b": File(b"2")}
    assert plan_write({}, tree, {}).tree(Action.CREATE) == tree


def test_an_existing_file_is_kept_or_a_conflict() -> None:
    """An equal file is kept; a file with other content or another mode is a conflict."""
    tree = {"same": File(b"1"), "other": File(b"2"), "mode": File(b"3", executable=True)}
    disk = {"same": File(b"1"), "other": File(b"x"), "mode": File(b"3"), "theirs": File(b"y")}
    files = plan_write({}, tree, disk)

    assert files.paths(Action.KEEP) == ["same"]
    assert files.paths(Action.CONFLICT) == ["other", "mode"]
    assert files.paths(Action.CREATE) == []


@given(TREES, TREES, TREES)
def test_only_unedited_files_are_written(
    base: dict[str, File], tree: dict[str, File], disk: dict[str, File]
) -> None:
    """The plan writes every file except conflicts, and changes no file of the user."""
    files = plan_write(base, tree, disk)
    after = {**disk, **files.tree(Action.CREATE)}

    assert [file.path for file in files.files] == list(tree)
    for path in after:
        assert after[path] == disk.get(path) or disk.get(path) == base.get(path)
    for path in tree:
        assert after.get(path) == tree[path] or path in files.paths(Action.CONFLICT)
