"""`blueprint new --into` adds a further template to a project."""

import json
import os
import shutil
import stat
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
import yaml

from tests.patterns_on_disk import tiny, write_files, write_pattern
from tests.repositories import git

from .projects import content, create_project, edit, outcomes
from .running import Outcome, blueprint
from .templates import BODY, KINDS, release, write_template
from .test_update_interrupted import killed_anywhere, stop_halfway

PLAIN = tiny(options={}, values={}, layers=[{"from": "files", "to": "."}], look=[])


@pytest.fixture
def shop(here: Path) -> Path:
    """A project of one pattern."""
    return create_project(here)


def second(folder: Path, files: dict[str, str | bytes], **changes: str) -> Path:
    """Write the pattern `second` without options, which renders `files`."""
    pattern = {**PLAIN, "name": "second", "title": "Second", **changes}
    return write_pattern(folder, pattern, {f"files/{path}": text for path, text in files.items()})


def add(shop: Path, source: str | Path, *arguments: str) -> Outcome:
    """Add a template to a project, with JSON output."""
    return blueprint("new", "--into", shop, "-p", source, *arguments, "--json", cwd=shop.parent)


def code(refused: Outcome) -> tuple[int, str]:
    """Return status and code of an error."""
    return refused.status, refused.json["error"]["code"]


def state(shop: Path, folder: str = ".blueprint") -> dict[str, bytes]:
    """Return the state files in `folder`."""
    return {path.name: path.read_bytes() for path in (shop / folder).iterdir() if path.is_file()}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", ["folder", "git", "zip"])
def test_a_template_is_added_and_updated(
    here: Path, tmp_path: Path, shop: Path, kind: str, where: str
) -> None:
    """Templates of each kind and source are added, and then updated with the project, which keeps edits."""
    template = tmp_path / "second"

    def publish(text: str, version: str) -> str:
        write_template(template, kind, {"second.txt": text}, version)
        for readme in template.rglob("README.md*"):
            readme.rename(readme.with_name(readme.name.replace("README", "SECOND")))
        if where == "git":
            return release(template, f"v{version}")
        if where == "zip":
            shutil.make_archive(str(template), "zip", template)
        return "../second" if where == "folder" else "../second.zip"

    before, others = state(shop), content(shop)
    done = add(shop, publish(BODY, "1.0.0"), "--template", "second", "--set", "size=large")
    assert done.status == 0, done.out
    assert (done.json["template"], done.json["written"], done.json["needs_you"]) == ("second", True, 0)
    assert outcomes(done)["second.txt"] == "created"
    assert state(shop) == before
    assert others.items() <= content(shop).items()
    remembered = state(shop, ".blueprint/templates/second")
    assert set(remembered) == {"answers.yaml", "source.yaml", "pristine.tar.gz"}
    assert yaml.safe_load(remembered["answers.yaml"])["size"] == "large"

    edit(shop, "second.txt", "line 1\n", "line 1\nmine\n")
    publish(BODY.replace("line 8", "line eight"), "1.1.0")
    updated = blueprint("update", "--json", cwd=shop)
    assert updated.status == 0, updated.out
    main, further = updated.json["templates"]
    assert (main["template"], main["written"]) == ("main", False)
    assert {file["path"]: file["outcome"] for file in further["files"]}["second.txt"] == "merged"
    assert (shop / "second.txt").read_text() == BODY.replace("line 1\n", "line 1\nmine\n").replace(
        "line 8", "line eight"
    )
    assert next(shop.glob("SECOND*")).read_text() == "large\n"
    assert state(shop) == before


def test_files_in_use_get_conflicts_and_are_named_before(here: Path, shop: Path) -> None:
    """A file of another template or of the user keeps its lines; equal files are shared without a word."""
    (shop / "mine.txt").write_text("mine\n")
    (shop / "mine.bin").write_bytes(b"\0mine")
    before = content(shop)
    template = second(
        here / "second",
        {"README.md": "second\n", "mine.txt": "second\n", "mine.bin": b"\0second", "body.txt": BODY},
    )
    preview = add(shop, template, "--dry-run")
    assert content(shop) == before
    done = blueprint("new", "--into", "shop", "-p", template, cwd=here)
    assert (preview.status, done.status) == (8, 8)
    warning, added, *_ = done.out.splitlines()
    assert warning.startswith("Warning: the project has other content in these files")
    assert warning.endswith(": README.md (from main), mine.txt (yours)")
    assert added == "Added second to shop: Second 1.2.3"
    assert outcomes(preview) == {"README.md": "conflict", "mine.bin": "beside", "mine.txt": "conflict"}
    assert preview.json["shared"] == {"README.md": "main", "body.txt": "main"}
    assert (shop / "mine.txt").read_text() == (
        "<<<<<<< yours\nmine\n||||||| before\n=======\nsecond\n>>>>>>> second 1.2.3\n"
    )
    assert (shop / "mine.bin").read_bytes() == b"\0mine"
    assert (shop / "mine.bin.new").read_bytes() == b"\0second"
    assert before["README.md"] in (shop / "README.md").read_bytes()
    assert (shop / "body.txt").read_bytes() == before["body.txt"]

    refused = blueprint("update", "--json", cwd=shop)
    assert code(refused) == (9, "unresolved-conflicts")


def test_a_dry_run_shows_what_the_real_run_does(here: Path, shop: Path) -> None:
    """A dry run writes nothing and prints the same result."""
    template = second(here / "second", {"second.txt": "second\n", "README.md": "second\n"})
    before = content(shop)
    preview = add(shop, template, "--dry-run")
    assert content(shop) == before
    done = add(shop, template)
    assert {**preview.json, "written": True} == done.json


def test_the_same_pattern_can_be_added_twice_under_two_names(here: Path, tmp_path: Path) -> None:
    """--template names a template; a name that is taken, reserved or not valid is refused."""
    shop = create_project(here)
    write_template(tmp_path / "part", "native", {"{{ size }}.txt": "text\n"})
    (tmp_path / "part/files/README.md.jinja").unlink()
    assert add(shop, tmp_path / "part").json["template"] == "tiny"
    assert add(shop, tmp_path / "part", "--template", "big", "--set", "size=big").json["template"] == "big"
    before = content(shop)
    for name in ("big", "main", "private", "../x", "Big", "a" * 65):
        assert code(add(shop, tmp_path / "part", "--template", name)) == (9, "bad-project")
    assert content(shop) == before
    assert (shop / "small.txt").is_file()
    assert (shop / "big.txt").is_file()


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        (["other", "--into", "shop"], "NAME"),
        (["--into", "shop", "-o", "other"], "--output"),
        (["--into", "shop", "--force"], "--force"),
        (["--template", "second"], "--template"),
        (["--into", "shop", "--yes"], "no pattern"),
    ],
)
def test_parameters_of_a_new_project_are_refused(
    here: Path, shop: Path, arguments: list[str], parameter: str
) -> None:
    """Parameters that do not fit --into are refused as a wrong command line."""
    done = blueprint("new", *arguments, "--json", cwd=here)
    assert code(done) == (2, "usage")
    assert parameter in done.json["error"]["message"]


def test_a_folder_without_a_project_is_refused(here: Path) -> None:
    """--into needs a project that blueprint knows."""
    done = blueprint("new", "--into", ".", "-p", "monolith", "--json", cwd=here)
    assert code(done) == (9, "bad-project")


def test_answers_of_a_further_template_can_be_used_again(here: Path, tmp_path: Path, shop: Path) -> None:
    """The recorded answers give the same template again, from anywhere."""
    write_template(tmp_path / "second", "native", {"second.txt": "text\n"})
    (tmp_path / "second/files/README.md.jinja").rename(tmp_path / "second/files/SECOND.md.jinja")
    assert add(shop, "../second", "--template", "second", "--set", "size=huge").status == 0
    answers = shop / ".blueprint/templates/second/answers.yaml"
    done = blueprint("new", "other", "--answers", answers, "--json", cwd=tmp_path)
    assert done.status == 0, done.out
    assert (tmp_path / "other/SECOND.md").read_text() == "huge\n"
    other = create_project(here / "elsewhere")
    done = blueprint("new", "--into", other, "--answers", answers, "--json", cwd=tmp_path)
    assert (done.status, (other / "SECOND.md").read_text()) == (0, "huge\n")


def test_copiers_answers_file_gets_the_name_of_the_template(here: Path, tmp_path: Path) -> None:
    """Two Copier templates of one project have two answers files; a name of the template's own stays."""
    answers = {"{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml }}"}
    for name in ("one", "two", "three"):
        named = {"_answers_file": ".three.yml"} if name == "three" else {}
        write_files(tmp_path / name, {"copier.yml": yaml.safe_dump({"size": name, **named}), **answers})
    assert blueprint("new", "shop", "-p", tmp_path / "one", "--json", cwd=here).status == 0
    for name in ("two", "three"):
        assert add(here / "shop", tmp_path / name).json["needs_you"] == 0
    found = {path.name for path in (here / "shop").iterdir() if path.is_file()}
    assert found == {".copier-answers.yml", ".copier-answers.two.yml", ".three.yml"}
    updated = blueprint("update", "--json", cwd=here / "shop")
    assert [each["needs_you"] for each in updated.json["templates"]] == [0, 0, 0]


def test_code_of_a_further_template_needs_trust(here: Path, tmp_path: Path, shop: Path) -> None:
    """A hook runs only after trust, also at each update; no migration runs when a template is added."""
    migration = {"_migrations": ["touch migrated.txt"], "_tasks": ["touch task.txt"]}
    write_files(tmp_path / "second", {"copier.yml": yaml.safe_dump(migration), "second.txt": "one\n"})
    before = content(shop)
    refused = add(shop, "../second")
    assert (code(refused), content(shop)) == ((11, "untrusted"), before)
    digest = blueprint("pattern", "show", "../second", "--json", cwd=here).json["origin"]["digest"]
    assert add(shop, "../second", "--trust", digest).status == 0
    assert (shop / "task.txt").is_file()
    assert not (shop / "migrated.txt").exists()

    (tmp_path / "second/second.txt").write_text("two\n")
    refused = blueprint("update", "--json", cwd=shop)
    assert code(refused) == (11, "untrusted")
    assert refused.json["error"]["message"].startswith("the template second: ")
    digest = blueprint("pattern", "show", "../second", "--json", cwd=here).json["origin"]["digest"]
    assert blueprint("update", "--trust", digest, "--json", cwd=shop).status == 0
    assert (shop / "second.txt").read_text() == "two\n"


def archived(shop: Path, folder: str) -> dict[str, bytes]:
    """Return the files of the archive in `folder` that belongs in git."""
    with tarfile.open(fileobj=BytesIO((shop / folder / "pristine.tar.gz").read_bytes())) as archive:
        return {member.name: stream.read() for member in archive if (stream := archive.extractfile(member))}


def test_secrets_of_each_template_stay_private(here: Path, tmp_path: Path, shop: Path) -> None:
    """A file that is secret for one template is so for all; missing variables are added, no line changes."""
    secret = (shop / ".env").read_text()
    random = "{% for _ in 'x' * 24 %}{{ '0123456789'|random }}{% endfor %}"
    password = {"type": "str", "secret": True, "default": "changeme"}
    write_files(
        tmp_path / "second",
        {
            "copier.yml": yaml.safe_dump({"password": password, "_subdirectory": "t"}),
            "t/.env.jinja": f"PASSWORD={random}\nKEY=second\n",
            "t/second.conf.jinja": "{{ password }}\n",
        },
    )
    done = add(shop, "../second", "--set", "password=hunter2")
    assert (done.status, outcomes(done)) == (0, {".env": "extended", "second.conf": "created"})
    assert (shop / ".env").read_text() == f"{secret}KEY=second\n"
    folder = shop / ".blueprint/templates/second"
    assert archived(shop, ".blueprint/templates/second") == {}
    for path in (folder / "private/pristine.tar.gz", shop / "second.conf", shop / ".env"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    tracked = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert b"hunter2" not in tracked + done.out.encode()

    refused = blueprint("update", "--json", cwd=shop)
    assert code(refused) == (3, "bad-answers")
    assert "--template" in refused.json["error"]["hint"]
    again = blueprint("update", "--template", "second", "--set", "password=hunter3", "--json", cwd=shop)
    assert (again.status, outcomes(again)) == (0, {"second.conf": "updated"})
    assert blueprint("update", "--template", "main", "--json", cwd=shop).json["needs_you"] == 0


def test_ignored_files_of_a_further_template_stay_out_of_git(here: Path, tmp_path: Path, shop: Path) -> None:
    """Files that the project's .gitignore excludes are recorded privately; git tracks the rest."""
    write_files(shop, {".gitignore": ".env\nlocal/\n"})
    template = second(here / "second", {"local/a.txt": "a\n", "b.txt": "b\n"})
    assert add(shop, template).status == 0
    assert archived(shop, ".blueprint/templates/second") == {"b.txt": b"b\n"}
    git(shop, "init", "--quiet")
    git(shop, "add", "--all")
    assert ".blueprint/templates/second/private" not in git(shop, "ls-files")
    shutil.rmtree(shop / ".blueprint/templates/second/private")
    assert blueprint("update", "--json", cwd=shop).json["needs_you"] == 0


def test_a_leftover_of_another_branch_is_not_a_template(here: Path, shop: Path) -> None:
    """A folder with private files only, as git leaves it behind, is no template, and can be added again."""
    (shop / ".gitignore").write_text(".env\nlocal\n")
    template = second(here / "second", {"local": "a\n"})
    assert add(shop, template).status == 0
    for name in ("answers.yaml", "source.yaml", "pristine.tar.gz"):
        (shop / ".blueprint/templates/second" / name).unlink()
    assert "templates" not in blueprint("update", "--json", cwd=shop).json
    assert add(shop, template).status == 0
    assert len(blueprint("update", "--json", cwd=shop).json["templates"]) == 2


def test_a_damaged_further_template_is_an_error(here: Path, shop: Path) -> None:
    """A template whose state is damaged is named, and nothing is changed."""
    assert add(shop, second(here / "second", {"second.txt": "a\n"})).status == 0
    (shop / ".blueprint/templates/second/pristine.tar.gz").write_bytes(b"damaged")
    before = content(shop)
    refused = blueprint("update", "--json", cwd=shop)
    assert code(refused) == (9, "bad-project")
    assert "templates/second/pristine.tar.gz" in refused.json["error"]["message"]
    assert content(shop) == before


def test_an_obstacle_is_named_before_anything_is_written(here: Path, shop: Path) -> None:
    """A folder where the template has a file, and a link, stop it before it writes."""
    template = second(here / "second", {"src": "a file\n"})
    before = content(shop)
    assert code(add(shop, template)) == (5, "target-in-use")
    (shop / "link").symlink_to(os.devnull)
    template = second(here / "third", {"link/a.txt": "a\n"})
    assert code(add(shop, template)) == (5, "target-in-use")
    template = second(here / "fourth", {"readme.md": "another spelling\n"})
    assert code(add(shop, template)) == (5, "target-in-use")
    assert content(shop) == before


def test_a_killed_addition_is_finished_by_the_same_command(here: Path, shop: Path) -> None:
    """Running the command again finishes it and reports the result."""
    template = second(here / "second", {"a.txt": "a\n", "b.txt": "b\n"})
    stop_halfway(shop, "b.txt", ["new", "--into", str(shop), "-p", str(template)])
    assert not (shop / "b.txt").exists()
    assert code(add(shop, template, "--dry-run")) == (9, "bad-project")
    done = add(shop, template)
    assert (done.status, done.json["resumed"], done.json["template"]) == (0, True, "second")
    assert outcomes(done) == {"a.txt": "created", "b.txt": "created"}
    assert (shop / "b.txt").read_text() == "b\n"
    assert code(add(shop, template)) == (9, "bad-project")
    assert json.loads(blueprint("show", "--json", cwd=shop).out)["templates"][1]["name"] == "second"


@pytest.mark.thorough
def test_an_addition_killed_anywhere_is_finished_by_the_same_command(here: Path, shop: Path) -> None:
    """Killed at any file operation, the second run of the command gives the same files."""
    second(here / "second", {"a/b.txt": "b\n", "README.md": "second\n", ".env": "KEY=x\n", "c.bin": b"\0c"})
    *killed, (status, whole) = killed_anywhere(shop, "new", "--into", ".", "-p", "../second")
    assert status == 8
    assert {"a/b.txt", "c.bin", ".blueprint/templates/second/source.yaml"} <= set(whole)
    assert len(killed) > 60
    assert [number for number, (_, files) in enumerate(killed) if files != whole] == []
    # A run that was killed after its last step leaves a template that the second run refuses to add again.
    assert {status for status, _ in killed} == {8, 9}
    assert [status for status, _ in killed].count(9) < 5


def test_a_killed_addition_is_finished_before_another_one(here: Path, shop: Path) -> None:
    """Adding another template first finishes the killed one."""
    template = second(here / "second", {"a.txt": "a\n", "b.txt": "b\n"})
    stop_halfway(shop, "b.txt", ["new", "--into", str(shop), "-p", str(template)])
    done = add(shop, second(here / "third", {"c.txt": "c\n"}, name="third"))
    assert (done.status, done.json["template"]) == (0, "third")
    finished = done.json["finished"]
    assert (finished["template"], finished["resumed"], len(finished["files"])) == ("second", True, 2)
    assert (shop / "b.txt").read_text() == "b\n"
    assert (shop / "c.txt").read_text() == "c\n"
