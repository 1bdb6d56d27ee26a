"""`blueprint adopt` takes over projects of Copier and Cookiecutter, which blueprint updates from then on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint.project.foreign_answers import template_names
from blueprint.project.state import is_template_name
from tests.patterns_on_disk import write_files
from tests.repositories import commit, git

from .projects import content, edit, outcomes
from .running import Outcome, blueprint
from .templates import BODY, release, write_template

pytestmark = pytest.mark.slow
OLD = {"body.txt": BODY, "old.txt": "old\n"}
NEW = {"body.txt": BODY.replace("line 8", "line eight"), "new.txt": "new\n"}


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The folder of the template."""
    return tmp_path / "tiny"


def run(*arguments: str | Path, cwd: Path) -> None:
    """Run another tool with the Python of the tests."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def create_with_copier(here: Path, template: Path, source: str) -> Path:
    """Create a project with Copier from the first of two releases of a template."""
    write_template(template, "copier", OLD)
    release(template, "v1.0.0")
    run("copier", "copy", "--quiet", "--defaults", "-d", "size=large", source, here / "shop", cwd=here)
    write_template(template, "copier", NEW)
    release(template, "v1.1.0")
    return here / "shop"


def create_with_cookiecutter(here: Path, template: Path) -> tuple[Path, str]:
    """Create a project with Cookiecutter from the first of two commits; return it and the commit."""
    write_template(template, "cookiecutter", OLD)
    first = commit(template, "first")
    run("cookiecutter", "--no-input", template, "size=large", cwd=here)
    write_template(template, "cookiecutter", NEW)
    commit(template, "second")
    return here / "shop", first


def adopt(shop: Path, *arguments: str | Path) -> Outcome:
    """Adopt the project, with JSON output."""
    return blueprint("adopt", *arguments, "--json", cwd=shop)


def assert_update_works(shop: Path) -> None:
    """Assert that an update merges the newer template with earlier edits, which `diff` shows."""
    diff = blueprint("diff", "--json", cwd=shop).json["files"]
    assert {file["path"]: file["kind"] for file in diff} == {"body.txt": "edited"}
    done = blueprint("update", "--json", cwd=shop)
    assert done.status == 0, done.out
    found = outcomes(done)
    assert (found["body.txt"], found["new.txt"], found["old.txt"]) == ("merged", "created", "deleted")
    assert (shop / "body.txt").read_text() == NEW["body.txt"].replace("line 1\n", "line 1\nmine\n")
    assert (shop / "README.md").read_text() == "large\n"


@pytest.mark.parametrize("how", ["url", "path", "relative"])
def test_a_copier_project_is_adopted(here: Path, template: Path, how: str) -> None:
    """A Copier project is adopted at its recorded commit and answers; only .blueprint is written."""
    source = {"url": f"git+file://{template}", "path": str(template), "relative": "../tiny"}[how]
    shop = create_with_copier(here, template, source)
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    before = content(shop)
    done = adopt(shop)

    assert done.json["pattern"] == {"name": "tiny", "version": "1.0.0"}
    assert (done.json["answers"], done.json["exact_version"]) == ({"size": "large"}, True)
    assert (done.json["edited"], done.json["deleted"]) == (["body.txt"], [])
    after = content(shop)
    assert before.items() <= after.items()
    assert all(path.startswith(".blueprint/") for path in after.keys() - before.keys())
    assert_update_works(shop)


def test_a_cruft_project_is_adopted(here: Path, template: Path) -> None:
    """A cruft project is adopted at its recorded commit, with its recorded context."""
    shop, commit = create_with_cookiecutter(here, template)
    context = {"slug": "shop", "size": "large", "_template": "x"}
    record = {"template": f"file://{template}", "commit": commit, "checkout": None, "directory": None}
    write_files(shop, {".cruft.json": json.dumps({**record, "context": {"cookiecutter": context}}, indent=2)})
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    done = adopt(shop)
    assert (done.json["answers"]["size"], done.json["exact_version"]) == ("large", True)
    assert_update_works(shop)


def test_a_cookiecutter_project_is_adopted_with_its_replay_file(
    here: Path, template: Path, tmp_path: Path
) -> None:
    """A Cookiecutter project records no template, so the user names it and a replay file."""
    shop, commit = create_with_cookiecutter(here, template)
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    refused = adopt(shop)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")

    replay = tmp_path / "replay.json"
    replay.write_text(json.dumps({"cookiecutter": {"slug": "shop", "size": "large"}}))
    done = adopt(shop, "--source", f"file://{template}@{commit}", "--answers", replay)
    assert (done.json["edited"], done.json["source"]) == (["body.txt"], f"file://{template}")
    assert_update_works(shop)


def test_questions_may_be_named_like_reserved_words(here: Path, template: Path) -> None:
    """Questions named `project` and `pattern` stay separate from blueprint's own."""
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


def test_a_dry_run_gives_the_same_result_and_writes_nothing(here: Path, template: Path) -> None:
    """A dry run gives the same result except for `written`, and writes nothing."""
    shop = create_with_copier(here, template, f"git+file://{template}")
    before = content(shop)
    dry = adopt(shop, "--dry-run")
    assert content(shop) == before
    assert dry.json | {"written": True} == adopt(shop).json


def test_the_text_output_names_what_differs(here: Path, template: Path) -> None:
    """The text output names the template, the answers and the files that differ."""
    shop = create_with_copier(here, template, f"git+file://{template}")
    (shop / "old.txt").unlink()
    done = blueprint("adopt", cwd=shop)
    assert done.out.startswith(f"Adopted shop: tiny 1.0.0\n  from git+file://{template}\n  size: large\n")
    assert "from the template, 1 edited or deleted since\n  old.txt (deleted)\n" in done.out


def test_a_repository_that_ignores_the_state_is_a_warning(here: Path, template: Path) -> None:
    """One line names the files of .blueprint that a rule keeps out of git, and how to add them."""
    shop = create_with_copier(here, template, f"git+file://{template}")
    git(shop, "init", "--quiet")
    (shop / ".gitignore").write_text("*.gz\n")
    done = blueprint("adopt", "--dry-run", cwd=shop)
    assert "Warning: " not in done.out
    done = blueprint("adopt", cwd=shop)
    assert done.out.startswith("Warning: git ignores .blueprint/pristine.tar.gz, and without it a clone")
    assert done.out.count("Warning: ") == 1


def test_a_repository_that_ignores_the_whole_state_is_one_warning(here: Path, template: Path) -> None:
    """The command that the warning gives adds every file of .blueprint that a clone needs."""
    shop = create_with_copier(here, template, f"git+file://{template}")
    git(shop, "init", "--quiet")
    (shop / ".gitignore").write_text(".blueprint/\n")
    warnings = [line for line in blueprint("adopt", cwd=shop).out.splitlines() if "Warning: " in line]
    assert len(warnings) == 1
    command = warnings[0].partition("`git ")[2].partition("`")[0]
    git(shop, *command.split())
    assert git(shop, "ls-files", ".blueprint").split() == sorted(command.split()[2:])


def test_a_template_without_versions_is_used_as_it_is(here: Path, template: Path) -> None:
    """Without versions the current template is used, and its later changes count as edits."""
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
def test_an_invalid_record_is_an_error(here: Path, path: str, text: str, code: str | None) -> None:
    """Invalid or hostile records are refused; nothing runs and nothing is written."""
    write_files(here, {path: text})
    refused = adopt(here)
    assert refused.status != 0
    assert code in (None, refused.json["error"]["code"])
    assert list(content(here)) == [path]


def test_a_missing_commit_is_an_error(here: Path, template: Path) -> None:
    """A recorded commit that the repository does not have is an error."""
    shop = create_with_copier(here, template, f"git+file://{template}")
    edit(shop, ".copier-answers.yml", "v1.0.0", "v0.9.0")
    refused = adopt(shop)
    assert (refused.status, refused.json["error"]["code"]) == (10, "source")


def test_an_unrelated_template_is_refused(here: Path, template: Path) -> None:
    """A template is refused if the project has none of its files."""
    write_template(template, "native", {"other.txt": "other\n"})
    write_files(here / "shop", {"mine.txt": "mine\n"})
    refused = adopt(here / "shop", "--source", template)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
    assert list(content(here / "shop")) == ["mine.txt"]


def test_a_blueprint_project_is_refused(here: Path, template: Path) -> None:
    """A project that blueprint already manages is refused."""
    shop = create_with_copier(here, template, f"git+file://{template}")
    assert adopt(shop).status == 0
    before = content(shop)
    refused = adopt(shop)
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
    assert content(shop) == before


def test_hooks_run_only_if_trusted(here: Path, template: Path) -> None:
    """Hooks run only if they are trusted; without them the original files are unknown."""
    write_template(template, "cookiecutter", OLD)
    write_files(template, {"hooks/post_gen_project.py": "open('hook.txt', 'w').write('hook\\n')\n"})
    release(template, "first")
    run("cookiecutter", "--no-input", template, cwd=here)
    source = ("--source", f"file://{template}@first")
    refused = adopt(here / "shop", *source)
    assert refused.json["error"]["code"] == "untrusted"
    done = adopt(here / "shop", *source, "--trust", refused.json["error"]["hint"].split()[-1])
    assert (done.json["edited"], done.json["deleted"], done.json["files"]) == ([], [], 4)


def copier_template(folder: Path, files: dict[str, str]) -> Path:
    """Write and release a Copier template that writes `files` and an answers file."""
    answers = {"template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}"}
    settings = {"copier.yml": "size: {type: str, default: small}\n_subdirectory: template\n"}
    write_files(folder, settings | answers | {f"template/{path}": text for path, text in files.items()})
    return folder


def test_every_answers_file_of_copier_becomes_a_template(here: Path, tmp_path: Path) -> None:
    """Each template is adopted with its own version and answers, and updated from then on as Copier would.

    One names its answers file itself. A file that two templates write is not edited, as one of them wrote it.
    """
    shop, both = here / "shop", "".join(f"line {number}\n" for number in range(9))
    first = copier_template(tmp_path / "first", {"one.txt": "1\n", "both.txt": both})
    second = copier_template(tmp_path / "second", {"two.txt": "2\n", "both.txt": both + "second\n"})
    third = copier_template(tmp_path / "third", {"three.txt": "3\n"})
    write_files(third, {"copier.yml": "_answers_file: .copier-answers.docs.yml\n_subdirectory: template\n"})
    copy = ("copier", "copy", "--quiet", "--defaults")
    release(first, "v1.0.0")
    run(*copy, f"git+file://{first}", shop, cwd=here)
    for template, tag, more in (
        (second, "v2.0.0", ("-a", ".copier-answers.CI_tools.yml", "-d", "size=large", "--overwrite")),
        (third, "v3.0.0", ()),
    ):
        release(template, tag)
        run(*copy, *more, f"git+file://{template}", shop, cwd=here)
    edit(shop, "two.txt", "2\n", "2\nmine\n")
    before = content(shop)
    preview = adopt(shop, "--dry-run")
    assert content(shop) == before
    done = adopt(shop)
    assert done.status == 0, done.out
    adopted = {each["template"]: each for each in done.json["templates"]}
    assert [*adopted] == ["main", "ci-tools", "docs"]
    assert [each["pattern"]["version"] for each in adopted.values()] == ["1.0.0", "2.0.0", "3.0.0"]
    assert adopted["ci-tools"]["answers"] == {"size": "large"}
    assert [each["edited"] for each in adopted.values()] == [[], ["two.txt"], []]
    assert [each["written"] for each in preview.json["templates"]] == [False] * 3
    after = content(shop)
    assert before.items() <= after.items()
    assert all(path.startswith(".blueprint/") for path in after.keys() - before.keys())
    # The first update records the source without the version that the other tool used.
    for _ in range(2):
        unchanged = blueprint("update", "--json", cwd=shop)
        assert unchanged.status == 0, unchanged.out
        assert before.items() <= content(shop).items()
    assert not unchanged.json["written"]

    write_files(second, {"template/new.txt": "new\n", "template/two.txt": "two\n2\n"})
    release(second, "v2.1.0")
    done = blueprint("update", "--template", "ci-tools", "--json", cwd=shop)
    assert done.status == 0, done.out
    assert outcomes(done) == {
        ".copier-answers.CI_tools.yml": "updated",
        "new.txt": "created",
        "two.txt": "merged",
    }
    assert "_commit: v2.1.0\n" in (shop / ".copier-answers.CI_tools.yml").read_text()
    assert not (shop / ".copier-answers.ci-tools.yml").exists()


def test_answers_files_give_templates_their_names() -> None:
    """Every answers file gets a name that a template can have, and no two the same."""
    assert template_names([".copier-answers.yml", "README.md", ".copier-answers.yml.rej"]) == {
        "main": ".copier-answers.yml"
    }
    assert template_names([".copier-answers.b.yml", ".copier-answers.a.yaml"]) == {
        "main": ".copier-answers.a.yaml",
        "b": ".copier-answers.b.yml",
    }
    names = template_names(
        [f".copier-answers{name}.yml" for name in (".main", ".A", ".a", "", ".private", ".1")]
    )
    assert next(iter(names)) == "main"
    assert names["main"] == ".copier-answers.yml"
    assert len(names) == 6
    assert all(is_template_name(name) for name in [*names][1:])


def test_parameters_are_for_one_of_several_templates(here: Path) -> None:
    """--template has to name a template of the project."""
    write_files(here / "shop", {".copier-answers.yml": "_src_path: x\n", ".copier-answers.ci.yml": "a: b\n"})
    refused = adopt(here / "shop", "--template", "cii")
    assert (refused.status, refused.json["error"]["code"]) == (9, "bad-project")
    write_files(here / "shop", {".copier-answers.ci.yml": "_src_path: x\n"})
    refused = adopt(here / "shop", "--template", "cii", "--set", "size=1")
    assert (refused.status, refused.json["error"]["code"]) == (2, "usage")
    assert "did you mean 'ci'?" in refused.json["error"]["message"]
