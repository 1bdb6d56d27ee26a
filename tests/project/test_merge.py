"""What an update does to a file: every way in which a pattern and its user can both have changed it."""

import pytest

from blueprint.project.merge import text
from blueprint.render import File

from .trees import Content, tree, updated

TEXT = "one\ntwo\nthree\nfour\nfive\n"


@pytest.fixture(params=["git", "merge3"], autouse=True)
def _merger(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With git, and on a machine without."""
    if request.param == "merge3":
        monkeypatch.setattr(text, "_git", lambda: None)


def one(base: Content, new: Content, disk: Content) -> tuple[str, Content]:
    """Outcome and content of the only file."""
    outcomes, after = updated({"f": base}, {"f": new}, {"f": disk})
    file = after.get("f")
    return outcomes.get("f", "unchanged"), file.content.decode() if file else None


def test_what_nobody_changed_stays() -> None:
    assert one(TEXT, TEXT, TEXT) == ("unchanged", TEXT)


def test_an_edit_stays_when_the_pattern_is_the_same() -> None:
    assert one(TEXT, TEXT, TEXT + "mine\n") == ("unchanged", TEXT + "mine\n")


def test_a_new_file_is_made() -> None:
    assert one(None, TEXT, None) == ("created", TEXT)


def test_a_clean_update() -> None:
    assert one(TEXT, TEXT + "six\n", TEXT) == ("updated", TEXT + "six\n")


def test_edits_in_other_places_are_merged() -> None:
    assert one(TEXT, TEXT + "six\n", "mine\n" + TEXT) == ("merged", "mine\n" + TEXT + "six\n")


def test_edits_in_the_same_place_are_a_conflict_with_all_three_sides() -> None:
    outcome, content = one(TEXT, TEXT.replace("three", "theirs"), TEXT.replace("three", "mine"))
    assert outcome == "conflict"
    assert content == (
        "one\ntwo\n"
        "<<<<<<< yours\nmine\n||||||| before\nthree\n=======\ntheirs\n>>>>>>> tiny 2.0.0\n"
        "four\nfive\n"
    )


def test_a_conflict_in_a_last_line_without_an_end_keeps_its_markers_whole() -> None:
    outcome, content = one("a", "b", "c")
    assert outcome == "conflict"
    assert isinstance(content, str)
    assert content.splitlines() == [
        *("<<<<<<< yours", "c", "||||||| before", "a", "=======", "b", ">>>>>>> tiny 2.0.0"),
    ]


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    assert one(TEXT, TEXT + "six\n", TEXT + "six\n") == ("unchanged", TEXT + "six\n")


def test_both_added_the_same() -> None:
    assert one(None, TEXT, TEXT) == ("unchanged", TEXT)


def test_both_added_different_files() -> None:
    outcome, content = one(None, "theirs\n", "mine\n")
    assert outcome == "conflict"
    assert content == "<<<<<<< yours\nmine\n||||||| before\n=======\ntheirs\n>>>>>>> tiny 2.0.0\n"


def test_what_the_user_deleted_stays_deleted() -> None:
    assert one(TEXT, TEXT, None) == ("unchanged", None)


def test_what_the_user_deleted_and_the_pattern_changed_is_reported() -> None:
    assert one(TEXT, TEXT + "six\n", None) == ("left-deleted", None)


def test_what_the_pattern_deleted_goes() -> None:
    assert one(TEXT, None, TEXT) == ("deleted", None)


def test_what_the_pattern_deleted_and_the_user_edited_is_kept_and_reported() -> None:
    assert one(TEXT, None, TEXT + "mine\n") == ("kept", TEXT + "mine\n")


def test_what_both_deleted_is_gone() -> None:
    assert one(TEXT, None, None) == ("unchanged", None)


def test_edits_follow_a_renamed_file() -> None:
    outcomes, after = updated({"a/old.py": TEXT}, {"b/new.py": TEXT + "six\n"}, {"a/old.py": "mine\n" + TEXT})
    assert outcomes == {"b/new.py": "merged"}
    assert after == tree({"b/new.py": "mine\n" + TEXT + "six\n"})


def test_edits_follow_to_the_file_that_is_most_alike() -> None:
    base = {"old": TEXT, "other": "x\ny\nz\n"}
    new = {"less": "one\ntwo\nthree\n", "more": TEXT, "else": "x\ny\nz\n"}
    outcomes, after = updated(base, new, {"old": TEXT + "mine\n", "other": "x\ny\nz\n"})
    assert outcomes == {"more": "merged", "less": "created", "else": "created", "other": "deleted"}
    assert after["more"] == File((TEXT + "mine\n").encode())


def test_edits_follow_to_the_file_with_the_same_name_among_equals() -> None:
    """As when a folder is renamed."""
    base = {"a/x": TEXT, "a/y": TEXT}
    outcomes, after = updated(base, {"b/x": TEXT, "b/y": TEXT}, {"a/x": TEXT + "x\n", "a/y": TEXT + "y\n"})
    assert outcomes == {"b/x": "merged", "b/y": "merged"}
    assert after == tree({"b/x": TEXT + "x\n", "b/y": TEXT + "y\n"})


def test_edits_do_not_follow_to_a_file_that_is_something_else() -> None:
    outcomes, after = updated({"old": TEXT}, {"new": "quite\nanother\n"}, {"old": TEXT + "mine\n"})
    assert outcomes == {"old": "kept", "new": "created"}
    assert after == tree({"old": TEXT + "mine\n", "new": "quite\nanother\n"})


def test_an_unedited_file_that_was_renamed_is_just_the_new_one() -> None:
    outcomes, after = updated({"old": TEXT}, {"new": TEXT}, {"old": TEXT})
    assert outcomes == {"old": "deleted", "new": "created"}
    assert after == tree({"new": TEXT})


def test_a_binary_file_is_updated_when_the_user_did_not_touch_it() -> None:
    _, after = updated({"logo": b"\0a"}, {"logo": b"\0b"}, {"logo": b"\0a"})
    assert after == tree({"logo": b"\0b"})


def test_two_binary_changes_stand_side_by_side() -> None:
    outcomes, after = updated({"logo": b"\0a"}, {"logo": b"\0b"}, {"logo": b"\0c"})
    assert outcomes == {"logo": "beside"}
    assert after == tree({"logo": b"\0c", "logo.new": b"\0b"})


def test_line_ends_in_a_binary_file_are_bytes_like_others() -> None:
    _, after = updated({"logo": b"\0\r\n"}, {"logo": b"\0\n"}, {"logo": b"\0\r\n"})
    assert after == tree({"logo": b"\0\n"})


def test_the_right_to_execute_comes_with_an_update() -> None:
    outcomes, after = updated({"f": TEXT}, {"f": File(TEXT.encode(), executable=True)}, {"f": TEXT})
    assert outcomes == {"f": "updated"}
    assert after["f"].executable


def test_the_right_to_execute_that_the_user_gave_stays() -> None:
    mine = File(TEXT.encode(), executable=True)
    outcomes, after = updated({"f": TEXT}, {"f": TEXT + "six\n"}, {"f": mine})
    assert outcomes == {"f": "merged"}
    assert after["f"] == File((TEXT + "six\n").encode(), executable=True)


def test_the_right_to_execute_that_the_user_took_stays_away() -> None:
    ours = File(TEXT.encode(), executable=True)
    newer = File((TEXT + "six\n").encode(), executable=True)
    _, after = updated({"f": ours}, {"f": newer}, {"f": "mine\n" + TEXT})
    assert after["f"] == File(("mine\n" + TEXT + "six\n").encode(), executable=False)


def dos(text: str) -> str:
    return text.replace("\n", "\r\n")


def test_a_checkout_with_other_line_ends_is_no_edit() -> None:
    assert one(TEXT, TEXT + "six\n", dos(TEXT)) == ("updated", dos(TEXT + "six\n"))
    assert one(dos(TEXT), dos(TEXT + "six\n"), TEXT) == ("updated", TEXT + "six\n")
    assert one(TEXT, None, dos(TEXT)) == ("deleted", None)


def test_a_checkout_with_other_line_ends_merges() -> None:
    assert one(TEXT, TEXT + "six\n", "mine\r\n" + dos(TEXT)) == ("merged", "mine\r\n" + dos(TEXT + "six\n"))


def test_a_checkout_with_other_line_ends_conflicts_only_where_both_changed() -> None:
    outcome, content = one(TEXT, TEXT.replace("three", "theirs"), dos(TEXT.replace("three", "mine")))
    assert outcome == "conflict"
    assert isinstance(content, str)
    assert content.count("\r\n") == content.count("\n") == 11


def test_new_line_ends_of_the_pattern_come_with_an_update() -> None:
    assert one(TEXT, dos(TEXT), TEXT + "mine\n") == ("merged", dos(TEXT + "mine\n"))


MIGRATION = "src/shop/orders/migrations/0001_create.py"


@pytest.mark.parametrize("new", ["changed\n", None])
def test_a_migration_is_never_rewritten(new: str | None) -> None:
    """A database may have run it: neither a change nor a deletion of the pattern touches it."""
    outcomes, after = updated({MIGRATION: TEXT}, {MIGRATION: new}, {MIGRATION: TEXT})
    assert outcomes == {MIGRATION: "kept-migration"}
    assert after == tree({MIGRATION: TEXT})


def test_a_migration_is_appended() -> None:
    later = MIGRATION.replace("0001", "0002")
    outcomes, after = updated({MIGRATION: TEXT}, {MIGRATION: TEXT, later: "b\n"}, {MIGRATION: TEXT})
    assert outcomes == {later: "created"}
    assert after == tree({MIGRATION: TEXT, later: "b\n"})


def test_a_migration_that_the_pattern_moved_stays_where_it_is() -> None:
    elsewhere = "moved/migrations/0001_create.py"
    outcomes, after = updated({MIGRATION: TEXT}, {elsewhere: TEXT}, {MIGRATION: TEXT + "mine\n"})
    assert outcomes == {MIGRATION: "kept-migration", elsewhere: "created"}
    assert after[MIGRATION] == File((TEXT + "mine\n").encode())


def secret(text: str) -> File:
    return File(text.encode(), secret=True)


def test_a_secret_file_that_is_missing_is_made() -> None:
    """As after a fresh clone, where git has ignored it."""
    _, after = updated({}, {".env": secret("A=1\n")}, {})
    assert after[".env"].secret


def test_a_secret_file_is_left_as_it_is() -> None:
    outcomes, after = updated({}, {".env": secret("A=new\n")}, {".env": "A=mine\nB=mine\n"})
    assert outcomes == {}
    assert after == tree({".env": "A=mine\nB=mine\n"})


def test_a_secret_file_gets_the_variables_that_it_lacks() -> None:
    """With their comments; what is there as a comment, somebody has decided against."""
    outcomes, after = updated(
        {}, {".env": secret("A=x\n# What C is.\nC=y\nD=z\n")}, {".env": "A=mine\n# D=mine\nB=mine"}
    )
    assert outcomes == {".env": "extended"}
    assert after[".env"].content == b"A=mine\n# D=mine\nB=mine\n# What C is.\nC=y\n"
