"""`blueprint adopt`: projects that Copier and Cookiecutter made, updated by blueprint from then on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patterns_on_disk import write_files

from .projects import content, edit, outcomes
from .running import Outcome, blueprint
from .templates import BODY, git, release, write_template

OLD = {"body.txt": BODY, "old.txt": "old\n"}
NEW = {"body.txt": BODY.replace("line 8", "line eight"), "new.txt": "new\n"}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Where the template is."""
    return tmp_path / "tiny"


def run(*arguments: str | Path, cwd: Path) -> None:
    """Run another tool, in this Python."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def made_by_copier(here: Path, template: Path, source: str) -> Path:
    """A project that Copier itself made from the first release of a template with two."""
    write_template(template, "copier", OLD)
    release(template, "v1.0.0")
    run("copier", "copy", "--quiet", "--defaults", "-d", "size=large", source, here / "shop", cwd=here)
    write_template(template, "copier", NEW)
    release(template, "v1.1.0")
    return here / "shop"


def made_by_cookiecutter(here: Path, template: Path) -> tuple[Path, str]:
    """A project that Cookiecutter itself made from the first of two commits of a template; that commit."""
    write_template(template, "cookiecutter", OLD)
    release(template, "first")
    run("cookiecutter", "--no-input", template, "size=large", cwd=here)
    commit = git(template, "rev-parse", "HEAD")
    write_template(template, "cookiecutter", NEW)
    release(template, "second")
    return here / "shop", commit


def adopt(shop: Path, *arguments: str | Path) -> Outcome:
    """Adopt the project, for programs."""
    return blueprint("adopt", *arguments, "--json", cwd=shop)


def moves_on(shop: Path) -> None:
    """An update merges what is new with what was edited before the adoption, and `diff` shows only that."""
    diff = blueprint("diff", "--json", cwd=shop).json["files"]
    assert {file["path"]: file["kind"] for file in diff} == {"body.txt": "edited"}
    done = blueprint("update", "--json", cwd=shop)
    assert done.status == 0, done.out
    found = outcomes(done)
    assert (found["body.txt"], found["new.txt"], found["old.txt"]) == ("merged", "created", "deleted")
    assert (shop / "body.txt").read_text() == NEW["body.txt"].replace("line 1\n", "line 1\nmine\n")
    assert (shop / "README.md").read_text() == "large\n"


@pytest.mark.parametrize("how", ["url", "path", "relative"])
def test_a_project_of_copier_is_taken_over(here: Path, template: Path, how: str) -> None:
    """At the recorded commit, with the recorded answers; nothing but .blueprint is written."""
    source = {"url": f"git+file://{template}", "path": str(template), "relative": "../tiny"}[how]
    shop = made_by_copier(here, template, source)
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    before = content(shop)
    done = adopt(shop)

    assert done.json["pattern"] == {"name": "tiny", "version": "1.0.0"}
    assert (done.json["answers"], done.json["exact_version"]) == ({"size": "large"}, True)
    assert (done.json["edited"], done.json["deleted"]) == (["body.txt"], [])
    after = content(shop)
    assert before.items() <= after.items()
    assert all(path.startswith(".blueprint/") for path in after.keys() - before.keys())
    moves_on(shop)


def test_a_project_of_cruft_is_taken_over(here: Path, template: Path) -> None:
    """At the recorded commit, in a subfolder, with the recorded context."""
    shop, commit = made_by_cookiecutter(here, template)
    context = {"slug": "shop", "size": "large", "_template": "x"}
    record = {"template": f"file://{template}", "commit": commit, "checkout": None, "directory": None}
    write_files(shop, {".cruft.json": json.dumps({**record, "context": {"cookiecutter": context}}, indent=2)})
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    done = adopt(shop)
    assert (done.json["answers"]["size"], done.json["exact_version"]) == ("large", True)
    moves_on(shop)


def test_a_project_of_cookiecutter_is_taken_over_with_its_replay(
    here: Path, template: Path, tmp_path: Path
) -> None:
    """Nothing in it says what made it, so the user does."""
    shop, commit = made_by_cookiecutter(here, template)
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    refused = adopt(shop)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")

    replay = tmp_path / "replay.json"
    replay.write_text(json.dumps({"cookiecutter": {"slug": "shop", "size": "large"}}))
    done = adopt(shop, "--source", f"file://{template}@{commit}", "--answers", replay)
    assert (done.json["edited"], done.json["source"]) == (["body.txt"], f"file://{template}")
    moves_on(shop)


def test_questions_may_be_called_as_our_own_words(here: Path, template: Path) -> None:
    """`project` and `pattern` are names like others for another tool, and stay apart from ours."""
    write_files(template, {"copier.yml": "project: {type: str}\npattern: {type: str, default: dots}\n"})
    write_files(template, {"a.txt.jinja": "{{ project }} {{ pattern }}\n"})
    write_files(template, {"{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}"})
    run(
        "copier", "copy", "--quiet", "--defaults", "-d", "project=The Shop", template, here / "shop", cwd=here
    )
    done = adopt(here / "shop")
    assert (done.json["project"], done.json["edited"]) == ("shop", [])
    write_files(template, {"b.txt.jinja": "{{ project }}\n"})
    assert outcomes(blueprint("update", "--json", cwd=here / "shop")) == {"b.txt": "created"}
    assert (here / "shop/b.txt").read_text() == "The Shop\n"


def test_a_dry_run_says_the_same_and_writes_nothing(here: Path, template: Path) -> None:
    """Except that nothing is written."""
    shop = made_by_copier(here, template, f"git+file://{template}")
    before = content(shop)
    dry = adopt(shop, "--dry-run")
    assert content(shop) == before
    assert dry.json | {"written": True} == adopt(shop).json


def test_it_is_said_in_words(here: Path, template: Path) -> None:
    """With what differs, and what to do next."""
    shop = made_by_copier(here, template, f"git+file://{template}")
    (shop / "old.txt").unlink()
    done = blueprint("adopt", cwd=shop)
    assert done.out.startswith(f"Adopted shop: tiny 1.0.0\n  from git+file://{template}\n  size: large\n")
    assert "from the template, 1 edited or deleted since\n  old.txt (deleted)\n" in done.out


def test_a_template_without_versions_is_taken_as_it_is_now(here: Path, template: Path) -> None:
    """And that is said: what it changed since cannot be told from what the user did."""
    write_template(template, "copier", OLD)
    run("copier", "copy", "--quiet", "--defaults", template, here / "shop", cwd=here)
    write_template(template, "copier", NEW)
    done = adopt(here / "shop")
    assert (done.json["exact_version"], done.json["edited"]) == (False, ["body.txt"])


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        (".copier-answers.yml", "size: large\n", "bad-project"),
        (".copier-answers.yml", "- 1\n", "bad-project"),
        (".copier-answers.yml", "_src_path: --upload-pack=x\n_commit: v1\n", None),
        (".copier-answers.yml", "_src_path: https://user:pass@host/x.git\n_commit: v1\n", "source"),
        (".copier-answers.yml", "_src_path: ext::sh -c x\n_commit: v1\n", "source"),
        (".cruft.json", "{", "bad-project"),
        (".cruft.json", '{"template": 1, "commit": "x"}', "bad-project"),
        (".cruft.json", '{"template": "x", "commit": "x", "context": []}', "bad-project"),
    ],
)
def test_a_record_that_cannot_be_used_is_an_error(here: Path, path: str, text: str, code: str | None) -> None:
    """A project can come from a stranger; whatever it says, nothing is run and nothing is written."""
    write_files(here, {path: text})
    refused = adopt(here)
    assert refused.status != 0
    assert code in (None, refused.json["error"]["code"])
    assert list(content(here)) == [path]


def test_a_commit_that_is_not_there_is_an_error(here: Path, template: Path) -> None:
    """The template's history was rewritten, or it is another one."""
    shop = made_by_copier(here, template, f"git+file://{template}")
    edit(shop, ".copier-answers.yml", "v1.0.0", "v0.9.0")
    refused = adopt(shop)
    assert (refused.status, refused.json["error"]["code"]) == (10, "source")


def test_another_template_is_refused(here: Path, template: Path) -> None:
    """None of its files is in the project."""
    write_template(template, "native", {"other.txt": "other\n"})
    write_files(here / "shop", {"mine.txt": "mine\n"})
    refused = adopt(here / "shop", "--source", template)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
    assert list(content(here / "shop")) == ["mine.txt"]


def test_a_project_of_blueprint_is_refused(here: Path, template: Path) -> None:
    """It is one already."""
    shop = made_by_copier(here, template, f"git+file://{template}")
    assert adopt(shop).status == 0
    before = content(shop)
    refused = adopt(shop)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
    assert content(shop) == before


def test_hooks_run_only_where_they_are_trusted(here: Path, template: Path) -> None:
    """What the template made can only be known by running them."""
    write_template(template, "cookiecutter", OLD)
    write_files(template, {"hooks/post_gen_project.py": "open('hook.txt', 'w').write('hook\\n')\n"})
    release(template, "first")
    run("cookiecutter", "--no-input", template, cwd=here)
    source = ("--source", f"file://{template}@first")
    refused = adopt(here / "shop", *source)
    assert refused.json["error"]["code"] == "untrusted"
    done = adopt(here / "shop", *source, "--trust", refused.json["error"]["hint"].split()[-1])
    assert (done.json["edited"], done.json["deleted"], done.json["files"]) == ([], [], 4)
