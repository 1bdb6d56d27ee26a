"""`blueprint update` handles every kind of template from every kind of source."""

import json
import shutil
import tarfile
from pathlib import Path

import pytest
import yaml

from tests.patterns_on_disk import write_files
from tests.repositories import git

from .projects import content, edit, outcomes
from .running import Outcome, blueprint
from .templates import BODY, KINDS, release, write_template

OLD = {"body.txt": BODY, "old.txt": "old\n"}
NEW = {"body.txt": BODY.replace("line 8", "line eight"), "new.txt": "new\n"}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The tool that the template is for."""
    kind: str = request.param
    return kind


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The folder of the template."""
    return tmp_path / "tiny"


def new(here: Path, source: str | Path, *arguments: str) -> Path:
    """Create a project from `source`."""
    done = blueprint("new", "shop", "-p", source, "--yes", *arguments, cwd=here)
    assert done.status == 0, done.err
    return here / "shop"


def update(shop: Path, *arguments: str) -> Outcome:
    """Update the project, with JSON output."""
    return blueprint("update", *arguments, "--json", cwd=shop)


def code(refused: Outcome) -> tuple[int, str]:
    """Return status and code of an error."""
    return refused.status, refused.json["error"]["code"]


def test_a_template_in_git_is_updated_to_its_newest_release(here: Path, template: Path, kind: str) -> None:
    """An update takes the newest release, keeps edits and answers, and records the commit."""
    write_template(template, kind, OLD)
    shop = new(here, release(template, "v1.0.0"), "--set", "size=large")
    edit(shop, "body.txt", "line 1\n", "line 1\nmine\n")
    write_template(template, kind, NEW, "1.1.0")
    release(template, "v1.1.0")
    done = update(shop)

    assert done.status == 0, done.out
    found = outcomes(done)
    assert (found["body.txt"], found["new.txt"], found["old.txt"]) == ("merged", "created", "deleted")
    assert (shop / "body.txt").read_text() == NEW["body.txt"].replace("line 1\n", "line 1\nmine\n")
    assert (shop / "README.md").read_text() == "large\n"
    assert done.json["pattern"] == {"name": "tiny", "from": "1.0.0", "to": "1.1.0"}
    remembered = yaml.safe_load((shop / ".blueprint/source.yaml").read_text())["origin"]
    assert (remembered.get("kind", "native"), remembered["commit"]) == (
        kind,
        git(template, "rev-parse", "HEAD"),
    )
    assert outcomes(update(shop)) == {}


@pytest.mark.parametrize("where", ["folder", "zip"])
def test_a_template_in_a_folder_or_a_zip_file_is_updated(
    here: Path, template: Path, kind: str, where: str
) -> None:
    """A template without Git or tags is updated, with conflicts as for any other."""

    def publish(files: dict[str, str], version: str) -> str:
        write_template(template, kind, files, version)
        if where == "folder":
            return "../tiny"
        shutil.make_archive(str(template), "zip", template)
        return "../tiny.zip"

    shop = new(here, publish(OLD, "1.0.0"))
    edit(shop, "body.txt", "line 8", "mine")
    publish(NEW, "1.1.0")
    done = update(shop)
    assert (done.status, outcomes(done)["body.txt"]) == (8, "conflict")
    assert "<<<<<<< yours\nmine\n||||||| before\nline 8\n" in (shop / "body.txt").read_text()
    location = yaml.safe_load((shop / ".blueprint/source.yaml").read_text())["origin"]["location"]
    assert location == ("../tiny" if where == "folder" else "../tiny.zip")


def test_set_changes_an_answer(here: Path, template: Path, kind: str) -> None:
    """--set changes an answer, as for built-in patterns."""
    write_template(template, kind, OLD)
    shop = new(here, template)
    assert outcomes(update(shop, "--set", "size=huge"))["README.md"] == "updated"
    assert (shop / "README.md").read_text() == "huge\n"


@pytest.fixture
def releases(template: Path) -> str:
    """The URL of a repository with three releases."""
    for number in range(3):
        write_template(template, "native", {**OLD, "body.txt": f"{number}\n"}, f"1.{number}.0")
        url = release(template, f"v1.{number}.0")
    return url


def test_a_version_can_be_chosen(here: Path, releases: str) -> None:
    """--to selects a release by its tag; a downgrade is refused unless forced."""
    shop = new(here, f"{releases}@v1.0.0")
    assert update(shop).json["pattern"]["to"] == "1.0.0"
    assert update(shop, "--to", "v1.1.0").json["pattern"]["to"] == "1.1.0"
    assert update(shop).json["pattern"]["to"] == "1.1.0"
    before = content(shop)
    assert code(update(shop, "--to", "v1.0.0")) == (9, "downgrade")
    assert code(update(shop, "--to", "v9")) == (10, "source")
    assert code(update(shop, "--to", "--upload-pack=x")) == (10, "source")
    assert content(shop) == before
    assert update(shop, "--to", "v1.0.0", "--force").json["pattern"]["to"] == "1.0.0"
    assert update(shop, "--pattern", releases).json["pattern"]["to"] == "1.2.0"


def test_a_project_without_a_pinned_version_follows_the_newest(here: Path, releases: str) -> None:
    """A project without a pinned version still follows the newest after --to."""
    shop = new(here, f"{releases}@v1.0.0")
    update(shop, "--pattern", releases, "--to", "v1.1.0")
    assert yaml.safe_load((shop / ".blueprint/source.yaml").read_text())["version"] == "1.1.0"
    assert update(shop).json["pattern"]["to"] == "1.2.0"


def test_a_source_without_versions_is_refused(here: Path, template: Path) -> None:
    """A source without versions is refused for --to, and the hint says where versions come from."""
    write_template(template, "native", OLD)
    shop = new(here, template)
    refused = update(shop, "--to", "1.1.0")
    assert code(refused) == (10, "source")
    assert refused.json["error"]["hint"] == "Put the version that you want there, and omit --to."

    assert blueprint("new", "other", "--yes", cwd=here).status == 0
    refused = update(here / "other", "--to", "1.1.0")
    assert code(refused) == (10, "source")
    assert "comes with blueprint" in refused.json["error"]["hint"]


def test_files_that_are_written_once_are_not_updated(here: Path, template: Path) -> None:
    """Files in Copier's `_skip_if_exists` are written once and never updated."""
    write_template(template, "copier", OLD)
    with (template / "copier.yml").open("a") as file:
        file.write("_skip_if_exists: [body.txt]\n")
    shop = new(here, template)
    (template / "template/body.txt.jinja").write_text("new\n")
    assert "body.txt" not in outcomes(update(shop))
    assert (shop / "body.txt").read_text() == BODY
    (shop / "body.txt").unlink()
    update(shop)
    assert not (shop / "body.txt").exists()


def test_code_of_a_newer_template_runs_only_if_trusted(here: Path, template: Path) -> None:
    """New content must be trusted again; until then nothing runs and nothing is written."""
    write_template(template, "copier", OLD)
    shop = new(here, template)
    with (template / "copier.yml").open("a") as file:
        file.write("_tasks: ['echo task | tee task.txt']\n")
    before = content(shop)
    refused = update(shop)
    assert code(refused)[1] == "untrusted"
    assert content(shop) == before

    digest = refused.json["error"]["hint"].split()[-1]
    done = update(shop, "--trust", digest)
    assert done.err == "task\n"
    assert json.loads(done.out)["written"] is True
    assert (shop / "task.txt").read_text() == "task\n"
    (template / "more.txt").write_text("other content\n")
    assert code(update(shop, "--trust", digest))[1] == "untrusted"


def test_migrations_run_if_trusted(here: Path, template: Path) -> None:
    """Trusted migrations run on a copy before and after the merge, and edits follow."""
    write_template(template, "copier", OLD)
    shop = new(here, release(template, "v1.0.0"))
    edit(shop, "old.txt", "old\n", "old\nmine\n")
    (shop / "mine.txt").write_text("mine\n")
    write_template(template, "copier", {**NEW, "renamed.txt": "old\n"})
    migrations = [
        {"version": "v1.1.0", "before": ["mv old.txt renamed.txt"], "after": ["echo more >> new.txt"]},
        {"version": "v0.9.0", "before": ["touch never"], "after": ["touch never"]},
        {
            "version": "v1.1.0",
            "command": "echo $VERSION_FROM to $VERSION_TO > versions.txt; ls > ls.txt",
        },
    ]
    with (template / "copier.yml").open("a") as file:
        yaml.safe_dump({"_migrations": migrations}, file)
    release(template, "v1.1.0")
    before = content(shop)
    refused = update(shop)
    assert code(refused)[1] == "untrusted"
    assert content(shop) == before

    trust = ("--trust", refused.json["error"]["hint"].split()[-1])
    dry = update(shop, *trust, "--dry-run")
    assert content(shop) == before
    done = update(shop, *trust)
    assert done.json == dry.json | {"written": True}
    found = outcomes(done)
    assert done.status == 0
    assert {path for path, outcome in found.items() if outcome == "migrated"} == {
        *("old.txt", "renamed.txt", "new.txt", "versions.txt", "ls.txt")
    }
    assert (shop / "renamed.txt").read_text() == "old\nmine\n"
    assert not (shop / "old.txt").exists()
    assert (shop / "new.txt").read_text() == "new\nmore\n"
    assert (shop / "versions.txt").read_text() == "v1.0.0 to v1.1.0\n"
    assert "mine.txt" not in (shop / "ls.txt").read_text()
    assert not (shop / "never").exists()
    assert outcomes(update(shop, *trust)) == {}


def test_a_secret_answer_is_never_recorded(here: Path, template: Path) -> None:
    """A secret answer is not recorded, so an update needs it again instead of using the default."""
    write_template(template, "copier", OLD)
    (template / "copier.yml").write_text("key: {type: str, secret: true, default: changeme}\n")
    shutil.rmtree(template / "template")
    (template / "key.env.jinja").write_text("KEY={{ key }}\n")
    shop = new(here, template, "--set", "key=s3cr3t-answer")
    assert (shop / "key.env").read_text() == "KEY=s3cr3t-answer\n"
    before = content(shop)
    assert [path for path, text in before.items() if b"s3cr3t" in text] == ["key.env"]

    (template / "other.txt").write_text("other\n")
    refused = update(shop)
    assert code(refused) == (3, "bad-answers")
    assert refused.json["error"]["hint"] == "Set it again with --set key=..."
    assert content(shop) == before
    shown = blueprint("update", "--set", "key=s3cr3t-answer", cwd=shop)
    assert (shown.status, "s3cr3t" in shown.out) == (0, False)
    assert (shop / "key.env").read_text() == "KEY=s3cr3t-answer\n"
    assert [path for path, text in content(shop).items() if b"s3cr3t" in text] == ["key.env"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_relative_source_is_found_from_another_folder(tmp_path: Path, here: Path, kind: str) -> None:
    """A project that `--output` puts elsewhere records a path to its pattern that updates find."""
    write_template(tmp_path / "patterns/one", kind, {"a.txt": BODY})
    project = tmp_path / "else/where/shop"
    made = blueprint("new", "shop", "-p", "../patterns/one", "-o", project, cwd=here)
    assert made.status == 0, made.err
    recorded = (project / ".blueprint/answers.yaml").read_text()
    assert "pattern: ../../patterns/one\n" in recorded

    write_template(tmp_path / "patterns/one", kind, {"a.txt": f"new\n{BODY}"}, version="2.0.0")
    assert blueprint("update", cwd=project).status == 0
    assert (project / "a.txt").read_text().startswith("new")

    again = ("new", "other", "--answers", project / ".blueprint/answers.yaml", "--set", "size=big")
    assert blueprint(*again, cwd=here).status == 0
    assert "pattern: ../patterns/one\n" in (here / "other/.blueprint/answers.yaml").read_text()


HOOK = """import secrets
print("hook")
open(".env", "w").write(f"PASSWORD={secrets.token_urlsafe(24)}\\nSIZE={{ cookiecutter.size }}\\n")
"""


def test_random_values_stay(here: Path, template: Path) -> None:
    """The same version changes nothing; a newer one or other answers keep the project's random values."""
    settings = "which: size\n\nother: 1\n\nkey: {{ random_ascii_string(30) }}\n"
    write_template(template, "cookiecutter", {".gitignore": ".env\n", "settings.yaml": settings})
    write_files(template, {"hooks/post_gen_project.py": HOOK})
    digest = code_digest(blueprint("new", "shop", "-p", template, "--yes", "--json", cwd=here))
    shop = new(here, template, "--trust", digest)
    before, (password, key) = content(shop), random_lines(shop)
    with tarfile.open(shop / ".blueprint/pristine.tar.gz") as archive:
        assert ".env" not in archive.getnames()
    again = blueprint("update", "--trust", digest, cwd=shop)
    assert (again.status, again.err) == (0, "")
    assert content(shop) == before

    done = blueprint("update", "--trust", digest, "--set", "size=huge", cwd=shop)
    assert (done.status, done.err) == (0, "hook\n")
    assert random_lines(shop) == (password, key)
    assert "SIZE=huge" in (shop / ".env").read_text()

    newer = settings.replace("other: 1", "other: 2").replace("size", "{{ cookiecutter.size }}")
    (template / "{{ cookiecutter.slug }}/settings.yaml").write_text(newer)
    edit(shop, "settings.yaml", "which: huge", "which: mine")
    done = blueprint("update", "--trust", code_digest(update(shop)), cwd=shop)
    assert (done.status, random_lines(shop)) == (0, (password, key))
    assert (shop / "settings.yaml").read_text().startswith("which: mine\n\nother: 2\n")


def test_edited_answers_are_rendered(here: Path, template: Path, kind: str) -> None:
    """An answer that the user edited in answers.yaml applies, although the template is the same."""
    write_template(template, kind, OLD)
    shop = new(here, template)
    edit(shop, ".blueprint/answers.yaml", "size: small", "size: huge")
    assert outcomes(update(shop))["README.md"] == "updated"
    assert (shop / "README.md").read_text() == "huge\n"


def code_digest(refused: Outcome) -> str:
    """Return the digest that a refused command asks to trust."""
    digest: str = refused.json["error"]["hint"].split()[-1]
    return digest


def random_lines(shop: Path) -> tuple[str, str]:
    """Return the lines with the random values of the project."""
    return (shop / ".env").read_text().splitlines()[0], (shop / "settings.yaml").read_text().splitlines()[-1]


def test_a_secret_answer_does_not_leak_through_filters_and_defaults(here: Path, template: Path) -> None:
    """What a filter or the default of another question makes of a secret answer is not public, either."""
    questions = """_subdirectory: template
key: {type: str, secret: true, default: changeme}
url: {type: str, default: "db://{{ key }}"}
"""
    write_files(
        template,
        {
            "copier.yml": questions,
            "template/secret.yaml.jinja": "data: {{ key | b64encode }}\n",
            "template/url.txt.jinja": "{{ url }}\n",
        },
    )
    made = blueprint("new", "shop", "-p", template, "--yes", "--set", "key=s3cr3t-answer", cwd=here)
    shop = here / "shop"
    assert (made.status, "s3cr3t" in made.out) == (0, False)
    assert [(shop / path).stat().st_mode & 0o777 for path in ("secret.yaml", "url.txt")] == [0o600, 0o600]
    assert [path for path, text in content(shop).items() if b"s3cr3t" in text] == ["url.txt"]
    with tarfile.open(shop / ".blueprint/pristine.tar.gz") as archive:
        assert archive.getnames() == []
    shown = blueprint("update", "--set", "key=0ther-answer", cwd=shop)
    assert (shown.status, "answer" in shown.out) == (0, False)
    assert (shop / "url.txt").read_text() == "db://0ther-answer\n"


def test_a_template_of_another_kind_is_refused(here: Path, template: Path) -> None:
    """Answers of one tool do not fit the other, and the error says that the source has changed its tool."""
    write_template(template, "cookiecutter", OLD)
    shop = new(here, release(template, "v1.0.0"))
    write_template(template, "copier", NEW)
    release(template, "v2.0.0")
    refused = update(shop)
    assert code(refused) == (9, "bad-project")
    message = refused.json["error"]["message"]
    assert "was made from a Cookiecutter template" in message
    assert message.endswith("has a Copier template in this version")
