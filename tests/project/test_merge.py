"""Three-way merge of one file, for every combination of changes by the pattern and the user."""

import pytest

from blueprint.project.merge import text
from blueprint.project.merge.reconcile import reconcile
from blueprint.render import File

from .trees import Content, merge_inputs, tree, updated

TEXT = "one\ntwo\nthree\nfour\nfive\n"


@pytest.fixture(params=["git", "merge3"], autouse=True)
def _merge_tool(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run each test with git, and as on a machine without git."""
    if request.param == "merge3":
        monkeypatch.setattr(text, "_git", lambda: None)


def one(base: Content, new: Content, disk: Content) -> tuple[str, Content]:
    """Update a project of one file, and return its outcome and content."""
    outcomes, after = updated({"f": base}, {"f": new}, {"f": disk})
    file = after.get("f")
    return outcomes.get("f", "unchanged"), file.content.decode() if file else None


def test_a_file_that_nobody_changed_stays() -> None:
    assert one(TEXT, TEXT, TEXT) == ("unchanged", TEXT)


def test_an_edit_stays_when_the_pattern_is_the_same() -> None:
    assert one(TEXT, TEXT, TEXT + "mine\n") == ("unchanged", TEXT + "mine\n")


def test_a_new_file_is_created() -> None:
    assert one(None, TEXT, None) == ("created", TEXT)


def test_an_unedited_file_is_updated() -> None:
    assert one(TEXT, TEXT + "six\n", TEXT) == ("updated", TEXT + "six\n")


def test_edits_in_other_places_are_merged() -> None:
    assert one(TEXT, TEXT + "six\n", "mine\n" + TEXT) == ("merged", "mine\n" + TEXT + "six\n")


def test_a_function_after_an_edited_one_is_merged() -> None:
    """The blank line between two functions separates the edit of one from the pattern's next one."""
    base = "def one():\n    return 1\n\ndef last():\n    return 9\n"
    new = base.replace("def last", "def two():\n    return 2\n\ndef last")
    assert one(base, new, base.replace("1", "mine")) == ("merged", new.replace("1", "mine"))


def test_edits_in_the_same_place_are_a_conflict_with_all_three_sides() -> None:
    outcome, content = one(TEXT, TEXT.replace("three", "theirs"), TEXT.replace("three", "mine"))
    assert outcome == "conflict"
    assert content == (
        "one\ntwo\n"
        "<<<<<<< yours\nmine\n||||||| before\nthree\n=======\ntheirs\n>>>>>>> tiny 2.0.0\n"
        "four\nfive\n"
    )


def test_a_conflict_in_a_last_line_without_a_newline_has_whole_markers() -> None:
    outcome, content = one("a", "b", "c")
    assert outcome == "conflict"
    assert isinstance(content, str)
    assert content.splitlines() == [
        *("<<<<<<< yours", "c", "||||||| before", "a", "=======", "b", ">>>>>>> tiny 2.0.0"),
    ]


def test_the_same_change_on_both_sides_is_not_a_conflict() -> None:
    assert one(TEXT, TEXT + "six\n", TEXT + "six\n") == ("unchanged", TEXT + "six\n")


def test_the_same_file_added_on_both_sides_is_unchanged() -> None:
    assert one(None, TEXT, TEXT) == ("unchanged", TEXT)


def test_different_files_added_on_both_sides_are_a_conflict() -> None:
    outcome, content = one(None, "theirs\n", "mine\n")
    assert outcome == "conflict"
    assert content == "<<<<<<< yours\nmine\n||||||| before\n=======\ntheirs\n>>>>>>> tiny 2.0.0\n"


def test_a_file_that_the_user_deleted_stays_deleted() -> None:
    assert one(TEXT, TEXT, None) == ("unchanged", None)


def test_a_deleted_file_that_the_pattern_changed_is_reported() -> None:
    assert one(TEXT, TEXT + "six\n", None) == ("left-deleted", None)


def test_an_unedited_file_that_the_pattern_removed_is_deleted() -> None:
    assert one(TEXT, None, TEXT) == ("deleted", None)


def test_an_edited_file_that_the_pattern_removed_is_kept_and_reported() -> None:
    assert one(TEXT, None, TEXT + "mine\n") == ("kept", TEXT + "mine\n")


def test_a_file_deleted_on_both_sides_stays_deleted() -> None:
    assert one(TEXT, None, None) == ("unchanged", None)


def test_edits_follow_a_renamed_file() -> None:
    outcomes, after = updated({"a/old.py": TEXT}, {"b/new.py": TEXT + "six\n"}, {"a/old.py": "mine\n" + TEXT})
    assert outcomes == {"b/new.py": "merged"}
    assert after == tree({"b/new.py": "mine\n" + TEXT + "six\n"})


def test_edits_follow_to_the_most_similar_file() -> None:
    base = {"old": TEXT, "other": "x\ny\nz\n"}
    new = {"less": "one\ntwo\nthree\n", "more": TEXT, "else": "x\ny\nz\n"}
    outcomes, after = updated(base, new, {"old": TEXT + "mine\n", "other": "x\ny\nz\n"})
    assert outcomes == {"more": "merged", "less": "created", "else": "created", "other": "deleted"}
    assert after["more"] == File((TEXT + "mine\n").encode())


def test_edits_follow_to_the_file_with_the_same_name_among_equals() -> None:
    """When a folder is renamed, edits follow equal files by their names."""
    base = {"a/x": TEXT, "a/y": TEXT}
    outcomes, after = updated(base, {"b/x": TEXT, "b/y": TEXT}, {"a/x": TEXT + "x\n", "a/y": TEXT + "y\n"})
    assert outcomes == {"b/x": "merged", "b/y": "merged"}
    assert after == tree({"b/x": TEXT + "x\n", "b/y": TEXT + "y\n"})


def test_edits_do_not_follow_to_an_unrelated_file() -> None:
    outcomes, after = updated({"old": TEXT}, {"new": "quite\nanother\n"}, {"old": TEXT + "mine\n"})
    assert outcomes == {"old": "kept", "new": "created"}
    assert after == tree({"old": TEXT + "mine\n", "new": "quite\nanother\n"})


def test_an_unedited_renamed_file_is_deleted_and_created() -> None:
    outcomes, after = updated({"old": TEXT}, {"new": TEXT}, {"old": TEXT})
    assert outcomes == {"old": "deleted", "new": "created"}
    assert after == tree({"new": TEXT})


def test_a_deleted_file_does_not_return_in_another_folder() -> None:
    """When a folder is renamed, a file that the user deleted from it stays deleted."""
    outcomes, after = updated({"old/a": TEXT, "old/b": TEXT}, {"new/a": TEXT, "new/b": TEXT}, {"old/a": TEXT})
    assert outcomes == {"old/a": "deleted", "new/a": "created", "new/b": "left-deleted"}
    assert after == tree({"new/a": TEXT})


def test_a_new_file_with_another_name_than_a_deleted_one_is_created() -> None:
    """A deleted file does not keep the pattern from adding one that is only similar."""
    outcomes, after = updated({"a/old": TEXT}, {"a/new": TEXT, "b/old": "other\n"}, {})
    assert outcomes == {"a/new": "created", "b/old": "created"}
    assert after == tree({"a/new": TEXT, "b/old": "other\n"})


def test_an_unedited_binary_file_is_updated() -> None:
    _, after = updated({"logo": b"\0a"}, {"logo": b"\0b"}, {"logo": b"\0a"})
    assert after == tree({"logo": b"\0b"})


def test_a_binary_file_changed_on_both_sides_is_saved_beside_the_users() -> None:
    outcomes, after = updated({"logo": b"\0a"}, {"logo": b"\0b"}, {"logo": b"\0c"})
    assert outcomes == {"logo": "beside"}
    assert after == tree({"logo": b"\0c", "logo.new": b"\0b"})


def test_line_endings_in_a_binary_file_are_not_converted() -> None:
    _, after = updated({"logo": b"\0\r\n"}, {"logo": b"\0\n"}, {"logo": b"\0\r\n"})
    assert after == tree({"logo": b"\0\n"})


def test_an_update_can_make_a_file_executable() -> None:
    outcomes, after = updated({"f": TEXT}, {"f": File(TEXT.encode(), executable=True)}, {"f": TEXT})
    assert outcomes == {"f": "updated"}
    assert after["f"].executable


def test_a_file_that_the_user_made_executable_stays_executable() -> None:
    mine = File(TEXT.encode(), executable=True)
    outcomes, after = updated({"f": TEXT}, {"f": TEXT + "six\n"}, {"f": mine})
    assert outcomes == {"f": "merged"}
    assert after["f"] == File((TEXT + "six\n").encode(), executable=True)


def test_a_file_that_the_user_made_non_executable_stays_so() -> None:
    ours = File(TEXT.encode(), executable=True)
    newer = File((TEXT + "six\n").encode(), executable=True)
    _, after = updated({"f": ours}, {"f": newer}, {"f": "mine\n" + TEXT})
    assert after["f"] == File(("mine\n" + TEXT + "six\n").encode(), executable=False)


def with_crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def test_a_checkout_with_other_line_endings_is_not_an_edit() -> None:
    assert one(TEXT, TEXT + "six\n", with_crlf(TEXT)) == ("updated", with_crlf(TEXT + "six\n"))
    assert one(with_crlf(TEXT), with_crlf(TEXT + "six\n"), TEXT) == ("updated", TEXT + "six\n")
    assert one(TEXT, None, with_crlf(TEXT)) == ("deleted", None)


def test_a_checkout_with_other_line_endings_is_merged() -> None:
    assert one(TEXT, TEXT + "six\n", "mine\r\n" + with_crlf(TEXT)) == (
        "merged",
        "mine\r\n" + with_crlf(TEXT + "six\n"),
    )


def test_a_checkout_with_other_line_endings_conflicts_only_where_both_changed() -> None:
    outcome, content = one(TEXT, TEXT.replace("three", "theirs"), with_crlf(TEXT.replace("three", "mine")))
    assert outcome == "conflict"
    assert isinstance(content, str)
    assert content.count("\r\n") == content.count("\n") == 11


def test_an_update_can_change_the_line_endings() -> None:
    assert one(TEXT, with_crlf(TEXT), TEXT + "mine\n") == ("merged", with_crlf(TEXT + "mine\n"))


MIXED = "one\r\ntwo\nthree\r\nfour\nfive\n"


def test_mixed_line_endings_that_nobody_touched_stay() -> None:
    """A file with mixed line endings follows the pattern byte for byte."""
    assert one(MIXED, MIXED + "six\r\n", MIXED) == ("updated", MIXED + "six\r\n")
    assert one(MIXED, TEXT, MIXED) == ("updated", TEXT)
    assert one(TEXT, MIXED, TEXT) == ("updated", MIXED)
    assert one(with_crlf(TEXT), MIXED, with_crlf(TEXT)) == ("updated", MIXED)


def test_mixed_line_endings_are_merged_line_by_line() -> None:
    """Each line keeps the ending that its side gave it."""
    assert one(MIXED, MIXED + "six\r\n", "mine\n" + MIXED) == ("merged", "mine\n" + MIXED + "six\r\n")
    changed = MIXED.replace("five\n", "five\r\n")
    assert one(MIXED, changed, "mine\r\n" + MIXED) == ("merged", "mine\r\n" + changed)
    assert one(MIXED, MIXED, with_crlf(TEXT)) == ("unchanged", with_crlf(TEXT))


def test_an_edit_of_one_line_ending_is_an_edit() -> None:
    """A file in which the user changed one ending is kept when the pattern removes it."""
    assert one(TEXT, None, MIXED) == ("kept", MIXED)


MIGRATION = "src/shop/orders/migrations/0001_create.py"
FLYWAY = "src/main/resources/db/orders/V1__create_order.sql"


@pytest.mark.parametrize("path", [MIGRATION, FLYWAY])
@pytest.mark.parametrize("new", ["changed\n", None])
def test_a_migration_is_never_rewritten(new: str | None, path: str) -> None:
    """A migration stays if the pattern changes or removes it, because a database may have run it."""
    outcomes, after = updated({path: TEXT}, {path: new}, {path: TEXT})
    assert outcomes == {path: "kept-migration"}
    assert after == tree({path: TEXT})


def test_a_new_migration_is_created() -> None:
    later = MIGRATION.replace("0001", "0002")
    outcomes, after = updated({MIGRATION: TEXT}, {MIGRATION: TEXT, later: "b\n"}, {MIGRATION: TEXT})
    assert outcomes == {later: "created"}
    assert after == tree({MIGRATION: TEXT, later: "b\n"})


def test_a_migration_that_the_pattern_renamed_stays_in_place() -> None:
    elsewhere = "moved/migrations/0001_create.py"
    outcomes, after = updated({MIGRATION: TEXT}, {elsewhere: TEXT}, {MIGRATION: TEXT + "mine\n"})
    assert outcomes == {MIGRATION: "kept-migration", elsewhere: "created"}
    assert after[MIGRATION] == File((TEXT + "mine\n").encode())


def secret(text: str) -> File:
    return File(text.encode(), secret=True)


def test_a_missing_secret_file_is_created() -> None:
    """A missing secret file, as after a fresh clone, is created."""
    _, after = updated({}, {".env": secret("A=1\n")}, {})
    assert after[".env"].secret


def test_an_existing_secret_file_is_unchanged() -> None:
    outcomes, after = updated({}, {".env": secret("A=new\n")}, {".env": "A=mine\nB=mine\n"})
    assert outcomes == {}
    assert after == tree({".env": "A=mine\nB=mine\n"})


def test_missing_variables_are_added_to_a_secret_file() -> None:
    """A secret file gets missing variables with their comments, but none that is commented out in it."""
    outcomes, after = updated(
        {}, {".env": secret("A=x\n# What C is.\nC=y\nD=z\n")}, {".env": "A=mine\n# D=mine\nB=mine"}
    )
    assert outcomes == {".env": "extended"}
    assert after[".env"].content == b"A=mine\n# D=mine\nB=mine\n# What C is.\nC=y\n"


def test_a_variable_that_the_pattern_removed_is_reported() -> None:
    """The line stays, but a program can reject it, such as the address of a database for another driver."""
    base, new = secret("A=1\nB=2\nC=3\nD=4\n"), secret("A=1\n# D=5\n")
    outcomes, after = updated({".env": base}, {".env": new}, {".env": "A=1\nB=2\nD=4\nE=5\n"})
    assert outcomes == {".env": "kept-secret"}
    assert after == tree({".env": "A=1\nB=2\nD=4\nE=5\n"})
    (change,) = reconcile(merge_inputs({".env": base}, {".env": new}, {".env": "B=2\nD=4\nE=5\n"}))
    assert change.note == "B, D"


INI = "[http]\nport = 80\n\n[auth]\ntoken = secret\n"
EDITED_INI = INI.replace("token", "; mine\ntoken")


def test_a_secret_file_with_sections_gets_lines_in_their_sections() -> None:
    """At the end of an INI file, a new line would belong to the last section."""
    new = INI.replace("port = 80\n", "port = 80\nhost = local\n") + "\n[log]\nlevel = info\n"
    outcomes, after = updated({"s.ini": secret(INI)}, {"s.ini": secret(new)}, {"s.ini": EDITED_INI})
    assert outcomes == {"s.ini": "extended"}
    assert after["s.ini"].content.decode() == new.replace("token", "; mine\ntoken")


@pytest.mark.parametrize("before", ["port = 80", "[auth]\ntoken"])
def test_no_line_of_a_secret_file_with_sections_is_changed(before: str) -> None:
    """A changed value, or a conflict with an edit, is the user's to resolve."""
    new = secret(INI.replace(before, before.replace("port = 80", "port = 81").replace("[auth]", "[auth2]")))
    outcomes, after = updated({"s.ini": secret(INI)}, {"s.ini": new}, {"s.ini": EDITED_INI})
    assert outcomes == {"s.ini": "kept-secret"}
    assert after == tree({"s.ini": EDITED_INI})


def test_a_secret_json_file_stays_json() -> None:
    """A new last entry needs a comma after the line above it, which would be a changed line."""
    base = '{\n  "a": 1,\n  "token": "secret"\n}\n'
    new, edited = base.replace('"secret"', '"secret",\n  "b": 3'), base.replace("1", "2")
    outcomes, after = updated({"s": secret(base)}, {"s": secret(new)}, {"s": edited})
    assert (outcomes, after["s"].content.decode()) == ({"s": "kept-secret"}, edited)
