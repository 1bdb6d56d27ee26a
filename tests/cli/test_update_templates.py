"""`blueprint update` and the other verbs for a project with several templates."""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.patterns_on_disk import TINY, tiny, write_files

from .projects import BODY, content, create_project, edit, release_version
from .running import Outcome, blueprint
from .test_new_into import add, archived, code, second
from .test_update_interrupted import stop_halfway

LINES = BODY.splitlines(keepends=True)


def changed(line: int, text: str) -> str:
    """Return BODY with one line replaced."""
    return "".join([*LINES[:line], f"{text}\n", *LINES[line + 1 :]])


@pytest.fixture
def shop(here: Path) -> Path:
    """A project of the templates main, which is TINY, and second; both write body.txt."""
    shop = create_project(here, {"files/main.txt": "main 1\n", "files/gone.txt": "gone\n"})
    second(here / "second", {"body.txt": BODY, "second.txt": "second 1\n", "gone.txt": "gone\n"})
    done = add(shop, "./second")
    assert (done.status, done.json["shared"]) == (0, {"body.txt": "main", "gone.txt": "main"})
    return shop


def release_second(here: Path, files: dict[str, str | None]) -> None:
    """Release a newer version of the second template; None deletes a file."""
    second(here / "second", {path: text for path, text in files.items() if text is not None}, version="1.3.0")
    for path, text in files.items():
        if text is None:
            (here / "second/files" / path).unlink()


def update(shop: Path, *arguments: str) -> Outcome:
    """Update the project, with JSON output."""
    return blueprint("update", *arguments, "--json", cwd=shop)


def outcomes(done: Outcome) -> dict[str, dict[str, str]]:
    """Return path and outcome of each changed file, for each template."""
    return {
        each["template"]: {
            file["path"]: file["outcome"] for file in each["files"] if file["outcome"] != "unchanged"
        }
        for each in done.json.get("templates", [done.json])
    }


def test_all_templates_are_updated_and_merge_a_common_file(here: Path, shop: Path) -> None:
    """Each template brings its own change of a common file; the edits of the user stay."""
    edit(shop, "body.txt", "line 4", "mine")
    release_version(here, {"files/body.txt": changed(0, "main"), "files/main.txt": "main 2\n"})
    release_second(here, {"body.txt": changed(8, "second"), "second.txt": "second 2\n"})
    before = content(shop)
    preview = update(shop, "--dry-run")
    assert content(shop) == before
    shown = blueprint("diff", "--update", cwd=shop).out
    done = update(shop)
    assert outcomes(preview) == outcomes(done)
    assert (done.status, done.json["written"], done.json["waiting"]) == (0, True, [])
    found = outcomes(done)
    assert found["main"]["body.txt"] == found["second"]["body.txt"] == "merged"
    assert (found["main"]["main.txt"], found["second"]["second.txt"]) == ("updated", "updated")
    merged = changed(0, "main").replace("line 4", "mine").replace("line 8", "second")
    assert (shop / "body.txt").read_text() == merged
    assert shown.count("+++ b/body.txt") == 1
    assert "+main\n" in shown
    assert "+second\n" in shown
    assert outcomes(update(shop)) == {"main": {}, "second": {}}


def test_one_template_is_updated(here: Path, shop: Path) -> None:
    """--template updates one template, with the result of a project that has only one."""
    release_version(here, {"files/main.txt": "main 2\n"})
    release_second(here, {"second.txt": "second 2\n"})
    done = update(shop, "--template", "second")
    assert (done.json["template"], outcomes(done)) == ("second", {"second": {"second.txt": "updated"}})
    assert (shop / "main.txt").read_text() == "main 1\n"
    assert outcomes(update(shop))["main"]["main.txt"] == "updated"


def test_parameters_for_one_template_need_its_name(shop: Path) -> None:
    """--set, --pattern and --to do not guess the template; a name that does not exist is refused."""
    before = content(shop)
    for arguments in (["--set", "replicas=3"], ["--pattern", "./second"], ["--to", "v1"]):
        for verb in (["update"], ["diff", "--update"]):
            refused = blueprint(*verb, *arguments, "--json", cwd=shop)
            assert code(refused) == (2, "usage")
            assert arguments[0] in refused.json["error"]["message"]
    for verb in (["update"], ["diff"], ["diff", "--update"], ["add", "service", "x"]):
        refused = blueprint(*verb, "--template", "secon", "--json", cwd=shop)
        assert code(refused) == (2, "usage")
        assert "did you mean 'second'?" in refused.json["error"]["message"]
    assert content(shop) == before
    assert update(shop, "--template", "main", "--set", "replicas=3").json["answers"]["replicas"] == 3


def test_a_file_is_deleted_only_when_no_template_writes_it(here: Path, shop: Path) -> None:
    """A file that one template drops stays while another one writes it."""
    release_version(here, {"files/gone.txt": None})
    done = update(shop)
    assert (done.status, outcomes(done)) == (0, {"main": outcomes(done)["main"], "second": {}})
    assert outcomes(done)["main"]["gone.txt"] == "kept-shared"
    assert [file["note"] for file in done.json["templates"][0]["files"] if file["path"] == "gone.txt"] == [
        "second"
    ]
    assert (shop / "gone.txt").read_text() == "gone\n"
    release_second(here, {"gone.txt": None})
    assert outcomes(update(shop))["second"] == {"gone.txt": "deleted"}
    assert not (shop / "gone.txt").exists()


def test_a_file_that_all_templates_drop_at_once_is_deleted(here: Path, shop: Path) -> None:
    """The last template that writes a file deletes it, also within one update."""
    release_version(here, {"files/gone.txt": None})
    release_second(here, {"gone.txt": None})
    found = outcomes(update(shop))
    assert (found["main"]["gone.txt"], found["second"]["gone.txt"]) == ("kept-shared", "deleted")
    assert not (shop / "gone.txt").exists()


def test_a_rename_leaves_the_file_of_another_template(here: Path, shop: Path) -> None:
    """An edited file that one template renames stays where another template has it."""
    edit(shop, "body.txt", "line 4", "mine")
    release_version(here, {"files/body.txt": None, "files/renamed.txt": BODY})
    found = outcomes(update(shop))["main"]
    assert (found["body.txt"], found["renamed.txt"]) == ("kept-shared", "created")
    assert "mine" in (shop / "body.txt").read_text()


def test_a_template_waits_for_conflicts_in_a_common_file(here: Path, shop: Path) -> None:
    """A conflict of one template is resolved before another template changes the same file."""
    edit(shop, "body.txt", "line 4", "mine")
    release_version(here, {"files/body.txt": changed(4, "main")})
    release_second(here, {"body.txt": changed(8, "second"), "second.txt": "second 2\n"})
    preview, done = update(shop, "--dry-run"), update(shop)
    assert (preview.status, done.status) == (8, 8)
    assert (preview.json["waiting"], done.json["waiting"]) == (["second"], ["second"])
    assert [each["template"] for each in done.json["templates"]] == ["main"]
    assert outcomes(done)["main"]["body.txt"] == "conflict"
    assert (shop / "second.txt").read_text() == "second 1\n"
    assert code(update(shop)) == (9, "unresolved-conflicts")

    (shop / "body.txt").write_text(BODY.replace("line 4", "both"))
    done = update(shop)
    assert (done.status, outcomes(done)["second"]["second.txt"]) == (0, "updated")
    assert (shop / "body.txt").read_text() == BODY.replace("line 4", "both").replace("line 8", "second")


def test_people_read_which_template_waits(here: Path, shop: Path) -> None:
    """The output names each template, and the one that has to wait."""
    edit(shop, "body.txt", "line 4", "mine")
    release_version(here, {"files/body.txt": changed(4, "main")})
    release_second(here, {"body.txt": changed(8, "second")})
    done = blueprint("update", cwd=shop)
    assert "Updated shop: tiny 1.2.3 to 1.3.0\n" in done.out
    assert "The template second was not updated, because it writes a file that is in conflict." in done.out
    (shop / "body.txt").write_text(BODY)
    done = blueprint("update", cwd=shop)
    assert done.out.startswith(
        "shop is up to date: tiny 1.3.0\n\nUpdated shop (second): second 1.2.3 to 1.3.0\n"
    )


def test_a_template_that_begins_to_write_a_file_of_another_one(here: Path, shop: Path) -> None:
    """A file that a newer version adds, and another template has, is shared from then on, with a conflict."""
    release_version(here, {"files/second.txt": "main's own\n"})
    done = update(shop)
    assert (done.status, outcomes(done)["main"]["second.txt"]) == (8, "conflict")
    text = (shop / "second.txt").read_text()
    assert "second 1\n" in text
    assert "main's own\n" in text


def test_an_error_in_one_template_changes_nothing(here: Path, shop: Path) -> None:
    """All templates are prepared before any is written."""
    release_version(here, {"files/main.txt": "main 2\n"})
    write_files(here / "second/files", {"bad.txt.jinja": "{{ unknown }}"})
    before = content(shop)
    refused = update(shop)
    assert code(refused) == (4, "bad-template")
    assert content(shop) == before
    (here / "second/pattern.yaml").unlink()
    refused = update(shop)
    assert (refused.status, refused.json["error"]["message"][:21]) == (4, "the template second: ")
    assert content(shop) == before
    assert update(shop, "--template", "main").status == 0


def test_a_killed_update_reports_what_it_did_for_each_template(here: Path, shop: Path) -> None:
    """The next update of all templates, or of one, finishes the killed one and reports each change once."""
    release_version(here, {"files/main.txt": "main 2\n"})
    release_second(here, {"second.txt": "second 2\n"})
    for arguments in ([], ["--template", "second"]):
        copy = shop.with_name(f"copy{len(arguments)}")
        shutil.copytree(shop, copy)
        stop_halfway(copy, "second.txt")
        assert (copy / "main.txt").read_text() == "main 2\n"
        assert (copy / "second.txt").read_text() == "second 1\n"
        done = update(copy, *arguments)
        found = outcomes(done)
        assert (copy / "second.txt").read_text() == "second 2\n"
        assert found["second"]["second.txt"] == "updated"
        assert found.get("main", found["second"])["main.txt"] == "updated"
        assert {each["resumed"] for each in done.json.get("templates", [done.json])} == {True}


def test_diff_shows_edits_of_all_templates_or_of_one(shop: Path) -> None:
    """A file counts as edited if it differs from what each of its templates wrote."""
    assert blueprint("diff", cwd=shop).out == ""
    edit(shop, "body.txt", "line 4", "mine")
    edit(shop, "second.txt", "second", "mine")
    edit(shop, "main.txt", "main", "mine")

    def edited(*arguments: str) -> list[str]:
        return [file["path"] for file in blueprint("diff", *arguments, "--json", cwd=shop).json["files"]]

    assert edited() == ["body.txt", "main.txt", "second.txt"]
    assert edited("--template", "main") == ["body.txt", "main.txt"]
    assert edited("--template", "second") == ["body.txt", "second.txt"]


def test_a_file_as_one_template_wrote_it_is_not_edited(here: Path, shop: Path) -> None:
    """What one template changed in a common file is not an edit of the user."""
    release_version(here, {"files/body.txt": changed(0, "main")})
    assert update(shop).status == 0
    assert blueprint("diff", cwd=shop).out == ""
    assert "+main" in blueprint("diff", "--template", "second", cwd=shop).out


def test_show_lists_the_templates(here: Path, shop: Path) -> None:
    """`show` prints each template with its version, source and answers, and the common files."""
    done = blueprint("show", cwd=shop / "src")
    assert done.out == (
        "main: tiny 1.2.3 from ./tiny, 10 files\n"
        "  database: postgresql\n  kubernetes: yes\n  domain: default\n  replicas: 2\n"
        "second: second 1.2.3 from ./second, 3 files\n"
        "Files of several templates:\n  body.txt (main, second)\n  gone.txt (main, second)\n"
    )
    found = blueprint("show", "--json", cwd=shop).json
    assert [each["name"] for each in found["templates"]] == ["main", "second"]
    assert found["shared"] == {"body.txt": "main, second", "gone.txt": "main, second"}
    assert code(blueprint("show", "--json", cwd=here)) == (9, "bad-project")


def test_add_changes_one_template(here: Path, shop: Path) -> None:
    """`add` changes the first template, or the one that --template names."""
    parts = {"type": "list", "question": "Which parts?", "item": "part", "default": []}
    options = {**TINY["options"], "parts": parts}
    files = {"files/parts.txt.jinja": "{{ parts | join(' ') }}\n"}
    release_version(here, files, "1.2.3", options=options)
    (here / "third").mkdir()
    content_of_third = tiny(
        name="third", options={"parts": parts}, values={}, look=[], layers=[{"from": "files", "to": "."}]
    )

    write_files(
        here / "third",
        {
            "pattern.yaml": yaml.safe_dump(content_of_third),
            "files/third.txt.jinja": "{{ parts | join(' ') }}\n",
        },
    )
    assert update(shop).status == 0
    assert add(shop, "./third").status == 0
    assert blueprint("add", "part", "one", "--json", cwd=shop).json["template"] == "main"
    done = blueprint("add", "part", "two", "--template", "third", "--json", cwd=shop)
    assert (done.status, done.json["template"]) == (0, "third")
    assert (shop / "parts.txt").read_text() == "one\n"
    assert (shop / "third.txt").read_text() == "two\n"
    assert archived(shop, ".blueprint/templates/third") == {"third.txt": b"two\n"}
